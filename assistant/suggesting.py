"""What else the passages found speak of -> questions to go on with. Rules, no language model.

A question is offered only where it is about what was asked or stands beside its answer, and where the assistant itself
would answer it, with other words than those that are shown: few questions are better than bad ones.
"""

from __future__ import annotations

import re
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable, Collection, Iterator
from itertools import islice

from assistant.quoting.headings import is_question
from assistant.types import Answer
from assistant.words.frames import language_of, subject_terms
from index.terms import terms
from index.types import Passage

TOPIC_QUESTION = "What do the documents say about “{topic}”?"
_IN_LANGUAGE = {"de": "Was steht in den Dokumenten über „{topic}“?"}  # as the widget asks in that language

_MOST = 3
_TRIED = 5
_LONGEST = 100  # characters of a question or topic
_TELLING = 2  # words of a heading that stands alone; "Overview" does not
_KEPT = 4096  # questions of which it is remembered whether they are answered
_NUMBERED = re.compile(r"^\s*(?:Q(?:uestion)?\s*)?\d*\s*[:.)]\s+", re.IGNORECASE)
_EDGES = re.compile(r"^[^\w(“\"']+|[^\w)”\"'?!%.]+$")

Words = tuple[str, int]
"""Where cited words stand: their document and the first character."""


class Suggesting:
    """Finds the questions. `ask` answers one by quotes. Safe from several threads."""

    def __init__(self, ask: Callable[[str], Answer]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._known: OrderedDict[tuple[int, str], frozenset[Words]] = OrderedDict()

    def after(self, answer: Answer, before: Collection[str] = ()) -> tuple[str, ...]:
        """Up to three questions that lead on from `answer` and were not asked `before`; none from words that may not
        answer."""
        if answer.band != "answered":
            return ()
        shown = set(_words(answer))
        found: list[str] = []
        new = (question for question in _candidates(answer) if question not in before)
        for question in islice(new, _TRIED):
            said = self._answered(answer.generation, question)
            if said and not said & shown:
                found.append(question)
                shown |= said
            if len(found) == _MOST:
                break
        return tuple(found)

    def _answered(self, generation: int, question: str) -> frozenset[Words]:
        """The words that answer `question`; none where it is not answered."""
        key = (generation, question)
        with self._lock:
            known = self._known.get(key)
        if known is None:
            answer = self._ask(question)
            known = _words(answer) if answer.band == "answered" else frozenset()
            with self._lock:
                self._known[key] = known
                while len(self._known) > _KEPT:
                    self._known.popitem(last=False)
        return known


def _words(answer: Answer) -> frozenset[Words]:
    return frozenset((citation.document, citation.start) for citation in answer.citations)


def _candidates(answer: Answer) -> Iterator[str]:
    """Questions that the passages ask or whose subject their headings name, each once: of passages in the document
    that answers first, and of others that speak of at least half of what was asked."""
    asked = set(subject_terms(answer.standalone))
    topic_question = _IN_LANGUAGE.get(language_of(terms(answer.question)), TOPIC_QUESTION)
    home = next((citation.document for citation in answer.citations), None)
    cited = {citation.passage for citation in answer.citations}
    seen = {frozenset(asked)}
    places = {(passage.chunk.document, passage.chunk.heading[-1:]) for passage in answer.passages}
    having = Counter(heading for _, heading in places)
    for passage in answer.passages:
        if passage.chunk.id in cited:
            continue
        shared = having[passage.chunk.heading[-1:]] > 1
        for question, subject in _asked_by(passage, asked, shared, topic_question):
            about = frozenset(subject_terms(subject))
            related = passage.chunk.document == home or 2 * len(asked & about) >= len(asked)
            if related and not asked >= about and about not in seen:
                seen.add(about)
                yield question
                break


def _asked_by(passage: Passage, asked: set[str], shared: bool, topic_question: str) -> Iterator[tuple[str, str]]:
    """Questions that a passage answers, each with the words that say what it is about. `shared` says that other
    documents that were found have its heading too, so that it needs its title; what a heading names is asked for by
    `topic_question`."""
    headings = passage.chunk.heading
    for text in (*reversed(headings), *passage.chunk.sentence_texts()):
        if is_question(text):
            question = " ".join(_NUMBERED.sub("", text).split())
            if len(question) <= _LONGEST:
                yield question, question
    if not headings or is_question(headings[-1]):
        return
    # A heading says by itself what it is about where it has the words of the question, or words enough of its own.
    heading = _bare(headings[-1])
    own = set(subject_terms(heading))
    tells = not shared and (2 * len(asked & own) >= len(asked) or len(own) >= _TELLING)
    topic = heading if tells else f"{_bare(passage.title)}: {heading}"
    if len(topic) <= _LONGEST:
        yield topic_question.format(topic=topic), topic


def _bare(heading: str) -> str:
    """A heading without its number, and without signs and pictures at its ends."""
    return _EDGES.sub("", " ".join(_NUMBERED.sub("", heading).split()))
