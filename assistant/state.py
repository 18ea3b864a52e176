"""What the index holds, whether it is up to date and what was done to it, for people and for `status`."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from assistant.settings import Settings
from index.errors import DocumentsError, IndexMissing
from index.folder import builder
from index.following import Follower
from index.generation import Generation
from index.history import read_history
from index.planning import find_due
from index.published import Published
from index.types import Progress, Skipped


@dataclass(frozen=True, slots=True)
class State:
    """The published index. `stale` says that a build would change it; `held_back` that none comes by itself, since the
    index was rolled back; `fault` why an older one is served; `documents_fault` why the documents cannot be looked at.

    `builder` says who builds since when, `progress` how far that is if it is this server's, `waiting` that another
    build follows it, `build_fault` why the last one failed. `history` holds the last builds, newest first.
    """

    generation: int
    built_at: str
    documents: int
    chunks: int
    skipped: tuple[Skipped, ...]
    encoder: str
    writer: str
    stale: bool
    building: bool
    held_back: bool
    fault: str | None
    documents_fault: str | None
    builder: str | None
    progress: Progress | None
    waiting: bool
    build_fault: str | None
    history: tuple[dict[str, Any], ...]


def state(settings: Settings, published: Published) -> State:
    """The state of the index now. Raises IndexMissing or IndexDamaged when there is none to serve."""
    with _reading(settings, published) as generation:
        documents_fault = None
        try:
            due = find_due(settings, published.encoder_fingerprint)
            stale, held_back = due.stale, due.held_back
        except DocumentsError as error:
            stale, held_back, documents_fault = True, False, error.message
        who = builder(settings.data)
        return State(
            generation=generation.number,
            built_at=generation.seal.built_at,
            documents=generation.seal.documents,
            chunks=generation.seal.chunks,
            skipped=generation.seal.skipped,
            encoder=generation.seal.encoder,
            writer=settings.writer,
            stale=stale,
            building=who is not None,
            held_back=held_back,
            fault=published.fault.message if published.fault else None,
            documents_fault=documents_fault,
            builder=who,
            progress=None,
            waiting=False,
            build_fault=None,
            history=tuple(read_history(settings.data)),
        )


@contextlib.contextmanager
def _reading(settings: Settings, published: Published) -> Iterator[Generation]:
    try:
        published.follow()
    except IndexMissing as error:
        if who := builder(settings.data):
            raise IndexMissing(
                f"The first build of the index is running ({who}).", hint="Wait until it is done."
            ) from None
        raise error
    with published.reading() as generation:
        yield generation


class ServedState:
    """The state as a server tells it, which many pages ask for often.

    To look at it means to look at every document's file, so that is done a tenth of the time at most.
    """

    def __init__(self, settings: Settings, published: Published, follower: Follower) -> None:
        self._settings, self._published, self._follower = settings, published, follower
        self._lock = threading.Lock()
        self._seen: State | None = None
        self._again = 0.0

    def now(self) -> State:
        """The state, with what this server's own builds are at. Raises as `state` does."""
        with self._lock:
            seen = self._seen
            with self._published.reading() as generation:
                if seen is None or seen.generation != generation.number or time.monotonic() >= self._again:
                    started = time.monotonic()
                    seen = self._seen = state(self._settings, self._published)
                    self._again = time.monotonic() + 9 * (time.monotonic() - started)
        following = self._follower.now()
        return replace(
            seen,
            building=seen.building or following.building,
            progress=following.progress,
            waiting=following.waiting,
            build_fault=following.fault.message if following.fault else None,
        )
