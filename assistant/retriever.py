"""A question's words -> the passages that speak of them: sentence vectors and keywords, fused by score.

A passage counts as near as its best sentence. Both sides give their best candidates; each side's scores are stretched
to 0..1 over its own candidates (min-max) and mixed by weight. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.bridging import bridges
from assistant.settings import RetrievalSettings
from assistant.words.frames import subject_terms
from assistant.words.kinds import may_contradict
from index.encoder import Encoder
from index.generation import Generation
from index.terms import places, terms
from index.types import Chunk, Passage, Span

_ALIKE = 0.9  # the share of words in common from which two passages are shown once
_COMPARED = 2000  # sentences of a folder that are compared one by one
_HERE = 10  # passages of the page where the person stands that are looked at whatever else is near
_PREFERRED = 0.2  # what those are preferred by
_AHEAD = 3  # places that a passage is moved ahead to the one that it adjoins
_FIRST = 2  # passages whose names are searched for in turn
_SECOND = 0.4  # the weight of what those names lead to, beside the question's own words
_REACH = 5  # how much further the nearest are looked for when only some may count
_SPELLED = 0.6  # word pieces a letter; English has 0.2, Russian in an English encoder 0.9
_SPELLED_SHARE = 0.3  # what is left of the vectors' weight then
_SENTENCES_A_CHUNK = 2  # how many sentences to ask for, for each candidate passage; with 4 no more is found


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The passages for a query, best first; `vector` is the query's unit vector, `cosines` those of the nearest
    sentences of the whole index, best first. `here` is the document at whose page the person stands, if it is known.
    `spelled` says whether the encoder knows the letters of the query rather than its words, as in a language it never
    learnt."""

    query: str
    vector: NDArray[np.float32]
    passages: tuple[Passage, ...]
    cosines: tuple[float, ...]
    here: str | None = None
    spelled: bool = False


def retrieve(
    query: str,
    generation: Generation,
    encoder: Encoder,
    settings: RetrievalSettings,
    limit: int | None = None,
    within: str | None = None,
    page: str | None = None,
) -> Retrieval:
    """The best passages for `query`: `limit` of them, or as many as the settings say; of passages that say nearly the
    same, the best. `within` is a document or a folder: nothing else is looked at. `page` is the address of the page
    where the person stands, whose passages are preferred if it is a document's own."""
    vector = encoder.encode_one(query)
    asked = content_terms(query)
    nearest = _nearest(vector, generation, settings.candidates * _SENTENCES_A_CHUNK, within)
    by_vector = dict(list(_by_chunk(nearest).items())[: settings.candidates])
    by_keyword = dict(generation.catalog.search(asked, settings.candidates, within))
    spelled = _is_spelled(query, encoder)
    weight = settings.vector_weight * (_SPELLED_SHARE if spelled else 1)
    here = generation.catalog.document_at(page) if page and within is None else None
    near_here = _by_chunk(_nearest(vector, generation, _HERE, here)) if here else {}
    named_here = dict(generation.catalog.search(asked, _HERE, here)) if here else {}
    fused: Mapping[str, float] = _fuse((by_vector, near_here, weight), (by_keyword, named_here, 1 - weight))
    if here:
        own = {chunk.id for chunk in generation.catalog.chunks(here)}
        fused = {chunk: score + (_PREFERRED if chunk in own else 0.0) for chunk, score in fused.items()}
    fused = _bridged(fused, asked, generation, settings.candidates, within)
    passages = _best(fused, generation, limit or settings.passages)
    passages = tuple(_explained(passage, frozenset(asked), nearest) for passage in passages)
    return Retrieval(query, vector, passages, tuple(cosine for _, cosine in nearest), here, spelled)


def _bridged(
    fused: Mapping[str, float], asked: Sequence[str], generation: Generation, limit: int, within: str | None
) -> Mapping[str, float]:
    """The scores with a second step: what the names in the first passages lead to comes nearer behind these."""
    first = sorted(fused, key=lambda chunk: (-fused[chunk], chunk))[:_FIRST]
    chunks = generation.catalog.chunks_by_id(first)
    found = [_passage(chunks[chunk], fused[chunk], generation) for chunk in first]
    bridging = bridges(asked, found, generation.catalog)
    if not bridging:
        return fused
    named = [
        (chunk, score) for chunk, score in generation.catalog.search(bridging, limit, within) if chunk not in first
    ]
    # Beside the best of them and not the worst, since the few that hold a rare name all count.
    further = {chunk: score / named[0][1] for chunk, score in named} | dict.fromkeys(first, 1.0)
    return {
        chunk: (fused.get(chunk, 0.0) + _SECOND * further.get(chunk, 0.0)) / (1 + _SECOND)
        for chunk in fused.keys() | further.keys()
    }


def _best(scores: Mapping[str, float], generation: Generation, limit: int) -> tuple[Passage, ...]:
    ranked = sorted(scores, key=lambda chunk: (-scores[chunk], chunk))[: 2 * limit]
    chunks = generation.catalog.chunks_by_id(ranked)
    best = [chunk.id for chunk in _distinct((chunks[chunk] for chunk in ranked), limit)]
    ordered = _adjoined(best, generation.catalog.followed(best))
    return tuple(_passage(chunks[chunk], min(scores[chunk], 1.0), generation) for chunk in ordered)


