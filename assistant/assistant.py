"""The straight line from a question to an answer: check, retrieve, write, cite.

Plain generators: whoever asks walks the events in a thread of their own, and closing the generator ends the work.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from assistant.conversation import meanings
from assistant.quoted import found, quoted, quoting
from assistant.quoting import extractive
from assistant.quoting.following_up import Before
from assistant.quoting.reader import Reader
from assistant.retriever import Retrieval, content_terms, retrieve
from assistant.settings import Settings
from assistant.spelling import respelled
from assistant.suggesting import Suggesting
from assistant.types import Answer, Delta, Draft, Event, Found, Status, Turn
from assistant.words.frames import subject_terms
from assistant.words.remarks import is_greeting, is_remark, without_remark
from assistant.writing.generative import Generative
from assistant.writing.kept import Kept
from index.encoder import Encoder
from index.errors import QuestionError
from index.formats.plain import clean
from index.generation import Generation
from index.published import Published
from index.types import Passage

NO_QUESTION = "You are welcome. What else would you like to know?"
GREETED = "Hello. What would you like to know?"

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_SHOUTED = 2  # words; fewer that are all capitals may be names
_KEPT = 256  # answers of a language model that are given again


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The passages for a query and the generation they come from."""

    query: str
    generation: int
    passages: tuple[Passage, ...]


class Assistant:
    """Answers questions from the newest published generation. Safe from several threads."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.encoder = Encoder(settings.encoder)
        self.published = Published(settings.data, self.encoder.fingerprint)
        self._writer = Generative(settings, self.encoder) if settings.writer == "generative" else None
        self.reader = Reader()
        self._kept = Kept(_KEPT)
        self._suggesting = Suggesting(self.quote)

    def close(self) -> None:
        """Close the open generation, and end the work of a language model."""
        if self._writer:
            self._writer.model.close()
        self.published.close()

    def warm(self) -> None:
        """Load the encoder and open the index, so that the first question is as fast as the next.

        Raises ModelError, too, when a language model cannot be loaded.
        """
        if self._writer:
            self._writer.model.warm()
        with self.published.reading():
            self.encoder.warm()
            self.reader.warm()

    def search(self, query: str, limit: int | None = None, within: str | None = None) -> SearchResult:
        """The best passages for `query`, in the document or folder `within` if one is named.

        Raises QuestionError, IndexMissing or IndexDamaged.
        """
        query = self._checked(query)
        with self.published.reading() as generation:
            place = _place(within, generation)
            query = respelled(_plain(query), generation, self.encoder)
            retrieval = retrieve(query, generation, self.encoder, self.settings.retrieval, limit, place)
            return SearchResult(query, generation.number, retrieval.passages)

    def ask(
        self, question: str, history: Sequence[Turn] = (), within: str | None = None, page: str | None = None
    ) -> Answer:
        """The complete answer to `question`. Takes and raises what `stream` does."""
        for event in self.stream(question, history, within, page):
            if isinstance(event, Answer):
                return event
        raise AssertionError("a stream ends in its answer")

    def quote(self, question: str) -> Answer:
        """The answer to `question` in the documents' own words, whichever writer is set. Raises as `stream` does."""
        started = time.monotonic()
        question = self._checked(question)
        with self.published.reading() as generation:
            asked = respelled(_plain(question), generation, self.encoder)
            choice = extractive.choose(asked, self._sources(generation), self.settings.answers)
            return quoting(question, asked, choice, generation, started)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        within: str | None = None,
        page: str | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[Event]:
        """The events of answering `question`, the complete Answer last.

        `history` is what was said before, oldest first; a question that leans on it is searched for with its topic.
        `within` is a document or a folder, and only it answers. `page` is the address of the page where the person
        stands: the document with that address is preferred; an address that no document has changes nothing. Once
        it is `stopped`, a language model writes no more, and what it wrote is the answer; who wants none closes this.
        To what asks nothing ("Thanks!") the answer is a reply of the band "no_question".

        Raises QuestionError for a question that cannot be asked, IndexMissing or IndexDamaged.
        """
        before = {turn.text for turn in history if turn.role == "user"}
        for event in self._events(question, history, within, page, stopped):
            if isinstance(event, Answer):
                yield replace(event, suggestions=self._suggesting.after(event, before))
            else:
                yield event

    def _events(
        self,
        question: str,
        history: Sequence[Turn],
        within: str | None,
        page: str | None,
        stopped: Callable[[], bool],
    ) -> Iterator[Event]:
        """The events but for what the answer suggests."""
        started = time.monotonic()
        question = self._checked(question)
        remark = is_remark(question)
        yield Status("Reading" if remark else "Searching the documents")
        with self.published.reading() as generation:
            if remark:
                yield from self._reply(question, generation, started)
                return
            place = _place(within, generation)
            sources = self._sources(generation, place, page)
            leaning = replace(sources, before=_before(question, history))

            # A follow-up may mean the question as it stands, and a model may leave it as the rules made it.
            @cache
            def spelled(meant: str) -> str:
                return self._asked(meant, question, generation)

            @cache
            def chosen(asked: str) -> extractive.Choice:
                alone = asked == spelled(question)
                return extractive.choose(asked, sources if alone else leaning, self.settings.answers)

            asked = _understood(question, history, spelled, chosen)
            if self._writer is None:
                yield from quoted(question, asked, chosen(asked), generation, started)
                return
            if history and not self.settings.llm.weak:
                # The quotes are there at once, whatever the model makes of the question and however long that takes.
                yield found(asked, chosen(asked), generation)
                yield Draft(quoting(question, asked, chosen(asked), generation, started))
                meant = yield from self._writer.standalone(question, history, asked, stopped)
                asked = spelled(meant)
            key = (generation.number, question, asked, tuple(history), place, page)

            def write() -> Iterator[Event]:
                return self._written(question, asked, chosen(asked), history, generation, started, stopped)

            yield from self._kept.events(key, write, stopped)

    def _sources(self, generation: Generation, place: str | None = None, page: str | None = None) -> extractive.Sources:
        def find(query: str) -> Retrieval:
            return retrieve(query, generation, self.encoder, self.settings.retrieval, within=place, page=page)

        return extractive.Sources(find, generation, self.reader, self.encoder.encode_one)

    def _asked(self, meant: str, question: str, generation: Generation) -> str:
        """What is searched for: what is meant, rightly spelled, or `question` where that would be too long."""
        fits = len(meant) <= self.settings.limits.question_characters
        return self._checked(respelled(_plain(meant if fits else question), generation, self.encoder))

    def _written(
        self,
        question: str,
        asked: str,
        choice: extractive.Choice,
        history: Sequence[Turn],
        generation: Generation,
        started: float,
        stopped: Callable[[], bool],
    ) -> Iterator[Event]:
        assert self._writer is not None
        yield found(asked, choice, generation)
        draft = quoting(question, asked, choice, generation, started)
        yield from self._writer.write(draft, history, choice.passages, generation, started, stopped)

    def _reply(self, question: str, generation: Generation, started: float) -> Iterator[Event]:
        """The events where nothing was asked: nothing is searched for, and nothing cited."""
        reply = GREETED if is_greeting(question) else NO_QUESTION
        yield Found("", generation.number, ())
        yield Delta(reply)
        yield Answer(
            question=question,
            standalone=question,
            searched_for="",
            generation=generation.number,
            band="no_question",
            text=reply,
            writer=self.settings.writer,
            seconds=round(time.monotonic() - started, 3),
            statements=(),
            citations=(),
            passages=(),
        )

    def _checked(self, question: str) -> str:
        question = _readable(question)
        limit = self.settings.limits.question_characters
        if not question:
            raise QuestionError("The question is empty.", hint="Ask in a few words, as you would ask a colleague.")
        if len(question) > limit:
            raise QuestionError(
                f"The question is longer than {limit} characters.", hint="Ask the heart of it in one or two sentences."
            )
        if not content_terms(question):
            raise QuestionError("The question has no words to search for.", hint="Ask in words.")
        return question


