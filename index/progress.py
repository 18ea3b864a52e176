"""Measuring how far a build is and how long it will still take."""

from __future__ import annotations

import time
from collections.abc import Callable

from index.types import Progress

Tell = Callable[[Progress], None]

_EVERY = 0.1  # seconds between two words about one step


class Meter:
    """Counts what is done of `total` in one step and tells it, at most some times a second; the end is always told."""

    def __init__(self, step: str, total: int, tell: Tell) -> None:
        self._step, self._total, self._tell = step, total, tell
        self._done = 0
        self._started = time.monotonic()
        self._told = float("-inf")
        if total:
            self._say(None)

    def add(self, count: int, document: str | None = None) -> None:
        """So many more are done; `document` was the last."""
        self.reach(self._done + count, document)

    def reach(self, done: int, document: str | None = None) -> None:
        """So many are done now."""
        self._done = done
        if self._done >= self._total or time.monotonic() - self._told >= _EVERY:
            self._say(document)

    def _say(self, document: str | None) -> None:
        self._told = time.monotonic()
        spent = self._told - self._started
        rate = self._done / spent if self._done and spent > 0 else None
        left = (self._total - self._done) / rate if rate else None
        self._tell(Progress(self._step, self._done, self._total, rate, left, document))
