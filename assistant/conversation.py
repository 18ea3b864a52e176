"""A question that leans on what was said before -> one that can be understood alone. Rules, no language model.

A question leans when it points back ("it", "they", "the other one") with nothing of its own to point to, goes on ("and
in 2021?", "why?"), or is too short to search for. Then the topic is put before it: those words of the question before
(itself made standalone) that its answer took up, and for a question about a person the names that the answer gave.
Anything else is a new topic and stays as it is.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.frames import subject_terms, subject_words
from assistant.types import Turn
from index.terms import terms

_TOPIC_WORDS = 3  # carried at most; more of them drown the question
_NAMES = 1  # carried from an answer, for "he", "she", "they"
_BOUND = 3  # terms before a pronoun from which it most likely points to one of them
_SHORT = 1  # terms; a question with no more is a continuation, unless it asks what something is
_LONG = 6  # terms; a question with so many of its own needs no others
_REMEMBERED = 6  # questions; what was asked before that is not the topic any more

_POINTS_BACK = re.compile(
    r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|ones?|such|former|latter"
    r"|others?|another|else|that(?=\W*$|\s+(?:is|was|are|were|does|did|has|have|one|mean|work|calculated)\b)"
    r"|(?<=is )that)\b",
    re.IGNORECASE,
)
_GOES_ON = re.compile(
    r"\W*(?:and\b|but\b|or\b|then\b|what about\b|how about\b|why(?: not)?\W*$|how so\b|how come\b|since when\b|more\b)",
    re.IGNORECASE,
)
_DEFINES = re.compile(r"\W*(?:what(?:'s| is| are)|who(?:'s| is| was)|define|explain|tell me about)\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+(?:\s+[^\W\d_a-z][\w’'-]+)+")


def standalone(question: str, history: Sequence[Turn]) -> str:
    """`question` with the topic of `history` (oldest first) before it, if it leans on it; else `question`."""
    topic: list[str] = []
    asked, said = "", ""
    users = [n for n, turn in enumerate(history) if turn.role == "user"][-_REMEMBERED:]
    for number, turn in enumerate(history):
        if turn.role == "assistant":
            said = turn.text
        elif number in users:
            asked, said = _resolved(turn.text, topic, said), ""
        if asked:
            topic = _topic(asked, said)
    return _resolved(question, topic, said)


def _resolved(question: str, topic: Sequence[str], said: str) -> str:
    if not topic or not _leans(question):
        return question
    names = _NAME.findall(said)[:_NAMES] if _PERSON.search(question) else []
    has = set(subject_terms(question))
    carried = [word for word in (*names, *topic) if not has.issuperset(terms(word))]
    return f"{' '.join(dict.fromkeys(carried))}: {question}" if carried else question


def _leans(question: str) -> bool:
    own = set(subject_terms(question))
    if len(own) >= _LONG:
        return False
    back = next((found for found in _POINTS_BACK.finditer(question) if not _names(found[0], own)), None)
    # In "my card was refused, is it broken?" the pronoun points into the question itself.
    bound = back is not None and len(subject_words(question[: back.start()])) >= _BOUND
    short = len(own) <= _SHORT and not _DEFINES.match(question)
    return bool((back and not bound) or _GOES_ON.match(question) or short)


def _names(word: str, own: set[str]) -> bool:
    """Whether a pronoun is a name here, as in "How do I reach IT?"; `own` are the terms that the question is about."""
    return word[0].isupper() and own.issuperset(terms(word))


def _topic(question: str, said: str) -> list[str]:
    """The words of a question that its answer speaks of most, in their order; where it does not say, the first."""
    taken_up = Counter(terms(said))
    words = list(dict.fromkeys(subject_words(question)))
    counts = {word: min((taken_up[term] for term in terms(word)), default=0) for word in words}
    chosen = sorted(words, key=lambda word: -counts[word])[:_TOPIC_WORDS]
    return [word for word in words if word in chosen]
