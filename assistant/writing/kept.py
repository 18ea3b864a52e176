"""Answers that were written, given again while the generation that they come from is served."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from time import monotonic

from assistant.types import Answer, Draft, Event, Found, Status, Tokens


class Kept:
    """The events of the last `most` answers by what was asked. Safe from several threads."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._events: OrderedDict[Hashable, tuple[Event, ...]] = OrderedDict()

    def events(
        self, key: Hashable, write: Callable[[], Iterator[Event]], stopped: Callable[[], bool]
    ) -> Iterator[Event]:
        """What `write` yields, or yielded when the same was asked before.

        An answer that a language model should have written and did not, or that was `stopped`, is not kept, so that it
        is tried again.
        """
        started = monotonic()
        with self._lock:
            known = self._events.get(key)
            if known:
                self._events.move_to_end(key)
        if known:
            for event in known:
                yield _again(event, round(monotonic() - started, 3)) if isinstance(event, Answer) else event
            return
        said: list[Event] = []
        for event in write():
            if isinstance(event, Draft):
                said = [one for one in said if isinstance(one, Found)]  # what was said before it is void
            if not isinstance(event, Status):
                said.append(event)
            if isinstance(event, Answer) and event.fallback is None and not stopped():
                self._keep(key, tuple(said))  # before it is given, since many go with it
            yield event

    def _keep(self, key: Hashable, events: tuple[Event, ...]) -> None:
        with self._lock:
            self._events[key] = events
            while len(self._events) > self._most:
                self._events.popitem(last=False)


def _again(answer: Answer, seconds: float) -> Answer:
    """A kept answer, which costs no model anything."""
    return replace(answer, seconds=seconds, tokens=Tokens(0, 0) if answer.tokens else None)
