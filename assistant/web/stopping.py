"""The answers that are being written on chat pages, each of which may be stopped by whoever asked for it."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterable, Iterator


class Stops:
    """What is being written, by who asked and the id of the turn. Safe from several threads."""

    def __init__(self) -> None:
        self._under_way: dict[tuple[str | None, str], threading.Event] = {}

    @contextlib.contextmanager
    def writing(self, user: str | None, turn: str) -> Iterator[Callable[[], bool]]:
        """While an answer is written; gives what says whether it was stopped."""
        key, stop = (user, turn), threading.Event()
        self._under_way[key] = stop
        try:
            yield stop.is_set
        finally:
            self._under_way.pop(key, None)

    def stop(self, user: str | None, turns: Iterable[str]) -> None:
        """Stop these answers, as far as this user asked for them and they are still being written."""
        for turn in turns:
            stop = self._under_way.get((user, turn))
            if stop:
                stop.set()