def _adjoined(ranked: Sequence[str], followed: Mapping[str, str]) -> list[str]:
    """`ranked`, where a passage brings the one before or after it in the text along if that is at most `_AHEAD` places
    behind, in reading order: what the end of a passage cuts in two is whole again."""
    places = {chunk: place for place, chunk in enumerate(ranked)}
    preceded = {after: before for before, after in followed.items()}
    ordered: dict[str, None] = {}
    for place, chunk in enumerate(ranked):
        if chunk in ordered:
            continue
        run = [chunk]
        for neighbours, end in ((preceded, 0), (followed, -1)):
            while (near := neighbours.get(run[end])) and near not in ordered and places[near] <= place + _AHEAD:
                run.insert(len(run) if end else 0, near)
        ordered |= dict.fromkeys(run)
    return list(ordered)


def _by_chunk(nearest: Iterable[tuple[str, float]]) -> dict[str, float]:
    """Each chunk with the cosine of its nearest sentence, best first."""
    best: dict[str, float] = {}
    for sentence, cosine in nearest:
        best.setdefault(sentence.rpartition(":")[0], cosine)
    return best


def _nearest(
    vector: NDArray[np.float32], generation: Generation, limit: int, within: str | None
) -> list[tuple[str, float]]:
    if within is None:
        return generation.store.nearest(vector, limit)
    ids = generation.catalog.sentence_ids(within)
    if len(ids) > _COMPARED:  # much of the index: what lies elsewhere is left out of what is nearest
        inside = set(ids)
        near = generation.store.nearest(vector, limit * _REACH)
        return [(sentence, cosine) for sentence, cosine in near if sentence in inside][:limit]
    cosines = (
        [(sentence, float(row @ vector)) for sentence, row in generation.store.vectors(ids).items()] if ids else []
    )
    return sorted(cosines, key=lambda near: -near[1])[:limit]


def _is_spelled(query: str, encoder: Encoder) -> bool:
    (pieces,) = encoder.count_tokens([query])
    return pieces > _SPELLED * sum(c.isalpha() for c in query)


def _distinct(chunks: Iterable[Chunk], limit: int) -> list[Chunk]:
    """The first `limit` chunks but those that have all figures and denials and nearly all words of one before."""
    kept: list[tuple[Chunk, frozenset[str]]] = []
    for chunk in chunks:
        words = frozenset(terms_of(chunk))
        if not any(
            len(words & other) >= _ALIKE * len(words | other) and not may_contradict(words ^ other) for _, other in kept
        ):
            kept.append((chunk, words))
        if len(kept) == limit:
            break
    return [chunk for chunk, _ in kept]


def terms_of(chunk: Chunk) -> Iterator[str]:
    """The terms of a passage's text: those of its sentences, which are kept for all who weigh them, and of what stands
    between these, as headings do."""
    end = chunk.start
    for span, sentence in zip(chunk.sentences, chunk.sentence_texts(), strict=True):
        yield from terms(chunk.text[end - chunk.start : span.start - chunk.start])
        yield from terms(sentence)
        end = span.end
    yield from terms(chunk.text[end - chunk.start :])


_Side = tuple[Mapping[str, float], Mapping[str, float], float]
"""The scores of one side's best chunks, of others that are looked at too, and the side's weight."""


def _fuse(*sides: _Side) -> dict[str, float]:
    fused: dict[str, float] = {}
    for best, others, weight in sides:
        low, high = min(best.values(), default=0.0), max(best.values(), default=0.0)
        for chunk, score in {**others, **best}.items():
            stretched = max((score - low) / (high - low), 0.0) if high > low else 1.0
            fused[chunk] = fused.get(chunk, 0.0) + weight * stretched
    return fused


def _passage(chunk: Chunk, score: float, generation: Generation) -> Passage:
    entry = generation.catalog.entry(chunk.document)
    return Passage(chunk, entry.title, entry.url, entry.digest, round(score, 4))


def _explained(passage: Passage, asked: frozenset[str], nearest: Iterable[tuple[str, float]]) -> Passage:
    """The passage with what it was found by."""
    chunk = passage.chunk
    matched = tuple(Span(chunk.start + start, chunk.start + end) for start, end in places(chunk.text, asked))
    sentences = {chunk.sentence_id(number): span for number, span in enumerate(chunk.sentences)}
    best = next((sentences[sentence] for sentence, _ in nearest if sentence in sentences), None)
    return replace(passage, matched=matched, nearest=best)


def opening(document: str, generation: Generation) -> Passage | None:
    """The first passage of a document, as if it had been found."""
    chunk = next(generation.catalog.chunks(document), None)
    return _passage(chunk, 1.0, generation) if chunk else None


def content_terms(query: str) -> list[str]:
    """The terms of a question that say what it is about; all of them if it has no others."""
    return subject_terms(query) or terms(query)
