"""An abbreviation in a question that the documents spell out -> the question with their words.

"Who is the CFO?" is asked of the chief financial officer where a document near it speaks of one. There is no list of
abbreviations: it is spelt by the initials of words on end.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from assistant.quoting.evidence import Weighed
from assistant.words.frames import subject_terms

_SHORT = re.compile(r"(?<![\w.-])[A-Z]{3,6}(?=(?:s|['’]s)?(?![\w.-]|\.\w))")
_LOOKED_AT = 30  # the best sentences
_NEAR = 0.25  # how near a sentence must come to the question, so that its words do not have the initials by chance
_BETWEEN = r"[ -](?:(?:of|the|and|for|in|to|on|at|with) )?"


def spelled_out(question: str, weigh_it: Callable[[], Weighed]) -> str:
    """`question` with the words of the nearest sentence that spell an abbreviation in its place; as it is if it has
    none, or no sentence near it spells one. `weigh_it` gives the sentences found for it."""
    shorts = _SHORT.findall(question)
    near = [c.quote.text for c in weigh_it().candidates[:_LOOKED_AT] if c.cosine >= _NEAR] if shorts else []
    for short in shorts:
        words = next((words for text in near for words in _spelling(short, text)), short)
        question = question.replace(short, words, 1)
    return question


def _spelling(short: str, text: str) -> Iterator[str]:
    """The words on end in `text` that have these initials, where the first and the last of them tell something."""
    run = re.compile(r"\b" + _BETWEEN.join(rf"{initial}[\w’']+" for initial in short) + r"\b", re.IGNORECASE)
    found = (match[0] for match in run.finditer(text))
    return (words for words in found if all(map(subject_terms, (words.split()[0], words.split()[-1]))))
