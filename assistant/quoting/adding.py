"""Whether a further sentence is worth showing beside those chosen: the fewest are to be shown that answer together."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.quoting.near_misses import near
from assistant.quoting.steps import says_what_to_do
from assistant.words.definitions import defines, thing_to_define
from assistant.words.frames import subject_terms
from assistant.words.kinds import asks_for_reason, may_contradict
from assistant.words.names import is_said
from assistant.words.pointing import opens_leaning, tells_what_else
from assistant.words.slots import thing_of
from index.tables import headers
from index.terms import terms

WORDS = 75
"""Shown at most, unless the first sentence alone is longer."""

# What holds up to a limit or under a condition.
_LIMITS = re.compile(
    r"\b(?:up to|until|within|before|during|for the first|for \w+ (?:minutes|hours|days|weeks|months|years)|at least"
    r"|at most|if|when|unless|must|may|only|first|earlier)\b",
    re.IGNORECASE,
)
_CASE = re.compile(r"[^:|\n]{3,60}: \w[^|]*[.!]$")
_NEAR_TIE = 0.22  # a sentence this close to the best may be the better answer, so it is shown too
_PLACE = 0.2  # of what its passage lies behind the best one's, which counts against that
_NEW_WORDS = 0.3  # a sentence that covers this much more of the question is worth adding
_KIND_FROM = 0.5  # how near a sentence must come that alone holds the kind of thing asked for
_WORTH = 0.55  # what a further sentence must have by itself
_SAME = 0.9  # cosine from which two sentences say the same
_SAID = 0.6  # the share of a sentence's terms from which another has said it


def adds(question: str, candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    """Whether a sentence is worth showing beside those chosen.

    It is for the kind of thing asked for when none of those chosen holds one. Else it has to say something more, and
    to hold many words of the question still missing or to be a near tie, unless that lacks the kind of thing asked for,
    which is there already, and adds no word of the question. Beside a cell that is asked for stand only others, and
    beside a definition; beside anything no row of another than the one named, and of the same document nothing under
    another heading than the one named.
    """
    words = sum(len(c.quote.text.split()) for c in (*chosen, candidate))
    if words > WORDS or candidate.gate < _WORTH:
        return False
    if _is_of_another(question, candidate, chosen[0]) or (chosen[0].cell and not candidate.cell):
        return False
    if (candidate.other and not chosen[0].other) or _is_of_another_section(candidate, chosen[0], weighed):
        return False
    thing = thing_to_define(question)
    if thing and _defines(thing, chosen[0]):
        return _defines(thing, candidate) and _says_more(question, candidate, chosen, weighed)
    best, missing = chosen[0], not any(c.fits for c in chosen)
    if candidate.fits and missing and candidate.gate >= _KIND_FROM * best.gate:
        return True
    new = candidate.terms - frozenset().union(*(c.terms for c in chosen), *map(_place_terms, chosen))
    behind = best.score - candidate.score + _PLACE * max(0.0, best.passage.score - candidate.passage.score)
    near_tie = behind <= _NEAR_TIE and (candidate.fits or missing or bool(new))
    new_words = share(new, weighed.weights) >= _NEW_WORDS
    return (near_tie or new_words) and _says_more(question, candidate, chosen, weighed)


def _defines(thing: str, candidate: Candidate) -> bool:
    return defines(thing, candidate.quote.text, candidate.name)


def told_next(question: str, best: Candidate, weighed: Weighed) -> Candidate | None:
    """The sentence behind the best one that leans on it and holds the kind of thing asked for, where that does not.

    "Ada became director in May. She succeeded Grace." tells who was so before. A reason needs no sign of one: "The
    machine goes back. It tripped the fuse." A rule that holds up to a limit needs what holds beyond it: "Returns are
    free within 14 days. After that they cost 5 euros." What is said of a case goes on to what to do in it: "Error 14:
    your password has expired. Change it."
    """
    follower = weighed.beside(best, 1)
    if follower and _LIMITS.search(best.quote.text) and tells_what_else(follower.quote.text):
        return follower
    in_case = _CASE.match(best.quote.text) and follower and _are_on_one_line(best, follower)
    if follower and in_case and says_what_to_do(follower.quote.text):
        return follower
    if best.fits:
        return None
    tells = follower and (follower.fits or asks_for_reason(question)) and opens_leaning(follower.quote.text)
    return follower if tells else None


def _is_of_another_section(candidate: Candidate, best: Candidate, weighed: Weighed) -> bool:
    """Whether the best sentence stands under a heading that the question names, and another of its document under one
    that it does not, and does not have these words either."""
    one, other = best.quote.chunk, candidate.quote.chunk
    if one.document != other.document or one.heading == other.heading:
        return False
    named = {*terms(" ".join(one.heading))} & weighed.weights.keys() - {*terms(best.passage.title)}
    return bool(named) and named.isdisjoint(candidate.terms | _place_terms(candidate))


def _place_terms(candidate: Candidate) -> frozenset[str]:
    """The terms of the title and headings that a sentence stands under."""
    return frozenset(terms(" ".join((candidate.passage.title, *candidate.quote.chunk.heading))))


def _are_on_one_line(one: Candidate, other: Candidate) -> bool:
    chunk = one.quote.chunk
    return "\n" not in chunk.text[one.quote.span.end - chunk.start : other.quote.span.start - chunk.start]


def _is_of_another(question: str, candidate: Candidate, best: Candidate) -> bool:
    """Whether a sentence speaks of the thing of another than asked for, as "the phone number of security" is.

    Unless the best one does so too, it has to name whose the thing is, or to stand where that is named and to name the
    thing.
    """
    asked = thing_of(question)
    if asked is None or not is_said(asked.of, near(best)) or is_said(asked.of, candidate.quote.text):
        return False
    return not (is_said(asked.of, near(candidate)) and set(terms(asked.thing)) <= {*candidate.said})


def _is_of_other_figures(one: Candidate, other: Candidate) -> bool:
    """Whether two short sentences of different documents each have a number, month or denial that the other lacks, as
    two dates of "the next meeting" do."""
    words, others = set(terms(one.quote.text)), set(terms(other.quote.text))
    apart = one.quote.chunk.document != other.quote.chunk.document
    return apart and may_contradict(words - others) and may_contradict(others - words)


def _says_more(question: str, candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed) -> bool:
    """Whether a sentence is no other wording of those chosen, and names another thing of the kind asked for, if any."""
    own = weighed.vectors[candidate.id]
    said = set(subject_terms(candidate.quote.text))
    for other in chosen:
        near = float(own @ weighed.vectors[other.id])
        shared = said & {*subject_terms(other.quote.text)}
        # Without a word in common two sentences are near by the title and headings that they are encoded behind.
        alike = bool(shared) and not _is_of_other_figures(candidate, other)
        if (near > _SAME and (alike or headers(candidate.quote.chunk)[candidate.number])) or len(shared) >= _SAID * len(
            said
        ):
            return False
    known = " ".join((question, *(c.quote.text for c in chosen)))
    return weighed.wanted is None or not candidate.fits or weighed.wanted.held_by(candidate.quote.text, known)
