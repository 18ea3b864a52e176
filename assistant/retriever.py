"""A question's words -> the passages that speak of them: sentence vectors and keywords, fused by score.

A passage counts as near as its best sentence. Both sides give their best candidates; each side's scores are stretched
to 0..1 over its own candidates (min-max) and mixed by weight. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.frames import subject_terms
from assistant.settings import RetrievalSettings
from index.encoder import Encoder
from index.generation import Generation
from index.terms import terms
from index.types import Chunk, Passage

_ALIKE = 0.9  # the share of words in common from which two passages are shown once
_COMPARED = 2000  # sentences of a folder that are compared one by one
_HERE = 10  # passages of the page where the person stands that are looked at whatever else is near
_PREFERRED = 0.2  # what those are preferred by
_REACH = 5  # how much further the nearest are looked for when only some may count
_SPELLED = 0.6  # word pieces a letter; English has 0.2, Russian in an English encoder 0.9
_SPELLED_SHARE = 0.3  # what is left of the vectors' weight then
_SENTENCES_A_CHUNK = 4  # how many sentences to ask for, for each candidate passage


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The passages for a query, best first; `vector` is the query's unit vector, `cosines` those of the nearest
    sentences of the whole index, best first. `here` is the document at whose page the person stands, if it is known."""

    query: str
    vector: NDArray[np.float32]
    passages: tuple[Passage, ...]
    cosines: tuple[float, ...]
    here: str | None = None


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
    vector = encoder.encode([query])[0]
    asked = content_terms(query)
    nearest = _nearest(vector, generation, settings.candidates * _SENTENCES_A_CHUNK, within)
    by_vector = dict(list(_by_chunk(nearest).items())[: settings.candidates])
    by_keyword = dict(generation.catalog.search(asked, settings.candidates, within))
    here = generation.catalog.document_at(page) if page and within is None else None
    near_here = _by_chunk(_nearest(vector, generation, _HERE, here)) if here else {}
    named_here = dict(generation.catalog.search(asked, _HERE, here)) if here else {}
    weight = settings.vector_weight * (_SPELLED_SHARE if _is_spelled(query, encoder) else 1)
    fused = _fuse((by_vector, near_here, weight), (by_keyword, named_here, 1 - weight))
    if here:
        own = {chunk.id for chunk in generation.catalog.chunks(here)}
        fused = {chunk: score + (_PREFERRED if chunk in own else 0.0) for chunk, score in fused.items()}
    wanted = limit or settings.passages
    ranked = sorted(fused, key=lambda chunk: (-fused[chunk], chunk))[: 2 * wanted]
    chunks = generation.catalog.chunks_by_id(ranked)
    best = _distinct((chunks[chunk] for chunk in ranked), wanted)
    passages = tuple(_passage(chunk, min(fused[chunk.id], 1.0), generation) for chunk in best)
    return Retrieval(query, vector, passages, tuple(cosine for _, cosine in nearest), here)


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
    """Whether the encoder knows the letters of a query rather than its words, as in a language it never learnt."""
    (pieces,) = encoder.count_tokens([query])
    return pieces > _SPELLED * sum(c.isalpha() for c in query)


def _distinct(chunks: Iterable[Chunk], limit: int) -> list[Chunk]:
    """The first `limit` chunks, without those whose words are nearly all those of one before."""
    kept: list[tuple[Chunk, frozenset[str]]] = []
    for chunk in chunks:
        words = frozenset(terms(chunk.text))
        if not any(len(words & other) >= _ALIKE * len(words | other) for _, other in kept):
            kept.append((chunk, words))
        if len(kept) == limit:
            break
    return [chunk for chunk, _ in kept]


_Side = tuple[Mapping[str, float], Mapping[str, float], float]
"""The scores of one side's best chunks, of others that are looked at too, and the side's weight."""


def _fuse(*sides: _Side) -> dict[str, float]:
    fused: dict[str, float] = {}
    for best, others, weight in sides:
        low, high = min(best.values(), default=0.0), max(best.values(), default=0.0)
        for chunk, score in {**others, **best}.items():
            stretched = (score - low) / (high - low) if high > low else 1.0
            fused[chunk] = fused.get(chunk, 0.0) + weight * max(stretched, 0.0)
    return fused


def _passage(chunk: Chunk, score: float, generation: Generation) -> Passage:
    entry = generation.catalog.entry(chunk.document)
    return Passage(chunk, entry.title, entry.url, entry.digest, round(score, 4))


def opening(document: str, generation: Generation) -> Passage | None:
    """The first passage of a document, as if it had been found."""
    chunk = next(generation.catalog.chunks(document), None)
    return _passage(chunk, 1.0, generation) if chunk else None


def content_terms(query: str) -> list[str]:
    """The terms of a question that say what it is about; all of them if it has no others."""
    return subject_terms(query) or terms(query)
