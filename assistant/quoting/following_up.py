"""What an answer has quoted -> what a question that leans on it is answered by: who asks on mostly asks for what stands
beside it.

Knows the sentences found and what was said before; how a question became standalone is told by `conversation`.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

from assistant.quoting.evidence import Candidate, Weighed, ranked, share
from assistant.words.pointing import opens_leaning
from index.terms import terms

_QUOTED = 0.1  # what a sentence that goes on from what was quoted is preferred by
_MORE = 0.2  # of what a question says itself; not where others hold so much more of it
_HELD = 0.5  # what a sentence's share of the question counts, as in `evidence`
_SENTENCE = 3  # words from which a sentence in an answer was quoted there


@dataclass(frozen=True, slots=True)
class Before:
    """What a question leans on: what was `said` last; `asked` are the terms of its own words."""

    said: str
    asked: frozenset[str]


def following_up(weighed: Weighed, before: Before) -> Weighed:
    """The candidates, ranked as after what was said `before`.

    A sentence quoted there that has words of the question's own speaks of the topic, as far as its passage does, and so
    does one beside it that leans on others ("She comes from Graz"). Both are preferred, unless they say the topic
    themselves or others hold more of the question's own words.
    """
    quoted = {c.quote.chunk.id for c in weighed.candidates if _is_quoted(c, before)}
    own = {term: weighed.weights[term] for term in before.asked & weighed.weights.keys()}
    there, elsewhere = (
        max(
            (share(c.terms & own.keys(), own) for c in weighed.candidates if (c.quote.chunk.id in quoted) is inside),
            default=0.0,
        )
        for inside in (True, False)
    )
    preference = _QUOTED if there >= elsewhere - _MORE else 0.0
    topic = weighed.weights.keys() - own.keys()
    return replace(
        weighed,
        candidates=ranked(
            _preferred(c, _of_topic(c, topic), preference, weighed.weights)
            if c.quote.chunk.id in quoted and _goes_on(c, before)
            else c
            for c in weighed.candidates
        ),
    )


def _goes_on(candidate: Candidate, before: Before) -> bool:
    if _is_quoted(candidate, before):
        return bool(candidate.terms & before.asked)
    return opens_leaning(candidate.quote.text)


def _preferred(
    candidate: Candidate, gained: frozenset[str], preference: float, weights: Mapping[str, float]
) -> Candidate:
    if not gained:
        return candidate
    gain = _HELD * share(gained, weights)
    held, gate = candidate.terms | gained, candidate.gate + gain
    return replace(candidate, terms=held, gate=gate, score=candidate.score + gain + preference)


def _of_topic(candidate: Candidate, topic: Set[str]) -> frozenset[str]:
    """The terms of the topic that the passage of a sentence has and it has not."""
    chunk = candidate.quote.chunk
    around = {*terms(" ".join((candidate.passage.title, *chunk.heading, chunk.text)))}
    return frozenset(topic & around) - candidate.terms


def _is_quoted(candidate: Candidate, before: Before) -> bool:
    text = candidate.quote.text
    return len(text.split()) >= _SENTENCE and text in before.said
