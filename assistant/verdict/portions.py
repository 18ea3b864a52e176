"""Whether a sentence is of more or fewer of some things than its sources: of all where they are of half."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.verdict.matching import Match, Matches, having_most
from assistant.verdict.sentences import Sentence, Source
from assistant.words.quantifiers import Quantity, quantities

_HALF = 0.5  # of the rest of a clause, which has to stand beside another share of the things


def of_another_portion(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether a sentence is of a share of some things that may not be said of the one that the sources have."""
    said = matches.said
    ours = list(quantities(said.text, said.pieces))
    if not ours or said.denials:
        return False
    found = matches.beside(sources)
    return any(_is_other(quantity, said, found) for quantity in ours)


def _is_other(ours: Quantity, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the sentences that have most of a clause have another share of the things in it."""
    clause = [n for n, piece in enumerate(said.pieces) if piece.clause == said.pieces[ours.number].clause]
    rows = having_most(clause, found, max(2, _HALF * len(clause)))
    theirs = [q for sentence, match in rows for q in _of_the_same(ours, sentence, match)]
    return bool(theirs) and not any(ours.covers(other) for other in theirs)


def _of_the_same(ours: Quantity, sentence: Sentence, match: Match) -> Iterator[Quantity]:
    """The shares that a sentence has of the same things."""
    return (q for q in quantities(sentence.text, sentence.pieces) if q.number in match.at[ours.number])
