"""How far passages say what a sentence says: its words, its sense, its figures, its names, and what it denies.

Each measure is a share or a difference from 0 to 1 or a small count, so that none depends on the number of documents.
`likelihood` makes one figure of them (docs/quality.md has how it was fitted).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.verdict.labelled import counted, mislabelled
from assistant.verdict.matching import Matches
from assistant.verdict.measures import Agreement
from assistant.verdict.placed import placed
from assistant.verdict.replaced import replaced
from assistant.verdict.rules import broken
from assistant.verdict.sense import turned
from assistant.verdict.sentences import Sentence, Sides, Source, abbreviates, terms_of
from assistant.verdict.subject import Asked, is_short, placing
from assistant.words.figures import Figure, bears_out, is_little, kind_of
from assistant.words.frames import language_of
from assistant.words.names import is_in_compound, is_named
from assistant.words.pieces import Piece
from assistant.words.weekdays import DAYS
from index.terms import terms

_LOOSE = 0.5  # what a term elsewhere in the sentence of a figure or name counts of one that stands beside it
_TURNED = 0.8  # and one on its other side ("is trained by Nadia" of "Nadia trains")
_ASKED = 0.5  # what a term that the question has already counts of one that is new


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
    """A sentence, with its `matches`, beside some passages.

    `asked` are the pieces of the question, `weights` how much each term of the sentence tells, `cosines` how near it is
    to the sentences of each source; `outdone` says that a table is against it. There must be a source.
    """

    def __init__(
        self,
        matches: Matches,
        asked: Asked,
        weights: Mapping[str, float],
        sources: Sequence[Source],
        cosines: Sequence[Sequence[float]],
        rare: float,
        outdone: bool,
    ) -> None:
        said = matches.said
        self._said, self._weights, self._sources, self._rare = said, weights, sources, rare
        self._asked, self._matches, self._outdone = asked, matches, outdone
        self._asked_terms = asked.sentence.terms
        # What the question has already is claimed too: a passage may be of another thing, or say the contrary.
        claimed = {term: w * (_ASKED if term in self._asked_terms else 1.0) for term, w in weights.items()}
        which = counted(said.labels, sources)
        self._figures = {  # claimed as much as a rare word, each under a key that is no term
            f"#{n}": piece.figure
            for n, piece in enumerate(said.pieces)
            if piece.figure and not (piece.label or piece.start in which or is_little(piece.figure))
        }
        self._claimed = {**claimed, **dict.fromkeys(self._figures, rare)}
        self._total = sum(self._claimed.values()) or 1.0
        self._place = terms_of(piece for source in sources for piece in source.place)
        self._pool = self._place.union(*(sentence.terms for sentence in self._sentences()))
        self._held = [[self._held_by(sentence) for sentence in source.sentences] for source in sources]
        self._shares = [[self._share(held) for held in row] for row in self._held]
        self._cosines = cosines
        self._is_german = language_of(terms(said.text)) == "de"

    def best(self, number: int) -> int:
        """Which sentence of source `number` supports best."""
        scores = [0.5 * c + s for c, s in zip(self._cosines[number], self._shares[number], strict=True)]
        return max(range(len(scores)), key=scores.__getitem__)

    def agreement(self) -> Agreement:
        """What the sources have of the sentence."""
        said = self._said
        near, near_terms, cosine = self._nearest()
        known = list(self._all())
        place = placing(said, self._asked, self._sources)
        words = replaced(self._matches, self._sources, self._pool, self._weights, self._rare)
        borne_out = {key for key, figure in self._figures.items() if _bears_out(figure, known)}
        in_cells, misplaced = placed(self._matches, self._asked_terms if is_short(said) else frozenset(), self._sources)
        strange_figures, other_figure, stray_figure = self._figures_placed(borne_out, in_cells)
        strange_names, other_name, stray_name = self._names_placed(in_cells)
        return Agreement(
            held=self._share(self._matches.known(self._pool) | borne_out | self._in_compounds()),
            near=self._share(near_terms | self._matches.known(self._place)),
            cosine=cosine,
            length=math.log(1 + len(self._claimed)),
            strange_figures=min(strange_figures, 2.0),
            other_figure=math.sqrt(other_figure),
            stray_figure=stray_figure,
            strange_names=min(strange_names, 2.0),
            other_name=math.sqrt(other_name),
            stray_name=stray_name,
            turned=math.sqrt(min(1.0, turned(said, self._asked.sentence, near, self._sentences(), self._weights))),
            broken=broken(self._matches, self._sources, near[0], self._asked.sentence, self._outdone),
            misplaced=float(misplaced),
            replaced=words.by_another,
            reworded=words.by_a_strange,
            mislabelled=self._mislabelled(in_cells),
            unasked=place.unasked,
            elsewhere=place.elsewhere,
            outdone=place.outdone,
            nearer=place.nearer,
            strange_subject=place.strange,
        )

    def _figures_placed(self, borne_out: Set[str], in_cells: Set[int]) -> tuple[float, float, float]:
        """How many figures are strange, and how far one is another's and astray, but for those in their right cell."""
        strange = other = stray = 0.0
        for key, figure in self._figures.items():
            number = int(key[1:])
            if number in in_cells:
                continue
            strange += 0.0 if key in borne_out else 0.5 if figure.worded else 1.0
            stray = max(stray, self._stray(number, {key}) if key in borne_out else 0.0)
            other = max(other, self._displaced(number))
        return strange, other, stray

    def _names_placed(self, in_cells: Set[int]) -> tuple[float, float, float]:
        """The same of names; of those that the question has, and of those in their cell, what stands nowhere counts."""
        strange = other = stray = 0.0
        for n, piece in enumerate(self._said.pieces):
            if not piece.named or not self._is_name(n, piece) or abbreviates(piece, self._said):
                continue
            if DAYS.issuperset(piece.terms) or (self._is_german and is_in_compound(piece.terms, self._pool)):
                continue  # the days have a rule of their own, and a German noun a capital
            unknown = [term for term in {*piece.terms} if not is_named(term, self._pool)]
            if self._asked_terms.issuperset(piece.terms) and not unknown:
                continue
            strange += 0 if piece.opens and len(piece.terms) == 1 else len(unknown)
            if n in in_cells and not unknown:
                continue
            free = bool(unknown) or self._place.issuperset(piece.terms)
            stray = max(stray, 0.0 if free else self._stray(n, {*piece.terms}))
            other = max(other, self._displaced(n))
        return strange, other, stray

    def _in_compounds(self) -> frozenset[str]:
        """The German nouns that are parts of longer ones of the sources."""
        if not self._is_german:
            return frozenset()
        return frozenset(t for p in self._said.pieces for t in p.terms if is_in_compound(p.terms, self._pool))

    def _sentences(self) -> Iterator[Sentence]:
        return (sentence for source in self._sources for sentence in source.sentences)

    def _all(self) -> Iterator[Piece]:
        """Every piece of the sources and their places."""
        for source in self._sources:
            yield from source.place
            for sentence in source.sentences:
                yield from sentence.pieces

    def _mislabelled(self, in_cells: Set[int]) -> float:
        """How many labels are wrong, by what the rest of the sentence is borne out by; none in its right cell is."""
        right = {self._said.pieces[number].start for number in in_cells}
        said = [label for label in self._said.labels if label.start not in right]
        if is_short(self._said) or self._said.leans:  # it may speak of the room that was asked about
            nouns = {label.noun for label in said}
            said += [label for label in self._asked.sentence.labels if label.noun not in nouns]
        if not said:
            return 0.0
        counting = {label.start for label in said if label.counts}
        own = [n for n, p in enumerate(self._said.pieces) if p.label or p.start in counting]
        labels = terms_of(self._said.pieces[n] for n in own).union(f"#{n}" for n in own)
        total = sum(weight for term, weight in self._claimed.items() if term not in labels) or 1.0
        shares = [[self._share(held - labels) * self._total / total for held in row] for row in self._held]
        return mislabelled(said, self._sources, shares)

    def _held_by(self, sentence: Sentence) -> frozenset[str]:
        """What is claimed that `sentence` has."""
        figures = (key for key, figure in self._figures.items() if _bears_out(figure, sentence.pieces))
        return self._matches.known(sentence.terms).union(figures)

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

    def _is_name(self, number: int, piece: Piece) -> bool:
        """Whether a word with a capital is a name: one that opens a sentence must be rare, and small nowhere."""
        if not piece.opens or len(piece.terms) > 1:
            return True
        known = [sentence.pieces[at] for sentence in self._sentences() for at in self._matches.of(sentence).at[number]]
        return self._weights[piece.terms[0]] >= self._rare and all(piece.named for piece in known)

    def _stray(self, number: int, claims: Set[str]) -> float:
        """How much less is held by the sentences that have a piece (for a name, also by the next) than by the best;
        what it claims itself is left out."""
        own, named = self._share(claims), self._said.pieces[number].named
        there = top = 0.0
        for source, shares in zip(self._sources, self._shares, strict=True):
            before = False
            for sentence, share in zip(source.sentences, shares, strict=True):
                here = bool(self._matches.of(sentence).at[number])
                value = share - own if here else share
                top = max(top, value)
                if here or (before and named):
                    there = max(there, value)
                before = here
        return top - there

    def _displaced(self, number: int) -> float:
        """How much more of what stands around a piece stands around another of its kind."""
        piece, sides = self._said.pieces[number], self._said.sides[number]
        around = sum(self._weights[term] * close for side in sides for term, close in side.items()) or 1.0
        fit = rival = 0.0
        for sentence in self._sentences():
            anywhere = sum(self._match(side, dict.fromkeys(sentence.terms, 1.0)) for side in sides) / around
            same_ones = self._matches.of(sentence).at[number]
            for at, (other, others) in enumerate(zip(sentence.pieces, sentence.sides, strict=True)):
                same = at in same_ones
                if same or _could_stand_for(other, piece):
                    match = self._around(sides, others) / around
                    if same:
                        fit = max(fit, match, _TURNED * self._around(sides, others[::-1]) / around, anywhere * _LOOSE)
                    elif not (piece.figure and self._is_beside(number, at, sentence)):
                        rival = max(rival, match)
        return max(0.0, rival - fit)

    def _is_beside(self, number: int, at: int, sentence: Sentence) -> bool:
        """Whether a piece and one of a sentence are said in one clause, as they are there: "from 10:00 to 15:00"."""
        match, clause = self._matches.of(sentence), self._said.pieces[number].clause
        there = any(sentence.pieces[own].clause == sentence.pieces[at].clause for own in match.at[number])
        return there and any(self._said.pieces[n].clause == clause for n in match.by[at])

    def _around(self, sides: Sides, others: Sides) -> float:
        return sum(self._match(*pair) for pair in zip(sides, others, strict=True))

    def _match(self, side: Mapping[str, float], other: Mapping[str, float]) -> float:
        return sum(self._weights[t] * min(close, other[t]) for t, close in side.items() if t in other)


def _bears_out(figure: Figure, known: Sequence[Piece]) -> bool:
    """Whether one of `known` bears `figure` out; a number that names does not bear out one that measures."""
    return bears_out(figure, [piece.figure for piece in known if piece.figure and not (figure.unit and piece.label)])


def _could_stand_for(other: Piece, piece: Piece) -> bool:
    """Whether two pieces are of one kind: both names, both dates or years, both other figures of the same kind."""
    if not piece.figure or not other.figure:
        return not piece.figure and other.named
    return kind_of(other.figure) == kind_of(piece.figure)
