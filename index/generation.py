"""The data folder: who may build, what is published, and opening it to read.

    LOCK                     flock of the builder; says who builds since when
    CURRENT, PREVIOUS        "000042 <sha256 of its SEALED.json>"; CURRENT's rename is the moment of publication
    encodings.sqlite         the cache of encodings (index.encoder)
    generations/000042/      catalog.sqlite, chroma/, SEALED.json, LEASE (flock of its readers)
    generations/tmp-...      a build in progress or a removal; never opened by a reader

A generation is written aside, sealed, published and from then on only read. Knows nothing of how one is filled.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
import shutil
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import IO

from index.catalog import Catalog
from index.errors import BuildRefused, BuildRunning, IndexDamaged, IndexMissing, UserError
from index.settings import LAYOUT
from index.store import Store
from index.types import Skipped

_REBUILD = "Build it anew: assistant index --full"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation, and the SHA-256 that its SEALED.json must have."""

    number: int
    seal_digest: str


@dataclass(frozen=True, slots=True)
class Seal:
    """What a generation holds and was made by.

    `edits` counts the builds since its store was last filled anew. `files` maps each sealed file to its size in bytes
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


# --- paths and files -------------------------------------------------------------------------------------------


def generation_folder(data: Path, number: int) -> Path:
    """Where generation `number` lies or will lie."""
    return data / "generations" / f"{number:06d}"


def read_pointer(data: Path, name: str = "CURRENT") -> Pointer | None:
    """The pointer CURRENT or PREVIOUS, or None when nothing was published or the file is not a pointer.

    Raises IndexDamaged when the file is there and cannot be read.
    """
    try:
        number, digest = (data / name).read_text("ascii").split()
        return Pointer(int(number), digest)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        told = f"{data / name} cannot be read ({error.strerror})."
        raise IndexDamaged(told, hint="Give the assistant's user access to the data folder.") from None


def _replace(path: Path, content: str) -> None:
    """Write a file so that a reader or a power cut sees the old content or the new one, never a part."""
    aside = path.with_name(f"{path.name}.tmp")
    with aside.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- building --------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def build_lock(data: Path) -> Iterator[None]:
    """Be the only builder of this data folder. Raises BuildRunning, or UserError when the folder cannot be written."""
    try:
        (data / "generations").mkdir(parents=True, exist_ok=True)
        file = (data / "LOCK").open("a+", encoding="utf-8")
    except OSError as error:
        raise UserError(
            f"The data folder {data} cannot be written ({error.strerror}).",
            hint="Give the assistant's user the right to write there, or name another folder: --data DIR",
        ) from None
    with file:
        if not _try_lock(file, fcntl.LOCK_EX, attempts=5):
            file.seek(0)
            who = file.read().strip() or "not known who"
            raise BuildRunning(f"Another build of this index is running ({who}).", hint="Wait until it is done.")
        file.truncate(0)
        file.write(f"process {os.getpid()} since {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}\n")
        file.flush()
        yield
        file.truncate(0)


def is_building(data: Path) -> bool:
    """Whether a builder holds the lock now."""
    try:
        with (data / "LOCK").open(encoding="utf-8") as file:
            return not _try_lock(file, fcntl.LOCK_SH, attempts=1)
    except OSError:
        return False


def _try_lock(file: IO[str], kind: int, attempts: int) -> bool:
    # Several attempts, since `is_building` holds the lock for an instant.
    for attempt in range(attempts):
        if attempt:
            time.sleep(0.05)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, kind | fcntl.LOCK_NB)
            return True
    return False


# Locks on these are not kept by all who share them.
_SHARED_FILE_SYSTEMS = re.compile(r"nfs\d?|cifs|smb\w*|9p|afs|ncpfs|fuse\.(?:sshfs|s3fs|rclone|gcsfuse)")
_ROOM = 200_000_000  # bytes that must be free beyond what the new generation will need


def preflight(data: Path) -> None:
    """Refuse a build that this disk cannot carry, before anything is touched. Raises BuildRefused."""
    kind = _file_system(data.resolve())
    if _SHARED_FILE_SYSTEMS.fullmatch(kind):
        raise BuildRefused(
            f"The data folder {data} is on a network file system ({kind}), where locks cannot be trusted.",
            hint="Name a folder on a local disk: --data DIR",
        )
    pointer = read_pointer(data)
    now = sum(p.stat().st_size for p in generation_folder(data, pointer.number).rglob("*")) if pointer else 0
    needed, free = 2 * now + _ROOM, shutil.disk_usage(data).free
    if free < needed:
        raise BuildRefused(
            f"Only {free / 1e6:,.0f} MB are free for {data}; a build needs {needed / 1e6:,.0f} MB.",
            hint="Free some space, or name a folder on another disk: --data DIR",
        )


def _file_system(path: Path) -> str:
    """The kind of the file system that holds `path`, as Linux names it; empty where that cannot be told."""
    try:
        mounts = [line.split() for line in Path("/proc/self/mounts").read_text("utf-8", "replace").splitlines()]
    except OSError:
        return ""
    holding = [(place, kind) for _, place, kind, *_ in mounts if path.is_relative_to(place.replace("\\040", " "))]
    return max(holding, key=lambda mount: len(mount[0]), default=("", ""))[1]


def roll_back(data: Path) -> int:
    """Publish PREVIOUS again; what was CURRENT becomes PREVIOUS. The number that is published now.

    Raises IndexMissing when there is no generation to go back to, IndexDamaged when it is not whole.
    """
    current, previous = read_pointer(data), read_pointer(data, "PREVIOUS")
    if previous is None:
        raise IndexMissing(f"There is no generation before this one in {data}.", hint="Build again: assistant index")
    with contextlib.closing(Generation(data, previous)):
        pass  # it opens, so it is whole
    _point(data, "CURRENT", previous)
    if current:
        _point(data, "PREVIOUS", current)
    return previous.number


def recover(data: Path) -> None:
    """Remove what an interrupted build or removal left behind. Call with the build lock held."""
    for folder in (data / "generations").glob("tmp-*"):
        shutil.rmtree(folder)


def seal(folder: Path, description: Seal) -> Seal:
    """Digest every file of a finished generation and write its SEALED.json; everything is on disk afterwards."""
    (folder / "LEASE").touch()
    files: dict[str, tuple[int, str]] = {}
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        with path.open("rb") as file:
            os.fsync(file.fileno())
            if _is_sealed(path):
                files[path.relative_to(folder).as_posix()] = (
                    path.stat().st_size,
                    hashlib.file_digest(file, "sha256").hexdigest(),
                )
    sealed = replace(description, files=files)
    _replace(folder / "SEALED.json", json.dumps(asdict(sealed), indent=1, ensure_ascii=False))
    for path in [*(p for p in folder.rglob("*") if p.is_dir()), folder]:
        _sync_folder(path)
    return sealed


def _is_sealed(path: Path) -> bool:
    # Chroma touches its SQLite file by opening it; SQLite's own check covers that one.
    return path.name not in ("chroma.sqlite3", "LEASE", "SEALED.json")


def publish(data: Path, aside: Path, number: int, before: Pointer | None) -> None:
    """Move a sealed generation into place and point CURRENT at it; the last rename is the commit point.

    `before` becomes PREVIOUS. Without it PREVIOUS stays, so that a damaged CURRENT never takes a whole one's place.
    """
    place = generation_folder(data, number)
    aside.rename(place)
    _sync_folder(place.parent)
    digest = hashlib.sha256((place / "SEALED.json").read_bytes()).hexdigest()
    if before:
        _point(data, "PREVIOUS", before)
    _point(data, "CURRENT", Pointer(number, digest))


def _point(data: Path, name: str, pointer: Pointer) -> None:
    _replace(data / name, f"{pointer.number:06d} {pointer.seal_digest}\n")


def remove_unused(data: Path) -> None:
    """Remove generations that are neither CURRENT nor PREVIOUS and that no reader holds."""
    kept = {pointer.number for pointer in (read_pointer(data), read_pointer(data, "PREVIOUS")) if pointer}
    for folder in (data / "generations").iterdir():
        if not folder.name.isdigit() or int(folder.name) in kept:
            continue
        with contextlib.suppress(FileNotFoundError), (folder / "LEASE").open(encoding="utf-8") as lease:
            if not _try_lock(lease, fcntl.LOCK_EX, attempts=1):
                continue
        doomed = folder.with_name(f"tmp-removed-{folder.name}")
        folder.rename(doomed)
        shutil.rmtree(doomed)


def next_number(data: Path) -> int:
    """The number of the next generation: above every one that is or was published."""
    numbers = [int(folder.name) for folder in (data / "generations").iterdir() if folder.name.isdigit()]
    numbers += [pointer.number for pointer in (read_pointer(data), read_pointer(data, "PREVIOUS")) if pointer]
    return max(numbers, default=0) + 1


# --- reading ---------------------------------------------------------------------------------------------------


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
        raise IndexDamaged(f"Generation {pointer.number} has another layout.", hint=_REBUILD)
    skipped = tuple(Skipped(**entry) for entry in fields["skipped"])
    files = {name: (size, digest) for name, (size, digest) in fields["files"].items()}
    return Seal(**{**fields, "skipped": skipped, "files": files})


class Generation:
    """An open, verified generation: its seal, catalog and store. Holds its lease until closed."""

    def __init__(self, data: Path, pointer: Pointer) -> None:
        folder = generation_folder(data, pointer.number)
        self.number = pointer.number
        self.seal = read_seal(data, pointer)
        if (folder / "chroma").is_dir() and not os.access(folder / "chroma", os.W_OK):
            raise IndexDamaged(
                f"The data folder {data} is read-only; Chroma writes to its files even to read them.",
                hint="Give the assistant's user the right to write there, or copy it and name the copy: --data DIR",
            )
        try:
            self._lease = (folder / "LEASE").open(encoding="utf-8")
            fcntl.flock(self._lease, fcntl.LOCK_SH)
            check_files(folder, self.seal.files)
            self.catalog = Catalog.open(folder / "catalog.sqlite")
            self.store = Store.open(folder / "chroma")
            whole = self.catalog.check() and self.store.count() == self.seal.sentences
        except (OSError, ValueError, sqlite3.Error) as error:
            raise IndexDamaged(
                f"Generation {pointer.number} of the index is damaged ({error}).", hint=_REBUILD
            ) from None
        if not whole or self.catalog.counts() != (self.seal.documents, self.seal.chunks):
            raise IndexDamaged(f"Generation {pointer.number} of the index is not complete.", hint=_REBUILD)

    def close(self) -> None:
        """Close its files and give the lease back."""
        self.catalog.close()
        self.store.close()
        self._lease.close()


def check_files(folder: Path, files: dict[str, tuple[int, str]]) -> None:
    """Compare every file of a generation with its seal. Raises OSError, ValueError or sqlite3.Error."""
    for name, (size, digest) in files.items():
        path = folder / name
        if path.stat().st_size != size:
            raise ValueError(f"{name} has another size")
        with path.open("rb") as file:
            if hashlib.file_digest(file, "sha256").hexdigest() != digest:
                raise ValueError(f"{name} was changed")
    address = f"{(folder / 'chroma' / 'chroma.sqlite3').absolute().as_uri()}?mode=ro"  # never makes the file
    with contextlib.closing(sqlite3.connect(address, uri=True)) as connection:
        if connection.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
            raise ValueError("chroma.sqlite3 is damaged")
