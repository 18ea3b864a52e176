"""Whether a figure, name or word of a table is said of the row and the column that it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set
from itertools import pairwise

from assistant.verdict.matching import Matches
from assistant.verdict.sentences import Cell, Sentence, Source, terms_of
from assistant.words.names import is_known
from assistant.words.pieces import Piece, says

_LABELS = re.compile(r"\W*:\W*")  # between the name of a column and what is said of it: "Users: 10"
_BESIDE = re.compile(r"[\s-]*")


def placed(matches: Matches, around: Set[str], sources: Sequence[Source]) -> tuple[frozenset[int], bool]:
    """Which figures and names of a sentence, by number, stand in the cell of a row and a column that are named in it
    or `around` it, and whether another figure or word is said in place of such a cell's. A row or column that a
    figure's own clause names is meant, and a column of which a row has its cell said is meant for no other."""
    right: set[int] = set()
    wrong = False
    for source in sources:
        if source.cells:
            found = _Placed(matches, around, source)
            right.update(found.figures, found.names())
            wrong |= found.wrong
    return frozenset(right), wrong


class _Placed:
    """A sentence beside the tables of one source: its `figures` that are in their place, and whether one is `wrong`."""

    def __init__(self, matches: Matches, around: Set[str], source: Source) -> None:
        said = self._said = matches.said
        self._clauses, self._source = _clauses(said), source
        units = _units(source)
        rows = [matches.of(sentence) for sentence in source.sentences]
        there = [
            [cell for cell in source.cells if rows[cell.row].at[n] and any(says(known, piece) for known in cell.pieces)]
            for n, piece in enumerate(said.pieces)
        ]
        self._units = [_behind(n, said) & units for n in range(len(there))]
        self._cells = [[cell for cell in own if _has(cell, unit)] for own, unit in zip(there, self._units, strict=True)]
        self._whole = _named(said.pieces, said.terms | around, source)
        self.figures: set[int] = set()
        self.wrong = False
        for n, piece in enumerate(said.pieces):
            if piece.figure and self._cells[n]:
                self._place(n, piece)
            elif piece.figure:  # its row has it of another unit, if at all
                self.wrong |= any(cell.row in self._whole[0] for cell in there[n])
            elif self._cells[n] and not (piece.named or piece.denied or piece.governs):
                self.wrong |= self._is_of_another_column(n, piece)

    def _place(self, number: int, piece: Piece) -> None:
        clause = self._beside(number)
        own = _named((piece, *clause), terms_of(clause), self._source)
        rows, columns = own[0] or self._whole[0], own[1] or self._whole[1]
        others = clause if own[1] else [other for other in self._said.pieces if other is not piece]
        meant = [cell for cell in self._source.cells if cell.row in rows and cell.column in columns]
        left = [cell for cell in meant if not _is_told(cell, others)]
        full = rows - {cell.row for cell in left}
        if any(cell.row in full or _is_right(cell, rows, columns) for cell in self._cells[number]):
            self.figures.add(number)
            return
        if self._units[number]:  # what is counted tells the column too
            alike = {cell.column for cell in self._cells[number]}
            same = [cell for cell in self._source.cells if cell.row in own[0] and cell.column in alike]
            left += [cell for cell in same if not _is_told(cell, others)]
        self.wrong |= any(_is_left_out(cell, piece) for cell in left)

    def _is_of_another_column(self, number: int, piece: Piece) -> bool:
        """Whether a word says what a row has in another column than the one that is named beside it ("The café is
        closed in summer"), and nothing what the row has in that one."""
        clause = self._beside(number)
        rows, columns = _named((piece, *clause), terms_of(clause), self._source)
        meant = [cell for cell in self._source.cells if cell.row in rows and cell.column in columns and cell.pieces]
        own = [cell for cell in self._cells[number] if cell.row in rows and cell.pieces not in cell.names[:1]]
        own = [cell for cell in own if _is_told(cell, [piece, *clause])]
        rows = {cell.row for cell in own}
        meant = [cell for cell in meant if cell.row in rows]
        return bool(meant) and not any(_is_told(cell, [piece, *clause]) for cell in meant)

    def _beside(self, number: int) -> list[Piece]:
        """The other pieces of the clause of one."""
        pairs = zip(self._said.pieces, self._clauses, strict=True)
        return [p for n, (p, clause) in enumerate(pairs) if clause == self._clauses[number] and n != number]

    def names(self) -> Iterator[int]:
        """The names of columns before what is said of them, and the names that stand in one row with all that the table
        has of their clause, or of the sentence if that is nothing. That their column is another's must not be said."""
        for n, piece in enumerate(self._said.pieces):
            if piece.named and (self._is_a_column(piece) or any(self._is_in_its_row(n, cell) for cell in self._own(n))):
                yield n

    def _is_a_column(self, piece: Piece) -> bool:
        labels = _LABELS.match(self._said.text, piece.end) is not None
        return labels and any(cell.heads.issuperset(piece.terms) for cell in self._source.cells)

    def _own(self, number: int) -> list[Cell]:
        whole = self._said.pieces[number].terms
        return [cell for cell in self._cells[number] if terms_of(cell.pieces).issuperset(whole)]

    def _is_in_its_row(self, number: int, cell: Cell) -> bool:
        same = self._clauses[number]
        apart = [n for n in range(len(self._cells)) if n != number and self._cells[n]]
        others = [n for n in apart if self._clauses[n] == same] or apart
        if not others or not all(any(there.row == cell.row for there in self._cells[n]) for n in others):
            return False
        beside = self._beside(number)
        columns = _named(beside, terms_of(beside), self._source)[1]
        row = [other for other in self._source.cells if other.row == cell.row and other.column in columns]
        return cell.pieces == cell.names[0] or cell.column in columns or all(_is_told(other, beside) for other in row)


