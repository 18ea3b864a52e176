"""Where tables stand in a text, and which row names their columns.

A table is two or more lines on end whose cells are parted alike: by bars, as readers of HTML and Markdown write them,
by tabs, or by three spaces and more, as in plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.types import Chunk, Span

SEPARATORS = {"bar": re.compile(r"\s*\|\s*"), "tab": re.compile(r" *\t\s*"), "spaces": re.compile(r" {3,}")}
_RULE = re.compile(r"[\s|:+=-]+")
_VALUE = re.compile(r"\d")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W\d_]{2,}")
_COUNTED = re.compile(r"[^\W\d_]+[. ]?#")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_LONGEST_NAME = 60  # characters of a column's name; a longer cell is text


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of a table, without blanks and bars around them, and which of them names the columns, if one does."""

    rows: tuple[Span, ...]
    header: Span | None


def parting(line: str) -> str | None:
    """How the cells of a line are parted: "bar", "tab" or "spaces"; None if it has no two cells."""
    line = line.strip()
    inner = line.strip("|").strip() if line.startswith("|") and line.endswith("|") else line
    return next((name for name, pattern in SEPARATORS.items() if pattern.search(inner)), None)


def row_in(text: str, start: int, end: int) -> Span:
    """The row on the line from `start` to `end`: without blanks, and without the bars around all of it.

    A bar on one side only parts an empty cell from the others, and stays. Where the first and the last cell are empty,
    what stands between them is left: bars on both sides would be around it.
    """
    row = _trimmed(text, Span(start, end), " \t")
    if row.end - row.start < 2 or text[row.start] != "|" or text[row.end - 1] != "|":
        return row
    inner = _trimmed(text, Span(row.start + 1, row.end - 1), " \t")
    both = inner.start < inner.end and text[inner.start] == "|" and text[inner.end - 1] == "|"
    return _trimmed(text, inner, " \t|") if both else inner


def _trimmed(text: str, span: Span, edges: str) -> Span:
    part = text[span.start : span.end]
    return Span(span.start + len(part) - len(part.lstrip(edges)), span.start + len(part.rstrip(edges)))


def cells(row: str) -> list[str]:
    """The cells of a row, empty ones too."""
    how = parting(row)
    return [cell.strip() for cell in SEPARATORS[how].split(row.strip())] if how else [row.strip()]


def empty_cells(row: str, header: str) -> frozenset[int]:
    """The columns of `header` in which `row` says nothing; none where its cells cannot be told from each other."""
    if parting(header) == "spaces":
        return frozenset()
    found = cells(row) if parting(row) else [row]
    held = {number for number, cell in enumerate(found) if any(map(str.isalnum, cell))}
    return frozenset(range(len(cells(header)))) - held


def find_tables(text: str) -> Iterator[Table]:
    """The tables of `text`, in order."""
    rows: list[Span] = []
    how: str | None = None
    last = -2
    for line in re.finditer(r"[^\n]+", text):
        ruled = bool(_RULE.fullmatch(line[0]))
        parted = None if ruled else parting(line[0])
        if rows and (line.start() != last + 1 or (parted != how and not ruled)):
            yield from _table(text, rows, how)
            rows = []
        if parted:
            how = parted
            rows.append(row_in(text, line.start(), line.end()))
        last = line.end()
    yield from _table(text, rows, how)


def _table(text: str, rows: list[Span], how: str | None) -> Iterator[Table]:
    if how and len(rows) > 1:
        first, *others = [SEPARATORS[how].split(text[row.start : row.end]) for row in rows]
        yield Table(tuple(rows), rows[0] if _names_columns(first, others) else None)


def _names_columns(names: list[str], below: list[list[str]]) -> bool:
    """Whether these cells can be names of columns: short words, and no values but years, what is counted through
    ("Week 1", "Week 2"), and what has another form than all that stands `below` it ("Under 16" above "£9", "£11")."""
    bare = [_form(name) for name in names if name]
    counted = {
        form for form, before in zip(bare[1:], bare, strict=False) if form == before and _COUNTED.fullmatch(form)
    }
    return len(bare) > 1 and not any(
        len(name) > _LONGEST_NAME
        or name.endswith(":")
        or (_form(name) not in counted and _VALUE.search(_YEAR.sub("", name)) and not _is_apart(name, number, below))
        for number, name in enumerate(names)
    )


def _form(cell: str) -> str:
    """A cell with a sign for each of its numbers."""
    return _NUMBER.sub("#", cell)


def _is_apart(name: str, column: int, below: list[list[str]]) -> bool:
    """Whether a cell with a word stands above two or more of one form that is not its own."""
    forms = {_form(row[column]) for row in below if column < len(row)}
    return len(below) > 1 and len(forms) == 1 and _WORD.search(name) is not None and _form(name) not in forms


def headers(chunk: Chunk) -> list[str]:
    """For each sentence of `chunk` the row that names its columns; empty where it is no row, or is that row itself.

    A chunk may go on with a table that began in one before it (`Chunk.header`).
    """
    found: dict[int, str] = {}
    for table in find_tables(chunk.text):
        goes_on = bool(chunk.header) and not chunk.text[: table.rows[0].start].strip(" \t|\n")
        header = chunk.header if goes_on else _said(chunk.text, table.header)
        for row in table.rows:
            if goes_on or row != table.header:
                found[row.start] = header
    if chunk.header:  # perhaps only a single row is left of it
        found[chunk.sentences[0].start - chunk.start] = chunk.header
    return [found.get(span.start - chunk.start, "") for span in chunk.sentences]


def _said(text: str, span: Span | None) -> str:
    return text[span.start : span.end] if span else ""
