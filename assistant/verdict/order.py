"""Whether a sentence puts first what its sources put last: "restart before you install", "after he came"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source

_BEFORE = re.compile(r"before|bevor|vor|antes|avant", re.IGNORECASE)
_AFTER = re.compile(r"after|nachdem|nach|después|après", re.IGNORECASE)
# What is done next, and no "since then", "if … then".
_THEN = re.compile(
    r"(?<!since )(?<!until )(?<!till )(?<!by )(?<!from )(?<!back )\b(?:then|afterwards?|thereafter|danach|dann"
    r"|anschließend|luego|ensuite|puis)\b(?! (?:on|as)\b)",
    re.IGNORECASE,
)
_IF = re.compile(r"\b(?:if|when|where|wenn|falls|si|cuando|quand)\b", re.IGNORECASE)
_STEP = re.compile(r"\s*\(?\d{1,3}[.)]\s")
_WHOLE = 0.6  # of a step's words that tell it from the others, in what is said to come before or after it


def misordered(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what is said to be before or after something is after or before it in the sources: in a sentence with the
    opposite word before the same, in a list of steps, or in a sentence with "then"."""
    said = matches.said
    timed = [(first, set(behind)) for first, behind in _timed(said)]
    then = _parts(said)
    for source in sources if timed or then else ():
        found = matches.beside([source])
        steps = [match.borne_out for sentence, match in found if _STEP.match(sentence.text)]
        orders = [steps, *(_borne_out(parts, match) for sentence, match in found if (parts := _parts(sentence)))]
        if then and any(_contradict(*then, order) for order in orders):
            return True
        for before, behind in timed:
            if any(_is_turned(before, behind, *pair) for pair in found) and not any(
                _is_turned(not before, behind, *pair) for pair in found
            ):
                return True
            rest = set(range(len(said.pieces))) - behind
            ordered = (rest, behind) if before else (behind, rest)
            if any(_contradict(*ordered, order) for order in orders):
                return True
    return False


def _timed(sentence: Sentence) -> Iterator[tuple[bool, list[int]]]:
    """Each "before" (true) or "after" (false) with the other pieces of its clause behind it, by number."""
    for n, piece in enumerate(sentence.pieces):
        word = sentence.text[piece.start : piece.end]
        before = _BEFORE.fullmatch(word) is not None
        if before or _AFTER.fullmatch(word):
            behind = [m for m, p in enumerate(sentence.pieces) if m > n and p.clause == piece.clause]
            if behind:
                yield before, behind


def _parts(sentence: Sentence) -> tuple[set[int], set[int]] | None:
    """The pieces, by number, of a sentence that stand before "then" and behind it."""
    then = _THEN.search(sentence.text)
    if not then or _IF.search(sentence.text):
        return None
    before = {n for n, piece in enumerate(sentence.pieces) if piece.end <= then.start()}
    behind = {n for n, piece in enumerate(sentence.pieces) if piece.start >= then.end()}
    return (before, behind) if before and behind else None


def _borne_out(parts: tuple[set[int], set[int]], match: Match) -> list[frozenset[int]]:
    return [frozenset(n for at in part for n in match.by[at]) for part in parts]


def _is_turned(before: bool, behind: set[int], sentence: Sentence, match: Match) -> bool:
    """Whether the other of "before" and "after" stands in front of the same."""
    return any(
        other != before and any(n in behind for at in places for n in match.by[at])
        for other, places in _timed(sentence)
    )


def _contradict(earlier: set[int], later: set[int], steps: Sequence[frozenset[int]]) -> bool:
    """Whether what is said to be earlier is of a step behind the one that the rest is of."""
    shared = [n for n in earlier | later if sum(n in step for step in steps) > 1]
    places = [_place(part.difference(shared), steps) for part in (earlier, later)]
    return places[0] is not None and places[1] is not None and places[0] > places[1]


def _place(part: set[int], steps: Sequence[frozenset[int]]) -> int | None:
    """The step that most of a part is of."""
    held = [len(part & step) for step in steps]
    most = max(held, default=0)
    return held.index(most) if most and held.count(most) == 1 and most >= _WHOLE * sum(held) else None
