"""How much is answered: rates a minute by user and by address, and how many answers are written at once."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future

from assistant.settings import LimitSettings
from index.errors import LimitError

_WINDOW = 60.0  # seconds


class Rate:
    """At most `limit` in any minute for each key, by the sliding window counter: this minute's count and the share of
    the last one's that still lies within sixty seconds. Remembers two minutes of keys. Safe from several threads."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._window = 0
        self._last: dict[str, int] = {}
        self._now: dict[str, int] = {}

    def count(self, key: str) -> int:
        """Count one more for `key`: 0, or in how many seconds to try again, and then it is not counted."""
        with self._lock:
            window, into = divmod(self._clock(), _WINDOW)
            if window != self._window:
                self._last = self._now if window == self._window + 1 else {}
                self._now, self._window = {}, int(window)
            last, now = self._last.get(key, 0), self._now.get(key, 0)
            if last * (1 - into / _WINDOW) + now + 1 <= self._limit:
                self._now[key] = now + 1
                return 0
            return math.floor(self._wait(last, now, into)) + 1

    def _wait(self, last: int, now: int, into: float) -> float:
        if now + 1 <= self._limit:  # until enough of the last minute's is out of sight
            return _WINDOW * (1 - (self._limit - 1 - now) / last) - into
        return _WINDOW * (2 - (self._limit - 1) / now) - into


class Gate:
    """Lets `at_once` through, and so many wait, first come first served, for so long. Serves threads and coroutines."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._seconds = seconds
        self._lock = threading.Lock()
        self._inside = 0
        self._queue: deque[Future[None]] = deque()

    @contextlib.contextmanager
    def passing(self) -> Iterator[None]:
        """Be inside; waits in this thread. Raises LimitError."""
        place = self._enter()
        with self._ended(place):
            place.result(self._seconds)
        try:
            yield
        finally:
            self._leave()

    @contextlib.asynccontextmanager
    async def passing_async(self) -> AsyncIterator[None]:
        """The same in a coroutine."""
        place = self._enter()
        with self._ended(place):
            if not place.done():
                await asyncio.wait_for(asyncio.shield(asyncio.wrap_future(place)), self._seconds)
        try:
            yield
        finally:
            self._leave()

    def _enter(self) -> Future[None]:
        place: Future[None] = Future()
        with self._lock:
            if self._inside < self._at_once:
                self._inside += 1
                place.set_result(None)
            elif len(self._queue) < self._waiting:
                self._queue.append(place)
            else:
                raise _full(self._seconds)
        return place

    @contextlib.contextmanager
    def _ended(self, place: Future[None]) -> Iterator[None]:
        """What becomes of a place when the waiting for it ends in vain or is stopped."""
        try:
            yield
        except TimeoutError:  # that of concurrent.futures too
            self._give_up(place)
        except BaseException:
            self._give_back(place)
            raise

    def _give_up(self, place: Future[None]) -> None:
        """Waited in vain, unless let in at this very moment."""
        with self._lock:
            if place in self._queue:
                self._queue.remove(place)
                raise _full(self._seconds)

    def _give_back(self, place: Future[None]) -> None:
        """Stopped waiting, or stopped just when let in."""
        with self._lock:
            if place in self._queue:
                self._queue.remove(place)
                return
        self._leave()

    def _leave(self) -> None:
        with self._lock:
            if self._queue:
                self._queue.popleft().set_result(None)
            else:
                self._inside -= 1


def _full(seconds: float) -> LimitError:
    wait = max(1, math.ceil(seconds))
    return LimitError(
        "Many questions are being answered just now.", hint=f"Try again in {_in_words(wait)}.", seconds=wait
    )


def _in_words(seconds: int) -> str:
    return "a second" if seconds == 1 else f"{seconds} seconds"


class Limits:
    """The limits of one server. `user` and `address` say who asks."""

    def __init__(self, settings: LimitSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self._of_user = Rate(settings.questions_of_user, clock)
        self._of_address = Rate(settings.questions_of_address, clock)
        self._wrong = Rate(settings.wrong_tokens, clock)
        self.gate = Gate(settings.answers_at_once, settings.answers_waiting, settings.waiting_seconds)

    def ask(self, kind: str, user: str | None, address: str) -> None:
        """Count a request of this kind. Raises LimitError when it is one too many."""
        wait = self._of_user.count(f"{kind} {user}") if user is not None else 0
        wait = wait or self._of_address.count(f"{kind} {address}")
        if wait:
            raise LimitError(
                "That was a lot in a short time.", hint=f"Wait {_in_words(wait)}, then try again.", seconds=wait
            )

    def wrong_token(self, address: str) -> None:
        """Count a token that was not right. Raises LimitError when there were too many."""
        wait = self._wrong.count(address)
        if wait:
            raise LimitError(
                "Too many wrong tokens came from this address.",
                hint=f"Wait {_in_words(wait)}, then come with a new token from your wiki.",
                seconds=wait,
            )
