"""The writer with a language model: it writes over a quoting answer, each sentence held to what it cites.

The quoting answer stands at once. When the model fails it stays, and says why; nothing here ever fails silently.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from string import Template

from assistant.citing import Citing
from assistant.settings import Settings
from assistant.types import Answer, Band, Citation, Delta, Draft, Event, Statement, Status, Turn
from assistant.verdict.verdicts import Judge
from assistant.words.frames import subject_terms
from assistant.writing.model import Anew, Ended, Model, Piece, Waiting
from assistant.writing.prompt import compose, instructions
from assistant.writing.rewriting import rewritten
from assistant.writing.statements import Writing
from index.encoder import Encoder
from index.errors import ModelError
from index.generation import Generation
from index.tables import headers
from index.terms import terms
from index.types import Chunk, Passage

log = logging.getLogger(__name__)

_WRITING = "The language model is writing"
_CIRCLES = "The language model repeated itself without end."
_CUT = {
    "length": "The language model's answer was cut off at its greatest length.",
    "filter": "The language model's answer was cut off by its server's content filter.",
    "stopped": "The answer was stopped before its end.",
}
_NOT_BORNE_OUT = "The documents bear out nothing of what the language model wrote."


class Generative:
    """Writes answers with one language model. Raises SettingsError for instructions that cannot be used."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._told = Template(instructions(settings.llm)).substitute(title=settings.title)
        self.model = Model(settings.llm)

    def standalone(
        self, question: str, history: Sequence[Turn], otherwise: str, stopped: Callable[[], bool]
    ) -> Generator[Status, None, str]:
        """`question` with what it takes from the conversation, in the model's words; `otherwise` when it cannot be had.

        A model that is set as weak is not asked.
        """
        if not history or self._settings.llm.weak:
            return otherwise
        return (yield from rewritten(question, history, otherwise, self.model, stopped))

    def write(
        self,
        draft: Answer,
        history: Sequence[Turn],
        passages: Sequence[Passage],
        generation: Generation,
        started: float,
        stopped: Callable[[], bool],
    ) -> Iterator[Event]:
        """The model's answer over `passages` to the question of `draft`, the quoting answer, which stands until then.

        `started` is when the question came, by time.monotonic. Once it is `stopped`, what is written so far stands.
        """
        yield Draft(draft)
        if not passages or (draft.band == "not_found" and self._settings.llm.weak):
            yield draft
            return
        yield Status(_WRITING)
        prompt = compose(draft.standalone, history, passages, self._told, self._settings.llm)
        judge = Judge(draft.standalone, tuple(prompt.passages.values()), generation, self._encoder)
        answer = None
        with closing(self.model.stream(prompt.messages, self._settings.llm.answer_tokens, stopped=stopped)) as pieces:
            while answer is None:
                writing = Writing(Citing(generation), prompt, judge, self._settings.answers.unsupported == "drop")
                answer = yield from self._written(draft, passages, pieces, writing)
        yield replace(answer, seconds=_since(started))

    def _written(
        self, draft: Answer, passages: Sequence[Passage], pieces: Iterator[Piece], writing: Writing
    ) -> Generator[Event, None, Answer | None]:
        """The answer that the pieces become; None where they turn out to be none, and one begins behind them."""
        citing = writing.citing
        try:
            ended = yield from _read(pieces, writing)
        except ModelError as error:
            log.warning("an answer quotes: %s %s", error.message, error.hint)
            if citing.text:
                yield Draft(draft)
            return _instead(draft, error.message)
        if ended and not writing.is_circling and _is_borne_out(citing, writing):
            answer = self._answer(draft, passages, citing, writing)
            return replace(answer, notice=_CUT.get(ended.cut), tokens=ended.tokens)
        if citing.text:
            yield Draft(draft)
        return replace(_not_borne_out(draft, citing, writing, ended), tokens=ended.tokens) if ended else None

    def _answer(self, draft: Answer, passages: Sequence[Passage], citing: Citing, writing: Writing) -> Answer:
        """What was written, in the place of the draft."""
        return replace(
            draft,
            band=_band(citing, draft, passages, writing),
            text=citing.text,
            writer=self._settings.writer,
            statements=tuple(citing.statements),
            citations=tuple(citing.citations),
            passages=tuple(passages),
            conflict=(),
            missing=None,
            left_out=writing.left_out,
            unknown_markers=writing.unknown,
        )


def _read(pieces: Iterator[Piece], writing: Writing) -> Generator[Status | Delta, None, Ended | None]:
    """Writes until the model ends, is stopped or goes round in circles; None where what it wrote so far is void."""
    ended = Ended("", None)
    for piece in pieces:
        match piece:
            case str():
                yield from writing.feed(piece)
            case Waiting():
                yield Status(piece.told(_WRITING), piece.place)
            case Ended():
                ended = piece
            case Anew():
                return None
        if writing.is_circling:
            break
    yield from writing.end(bool(ended.cut))
    return ended


def _not_borne_out(draft: Answer, citing: Citing, writing: Writing, ended: Ended) -> Answer:
    """The quoting answer where the model wrote none."""
    if writing.is_circling:
        return _instead(draft, _CIRCLES)
    if writing.is_refusal:  # then words that seemed to answer are the closest ones
        return replace(draft, band="not_found" if draft.band == "not_found" else "uncertain")
    claims = writing.left_out or any(said.support == "unsupported" for said in _whole(citing, writing))
    return _instead(draft, _NOT_BORNE_OUT if claims else _CUT.get(ended.cut, _NOT_BORNE_OUT))


def _instead(draft: Answer, reason: str) -> Answer:
    """The quoting answer, which says why it stands."""
    return replace(draft, fallback=f"{reason} The documents are quoted instead." if draft.citations else reason)


def _whole(citing: Citing, writing: Writing) -> Sequence[Statement]:
    """What was written, but for a sentence that only begins."""
    return citing.statements[: len(citing.statements) - writing.fragments]


def _is_borne_out(citing: Citing, writing: Writing) -> bool:
    return any(said.citations and said.support != "unsupported" for said in _whole(citing, writing))


def _band(citing: Citing, draft: Answer, passages: Sequence[Passage], writing: Writing) -> Band:
    """An answer is one when at least half of its sentences are borne out, whether or not others were left out,
    something was found that answers, and what it cites speaks of what was asked: words of the documents on other
    things are none, however true."""
    chunks = {passage.chunk.id: passage.chunk for passage in passages}
    unsupported = sum(said.support == "unsupported" for said in citing.statements) + writing.left_out
    asked = set(subject_terms(draft.standalone))
    places = (" ".join((c.title, *c.heading, _columns(c, chunks[c.passage]), c.quote)) for c in citing.citations)
    concerns = not asked or any(asked & set(terms(place)) for place in places)
    borne_out = 2 * unsupported <= writing.sentences
    return "answered" if borne_out and concerns and draft.band != "not_found" else "uncertain"


def _columns(citation: Citation, chunk: Chunk) -> str:
    """The names of the columns, if a row of a table is cited."""
    named = zip(headers(chunk), chunk.sentences, strict=True)
    return next((names for names, sentence in named if sentence.start == citation.start), "")


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
