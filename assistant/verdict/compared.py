"""Whether a table bears out what a sentence compares: "the fastest model", "the Plus plan is dearer than the Basic".

Its column is read and its figures are compared. What they bear out the row is made to say, so that the words and names
of the sentence are found there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.verdict.sentences import Cell, Sentence, Source, terms_of
from assistant.words.degrees import THAN, Degree, column_told, degree
from assistant.words.pieces import says
from index.terms import terms


@dataclass(frozen=True, slots=True)
class Borne:
    """What a row, by its number, bears out."""

    row: int
    text: str


_OTHERS = re.compile(
    r"\s+(?:all|any|every|each|the|alle|jede\w*|die)\s+(?:of\s+)?(?:the\s+)?(?:others?|rest|andere\w*)\b"
)
_AMONG = re.compile(r"\b(?:one of|among|second|third|zweit\w*|dritt\w*|zu den|eines? der)\b", re.IGNORECASE)


def compared(said: Sentence, source: Source) -> Borne | bool | None:
    """What the tables of a source have to say on what a sentence compares: what bears it out, or False if the figures
    are against it, or None if they do not tell."""
    word = degree(said.text) if source.cells and not said.denials else None
    if not word or _AMONG.search(said.text):
        return None
    spans = _named(said.text, source)
    column = _column(word, said, source, spans)
    values = _values([cell for cell in source.cells if (cell.column, cell.heads) == column])
    first, others = _sides(word, said.text, spans, values)
    if first is None or not others or not values.keys() >= {first, *others}:
        return None
    more = [word.sign * (values[first] - values[row]) for row in others]
    is_all = _is_all(said, word, spans, source, first)
    if all(difference > 0 for difference in more):
        return Borne(first, said.text if is_all else _said(word, said.text, spans, first, others))
    return False if is_all and any(difference < 0 for difference in more) else None


def _named(text: str, source: Source) -> dict[int, tuple[int, int]]:
    """The rows, by number, that are named in a text, each with where; a name within a longer one names nothing."""
    names: dict[str, int] = {}
    for cell in source.cells:
        if cell.row not in names.values() and re.search(r"[^\W\d_]", cell.text):
            names.setdefault(cell.text, cell.row)
    spans: dict[int, tuple[int, int]] = {}
    for name in sorted(names, key=len, reverse=True):
        for found in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            if not any(start < found.end() and found.start() < end for start, end in spans.values()):
                spans[names[name]] = found.span()
    return spans


def _column(
    word: Degree, said: Sentence, source: Source, spans: Mapping[int, tuple[int, int]]
) -> tuple[int, frozenset[str]] | None:
    """The one column that tells what a word compares, by what it is of or by its name."""
    columns = [*dict.fromkeys((cell.column, cell.heads) for cell in source.cells)]
    own = terms_of(p for p in said.pieces if not any(start <= p.start < end for start, end in spans.values()))
    told = column_told(word.columns, word.general, own, [heads for _, heads in columns])
    return columns[told] if told is not None else None


def _values(cells: Sequence[Cell]) -> dict[int, Decimal]:
    """The one number in each cell of a column, if all are of one unit."""
    values: dict[int, Decimal] = {}
    units: set[tuple[str, frozenset[str]]] = set()
    for cell in cells:
        figures = [piece.figure for piece in cell.pieces if piece.figure]
        readings = [r for figure in figures for r in figure.readings if isinstance(r, Decimal)]
        if len(readings) == 1:
            values[cell.row] = readings[0]
            units.add((figures[0].unit, terms_of(cell.pieces)))
    return values if len(units) == 1 else {}


def _sides(
    word: Degree, text: str, spans: Mapping[int, tuple[int, int]], values: Mapping[int, Decimal]
) -> tuple[int | None, list[int]]:
    """The row that is compared, and those that it is compared with."""
    than = THAN.search(text, word.end)
    if word.most:
        only = [*spans] if not than else []
        return (only[0], [row for row in values if row != only[0]]) if len(only) == 1 else (None, [])
    first = [row for row, (_, end) in spans.items() if end <= word.start]
    if len(first) != 1 or not than:
        return None, []
    others = [row for row, (start, _) in spans.items() if start >= than.end()]
    if not others and _OTHERS.match(text, than.end()):
        others = [row for row in values if row != first[0]]
    return first[0], others


def _is_all(said: Sentence, word: Degree, spans: Mapping[int, tuple[int, int]], source: Source, row: int) -> bool:
    """Whether a sentence says nothing but what it compares, so that nothing limits that."""
    others = _OTHERS.search(said.text, word.end)
    parts = [(word.start, word.end), *spans.values(), others.span() if others else (0, 0)]
    known = source.place_terms.union(word.columns, *(cell.heads for cell in source.cells), _headed(source))
    figures = [piece for cell in source.cells if cell.row == row for piece in cell.pieces if piece.figure]
    return all(
        any(start <= piece.start < end for start, end in parts)
        or (any(says(figure, piece) for figure in figures) if piece.figure else known.issuperset(piece.terms))
        for piece in said.pieces
    )


def _headed(source: Source) -> Iterator[str]:
    return (term for names in {*source.headers} for term in terms(names))


def _said(word: Degree, text: str, spans: Mapping[int, tuple[int, int]], first: int, others: Sequence[int]) -> str:
    """The bare comparison."""
    than = THAN.search(text, word.end)
    name, phrase = text[slice(*spans[first])], text[word.start : than.end() if than and not word.most else word.end]
    behind = " and ".join(text[slice(*spans[row])] for row in others if row in spans)
    return f"{name} {phrase} {'' if word.most else behind}".rstrip()
