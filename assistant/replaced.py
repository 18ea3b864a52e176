"""Whether a word of a sentence stands where its sources have another one: "The file server is restarted on Mondays."

A sentence may have all its words from its sources and still say what they do not, as it takes the subject of one
sentence and the rest of another. So each clause is laid beside the one sentence that holds most of it: a word that is
not there, beside a word that is, is *replaced* if another word has its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from assistant.names import is_known
from assistant.pieces import OPPOSITES, PLACING, Piece, says
from assistant.sentences import Sentence, Source

_FEW = 3  # pieces of a clause that goes with its neighbour, as "On Mondays" does


@dataclass(frozen=True, slots=True)
class Replaced:
    """The weight of the terms of a sentence in whose place its sources have another word: of those that they have
    elsewhere (`other`), of those that they do not have (`strange`), and whether one is the `opposite` of it."""

    other: float = 0.0
    strange: float = 0.0
    opposite: bool = False

    def __add__(self, more: Replaced) -> Replaced:
        return Replaced(self.other + more.other, self.strange + more.strange, self.opposite or more.opposite)


class Pool:
    """All that the sources have; `figure` is what a figure weighs."""

    def __init__(self, sources: Sequence[Source], figure: float) -> None:
        self.figure = figure
        self._terms = frozenset[str]().union(*(source.terms for source in sources))
        self._figures = [p for source in sources for s in source.sentences for p in s.pieces if p.figure]

    def has(self, piece: Piece) -> bool:
        if piece.figure:
            return any(says(known, piece) for known in self._figures)
        return all(is_known(term, self._terms) for term in piece.terms)


def replaced(said: Sentence, sources: Sequence[Source], weights: Mapping[str, float], figure: float) -> Replaced:
    """What is replaced in `said`, clause by clause, each beside the sentence that holds most of it."""
    found, pool = Replaced(), Pool(sources, figure)
    for clause in _clauses(said.pieces):
        rows = [_beside(clause, said.pieces, around, sentence, pool, weights) for sentence, around in _rows(sources)]
        if rows:
            found += max(rows, key=lambda row: row[0])[1]
    return found


def _rows(sources: Sequence[Source]) -> Iterator[tuple[Sentence, frozenset[str]]]:
    """Each sentence with the terms around it that it may leave unsaid: of the headings, and before a pronoun."""
    for source in sources:
        before: frozenset[str] = frozenset()
        for sentence in source.sentences:
            yield sentence, source.place_terms | (before if sentence.leans else frozenset())
            before = sentence.terms


def _clauses(pieces: Sequence[Piece]) -> list[list[Piece]]:
    clauses: list[list[Piece]] = []
    last = -1
    for piece in pieces:
        if clauses and (piece.clause == last or len(clauses[-1]) < _FEW):
            clauses[-1].append(piece)
        else:
            clauses.append([piece])
        last = piece.clause
    if len(clauses) > 1 and len(clauses[-1]) < _FEW:
        last_one = clauses.pop()
        clauses[-1] += last_one
    return clauses


def _beside(
    clause: Sequence[Piece],
    ours: Sequence[Piece],
    around: Set[str],
    sentence: Sentence,
    pool: Pool,
    weights: Mapping[str, float],
) -> tuple[float, Replaced]:
    """How well `sentence` holds a clause, and what of the clause it replaces."""
    held, found = 0.0, Replaced()
    known = [_is_there(piece, sentence, around) for piece in clause]
    for n, piece in enumerate(clause):
        weight = pool.figure if piece.figure else max((weights.get(term, 0.0) for term in piece.terms), default=0.0)
        if known[n]:
            held += weight
            continue
        rivals = [
            rival
            for side in (-1, 1)
            for rival in _neighbours(clause, n, side, known, sentence)
            if (rival.figure is None) == (piece.figure is None) and not any(says(rival, own) for own in ours)
        ]
        if not rivals:
            continue
        opposite = any(_opposes(term, rival) for term in piece.terms for rival in rivals)
        elsewhere = pool.has(piece)
        found += Replaced(weight if elsewhere else 0.0, 0.0 if elsewhere or piece.figure else weight, opposite)
    return held - 0.5 * (found.other + found.strange), found


def _opposes(term: str, rival: Piece) -> bool:
    return any(not opposites.get(term, frozenset()).isdisjoint(rival.terms) for opposites in (OPPOSITES, PLACING))


def _is_there(piece: Piece, sentence: Sentence, around: Set[str]) -> bool:
    if piece.figure:
        return any(says(known, piece) for known in sentence.pieces)
    return all(is_known(term, sentence.terms) or is_known(term, around) for term in piece.terms)


def _neighbours(
    clause: Sequence[Piece], number: int, side: int, known: Sequence[bool], sentence: Sentence
) -> Iterator[Piece]:
    """The pieces of `sentence` that stand where `clause[number]` does, beside its neighbour on one side.

    A number may stand on the other side of it too ("5 users", "users: 5"), and in a row of a table any cell.
    """
    beside = number + side
    if not (0 <= beside < len(clause) and known[beside]):
        return
    sides = (-1, 1) if sentence.row or clause[number].figure else (-side,)
    for at, piece in enumerate(sentence.pieces):
        if says(piece, clause[beside]):
            yield from (sentence.pieces[at + to] for to in sides if 0 <= at + to < len(sentence.pieces))
