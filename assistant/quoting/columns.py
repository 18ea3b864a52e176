"""Two things compared that are columns or rows of one table -> its rows that tell how they differ.

Knows the sentences found and the tables that they are rows of; what is compared is told by `comparing`.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.words.comparing import Comparison
from assistant.words.frames import subject_terms
from index.tables import cells, empty_cells, headers
from index.terms import terms

_BEHIND = 0.2  # how far behind the best sentence the first one of a table may lie whose columns are compared
_AS_NEAR = 0.05  # of the nearest row's cosine, what others are as near by


@dataclass(frozen=True, slots=True)
class Columns:
    """The rows that tell how two columns differ, or are what is compared, in reading order. `named` says that the
    question names what it asks of them, or asks for all that differs, so that they are not just the nearest to it;
    `filled` that one of them has both cells."""

    rows: tuple[Candidate, ...]
    named: bool
    filled: bool


def columns_compared(compared: Comparison, weighed: Weighed) -> Columns | None:
    """The rows of the first table near the question whose columns are the two things compared, or which are these.

    Where they are columns, those are the rows that hold most of what else the question asks about; if it asks about
    nothing else all of them, or, where it asks which has more of something without saying of what ("is A cheaper?"),
    the nearest to it. None if there is no such table, or neither it nor its place speaks of anything else asked about.
    """
    for candidate in weighed.candidates:
        near = candidate.score >= weighed.candidates[0].score - _BEHIND
        header = headers(candidate.quote.chunk)[candidate.number] or candidate.quote.text
        columns = _columns(compared, header) if near else None
        rows = [one for one in weighed.candidates if _is_row_of(one, header, candidate.quote.chunk.document)]
        if columns:
            return _telling(rows, compared, columns, weighed) if rows else None
        two = _both(compared, [frozenset(terms(cells(row.quote.text)[0])) for row in rows])
        told = _rows([rows[n] for n in two], compared, header) if two else None
        if told:
            return told
    return None


def _is_row_of(candidate: Candidate, header: str, document: str) -> bool:
    chunk = candidate.quote.chunk
    return chunk.document == document and headers(chunk)[candidate.number] == header


def _columns(compared: Comparison, header: str) -> tuple[int, int] | None:
    """Which columns the two sides are; the first one names the rows and is none."""
    return _both(compared, [frozenset(), *(frozenset(terms(cell)) for cell in cells(header)[1:])])


def _both(compared: Comparison, names: Sequence[frozenset[str]]) -> tuple[int, int] | None:
    """Which of these names the two sides have."""
    found: list[int] = []
    for side in compared.sides:
        whole = frozenset(terms(side.name))
        fitting = [n for n, name in enumerate(names) if name & side.own and (name <= whole or side.own <= name)]
        exact = [n for n in fitting if names[n] == whole]
        found += (exact or fitting) if len(exact or fitting) == 1 else []
    return (found[0], found[1]) if len(found) == 2 and found[0] != found[1] else None


def _rows(rows: Sequence[Candidate], compared: Comparison, header: str) -> Columns | None:
    """The two rows, unless what is asked of them is said neither by them nor where they stand."""
    place = " ".join((rows[0].passage.title, *rows[0].quote.chunk.heading, header, *(row.quote.text for row in rows)))
    asked = {term for side in compared.sides for term in subject_terms(side.question)}
    asked -= {term for side in compared.sides for term in terms(side.name)}
    if asked - {*terms(place)}:
        return None
    named = bool(asked) or not compared.by_degree or any(map(compared.measures, cells(header)))
    return Columns(tuple(sorted(rows, key=lambda row: row.quote.span.start)), named, filled=True)


def _telling(
    rows: Sequence[Candidate], compared: Comparison, columns: tuple[int, int], weighed: Weighed
) -> Columns | None:
    first = rows[0]
    header = headers(first.quote.chunk)[first.number]
    place = set(terms(" ".join((first.passage.title, *first.quote.chunk.heading, header))))
    asked = _asked_besides(compared, header, columns) & weighed.weights.keys()
    held = [share(asked & set(terms(row.quote.text)), weighed.weights) for row in rows]
    most = max(held)
    if not most and asked - place:
        return None
    named = bool(most) or not compared.by_degree
    if named:
        telling = [row for row, own in zip(rows, held, strict=True) if own == most]
    else:
        nearest = max(row.cosine for row in rows)
        telling = [row for row in rows if row.cosine >= nearest - _AS_NEAR]
    filled = any(empty_cells(row.quote.text, header).isdisjoint(columns) for row in telling)
    return Columns(tuple(sorted(telling, key=lambda row: row.quote.span.start)), named, filled)


def _asked_besides(compared: Comparison, header: str, columns: tuple[int, int]) -> Set[str]:
    """What is asked about the two sides, without their names; "storage" of "Basic vs. Pro storage"."""
    names = {term for column in columns for term in terms(cells(header)[column])}
    asked = {term for side in compared.sides for term in (*subject_terms(side.question), *side.own)}
    shared = set.intersection(*({*terms(side.name)} for side in compared.sides))
    return asked - names - shared
