"""A question's words -> the passages that speak of them: sentence vectors and keywords, fused by score.

A passage counts as near as its best sentence. Both sides give their best candidates; each side's scores are stretched
to 0..1 over its own candidates (min-max) and mixed by weight. Knows nothing of answers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.frames import subject_terms
from assistant.settings import RetrievalSettings
from index.encoder import Encoder
from index.generation import Generation
from index.terms import terms
from index.types import Chunk, Passage

_SENTENCES_A_CHUNK = 4  # how many sentences to ask for, for each candidate passage


@dataclass(frozen=True, slots=True)
class Retrieval:
    """The passages for a query, best first; `vector` is the query's unit vector, `cosines` those of the nearest
    sentences of the whole index, best first."""

    query: str
    vector: NDArray[np.float32]
    passages: tuple[Passage, ...]
    cosines: tuple[float, ...]


def retrieve(
    query: str, generation: Generation, encoder: Encoder, settings: RetrievalSettings, limit: int | None = None
) -> Retrieval:
    """The best passages for `query`: `limit` of them, or as many as the settings say."""
    vector = encoder.encode([query])[0]
    by_vector: dict[str, float] = {}
    nearest = generation.store.nearest(vector, settings.candidates * _SENTENCES_A_CHUNK)
    for sentence, cosine in nearest:
        by_vector.setdefault(sentence.rpartition(":")[0], cosine)
    by_vector = dict(list(by_vector.items())[: settings.candidates])
    by_keyword = dict(generation.catalog.search(content_terms(query), settings.candidates))
    fused = _fuse(by_vector, by_keyword, settings.vector_weight)
    best = sorted(fused, key=lambda chunk: (-fused[chunk], chunk))[: limit or settings.passages]
    chunks = generation.catalog.chunks_by_id(best)
    passages = tuple(_passage(chunks[chunk], fused[chunk], generation) for chunk in best)
    return Retrieval(query, vector, passages, tuple(cosine for _, cosine in nearest))


def _fuse(by_vector: Mapping[str, float], by_keyword: Mapping[str, float], weight: float) -> dict[str, float]:
    fused: dict[str, float] = {}
    for side, share in ((by_vector, weight), (by_keyword, 1 - weight)):
        low, high = min(side.values(), default=0.0), max(side.values(), default=0.0)
        for chunk, score in side.items():
            stretched = (score - low) / (high - low) if high > low else 1.0
            fused[chunk] = fused.get(chunk, 0.0) + share * stretched
    return fused


def _passage(chunk: Chunk, score: float, generation: Generation) -> Passage:
    entry = generation.catalog.entry(chunk.document)
    return Passage(chunk, entry.title, entry.url, entry.digest, round(score, 4))


def content_terms(query: str) -> list[str]:
    """The terms of a question that say what it is about; all of them if it has no others."""
    return subject_terms(query) or terms(query)
