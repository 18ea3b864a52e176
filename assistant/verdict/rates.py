"""What a sentence says for another time than its sources: "720 euros a year" of "60 euros a month", "twice a year" of
"every six months"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source
from assistant.words.figures import Figure
from assistant.words.frequencies import Frequency, frequencies
from assistant.words.units import UNITS, measures

Found = Sequence[tuple[Sentence, Match]]

_HALF = 0.5  # of the rest, which has to stand beside the same frequency
_SPANS = ("minute", "hour", "day", "week", "month", "year")
_NIGHTS = frozenset(("night", "nacht", "noche", "nuit"))
_FOR = re.compile(r"\s*(?:an?|per|each|every|/|pro|im|in der|al|a la|por|par)\s+", re.IGNORECASE)
_NEXT = 3  # pieces behind a figure, among which the time for which it is stands


def in_other_words(frequency: Frequency, said: Sentence, found: Found) -> frozenset[int]:
    """The pieces of what `said` has of how often something is, if one sentence with half of the rest has the same in
    other words."""
    own = [n for n, piece in enumerate(said.pieces) if frequency.start <= piece.start < frequency.end]
    rest = [n for n in range(len(said.pieces)) if n not in own]
    for sentence, match in found:
        if all(match.at[n] for n in own) or sum(bool(match.at[n]) for n in rest) < _HALF * len(rest):
            continue
        if any(frequency.is_as(other) for other in frequencies(sentence.text)):
            return frozenset(own)
    return frozenset()


@dataclass(frozen=True, slots=True)
class _Rate:
    """A figure that is for a time, with the number of the piece that names it and how long that is, by its unit."""

    figure: Figure
    number: int
    unit: str
    long: Decimal

    def amounts(self, other: _Rate) -> set[Decimal]:
        """How much it makes in this time and the `other` one."""
        return {reading * other.long for reading in self.figure.readings if isinstance(reading, Decimal)}


def rates_of(number: int, said: Sentence, found: Found) -> Iterator[tuple[int, Figure]]:
    """For a figure of `said` the number of the piece for which time it is, and a figure of the sources that makes as
    much in its own time."""
    ours = _rate(number, said)
    for sentence, _ in found if ours else ():
        for at in range(len(sentence.pieces)):
            theirs = _rate(at, sentence)
            if not ours or not theirs or (ours.figure.unit, ours.unit) != (theirs.figure.unit, theirs.unit):
                continue
            if ours.amounts(theirs) & theirs.amounts(ours):
                yield ours.number, theirs.figure


def of_another_rate(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether a figure is for another time than wherever the sources have it: "$5,000 a month" of "$5,000 per year"."""
    ours = {n: rate for n in range(len(matches.said.pieces)) if (rate := _rate(n, matches.said))}
    found = matches.beside(sources) if ours else ()
    for n, rate in ours.items():
        theirs = [other for sentence, match in found for at in match.at[n] if (other := _rate(at, sentence))]
        if theirs and not any(rate.amounts(other) & other.amounts(rate) for other in theirs):
            return True
    return False


def _rate(number: int, sentence: Sentence) -> _Rate | None:
    """A figure as a rate, if it is for a time: "60 euros a month"."""
    figure = sentence.pieces[number].figure
    if not figure or not figure.unit:
        return None
    for n in range(number + 1, min(number + 1 + _NEXT, len(sentence.pieces))):
        piece = sentence.pieces[n]
        name = sentence.text[piece.start : piece.end].split()[-1]  # of "each day" the day
        span = "day" if name.casefold() in _NIGHTS else UNITS.get(name.casefold(), "")
        if span in _SPANS and _FOR.search(sentence.text, sentence.pieces[number].end, piece.end - len(name)):
            unit, long = min(measures([Decimal(1)], span), key=lambda pair: pair[0] not in ("month", "second"))
            return _Rate(figure, n, unit, long)
    return None
