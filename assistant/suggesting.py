"""What else the passages found speak of -> questions to go on with. Rules, no language model."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from itertools import islice

from assistant.frames import subject_terms
from assistant.headings import is_question
from index.types import Passage

TOPIC_QUESTION = "What do the documents say about “{topic}”?"

_MOST = 3
_LONGEST = 100  # characters of a question or topic
_TELLING = 2  # words from which a heading tells by itself what it is about


def suggestions(question: str, passages: Sequence[Passage], cited: Collection[str]) -> tuple[str, ...]:
    """Up to three questions that lead on from `question` to passages that were found and are not `cited` (by id):
    those that the documents ask themselves, and else what their headings name."""
    known = set(subject_terms(question))
    found: dict[frozenset[str], str] = {}
    for passage in passages:
        if passage.chunk.id in cited:
            continue
        candidate = next(islice(_candidates(passage, known), 1), None)
        if candidate:
            found.setdefault(frozenset(subject_terms(candidate)), candidate)
    return tuple(found.values())[:_MOST]


def _candidates(passage: Passage, known: set[str]) -> Iterator[str]:
    headings = passage.chunk.heading
    for text in (*reversed(headings), *passage.chunk.sentence_texts()):
        if is_question(text) and len(text) <= _LONGEST and not known >= set(subject_terms(text)):
            yield " ".join(text.split())
    if headings and not is_question(headings[-1]) and not known >= set(subject_terms(headings[-1])):
        tells = len(subject_terms(headings[-1])) >= _TELLING
        topic = " ".join((headings[-1] if tells else f"{passage.title}: {headings[-1]}").split())
        if len(topic) <= _LONGEST:
            yield TOPIC_QUESTION.format(topic=topic)
