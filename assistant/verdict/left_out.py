"""Which denials of a sentence and its sources say nothing against each other, as one of them leaves words out or makes
an exception.

"Credit cards are not" denies what was said of cash; what is needed "only for the wiki" is not needed for mail; and "all
but restorers" is what two sentences say, one of all and one of the restorers. And what may not be done, "except during
closures", may be done then.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from assistant.verdict.sentences import Sentence, opposed, terms_of
from assistant.words.pieces import EXCEPTING, EXCLUDED, Piece, says

APART = re.compile(rf"\b(?:apart from|other than|besides|but|{EXCEPTING.pattern})\b", re.IGNORECASE)
"""A word for what is left out of all."""
_FROM = re.compile(r"\b(?:from|von|vom|de|del|du)\s+(?:(?:the|der|dem|la|el)\s+)?\Z", re.IGNORECASE)
ONLY = re.compile(r"only|solely|nur|sólo|solo|solamente|seulement", re.IGNORECASE)
"""A word for what alone is meant."""
_HALF = 0.5  # of the rule, which a sentence about its exception has at least
UNLESS = re.compile(rf"\b(?:unless|es sei denn|a menos que|à moins que|{EXCEPTING.pattern})\b", re.IGNORECASE)
"""What an exception stands behind."""
_ANYWAY = re.compile(
    r"\b(?:even (?:if|when|with|without|for|in|during)|(?:auch|selbst) (?:wenn|bei|mit|ohne|für|während)|aunque|incluso"
    r"|même)\b",
    re.IGNORECASE,
)
_FURTHER = re.compile(r"\b(?:but|however|otherwise|aber|sondern|sonst|pero|sino|mais|also|even|auch)\b", re.IGNORECASE)


def explained(said: Sentence, near: Sequence[Sentence], others: Iterable[Sentence]) -> frozenset[tuple[str, ...]]:
    """The denials, of `said` and of the sentences `near` it, that the other side says in another way, and those of
    `said` that one of the `others` says in so few words that it is not the nearest."""
    found = set(_told_elsewhere(said, others))
    for sentence in near:
        found.update(_told_shortly(said, sentence), _told_shortly(sentence, said), _outside(said, sentence))
    return frozenset(found.union(_of_an_exception(said, near)))


def _told_shortly(sentence: Sentence, other: Sentence) -> Iterator[tuple[str, ...]]:
    """What a sentence denies in a clause that has what the other denies without saying again what, "cards are not", or
    with a word for it: "maps are excluded from lending" is "maps cannot be borrowed"."""
    denied = {piece.denied for piece in other.pieces} if not EXCLUDED.search(other.text) else set[int]()
    short = [
        terms_of(p for p in other.pieces if p.governs == number and not _FROM.search(other.text, 0, p.start))
        for number in {piece.governs for piece in other.pieces} - denied
        if number
    ]
    if short:
        yield from (scope for scope, clause in _clauses(sentence) if any(own <= terms_of(clause) for own in short))


def _told_elsewhere(said: Sentence, others: Iterable[Sentence]) -> Iterator[tuple[str, ...]]:
    """What is denied with all that another sentence has in a clause in which it denies something too."""
    ours = [(scope, terms_of(clause)) for scope, clause in _clauses(said)]
    for sentence in others if ours else ():
        for denied, clause in _clauses(sentence):
            theirs = terms_of(clause)
            yield from (scope for scope, own in ours if len(theirs) > 1 and theirs <= own and scope[:1] == denied[:1])


def _outside(said: Sentence, sentence: Sentence) -> Iterator[tuple[str, ...]]:
    """What is denied of another thing than the one that alone a sentence says the same of: "only for the wiki"."""
    if not said.denials or sentence.denials or EXCEPTING.search(said.text):
        return
    for only, rest in _limited(sentence):
        if not rest or not all(any(says(piece, own) for own in said.pieces) for piece in rest):
            continue
        for scope, clause in _clauses(said):
            new = [piece for piece in clause if not sentence.has(piece)]
            if new and not any(says(only, piece) for piece in clause):
                yield scope


def _limited(sentence: Sentence) -> Iterator[tuple[Piece, list[Piece]]]:
    """Each thing that "only" stands before, or behind at the end of a clause, with what is said of it in this clause:
    what stands before both, or all where they begin it."""
    for piece in sentence.pieces:
        if not ONLY.fullmatch(sentence.text, piece.start, piece.end):
            continue
        clause = [other for other in sentence.pieces if other.clause == piece.clause]
        before, behind = [p for p in clause if p.start < piece.start], [p for p in clause if p.start > piece.start]
        if behind:
            yield behind[0], before or behind[1:]
        elif before:
            yield before[-1], before[:-1]


def _of_an_exception(said: Sentence, near: Sequence[Sentence]) -> Iterator[tuple[str, ...]]:
    """What is denied of the exception that `said` makes, if one sentence is of it and another of all."""
    one = excepted(said)
    if not one or len(said.denials) > bool(one.denied) or all(sentence.denials for sentence in near):
        return
    for sentence in near:
        shared = said.terms.difference(one.terms) & sentence.terms
        if sentence.denials and shared and sentence.has(one):
            yield from (*sentence.denials, *said.denials)


def excepted(said: Sentence) -> Piece | None:
    """What a sentence excepts: "restorers" of "all but restorers"."""
    word = APART.search(said.text)
    return next((piece for piece in said.pieces if word and piece.start >= word.end()), None)


def _clauses(sentence: Sentence) -> Iterator[tuple[tuple[str, ...], list[Piece]]]:
    """What each negation denies, and the pieces of its clause."""
    for number, scope in enumerate(sentence.denials, 1):
        own = {piece.clause for piece in sentence.pieces if number in (piece.denied, piece.governs)}
        yield scope, [piece for piece in sentence.pieces if piece.clause in own]


def agrees_on_an_exception(said: Sentence, best: Sentence) -> bool | None:
    """Whether `said` denies of the exception that `best` makes what the rule does not, or makes the same exception to
    the same rule; it does not where it says that the rule holds "even" of it. None if it does not speak of it, or of
    more."""
    word = UNLESS.search(best.text)
    behind = [piece for piece in best.pieces if word and piece.start >= word.end()]
    behind = [piece for piece in behind if piece.clause == behind[0].clause]
    rule = [piece for piece in best.pieces if word and piece.end <= word.start()]
    anyway = _ANYWAY.search(said.text)  # "even if you are ill" makes no exception of who is ill
    further = _FURTHER.search(said.text, anyway.end() if anyway else 0)
    if not word or not behind or not rule or further or opposed(said, best):
        return None
    if not all(any(says(piece, own) for own in said.pieces) for piece in behind):
        return None
    least = 1.0 if any(map(ONLY.fullmatch, said.text.split())) else _HALF  # only of pupils is what is only then
    if sum(any(says(piece, own) for own in said.pieces) for piece in rule) < least * len(rule):
        return None
    same = UNLESS.search(said.text)
    ours, theirs = _denials(said, same), _denials(best, word)
    if max(ours, theirs) > 1:
        return None
    return (ours == theirs) == bool(same) and not anyway


def _denials(sentence: Sentence, word: re.Match[str] | None) -> int:
    """How often a sentence denies something, but for its exception."""
    return len(sentence.denials) - bool(word and EXCEPTING.fullmatch(word[0]))
