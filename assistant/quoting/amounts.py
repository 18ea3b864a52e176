"""The numbers of a table's columns held against those of a question: "more than 8 seats", "the cheapest"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from assistant.words.bounds import BETWEEN, RANGE, bounded
from assistant.words.degrees import THAN, Degree, column_told, degree, of_the_kind
from assistant.words.figures import Figure, bears_out, figures
from assistant.words.units import UNITS
from index.terms import terms

_BEYOND = re.compile(
    r"(?:\w+ ){0,2}than\b|(?:mehr|weniger|\w+er) als\b"
    r"|(?:above|over|exceeding|beyond|below|under|after|before|über|unter|nach|vor)\b",
    re.IGNORECASE,
)
_NOT_BEYOND = re.compile(r"(?:no|not|nicht)\b", re.IGNORECASE)
_DIRECTLY = re.compile(r"\s*(?:than|als)\s+[£$€]?\s*\Z", re.IGNORECASE)
_COUNTED = re.compile(r"\s*([^\W\d_]+)")
_POUNDS = re.compile(r"pounds?|quid", re.IGNORECASE)  # which may be weights, and are no unit of their own
_MONEY = frozenset({"€", "$", "£"})
_PRICES = of_the_kind(frozenset(terms("price")))


@dataclass(frozen=True)
class Grid:
    """The `rows` of a table, each with as many cells as there are `names` of columns; `kind` is the term for what the
    rows are, `place` are those of the title and headings."""

    names: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    kind: str
    place: frozenset[str]

    @cached_property
    def measured(self) -> frozenset[str]:
        """The terms for what the columns measure: "cost" of one that is called "Price"."""
        return of_the_kind(frozenset(term for name in self.names for term in terms(name)))

    @property
    def cells(self) -> Iterator[str]:
        """All cells, row by row."""
        return (cell for row in self.rows for cell in row)

    def values(self, column: int) -> Sequence[Decimal] | None:
        """The number in each cell of a column; None unless each has just one, and all beside it the same words."""
        values: list[Decimal] = []
        forms: set[tuple[str, ...]] = set()
        for row in self.rows:
            cell, found = row[column], figures(row[column])
            value = _number(found[0]) if len(found) == 1 else None
            if value is None:
                return None
            values.append(value)
            forms.add((found[0].unit, *terms(cell[: found[0].start]), *terms(cell[found[0].end :])))
        return values if len(forms) == 1 else None


def says_number(cell: str, asked: Figure) -> bool:
    """Whether a cell has a figure, or a span or a limit that it lies within: 5 of "3 to 6" or "up to 8"."""
    found = figures(cell)
    return (
        bears_out(asked, found)
        or (len(found) == 1 and _is_within(cell, found[0], asked))
        or any(
            RANGE.fullmatch(cell, low.end, high.start) and _is_between(low, asked, high)
            for low, high in pairwise(found)
        )
    )


def _is_between(low: Figure, asked: Figure, high: Figure) -> bool:
    numbers = [number for one in (low, asked, high) if (number := _number(one)) is not None]
    return len(numbers) == 3 and numbers == sorted(numbers)


def _is_within(cell: str, limit: Figure, asked: Figure) -> bool:
    side = bounded(cell, limit.start, limit.end, when=False, figure=True)
    end, number = _number(limit), _number(asked)
    return side is not None and end is not None and number is not None and (number >= end) == (side[0] == "up")


def _number(figure: Figure) -> Decimal | None:
    """The one number that a figure is; None if it is none, or may be another."""
    readings = [one for one in figure.readings if isinstance(one, Decimal)]
    return readings[0] if len(readings) == 1 and figure.kind == "number" else None


@dataclass(frozen=True, slots=True)
class Amounts:
    """The rows within each limit that a question sets, and where in it the words for these and for the most stand;
    `extreme` gives of some rows those that have the most, or least, if that is asked."""

    spans: tuple[tuple[int, int], ...] = ()
    limits: tuple[frozenset[int], ...] = ()
    extreme: Callable[[frozenset[int]], Iterable[int]] | None = None


def amounts_asked(question: str, grid: Grid) -> Amounts | None:
    """What a question asks of numbers; None if it asks what the table's do not tell."""
    word = degree(question)
    found = figures(question)
    bounds = [(figure, *side) for figure in found if (side := _side(question, figure, word))]
    if len(bounds) > 1 or any(_is_span(question, *ends) for ends in pairwise(found)):
        return None
    if bounds:
        return _limited(question, *bounds[0], word, grid)
    if word is None:
        return Amounts()
    column = _column(word.columns, word.general, question, grid) if word.most else None
    values = grid.values(column) if column is not None else None
    if values is None or any(abs(figure.end - word.start) < 2 for figure in found):  # "the two cheapest"
        return None

    def extreme(rows: frozenset[int]) -> Iterable[int]:
        best = max((word.sign * values[row] for row in rows), default=None)
        return [row for row in rows if word.sign * values[row] == best]

    return Amounts(((word.start, word.end),), (), extreme)


