"""What speaks for a sentence as the answer to a question.

`weigh` ranks sentences: by cosine with the question, by the share of the question's words that they hold (weighted by
how rare those are), the same with the surroundings counted in, and by whether they hold the kind of thing asked for. A
question that a document asks itself, as in a list of frequent ones, is no answer: it is a heading to what follows it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from itertools import product

import numpy as np
from numpy.typing import NDArray

from assistant.quoting.headings import heading_above, is_named_by, is_question, telling_above
from assistant.quoting.nesting import names_above
from assistant.quoting.reader import Page, Reader
from assistant.retriever import Retrieval, content_terms
from assistant.types import Quote
from assistant.words.definitions import defines, thing_to_define
from assistant.words.figures import Day, figures
from assistant.words.frames import language_of, subject_terms
from assistant.words.kinds import Kind, asks_alike, kind_of_answer
from assistant.words.labels import named
from assistant.words.reaching import unsaid
from index.generation import Generation
from index.tables import cells, headers
from index.terms import terms
from index.types import Passage

SAME_QUESTION = 0.7
"""The cosine from which a stored question is the one asked, in other words."""

_NEARNESS = 0.4  # what the cosine counts further beside the words: people ask in other ones
_HERE = 0.1  # what a sentence of the page where the person stands is preferred by
_CELL = 0.4  # what a table's row gains by whose name and column's name half of the question is said
_HALF = 0.5  # the share of the question that this is
_NAMED = 0.05  # what such a row gains whose name is all asked for
_OTHER = 0.25  # what a row or item of another than the one named loses
_STORED = 0.1  # what a sentence gains that answers a stored question which is the one asked
_SAME_WORDS = 0.6  # the share of the question that such a one holds
_DEFINITION = 0.25  # what a sentence gains that begins as the definition asked for
_READ = 0.25  # what the score of a sentence gains if the reader is sure that it answers, or loses if it does not
_SURE = 12.0  # a reading from which the reader is rather sure that a sentence answers, for the score
_LONG = 40  # words of a neighbour that is not read with a sentence


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with its evidence. `score` ranks it; `said` are its terms, behind those of the stored
    question that it answers, `asked`; `terms` are the question's among them; `fits` says that it holds the kind of
    thing asked for; `cosine` is its nearness to the question, `gate` the score without its place among the passages
    and without the kind of answer; `name` is what the row or the item that it stands under is called, and `other` says
    that the question names another one of the same table or list, or another number or letter behind the same noun."""

    quote: Quote
    passage: Passage
    number: int
    asked: Quote | None
    said: tuple[str, ...]
    terms: frozenset[str]
    fits: bool
    cell: bool
    cosine: float
    gate: float
    score: float
    name: str = ""
    other: bool = False

    @property
    def id(self) -> str:
        """The id of the sentence."""
        return self.quote.chunk.sentence_id(self.number)


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first, with the weights of the question's terms and the vectors of the sentences by id.
    `wanted` is the kind of thing asked for, if the question says; `nowhere` are its terms that no document holds;
    `readings` are what the reader said of sentences (`Reader.read`), by their ids."""

    candidates: tuple[Candidate, ...]
    weights: Mapping[str, float]
    vectors: Mapping[str, NDArray[np.float32]]
    wanted: Kind | None
    nowhere: frozenset[str]
    readings: Mapping[str, float] = field(default_factory=dict)

    @property
    def reading(self) -> float | None:
        """How far the likeliest answer in the best candidate and its neighbours lies above there being none, or where
        these were not read, that in all that was; None if nothing was."""
        best = self.candidates[0]
        near = {best.quote.chunk.sentence_id(best.number + n) for n in (-1, 0, 1)} & self.readings.keys()
        return max((self.readings[one] for one in near or self.readings), default=None)

    def beside(self, candidate: Candidate, by: int) -> Candidate | None:
        """The candidate that stands so many sentences behind one in its passage; None if none does."""
        chunk, number = candidate.quote.chunk, candidate.number + by
        return next((c for c in self.candidates if c.number == number and c.quote.chunk.id == chunk.id), None)


def weigh(question: str, retrieval: Retrieval, generation: Generation) -> Weighed:
    """Every sentence of the passages found, ranked as an answer to `question`."""
    asked = content_terms(question)
    frequencies = generation.catalog.frequencies(asked)
    weights = _term_weights(asked, frequencies, generation.catalog.counts()[1])
    ids = [p.chunk.sentence_id(n) for p in retrieval.passages for n in range(len(p.chunk.sentences))]
    vectors = generation.store.vectors(ids) if ids else {}
    cosines = {identity: float(vector @ retrieval.vector) for identity, vector in vectors.items()}
    wanted = kind_of_answer(question)
    # Of other languages than English the packaged encoder knows too little for that.
    nearness = 0.0 if retrieval.spelled or language_of(terms(question)) != "en" else _NEARNESS
    found = (
        replace(candidate, score=candidate.score + nearness * candidate.cosine)
        for passage in retrieval.passages
        for candidate in _candidates(
            passage, question, weights, cosines, wanted, passage.chunk.document == retrieval.here
        )
    )
    dated = _of_other_dates(question, retrieval)
    told_apart = _told_apart([*found], weights, named(question), dated)
    return Weighed(ranked(told_apart), weights, vectors, wanted, frozenset(weights.keys() - frequencies.keys()))


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, best first."""
    return tuple(sorted(candidates, key=lambda c: (-c.score, c.quote.chunk.id, c.number)))


