"""How much is answered: rates a minute by user and by address, and how many answers are written at once."""

from __future__ import annotations

import asyncio
import contextlib
import math
import threading
import time
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from concurrent.futures import Future

from starlette.requests import ClientDisconnect

from assistant.settings import LimitSettings
from index.errors import LimitError

_WINDOW = 60.0  # seconds
_STEP = 0.5  # seconds between two looks at a place in the queue

Place = Future[None]
"""Inside once it is done, in the queue until then."""


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


async def _never() -> None:
    await asyncio.Future()


class Gate:
    """Lets `at_once` through, and so many wait, first come first served, for so long. Serves threads and coroutines."""

    def __init__(self, at_once: int, waiting: int, seconds: float) -> None:
        self._at_once = at_once
        self._waiting = waiting
        self._seconds = seconds
        self._lock = threading.Lock()
        self._inside = 0
        self._queue: deque[Place] = deque()

    @contextlib.contextmanager
    def passing(self) -> Iterator[None]:
        """Be inside; waits in this thread. Raises LimitError."""
        with self.entered() as place:
            for _ in self.waited(place):
                pass
            yield

    @contextlib.asynccontextmanager
    async def passing_async(self, gone: Callable[[], Awaitable[None]] = _never) -> AsyncIterator[None]:
        """The same in a coroutine. `gone` ends when nobody waits any more: that raises ClientDisconnect."""
        with self.entered() as place:
            if not place.done():
                await self._waited_async(place, gone)
            yield

    @contextlib.contextmanager
    def entered(self) -> Iterator[Place]:
        """Be inside or in the queue. A place in the queue is given up at once by whoever leaves it."""
        place = self._enter()
        try:
            yield place
        finally:
            self._give_up(place)

    def waited(self, place: Place, stopped: Callable[[], bool] = lambda: False) -> Iterator[int]:
        """Which in the queue `place` is, time and again until it is inside or `stopped`. Raises LimitError."""
        until = time.monotonic() + self._seconds
        while not (place.done() or stopped()):
            left = until - time.monotonic()
            if left <= 0:
                raise _full(self._seconds)
            yield self._number(place)
            with contextlib.suppress(TimeoutError):  # that of concurrent.futures too
                place.result(min(left, _STEP))

    async def _waited_async(self, place: Place, gone: Callable[[], Awaitable[None]]) -> None:
        let_in, going = asyncio.wrap_future(place), asyncio.ensure_future(gone())
        try:
            done, _ = await asyncio.wait({let_in, going}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            going.cancel()
        if not done:
            raise _full(self._seconds)
        if let_in not in done:
            raise ClientDisconnect
        await asyncio.wait({going})  # whoever listens next does so alone

    def _enter(self) -> Place:
        place: Place = Future()
        with self._lock:
            if self._inside < self._at_once:
                self._inside += 1
                place.set_result(None)
            elif len(self._queue) < self._waiting:
                self._queue.append(place)
            else:
                raise _full(self._seconds)
        return place

    def _number(self, place: Place) -> int:
        with self._lock:
            return self._queue.index(place) + 1 if place in self._queue else 1

    def _give_up(self, place: Place) -> None:
        """Go out of the queue, or from inside, also just when let in."""
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
