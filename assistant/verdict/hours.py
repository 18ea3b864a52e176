"""What is open until a time closes then: "The library closes at 18:00" of "open from 9:00 to 18:00"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source, sentence_of
from assistant.words.pieces import OPPOSITES, Piece
from index.terms import terms

_OPEN = frozenset(terms("open opens opening opened geöffnet offen öffnet"))
_CLOSES = re.compile(r"\b(?:closes|close|shuts?|closing|schließt|schließen|cierran?|ferment?)\b", re.IGNORECASE)
_AT = re.compile(r"\s+(?:\w+\s+)?(?:at|um|a las?|à)\s+", re.IGNORECASE)  # "closes at", "shuts already at"
_UNTIL = re.compile(r"\b(?:until|till|bis|hasta|jusqu['’]à)\s+$", re.IGNORECASE)
_TO = re.compile(r"\s*(?:[-–]|to|bis|a|à)\s*", re.IGNORECASE)
_LOOKED_AT = 12  # characters before a time, in which "until" stands


def closing(matches: Matches, sources: Sequence[Source]) -> Matches:
    """The matches of a sentence with "is open" for "closes" before a time until which the sources have something open,
    unless they say themselves what closes then."""
    said = matches.said
    verbs = list(_before_a_time(said))
    found = matches.beside(sources) if verbs else ()
    ends = {n: match for n, _ in verbs if (match := [row for row in found if row[1].at[n]])}
    turned = {verb for n, verb in verbs if n in ends and all(_is_end(n, *row) for row in ends[n])}
    if not turned:
        return matches
    word = tuple(terms("open"))
    return Matches(
        sentence_of(said.text, [replace(p, terms=word) if n in turned else p for n, p in enumerate(said.pieces)])
    )


def _before_a_time(said: Sentence) -> Iterator[tuple[int, int]]:
    """The times, by number, right behind "closes", each with that."""
    times = [n for n, piece in enumerate(said.pieces) if n and piece.figure and piece.figure.kind == "time"]
    for n in times:
        before = said.pieces[n - 1]
        is_verb = not before.denied and _CLOSES.fullmatch(said.text, before.start, before.end)
        if is_verb and _AT.fullmatch(said.text, before.end, said.pieces[n].start):
            yield n, n - 1


def _is_end(number: int, sentence: Sentence, match: Match) -> bool:
    """Whether a sentence of the sources has something open until a time, wherever it names that."""
    if not _OPEN & sentence.terms or any(OPPOSITES.get(term, frozenset()) & sentence.terms for term in _OPEN):
        return False
    return all(_ends_at(at, sentence.pieces, sentence.text) for at in match.at[number])


def _ends_at(at: int, pieces: Sequence[Piece], text: str) -> bool:
    start = pieces[at].start
    if _UNTIL.search(text, max(0, start - _LOOKED_AT), start):
        return True
    before = pieces[at - 1] if at else None
    return before is not None and before.figure is not None and _TO.fullmatch(text, before.end, start) is not None
