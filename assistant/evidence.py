"""What speaks for a sentence as the answer to a question, and how sure that makes us that there is an answer at all.

`weigh` ranks sentences: by cosine with the question, by the share of the question's words that they hold (weighted by
how rare those are), the same with the surroundings counted in, and by whether they hold the kind of thing asked for. A
question that a document asks itself, as in a list of frequent ones, is no answer: it is a heading to what follows it.
`certainty` is a logistic function of the best sentence's evidence. Each part of it is a share or a difference, none
grows with the number of documents, so one calibration serves three documents and three thousand (docs/quality.md).
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from assistant.headings import heading_above, is_named_by, is_question, person_above
from assistant.kinds import Kind, asked_noun, kind_of_answer
from assistant.names import is_said, missing_names, names_of, owner_of
from assistant.retriever import Retrieval, content_terms
from assistant.types import Quote
from index.generation import Generation
from index.tables import cells, empty_cells, headers
from index.terms import terms
from index.types import Passage

_APART = 3  # terms of the question that stand this near each other in a sentence are taken to belong together
_AROUND = 30  # the nearest sentences of the whole index, above whose middle an answer should stand out
_FEW = 8  # with fewer sentences than this, their middle says nothing, and that of any text stands in for the missing
_HERE = 0.1  # what a sentence of the page where the person stands is preferred by
_UNRELATED = 0.1  # the cosine of a question with words about something else


@dataclass(frozen=True, slots=True)
class Evidence:
    """What `certainty` is made from, all for the best sentence; shares are of the question's weighted terms.

    `cosine` with the question; `held` the share it holds, `passage` the share its passage and headings hold; `together`
    the share of neighbouring terms that stand together in it; `strange` the share of the question's names and numbers
    that its passage lacks; `fits` 1 if it holds the kind of thing asked for; `stands_out` its passage's best cosine
    above the middle of the nearest sentences; `length` the logarithm of one more than the number of terms.
    """

    cosine: float
    held: float
    passage: float
    together: float
    strange: float
    fits: float
    stands_out: float
    length: float


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
    cosine: float
    gate: float
    score: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """The candidates, best first, with the weights of the question's terms and the vectors of the sentences by id.
    `wanted` is the kind of thing asked for, if the question says; `nowhere` are its terms that no document holds."""

    candidates: tuple[Candidate, ...]
    weights: Mapping[str, float]
    vectors: Mapping[str, NDArray[np.float32]]
    wanted: Kind | None
    nowhere: frozenset[str]


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
    ranked = sorted(found, key=lambda c: (-c.score, c.quote.chunk.id, c.number))
    return Weighed(tuple(ranked), weights, vectors, wanted, frozenset(weights.keys() - frequencies.keys()))


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
            wanted is None or wanted.held_by(text, question) or person_above(question, quote, passage.title) is not None
        )
        score = gate + (0.12 if fits else 0.0) + 0.1 * passage.score + (_HERE if here else 0.0)
        candidates.append(Candidate(quote, passage, number, asked, tuple(said), held, fits, cosine, gate, score))
        before, asked, asked_terms, asked_cosine = own, None, [], 0.0
    return candidates


def _column_asked(names: str, weights: Mapping[str, float]) -> str:
    """Of the names of columns the one that holds most of what a question asks: two columns are no one of both."""
    return max(cells(names), key=lambda name: share(weights.keys() & set(terms(name)), weights))


# --- certainty -------------------------------------------------------------------------------------------------

# Fitted by bench/calibrate.py on questions about 20 articles of SQuAD 1.1 and on sets of three paragraphs; moved so
# that 0.5 refuses one in twenty-three of the answerable ones there; since names may be asked for by more than the bias
# (`bears_out`), it was then moved by hand. docs/quality.md has both.
_WEIGHTS = Evidence(
    cosine=4.9, held=2.4, passage=2.15, together=1.8, strange=-1.9, fits=0.4, stands_out=3.0, length=0.45
)
_BIAS = -5.15


def certainty(question: str, weighed: Weighed, retrieval: Retrieval) -> float:
    """How sure it is, from 0 to 1, that the best candidate answers `question`; 0 if there is none."""
    if not weighed.candidates:
        return 0.0
    logit = _BIAS + sum(map(float.__mul__, astuple(_WEIGHTS), astuple(evidence(question, weighed, retrieval))))
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
    )


def _together(asked: Sequence[str], said: Sequence[str]) -> float:
    places: dict[str, list[int]] = {}
    for place, term in enumerate(said):
        places.setdefault(term, []).append(place)
    pairs = [(a, b) for a, b in pairwise(asked) if a != b]
    near = [any(abs(i - j) <= _APART for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs]
    return sum(near) / len(near) if near else 0.5


# --- what is no answer however near it is ------------------------------------------------------------------------

_BEYOND_DOUBT = 0.9  # the certainty from which a name may be missing, as if in other words
_LIKELY = 0.83  # the same for the noun that is asked for
_DOUBTFUL = 0.7  # the certainty below which two words of the question may not be strange to all documents
_HALF = 0.5  # the share of the question from which a stored one is the same
_NEARER = 10  # sentences among which a row that speaks of as much as the answer may have an empty cell
_ONE_WORD = 0.35  # how near a sentence must come to a question that has one word to share
_DEFINED = re.compile(
    r"\W*(?:what (?:is|are|was|were) (?:an? )?|define )(?!the\b|also\b)(\w+(?<!ed)(?: \w+)?)\W*", re.IGNORECASE
)

_SAYS_WHAT = r"[”\"’)]*\s*(?:\b(?:is|are|was|were|means?|meant|refers?|denotes?)\b|[,:(–—-])"


def bears_out(question: str, chosen: Sequence[Candidate], weighed: Weighed, sure: float) -> bool:
    """Whether the sentences chosen (there must be one), best first, can be called an answer and not only close words.

    `sure` is how certain they are. They cannot if a date or number is asked for and they hold none, if what is to be
    defined is only mentioned, or if all they share with the question is its only word. Neither can they if the sentence
    that should answer, the one before it and the headings lack the name of whom the thing asked for belongs to, or,
    unless beyond doubt, any name or number of the question, or their passage the noun that is asked for. Nor can they
    where they answer another stored question, where, in doubt, two words of the question stand in no document, or where
    the answer, or what speaks of as much, is a row of a table whose cell is empty in the column asked for.
    """
    answering = next((candidate for candidate in chosen if candidate.fits), chosen[0])
    chunk = answering.quote.chunk
    headings = (answering.passage.title, *chunk.heading)
    if weighed.wanted and weighed.wanted.figure and not answering.fits:
        return False
    names = names_of(question) & weighed.weights.keys()
    if len(weighed.weights) == 1 and not names and answering.cosine < _ONE_WORD:
        return False
    missing = missing_names(question, near(answering))
    if owner_of(question) & missing or (sure < _BEYOND_DOUBT and names & missing):
        return False
    whole = " ".join((*headings, chunk.row, chunk.text))
    if sure < _DOUBTFUL and sum(not is_said(term, whole) for term in weighed.nowhere) > 1:
        return False
    noun = asked_noun(question) if sure < _LIKELY else None
    if noun and not is_said(noun, whole):
        return False
    if answers_another(answering, weighed.weights):
        return False
    nearer = [other for other in weighed.candidates[:_NEARER] if other.terms >= answering.terms]
    if any(_is_empty_where_asked(candidate, weighed.weights) for candidate in (chosen[0], *nearer)):
        return False
    defined = _DEFINED.fullmatch(question)
    if defined and answering.asked and set(terms(defined[1])) <= set(terms(answering.asked.text)):
        return True
    return not defined or _defines(defined[1], answering.quote.text, headings)


def near(candidate: Candidate) -> str:
    """The words of a sentence with what stands above it (title, headings, names of columns) and just before it."""
    chunk, number = candidate.quote.chunk, candidate.number
    above = (candidate.passage.title, *chunk.heading, chunk.row, headers(chunk)[number])
    return " ".join((*above, *chunk.sentence_texts()[max(0, number - 1) : number + 1]))


def answers_another(candidate: Candidate, weights: Mapping[str, float]) -> bool:
    """Whether a sentence answers a stored question that is another than the one asked, and says nothing of that itself:
    "Six months." under "How long is the probation period?", asked for parental leave."""
    if candidate.asked is None or weights.keys() & set(terms(candidate.quote.text)):
        return False
    return share(weights.keys() & set(terms(candidate.asked.text)), weights) < _HALF


def _is_empty_where_asked(candidate: Candidate, weights: Mapping[str, float]) -> bool:
    """Whether a sentence is a table's row that says nothing in the column asked for.

    That is the one whose name holds most of what the row itself lacks of the question; in "the late shift" the column
    with "late" is not asked for but given.
    """
    row, names = candidate.quote.text, headers(candidate.quote.chunk)[candidate.number]
    empty = empty_cells(row, names) if names else frozenset()
    if not empty:
        return False
    asked = weights.keys() - set(terms(row))
    named = [sum(weights[term] for term in asked & set(terms(name))) for name in cells(names)]
    given = {number for number, cell in enumerate(cells(row)) if weights.keys() & set(terms(cell))}
    open_ones = {number: weight for number, weight in enumerate(named) if weight and number not in given}
    most = max(open_ones.values(), default=0.0)
    return bool(open_ones) and all(number in empty for number, weight in open_ones.items() if weight == most)


def _defines(what: str, text: str, place: Sequence[str]) -> bool:
    """Whether `text` says what something is, or stands under a heading that names just that."""
    wanted = terms(what)
    if any(terms(heading) == wanted for heading in place):
        return True
    # The stems, since "dividends" are defined by "A dividend is ...".
    words = r"\w*\W+".join(re.escape(word[: max(3, len(terms(word)[0]) - 1)]) for word in what.split())
    said = re.compile(rf"\b{words}\w*{_SAYS_WHAT}", re.IGNORECASE)
    return bool(said.search(text)) or bool(re.search(r"\b(?:known|called|defined)\b", text))
