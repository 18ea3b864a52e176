"""The lists in a sentence: "Windows, macOS and Linux"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.verdict.sentences import Sentence

_JOINING = re.compile(r"\b(?:and|or|und|oder|y|o|et|ou|as well as|sowie)\b", re.IGNORECASE)
SEPARATOR = re.compile(
    rf"\s*(?:,|/|,?\s*(?:{_JOINING.pattern}))\s*"
    r"(?:\b(?:on|in|by|at|the|an?|to|for|with|auf|am|im|an|die|der|das|el|la|los|las|le|les)\b\s*){0,2}",
    re.IGNORECASE,
)
"""What stands between two items."""
_BLANK = re.compile(r"[\s-]*")


def lists(sentence: Sentence) -> Iterator[list[list[int]]]:
    """The lists of a sentence, whose last item a word joins: for each item its pieces, by number."""
    items: list[list[int]] = []
    ends = ""  # what stands before the last item
    for n, piece in enumerate(sentence.pieces):
        between = sentence.text[sentence.pieces[n - 1].end : piece.start] if n else "."
        if _BLANK.fullmatch(between):
            items[-1].append(n)
        elif SEPARATOR.fullmatch(between):
            items, ends = [*items, [n]], between
        else:
            if _JOINING.search(ends):
                yield items
            items, ends = [[n]], ""
    if _JOINING.search(ends):
        yield items
