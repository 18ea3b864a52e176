"""Following CURRENT: every question is answered from the newest whole generation, and from one only."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path

from index.errors import IndexDamaged, IndexMissing, UserError
from index.generation import Generation, Pointer, read_pointer, read_seal

_BUILD = "Build it: assistant index"


class Published:
    """Follows CURRENT: every use gets the newest generation, and keeps it whole until it is done with it.

    A damaged CURRENT is answered from PREVIOUS; `fault` then says what is wrong. Safe from several threads.
    """

    def __init__(self, data: Path, encoder_fingerprint: str) -> None:
        self._data = data
        self._encoder_fingerprint = encoder_fingerprint
        self._lock = threading.Lock()  # over the three below, held for an instant
        self._pointer: Pointer | None = None
        self._open: Generation | None = None
        self._users: dict[Generation, int] = {}
        self._opening = threading.Lock()  # held by the one who opens a new generation
        self.fault: UserError | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Generation]:
        """The newest generation. Raises IndexMissing or IndexDamaged when there is none to serve."""
        self._follow()
        with self._lock:
            if self._open is None:
                raise IndexMissing(f"There is no index in {self._data} any more.", hint=_BUILD)
            generation = self._open
            self._users[generation] += 1
        try:
            yield generation
        finally:
            with self._lock:
                self._users[generation] -= 1
                if generation is not self._open and not self._users[generation]:
                    self._retire(generation)

    def close(self) -> None:
        """Close what is open; uses under way must be over."""
        with self._lock:
            for generation in list(self._users):
                self._retire(generation)
            self._open = self._pointer = None

    def _follow(self) -> None:
        """Open what CURRENT points to beside what is open, and swap. Who comes meanwhile is served from the old one."""
        if self._open and read_pointer(self._data) == self._pointer:
            return
        if not self._opening.acquire(blocking=self._open is None):
            return
        try:
            pointer = read_pointer(self._data)
            if self._open and pointer == self._pointer:
                return
            newest = self._open_newest(pointer)
            with self._lock:
                old, self._open, self._pointer = self._open, newest, pointer
                self._users.setdefault(newest, 0)
                if old and old is not newest and not self._users[old]:
                    self._retire(old)
        finally:
            self._opening.release()

    def _open_newest(self, pointer: Pointer | None) -> Generation:
        fault: UserError = IndexMissing(f"There is no index in {self._data} yet.", hint=_BUILD)
        for candidate in (pointer, read_pointer(self._data, "PREVIOUS")):
            if candidate is None:
                continue
            try:
                generation = self._opened(candidate)
            except IndexDamaged as error:
                fault = fault if isinstance(fault, IndexDamaged) else error
            else:
                self.fault = None if candidate == pointer else fault
                return generation
        if self._open:  # what is being served is older but whole
            self.fault = fault
            return self._open
        raise fault

    def _opened(self, pointer: Pointer) -> Generation:
        sealed = read_seal(self._data, pointer)
        if sealed.encoder_fingerprint != self._encoder_fingerprint:
            raise IndexDamaged(
                f"Generation {pointer.number} was made by another encoder ({sealed.encoder}).",
                hint="Build it for this one: assistant index",
            )
        return Generation(self._data, pointer)

    def _retire(self, generation: Generation) -> None:
        del self._users[generation]
        generation.close()
