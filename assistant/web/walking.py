"""Walking the events of an answer from a coroutine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator
from contextlib import aclosing

import anyio
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool
from starlette.requests import Request

from assistant.types import Answer, Event

GONE = 499
"""The status of a response that nobody reads any more."""


async def walked(stream: Iterator[Event]) -> AsyncGenerator[Event, None]:
    """The events of `stream`, each made in a thread. Whoever closes this, or is cancelled in it, ends the work."""

    def steps() -> Generator[Event, None, None]:
        yield from stream

    events = steps()
    try:
        async for event in iterate_in_threadpool(events):
            yield event
    finally:
        with anyio.CancelScope(shield=True):
            await run_in_threadpool(events.close)


async def answered(request: Request, events: AsyncGenerator[Event, None]) -> Answer | None:
    """The answer in which `events` end; None when whoever sent `request` has gone, which ends the work."""
    async with aclosing(events):
        async for event in events:
            if isinstance(event, Answer):
                return event
            if await request.is_disconnected():
                break
    return None
