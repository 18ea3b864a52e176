"""The item of a list under which another stands further in: "£480 for a morning" says of what under "Screen 1" only.

Knows a passage's lines and how far they stand in; nothing of questions.
"""

from __future__ import annotations

import re
from functools import lru_cache

from index.types import Chunk

_MARK = re.compile(r"[ \t]*(?:(?:[•◦▪‣∙*+–—>-]|\(?(?:\d{1,3}|[A-Za-z])[.)])[ \t]+)")
_NAME = re.compile(r"(?!(?:please|note)\b)\S+(?: \S+){0,4}(?<![.!?])", re.IGNORECASE)
_DEEPER = 2  # columns that an item stands further in than the one above it


@lru_cache(maxsize=512)  # a passage is asked for each of its sentences, by several who weigh them
def items_above(chunk: Chunk) -> tuple[tuple[int, ...], ...]:
    """For each sentence of a passage the numbers of the items it stands under, the outermost first: of those that are a
    name, as whole sentences say enough by themselves, and so does what stands under them.

    An item with which the passage begins has none under it, since how far that stands in was cut off.
    """
    above: list[tuple[int, ...]] = []
    open_items: list[tuple[int, int]] = []  # how far each stands in, and the sentence that begins it
    end, texts = chunk.start, chunk.sentence_texts()
    for number, span in enumerate(chunk.sentences):
        opens_line = "\n" in chunk.text[end - chunk.start : span.start - chunk.start]
        line = chunk.text[chunk.text.rfind("\n", 0, span.start - chunk.start) + 1 :]
        end = span.end
        if not opens_line:  # it goes on with the line, or begins the passage
            above.append(above[-1] if above else ())
            continue
        indent = len(line) - len(line.lstrip(" \t"))
        open_items = [item for item in open_items if item[0] + _DEEPER <= indent]
        above.append(tuple(item for _, item in open_items))
        if _MARK.match(line) and _NAME.fullmatch(texts[number]):
            open_items.append((indent, number))
    return tuple(above)


def names_above(chunk: Chunk) -> list[str]:
    """For each sentence of a passage the words of the items that it stands under."""
    texts = chunk.sentence_texts()
    return [" ".join(texts[item] for item in items) for items in items_above(chunk)]
