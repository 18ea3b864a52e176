"""A list in a document, whole: with the words that lead into it and those that close it, also where a passage ends in
the middle of it, and where its items are headings.

Lists are told by the marks of their lines and by how far these stand in, as readers of documents write them: what
stands further in belongs to the item above, and a line between "2." and "3." to the list. Headings are its items where
they count ("Step 1: Open the valve", "2. Close it"), or where all of them say what to do ("Open the valve").
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from assistant.types import Quote
from assistant.words.numerals import ENGLISH
from index.generation import Generation
from index.types import Chunk, Document, Heading, Span

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


_COUNTED = re.compile(r"(?:(?P<word>[^\W\d_]+)\s+)?(?:\d{1,3}\.)*(?P<number>\d{1,3}|[a-z]{3,5})\b", re.IGNORECASE)
_SPELT = ENGLISH[:10]
# "Open the valve", "Sign in", "Get three quotes" say what to do; "Wait for the signal" may, as "Annual leave" may not.
_VERB = (
    r"(?!(?:before|after|when|while|if|how|what|which|who|where|why|the|an?|our|your|for|about|in|on|at|to|from|no)\b)"
    r"(?!\w*(?:[aeiouy]\w*ing|[^s]s)\b)[^\W\d_]{2,}"
)
_WHAT = rf"(?:the|an?|your|our|my|its|their|this|these|all|any|each|every|{'|'.join(ENGLISH[1:11])}|\d+)"
_ORDERS = re.compile(
    rf"{_VERB} (?:(?:in|on|off|out|up|down|away) )?{_WHAT} .+|{_VERB} (?:in|on|off|out|up)", re.IGNORECASE
)
_TELLS = re.compile(rf"(?:(?:please|then|just|simply),? )?{_VERB} (?:it|them|{_WHAT})\b", re.IGNORECASE)
_PURPOSE = re.compile(r"(?:in order )?to \w+\b.*:\W*\Z", re.IGNORECASE)
_MAY_ORDER = re.compile(rf"{_VERB} .+", re.IGNORECASE)
_TELLS_HOW = re.compile(r"how to\b|\b(?:steps|procedure|instructions?|guide)\b|^\W*\w{2,}ing\b|:\W*\Z", re.IGNORECASE)


def says_what_to_do(sentence: str) -> bool:
    """Whether a sentence begins as one that tells its reader to do something: "Change it", "Use the other door"."""
    return bool(_TELLS.match(sentence))


@dataclass(frozen=True, slots=True)
class Listing:
    """A list: the sentences before it that lead into it, those of its items, and those after it that close it. `alone`
    says that nothing else stands under its heading."""

    lead: tuple[Quote, ...]
    items: tuple[Quote, ...]
    close: tuple[Quote, ...]
    alone: bool = False

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All of it, in reading order."""
        return self.lead + self.items + self.close

    @property
    def is_of_steps(self) -> bool:
        """Whether it is one by its numbers, or by what leads in ("To hire a boat:"), and not of things ("Boats for
        hire:")."""
        numbered = sum(_ENUMERATED.match(item.text) is not None for item in self.items)
        return numbered > 1 or any(_PURPOSE.match(quote.text) for quote in self.lead)


@dataclass(frozen=True, slots=True)
class Stages:
    """Steps that are headings: the words `above` all of them (title, headings, what each of them says), the sentences
    that lead in, and for each step its heading with the sentences under it."""

    above: str
    lead: tuple[Quote, ...]
    steps: tuple[tuple[Quote, ...], ...]

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """All of it, in reading order."""
        return self.lead + tuple(quote for step in self.steps for quote in step)

    @property
    def headings(self) -> tuple[Quote, ...]:
        """What leads in, and the headings alone."""
        return self.lead + tuple(step[0] for step in self.steps)


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
            return replace(listing, alone=len(listing.quotes) == sum(len(line.quotes) for line in lines))
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


# --- steps that are headings -------------------------------------------------------------------------------------


def stages_of(quote: Quote, generation: Generation, in_case: bool) -> Iterator[Stages]:
    """The steps with headings of their own that `quote` stands under, or leads into, the innermost first.

    Headings that only count ("2. Scope") or say what to do are steps where what stands above them says that it tells
    how, or, if they say what to do, where that is asked for a case ("What to do if it burns?").
    """
    document = generation.catalog.document(quote.chunk.document)
    for series in (*_series(document.headings), *_orders(document.headings)) if document else ():
        assert document is not None
        above = _above(document.headings, series[0])
        opens = max((heading.end for heading in document.headings if heading.end <= series[0].start), default=0)
        after = (h.start for h in document.headings if h.start > series[-1].start and h.level <= series[0].level)
        stop = next(after, len(document.text))
        here = opens <= quote.span.start < stop
        stages = _stages(document, above, opens, series, stop, generation, in_case) if here else None
        if stages:
            yield stages


