"""The tables of an HTML tree -> tables in which every row has every cell, each on one line.

A cell that spans rows or columns is written into each of them, so that a row says whose it is; missing cells are
empty, and columns that are empty throughout are left out at the end. Tables
that hold headings, preformatted text or other tables lay out a page; they are left alone.
"""

from __future__ import annotations

from typing import Any

_LAYOUT = ".//table|.//h1|.//h2|.//h3|.//h4|.//h5|.//h6|.//pre|.//form|.//article"
_WIDEST = 1000  # columns; as many as HTML lets one cell span
_LARGEST = 200_000  # cells of a table; spans that make more are not written out

_BREAKS = ("br", "p", "div", "li", "ul", "ol", "dt", "dd", "blockquote")


def write_out(tree: Any) -> None:
    """Write the spans of every table in `tree` (of lxml) out, in place."""
    for table in tree.iter("table"):
        if not table.xpath(_LAYOUT):
            _write_out(table)


def _write_out(table: Any) -> None:
    lines = [line for line in table.iter("tr") if line.xpath("td|th")]
    grid = _grid(lines)
    width = max((column + 1 for row in grid for column, words in enumerate(row) if words), default=0)
    if width * len(grid) > _LARGEST or len(grid) < len(lines):
        return
    for line, row in zip(lines, grid, strict=True):
        tags = [cell.tag for cell in line.xpath("td|th")]
        for child in list(line):
            line.remove(child)
        for number in range(width):
            cell = line.makeelement(tags[min(number, len(tags) - 1)])
            cell.text = row[number] if number < len(row) else ""
            line.append(cell)


def _grid(lines: list[Any]) -> list[list[str]]:
    """The words of each row's cells by column; fewer rows if there are too many cells.

    Of a cell that spans a whole row only its first column holds them.
    """
    grid: list[list[str]] = []
    below: dict[int, tuple[int, str]] = {}  # the columns that cells above reach into: for how many rows, and the words
    total = 0
    for line in lines:
        row: list[str] = []
        above = set(below)
        cells = line.xpath("td|th")
        for cell in cells:
            _fill(row, below)
            words = _words(cell)
            wide, high = _span(cell, "colspan", 1), _span(cell, "rowspan", len(lines))
            for column in range(len(row), min(len(row) + wide, _WIDEST)):
                row.append(words if len(cells) > 1 or not row else "")
                if high > 1:
                    below[column] = (high - 1, words)
        while len(row) <= max(above & below.keys(), default=-1):
            if not _fill(row, below):
                row.append("")
        total += len(row)
        if total > _LARGEST:
            break
        grid.append(row)
    return grid


def _fill(row: list[str], below: dict[int, tuple[int, str]]) -> bool:
    """Add the cells that reach down into the next columns of `row`; whether there were any."""
    start = len(row)
    while len(row) in below:
        column = len(row)
        rows, words = below.pop(column)
        row.append(words)
        if rows > 1:
            below[column] = (rows - 1, words)
    return len(row) > start


def _words(cell: Any) -> str:
    for element in cell.iter(*_BREAKS):
        element.text = f" {element.text or ''} "
        element.tail = f" {element.tail or ''}"
    return " ".join(cell.text_content().split())


def _span(cell: Any, name: str, all_of_them: int) -> int:
    """How many columns or rows a cell spans; 0 means all that are left."""
    value = (cell.get(name) or "1").strip()
    return (int(value) or all_of_them) if value.isdigit() and len(value) < 6 else 1
