"""Following CURRENT: every question is answered from the newest whole generation, and from one only."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

from index.errors import IndexDamaged, IndexMissing, UserError
from index.folder import Pointer, current, pointers, read_pointer
from index.generation import Generation, read_seal

_BUILD = "Build it: assistant index"


class Published:
    """Follows CURRENT: every use gets the newest generation, and keeps it whole until it is done with it.

    A damaged CURRENT is answered from PREVIOUS; `fault` then says what is wrong. Safe from several threads.
    """

    def __init__(self, data: Path, encoder_fingerprint: str) -> None:
        self._data = data
        self.encoder_fingerprint = encoder_fingerprint
        self._lock = threading.Lock()  # over the three below, held for an instant
        self._wanted: Pointer | None = None  # what CURRENT said when `_open` was opened
        self._open: Generation | None = None
        self._users: dict[Generation, int] = {}
        self._opening = threading.Lock()  # held by the one who opens a new generation
        self.fault: UserError | None = None

    @contextlib.contextmanager
    def reading(self) -> Iterator[Generation]:
        """The newest generation. Raises IndexMissing or IndexDamaged when there is none to serve."""
        self.follow()
        with self._lock:
            if self._open is None:
                raise IndexMissing(f"There is no index in {self._data} any more.", hint=_BUILD)
            generation = self._open
            self._users[generation] += 1
        try:
            yield generation
        except sqlite3.DatabaseError as error:
            # Damaged at this very moment; the next question is answered from a whole one.
            raise IndexDamaged(f"The index could not be read ({error}).", hint="Ask again.") from error
        finally:
            with self._lock:
                self._users[generation] -= 1
                if generation is not self._open and not self._users[generation]:
                    self._retire(generation)

    def follow(self) -> None:
        """Open what CURRENT points to beside what is open, and swap. Who comes meanwhile is served from the old one.

        Raises IndexMissing or IndexDamaged when there is none to serve.
        """
        if self._is_newest_and_whole() or not self._opening.acquire(blocking=self._open is None):
            return
        try:
            if self._is_newest_and_whole():
                return
            wanted = current(self._data)
            newest = self._open_newest()
            with self._lock:
                old, self._open, self._wanted = self._open, newest, wanted
                if newest:
                    self._users.setdefault(newest, 0)
                if old and old is not newest and not self._users[old]:
                    self._retire(old)
        finally:
            self._opening.release()
        if newest is None:
            assert self.fault is not None
            raise self.fault

    def close(self) -> None:
        """Close what is open; uses under way must be over."""
        with self._lock:
            for generation in list(self._users):
                self._retire(generation)
            self._open = self._wanted = None

    def _is_newest_and_whole(self) -> bool:
        return self._open is not None and current(self._data) == self._wanted and _is_whole(self._open)

    def _open_newest(self) -> Generation | None:
        """CURRENT's generation, else PREVIOUS's, else the one that is open if it is whole. Sets `fault`."""
        faults: list[UserError] = []
        for name in ("CURRENT", "PREVIOUS"):
            try:
                pointer = read_pointer(self._data, name)
                if pointer is None and name == "CURRENT":
                    missing = f"{self._data / name} is missing." if pointers(self._data) else None
                    faults.append(IndexMissing(missing or f"There is no index in {self._data} yet.", hint=_BUILD))
                elif pointer:
                    generation = self._opened(pointer)
                    self.fault = faults[0] if faults else None
                    return generation
            except IndexDamaged as error:
                faults.append(error)
        self.fault = faults[0]
        return self._open if self._open and _is_whole(self._open) else None

    def _opened(self, pointer: Pointer) -> Generation:
        sealed = read_seal(self._data, pointer)
        if sealed.encoder_fingerprint != self.encoder_fingerprint:
            raise IndexDamaged(
                f"Generation {pointer.number} was made by another encoder ({sealed.encoder}).",
                hint="Build it for this one: assistant index",
            )
        return Generation(self._data, pointer)

    def _retire(self, generation: Generation) -> None:
        del self._users[generation]
        generation.close()


def _is_whole(generation: Generation) -> bool:
    try:
        generation.recheck()
    except IndexDamaged:
        return False
    return True
