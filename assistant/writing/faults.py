"""Why a language model gave no answer: a sentence and a remedy. What its client raises is told in `clients`."""

from __future__ import annotations

import math

from assistant.writing.clients import End
from index.errors import ModelError

_UNITS = ((3600, "hours"), (60, "minutes"), (1, "seconds"))


def empty(ended: End) -> ModelError:
    """It ended without a word."""
    if ended == "filter":
        return ModelError(
            "The language model's answer was withheld by its server's content filter.", hint="See the server's log."
        )
    hint = (
        "See the log of its server, whose content filter may have withheld it, or try another. "
        "One that thinks first may need more llm.answer_tokens."
    )
    return ModelError("The language model gave an empty answer.", hint=hint)


def asked_to_wait(error: ModelError, seconds: float) -> ModelError:
    """`error` with how long the server asks to be left alone, which is longer than anybody waits for a word."""
    many, unit = next((seconds / size, unit) for size, unit in _UNITS if seconds >= 2 * size or size == 1)
    told = f"{math.ceil(many)} {unit}" if many > 1 else f"1 {unit.rstrip('s')}"
    return ModelError(f"{error.message.rstrip('.')}; its server asks to wait {told}.", hint=error.hint)


def late(what: str, setting: str) -> ModelError:
    """It took longer than `setting` allows."""
    return ModelError(f"The language model {what}.", hint=f"Give it more time ({setting}), or take a faster one.")


def stopped() -> ModelError:
    """The assistant itself ends."""
    return ModelError("The assistant is being stopped.", hint="Start it again: assistant serve")
