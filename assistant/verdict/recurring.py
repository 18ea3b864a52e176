"""Whether a sentence says that something is more or less often than its sources do: "every day" for "every second
day"."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source
from assistant.words.frequencies import Frequency, frequencies

_HALF = 0.5  # of the rest, which has to stand beside another frequency


def of_another_frequency(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what most of a sentence is said of is as often as another sentence of the sources has it."""
    said = matches.said
    ours = frequencies(said.text)
    if not ours or said.denials:
        return False
    found = matches.beside(sources)
    return any(_is_other(frequency, said, found) for frequency in ours)


def _is_other(frequency: Frequency, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the sentences that have most of the rest of a frequency's clause have others, and not this one."""
    rest = _beside(frequency, said)
    rows = [(frozenset(n for n in rest if match.at[n]), *row) for row in found for match in row[1:]]
    most = max((held for held, *_ in rows), key=len, default=frozenset[int]())
    if len(most) < max(1, _HALF * len(rest)):
        return False
    theirs = [_told(sentence, match) for held, sentence, match in rows if len(held) == len(most) or held - most]
    return any(theirs) and not any(frequency.is_as(other) for told in theirs for other in told)


def _beside(frequency: Frequency, said: Sentence) -> list[int]:
    """The pieces of its clause, by number, or all others if there are none."""
    others = [n for n, p in enumerate(said.pieces) if not frequency.start < p.end <= frequency.end]
    clauses = {p.clause for p in said.pieces if frequency.start < p.end <= frequency.end}
    return [n for n in others if said.pieces[n].clause in clauses] or others


def _told(sentence: Sentence, match: Match) -> list[Frequency]:
    """The frequencies of a sentence whose clauses have most of what is said."""
    told = [(sum(bool(match.by[n]) for n in _beside(one, sentence)), one) for one in frequencies(sentence.text)]
    most = max((held for held, _ in told), default=0)
    return [one for held, one in told if held == most]
