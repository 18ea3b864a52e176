"""Walking the events of an answer from a coroutine."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Generator, Iterator

import anyio
from starlette.concurrency import iterate_in_threadpool, run_in_threadpool

from assistant.types import Event


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
