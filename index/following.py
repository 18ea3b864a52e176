"""The index follows the documents by itself: watch, wait until they rest, build apart, serve the result.

One build runs and at most one waits, whoever asks. Knows nothing of how a build is done.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from watchfiles import watch

from index.background import BackgroundBuild
from index.errors import BuildRunning, BuildStopped, DocumentsError, UserError
from index.folder import builder
from index.planning import find_due
from index.published import Published
from index.settings import IndexSettings
from index.types import BuildReport, Progress

log = logging.getLogger(__name__)

Event = Progress | BuildReport | UserError
"""What is told of a build: how far it is, and last its report or what went wrong."""

_QUIET = 0.4  # seconds without a change until documents are at rest
_RESTLESS = 5.0  # seconds after which a change is followed though others keep coming
_SWEEP = 10.0  # seconds between two looks at the documents without any sign of a change
_RETRY_FIRST, _RETRY_LAST = 30.0, 600.0  # seconds until a failed build is tried again though nothing changed
_OTHERS = 1.0  # seconds between two looks at a lock that another builder holds


@dataclass(frozen=True, slots=True)
class _Wish:
    """A build that was asked for."""

    full: bool = False
    allow_shrink: bool = False


@dataclass(frozen=True, slots=True)
class _Tried:
    """The state of the documents for which builds were asked for, how many, and from when on another may be."""

    sources: int
    count: int
    again: float


@dataclass(frozen=True, slots=True)
class Following:
    """What is going on: whether a build runs and how far it is, whether another waits, and why the index does not
    follow, if it does not."""

    building: bool
    progress: Progress | None
    waiting: bool
    fault: UserError | None


class Follower:
    """Runs builds one after another, and watches the documents if told to. Ends its build when closed."""

    def __init__(self, settings: IndexSettings, encoder_fingerprint: str, published: Published | None = None) -> None:
        self._settings = settings
        self._encoder_fingerprint = encoder_fingerprint
        self._published = published
        self._changed = threading.Condition()  # over the six below
        self._wish: _Wish | None = None
        self._busy = False
        self._running: BackgroundBuild | None = None
        self._progress: Progress | None = None
        self._fault: UserError | None = None
        self._listeners: list[Callable[[Event], None]] = []
        self._tried: _Tried | None = None  # the watching thread's own
        self._closing = threading.Event()
        self._threads: list[threading.Thread] = []
        self._start(self._work)

    def watch(self) -> None:
        """Follow the documents from now on."""
        self._start(self._watch)

    def request(self, *, full: bool = False, allow_shrink: bool = False) -> Literal["started", "waiting"]:
        """Ask for a build. While one runs, all that ask share the one that follows it."""
        with self._changed:
            before = self._wish or _Wish()
            self._wish = _Wish(before.full or full, before.allow_shrink or allow_shrink)
            self._changed.notify_all()
            return "waiting" if self._busy else "started"

    def now(self) -> Following:
        """What is going on."""
        with self._changed:
            return Following(self._busy, self._progress, self._busy and self._wish is not None, self._fault)

    @contextlib.contextmanager
    def listening(self, listener: Callable[[Event], None]) -> Iterator[None]:
        """Tell `listener` everything while the `with` block lasts; it is called from a thread of ours."""
        with self._changed:
            self._listeners.append(listener)
        try:
            yield
        finally:
            with self._changed:
                self._listeners.remove(listener)

    def close(self) -> None:
        """End the build that runs, and stop watching."""
        self._closing.set()
        with self._changed:
            running = self._running
            self._changed.notify_all()
        if running:
            running.stop()
        for thread in self._threads:
            thread.join()

    def _start(self, target: Callable[[], None]) -> None:
        thread = threading.Thread(target=target, name=f"index {target.__name__.strip('_')}", daemon=True)
        self._threads.append(thread)
        thread.start()

    # --- building ---

    def _work(self) -> None:
        while wish := self._next():
            try:
                self._build(wish)
            except BuildRunning:
                self._wait_for_other(wish)
            except UserError as error:
                if not self._closing.is_set():
                    log.warning("%s %s", error.message, error.hint)
                    self._tell(error)
            except OSError as error:
                told = f"The build could not be started ({error.strerror})."
                self._tell(BuildStopped(told, hint="See that the machine has memory and files to spare."))
            except Exception:
                log.exception("following the documents failed")
            finally:
                with self._changed:
                    self._busy, self._running, self._progress = False, None, None

    def _next(self) -> _Wish | None:
        with self._changed:
            self._changed.wait_for(lambda: self._wish or self._closing.is_set())
            wish, self._wish = self._wish, None
            if wish is None or self._closing.is_set():
                return None
            self._busy = True
            return wish

    def _build(self, wish: _Wish) -> None:
        with self._changed:
            if self._closing.is_set():
                return
            running = BackgroundBuild(self._settings, full=wish.full, allow_shrink=wish.allow_shrink)
            self._running = running
        for event in running.events():
            if isinstance(event, BuildReport) and self._published:
                self._published.follow()  # before anybody asks
            self._tell(event)

    def _wait_for_other(self, wish: _Wish) -> None:
        """Another process builds. What it builds may be older than the wish, so the wish stays."""
        while builder(self._settings.data) and not self._closing.wait(_OTHERS):
            pass
        self.request(full=wish.full, allow_shrink=wish.allow_shrink)

    def _tell(self, event: Event) -> None:
        with self._changed:
            if isinstance(event, Progress):
                self._progress = event
            else:
                self._fault = event if isinstance(event, UserError) else None
            listeners = list(self._listeners)
        for listener in listeners:
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed")  # which is no reason to end the build

    # --- watching ---

    def _watch(self) -> None:
        for _ in self._looks():
            try:
                self._look()
            except Exception:
                log.exception("looking at the documents failed")

    def _look(self) -> None:
        """Ask for a build if one is due, unless the same was tried and it is too early to try again."""
        served_fault = self._follow()
        try:
            due = find_due(self._settings, self._encoder_fingerprint)
        except DocumentsError as error:
            self._set_fault(error)
            return
        if (not due.stale or due.held_back) and served_fault is None:
            self._tried = None
            self._set_fault(None)
            return
        tries = self._tried.count if self._tried and self._tried.sources == due.sources else 0
        if tries and self._tried and time.monotonic() < self._tried.again:
            return
        again = time.monotonic() + min(_RETRY_FIRST * 2**tries, _RETRY_LAST)
        self._tried = _Tried(due.sources, tries + 1, again)
        self.request()

    def _follow(self) -> UserError | None:
        """Serve what is published now. What is wrong with it, if anything is."""
        if self._published is None:
            return None
        try:
            self._published.follow()
        except UserError as error:
            return error
        return self._published.fault

    def _set_fault(self, fault: UserError | None) -> None:
        with self._changed:
            self._fault = fault

    def _looks(self) -> Iterator[None]:
        """Yields when the documents may have changed and are at rest again, and at times without any sign of it."""
        folder = self._settings.documents
        said = ""
        while not self._closing.is_set():
            yield
            watched = _identity(folder)
            try:
                for _ in watch(
                    folder,
                    watch_filter=None,
                    step=int(_QUIET * 1000),
                    debounce=int(_RESTLESS * 1000),
                    rust_timeout=int(_SWEEP * 1000),
                    yield_on_timeout=True,
                    stop_event=self._closing,
                    raise_interrupt=False,
                    ignore_permission_denied=True,
                ):
                    if _identity(folder) != watched:
                        break  # another folder lies there now, as after a mount or a switched link
                    yield
            except OSError as error:
                if str(error) != said:
                    said = str(error)
                    log.warning("%s cannot be watched (%s); it is looked at every %g seconds", folder, error, _SWEEP)
                self._closing.wait(_SWEEP)


def _identity(folder: Path) -> tuple[int, int] | None:
    try:
        status = folder.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