def _is_span(question: str, one: Figure, other: Figure) -> bool:
    between = question[one.end : other.start]
    return bool(RANGE.fullmatch(between) or BETWEEN.search(question[: one.start]))


def _side(question: str, figure: Figure, word: Degree | None) -> tuple[bool, bool, int] | None:
    """Whether something is above a figure, whether that itself is left out, and where the words begin that say it."""
    if figure.kind != "number":
        return None
    than = word is not None and not word.most and bool(THAN.search(question, word.end, figure.start))
    if word and than and word.columns and not word.general and _DIRECTLY.search(question, word.end, figure.start):
        return word.sign > 0, True, word.start
    found = bounded(question, figure.start, figure.end, when=False, figure=True)
    if found is None or found[0] == "every":
        return None
    side, begin = found
    beyond = bool(_BEYOND.match(question, begin)) and not _NOT_BEYOND.match(question, begin)
    return side == "up", beyond, begin


def _limited(
    question: str, figure: Figure, above: bool, beyond: bool, begin: int, word: Degree | None, grid: Grid
) -> Amounts | None:
    """The rows on the side of a figure that is asked for."""
    behind = _COUNTED.match(question, figure.end)
    counted = behind[1] if behind else ""
    pounds = bool(_POUNDS.fullmatch(counted))
    general = word is None or word.general
    kinds = word.columns if word else of_the_kind(frozenset(terms(question)))
    column = _column(kinds | (_PRICES if figure.unit in _MONEY or pounds else frozenset()), general, question, grid)
    if column is None and general:
        numbered = [n for n in range(1, len(grid.names)) if grid.values(n)]
        column = numbered[0] if len(numbered) == 1 else None
    values = grid.values(column) if column is not None else None
    limit, sign = _number(figure), 1 if above else -1
    if column is None or values is None or limit is None or not _measures(figure, pounds, grid, column):
        return None
    met = frozenset(n for n, v in enumerate(values) if sign * (v - limit) > 0 or (v == limit and not beyond))
    # The unit behind the figure is told with it.
    told = pounds or (behind is not None and UNITS.get(counted.casefold()) == figure.unit != "")
    spans = [(begin, behind.end() if behind and told else figure.end)]
    if word:
        spans.append((word.start, word.end))
    return Amounts(tuple(spans), (met,))


def _column(kinds: frozenset[str], general: bool, question: str, grid: Grid) -> int | None:
    """The one column that is of these kinds, or the one of them that is named; of all, where a word for more or less
    may be said of anything."""
    own = {*terms(question)} - {grid.kind}
    return column_told(kinds, general, own, [{*terms(name)} for name in grid.names])


def _measures(figure: Figure, pounds: bool, grid: Grid, column: int) -> bool:
    """Whether a column counts what a figure counts, as far as both say it; prices do not need to."""
    unit = "£" if pounds else figure.unit
    words = re.findall(r"[^\W\d_]+|[£$€%]", grid.names[column].casefold())
    units = {one.unit for row in grid.rows for one in figures(row[column])} | {UNITS.get(word, "") for word in words}
    own = units - {""}
    priced = unit in _MONEY and not own and not _PRICES.isdisjoint(terms(grid.names[column]))
    return not unit or unit in own or priced
