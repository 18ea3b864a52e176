"""Stand-in; replaced by the calibrated one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.frames import subject_terms
from assistant.types import Quote, Support
from index.encoder import Encoder
from index.generation import Generation
from index.types import Passage


@dataclass(frozen=True, slots=True)
class Verdict:
    support: Support
    quotes: tuple[Quote, ...]
    score: float


class Judge:
    def __init__(self, question: str, passages: Sequence[Passage], generation: Generation, encoder: Encoder) -> None:
        self._encoder = encoder
        self._question = set(subject_terms(question))
        self._passages = passages
        ids = [p.chunk.sentence_id(n) for p in passages for n in range(len(p.chunk.sentences))]
        self._vectors = generation.store.vectors(ids) if ids else {}

    def _best(self, vector, passage):
        c = passage.chunk
        return max((float(self._vectors[c.sentence_id(n)] @ vector), n) for n in range(len(c.sentences)))

    def verdict(self, sentence: str, cited: Sequence[Passage]) -> Verdict:
        v = self._encoder.encode([sentence])[0]
        found = [(*self._best(v, p), p) for p in cited]
        score = max(f[0] for f in found)
        return Verdict(
            "supported" if score > 0.6 else "partly" if score > 0.4 else "unsupported",
            tuple(Quote(p.chunk, p.chunk.sentences[n]) for _, n, p in found),
            score,
        )

    def source(self, sentence: str) -> Passage | None:
        v = self._encoder.encode([sentence])[0]
        found = [(*self._best(v, p), n, p) for n, p in enumerate(self._passages)]
        best = max(found, default=None, key=lambda f: f[0])
        return best[3] if best and best[0] > 0.5 else None

    def says_something(self, sentence: str) -> bool:
        return bool(set(subject_terms(sentence)) - self._question)
