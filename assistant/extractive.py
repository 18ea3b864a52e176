"""The writer that needs no language model: it chooses the sentences that answer and quotes them.

Each sentence of the passages found is scored by its cosine with the question, by the share of the question's words
that it holds (weighted by how rare they are), the same with its surroundings counted in, and by whether it holds the
kind of thing asked for. Weights were set by hand; on questions with known answers a fitted model was no better.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.retriever import Retrieval, content_terms
from assistant.settings import AnswerSettings
from assistant.types import Band, Quote
from index.generation import Generation
from index.terms import terms
from index.types import Passage

_NEAR_TIE = 0.12  # a sentence this close to the best may be the better answer, so it is shown too
_NEW_WORDS = 0.3  # a sentence that covers this much more of the question is worth adding
_KIND_FROM = 0.5  # how near a sentence must come that alone holds the kind of thing asked for
_SAME = 0.9  # cosine from which two sentences say the same
_WORDS = 75  # shown at most, unless the first sentence alone is longer


@dataclass(frozen=True, slots=True)
class Choice:
    """What the writer decided: the band, and the quotes in the order to read them (none if nothing was found)."""

    band: Band
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A sentence with its evidence. `gate` says whether it answers at all, `score` ranks it; `held` are the
    question's terms in it; `fits` says that it holds the kind of thing asked for."""

    quote: Quote
    number: int
    held: frozenset[str]
    fits: bool
    gate: float
    score: float


def choose(question: str, retrieval: Retrieval, generation: Generation, settings: AnswerSettings) -> Choice:
    """The one to `settings.sentences` sentences that together answer `question`."""
    weights = _term_weights(question, generation)
    ids = [p.chunk.sentence_id(n) for p in retrieval.passages for n in range(len(p.chunk.sentences))]
    vectors = generation.store.vectors(ids) if ids else {}
    cosines = {identity: float(vector @ retrieval.vector) for identity, vector in vectors.items()}
    wanted = _kind_of_answer(question)
    ranked = sorted(
        (c for p in retrieval.passages for c in _candidates(p, question, weights, cosines, wanted)),
        key=lambda c: (-c.score, c.quote.chunk.id, c.number),
    )
    best_gate = max((c.gate for c in ranked[:5]), default=0.0)
    if not ranked or best_gate < settings.uncertain_from:
        return Choice("not_found", ())
    chosen = [ranked[0]]
    for candidate in ranked[1:20]:
        if len(chosen) < settings.sentences and _adds(candidate, chosen, weights, vectors, settings):
            chosen.append(candidate)
    # Asked for a date or a number, words that hold none are at best close to an answer.
    hollow = wanted is not None and wanted.pattern in (_DATE, _NUMBER) and not any(c.fits for c in chosen)
    band: Band = "answered" if best_gate >= settings.answer_from and not hollow else "uncertain"
    quotes = _with_neighbours([c.quote for c in chosen], settings.sentences)
    return Choice(band, _in_reading_order(quotes))


# --- evidence --------------------------------------------------------------------------------------------------


def _term_weights(question: str, generation: Generation) -> dict[str, float]:
    """How much each term of the question tells, by how few chunks hold it (inverse document frequency).

    A term that no chunk holds tells most: its absence speaks against an answer.
    """
    asked = content_terms(question)
    frequencies = generation.catalog.frequencies(asked)
    _, chunks = generation.catalog.counts()
    return {term: math.log(1 + chunks / (frequencies.get(term, 0) + 0.5)) for term in asked}


def _candidates(
    passage: Passage,
    question: str,
    weights: Mapping[str, float],
    cosines: Mapping[str, float],
    wanted: re.Pattern[str] | None,
) -> list[_Candidate]:
    chunk = passage.chunk
    place = set(terms(" ".join((passage.title, *chunk.heading))))
    candidates: list[_Candidate] = []
    before: set[str] = set()
    for number, text in enumerate(chunk.sentence_texts()):
        own = set(terms(text))
        held = frozenset(own & weights.keys())
        cosine = cosines.get(chunk.sentence_id(number), 0.0)
        gate = cosine + 0.5 * _share(held, weights) + 0.25 * _share((own | before | place) & weights.keys(), weights)
        fits = wanted is None or _new_match(wanted, text, question)
        scrap = 0.3 if len(own) < 4 else 0.0
        score = gate + (0.12 if fits else 0.0) - scrap + 0.1 * passage.score
        candidates.append(_Candidate(Quote(chunk, chunk.sentences[number]), number, held, fits, gate - scrap, score))
        before = own
    return candidates


def _share(held: set[str] | frozenset[str], weights: Mapping[str, float]) -> float:
    total = sum(weights.values())
    return sum(weights[term] for term in held) / total if total else 0.0


