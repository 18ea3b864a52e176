"""A question that leans on the conversation -> the question that is meant, in a language model's words.

What it writes is believed only where it is one question made of the one that was asked and of what was said; in any
other case, and where the model fails or has no time, the question stands that the rules made (`conversation`).
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing

from assistant.types import Status, Turn
from assistant.words.frames import subject_terms
from assistant.words.pointing import goes_on, pointers_back
from assistant.writing.clients import Message
from assistant.writing.model import Anew, Ended, Model, Waiting
from index.errors import ModelError
from index.terms import terms

log = logging.getLogger(__name__)

_UNDERSTANDING = "Reading the conversation"
_SECONDS = 8.0  # waiting in the queue included
_TOKENS = 80
_LEANT_ON = 6  # turns that a follow-up is understood by
_LONGEST = 400  # characters of a turn that is shown, and of a question made of another
_OWN_WORDS = 2  # that a question may have which a model made of another
_OVER_AND_OVER = 4  # times that it may say each of its words, in the middle

_REWRITE = (
    "Rewrite the last question so that it can be understood without the conversation: put in the names and the topic"
    " that it leans on. Keep its language and its words where you can; do not answer it. If it already stands alone,"
    " repeat it unchanged. Write the question only."
)
_AROUND = " \t*_`#>-–•\"'“”„«»"
_ASKS = ("?", "？", "؟")  # signs that end a question
_LABEL = re.compile(r"(?P<label>[^\W\d][^:?!.\n]{0,80}):[*_]*\s*(?=\S)")


def rewritten(
    question: str, history: Sequence[Turn], otherwise: str, model: Model, stopped: Callable[[], bool]
) -> Generator[Status, None, str]:
    """`question` with what it takes from the conversation, in the model's words; `otherwise` when it cannot be had, or
    is waited for no longer. It says at least every second that it waits, and can be ended then."""
    yield Status(_UNDERSTANDING)
    said = "\n".join(f"{turn.role}: {turn.text[:_LONGEST]}" for turn in history[-_LEANT_ON:])
    messages = (Message("system", _REWRITE), Message("user", f"{said}\n\nLast question: {question}"))
    try:
        text = _bare((yield from _written(messages, model, stopped)), question, history)
    except ModelError as error:
        log.warning("a follow-up is understood by rules: %s %s", error.message, error.hint)
        return otherwise
    if _repeats(text, question):
        return question if not goes_on(question) and not any(pointers_back(question)) else otherwise
    return text if _is_of(text, question, history) else otherwise


def _written(messages: Sequence[Message], model: Model, stopped: Callable[[], bool]) -> Generator[Status, None, str]:
    """The model's whole answer, empty if it was cut off. Raises ModelError, also when others keep it busy too long."""
    deadline, text = time.monotonic() + _SECONDS, ""
    with closing(model.stream(messages, _TOKENS, _SECONDS, stopped)) as pieces:
        for piece in pieces:
            if isinstance(piece, str):
                text += piece
            elif isinstance(piece, Anew) or (isinstance(piece, Ended) and piece.cut):
                text = ""
            elif isinstance(piece, Waiting):
                if piece.place and time.monotonic() > deadline:
                    hint = "Raise llm.answers_at_once, if it can do more."
                    raise ModelError("The language model is busy.", hint=hint)
                yield Status(piece.told(_UNDERSTANDING), piece.place)
    return text


def _bare(text: str, question: str, history: Sequence[Turn]) -> str:
    """What was written without a label before it ("Standalone question: …"), emphasis and quotation marks."""
    text = text.strip(_AROUND + "\n")
    label = _LABEL.match(text)
    if label and not _subjects(label["label"]) & _known(question, history):
        text = text[label.end() :].strip(_AROUND + "\n")
    return text


def _is_of(text: str, question: str, history: Sequence[Turn]) -> bool:
    """Whether `text` is one question made of `question` and the conversation, with at most two words of its own.

    One that has none of the question's words, nor others in their place, is what was asked before and not what is asked
    now. What tells something, or says the same words over and over, is none.
    """
    if not text or "\n" in text or len(text) > _LONGEST or not _asks(text, question):
        return False
    said, known = _subjects(text), _known(question, history)
    asked, own = _subjects(question), said - known
    return len(own) <= _OWN_WORDS and bool(said & known) and (not asked or bool(own or said & asked))


def _repeats(text: str, question: str) -> bool:
    """Whether the model says that the question stands alone."""
    return set(terms(text)) == set(terms(question))


def _asks(text: str, question: str) -> bool:
    found = terms(text)
    asks = text.endswith(_ASKS) or not (question.rstrip().endswith(_ASKS) or text.endswith((".", "!", "。")))
    return asks and len(found) <= _OVER_AND_OVER * len(set(found))


def _known(question: str, history: Sequence[Turn]) -> set[str]:
    return set(terms(question)).union(*(terms(turn.text) for turn in history))


def _subjects(text: str) -> set[str]:
    """The terms that say what `text` is about."""
    return set(subject_terms(text))
