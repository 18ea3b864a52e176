"""A question to be answered by yes or no -> the sentence that decides it, and those that do not.

What decides speaks of the same thing. Whether a sentence allows, forbids or denies is left to its reader; but where a
question asks for permission, "prohibited" is as good an answer to "allowed" as the word itself.
"""

from __future__ import annotations

import re
from dataclasses import replace

from assistant.quoting.evidence import SAME_QUESTION, Candidate, Weighed, share
from assistant.words.frames import language_of
from assistant.words.names import names_of
from assistant.words.pointing import opens_leaning
from assistant.words.slots import head, slots
from index.terms import terms

_SUBJECT = 0.3  # what speaking of all that is asked about counts
_THINGS = 0.15  # what holding each thing that is asked about counts, which other words do not make up for
_DECISIVE = 0.06  # what a word of permission or denial counts
_HALF = 0.5  # the share of what is asked about from which a sentence may decide
_LESS = 0.25  # how much less of it than the best a further sentence may speak of

_YES_OR_NO = re.compile(
    r"(?:and |but |so )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|may|might|must|shall|should|will"
    r"|would)(?:n?['’]t)? (?!.*\bor\b).*",
    re.IGNORECASE,
)
_PERMISSION = frozenset(
    terms(
        "allow allowed permit permitted prohibit prohibited forbidden ban banned legal illegal okay possible bring take"
    )
)
_DECIDES = re.compile(
    r"\b(?:yes|no|not|never|none|cannot|nobody|may|must|only|unless|except|without|allow(?:s|ed)?|permit(?:s|ted)?"
    r"|prohibit(?:s|ed)?|forbidden|forbids?|bann?(?:ed|s)?|required?|entitled|free|welcome|optional|voluntary|compulsory"
    r"|mandatory)\b|n['’]t\b",
    re.IGNORECASE,
)


def is_yes_or_no(question: str) -> bool:
    """Whether `question`, an English one, is answered by yes or no; in German "was" asks what."""
    return bool(_YES_OR_NO.fullmatch(question.strip())) and language_of(terms(question)) == "en"


def deciding(question: str, weighed: Weighed) -> Weighed:
    """The same candidates, those first that decide: that speak of what is asked about, above all of the things, and
    have a word that allows or denies."""
    things = {
        head(thing.text) for thing in slots(question) if (thing.determined or thing.named) and not thing.preposition
    }
    things &= weighed.weights.keys()
    scored = [
        replace(
            c,
            score=c.score
            + _SUBJECT * _held(c, weighed)
            + _THINGS * (bool(things) and things <= c.terms)
            + _DECISIVE * bool(_DECIDES.search(c.quote.text)),
        )
        for c in weighed.candidates
    ]
    ranked = sorted(scored, key=lambda c: (-c.score, c.quote.chunk.id, c.number))
    return replace(weighed, candidates=tuple(ranked))


def decided_next(best: Candidate, weighed: Weighed) -> Candidate | None:
    """The sentence behind the best one that goes on from it and decides, where that does not: "They are free." behind
    "Four spaces are for visitors."."""
    if _DECIDES.search(best.quote.text):
        return None
    follower = weighed.beside(best, 1)
    decides = follower and opens_leaning(follower.quote.text) and _DECIDES.search(follower.quote.text)
    return follower if decides else None


def may_decide(candidate: Candidate, weighed: Weighed) -> bool:
    """Whether a sentence speaks of at least half of what is asked about, and not of much less than the best one."""
    return _held(candidate, weighed) >= max(_HALF, _held(weighed.candidates[0], weighed) - _LESS)


def is_decided(question: str, candidate: Candidate, weighed: Weighed) -> bool:
    """Whether a sentence with its surroundings speaks of at least half of what is asked about, or answers a stored
    question that is as near as the same one in other words ("Do you buy films?" for "Do you purchase films?"). Nothing
    decides what no document speaks of, whomever they name ("Is Ada Byron married?")."""
    if candidate.asked and candidate.cosine >= SAME_QUESTION:
        return True
    names = names_of(question)
    said_of = weighed.weights.keys() - names - _PERMISSION
    if names and said_of and said_of <= weighed.nowhere:
        return False
    chunk = candidate.quote.chunk
    around = set(terms(" ".join((candidate.passage.title, *chunk.heading, chunk.header, chunk.text))))
    return _share_of_subject(around & weighed.weights.keys(), weighed) >= _HALF


def _held(candidate: Candidate, weighed: Weighed) -> float:
    return _share_of_subject(set(candidate.terms), weighed)


def _share_of_subject(held: set[str], weighed: Weighed) -> float:
    subject = {term: weight for term, weight in weighed.weights.items() if term not in _PERMISSION}
    return share(held & subject.keys(), subject) if subject else 1.0
