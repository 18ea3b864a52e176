"""Whether a sentence that a language model wrote is borne out by the passages it cites."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.claims import Piece, pieces, says
from assistant.figures import Figure, bears_out
from assistant.names import alike
from assistant.types import Quote, Support
from index.encoder import Encoder, Vectors
from index.generation import Generation
from index.tables import headers
from index.terms import terms
from index.types import Passage


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the passages cited bear a sentence out.

    `quotes` has, for each passage cited, in their order, the sentence that supports best; `score` is how likely it is,
    from 0 to 1, that the sentence is supported.
    """

    support: Support
    quotes: tuple[Quote, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Agreement:
    held: float
    near: float
    cosine: float
    figures: float
    names: float
    misplaced: float
    exchanged: float
    apart: float
    astray: float
    negated: float
    longest: float


@dataclass(frozen=True, slots=True)
class _Known:
    """A sentence of a passage: its pieces with what stands before and behind each, its terms, the place it stands in."""

    pieces: tuple[Piece, ...]
    sides: tuple[tuple[frozenset[str], frozenset[str]], ...]
    terms: frozenset[str]
    denied: frozenset[str]


class _Source:
    """A passage, read once."""

    def __init__(self, passage: Passage, vectors: Vectors) -> None:
        self.passage, self.vectors = passage, vectors

    @cached_property
    def sentences(self) -> tuple[_Known, ...]:
        chunk = self.passage.chunk
        return tuple(
            _known(f"{names} {text}".strip()) for text, names in zip(chunk.sentence_texts(), headers(chunk), strict=True)
        )

    @cached_property
    def place(self) -> tuple[Piece, ...]:
        return tuple(p for part in (self.passage.title, *self.passage.chunk.heading) for p in pieces(part))

    @cached_property
    def place_terms(self) -> frozenset[str]:
        return frozenset(t for p in self.place for t in p.terms)


_SIDE = 4


def _known(text: str) -> _Known:
    found = pieces(text)
    return _Known(found, _sides(found), frozenset(t for p in found for t in p.terms), frozenset(t for p in found if p.denied for t in p.terms))


def _sides(found: Sequence[Piece]) -> tuple[tuple[frozenset[str], frozenset[str]], ...]:
    def said(part: Sequence[Piece]) -> frozenset[str]:
        return frozenset(term for piece in part for term in piece.terms)
    return tuple((said(found[max(0, n - _SIDE) : n]), said(found[n + 1 : n + 1 + _SIDE])) for n in range(len(found)))


def alike_kind(a, b):
    if a.kind != "number" or b.kind != "number":
        return a.kind == b.kind
    return is_year(a) == is_year(b)


def is_year(f):
    return not f.unit and not f.worded and any(r == int(r) and 1000 <= r <= 2100 for r in f.readings)


class Judge:
    def __init__(self, question: str, passages: Sequence[Passage], generation: Generation, encoder: Encoder) -> None:
        self._catalog, self._encoder = generation.catalog, encoder
        self._asked = pieces(question)
        self._asked_terms = {t for p in self._asked for t in p.terms}
        ids = [p.chunk.sentence_id(n) for p in passages for n in range(len(p.chunk.sentences))]
        vectors = generation.store.vectors(ids) if ids else {}
        self._sources = {}
        for p in passages:
            rows = [vectors[p.chunk.sentence_id(n)] for n in range(len(p.chunk.sentences))]
            self._sources[p.chunk.id] = _Source(p, np.stack(rows))
        self._chunks = self._catalog.counts()[1]

    def agreement(self, sentence: str, cited: Sequence[Passage]):
        sources = [self._sources[p.chunk.id] for p in cited]
        said = _known(sentence)
        vector = self._encoder.encode([sentence])[0]
        frequencies = self._catalog.frequencies(said.terms)
        weights = {t: math.log(1 + self._chunks / (frequencies.get(t, 0) + 0.5)) for t in said.terms}
        claimed = {t: w for t, w in weights.items() if t not in self._asked_terms} or weights
        return self._agreement(said, vector, weights, claimed, sources)

    def _agreement(self, said, vector, weights, claimed, sources):
        total = sum(claimed.values()) or 1.0
        def share(known):
            return sum(w for t, w in claimed.items() if t in known or alike(t, known)) / total
        place = frozenset().union(*(s.place_terms for s in sources))
        pool = place.union(*(k.terms for s in sources for k in s.sentences))
        cos = [s.vectors @ vector for s in sources]
        ranked = [(0.5 * float(c[n]) + share(k.terms), s, n, k) for s, c in zip(sources, cos) for n, k in enumerate(s.sentences)]
        best = max(ranked, key=lambda r: r[0])
        second = max(ranked, key=lambda r: share(r[3].terms | best[3].terms) + 0.2 * r[0])
        near = share(best[3].terms | second[3].terms | place)
        around = {id(best[3]), id(second[3])}
        for _, s, n, k in (best, second):
            if n: around.add(id(s.sentences[n - 1]))
        everything = [p for s in sources for k in s.sentences for p in k.pieces] + [p for s in sources for p in s.place]
        nearby = [p for s in sources for k in s.sentences if id(k) in around for p in k.pieces] + [p for s in sources for p in s.place]
        figs = [p.figure for p in everything + list(self._asked) if p.figure]
        nearfigs = [p.figure for p in nearby + list(self._asked) if p.figure]
        missing = apart = 0.0
        names = exchanged = misplaced = astray = 0.0
        nearpool = frozenset(t for p in nearby for t in p.terms)
        rare = 0.6 * math.log(1 + 2 * self._chunks)
        for n, piece in enumerate(said.pieces):
            if piece.figure:
                if piece.figure.worded and any(int(r) <= 2 for r in piece.figure.readings): continue
                if any(says(p, piece) for p in self._asked): continue
                ok = bears_out(piece.figure, figs)
                if not ok: missing += 0.5 if piece.figure.worded else 1.0
                elif not bears_out(piece.figure, nearfigs): apart += 1
                misplaced = max(misplaced, self._displaced(piece, said.sides[n], said, sources, weights))
            elif piece.named:
                strange = [t for t in piece.terms if t not in self._asked_terms]
                unknown = [t for t in strange if not (t in pool or alike(t, pool))]
                far = [t for t in strange if t not in unknown and not (t in nearpool or alike(t, nearpool))]
                single = piece.opens and len(piece.terms) == 1
                if single and weights[piece.terms[0]] < rare:
                    continue
                if not single:
                    names += len(unknown)
                astray += len(far)
                if strange:
                    exchanged = max(exchanged, self._displaced(piece, said.sides[n], said, sources, weights))
        near_known = (best[3], second[3])
        denied = frozenset().union(*(k.denied for k in near_known))
        plain = frozenset().union(*(k.terms - k.denied for k in near_known))
        wrong = {t for t in said.denied if t in plain and t not in denied} | {t for t in said.terms - said.denied if t in denied and t not in plain}
        wt = sum(weights[t] for t in said.terms & (denied | plain)) or 1.0
        negated = sum(weights[t] for t in wrong) / wt
        return Agreement(share(pool), near, max(float(c.max()) for c in cos), min(missing, 2.0), min(names, 2.0), misplaced, exchanged, min(apart, 2.0), min(astray, 2.0), negated, math.log(1 + len(claimed)))

    def _displaced(self, piece, sides, said, sources, weights):
        total = sum(weights[t] for side in sides for t in side) or 1.0
        fit = rival = 0.0
        for s in sources:
            for k in s.sentences:
                for other, (left, right) in zip(k.pieces, k.sides):
                    if piece.figure:
                        if not other.figure or not alike_kind(piece.figure, other.figure): continue
                    elif not other.named and not says(other, piece): continue
                    match = (sum(weights[t] for t in sides[0] & left) + sum(weights[t] for t in sides[1] & right)) / total
                    if match <= 0: continue
                    if says(other, piece):
                        fit = max(fit, match)
                    elif match > rival:
                        rival = match
        return max(0.0, rival - fit)
