"""Whether a sentence has all its words from its sources and what belongs to one thing with another: "half pay for six
weeks, full pay for ten" where the source has full pay for six.

Only what is exchanged on both sides counts, since a writer may well join the words of two clauses into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations, pairwise

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source


def crossed(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether two parts of a sentence have exchanged what belongs to them, or two ends of a way their place."""
    said = matches.said
    if len(said.pieces) < _FEWEST:
        return False
    found = [matches.beside([source]) for source in sources]
    wholes = [[match.borne_out for _, match in rows] for rows in found]
    together = [unit for units in wholes for unit in units]
    clauses = [[*_clauses(sentence, match)] for rows in found for sentence, match in rows]
    apart = [unit for units in clauses for unit in units]
    if any(_exchanged(said, pair, apart) for units in clauses for pair in combinations(units, 2)):
        return True
    if any(_exchanged(said, pair, together) for units in wholes for pair in pairwise(units)):
        return True
    ends = _ends(said)
    return len({*ends.values()}) > 1 and any(_turned_round(ends, *pair) for rows in found for pair in rows)


_FEWEST = 4  # pieces of two pairs
_COVERED = 0.75  # of two clauses that has to stand in the two parts of the sources


def _clauses(sentence: Sentence, match: Match) -> Iterator[frozenset[int]]:
    """For each clause of a sentence of the sources the pieces that it bears out."""
    held: dict[int, set[int]] = {}
    for piece, numbers in zip(sentence.pieces, match.by, strict=True):
        held.setdefault(piece.clause, set()).update(numbers)
    return (frozenset(numbers) for numbers in held.values() if numbers)


def _exchanged(said: Sentence, pair: tuple[Set[int], Set[int]], units: Sequence[Set[int]]) -> bool:
    """Whether two clauses of `said` each have something of both parts of the sources, in which all but a little of them
    stands, and no part has together what these clauses have."""
    ours, theirs = pair[0] - pair[1], pair[1] - pair[0]
    clause = [piece.clause for piece in said.pieces]
    mixed = {clause[n] for n in ours} & {clause[n] for n in theirs}
    if len(mixed) < 2:
        return False
    mixed = {number for number in mixed if _is_loose(number, ours, theirs, clause, units)}
    there = [n for n, number in enumerate(clause) if number in mixed]
    return len(mixed) > 1 and sum(n in pair[0] or n in pair[1] for n in there) >= _COVERED * len(there)


def _is_loose(number: int, ours: Set[int], theirs: Set[int], clause: Sequence[int], units: Sequence[Set[int]]) -> bool:
    """Whether no part of the sources that has some of both has as much of a clause as one of the two."""
    own = [{n for n in part if clause[n] == number} for part in (ours, theirs)]
    most = max(map(len, own))
    return not any(own[0] & unit and own[1] & unit and len((own[0] | own[1]) & unit) >= most for unit in units)


# Words that say from where and to where something goes; what stands behind them changes places where that is reversed.
_FROM = re.compile(r"\b(?:from|von|vom|aus|desde|depuis)\b", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|into|onto|nach|bis|zu[mr]?|in|ins|hasta|à)\b", re.IGNORECASE)


def _turned_round(ours: Mapping[int, str], sentence: Sentence, match: Match) -> bool:
    """Whether something leads to where it comes from in the sources, and comes from where it leads to there."""
    theirs = _ends(sentence)
    return any(
        {theirs.get(at) for at in match.at[a]} == {"to"} and {theirs.get(at) for at in match.at[b]} == {"from"}
        for a, end in ours.items()
        if end == "from"
        for b, other in ours.items()
        if other == "to"
    )


def _ends(sentence: Sentence) -> dict[int, str]:
    """The pieces behind a word for from where or to where, each with "from" or "to"."""
    ends: dict[int, str] = {}
    end = 0
    for number, piece in enumerate(sentence.pieces):
        between, end = sentence.text[end : piece.start], piece.end
        if _FROM.search(between):
            ends[number] = "from"
        elif _TO.search(between):
            ends[number] = "to"
        elif number - 1 in ends and between in (" ", "-"):
            ends[number] = ends[number - 1]
    return ends