def read(question: str, weighed: Weighed, reader: Reader) -> Weighed:
    """The candidates ranked anew after `reader` has read the best of those that it has not, between its neighbours; as
    they are where there is none."""
    best = next((c for c in weighed.candidates if c.id not in weighed.readings), None)
    if best is None:
        return weighed
    first, page = page_of(best)
    told = {best.quote.chunk.sentence_id(n): one for n, one in enumerate(reader.read(question, page), first)}
    new = {one: reading for one, reading in told.items() if reading is not None and one not in weighed.readings}
    if best.id not in new:
        return weighed
    anew = (
        replace(candidate, score=candidate.score + _READ * math.tanh(new[candidate.id] / _SURE))
        if candidate.id in new
        else candidate
        for candidate in weighed.candidates
    )
    return replace(weighed, candidates=ranked(anew), readings={**weighed.readings, **new})


def page_of(candidate: Candidate) -> tuple[int, Page]:
    """A sentence between its neighbours as it is read, with the names of a table's columns; before it, the number of
    the first of them."""
    chunk, number = candidate.quote.chunk, candidate.number
    rows = [f"{names} {text}".strip() for names, text in zip(headers(chunk), chunk.sentence_texts(), strict=True)]
    first = number - 1 if number and len(rows[number - 1].split()) <= _LONG else number
    sentences = tuple(rows[first : number + 2])
    within = (candidate.passage.title, *chunk.heading, chunk.row, names_above(chunk)[number])
    place = dict.fromkeys(part for part in within if part)
    return first, Page(" / ".join(place), sentences)


def share(held: set[str] | frozenset[str], weights: Mapping[str, float]) -> float:
    """The share of the weight of a question's terms that `held` has."""
    total = sum(weights.values())
    return sum(weights[term] for term in held) / total if total else 0.0


def _term_weights(asked: Sequence[str], frequencies: Mapping[str, int], chunks: int) -> dict[str, float]:
    """How much each term of the question tells, by how few chunks hold it (inverse document frequency).

    A term that no chunk holds tells most: its absence speaks against an answer.
    """
    return {term: math.log(1 + chunks / (frequencies.get(term, 0) + 0.5)) for term in asked}


def _candidates(
    passage: Passage,
    question: str,
    weights: Mapping[str, float],
    cosines: Mapping[str, float],
    wanted: Kind | None,
    here: bool,
) -> list[Candidate]:
    chunk = passage.chunk
    place = set(terms(" ".join((passage.title, *chunk.heading))))
    candidates: list[Candidate] = []
    before: set[str] = set()
    thing = thing_to_define(question)
    above = heading_above(chunk, passage.title)
    asked = above if above and is_question(above.text) else None
    asked_terms = terms(above.text) if above and (asked or is_named_by(question, above.text)) else []
    asked_cosine = 0.0
    texts, items = chunk.sentence_texts(), names_above(chunk)
    for number, (text, names, item) in enumerate(zip(texts, headers(chunk), items, strict=True)):
        names = _column_asked(names, weights) if chunk.row else names
        said = [term for part in (chunk.row, item, names, text, unsaid(text)) for term in terms(part)]
        quote = Quote(chunk, chunk.sentences[number])
        cosine = cosines.get(chunk.sentence_id(number), 0.0)
        if is_question(text):
            asked, asked_terms, asked_cosine = quote, said, cosine
            continue
        said, cosine = asked_terms + said, max(cosine, asked_cosine)
        own = set(said)
        held = frozenset(own & weights.keys())
        fits = (
            wanted is None
            or wanted.held_by(text, question)
            or telling_above(question, quote, passage.title) is not None
        )
        # "9 September 2025." under "Next meeting" is all that there is to say.
        told = above is not None and wanted is not None and wanted.figure and fits
        scrap = 0.3 if len(own) < 4 and not told else 0.0
        gate = (
            cosine + 0.5 * share(held, weights) + 0.25 * share((own | before | place) & weights.keys(), weights) - scrap
        )
        lacks = wanted is not None and wanted.figure and not fits
        cell = not chunk.row and not lacks and _is_cell(text, names, held, weights)
        score = gate + (0.12 if fits else 0.0) + 0.1 * passage.score + (_HERE if here else 0.0) + _CELL * cell
        score += _NAMED * (cell and {*subject_terms(cells(text)[0])} <= weights.keys())
        name = item or (cells(text)[0] if names and not chunk.row else "")
        score += _DEFINITION * bool(thing and defines(thing, text, name))
        same = asked and asks_alike(question, asked.text)
        score += _STORED * bool(same and share({*asked_terms} & weights.keys(), weights) >= _SAME_WORDS)
        candidates.append(
            Candidate(quote, passage, number, asked, tuple(said), held, fits, cell, cosine, gate, score, name)
        )
        before, asked, asked_terms, asked_cosine = own, None, [], 0.0
    return candidates


