"""The lines of what a language model writes, in Markdown -> lines of text, each of a kind, while it streams.

A table becomes one line for each of its rows, with the names of the columns ("- Fare: Single; Price: 32 crowns"), so
that every row is a statement that stands alone. The signs of headings and of blocks of code are left out. Words and
markers stay as they are and in their order; bullets, rules and emphasis are left to `writing`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.writing.markers import Mark, Part, Unknown

BULLET = r"(?:[-*+•–·]|\(?\d{1,3}(?:\.\d{1,3})*[.)])"
"""What marks an item of a list, as a part of a pattern."""

_HELD = 90  # characters of a line after which it is no heading in bold letters
_HEADING = re.compile(r"[ \t]{0,3}(#{1,6})[ \t]+(?=\S)")
_MAYBE = re.compile(r"[ \t]*(?:#{1,6}[ \t]*|[`~]{1,2})?")  # may still become one of the kinds
_BOLD = re.compile(r"[ \t]*(\*\*|__)(?!\1|\d)[^*_\n]*[^*_\n.!?。！？](?:\1[:：]?|[:：]\1)[ \t]*")
_MAYBE_BOLD = re.compile(r"[ \t]*(?:\*{1,2}|_{1,2}|(?:\*\*|__)[^*_\n]+(?:[*_]{1,2}[:：]?[ \t]*)?)")
_FENCE = re.compile(r"[ \t]*(?:`{3,}|~{3,})[ \t]*[\w+#.-]*[ \t]*")
_BAR = re.compile(r"(?<!\\)\|")
_BREAK = re.compile(r"\s*<br ?/?>\s*", re.IGNORECASE)

Kind = Literal["text", "heading", "row", "code"]


@dataclass(frozen=True, slots=True)
class Line:
    """A line begins. `level` is that of a heading, 1 for the highest."""

    kind: Kind
    level: int = 0


Cell = list[Part]


class Lines:
    """Parts the words of one stream into lines."""

    def __init__(self) -> None:
        self._line: list[Part] = []  # the beginning of a line whose kind is not yet certain
        self._begun = False  # whether the kind of the line is certain
        self._code = False  # within a block of code
        self._first: list[Cell] | None = None  # a row that may be the names of columns, until one under them is told
        self._names: list[Cell] | None = None  # of the columns, none for a table without; None outside of tables

    def feed(self, parts: Iterable[Part]) -> Iterator[Part | Line]:
        """What `parts` add, as far as the kind of its line is certain."""
        for part in parts:
            if isinstance(part, str):
                for piece in re.findall(r"[^\n]+|\n", part):
                    yield from self._piece(piece)
            elif self._begun:
                yield part
            else:
                self._line.append(part)
                yield from self._looked(ended=False)

    def end(self) -> Iterator[Part | Line]:
        """The rest."""
        if self._line:
            yield from self._looked(ended=True)
        yield from self._table_ends()

    def _piece(self, text: str) -> Iterator[Part | Line]:
        if text != "\n":
            if self._begun:
                yield text
                return
            self._line.append(text)
            yield from self._looked(ended=False)
            return
        if not self._begun:
            yield from self._looked(ended=True)
        yield "\n"
        self._begun = False

    def _looked(self, ended: bool) -> Iterator[Part | Line]:
        """The line so far if its kind is certain, as it is when the line has `ended`."""
        text = "".join(part for part in self._line if isinstance(part, str))
        if _FENCE.fullmatch(text):
            if ended:
                yield from _marks(self._line)
                self._code, self._line = not self._code, []
            return
        if not self._code and text.lstrip().startswith("|"):
            if ended:
                yield from self._row(_cells(self._line))
                self._line = []
            return
        if not ended and self._may_become_another(text):
            return
        line, self._line, self._begun = self._line, [], True
        yield from self._table_ends()
        yield self._kind(text, ended)
        yield from _without(line, 0 if self._code else _signs(text))

    def _may_become_another(self, text: str) -> bool:
        marked = not all(isinstance(part, str) for part in self._line)
        if _MAYBE.fullmatch(text):
            return not marked
        return not self._code and len(text) < _HELD and bool(_MAYBE_BOLD.fullmatch(text))

    def _kind(self, text: str, ended: bool) -> Line:
        if self._code:
            return Line("code")
        heading = _HEADING.match(text)
        if heading:
            return Line("heading", len(heading[1]))
        return Line("heading", 7) if ended and _BOLD.fullmatch(text) else Line("text")

    def _row(self, cells: list[Cell]) -> Iterator[Part | Line]:
        is_rule = all(re.fullmatch(r"\s*:?-+:?\s*", _words(cell)) for cell in cells)
        if self._names is None and self._first is None:
            self._first = [] if is_rule else cells
        elif self._names is None and is_rule:
            self._names = self._first
        elif not is_rule:
            if self._names is None:
                yield from self._table_ends()
                self._names = []
            self._first = None
            yield from _told(cells, self._names)

    def _table_ends(self) -> Iterator[Part | Line]:
        """A row that stands alone, or only above a rule, is no table, but its words are words."""
        first, self._first, self._names = self._first, None, None
        if first:
            yield from _told(first, ())


def _cells(line: Sequence[Part]) -> list[Cell]:
    """The cells of a row between its bars."""
    cells: list[Cell] = [[]]
    for part in line:
        if not isinstance(part, str):
            cells[-1].append(part)
            continue
        first, *others = _BAR.split(part)
        cells[-1].append(first)
        cells += ([other] for other in others)
    # What stands before the first bar and behind the last can be markers only.
    cells = [[*_marks(cells[0]), *cells[1]], *cells[2:]]
    if len(cells) > 1 and not _words(cells[-1]).strip():
        cells = [*cells[:-2], [*cells[-2], *_marks(cells[-1])]]
    return cells


def _told(cells: Sequence[Cell], names: Sequence[Cell]) -> Iterator[Part | Line]:
    """A row as a line: each cell behind the name of its column; a cell of markers alone has none."""
    yield Line("row")
    between = "- "
    for number, cell in enumerate(cells):
        name = names[number] if number < len(names) else []
        words = any(map(str.isalnum, _words(cell)))
        if words:
            yield between
            between = "; "
            if any(map(str.isalnum, _words(name))):
                yield from _trimmed(name)
                yield ": "
        yield from _trimmed(cell) if words else _marks(cell)
    yield "\n"


def _trimmed(cell: Cell) -> Iterator[Part]:
    text = "".join(part if isinstance(part, str) else "\0" for part in cell)
    marks = iter(_marks(cell))
    bare = _BREAK.sub(" ", text.replace("\\|", "|")).strip()
    for piece in re.findall(r"\0|[^\0]+", bare):
        yield next(marks) if piece == "\0" else piece


def _signs(text: str) -> int:
    heading = _HEADING.match(text)
    return heading.end() if heading else 0


def _without(line: Sequence[Part], length: int) -> Iterator[Part]:
    """A line without its first `length` characters."""
    for part in line:
        if isinstance(part, (Mark, Unknown)):
            yield part
        else:
            if part[length:]:
                yield part[length:]
            length = max(0, length - len(part))


def _words(cell: Sequence[Part]) -> str:
    return "".join(part for part in cell if isinstance(part, str))


def _marks(cell: Sequence[Part]) -> list[Part]:
    return [part for part in cell if not isinstance(part, str)]
