"""The answers that chat pages wait for, each of which may be stopped by whoever asked for it.

Also before it is begun: a question may wait until others are answered, and what stops it may overtake it.
"""

from __future__ import annotations

import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator

_REMEMBERED = 1000  # stops of answers that were not begun


class Stops:
    """What is being written, by who asked and the id of the turn. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._under_way: dict[tuple[str | None, str], threading.Event] = {}
        self._before: deque[tuple[str | None, str]] = deque(maxlen=_REMEMBERED)

    @contextlib.contextmanager
    def writing(self, user: str | None, turn: str) -> Iterator[Callable[[], bool]]:
        """While an answer is written; gives what says whether it was stopped."""
        key, stop = (user, turn), threading.Event()
        with self._lock:
            self._under_way[key] = stop
            if key in self._before:
                self._before.remove(key)
                stop.set()
        try:
            yield stop.is_set
        finally:
            self._under_way.pop(key, None)

    def stop(self, user: str | None, turns: Iterable[str]) -> None:
        """Stop these answers, as far as this user asked for them: those being written, and those still to begin."""
        for turn in turns:
            with self._lock:
                stop = self._under_way.get((user, turn))
                if stop:
                    stop.set()
                else:
                    self._before.append((user, turn))
