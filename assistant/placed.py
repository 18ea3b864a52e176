"""Whether a figure of a table is said of the row and the column that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

from assistant.names import is_known
from assistant.pieces import says
from assistant.sentences import Cell, Sentence, Source


def placed(said: Sentence, around: Set[str], sources: Sequence[Source]) -> tuple[frozenset[int], bool]:
    """Which figures of `said`, by number, stand in the cell of a row and a column that are named in it or `around` it,
    and whether another is said in place of such a cell's."""
    known = said.terms | around
    right: set[int] = set()
    wrong = False
    figures = [(n, piece) for n, piece in enumerate(said.pieces) if piece.figure]
    for source in sources if figures else ():
        rows = {cell.row for cell in source.cells if _is_named(cell.names, known)}
        columns = {cell.column for cell in source.cells if any(is_known(term, known) for term in cell.heads)}
        for n, piece in figures:
            there = [cell for cell in source.cells if any(says(known, piece) for known in cell.pieces)]
            if any(cell.row in rows and (cell.column in columns or not columns) for cell in there):
                right.add(n)
            elif there:
                meant = [cell for cell in source.cells if cell.row in rows and cell.column in columns]
                wrong |= any(_is_left_out(cell, said) for cell in meant)
    return frozenset(right), wrong


def _is_named(names: Iterable[Set[str]], known: Set[str]) -> bool:
    """Whether all words of one of a row's names are known."""
    return any(all(is_known(term, known) for term in name) for name in names)


def _is_left_out(cell: Cell, said: Sentence) -> bool:
    """Whether a cell has a figure that is not said."""
    figures = [piece for piece in cell.pieces if piece.figure]
    return bool(figures) and not any(says(piece, own) for piece in figures for own in said.pieces)
