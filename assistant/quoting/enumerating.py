"""Asked which things there are, or for something of each of them, the rows of the table that is about these things."""

from __future__ import annotations

import re

from assistant.quoting.companions import as_far_as_allowed, header_of
from assistant.quoting.evidence import Candidate, Weighed
from assistant.types import Quote
from assistant.words.frames import subject_terms
from index.generation import Generation
from index.tables import cells, headers
from index.terms import terms
from index.types import Chunk

_LOOKED_AT = 12  # the best sentences, among which a row has to be
_BEHIND = 0.4  # how far behind the best sentence it may lie
_THE = r"(?:(?:of )?(?:the|our|your|my|these|those|available|possible|der|die|unserer?|eurer?) )*"
_ALL = re.compile(
    r"\b(?:(?:which|what|how many) (?P<some>[\w -]*?[^\W\d_]+s) (?:are|do|does|can|could|may|exist|will|have)\b"
    rf"|what are {_THE}(?P<those>[\w -]*?\w+s)\b"
    rf"|(?:each|every|all|list|name) {_THE}(?P<each>\w+)"
    rf"|(?:welche|wie viele|alle|aller|jede[mnrs]?) {_THE}(?P<alle>\w+))",
    re.IGNORECASE,
)


def every_row(question: str, weighed: Weighed, generation: Generation) -> tuple[Candidate, list[Quote]] | None:
    """A row near a question that asks for all things of a kind, and the table of these things: the names of its
    columns and the rows, of a long one those around that row. None if no such thing is asked for, or no table is of it
    by the name of its first column, or by its heading where this says nothing else.
    """
    asked = _ALL.search(question)
    kind = frozenset(terms(next(filter(None, asked.groups())))[-1:]) if asked else None
    if not kind or not weighed.candidates:
        return None
    best = weighed.candidates[0].score
    for candidate in weighed.candidates[:_LOOKED_AT]:
        chunk, names = candidate.quote.chunk, headers(candidate.quote.chunk)[candidate.number]
        if candidate.score >= best - _BEHIND and names and not chunk.row and _is_of(kind, question, chunk, names):
            header = header_of(chunk, candidate.number, generation)
            if header:
                return candidate, [header, *as_far_as_allowed(_rows(chunk, names, generation), candidate.quote)]
    return None


def _is_of(kind: frozenset[str], question: str, chunk: Chunk, names: str) -> bool:
    heading = frozenset(terms(chunk.heading[-1])) if chunk.heading else frozenset()
    return kind <= {*terms(cells(names)[0])} or (kind <= heading and heading <= {*subject_terms(question)})


def _rows(chunk: Chunk, names: str, generation: Generation) -> list[Quote]:
    """The rows of a table, which may be parted into several chunks."""
    parts = (one for one in generation.catalog.chunks(chunk.document) if one.heading == chunk.heading)
    return [
        Quote(one, span)
        for one in parts
        for span, above in zip(one.sentences, headers(one), strict=True)
        if above == names
    ]