def _readable(question: str) -> str:
    """`question` in one line, without what nobody sees, which is not in documents either and would part words."""
    return " ".join(clean(_CONTROL.sub(" ", question)).split())


def _plain(question: str) -> str:
    """`question` without greeting and thanks, and not in capitals throughout, which would make names of its words."""
    asked = without_remark(question)
    return asked.lower() if asked.isupper() and len(asked.split()) > _SHOUTED else asked


def _understood(
    question: str,
    history: Sequence[Turn],
    spelled: Callable[[str], str],
    chosen: Callable[[str], extractive.Choice],
) -> str:
    """What is searched for after `history`: the first thing that `question` may mean which has an answer."""
    first, *others = map(spelled, meanings(question, history))
    if not others:
        return first
    may = (meant for meant in (first, *others) if extractive.takes_up(question, meant, chosen(meant)))
    # What answers without taking the question up answers the one before: then it is rather one of its own.
    itself = spelled(question)
    return next(may, itself if itself in others and chosen(first).band == "answered" else first)


def _before(question: str, history: Sequence[Turn]) -> Before | None:
    said = history[-1].text if history and history[-1].role == "assistant" else ""
    return Before(said, frozenset(subject_terms(question))) if said else None


def _place(within: str | None, generation: Generation) -> str | None:
    """The document or folder named, None for all of them. Raises QuestionError if there is no such place."""
    if within is None or not within.strip("/"):
        return None
    if not generation.catalog.holds(within):
        raise QuestionError(
            f"There is no document or folder {within} in the index.",
            hint="Name it by its path below the document folder, as in policies or policies/leave.md.",
        )
    return within