_NAME = r"\b[^\W\d_a-z][\w’'-]+(?:\s+[^\W\d_a-z][\w’'-]+)*"
_NUMBER = (
    r"\b\d[\d.,]*\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million"
    r"|billion|half)\b"
)
_DATE = (
    r"\b(?:1[0-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:today|yesterday|tomorrow|century|spring|summer|autumn|winter)\b"
    r"|\b(?:day|week|month|year|hour|minute|decade|morning|evening|night)s?\b|\b(?:noon|midnight|o['’]clock)\b|\b\d+(?:st|nd|rd|th)\b"
)
_KINDS = (
    (r"\bhow (?:many|much|long|old|far|often|large|big|tall|high|fast)\b", _NUMBER),
    (r"\bwhen\b|\b(?:what|which) (?:year|date|day|month|time)\b", _DATE),
    (r"\bwhere\b|\b(?:what|which) (?:city|country|place|town)\b", rf"\b(?:in|at|near|from|to|on)\s+(?:the\s+)?{_NAME}"),
    (r"\bwho(?:m|se)?\b", _NAME),
    (
        r"\bwhy\b",
        r"\b(?:because|due to|owing to|so that|in order to|since|as a result|caused?|reason|led to|a way to)\b",
    ),
    (
        r"\bwhat (?:did|does|has|have|had)\b.*\b(?:say|said|state|claim|tell|think|believe)\b",
        r"[“\"‘]|\b(?:said|says|told|stated)\b",
    ),
)


def _kind_of_answer(question: str) -> re.Pattern[str] | None:
    """A pattern for the kind of thing that the question asks for, if its words say."""
    for asks, answers in _KINDS:
        if re.search(asks, question, re.IGNORECASE):
            flags = re.RegexFlag(0) if _NAME in answers or answers == _DATE else re.IGNORECASE
            return re.compile(answers, flags)
    return None


def _new_match(wanted: re.Pattern[str], text: str, question: str) -> bool:
    """Whether `text` holds such a thing that the question did not already name."""
    asked = question.casefold()
    return any(found[0].casefold() not in asked for found in wanted.finditer(text))


# --- choice ----------------------------------------------------------------------------------------------------


def _adds(
    candidate: _Candidate,
    chosen: Sequence[_Candidate],
    weights: Mapping[str, float],
    vectors: Mapping[str, object],
    settings: AnswerSettings,
) -> bool:
    """Whether a sentence is worth showing beside those chosen.

    It is for a near tie, for words of the question that are still missing, and for the kind of thing asked for when
    none of those chosen holds one.
    """
    words = sum(len(c.quote.text.split()) for c in (*chosen, candidate))
    if words > _WORDS or candidate.gate < settings.uncertain_from:
        return False
    if candidate.fits and not any(c.fits for c in chosen) and candidate.gate >= _KIND_FROM * chosen[0].gate:
        return True
    covered = frozenset().union(*(c.held for c in chosen))
    near_tie = candidate.score >= chosen[0].score - _NEAR_TIE
    new_words = _share(candidate.held - covered, weights) >= _NEW_WORDS
    return (near_tie or new_words) and not _repeats(candidate, chosen, vectors)


def _repeats(candidate: _Candidate, chosen: Sequence[_Candidate], vectors: Mapping[str, object]) -> bool:
    own = vectors[candidate.quote.chunk.sentence_id(candidate.number)]
    others = [vectors[c.quote.chunk.sentence_id(c.number)] for c in chosen]
    return any(float(own @ other) > _SAME for other in others)  # type: ignore[operator]


_LEANS = re.compile(
    r"(?:(?:However|But|And|So|Then|Yet|Still|Also)[, ]+)?(?:he|she|it|they|this|these|those|such|his|her|their|its)\b",
    re.IGNORECASE,
)


def _with_neighbours(quotes: Sequence[Quote], limit: int) -> list[Quote]:
    """Put the sentence before a quote that leans on it ("He said ...") and those that a quote announces ("...:")."""
    result = list(quotes)
    for quote in quotes:
        spans = quote.chunk.sentences
        number = spans.index(quote.span)
        if _LEANS.match(quote.text) and number and len(spans) > 1:
            before = Quote(quote.chunk, spans[number - 1])
            if before not in result and len(before.text.split()) > 3:
                if len(result) >= limit and result[-1] is not quote:
                    result.pop()
                result += [before] if len(result) < limit else []
        if quote.text.endswith(":"):
            announced = [Quote(quote.chunk, span) for span in spans[number + 1 : number + limit]]
            result += [other for other in announced if other not in result][: limit - len(result)]
    return result


def _in_reading_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The best first, together with the others of its passage in their order; then the next passage's."""
    order: dict[str, int] = {}
    for quote in quotes:
        order.setdefault(quote.chunk.id, len(order))
    return tuple(sorted(quotes, key=lambda q: (order[q.chunk.id], q.span.start)))
