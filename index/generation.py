"""A generation: written aside, sealed, and from then on never touched; opened, verified, to be read.

    generations/000042/      catalog.sqlite, chroma/, SEALED.json

Knows nothing of how one is filled.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sqlite3
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from index.catalog import Catalog
from index.errors import BuildRefused, IndexDamaged, IndexMissing
from index.folder import (
    Pointer,
    generation_folder,
    point,
    read_key,
    read_pointer,
    reader_folder,
    replace_file,
    sync_folder,
)
from index.settings import LAYOUT
from index.store import Store
from index.types import Skipped

_REBUILD = "Build it anew: assistant index --full"

FileState = tuple[int, int, int, int]
"""Inode, size, time of change and time of modification: they stay while nobody writes to a file."""


@dataclass(frozen=True, slots=True)
class Seal:
    """What a generation holds and was made by.

    `edits` counts the builds since its store was last filled anew. `files` maps each of its files to its size in bytes
    and SHA-256.
    """

    number: int
    built_at: str
    documents: int
    chunks: int
    sentences: int
    encoder: str
    encoder_fingerprint: str
    settings_fingerprint: str
    skipped: tuple[Skipped, ...]
    edits: int
    files: dict[str, tuple[int, str]]
    layout: int = LAYOUT


def seal(folder: Path, description: Seal) -> Seal:
    """Digest every file of a finished generation and write its SEALED.json; everything is on disk afterwards."""
    files: dict[str, tuple[int, str]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        files[path.relative_to(folder).as_posix()] = (path.stat().st_size, digest)
    sealed = replace(description, files=files)
    replace_file(folder / "SEALED.json", json.dumps(asdict(sealed), indent=1, ensure_ascii=False))
    for path in [*(p for p in folder.rglob("*") if p.is_dir()), folder]:
        sync_folder(path)
    return sealed


def read_seal(data: Path, pointer: Pointer) -> Seal:
    """The seal of a published generation. Raises IndexDamaged unless it is the very one that was published."""
    try:
        content = (generation_folder(data, pointer.number) / "SEALED.json").read_bytes()
    except OSError as error:
        raise IndexDamaged(f"Generation {pointer.number} of the index is gone ({error}).", hint=_REBUILD) from None
    if hashlib.sha256(content).hexdigest() != pointer.seal_digest:
        raise IndexDamaged(f"The seal of generation {pointer.number} was changed.", hint=_REBUILD)
    fields = json.loads(content)
    if fields.get("layout") != LAYOUT:
        whose = "a newer" if fields.get("layout", 0) > LAYOUT else "an older"
        told = f"Generation {pointer.number} was made by {whose} version of the assistant, which kept it otherwise."
        raise IndexDamaged(told, hint="Build it for this version: assistant index")
    skipped = tuple(Skipped(**entry) for entry in fields["skipped"])
    files = {name: (size, digest) for name, (size, digest) in fields["files"].items()}
    return Seal(**{**fields, "skipped": skipped, "files": files})


def verify_files(data: Path, pointer: Pointer, sealed: Seal) -> dict[str, FileState]:
    """Compare every file of a generation with its seal, to the byte, and tell the state in which they were found.

    Raises IndexDamaged.
    """
    folder = generation_folder(data, pointer.number)
    try:
        states = file_states(folder, sealed)
        check_files(folder, sealed.files)
    except (OSError, ValueError) as error:
        raise IndexDamaged(f"Generation {pointer.number} of the index is damaged ({error}).", hint=_REBUILD) from None
    return states


def check_files(folder: Path, files: dict[str, tuple[int, str]]) -> None:
    """Compare every file with its seal, to the byte. Raises OSError, or ValueError naming the file that differs."""
    for name, (size, digest) in files.items():
        path = folder / name
        if path.stat().st_size != size:
            raise ValueError(f"{name} has another size")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ValueError(f"{name} was changed")


def file_states(folder: Path, sealed: Seal) -> dict[str, FileState]:
    """The state of each sealed file, which takes microseconds to compare. Raises OSError when one is gone."""
    states = {}
    for name in (*sealed.files, "SEALED.json"):
        status = (folder / name).stat()
        states[name] = (status.st_ino, status.st_size, status.st_ctime_ns, status.st_mtime_ns)
    return states


class Generation:
    """An open, verified generation: its seal, catalog and store. Holds its lease until closed.

    `key` is the data folder's secret. Raises IndexDamaged when it is not whole.
    """

    def __init__(self, data: Path, pointer: Pointer) -> None:
        self.number = pointer.number
        self.seal = read_seal(data, pointer)
        self.key = read_key(data)
        self._data, self._pointer = data, pointer
        with contextlib.ExitStack() as opened:
            workspace = opened.enter_context(reader_folder(data, pointer.number))
            self._states = verify_files(data, pointer, self.seal)
            folder = generation_folder(data, pointer.number)
            try:
                self.catalog = Catalog.open(folder / "catalog.sqlite")
                opened.callback(self.catalog.close)
                self.store = Store.open(folder / "chroma", workspace / "chroma")
                opened.callback(self.store.close)
            except (OSError, ValueError, sqlite3.Error) as error:
                told = f"Generation {pointer.number} of the index cannot be opened ({error})."
                # Its files are whole, so what a system call misses is room, rights or open files.
                hint = "See that there is room and a right to write in the data folder."
                raise IndexDamaged(told, hint=hint if isinstance(error, OSError) else _REBUILD) from None
            self._opened = opened.pop_all()

    def recheck(self) -> None:
        """Verify the files again if anybody touched one since they were verified. Raises IndexDamaged."""
        try:
            same = file_states(generation_folder(self._data, self.number), self.seal) == self._states
        except OSError:
            same = False
        if not same:
            self.seal = read_seal(self._data, self._pointer)
            self._states = verify_files(self._data, self._pointer, self.seal)

    def close(self) -> None:
        """Close its files and give the lease back."""
        self._opened.close()


def roll_back(data: Path) -> int:
    """Publish PREVIOUS again; what was CURRENT becomes PREVIOUS. The number that is published now.

    Raises IndexMissing when there is no generation to go back to, IndexDamaged when it is not whole. Needs the lock.
    """
    current, previous = read_pointer(data), read_pointer(data, "PREVIOUS")
    if previous is None:
        raise IndexMissing(f"There is no generation before this one in {data}.", hint="Build again: assistant index")
    verify_files(data, previous, read_seal(data, previous))
    try:
        point(data, "CURRENT", previous)
        if current:
            point(data, "PREVIOUS", current)
    except OSError as error:
        told = f"The data folder {data} cannot be written ({error.strerror})."
        raise BuildRefused(told, hint="See that there is room and a right to write there.") from error
    return previous.number
