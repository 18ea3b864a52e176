"""Whether a sentence is of days on which its sources do not say it: "open on weekdays and Saturdays"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verdict.matching import Matches
from assistant.verdict.sentences import Sentence, Source, opposed, terms_of
from assistant.words.pieces import opposites
from assistant.words.weekdays import DAILY, NUMBERS, SPAN

_HALF = 0.5  # of the other words of a sentence, which have to stand beside the days that are named
_ALL = frozenset(range(7))


def on_other_days(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether the sentence of the sources that has most of a sentence names days, and not all of its own. A further
    sentence may add days if it has as much of it, or something that the first has not."""
    said = matches.said
    ours = dict(_days(said))
    if not ours or said.denials or DAILY.search(said.text):
        return False
    rest = [n for n in range(len(said.pieces)) if n not in ours]
    rows = [(frozenset(n for n in rest if match.at[n]), row) for row, match in matches.beside(sources)]
    dated = [(held, row) for held, row in rows if DAILY.search(row.text) or any(_days(row))]
    most, best = max(dated, key=lambda pair: len(pair[0]), default=(frozenset[int](), said))
    if opposed(said, best) or len(most) < max(1, _HALF * len(rest)):
        return False
    meant = [_meant(row, said) for held, row in dated if held - most or len(held) == len(most)]
    return not frozenset[int]().union(*ours.values()) <= frozenset[int]().union(*meant)


def _days(sentence: Sentence) -> Iterator[tuple[int, frozenset[int]]]:
    """The pieces of a sentence that name days, by number, with these; the last of "Monday to Saturday" with all."""
    start = frozenset[int]()  # of the piece before
    for n, piece in enumerate(sentence.pieces):
        days = frozenset[int]().union(*(NUMBERS.get(term, frozenset()) for term in piece.terms))
        if days and start and SPAN.fullmatch(sentence.text, sentence.pieces[n - 1].end, piece.start):
            days = frozenset((min(start) + more) % 7 for more in range((max(days) - min(start)) % 7 + 1))
        start = days
        if days:
            yield n, days


def _meant(sentence: Sentence, said: Sentence) -> frozenset[int]:
    """The days that a sentence names, but for those on which it denies what is said, or says the opposite."""
    if DAILY.search(sentence.text):
        return _ALL
    against = frozenset[str]().union(*map(opposites, said.terms)) - said.terms
    named = dict(_days(sentence))
    meant, apart, clause = set[int](), False, -1
    for n, piece in enumerate(sentence.pieces):
        if piece.clause != clause:
            clause = piece.clause
            own = [m for m, other in enumerate(sentence.pieces) if other.clause == clause]
            if not named.keys() >= {*own}:  # else it goes with the one before: "closed on Saturdays and Sundays"
                apart = not against.isdisjoint(terms_of(sentence.pieces[m] for m in own))
        if n in named and not (apart or piece.denied):
            meant |= named[n]
    return frozenset(meant)
