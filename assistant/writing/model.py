"""A language model within limits: how many answers at once, how long for the first word and for all of them.

All streams run as coroutines in the event loop of one thread, since only there a model that says nothing can be left at
once; whoever asks walks a plain generator, and closing it ends the model's work. Knows nothing of documents.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import queue
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.settings import LlmSettings
from assistant.types import Tokens
from assistant.writing import faults
from assistant.writing.clients import Client, End, Message, Token, fault
from assistant.writing.spoken import Characters, Spoken
from index.errors import ModelError

log = logging.getLogger(__name__)

_SIGN_OF_LIFE = 1.0  # seconds after which a stream that has nothing to say says so, and can be closed
# The more answers are under way, the longer are the steps in which they go on, since words that are read and handed on
# together cost a fraction: seconds between two steps for each answer under way, and the share of them for reading.
_REST, _AWAKE = 0.003, 0.1
_TRIES = 3
_PAUSE = 0.4  # seconds before the second try, doubled before each further one
_BYTES_A_TOKEN = 3  # fewer than any tokenizer in use needs for prose, so that what is counted fits
_LONGEST_TOKEN = 8  # characters on average; who writes more does not keep to the limit


@dataclass(frozen=True, slots=True)
class Waiting:
    """Nothing new yet. `place` is that in the queue for the model, 0 when it is at work."""

    place: int

    def told(self, work: str) -> str:
        """The same in words; `work` says what the model is at."""
        return f"Waiting for the language model, place {self.place}" if self.place else work


@dataclass(frozen=True, slots=True)
class Ended:
    """The model has written all; `cut` says why its answer has no end, if it has none."""

    cut: Literal["", "length", "filter", "stopped"]
    tokens: Tokens | None


@dataclass(frozen=True, slots=True)
class Anew:
    """What the model wrote so far was no answer, which begins behind this."""


Piece = str | Waiting | Ended | Anew


def count(text: str) -> int:
    """The tokens of a text, rather too many than too few: each model has its own, and few servers tell."""
    return len(text.encode("utf-8", "replace")) // _BYTES_A_TOKEN + 1


class Model:
    """The language model of the settings. Safe from several threads."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._line: list[object] = []  # who is being answered, and behind them who waits; of the loop's thread only
        self._moved: asyncio.Event = asyncio.Event()
        self._client: Client | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="language model", daemon=True)
        self._thread.start()

    def warm(self) -> None:
        """Load what is to be loaded. Raises ModelError."""
        asyncio.run_coroutine_threadsafe(self._connected(), self._loop).result()

    def close(self) -> None:
        """End all work. Streams that are being walked raise ModelError."""
        if self._loop.is_closed():
            return
        asyncio.run_coroutine_threadsafe(_cancel_all(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._client = None
        self._loop.close()

    def stream(
        self,
        messages: Sequence[Message],
        limit: int,
        seconds: float | None = None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Generator[Piece]:
        """What the model writes, at most `limit` tokens, piece by piece, and last Ended; a Waiting at least every
        second. `seconds` is how long it may take in all, else as the settings say; it ends once it is `stopped`.

        Raises ModelError when it cannot be reached, answers nothing, breaks off or takes too long.
        """
        out: queue.SimpleQueue[Piece | ModelError] = queue.SimpleQueue()
        writing = self._write(messages, limit, seconds or self._settings.answer_seconds, out)
        try:
            task = asyncio.run_coroutine_threadsafe(writing, self._loop)
        except RuntimeError:
            writing.close()
            raise faults.stopped() from None
        try:
            waiting, ended, rest = Waiting(0), False, 0.0
            while not ended:
                if stopped():
                    yield Ended("stopped", None)
                    return
                for piece in _next(out, waiting, rest):
                    yield piece
                    ended = isinstance(piece, Ended)
                    waiting = piece if isinstance(piece, Waiting) else Waiting(0)
                    rest = _REST * len(self._line) if isinstance(piece, str) else 0.0
        finally:
            task.cancel()

    def write(self, messages: Sequence[Message], limit: int, seconds: float) -> str:
        """The model's whole answer. Raises as `stream` does."""
        said: list[str] = []
        for piece in self.stream(messages, limit, seconds):
            if isinstance(piece, Anew):
                said.clear()
            elif isinstance(piece, str):
                said.append(piece)
        return "".join(said)

    async def _write(
        self, messages: Sequence[Message], limit: int, seconds: float, out: queue.SimpleQueue[Piece | ModelError]
    ) -> None:
        """Puts all pieces into `out`; the last is Ended or the error."""
        try:
            async with self._turn(out):
                async with asyncio.timeout(seconds):
                    await self._answered(messages, limit, out)
        except TimeoutError:
            out.put(faults.late("took too long for its answer", "llm.answer_seconds"))
        except asyncio.CancelledError:
            out.put(faults.stopped())
            raise
        except ModelError as error:
            out.put(error)
        except Exception as error:
            log.info("the language model failed", exc_info=error)
            out.put(fault(error, self._settings).error)

    @contextlib.asynccontextmanager
    async def _turn(self, out: queue.SimpleQueue[Piece | ModelError]) -> AsyncIterator[None]:
        """Be among those that the model answers at once; tells the place in the queue until then."""
        settings = self._settings
        if len(self._line) >= settings.answers_at_once + settings.answers_waiting:
            raise ModelError(
                "The language model has too much to do just now.", hint="Raise llm.answers_at_once, if it can do more."
            )
        ticket = object()
        self._line.append(ticket)
        try:
            waited = False
            while (place := self._line.index(ticket) - settings.answers_at_once + 1) > 0:
                waited = True
                out.put(Waiting(place))
                await self._moved.wait()
            if waited:  # else its last place would be told while the model is at work
                out.put(Waiting(0))
            yield
        finally:
            self._line.remove(ticket)
            self._moved.set()
            self._moved = asyncio.Event()

    async def _answered(
        self, messages: Sequence[Message], limit: int, out: queue.SimpleQueue[Piece | ModelError]
    ) -> None:
        tokens: Tokens | None = None
        ended: End = ""
        heard, spoken, awake, most = 0, False, time.monotonic(), limit * _LONGEST_TOKEN
        answer, characters = Spoken(), Characters()

        def put(said: str) -> None:
            nonlocal spoken
            if text := characters.feed(said):
                out.put(text)
                spoken = spoken or not text.isspace()

        async with contextlib.aclosing(self._tried(messages, limit)) as stream:
            async for token in stream:
                tokens, ended = token.tokens or tokens, token.ended or ended
                said = answer.feed(token.text[: most + 1])
                if answer.voided:
                    out.put(Anew())
                    heard, spoken, characters = 0, False, Characters()
                put(said)
                heard += len(token.text) if answer.begun else 0
                if heard > most or answer.ended:
                    ended = "stop" if answer.ended else "length"
                    break
                if spoken:  # the first word is waited for
                    awake = await self._rested(awake)
        put(answer.end())
        if not spoken:
            raise faults.empty(ended)
        if not ended:
            raise ModelError("The language model broke off.", hint="See the log of its server.")
        out.put(Ended("" if ended == "stop" else ended, tokens))

    async def _rested(self, awake: float) -> float:
        """Let words gather if this stream was `awake`, since when is said, for its share; returns since when it is."""
        rest = _REST * len(self._line)
        if time.monotonic() - awake < rest * _AWAKE:
            return awake
        await asyncio.sleep(rest)
        return time.monotonic()

    async def _tried(self, messages: Sequence[Message], limit: int) -> AsyncGenerator[Token]:
        """The tokens, after several tries if need be: while no word has come, within the time for the first."""
        await self._connected()
        deadline = time.monotonic() + self._settings.first_token_seconds
        for attempt in range(1, _TRIES + 1):
            started = False
            try:
                async with contextlib.aclosing(self._first_in_time(messages, limit, deadline)) as stream:
                    async for token in stream:
                        started = started or bool(token.text)
                        yield token
                return
            except ModelError:
                raise
            except Exception as error:
                meant = fault(error, self._settings)
                pause = _PAUSE * 2 ** (attempt - 1) if meant.pause is None else meant.pause
                late = time.monotonic() + pause > deadline
                if started or not meant.passing or attempt == _TRIES or late:
                    log.info("the language model failed", exc_info=error)
                    raise (faults.asked_to_wait(meant.error, pause) if late and meant.pause else meant.error) from error
                await asyncio.sleep(pause)

    async def _first_in_time(self, messages: Sequence[Message], limit: int, deadline: float) -> AsyncGenerator[Token]:
        stream = (await self._connected()).stream(messages, limit)
        async with contextlib.aclosing(stream):
            try:
                async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                    first = await anext(stream, None)
            except TimeoutError:
                raise faults.late("did not answer in time", "llm.first_token_seconds") from None
            if first is not None:
                yield first
            async for token in stream:
                yield token

    async def _connected(self) -> Client:
        if self._client is None:
            self._client = Client(self._settings)
        return self._client


def _next(out: queue.SimpleQueue[Piece | ModelError], waiting: Waiting, rest: float) -> Iterator[Piece]:
    """What has come after `rest` seconds, its words in one, but for those that were no answer; `waiting` when nothing
    does. Raises the error that came."""
    time.sleep(rest)
    try:
        pieces = [out.get(timeout=_SIGN_OF_LIFE)]
    except queue.Empty:
        yield waiting
        return
    while not out.empty():
        pieces.append(out.get())
    if Anew() in pieces:
        pieces = pieces[pieces.index(Anew()) + 1 :]
        yield Anew()
    words = "".join(piece for piece in pieces if isinstance(piece, str))
    if words:
        yield words
    for piece in pieces:
        if isinstance(piece, ModelError):
            raise piece
        if not isinstance(piece, str):
            yield piece


async def _cancel_all() -> None:
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
