"""Which words of the sources bear out which of a sentence that is judged; looked up once for each of theirs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence, Set
from dataclasses import dataclass

from assistant.verdict.sentences import Sentence, Source
from assistant.words.names import alike
from assistant.words.pieces import Piece, says

_STEM = 4  # letters that terms have in common at least that differ in their endings (`alike`)
_ALIKE = 3  # letters that two words of one meaning have in common at least (`says`)


@dataclass(frozen=True, slots=True)
class Match:
    """For each piece that is judged where it stands in a sentence (`at`), and for each piece of that sentence which
    ones it bears out (`by`); both by number."""

    at: tuple[tuple[int, ...], ...]
    by: tuple[tuple[int, ...], ...]

    @property
    def borne_out(self) -> frozenset[int]:
        """The pieces that are judged which the sentence bears out."""
        return frozenset(n for numbers in self.by for n in numbers)


class Matches:
    """Those of one sentence that is judged. The sentences handed in must outlive it."""

    def __init__(self, said: Sentence) -> None:
        self.said = said
        self._found: dict[int, Match] = {}
        self._figures = [n for n, piece in enumerate(said.pieces) if piece.figure]
        self._beginning: defaultdict[str, list[int]] = defaultdict(list)
        for n, piece in enumerate(said.pieces):
            for beginning in {term[:_ALIKE] for term in piece.terms}:
                self._beginning[beginning].append(n)

        self._alike: defaultdict[str, list[str]] = defaultdict(list)
        for term in said.terms:
            self._alike[term[:_STEM]].append(term)

    def known(self, terms: Set[str]) -> frozenset[str]:
        """The terms that are judged and are among `terms`, perhaps with another ending (`is_known`)."""
        near = ((term, mine) for term in terms for mine in self._alike.get(term[:_STEM], ()))
        return self.said.terms & terms | {mine for term, mine in near if alike(mine, (term,))}

    def of(self, sentence: Sentence) -> Match:
        """The matches in one sentence of the sources."""
        found = self._found.get(id(sentence))
        if found is None:
            found = self._found[id(sentence)] = self._match(sentence)
        return found

    def beside(self, sources: Iterable[Source]) -> list[tuple[Sentence, Match]]:
        """Every sentence of the sources, in order, with the matches in it."""
        return [(sentence, self.of(sentence)) for source in sources for sentence in source.sentences]

    def _match(self, sentence: Sentence) -> Match:
        at: list[list[int]] = [[] for _ in self.said.pieces]
        by = [self._borne_out(piece) for piece in sentence.pieces]
        for place, numbers in enumerate(by):
            for number in numbers:
                at[number].append(place)
        return Match(tuple(map(tuple, at)), tuple(by))

    def _borne_out(self, piece: Piece) -> tuple[int, ...]:
        if piece.figure:
            may = self._figures
        else:
            lists = [self._beginning[t[:_ALIKE]] for t in piece.terms if t[:_ALIKE] in self._beginning]
            may = lists[0] if len(lists) == 1 else sorted({n for numbers in lists for n in numbers})
        return tuple(n for n in may if says(piece, self.said.pieces[n]))


def having_most(
    pieces: Collection[int], rows: Iterable[tuple[Sentence, Match]], least: float
) -> Sequence[tuple[Sentence, Match]]:
    """Those of the sentences, with their matches, that have the most of these pieces, given by number; none if they
    have fewer than `least`."""
    held = [(sum(bool(match.at[n]) for n in pieces), sentence, match) for sentence, match in rows]
    most = max((count for count, _, _ in held), default=0)
    return [(sentence, match) for count, sentence, match in held if count == most >= least]
