"""Whether what a sentence says of a thing with a number or letter ("room 12") is said of that one in its sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set

from assistant.verdict.sentences import Source
from assistant.words.labels import Label
from index.terms import terms

_MARGIN = 0.1  # of the sentence, by which more has to be said of another thing than of the one that is named


def mislabelled(said: Sequence[Label], sources: Sequence[Source], shares: Sequence[Sequence[float]]) -> float:
    """How many of the labels `said` stand nowhere beside their noun, or elsewhere than what is said of them.

    `shares` are, for each sentence of the sources, how much of the rest of what is said it holds.
    """
    return sum(_wrong(label, said, sources, shares) for label in said if label.noun and not label.cell)


def _wrong(label: Label, said: Sequence[Label], sources: Sequence[Source], shares: Sequence[Sequence[float]]) -> float:
    others = {other.value for other in said if _same_noun(other.noun, label.noun)}
    rows = [
        (_which(label, others, bound, sentence.terms | source.place_terms), share)
        for source, row in zip(sources, shares, strict=True)
        for sentence, bound, share in zip(source.sentences, _bound(source), row, strict=True)
    ]
    if not any(which == "own" for which, _ in rows):
        # Much that is counted is not told apart so: "the first prize" may well be of another contest than the second.
        least = max(share for _, share in rows) - _MARGIN if label.counts and not label.sure else 0.0
        rival = any(which == "rival" and share >= least for which, share in rows)
        return 1.0 if rival or label.sure else 0.0
    there = max((share for which, share in rows if which != "rival"), default=0.0)
    elsewhere = max((share for which, share in rows if which == "rival"), default=0.0)
    return float(elsewhere - there > _MARGIN)


def counted(said: Sequence[Label], sources: Sequence[Source]) -> frozenset[int]:
    """Where those begin that say which one it is ("the third day") and stand beside their noun in the sources too."""
    known = [label for source in sources for sentence in source.sentences for label in sentence.labels if label.counts]
    return frozenset(
        label.start
        for label in said
        if label.counts and any(_is_same(label, other) and _same_noun(label.noun, other.noun) for other in known)
    )


def _bound(source: Source) -> Iterator[tuple[Label, ...]]:
    """For each sentence the labels of what it speaks of: its own, else those of the headings, and after a pronoun those
    of the sentence before."""
    before: tuple[Label, ...] = ()
    for sentence in source.sentences:
        nouns = [label.noun for label in sentence.labels if not label.cell]
        found = sentence.labels + tuple(
            label
            for label in (*(before if sentence.leans else ()), *source.place_labels)
            if not any(_same_noun(label.noun, noun) for noun in nouns)
        )
        before = found
        yield found


def _which(label: Label, others: Set[str], bound: Iterable[Label], around: Set[str]) -> str:
    """Whether a sentence with the labels `bound` speaks of the thing with `label`, of a rival, or of neither."""
    there = [known for known in bound if _names(known, label.noun, around)]
    if any(_is_same(label, known) for known in there):
        return "own"
    return "rival" if {known.value for known in there} - others else "none"


def _is_same(label: Label, known: Label) -> bool:
    """Whether two labels are one; from the fourth month on is after the third."""
    if bool(label.next_is) == bool(known.next_is):
        return label.value == known.value
    return label.value in (known.value, known.next_is) or label.next_is == known.value


def _names(known: Label, noun: str, around: Set[str]) -> bool:
    """Whether a label of the sources can be one of `noun`."""
    if known.noun:
        return _same_noun(known.noun, noun)
    return noun in around or noun in _NUMBERS if known.cell else noun in _LISTED


def _same_noun(one: str, other: str) -> bool:
    """Whether two nouns are the same, perhaps one of them in a compound: "Besprechungsraum 12"."""
    return bool(one and other) and (one.endswith(other) or other.endswith(one))


_NUMBERS = frozenset(terms("number nummer número numéro"))  # "phone number 4410" is any cell's
# What a list's or heading's own number may be called.
_LISTED = frozenset(
    terms(
        "step item point rule section chapter part paragraph article question phase stage number"
        " schritt punkt regel abschnitt kapitel teil absatz artikel frage phase nummer"
        " paso punto sección capítulo parte artículo étape point chapitre partie"
    )
)
