"""Whether a sentence has all its words from its sources and what belongs to one thing with another: "half pay for six
weeks, full pay for ten" where the source has full pay for six.

A writer may well join the words of two clauses into one. So what counts is exchanged on both sides, or stands around
the same words as something else in both clauses, or is a figure that a whole clause has another of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import combinations, pairwise

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source


def crossed(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether two parts of a sentence have exchanged what belongs to them, or one has taken the other's, or two ends of
    a way have changed places."""
    said = matches.said
    found = [matches.beside([source]) for source in sources]
    rows = [row for own in found for row in own]
    if _is_spliced(said, rows) or _is_of_another(said, rows) or _has_anothers_subject(said, rows):
        return True
    if len(said.pieces) < _FEWEST:
        return False
    wholes = [[match.borne_out for _, match in own] for own in found]
    together = [unit for units in wholes for unit in units]
    clauses = [[*_clauses(sentence, match)] for own in found for sentence, match in own]
    apart = [unit for units in clauses for unit in units]
    if any(_exchanged(said, pair, apart) for units in clauses for pair in combinations(units, 2)):
        return True
    if any(_exchanged(said, pair, together) for units in wholes for pair in pairwise(units)):
        return True
    ends = _ends(said)
    return len({*ends.values()}) > 1 and any(_turned_round(ends, *row) for row in rows)


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


_LONGEST = 3  # pieces that two sentences have in common between what they do not


def _is_spliced(said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether a clause takes its subject from one place of the sources and what stands behind the next words from
    another, and both have something else there: "Ann leads the workshop" of "Ann leads the library" and "Tom leads the
    workshop"."""
    for first in range(1, len(said.pieces) - 1):
        clause = said.pieces[first].clause
        before = [p for p in said.pieces[: first - 1] if p.clause == clause]
        if not all(p.named for p in before) and (len(before) > 1 or not said.pieces[first - 1].named):
            continue  # only a name has several words before what a clause says, but for "the gateway in Bergen"
        for last in range(first, min(first + _LONGEST, len(said.pieces) - 1)):
            if any(p.figure or p.clause != clause for p in said.pieces[first - 1 : last + 2]):
                continue  # a figure and its unit may be said by another
            if _parts(first, last, found):
                return True
    return False


def _parts(first: int, last: int, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the words from `first` to `last` are once with what is before them and once with what is behind them, in
    each with something that is not said on the other side, and never with both."""
    before = behind = False
    for sentence, match in found:
        clauses = [{sentence.pieces[at].clause for at in match.at[n]} for n in (first - 1, last + 1)]
        if clauses[0] & clauses[1]:
            return False
        for at in match.at[first]:
            end = at + last - first
            if not 0 < at <= end < len(sentence.pieces) - 1 or not all(
                first + n in match.by[at + n] for n in range(last - first + 1)
            ):
                continue
            if len({piece.clause for piece in sentence.pieces[at - 1 : end + 2]}) > 1:
                continue  # of a list
            left, right = match.by[at - 1], match.by[end + 1]
            before |= first - 1 in left and not right
            behind |= last + 1 in right and not left
    return before and behind


def _is_of_another(said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether a figure is said of what stands, wherever the figure does, with another of its kind in another clause."""
    for n, piece in enumerate(said.pieces):
        if piece.figure and piece.figure.unit and not piece.label:
            places = [(at, *row) for row in found for at in row[1].at[n]]
            if places and all(_has_a_rival(*place) for place in places):
                return True
    return False


def _has_a_rival(at: int, sentence: Sentence, match: Match) -> bool:
    pieces, figure = sentence.pieces, sentence.pieces[at].figure
    own = [n for n, piece in enumerate(pieces) if piece.clause == pieces[at].clause and n != at]
    there = {number for n in own for number in match.by[n]}
    for rival, piece in enumerate(pieces):
        alike = piece.figure and figure and (piece.figure.kind, piece.figure.unit) == (figure.kind, figure.unit)
        if alike and piece.clause != pieces[at].clause and not match.by[rival]:
            others = [n for n, other in enumerate(pieces) if other.clause == piece.clause and n != rival]
            more = {number for n in others for number in match.by[n]} - there
            share = _share(others, match)
            if more and (share == 1 or (share >= _MOST and share > _share(own, match))):
                return True
    return False


def _has_anothers_subject(said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether a clause says of its subject what one clause of a sentence says of another, and the next one of that
    sentence begins with the subject and says none of it: "The landlord repairs the roof, the tenant paints the
    walls"."""
    for number in {piece.clause for piece in said.pieces}:
        subject, *rest = [n for n, piece in enumerate(said.pieces) if piece.clause == number]
        while rest and said.pieces[rest[0]].named:  # "The trainer Olga Brandt"
            rest.pop(0)
        if len(rest) > 1 and not any(said.pieces[n].figure for n in (subject, *rest)):
            told = [_of_the_subject(subject, rest, *row) for row in found]
            if "another" in told and "own" not in told:
                return True
    return False


def _of_the_subject(subject: int, rest: Sequence[int], sentence: Sentence, match: Match) -> str:
    """Whether a sentence says some of the `rest` in a clause with its "own" subject, or all of it with "another"."""
    clause = [piece.clause for piece in sentence.pieces]
    own = {clause[at] for at in match.at[subject]}
    told = [{clause[at] for at in match.at[n]} for n in rest] if own else []
    if any(own & there for there in told):
        return "own"
    others = [clause.index(number) for number in set[int]().union(*told[:1]).intersection(*told[1:])]
    begun = any(at == clause.index(clause[at]) and clause.count(clause[at]) > 1 for at in match.at[subject])
    return "another" if begun and any(not match.by[at] and not sentence.pieces[at].figure for at in others) else ""


_MOST = 0.6  # of a clause, of which more than of its own has to be said where a figure is another's


def _share(numbers: Sequence[int], match: Match) -> float:
    return sum(bool(match.by[n]) for n in numbers) / max(1, len(numbers))


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
