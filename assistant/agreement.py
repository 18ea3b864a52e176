"""How far passages say what a sentence says: its words, its sense, its figures, its names, and what it denies.

Each measure is a share or a difference from 0 to 1 or a small count, so that none depends on the number of documents.
`likelihood` makes one figure of them (docs/quality.md has how it was fitted).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from assistant.figures import Figure, bears_out
from assistant.names import alike
from assistant.pieces import OPPOSITES, Piece, pieces, says
from index.encoder import Vectors
from index.tables import headers
from index.types import Passage

_LOOSE = 0.5  # what a term elsewhere in the sentence of a figure or name counts of one that stands beside it
_ASKED = 0.5  # what a term that the question has already counts of one that is new
_SIDE = 4  # pieces before and behind one that tell which place in a sentence it has


@dataclass(frozen=True, slots=True)
class Agreement:
    """What passages have of a sentence; shares are of its terms and figures, weighted by rarity, those that
    the question has already by half.

    `held` the share that the passages hold, with their titles and headings; `near` the share that the best two
    sentences hold; `cosine` with the nearest sentence, or with these two together; `length` the logarithm of one more
    than the number of terms.

    `strange_figures` and `strange_names` count what stands nowhere in them. `stray_figure` and `stray_name` say how
    much less of the sentence is held where the figure or name stands than where most of it is. `other_figure` and
    `other_name` say how much more fits around another figure or name than around the one that is said. `turned` is
    the share of the common terms that one denies and the other does not, or has the opposite of. These three are square
    roots, as a little of them tells much.
    """

    held: float
    near: float
    cosine: float
    length: float
    strange_figures: float
    other_figure: float
    stray_figure: float
    strange_names: float
    other_name: float
    stray_name: float
    turned: float


Sides = tuple[Mapping[str, float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, read: its pieces, the terms before and behind each with how close they stand (1 is next to it), all
    its terms, and those that it denies."""

    pieces: tuple[Piece, ...]
    sides: tuple[Sides, ...]
    terms: frozenset[str]
    denied: frozenset[str]


def read(text: str) -> Sentence:
    """`text` as a sentence."""
    found = pieces(text)
    sides = tuple((_close(found[:n][::-1]), _close(found[n + 1 :])) for n in range(len(found)))
    return Sentence(found, sides, _terms(found), _terms(piece for piece in found if piece.denied))


def _close(found: Sequence[Piece]) -> dict[str, float]:
    """The terms of the first pieces, with how close they are."""
    close: dict[str, float] = {}
    for distance, piece in enumerate(found[:_SIDE]):
        for term in piece.terms:
            close.setdefault(term, 1 - distance / _SIDE)
    return close


def _terms(found: Iterable[Piece]) -> frozenset[str]:
    return frozenset(term for piece in found for term in piece.terms)


_CUT = re.compile(r"(?<!\d)\d{1,2}\.$")  # "am 3." before "März 2025"


