"""The rows of tables with many columns -> stretches of a few columns, each under the names of its columns.

A row of a hundred cells is longer than an encoder reads, and too long to show. A stretch of it says little by itself,
so it goes with the name of its row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.tables import SEPARATORS, Table, parting
from index.types import Span

_COLUMNS = 12  # of a stretch; tables with no more have none
LONGEST_ROW = 400
"""Characters of a table's row that is one sentence; a longer one holds text, or makes its table one of the wide."""
_NAMES = 3  # cells at most that name a row: an identifier and what it stands for


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some cells on end of a row, from `start` to `end` in the text. `header` are the names of their columns, None in
    the row that names them; `row` is the name of their row behind the names of its columns ("product: Oak lamp")."""

    start: int
    end: int
    header: Span | None
    row: str


def stretches(text: str, tables: Sequence[Table]) -> Mapping[int, list[Stretch]]:
    """The stretches of each row of the wide ones among `tables`, by where the row starts in `text`.

    Wide are those whose columns have names, more than a stretch has, and that have a long row. Each holds some words;
    the cells of a row without any are in none.
    """
    found: dict[int, list[Stretch]] = {}
    for table in tables:
        names = cell_spans(text, table.header) if table.header else []
        if len(names) <= _COLUMNS or all(row.end - row.start <= LONGEST_ROW for row in table.rows):
            continue
        for row in table.rows:
            own = cell_spans(text, row)
            if len(own) < 2 or (len(own) != len(names) and parting(text[row.start : row.end]) != "bar"):
                continue  # tabs on end part no empty cells, so it is not known whose the others are
            name = "" if row == table.header else row_name(_words(text, names), _words(text, own))[0]
            cut = [
                Stretch(start, end, None if row == table.header else header, name)
                for start, end, header in _cut(text, names, own)
            ]
            found |= {row.start: cut} if cut else {}
    return found


def cell_spans(text: str, row: Span) -> list[Span]:
    """Where the cells of a row stand, the empty ones too; a row whose cells are parted by spaces is one."""
    line = text[row.start : row.end]
    how = parting(line)
    if how is None or how == "spaces":
        return [row]
    edges = [(found.start(), found.end()) for found in SEPARATORS[how].finditer(line)]
    starts, ends = [0, *(end for _, end in edges)], [*(start for start, _ in edges), len(line)]
    return [Span(row.start + start, row.start + max(start, end)) for start, end in zip(starts, ends, strict=True)]


def _cut(text: str, names: Sequence[Span], own: Sequence[Span]) -> Iterator[tuple[int, int, Span | None]]:
    for first in range(0, len(own), _COLUMNS):
        last = min(first + _COLUMNS, len(own)) - 1
        start, end = own[first].start, own[last].end
        above = names[first : first + _COLUMNS]
        if re.search(r"\w", text[start:end]):
            yield start, _trimmed(text, start, end), _around(text, above) if above else None


def _around(text: str, cells: Sequence[Span]) -> Span:
    return Span(cells[0].start, _trimmed(text, cells[0].start, cells[-1].end))


def _trimmed(text: str, start: int, end: int) -> int:
    return start + len(text[start:end].rstrip())


def row_name(columns: Sequence[str], row: Sequence[str]) -> tuple[str, int]:
    """The name of a row by its first cells, behind the names of their `columns`, and how many cells that takes.

    It ends with the first cell that holds a letter; if none of the first few does, it is the very first.
    """
    telling = next((n for n, cell in enumerate(row[:_NAMES]) if re.search(r"[^\W\d_]", cell)), 0)
    said = [(column, cell) for column, cell in zip(columns, row[: telling + 1], strict=False) if cell]
    return ", ".join(f"{column}: {cell}" if column else cell for column, cell in said), telling + 1


def _words(text: str, cells: Sequence[Span]) -> list[str]:
    return [text[cell.start : cell.end] for cell in cells]
