"""Topics to start with, taken from the index itself: titles, headings and the names that the documents speak of most.

Each one has been asked and answered by quotes before it is offered.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice

from assistant.assistant import Assistant
from assistant.suggesting import TOPIC_QUESTION
from index.errors import UserError
from index.generation import Generation

_OFFERED = 5
_TRIED = 24
_READ = 200  # chunks looked through for names
_WORD = r"[A-ZÀ-Þ][\w-]+"
_NAME = re.compile(rf"(?<![\w’'-]){_WORD}(?: (?:of |the )?{_WORD})+(?!\w)")


class Topics:
    """Up to five topics for which the assistant has an answer, found once for each generation."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._found: tuple[int, list[str]] = (0, [])

    def now(self) -> list[str]:
        """The topics of the generation that is served; none when there is no index to ask."""
        try:
            with self._assistant.published.reading() as generation:
                number, found = self._found
                if number != generation.number:
                    found = list(islice(self._answered(_candidates(generation)), _OFFERED))
                    self._found = (generation.number, found)
                return found
        except UserError:
            return []

    def _answered(self, candidates: Iterable[str]) -> Iterator[str]:
        for topic in islice(candidates, _TRIED):
            question = topic if topic.endswith("?") else TOPIC_QUESTION.format(topic=topic)  # as the pages ask it
            if self._assistant.quote(question).band == "answered":
                yield topic


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