class Source:
    """A passage, read once; `vectors` are those of its sentences."""

    def __init__(self, passage: Passage, vectors: Vectors) -> None:
        self.passage, self.vectors = passage, vectors

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, rows with the names of their columns, and both parts of a date that was cut in two."""
        texts = self.passage.chunk.sentence_texts()
        for number in range(len(texts) - 1):
            if _CUT.search(texts[number]):
                texts[number] = texts[number + 1] = f"{texts[number]} {texts[number + 1]}"
        rows = zip(headers(self.passage.chunk), texts, strict=True)
        return tuple(read(f"{names} {text}".strip()) for names, text in rows)

    @cached_property
    def place(self) -> tuple[Piece, ...]:
        """The pieces of its title and headings."""
        return tuple(piece for part in (self.passage.title, *self.passage.chunk.heading) for piece in pieces(part))


@dataclass(frozen=True, slots=True)
class _Ranked:
    """Sentence `number` of a source: how well it supports, how near it is, and the terms claimed that it holds."""

    score: float
    cosine: float
    held: frozenset[str]
    source: Source
    number: int

    @property
    def vector(self) -> NDArray[np.float32]:
        row: NDArray[np.float32] = self.source.vectors[self.number]
        return row


class Comparison:
    """A sentence beside some passages.

    `asked` are the pieces of the question, `weights` how much each term of the sentence tells, `cosines` how near it is
    to the sentences of each source. There must be a source.
    """

    def __init__(
        self,
        said: Sentence,
        asked: Sequence[Piece],
        weights: Mapping[str, float],
        sources: Sequence[Source],
        cosines: Sequence[Sequence[float]],
        rare: float,
    ) -> None:
        self._said, self._weights, self._sources, self._rare = said, weights, sources, rare
        self._asked_terms = _terms(asked)
        # What the question has already is claimed too: a passage may be of another thing, or say the contrary.
        claimed = {term: w * (_ASKED if term in self._asked_terms else 1.0) for term, w in weights.items()}
        self._figures = {  # claimed as much as a rare word, each under a key that is no term
            f"#{n}": piece.figure
            for n, piece in enumerate(said.pieces)
            if piece.figure and not _is_little(piece.figure)
        }
        self._claimed = {**claimed, **dict.fromkeys(self._figures, rare)}
        self._total = sum(self._claimed.values()) or 1.0
        self._place = _terms(piece for source in sources for piece in source.place)
        self._pool = self._place.union(*(sentence.terms for sentence in self._sentences()))
        self._held = [[self._held_by(sentence) for sentence in source.sentences] for source in sources]
        self._shares = [[self._share(held) for held in row] for row in self._held]
        self._cosines = cosines

    def best(self, number: int) -> int:
        """Which sentence of source `number` supports best."""
        scores = [0.5 * c + s for c, s in zip(self._cosines[number], self._shares[number], strict=True)]
        return max(range(len(scores)), key=scores.__getitem__)

    def agreement(self) -> Agreement:
        """What the sources have of the sentence."""
        near, near_terms, cosine = self._nearest()
        figures = [piece.figure for piece in self._all() if piece.figure]
        strange_figures = other_figure = stray_figure = strange_names = other_name = stray_name = 0.0
        borne_out = {key for key, figure in self._figures.items() if bears_out(figure, figures)}
        for n, (piece, sides) in enumerate(zip(self._said.pieces, self._said.sides, strict=True)):
            if figure := self._figures.get(f"#{n}"):
                strange = f"#{n}" not in borne_out
                strange_figures += strange * (0.5 if figure.worded else 1.0)
                stray_figure = max(stray_figure, 0.0 if strange else self._stray(piece, {f"#{n}"}))
                other_figure = max(other_figure, self._displaced(piece, sides))
            elif piece.named and self._is_name(piece):
                own = {*piece.terms} - self._asked_terms
                unknown = [term for term in own if not _is_known(term, self._pool)]
                strange_names += 0 if piece.opens and len(piece.terms) == 1 else len(unknown)
                if own:
                    free = bool(unknown) or self._place.issuperset(own)
                    stray_name = max(stray_name, 0.0 if free else self._stray(piece, own))
                    other_name = max(other_name, self._displaced(piece, sides))
        return Agreement(
            held=self._share(self._known(self._pool) | borne_out),
            near=self._share(near_terms | self._known(self._place)),
            cosine=cosine,
            length=math.log(1 + len(self._claimed)),
            strange_figures=min(strange_figures, 2.0),
            other_figure=math.sqrt(other_figure),
            stray_figure=stray_figure,
            strange_names=min(strange_names, 2.0),
            other_name=math.sqrt(other_name),
            stray_name=stray_name,
            turned=math.sqrt(self._turned(near)),
        )

    def _sentences(self) -> Iterator[Sentence]:
        return (sentence for source in self._sources for sentence in source.sentences)

    def _all(self) -> Iterator[Piece]:
        """Every piece of the sources and their places."""
        for source in self._sources:
            yield from source.place
            for sentence in source.sentences:
                yield from sentence.pieces

    def _known(self, known: Set[str]) -> frozenset[str]:
        """The terms claimed that are among `known`, perhaps with another ending."""
        return frozenset(term for term in self._claimed if _is_known(term, known))

    def _held_by(self, sentence: Sentence) -> frozenset[str]:
        """What is claimed that `sentence` has."""
        found = [piece.figure for piece in sentence.pieces if piece.figure]
        figures = (key for key, figure in self._figures.items() if bears_out(figure, found))
        return self._known(sentence.terms).union(figures)

    def _share(self, held: Set[str]) -> float:
        return sum(self._claimed[term] for term in held) / self._total

    def _nearest(self) -> tuple[list[Sentence], frozenset[str], float]:
        """The sentence that supports best and the one that adds most to it, the terms claimed that they hold, and the
        cosine with the nearest sentence or with those two together."""
        ranked = [
            _Ranked(0.5 * cosine + share, cosine, held, source, number)
            for source, *rows in zip(self._sources, self._cosines, self._shares, self._held, strict=True)
            for number, (cosine, share, held) in enumerate(zip(*rows, strict=True))
        ]
        best = max(ranked, key=lambda row: row.score)
        second = max(ranked, key=lambda row: self._share(best.held | row.held) + 0.2 * row.score)
        both = [best, second]
        length = math.sqrt(2 + 2 * float(best.vector @ second.vector)) or 1.0  # of the sum of two unit vectors
        cosine = max(max(row.cosine for row in ranked), (best.cosine + second.cosine) / length)
        return [row.source.sentences[row.number] for row in both], best.held | second.held, cosine

    def _is_name(self, piece: Piece) -> bool:
        """Whether a word with a capital is a name: one that opens a sentence must be rare."""
        return not piece.opens or len(piece.terms) > 1 or self._weights[piece.terms[0]] >= self._rare

    def _stray(self, piece: Piece, claims: Set[str]) -> float:
        """How much less is held by the sentences that have `piece` (for a name, also by the next) than by the best;
        what it claims itself is left out."""
        own = self._share(claims)
        there = top = 0.0
        for source, shares in zip(self._sources, self._shares, strict=True):
            before = False
            for sentence, share in zip(source.sentences, shares, strict=True):
                here = any(says(known, piece) for known in sentence.pieces)
                value = share - own if here else share
                top = max(top, value)
                if here or (before and piece.named):
                    there = max(there, value)
                before = here
        return top - there

    def _displaced(self, piece: Piece, sides: Sides) -> float:
        """How much more of what stands around `piece` stands around another of its kind."""
        around = sum(self._weights[term] * close for side in sides for term, close in side.items()) or 1.0
        fit = rival = 0.0
        for sentence in self._sentences():
            anywhere = sum(self._match(side, dict.fromkeys(sentence.terms, 1.0)) for side in sides) / around
            for other, others in zip(sentence.pieces, sentence.sides, strict=True):
                same = says(other, piece)
                if same or _could_stand_for(other, piece):
                    match = sum(self._match(*pair) for pair in zip(sides, others, strict=True)) / around
                    fit = max(fit, match, anywhere * _LOOSE) if same else fit
                    rival = rival if same else max(rival, match)
        return max(0.0, rival - fit)

    def _match(self, side: Mapping[str, float], other: Mapping[str, float]) -> float:
        return sum(self._weights[t] * min(close, other[t]) for t, close in side.items() if t in other)

    def _turned(self, near: Sequence[Sentence]) -> float:
        denied = frozenset[str]().union(*(sentence.denied for sentence in near))
        plain = frozenset[str]().union(*(sentence.terms - sentence.denied for sentence in near))
        said = self._said
        there, affirmed = denied | plain, said.terms - said.denied
        opposed = {term for term in affirmed - there if plain & OPPOSITES.get(term, frozenset())}
        opposed = {term for term in opposed if not said.terms & OPPOSITES[term]}
        turned = (said.denied & (plain - denied)) | (affirmed & (denied - plain)) | opposed
        common = sum(self._weights[term] for term in (said.terms & there) | opposed) or 1.0
        return sum(self._weights[term] for term in turned) / common


def _is_known(term: str, known: Set[str]) -> bool:
    return term in known or alike(term, known)


def _number(reading: object) -> float:
    return float(reading) if not isinstance(reading, tuple) else math.inf  # type: ignore[arg-type]


def _is_little(figure: Figure) -> bool:
    """Whether a figure needs no support: "one" or "two" that measures nothing."""
    return figure.worded and not figure.unit and min(map(_number, figure.readings)) <= 2


def _could_stand_for(other: Piece, piece: Piece) -> bool:
    """Whether two pieces are of one kind: both names, both dates or years, both other figures of the same kind."""
    if not piece.figure or not other.figure:
        return not piece.figure and other.named
    return _kind(other.figure) == _kind(piece.figure)


def _kind(figure: Figure) -> str:
    year = not figure.unit and not figure.worded and any(1000 <= _number(r) <= 2100 for r in figure.readings)
    return "date" if year else figure.kind


# --- likelihood ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that has to be right: a logistic function of some measures, by their names."""

    bias: float
    weights: Mapping[str, float]


# That the words are there, that the figures, the names and the sense are those of the passages: each can fail alone, so
# their product is what is fitted. By bench/verdicts.py, on half of the conversations and articles (docs/quality.md).
FACTORS = (
    Factor(-1.28, {"held": 2.47, "near": 2.65, "cosine": 4.73, "length": -1.08}),
    Factor(3.67, {"strange_figures": -2.72, "other_figure": -5.79, "stray_figure": -4.19}),
    Factor(0.76, {"strange_names": -0.84, "other_name": -7.11, "stray_name": -2.27, "cosine": 3.87}),
    Factor(3.27, {"turned": -7.79}),
)


def likelihood(agreement: Agreement) -> float:
    """How likely it is, from 0 to 1, that passages with this agreement support the sentence."""
    logits = (f.bias + sum(w * getattr(agreement, name) for name, w in f.weights.items()) for f in FACTORS)
    return math.prod(1 / (1 + math.exp(-logit)) for logit in logits)
