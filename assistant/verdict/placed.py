"""Whether a figure of a table is said of the row and the column that it stands in."""

from __future__ import annotations

from collections.abc import Sequence, Set

from assistant.verdict.sentences import Cell, Sentence, Source, terms_of
from assistant.words.names import is_known
from assistant.words.pieces import Piece, says


def placed(said: Sentence, around: Set[str], sources: Sequence[Source]) -> tuple[frozenset[int], bool]:
    """Which figures of `said`, by number, stand in the cell of a row and a column that are named in it or `around` it,
    and whether another is said in place of such a cell's. A row or column that a figure's own clause names is meant."""
    right: set[int] = set()
    wrong = False
    figures = [(n, piece) for n, piece in enumerate(said.pieces) if piece.figure]
    for source in sources if figures else ():
        whole = _named(said.pieces, said.terms | around, source)
        for n, piece in figures:
            there = [cell for cell in source.cells if any(says(known, piece) for known in cell.pieces)]
            if not there:
                continue
            clause = [other for other in said.pieces if other.clause == piece.clause]
            own = _named(clause, terms_of(clause), source)
            rows, columns = own[0] or whole[0], own[1] or whole[1]
            if any(_is_right(cell, rows, columns) for cell in there):
                right.add(n)
            else:
                meant = [cell for cell in source.cells if cell.row in rows and cell.column in columns]
                wrong |= any(_is_left_out(cell, piece) for cell in meant)
    return frozenset(right), wrong


def _named(pieces: Sequence[Piece], known: Set[str], source: Source) -> tuple[set[int], set[int]]:
    """The rows and the columns that are named, by number."""
    rows = {cell.row for cell in source.cells if any(_is_said(name, pieces, known) for name in cell.names)}
    columns = {cell.column for cell in source.cells if any(is_known(term, known) for term in cell.heads)}
    return rows, columns


def _is_said(name: Sequence[Piece], pieces: Sequence[Piece], known: Set[str]) -> bool:
    """Whether all words and figures of one of a row's names are said or known."""
    return all(
        any(says(piece, own) for own in pieces) if piece.figure else all(is_known(term, known) for term in piece.terms)
        for piece in name
    )


def _is_right(cell: Cell, rows: Set[int], columns: Set[int]) -> bool:
    return cell.row in rows and (cell.column in columns or not columns or cell.pieces in cell.names)


def _is_left_out(cell: Cell, piece: Piece) -> bool:
    """Whether a cell has a figure, and not this one."""
    figures = [own for own in cell.pieces if own.figure]
    return bool(figures) and not any(says(own, piece) for own in figures)
