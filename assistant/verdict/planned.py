"""Whether a sentence says that something was done which its sources only plan: "has replaced" for "is to replace"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verdict.matching import Match, Matches, having_most
from assistant.verdict.sentences import Sentence, Source

_HALF = 0.5  # of the rest of its clause, which has to stand where it is planned
_PLANNED = re.compile(
    r"\b(?:will(?: be)?|(?:is|are) to(?: be)?"
    r"|(?:is|are|was|were) (?:planned|expected|scheduled|due|supposed|going|intended|proposed) to(?: be)?"
    r"|(?:plan|plann|intend|hope|hop|want|aim|propose|propos)(?:s|d|ed|ing)? to(?: be)?"
    r"|(?P<last>soll(?:en)?|plan(?:t|en)))\b",
    re.IGNORECASE,
)
# The same of all that stands before it: "The approval is expected in May".
_EXPECTED = re.compile(
    r"\b(?:is|are)(?: (?:still|now))? (?:planned|expected|scheduled|due|intended|proposed|foreseen)\b(?! to\b)"
    r"|\b(?:ist|sind) (?:\w+ ){0,4}(?:geplant|vorgesehen)\b",
    re.IGNORECASE,
)
_DONE = re.compile(
    r"\b(?:has|have|had|was|were|(?P<last>hat|haben|hatten?|wurden?))(?: (?:already|been|since|now|also))*\b",
    re.IGNORECASE,
)
_OPEN = re.compile(
    r"\b(?:will|would|should|could|may|might|(?:is|are) to|plan\w*|expect\w*|schedul\w*|intend\w*|propos\w*|consider\w*"
    r"|suppose\w*|hope\w*|want\w*|aim\w*|if|whether|soll\w*|würde\w*|geplant\w*|vorgesehen\w*|wird|werden|ob|wenn)\b",
    re.IGNORECASE,
)
_PASSED = re.compile(r"\w+ed")
_NOT_ACTIVE = re.compile(
    r"\b(?:is|are|be|been|being|get|gets|to|the|an?|its|their|his|her|of|and|or|as|by|with)\s*$", re.IGNORECASE
)


def too_early(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what is said to have been done is still to be done in every sentence that has most of it."""
    said = matches.said
    if said.denials or _OPEN.search(said.text):
        return False
    done = {*_behind(_DONE, said), *_in_the_past(said)}
    found = matches.beside(sources) if done else ()
    return any(_is_planned(n, said, found) for n in done)


def _is_planned(number: int, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    clause = said.pieces[number].clause
    rest = [n for n, piece in enumerate(said.pieces) if n != number and piece.clause == clause]
    rows = having_most(rest, [row for row in found if row[1].at[number]], max(1, _HALF * len(rest)))
    return bool(rows) and all({*match.at[number]} <= {*_planned(sentence)} for sentence, match in rows)


def _planned(sentence: Sentence) -> Iterator[int]:
    yield from _behind(_PLANNED, sentence)
    for word in _EXPECTED.finditer(sentence.text):
        before = [n for n, piece in enumerate(sentence.pieces) if piece.end <= word.start()]
        yield from (n for n in before if sentence.pieces[n].clause == sentence.pieces[before[-1]].clause)


def _behind(words: re.Pattern[str], sentence: Sentence) -> Iterator[int]:
    """The piece that each of the words is of: the next one, in German the last of its clause."""
    for word in words.finditer(sentence.text):
        behind = [n for n, piece in enumerate(sentence.pieces) if piece.start >= word.end()]
        clause = [n for n in behind if sentence.pieces[n].clause == sentence.pieces[behind[0]].clause]
        if clause:
            yield clause[-1] if word["last"] else clause[0]


def _in_the_past(said: Sentence) -> Iterator[int]:
    """The pieces whose form says that somebody did it: "The tram replaced the bus"."""
    for n, piece in enumerate(said.pieces):
        if n and _PASSED.fullmatch(said.text, piece.start, piece.end) and not said.text.startswith(" by ", piece.end):
            before = said.text[said.pieces[n - 1].end : piece.start]
            if not _NOT_ACTIVE.search(before):
                yield n
