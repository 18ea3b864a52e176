"""Whether a sentence is of the other side of a limit than its sources: after 24 hours, where they have within 24 hours,
since 2019, where they have until 2019, opens at 18:00, where it is open until 18:00."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.verdict.matching import Match, Matches, having_most
from assistant.verdict.sentences import Sentence, Source
from assistant.words.bounds import AND, BETWEEN, RANGE, Side, bounded
from assistant.words.figures import kind_of
from assistant.words.pieces import Piece
from assistant.words.weekdays import DAYS

_MOST = 0.6  # of the rest of a sentence, which has to stand where the other side does


@dataclass(frozen=True, slots=True)
class _Limit:
    """On which side of a piece something is; `start` is where the words begin that say so."""

    side: Side
    start: int


def across(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what a sentence says to be on one side of a figure or time is on the other side in each sentence of the
    sources that has most of it."""
    said = matches.said
    ours = _limits(said)
    if not ours:
        return False
    found = matches.beside(sources)
    words = {n for n, p in enumerate(said.pieces) if any(_is_word(p, said.pieces[m], ours[m]) for m in ours)}
    return any(_is_across(n, limit, words, said, found) for n, limit in ours.items())


def _is_word(piece: Piece, bounded: Piece, limit: _Limit) -> bool:
    """Whether a piece is of the words that say on which side of another something is."""
    return not piece.named and limit.start <= piece.start < bounded.start


def _is_across(
    number: int, limit: _Limit, words: set[int], said: Sentence, found: Sequence[tuple[Sentence, Match]]
) -> bool:
    rest = [n for n in range(len(said.pieces)) if n != number and n not in words]
    rows = having_most(rest, [row for row in found if row[1].at[number]], max(1, _MOST * len(rest)))
    places = [(at, sentence) for sentence, match in rows for at in match.at[number]]
    return bool(places) and all(_are_opposite(limit, number, said, *place) for place in places)


def _are_opposite(limit: _Limit, number: int, said: Sentence, at: int, sentence: Sentence) -> bool:
    """Whether a limit is of the other side than that at a piece of the sources. Nothing is told where one of the two
    clauses denies what the other says."""
    other = _limits(sentence).get(at)
    if other is None or limit.side == other.side or _is_negative(number, said) != _is_negative(at, sentence):
        return False
    return other.side != "every"


def _limits(sentence: Sentence) -> Mapping[int, _Limit]:
    """The pieces, by number, that bound something."""
    limits: dict[int, _Limit] = {}
    counted = {label.start for label in sentence.labels if label.counts}
    for n, piece in enumerate(sentence.pieces):
        when = piece.start in counted or DAYS.issuperset(piece.terms or ("",))
        when |= bool(piece.figure and kind_of(piece.figure) != "number")
        found = bounded(sentence.text, piece.start, piece.end, when, when or bool(piece.figure))
        if found:
            limits[n] = _Limit(*found)
        elif n and (when or piece.figure) and _ends_a_span(n, sentence, limits):
            limits[n] = _Limit("down", sentence.pieces[n - 1].end)
            limits.setdefault(n - 1, _Limit("up", sentence.pieces[n - 1].start))
    return limits


def _ends_a_span(number: int, sentence: Sentence, limits: Mapping[int, _Limit]) -> bool:
    """Whether a piece is the second end of a span: "from 9:00 to 18:00", "9:00–18:00"."""
    before, piece = sentence.pieces[number - 1 : number + 1]
    if bool(before.figure) != bool(piece.figure) or (
        before.figure and piece.figure and kind_of(before.figure) != kind_of(piece.figure)
    ):
        return False
    between = sentence.text[before.end : piece.start]
    if AND.fullmatch(between):
        return BETWEEN.search(sentence.text, 0, before.start) is not None
    return RANGE.fullmatch(between) is not None


# How something is that is closed, not open, as "not" would say.
_CLOSED = re.compile(
    r"\b(?:closed|shut|locked|unavailable|forbidden|prohibited|banned|impossible|expired|late|geschlossen|gesperrt|verboten"
    r"|untersagt|unzulässig|cerrad[oa]s?|prohibid[oa]s?|fermée?s?|interdite?s?)\b",
    re.IGNORECASE,
)


def _is_negative(number: int, sentence: Sentence) -> bool:
    """Whether the clause of a piece denies something, or says that it is closed."""
    clause = [piece for piece in sentence.pieces if piece.clause == sentence.pieces[number].clause]
    denials = {d for piece in clause for d in (piece.denied, piece.governs) if d}
    return (len(denials) + len(_CLOSED.findall(sentence.text, clause[0].start, clause[-1].end))) % 2 == 1
