"""The writer that needs no language model: it chooses the sentences that answer and quotes them.

The evidence for each sentence is weighed in `evidence`; here the fewest are chosen that answer together, with the
neighbours without which they cannot be understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Candidate, Weighed, asks_for_figure, certainty, share, weigh
from assistant.retriever import Retrieval
from assistant.settings import AnswerSettings
from assistant.types import Band, Quote
from index.generation import Generation

_NEAR_TIE = 0.18  # a sentence this close to the best may be the better answer, so it is shown too
_NEW_WORDS = 0.3  # a sentence that covers this much more of the question is worth adding
_KIND_FROM = 0.5  # how near a sentence must come that alone holds the kind of thing asked for
_WORTH = 0.55  # what a further sentence must have by itself
_SAME = 0.9  # cosine from which two sentences say the same
_WORDS = 75  # shown at most, unless the first sentence alone is longer


@dataclass(frozen=True, slots=True)
class Choice:
    """What the writer decided: the band, and the quotes in the order to read them (none if nothing was found)."""

    band: Band
    quotes: tuple[Quote, ...]


def choose(question: str, retrieval: Retrieval, generation: Generation, settings: AnswerSettings) -> Choice:
    """The one to `settings.sentences` sentences that together answer `question`."""
    weighed = weigh(question, retrieval, generation)
    sure = certainty(question, weighed, retrieval)
    if not weighed.candidates or sure < settings.uncertain_from:
        return Choice("not_found", ())
    chosen = [weighed.candidates[0]]
    for candidate in weighed.candidates[1:20]:
        if len(chosen) < settings.sentences and _adds(candidate, chosen, weighed):
            chosen.append(candidate)
    # Asked for a date or a number, words that hold none are at best close to an answer.
    hollow = asks_for_figure(weighed.wanted) and not any(c.fits for c in chosen)
    band: Band = "answered" if sure >= settings.answer_from and not hollow else "uncertain"
    quotes = _with_neighbours([c.quote for c in chosen], settings.sentences)
    return Choice(band, _in_reading_order(quotes))


def _adds(candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    """Whether a sentence is worth showing beside those chosen.

    It is for a near tie, for words of the question that are still missing, and for the kind of thing asked for when
    none of those chosen holds one.
    """
    words = sum(len(c.quote.text.split()) for c in (*chosen, candidate))
    if words > _WORDS or candidate.gate < _WORTH:
        return False
    if candidate.fits and not any(c.fits for c in chosen) and candidate.gate >= _KIND_FROM * chosen[0].gate:
        return True
    covered = frozenset().union(*(c.terms for c in chosen))
    near_tie = candidate.score >= chosen[0].score - _NEAR_TIE
    new_words = share(candidate.terms - covered, weighed.weights) >= _NEW_WORDS
    return (near_tie or new_words) and not _repeats(candidate, chosen, weighed)


def _repeats(candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    own = weighed.vectors[candidate.quote.chunk.sentence_id(candidate.number)]
    others = [weighed.vectors[c.quote.chunk.sentence_id(c.number)] for c in chosen]
    return any(float(own @ other) > _SAME for other in others)


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
