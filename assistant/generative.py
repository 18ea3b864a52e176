"""The writer with a language model: it writes over a quoting answer, each sentence held to what it cites.

The quoting answer stands at once. When the model fails it stays, and says why; nothing here ever fails silently.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import replace
from string import Template

from assistant.citing import Citing
from assistant.frames import subject_terms
from assistant.model import Ended, Model, Waiting
from assistant.prompt import Prompt, compose, instructions
from assistant.rewriting import rewritten
from assistant.settings import Settings
from assistant.suggesting import suggestions
from assistant.types import Answer, Band, Delta, Draft, Event, Status, Tokens, Turn
from assistant.verdicts import Judge
from assistant.writing import Writing
from index.encoder import Encoder
from index.errors import ModelError
from index.generation import Generation
from index.terms import terms
from index.types import Passage

log = logging.getLogger(__name__)

_WRITING = "The language model is writing"
_NOT_BORNE_OUT = "The documents bear out nothing of what the language model wrote."


class Generative:
    """Writes answers with one language model. Raises SettingsError for instructions that cannot be used."""

    def __init__(self, settings: Settings, encoder: Encoder) -> None:
        self._settings = settings
        self._encoder = encoder
        self._told = Template(instructions(settings.llm)).substitute(title=settings.title)
        self.model = Model(settings.llm)

    def standalone(self, question: str, history: Sequence[Turn], otherwise: str) -> str:
        """`question` with what it takes from the conversation, in the model's words; `otherwise` when it cannot be had.

        A model that is set as weak is not asked.
        """
        if not history or self._settings.llm.weak:
            return otherwise
        return rewritten(question, history, otherwise, self.model)

    def write(
        self,
        draft: Answer,
        history: Sequence[Turn],
        passages: Sequence[Passage],
        generation: Generation,
        started: float,
    ) -> Iterator[Event]:
        """The model's answer over `passages` to the question of `draft`, the quoting answer, which stands until then.

        `started` is when the question came, by time.monotonic.
        """
        yield Draft(draft)
        if not passages or (draft.band == "not_found" and self._settings.llm.weak):
            yield draft
            return
        yield Status(_WRITING)
        prompt = compose(draft.standalone, history, passages, self._told, self._settings.llm)
        citing = Citing(generation)
        judge = Judge(draft.standalone, tuple(prompt.passages.values()), generation, self._encoder)
        writing = Writing(citing, prompt, judge, self._settings.answers.unsupported == "drop")
        try:
            tokens = yield from self._written(prompt, writing)
        except ModelError as error:
            log.warning("an answer quotes: %s %s", error.message, error.hint)
            if citing.text:
                yield Draft(draft)
            yield _instead(draft, error.message, seconds=_since(started))
            return
        if _is_borne_out(citing):
            answer = self._answer(draft, passages, citing, writing)
            yield replace(answer, seconds=_since(started), tokens=tokens, unknown_markers=writing.unknown)
            return
        if citing.text:
            yield Draft(draft)
        if writing.is_refusal:  # then words that seemed to answer are the closest ones
            band: Band = "not_found" if draft.band == "not_found" else "uncertain"
            yield replace(draft, band=band, seconds=_since(started), tokens=tokens)
        else:
            yield _instead(draft, _NOT_BORNE_OUT, seconds=_since(started), tokens=tokens)

    def _answer(self, draft: Answer, passages: Sequence[Passage], citing: Citing, writing: Writing) -> Answer:
        """What was written, in the place of the draft."""
        return replace(
            draft,
            band=_band(citing, draft, writing),
            text=citing.text,
            writer=self._settings.writer,
            statements=tuple(citing.statements),
            citations=tuple(citing.citations),
            passages=tuple(passages),
            conflict=(),
            missing=None,
            left_out=writing.left_out,
            suggestions=suggestions(draft.standalone, passages, {one.passage for one in citing.citations}),
        )

    def _written(self, prompt: Prompt, writing: Writing) -> Generator[Status | Delta, None, Tokens | None]:
        """Writes until the model ends or goes round in circles; returns its tokens."""
        limit, cut = self._settings.llm.answer_tokens, False
        tokens: Tokens | None = None
        for piece in self.model.stream(prompt.messages, limit):
            match piece:
                case str():
                    yield from writing.feed(piece)
                case Waiting(place):
                    yield Status(f"Waiting for the language model, place {place}" if place else _WRITING)
                case Ended():
                    cut, tokens = piece.cut, piece.tokens
            if writing.is_circling:
                break
        yield from writing.end(cut)
        return tokens


def _instead(draft: Answer, reason: str, seconds: float, tokens: Tokens | None = None) -> Answer:
    """The quoting answer, which says why it stands."""
    told = f"{reason} The documents are quoted instead." if draft.citations else reason
    return replace(draft, fallback=told, seconds=seconds, tokens=tokens)


def _is_borne_out(citing: Citing) -> bool:
    return any(said.citations and said.support != "unsupported" for said in citing.statements)


def _band(citing: Citing, draft: Answer, writing: Writing) -> Band:
    """An answer is one when at least half of its sentences are borne out, whether or not others were left out,
    something was found that answers, and what it cites speaks of what was asked: words of the documents on other
    things are none, however true."""
    unsupported = sum(said.support == "unsupported" for said in citing.statements) + writing.left_out
    asked = set(subject_terms(draft.standalone))
    places = (" ".join((c.title, *c.heading, c.quote)) for c in citing.citations)
    concerns = not asked or any(asked & set(terms(place)) for place in places)
    borne_out = 2 * unsupported <= writing.sentences
    return "answered" if borne_out and concerns and draft.band != "not_found" else "uncertain"


def _since(started: float) -> float:
    return round(time.monotonic() - started, 3)
