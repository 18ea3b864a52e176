"""The writer that needs no language model: it chooses the sentences that answer and quotes them.

The evidence for each sentence is weighed in `evidence`; here the fewest are chosen that answer together, with the
neighbours without which they cannot be understood.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.companions import with_companions
from assistant.conflicts import rivals
from assistant.evidence import Candidate, Weighed, bears_out, certainty, is_question, share, weigh
from assistant.frames import subject_terms
from assistant.kinds import holds_new
from assistant.retriever import Retrieval, opening
from assistant.settings import AnswerSettings
from assistant.types import Band, Quote
from index.generation import Generation
from index.terms import terms
from index.types import Passage

_NEAR_TIE = 0.22  # a sentence this close to the best may be the better answer, so it is shown too
_PLACE = 0.2  # of what its passage lies behind the best one's, which counts against that
_NEW_WORDS = 0.3  # a sentence that covers this much more of the question is worth adding
_KIND_FROM = 0.5  # how near a sentence must come that alone holds the kind of thing asked for
_WORTH = 0.55  # what a further sentence must have by itself
_SAME = 0.9  # cosine from which two sentences say the same
_SAID = 0.6  # the share of a sentence's terms from which another has said it
_WORDS = 75  # shown at most, unless the first sentence alone is longer


@dataclass(frozen=True, slots=True)
class Choice:
    """What the writer decided: the band, the quotes in the order to read them (none if nothing was found), the passages
    that it looked at, among them those of the quotes, and which quotes contradict each other."""

    band: Band
    quotes: tuple[Quote, ...]
    passages: tuple[Passage, ...]
    conflict: tuple[Quote, ...] = ()


def choose(question: str, retrieval: Retrieval, generation: Generation, settings: AnswerSettings) -> Choice:
    """The one to `settings.sentences` sentences that together answer `question`, or more if they are of one list.

    Asked what a document is about, it is the lead of that document.
    """
    return _lead(question, retrieval, generation, settings.sentences) or _sentences(
        question, retrieval, generation, settings
    )


def _sentences(question: str, retrieval: Retrieval, generation: Generation, settings: AnswerSettings) -> Choice:
    weighed = weigh(question, retrieval, generation)
    sure = certainty(question, weighed, retrieval)
    if not weighed.candidates or sure < settings.uncertain_from or not subject_terms(question):
        return Choice("not_found", (), retrieval.passages)
    chosen = [weighed.candidates[0]]
    for candidate in weighed.candidates[1:20]:
        if len(chosen) < settings.sentences and _adds(question, candidate, chosen, weighed):
            chosen.append(candidate)
    chosen, conflict = _with_rivals(question, chosen, weighed, generation, settings.sentences)
    answered = sure >= settings.answer_from and bears_out(question, chosen, weighed, sure)
    band: Band = "answered" if answered else "uncertain"
    quotes = with_companions(question, chosen, weighed, generation, settings.sentences)
    shown = tuple(quote for quote in conflict if quote in quotes)
    conflict = shown if len(shown) > 1 else ()
    return Choice(band, _in_reading_order(quotes), _passages_of(quotes, retrieval), conflict)


def _with_rivals(
    question: str, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation, limit: int
) -> tuple[list[Candidate], tuple[Quote, ...]]:
    """The candidates, the first that others contradict in a number or date together with those, and these quotes.

    The newest of them comes first where all are dated.
    """
    for place, candidate in enumerate(chosen):
        found = [candidate, *rivals(question, candidate, weighed.candidates, limit - 1)]
        if len(found) > 1:
            dates = [generation.catalog.entry(one.quote.chunk.document).date or "" for one in found]
            if all(dates):
                order = sorted(range(len(found)), key=lambda n: dates[n], reverse=True)
                found = [found[n] for n in order]
            kept = [one for one in chosen[:place] if one not in found][: limit - len(found)]
            others = [one for one in chosen[place + 1 :] if one not in found]
            return [*kept, *found, *others][:limit], tuple(one.quote for one in found)
    return list(chosen), ()


def _passages_of(quotes: Sequence[Quote], retrieval: Retrieval) -> tuple[Passage, ...]:
    """The passages found, and those besides that a quote comes from: a long table is named in an earlier one."""
    passages = {passage.chunk.id: passage for passage in retrieval.passages}
    by_document = {passage.chunk.document: passage for passage in reversed(retrieval.passages)}
    for quote in quotes:
        passages.setdefault(quote.chunk.id, replace(by_document[quote.chunk.document], chunk=quote.chunk))
    return tuple(passages.values())


def _adds(question: str, candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    """Whether a sentence is worth showing beside those chosen.

    It is for the kind of thing asked for when none of those chosen holds one. Else it has to say something more, and
    to hold many words of the question still missing or to be a near tie, unless that lacks the kind of thing asked for,
    which is there already, and adds no word of the question.
    """
    words = sum(len(c.quote.text.split()) for c in (*chosen, candidate))
    if words > _WORDS or candidate.gate < _WORTH:
        return False
    best, missing = chosen[0], not any(c.fits for c in chosen)
    if candidate.fits and missing and candidate.gate >= _KIND_FROM * best.gate:
        return True
    new = candidate.terms - frozenset().union(*(c.terms for c in chosen))
    behind = best.score - candidate.score + _PLACE * max(0.0, best.passage.score - candidate.passage.score)
    near_tie = behind <= _NEAR_TIE and (candidate.fits or missing or bool(new))
    new_words = share(new, weighed.weights) >= _NEW_WORDS
    return (near_tie or new_words) and _says_more(question, candidate, chosen, weighed)


def _says_more(question: str, candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    """Whether a sentence is no other wording of those chosen, and names another thing of the kind asked for."""
    own = weighed.vectors[candidate.quote.chunk.sentence_id(candidate.number)]
    said = set(subject_terms(candidate.quote.text))
    for other in chosen:
        near = float(own @ weighed.vectors[other.quote.chunk.sentence_id(other.number)])
        if near > _SAME or len(said & {*subject_terms(other.quote.text)}) >= _SAID * len(said):
            return False
    known = " ".join((question, *(c.quote.text for c in chosen)))
    return weighed.wanted is None or holds_new(weighed.wanted, candidate.quote.text, known)


# --- what a document is about -----------------------------------------------------------------------------------

_GENERAL = re.compile(
    r"\bsummar(?:y|ies|i[sz]e)\b|\b(?:overview|gist|tl;?dr)\b|\b(?:main|key) (?:points?|topics?|ideas?|messages?)\b"
    r"|\bwhat\b.*\b(?:about|cover(?:ed)?|deals? with|discuss(?:ed)?)\W*$",
    re.IGNORECASE,
)
_ANY_DOCUMENT = frozenset(
    terms(
        "article document documents text page file paper report story news content summary summarise summarize overview"
        " gist tl dr tldr main key point topic idea message short brief quick whole cover deal discuss subject"
    )
)
_FULL = 6  # terms that a sentence of a lead has; shorter ones are bylines, dates and the like


def _lead(question: str, retrieval: Retrieval, generation: Generation, limit: int) -> Choice | None:
    """The first full sentences of the document that a general question ("What is this about?") means.

    It is the one whose title holds all other words of the question, or the only one; None if there is none such.
    """
    if not _GENERAL.search(question):
        return None
    topic = set(subject_terms(question)) - _ANY_DOCUMENT
    documents = list(dict.fromkeys(passage.chunk.document for passage in retrieval.passages))
    if topic:
        titles = {passage.chunk.document: passage.title for passage in retrieval.passages}
        documents = [document for document in documents if topic <= set(terms(titles[document]))]
    elif generation.catalog.counts()[0] > 1:
        return None
    passage = opening(documents[0], generation) if documents else None
    if passage is None:
        return None
    chunk, title = passage.chunk, terms(passage.title)
    full = [
        Quote(chunk, span)
        for span, text in zip(chunk.sentences, chunk.sentence_texts(), strict=True)
        if len(said := terms(text)) >= _FULL and said != title and not is_question(text)
    ]
    kept = [quote for n, quote in enumerate(full) if sum(len(q.text.split()) for q in full[: n + 1]) <= _WORDS]
    quotes = tuple(kept or full[:1])[:limit] or (Quote(chunk, chunk.sentences[0]),)
    return Choice("answered", quotes, (passage, *(p for p in retrieval.passages if p.chunk.id != chunk.id)))


def _in_reading_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The best first, together with the others of its passage in their order; then the next passage's."""
    order: dict[str, int] = {}
    for quote in quotes:
        order.setdefault(quote.chunk.id, len(order))
    return tuple(sorted(quotes, key=lambda q: (order[q.chunk.id], q.span.start)))
