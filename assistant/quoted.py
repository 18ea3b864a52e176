"""What was chosen for a question -> the events and the Answer that quote it."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator

from assistant.citing import Citing
from assistant.quoting.extractive import Choice
from assistant.types import Answer, Delta, Event, Found
from assistant.words.frames import subject_words
from index.generation import Generation
from index.types import Passage

NOT_FOUND = "I could not find this in the documents."

_REFUSED_PASSAGES = 3  # the closest ones are shown when nothing answers


def quoted(question: str, asked: str, choice: Choice, generation: Generation, started: float) -> Iterator[Event]:
    """The events of an answer that quotes."""
    yield found(asked, choice, generation)
    citing = Citing(generation)
    yield from citing.quotes(choice.quotes)
    if not choice.quotes:
        yield Delta(NOT_FOUND)
    yield _answer(question, asked, choice, citing, generation, started)


def found(asked: str, choice: Choice, generation: Generation) -> Found:
    """The passages that were looked at for what is `asked`, or, if nothing answers, the closest."""
    return Found(_words(asked), generation.number, _shown(choice))


def _shown(choice: Choice) -> tuple[Passage, ...]:
    return choice.passages if choice.quotes else choice.passages[:_REFUSED_PASSAGES]


def quoting(question: str, asked: str, choice: Choice, generation: Generation, started: float) -> Answer:
    """The answer that quotes; `started` is when its question came, by time.monotonic."""
    citing = Citing(generation)
    deque(citing.quotes(choice.quotes), maxlen=0)
    return _answer(question, asked, choice, citing, generation, started)


def _answer(
    question: str, asked: str, choice: Choice, citing: Citing, generation: Generation, started: float
) -> Answer:
    """The answer that quotes, complete."""
    return Answer(
        question=question,
        standalone=asked,
        searched_for=_words(asked),
        generation=generation.number,
        band=choice.band,
        text=citing.text or NOT_FOUND,
        writer="extractive",
        seconds=round(time.monotonic() - started, 3),
        statements=tuple(citing.statements),
        citations=tuple(citing.citations),
        passages=_shown(choice),
        conflict=tuple(n for n, quote in enumerate(choice.quotes, 1) if quote in choice.conflict),
        missing=choice.missing,
    )


def _words(question: str) -> str:
    """The question's own words that are searched for, without those that only frame it."""
    return " ".join(subject_words(question)) or question
