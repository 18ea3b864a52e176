"""What speaks for a sentence as the answer to a question, and how sure that makes us that there is an answer at all.

`weigh` ranks sentences: by cosine with the question, by the share of the question's words that they hold (weighted by
how rare those are), the same with the surroundings counted in, and by whether they hold the kind of thing asked for. A
question that a document asks itself, as in a list of frequent ones, is no answer: it is a heading to what follows it.
`certainty` is a logistic function of the best sentence's evidence. Each part of it is a share or a difference, none
grows with the number of documents, so one calibration serves three documents and three thousand (docs/quality.md).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import astuple, dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.quoting.headings import heading_above, is_named_by, is_question, telling_above
from assistant.quoting.reader import Page, Reader
from assistant.retriever import Retrieval, content_terms
from assistant.types import Quote
from assistant.words.definitions import opens_as_definition, thing_to_define
from assistant.words.frames import subject_terms
from assistant.words.kinds import Kind, kind_of_answer
from assistant.words.names import missing_names, names_of
from index.generation import Generation
from index.tables import cells, headers
from index.terms import terms
from index.types import Passage

SAME_QUESTION = 0.7
"""The cosine from which a stored question is the one asked, in other words."""

_APART = 3  # terms of the question that stand this near each other in a sentence are taken to belong together
_AROUND = 30  # the nearest sentences of the whole index, above whose middle an answer should stand out
_FEW = 8  # with fewer sentences than this, their middle says nothing, and that of any text stands in for the missing
_HERE = 0.1  # what a sentence of the page where the person stands is preferred by
_UNRELATED = 0.1  # the cosine of a question with words about something else
_CELL = 0.25  # what a table's row gains by whose name and column's name half of the question is said
_HALF = 0.5  # the share of the question that this is
_NAMED = 0.05  # what such a row gains whose name is all asked for
_DEFINITION = 0.25  # what a sentence gains that begins as the definition asked for
_READ = 0.25  # what the score of a sentence gains if the reader is sure that it answers, or loses if it does not
_SURE = 8.0  # a reading from which the reader is rather sure that a sentence answers, for the score
_ANY = 6.0  # and that any sentence does, for the certainty
_LONG = 40  # words of a neighbour that is not read with a sentence


@dataclass(frozen=True, slots=True)
class Evidence:
    """What `certainty` is made from, all for the best sentence; shares are of the question's weighted terms.

    `cosine` with the question; `held` the share it holds, `passage` the share its passage and headings hold; `together`
    the share of neighbouring terms that stand together in it; `strange` the share of the question's names and numbers
    that its passage lacks; `fits` 1 if it holds the kind of thing asked for; `stands_out` its passage's best cosine
    above the middle of the nearest sentences; `length` the logarithm of one more than the number of terms; `reading`
    how surely the reader finds an answer (1) or none (-1), 0 if it was not asked.
    """

    cosine: float
    held: float
    passage: float
    together: float
    strange: float
    fits: float
    stands_out: float
    length: float
    reading: float = 0.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage with its evidence. `score` ranks it; `said` are its terms, behind those of the stored
    question that it answers, `asked`; `terms` are the question's among them; `fits` says that it holds the kind of
    thing asked for; `cosine` is its nearness to the question, `gate` the score without its place among the passages
    and without the kind of answer."""

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


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first, with the weights of the question's terms and the vectors of the sentences by id.
    `wanted` is the kind of thing asked for, if the question says; `nowhere` are its terms that no document holds;
    `reading` is what the reader said of the best and its neighbours (`Reader.read`), None where it was not asked."""

    candidates: tuple[Candidate, ...]
    weights: Mapping[str, float]
    vectors: Mapping[str, NDArray[np.float32]]
    wanted: Kind | None
    nowhere: frozenset[str]
    reading: float | None = None


def weigh(question: str, retrieval: Retrieval, generation: Generation) -> Weighed:
    """Every sentence of the passages found, ranked as an answer to `question`."""
    asked = content_terms(question)
    frequencies = generation.catalog.frequencies(asked)
    weights = _term_weights(asked, frequencies, generation.catalog.counts()[1])
    ids = [p.chunk.sentence_id(n) for p in retrieval.passages for n in range(len(p.chunk.sentences))]
    vectors = generation.store.vectors(ids) if ids else {}
    cosines = {identity: float(vector @ retrieval.vector) for identity, vector in vectors.items()}
    wanted = kind_of_answer(question)
    found = (
        candidate
        for passage in retrieval.passages
        for candidate in _candidates(
            passage, question, weights, cosines, wanted, passage.chunk.document == retrieval.here
        )
    )
    return Weighed(ranked(found), weights, vectors, wanted, frozenset(weights.keys() - frequencies.keys()))


def ranked(candidates: Iterable[Candidate]) -> tuple[Candidate, ...]:
    """The candidates, best first."""
    return tuple(sorted(candidates, key=lambda c: (-c.score, c.quote.chunk.id, c.number)))


def read(question: str, weighed: Weighed, reader: Reader) -> Weighed:
    """The candidates (there must be one) ranked anew after `reader` has read the best and its neighbours."""
    best = weighed.candidates[0]
    first, page = page_of(best)
    readings = {n: told for n, told in enumerate(reader.read(question, page), first) if told is not None}
    if best.number not in readings:
        return weighed
    anew = ranked(
        replace(candidate, score=candidate.score + _READ * math.tanh(readings[candidate.number] / _SURE))
        if candidate.quote.chunk.id == best.quote.chunk.id and candidate.number in readings
        else candidate
        for candidate in weighed.candidates
    )
    return replace(weighed, candidates=anew, reading=max(readings.values()))


def page_of(candidate: Candidate) -> tuple[int, Page]:
    """A sentence between its neighbours as it is read, with the names of a table's columns; before it, the number of
    the first of them."""
    chunk, number = candidate.quote.chunk, candidate.number
    rows = [f"{names} {text}".strip() for names, text in zip(headers(chunk), chunk.sentence_texts(), strict=True)]
    first = number - 1 if number and len(rows[number - 1].split()) <= _LONG else number
    sentences = tuple(rows[first : number + 2])
    place = dict.fromkeys(part for part in (candidate.passage.title, *chunk.heading, chunk.row) if part)
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
    for number, (text, names) in enumerate(zip(chunk.sentence_texts(), headers(chunk), strict=True)):
        names = _column_asked(names, weights) if chunk.row else names
        said, quote = terms(f"{chunk.row} {names} {text}"), Quote(chunk, chunk.sentences[number])
        cosine = cosines.get(chunk.sentence_id(number), 0.0)
        if is_question(text):
            asked, asked_terms, asked_cosine = quote, said, cosine
            continue
        said, cosine = asked_terms + said, max(cosine, asked_cosine)
        own = set(said)
        held = frozenset(own & weights.keys())
        scrap = 0.3 if len(own) < 4 else 0.0
        gate = (
            cosine + 0.5 * share(held, weights) + 0.25 * share((own | before | place) & weights.keys(), weights) - scrap
        )
        fits = (
            wanted is None
            or wanted.held_by(text, question)
            or telling_above(question, quote, passage.title) is not None
        )
        cell = not chunk.row and _is_cell(text, names, held, weights)
        score = gate + (0.12 if fits else 0.0) + 0.1 * passage.score + (_HERE if here else 0.0) + _CELL * cell
        score += _NAMED * (cell and {*subject_terms(cells(text)[0])} <= weights.keys())
        score += _DEFINITION * bool(thing and opens_as_definition(thing, text))
        candidates.append(Candidate(quote, passage, number, asked, tuple(said), held, fits, cell, cosine, gate, score))
        before, asked, asked_terms, asked_cosine = own, None, [], 0.0
    return candidates


def _is_cell(row: str, names: str, held: Set[str], weights: Mapping[str, float]) -> bool:
    """Whether the first cell of a row and the names of columns both say something of the question, together half."""
    own, columns = ({*terms(part)} & held for part in (cells(row)[0], names))
    return bool(own and columns - own) and share({*own, *columns}, weights) >= _HALF


def _column_asked(names: str, weights: Mapping[str, float]) -> str:
    """Of the names of columns the one that holds most of what a question asks: two columns are no one of both."""
    return max(cells(names), key=lambda name: share(weights.keys() & set(terms(name)), weights))


# --- certainty -------------------------------------------------------------------------------------------------

# Both fitted by bench/calibrate.py on questions about 20 articles of SQuAD 1.1 and on sets of three paragraphs, and the
# bias moved by hand, so that few of the answerable ones there are refused at 0.5. docs/quality.md has how many.
_UNREAD = Evidence(
    cosine=4.9, held=2.4, passage=2.15, together=1.8, strange=-1.9, fits=0.4, stands_out=3.0, length=0.45
)
_UNREAD_BIAS = -5.15
_WEIGHTS = Evidence(
    cosine=2.35,
    held=0.86,
    passage=1.43,
    together=0.24,
    strange=-1.69,
    fits=0.25,
    stands_out=1.53,
    length=0.16,
    reading=1.74,
)
_BIAS = -1.5


def certainty(question: str, weighed: Weighed, retrieval: Retrieval) -> float:
    """How sure it is, from 0 to 1, that the best candidate answers `question`; 0 if there is none."""
    if not weighed.candidates:
        return 0.0
    weights, bias = (_UNREAD, _UNREAD_BIAS) if weighed.reading is None else (_WEIGHTS, _BIAS)
    logit = bias + sum(map(float.__mul__, astuple(weights), astuple(evidence(question, weighed, retrieval))))
    return 1 / (1 + math.exp(-logit))


def evidence(question: str, weighed: Weighed, retrieval: Retrieval) -> Evidence:
    """The evidence of the best candidate; there must be one."""
    best, weights = weighed.candidates[0], weighed.weights
    passage = best.passage
    whole = " ".join((passage.title, *passage.chunk.heading, passage.chunk.row, passage.chunk.text))
    around = set(terms(whole))
    names = names_of(question) & weights.keys()
    nearest = max(candidate.cosine for candidate in weighed.candidates)
    around_it = (retrieval.cosines + (_UNRELATED,) * (_FEW - len(retrieval.cosines)))[:_AROUND]
    return Evidence(
        cosine=best.cosine,
        held=share(best.terms, weights),
        passage=share(around & weights.keys(), weights),
        together=_together(content_terms(question), best.said),
        strange=len(missing_names(question, whole) & names) / len(names) if names else 0.0,
        fits=float(best.fits),
        stands_out=nearest - float(np.median(around_it)),
        length=math.log(1 + len(weights)),
        reading=math.tanh((weighed.reading or 0.0) / _ANY),
    )


def _together(asked: Sequence[str], said: Sequence[str]) -> float:
    places: dict[str, list[int]] = {}
    for place, term in enumerate(said):
        places.setdefault(term, []).append(place)
    pairs = [(a, b) for a, b in pairwise(asked) if a != b]
    near = [any(abs(i - j) <= _APART for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs]
    return sum(near) / len(near) if near else 0.5
