"""A list in a document, whole: with the words that lead into it and those that close it, also where a passage ends in
the middle of it.

Lists are told by the marks of their lines and by how far these stand in, as readers of documents write them: what
stands further in belongs to the item above, and a line between "2." and "3." to the list.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from assistant.types import Quote
from index.generation import Generation
from index.types import Chunk

_BETWEEN = 8  # lines at most that stand between two items without standing in
_BESIDE = 45  # words at most of what leads into a list or closes it

_BULLET = re.compile(r"([•◦▪‣∙*+–—>-])[ \t]+\Z")
_ENUMERATED = re.compile(r"(?:step\s+)?\(?(?:(\d{1,3})|([a-z]))(?:[.):]|\s[–—-])\s+|step\s+(\d{1,3})\s+", re.IGNORECASE)
_MARKED = re.compile(r"^[ \t]*(?:[•◦▪‣∙*+–—>-]|(?:step\s+)?\(?(?:\d{1,3}|[a-z])[.):]?)\s", re.MULTILINE | re.IGNORECASE)
_CLOSES = re.compile(
    r"(?:finally|lastly|last|then|afterwards?|after (?:that|this)|next|now|once|when|at the end|in the end|to finish"
    r"|as soon as|that is (?:it|all))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: the sentences before it that lead into it, those of its items, and those after it that close it."""

    lead: tuple[Quote, ...]
    items: tuple[Quote, ...]
    close: tuple[Quote, ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All of it, in reading order."""
        return self.lead + self.items + self.close


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a section. `mark` is its number, "•" for a bullet, None if it has none; `indent` is where the mark
    stands, `column` where the words do."""

    quotes: tuple[Quote, ...]
    mark: int | str | None
    indent: int
    column: int


def listing_of(quote: Quote, generation: Generation) -> Listing | None:
    """The list that `quote` stands in, or leads into; None if there is none."""
    if not (_MARKED.search(quote.chunk.text) or quote.text.endswith(":")):
        return None
    lines = _lines(_section(quote.chunk, generation), generation)
    before = 0
    for first, stop in _lists(lines):
        listing = _listing(lines, first, stop, before)
        if quote in listing.quotes:
            return listing
        before = stop
    return None


def _section(chunk: Chunk, generation: Generation) -> list[Chunk]:
    """The chunks around `chunk` that stand under the same heading, in order."""
    for _, group in groupby(generation.catalog.chunks(chunk.document), key=lambda one: one.heading):
        chunks = list(group)
        if any(one.id == chunk.id for one in chunks):
            return chunks
    return [chunk]


def _lines(chunks: Sequence[Chunk], generation: Generation) -> list[_Line]:
    document = generation.catalog.document(chunks[0].document)
    text = document.text if document else ""
    quotes = [Quote(chunk, span) for chunk in chunks for span in chunk.sentences]
    lines: list[list[Quote]] = []
    end = 0
    for quote in quotes:
        if not lines or "\n" in text[end : quote.span.start]:
            lines.append([])
        lines[-1].append(quote)
        end = quote.span.end
    return [_line(text, tuple(line)) for line in lines]


def _line(text: str, quotes: tuple[Quote, ...]) -> _Line:
    start = quotes[0].span.start
    before = text[text.rfind("\n", 0, start) + 1 : start]
    bullet = _BULLET.search(before)
    if bullet:
        return _Line(quotes, "•", bullet.start(), len(before))
    numbered = _ENUMERATED.match(quotes[0].text)
    if not numbered:
        return _Line(quotes, None, len(before), len(before))
    digits = numbered[1] or numbered[3]
    number = int(digits) if digits else ord(numbered[2].casefold()) - ord("a") + 1
    return _Line(quotes, number, len(before), len(before) + numbered.end())


def _lists(lines: Sequence[_Line]) -> list[tuple[int, int]]:
    """First line and the one after the last of each list that stands in no other and has two items at least."""
    found: list[tuple[int, int]] = []
    first = 0
    while first < len(lines):
        stop, items = _stop(lines, first) if lines[first].mark is not None else (first + 1, 0)
        if items > 1:
            found.append((first, stop))
        first = stop if items > 1 else first + 1
    return found


def _stop(lines: Sequence[_Line], first: int) -> tuple[int, int]:
    """The line after the list that begins at `first`, and how many items it has."""
    item, items, stop = lines[first], 1, first + 1
    for number in range(first + 1, len(lines)):
        line = lines[number]
        expected = item.mark + 1 if isinstance(item.mark, int) else item.mark
        if line.mark == expected and abs(line.column - item.column) <= 1:
            item, items, stop = line, items + 1, number + 1
        elif line.indent > item.indent + 1 and number == stop:
            stop = number + 1
        elif isinstance(item.mark, str) or number - stop >= _BETWEEN:
            break
    return stop, items


def _listing(lines: Sequence[_Line], first: int, stop: int, before: int) -> Listing:
    """The list from line `first` to `stop` with what stands beside it; `before` is where the one before it stops."""
    lead = lines[first - 1].quotes if first > before and _is_beside(lines[first - 1]) else ()
    close = lines[stop].quotes if stop < len(lines) and _is_beside(lines[stop]) else ()
    if close and (not _CLOSES.match(close[0].text) or close[-1].text.endswith(":")):
        close = ()
    return Listing(lead, tuple(quote for line in lines[first:stop] for quote in line.quotes), close)


def _is_beside(line: _Line) -> bool:
    return line.mark is None and sum(len(quote.text.split()) for quote in line.quotes) <= _BESIDE