def _clauses(said: Sentence) -> list[int]:
    """For each piece the number of its clause; what stands behind a colon is of the same one as what is before it."""
    clauses: list[int] = []
    for n, piece in enumerate(said.pieces):
        before = said.pieces[n - 1] if n else piece
        same = piece.clause == before.clause or _LABELS.fullmatch(said.text, before.end, piece.start)
        clauses.append(clauses[-1] + (not same) if clauses else 0)
    return clauses


def _behind(number: int, said: Sentence) -> Set[str]:
    """The terms of the word right behind a figure."""
    pair = said.pieces[number : number + 2]
    if not pair[0].figure:
        return set()
    return {*pair[1].terms} if len(pair) > 1 and _BESIDE.fullmatch(said.text, pair[0].end, pair[1].start) else set()


def _units(source: Source) -> Set[str]:
    """The terms of the words right behind the figures of its cells."""
    cells = [cell.pieces for cell in source.cells]
    return {term for own in cells for one, word in pairwise(own) if one.figure for term in word.terms}


def _has(cell: Cell, unit: Set[str]) -> bool:
    """Whether a cell, or its column, has the unit of a figure that has one which the table has anywhere."""
    return not unit or not unit.isdisjoint(cell.heads | terms_of(cell.pieces))


def _named(pieces: Sequence[Piece], known: Set[str], source: Source) -> tuple[set[int], set[int]]:
    """The rows and the columns that are named, by number."""
    rows = {cell.row for cell in source.cells if any(_is_said(name, pieces, known) for name in cell.names)}
    if not rows:  # "the keelboat" of "Keelboat (Heron)", where no other row is one
        firsts = {cell.row: terms_of(cell.names[0]) for cell in source.cells if cell.names}
        told = {term: [row for row, name in firsts.items() if term in name] for term in terms_of(pieces)}
        rows = {found[0] for found in told.values() if len(found) == 1}
    columns = {
        cell.column
        for cell in source.cells
        if cell.pieces not in cell.names[:1]  # "the ward" names a row rather than the column of the wards
        and (any(is_known(term, known) for term in cell.heads) or (cell.dated and _is_said(cell.dated, pieces, known)))
    }
    return rows, columns


def _is_said(name: Sequence[Piece], pieces: Sequence[Piece], known: Set[str]) -> bool:
    """Whether all words and figures of one of a row's names are said or known."""
    return all(
        any(says(piece, own) for own in pieces) if piece.figure else all(is_known(term, known) for term in piece.terms)
        for piece in name
    )


def _is_told(cell: Cell, pieces: Sequence[Piece]) -> bool:
    """Whether some pieces say what is in a cell: its figures, or its words if it has none."""
    own = [piece for piece in cell.pieces if piece.figure] or cell.pieces
    return bool(own) and all(any(says(known, piece) for piece in pieces) for known in own)


def _is_right(cell: Cell, rows: Set[int], columns: Set[int]) -> bool:
    return cell.row in rows and (cell.column in columns or not columns or cell.pieces in cell.names)


def _is_left_out(cell: Cell, piece: Piece) -> bool:
    """Whether a cell has a figure, and not this one."""
    figures = [own for own in cell.pieces if own.figure]
    return bool(figures) and not any(says(own, piece) for own in figures)
