"""Topics to start with, taken from the index itself: titles, headings and the names that the documents speak of most.

Each one has been asked and answered before it is offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from assistant.assistant import Assistant
from index.errors import UserError
from index.generation import Generation

_OFFERED = 5
_TRIED = 24
_READ = 200  # chunks looked through for names
_WORD = r"[A-ZÀ-Þ][\w-]+"
_NAME = re.compile(rf"(?<![\w’'-]){_WORD}(?: (?:of |the )?{_WORD})+(?!\w)")

QUESTION = "What do the documents say about “{topic}”?"


def topics(assistant: Assistant) -> list[str]:
    """Up to five topics for which the assistant has an answer; none when there is no index to ask."""
    found: list[str] = []
    try:
        with assistant.published.reading() as generation:
            candidates = list(_candidates(generation))
        for topic in candidates[:_TRIED]:
            if assistant.ask(QUESTION.format(topic=topic)).band == "answered":
                found.append(topic)
            if len(found) == _OFFERED:
                break
    except UserError:
        return []
    return found


def _candidates(generation: Generation) -> Iterator[str]:
    """Topics, best first and each once: short headings and titles spread over the documents, then frequent names."""
    names: Counter[str] = Counter()
    headings: list[str] = []
    for _, chunk in zip(range(_READ), generation.catalog.chunks(), strict=False):
        headings += chunk.heading[-1:]
        names.update(list(dict.fromkeys(_NAME.findall(chunk.text))))  # in their order, so that ties are stable
    titles = [entry.title for entry in generation.catalog.entries()]
    frequent = [name for name, count in names.most_common(12) if count > 1]
    seen: set[str] = set()
    for topic in (*_spread(titles, 3), *_spread(headings, 12), *frequent):
        words = topic.split()
        if 2 <= len(topic) <= 100 and len(words) <= 18 and topic.casefold() not in seen:
            seen.add(topic.casefold())
            yield topic


def _spread(values: list[str], count: int) -> list[str]:
    step = max(1, len(values) // count)
    return values[::step][:count]