def _of_other_dates(question: str, retrieval: Retrieval) -> Set[str]:
    """The documents found whose titles have another month than the question names, where one has just that: the minutes
    of March are none of "the meeting in October"."""
    asked = _months(question)
    titles = {passage.chunk.document: _months(passage.title) for passage in retrieval.passages} if asked else {}
    alike = {
        document for document, months in titles.items() if any(_is_month(*ends) for ends in product(asked, months))
    }
    return {name for name, months in titles.items() if months and name not in alike} if alike else set()


def _months(text: str) -> list[Day]:
    days = (day for figure in figures(text) for day in figure.readings if isinstance(day, Day))
    return [day for day in days if day.month]


def _is_month(one: Day, other: Day) -> bool:
    return one.month == other.month and (one.year == other.year or not (one.year and other.year))


def _told_apart(
    candidates: Sequence[Candidate], weights: Mapping[str, float], labelled: Set[tuple[str, str]], dated: Set[str]
) -> Iterable[Candidate]:
    """The candidates, where rows and items of others lose whose table or list has one that the question names: asked
    about the shop, "Café | 9:30" says nothing beside "Shop | 11:00". What speaks of "Vault V" loses, too, where "Vault
    N" is asked about, one of those that are `labelled`, and what stands in a document that is `dated` otherwise."""
    chunks = {c.quote.chunk.id: c.quote.chunk for c in candidates if c.name}
    columns = {own: headers(chunk) for own, chunk in chunks.items()}
    places = [
        (c.quote.chunk.document, c.quote.chunk.heading, columns[c.quote.chunk.id][c.number]) if c.name else None
        for c in candidates
    ]
    are_named = [bool(own := {*subject_terms(c.name)}) and own <= weights.keys() for c in candidates]
    asked = {place for place, is_named in zip(places, are_named, strict=True) if is_named}
    for candidate, place, is_named in zip(candidates, places, are_named, strict=True):
        other = place is not None and place in asked and not is_named
        other = other or (bool(labelled) and _is_labelled_apart(candidate, labelled))
        other = other or candidate.quote.chunk.document in dated
        yield replace(candidate, other=True, score=candidate.score - _OTHER) if other else candidate


def _is_labelled_apart(candidate: Candidate, asked: Set[tuple[str, str]]) -> bool:
    """Whether a sentence, with what it stands under, has another number or letter behind each noun of those asked
    about that it has one behind."""
    place = (candidate.passage.title, *candidate.quote.chunk.heading, candidate.name, candidate.quote.text)
    nouns = {noun for noun, _ in asked}
    said = {one for text in place for one in named(text) if one[0] in nouns}
    return bool(said) and said.isdisjoint(asked)


def _is_cell(row: str, names: str, held: Set[str], weights: Mapping[str, float]) -> bool:
    """Whether the first cell of a row and the names of columns both say something of the question, together half."""
    if not names:
        return False
    own, columns = ({*terms(part)} & held for part in (cells(row)[0], names))
    return bool(own and columns - own) and share({*own, *columns}, weights) >= _HALF


def _column_asked(names: str, weights: Mapping[str, float]) -> str:
    """Of the names of columns the one that holds most of what a question asks: two columns are no one of both."""
    return max(cells(names), key=lambda name: share(weights.keys() & set(terms(name)), weights))