def _series(headings: Sequence[Heading]) -> Iterator[list[Heading]]:
    """Runs of two or more headings of one level under the same one that count on; the innermost first."""
    runs: list[list[Heading]] = []
    open_runs: dict[int, list[Heading]] = {}  # by level
    for heading in headings:
        open_runs = {level: run for level, run in open_runs.items() if level <= heading.level}
        run, counted = open_runs.get(heading.level), _counted(heading.text)
        word, number = _counted(run[-1].text) or ("", 0) if run else ("", 0)
        if run and counted == (word, number + 1):
            run.append(heading)
        elif counted:
            runs.append([heading])
            open_runs[heading.level] = runs[-1]
        else:
            open_runs.pop(heading.level, None)
    yield from sorted((run for run in runs if len(run) > 1), key=lambda run: -run[0].level)


def _orders(headings: Sequence[Heading]) -> Iterator[list[Heading]]:
    """Three or more headings, all of one level under the same one, that say what to do and each of another thing."""
    siblings: dict[tuple[int, int], list[Heading]] = {}
    open_levels: dict[int, int] = {}  # where the heading stands that is open at a level
    for heading in headings:
        open_levels = {level: start for level, start in open_levels.items() if level < heading.level}
        siblings.setdefault((heading.level, max(open_levels.values(), default=-1)), []).append(heading)
        open_levels[heading.level] = heading.start
    for run in siblings.values():
        texts = [heading.text for heading in run]
        told = sum(bool(_ORDERS.fullmatch(text)) for text in texts)
        if len(run) > 2 and all(map(_MAY_ORDER.fullmatch, texts)) and 3 * told >= 2 * len(run):
            yield run


def _counted(heading: str) -> tuple[str, int] | None:
    """The word and the number that a heading begins with ("step", 2), the word perhaps empty."""
    found = _COUNTED.match(heading)
    word, number = (found["word"] or "", found["number"].casefold()) if found else ("", "")
    if number in _SPELT:
        return (word.casefold(), _SPELT.index(number) + 1) if word else None
    return (word.casefold(), int(number)) if number.isdigit() else None


def _above(headings: Sequence[Heading], first: Heading) -> list[str]:
    """The headings that `first` stands under, the nearest first."""
    above: list[str] = []
    level = first.level
    for heading in reversed([heading for heading in headings if heading.start < first.start]):
        if heading.level < level:
            above.append(heading.text)
            level = heading.level
    return above


def _stages(
    document: Document,
    above: list[str],
    opens: int,
    series: Sequence[Heading],
    stop: int,
    generation: Generation,
    in_case: bool,
) -> Stages | None:
    chunks = list(generation.catalog.chunks(document.path))
    titles = [_heading(chunks, heading) for heading in series]
    ends = [*(heading.start for heading in series[1:]), stop]
    lead = _between(chunks, opens, series[0].start)
    lead = lead if sum(len(quote.text.split()) for quote in lead) <= _BESIDE else ()
    nearest = [above[0] if above else document.title, *(quote.text for quote in lead[-1:])]
    named = _counted(series[0].text)
    tells = (named[0] == "step") if named else in_case
    if not tells and not any(map(_TELLS_HOW.search, nearest)):
        return None
    steps = [
        (title, *_between(chunks, heading.end, end))
        for title, heading, end in zip(titles, series, ends, strict=True)
        if title
    ]
    said = set.intersection(*({*heading.text.casefold().split()} for heading in series))
    words = (document.title, *above, *said, *(quote.text for quote in lead))
    return Stages(" ".join(words), lead, tuple(steps)) if len(steps) == len(series) else None


def _heading(chunks: Sequence[Chunk], heading: Heading) -> Quote | None:
    """A heading as a quote, unless it is so long that passages cut it."""
    holds = (chunk for chunk in chunks if chunk.start <= heading.start and heading.end <= chunk.end)
    chunk = next(holds, None)
    return Quote(chunk, Span(heading.start, heading.end)) if chunk else None


def _between(chunks: Sequence[Chunk], start: int, stop: int) -> tuple[Quote, ...]:
    return tuple(Quote(c, span) for c in chunks for span in c.sentences if start <= span.start and span.end <= stop)
