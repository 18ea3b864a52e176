"""Asked which things there are, or for something of each of them, the rows of the table that is about these things: all
of them, or those that say what else is asked of them ("Which courses are free?")."""

from __future__ import annotations

import re

from assistant.quoting.companions import as_far_as_allowed, header_of
from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.quoting.rows import rows_near, rows_of
from assistant.types import Quote
from assistant.words.frames import subject_terms
from index.generation import Generation
from index.tables import cells
from index.terms import terms
from index.types import Chunk

_THE = r"(?:(?:of )?(?:the|our|your|my|these|those|available|possible|der|die|unserer?|eurer?) )*"
_ALL = re.compile(
    r"\b(?:(?:which|what|how many) (?P<some>[\w -]*?[^\W\d_]+s) (?:are|do|does|can|could|may|exist|will|have)\b"
    rf"|what are {_THE}(?P<those>[\w -]*?\w+s)\b"
    rf"|(?:each|every|all|list|name) {_THE}(?P<each>\w+)"
    rf"|(?:welche|wie viele|alle|aller|jede[mnrs]?) {_THE}(?P<alle>\w+))",
    re.IGNORECASE,
)
# What a row does not say in the question's own words.
_MEASURES = re.compile(
    r"\b(?:more|less|fewer|than|under|over|above|below|between|least|most|up to|not|no|without|except|before|after"
    r"|until|since|mehr|weniger|als|unter|über|zwischen|bis|nicht|kein\w*|ohne|außer|vor|nach)\b|n['’]t\b|\w{3,}est\b",
    re.IGNORECASE,
)
_HALF = 0.5  # the share of what else is asked that rows have to hold


def every_row(question: str, weighed: Weighed, generation: Generation) -> tuple[Candidate, list[Quote]] | None:
    """A row near a question that asks for all things of a kind, and the table of these things: the names of its
    columns and the rows that are asked for, of many those around that row. None if no such thing is asked for, or no
    table is of it by the name of its first column, or by its heading where this says nothing else.
    """
    asked = _ALL.search(question)
    kind = frozenset(terms(next(filter(None, asked.groups())))[-1:]) if asked else None
    if not kind or not weighed.candidates:
        return None
    for candidate, names in rows_near(weighed):
        chunk = candidate.quote.chunk
        if _is_of(kind, question, chunk, names):
            header = header_of(chunk, candidate.number, generation)
            if header:
                rows = _asked_for(rows_of(chunk, names, generation), question, candidate, names, weighed)
                around = candidate.quote if candidate.quote in rows else rows[0]
                return candidate, [header, *as_far_as_allowed(rows, around)]
    return None


def _is_of(kind: frozenset[str], question: str, chunk: Chunk, names: str) -> bool:
    heading = frozenset(terms(chunk.heading[-1])) if chunk.heading else frozenset()
    return kind <= {*terms(cells(names)[0])} or (kind <= heading and heading <= {*subject_terms(question)})


def _asked_for(rows: list[Quote], question: str, candidate: Candidate, names: str, weighed: Weighed) -> list[Quote]:
    """The rows that hold, behind what they are named by, most of what the question asks besides the place and the
    columns of their table; all of them where that is too little, or where it compares."""
    place = terms(" ".join((candidate.passage.title, *candidate.quote.chunk.heading, names)))
    besides = {t: w for t, w in weighed.weights.items() if t not in place and t not in weighed.nowhere}
    held = [share(besides.keys() & {*terms(" ".join(cells(row.text)[1:]))}, besides) for row in rows]
    most = max(held, default=0.0)
    if most < _HALF or _MEASURES.search(question):
        return rows
    return [row for row, own in zip(rows, held, strict=True) if own == most]
