"""Asked for those things that meet a condition, the table that is of these things and its rows that meet it.

The question has to begin with what it asks for ("which rooms", "who", "what is the cheapest room"), and the table has
to be of that by the name of its first column, by its heading or its title. What the condition is, `conditions` tells.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.quoting.amounts import Grid
from assistant.quoting.companions import as_far_as_allowed, header_of
from assistant.quoting.conditions import rows_met
from assistant.quoting.evidence import Candidate, Weighed
from assistant.types import Band, Quote
from assistant.words.degrees import degree
from assistant.words.pieces import Piece, pieces
from index.generation import Generation
from index.tables import cells, headers, parting
from index.terms import terms
from index.types import Chunk

_LOOKED_AT = 12  # the best sentences, among which a row has to be
_BEHIND = 0.4  # how far behind the best sentence it may lie
_MOST = 500  # rows of a table that are looked through
_NUMBER = re.compile(r"\d+")
_THE = r"(?: (?:of|the|our|your|my|these|those|all|der|die|das|den|unser\w*))*"
_OPENS = re.compile(
    r"\W*(?:(?:and|but|so|then|please|und|bitte) )?"
    rf"(?:(?P<who>who|wer)|(?P<most>(?:what|was) (?:is|are|ist|sind){_THE})|what|(?P<all>list|name|show)(?: me)?{_THE}"
    rf"|(?:which|welche[rsnm]?)(?: (?:is|are|was|were|ist|sind))?{_THE})\b",
    re.IGNORECASE,
)
# "Overview of the rooms and halls in Leeds" is of rooms and of halls.
_LIST_OF = re.compile(r"(?:list|table|overview|liste|übersicht) (?:of|der|von) (?:the |all |our )*", re.IGNORECASE)
_FURTHER = re.compile(r"\s(?:in|at|of|for|on|from|by|with|im|am|der|des|für|von)\s.*|[:(–—].*", re.IGNORECASE)
_JOINT = re.compile(r"\b(?:and|or|und|oder)\b|[&,/]", re.IGNORECASE)
_PERSON = frozenset(
    terms("name names person people who employee employees member members staff colleague contact mitarbeiter wer")
)


@dataclass(frozen=True, slots=True)
class AskedFor:
    """The names of a table's columns and those of its rows that are asked for; if none is, all of them, which are no
    answer."""

    band: Band
    quotes: tuple[Quote, ...]


def rows_asked_for(question: str, weighed: Weighed, generation: Generation) -> AskedFor | None:
    """The rows of a table near the question that meet what it asks; None if it does not ask for rows of such a table,
    or says what the table does not tell."""
    opens = _OPENS.match(question)
    if not opens or not weighed.candidates:
        return None
    best = weighed.candidates[0].quote.chunk
    for candidate, names in rows_near(weighed):
        chunk = candidate.quote.chunk
        kind = _kind(question, opens, chunk, names, candidate.passage.title)
        rows = _rows_alike(chunk, names, generation) if kind else []
        grid = _grid(rows, names, kind, candidate.passage.title)
        met = rows_met(question, opens.end(), grid) if grid else None
        is_best = (best.document, best.heading) == (chunk.document, chunk.heading)
        if not grid or not met or not (met.conditions or (opens["all"] and is_best)):
            continue
        named = opens["who"] and any({*terms(question)}.intersection(terms(grid.rows[n][0])) for n in met.rows)
        if is_best or (met.told and met.rows and not named):  # else another sentence may say it
            quotes = _shown([rows[n] for n in met.rows] or rows_of(chunk, names, generation), candidate, generation)
            return AskedFor("answered" if met.rows else "uncertain", quotes)
    return None


def rows_of(chunk: Chunk, names: str, generation: Generation) -> list[Quote]:
    """The rows of a table, which may be parted into several chunks."""
    return [row for row in _rows_called(names, chunk.document, generation) if row.chunk.heading == chunk.heading]


def _rows_alike(chunk: Chunk, names: str, generation: Generation) -> list[Quote]:
    """The rows of a table and of those with the same columns under other headings of its document, unless these have
    other numbers: the prices of 2025 are none of those of 2026."""
    return [row for row in _rows_called(names, chunk.document, generation) if _numbers(row.chunk) == _numbers(chunk)]


def _numbers(chunk: Chunk) -> list[str]:
    return _NUMBER.findall(" ".join(chunk.heading))


def _rows_called(names: str, document: str, generation: Generation) -> list[Quote]:
    return [
        Quote(one, span)
        for one in generation.catalog.chunks(document)
        for span, above in zip(one.sentences, headers(one), strict=True)
        if above == names
    ]


def _shown(rows: Sequence[Quote], candidate: Candidate, generation: Generation) -> tuple[Quote, ...]:
    """Rows, each below the names of its columns."""
    around = candidate.quote if candidate.quote in rows else rows[0]
    shown: dict[Quote, None] = {}
    for row in as_far_as_allowed(rows, around):
        header = header_of(row.chunk, row.chunk.sentences.index(row.span), generation)
        shown |= dict.fromkeys((header, row) if header else (row,))
    return tuple(shown)


def rows_near(weighed: Weighed) -> Iterator[tuple[Candidate, str]]:
    """The nearest row of each table near the question, with the names of its columns."""
    found: set[tuple[str, Sequence[str], str]] = set()
    for candidate in weighed.candidates[:_LOOKED_AT]:
        chunk = candidate.quote.chunk
        names = headers(chunk)[candidate.number]
        place = (chunk.document, chunk.heading, names)
        near = candidate.score >= weighed.candidates[0].score - _BEHIND
        if near and names and not chunk.row and place not in found:
            found.add(place)
            yield candidate, names


def _kind(question: str, opens: re.Match[str], chunk: Chunk, names: str, title: str) -> str:
    """The term for what the rows of a table are, if the question begins with it; else nothing."""
    first = terms(cells(names)[0])
    if opens["who"]:
        return first[-1] if first and _PERSON.issuperset(first) else ""
    word = degree(question)
    if opens["most"] and not (word and word.most):
        return ""
    of = {*first[-1:], *(term for place in (title, *chunk.heading) for term in _things(place))}
    return next((piece.terms[-1] for piece in _opening(question, opens.end()) if of.intersection(piece.terms[-1:])), "")


def _things(heading: str) -> Iterator[str]:
    """The terms for the things that a heading is of."""
    named = _FURTHER.sub("", _LIST_OF.sub("", heading.strip(), count=1))
    return (term for part in _JOINT.split(named) for term in terms(part)[-1:])


def _opening(question: str, start: int) -> Iterator[Piece]:
    """The words with which a question begins, up to the first that only frames it."""
    for piece in pieces(question):
        if piece.start < start:
            continue
        if question[start : piece.start].strip():
            return
        yield piece
        start = piece.end


def _grid(rows: Sequence[Quote], names: str, kind: str, title: str) -> Grid | None:
    """The cells of rows, with a further column for the headings above each; None if it cannot be told which cell stands
    in which column."""
    columns = cells(names)
    found = [cells(row.text) for row in rows]
    if not 0 < len(rows) <= _MOST or any(len(row) > len(columns) for row in found):
        return None
    if parting(names) != "bar" and any(len(row) < len(columns) for row in found):
        return None
    places = [" ".join(row.chunk.heading) for row in rows]
    filled = ((*row, *("" for _ in columns[len(row) :]), place) for row, place in zip(found, places, strict=True))
    shared = set.intersection(*({*terms(f"{title} {place}")} for place in places))
    return Grid((*columns, ""), tuple(filled), kind, frozenset(shared))
