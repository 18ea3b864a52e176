"""The data folder: who may build, what is published, who reads, and what is left behind.

    LOCK                     flock of the builder; says who builds since when
    CURRENT, PREVIOUS        "000042 <sha256 of its SEALED.json>"; CURRENT's rename is the moment of publication
    HISTORY.jsonl            the last builds (index.history)
    KEY                      a secret by which links prove that this assistant made them
    encodings.sqlite         the cache of encodings (index.encodings)
    generations/000042/      a sealed generation (index.generation)
    generations/tmp-...      a build in progress or a removal; never opened by a reader
    readers/000042-.../      an open reader of generation 42: LEASE (its flock) and its working copies

Knows nothing of what is in a generation.
"""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from index.errors import BuildRefused, BuildRunning, IndexDamaged, UserError

_ROOM = 200_000_000  # bytes that must be free beyond what the new generation will need
# Locks on these are not kept by all who share them.
_SHARED_FILE_SYSTEMS = re.compile(r"nfs\d?|cifs|smb\w*|9p|afs|ncpfs|fuse\.(?:sshfs|s3fs|rclone|gcsfuse)")


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which generation, and the SHA-256 that its SEALED.json must have."""

    number: int
    seal_digest: str


# --- what is published -----------------------------------------------------------------------------------------


def generation_folder(data: Path, number: int) -> Path:
    """Where generation `number` lies or will lie."""
    return data / "generations" / f"{number:06d}"


_POINTER = re.compile(rb"(\d{6,}) ([0-9a-f]{64})\n")  # all of it, so that every damage is noticed


def read_pointer(data: Path, name: str = "CURRENT") -> Pointer | None:
    """The pointer CURRENT or PREVIOUS, or None when there is none.

    Raises IndexDamaged when the file is there and cannot be read or is no pointer.
    """
    try:
        whole = _POINTER.fullmatch((data / name).read_bytes())
        if whole:
            return Pointer(int(whole[1]), whole[2].decode())
        reason, hint = "is damaged", "Build the index anew: assistant index"
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError as error:
        reason, hint = f"cannot be read ({error.strerror})", "Give the assistant's user access to the data folder."
    raise IndexDamaged(f"{data / name} {reason}.", hint=hint) from None


def current(data: Path) -> Pointer | None:
    """The pointer CURRENT, or None when it is missing, damaged or out of reach."""
    return _readable(data, "CURRENT")


def pointers(data: Path) -> list[Pointer]:
    """The pointers that can be read: CURRENT's first, then PREVIOUS's."""
    return [pointer for name in ("CURRENT", "PREVIOUS") if (pointer := _readable(data, name))]


def _readable(data: Path, name: str) -> Pointer | None:
    try:
        return read_pointer(data, name)
    except IndexDamaged:
        return None


def publish(data: Path, aside: Path, number: int, before: Pointer | None) -> None:
    """Move a sealed generation into place and point CURRENT at it; the last rename is the commit point.

    `before` becomes PREVIOUS. Without it PREVIOUS stays, so that a damaged CURRENT never takes a whole one's place.
    """
    place = generation_folder(data, number)
    aside.rename(place)
    sync_folder(place.parent)
    digest = hashlib.sha256((place / "SEALED.json").read_bytes()).hexdigest()
    if before:
        point(data, "PREVIOUS", before)
    point(data, "CURRENT", Pointer(number, digest))


def point(data: Path, name: str, pointer: Pointer) -> None:
    """Make CURRENT or PREVIOUS point to a generation."""
    replace_file(data / name, f"{pointer.number:06d} {pointer.seal_digest}\n")


def next_number(data: Path) -> int:
    """The number of the next generation: above every one that is or was published."""
    numbers = [int(folder.name) for folder in (data / "generations").iterdir() if folder.name.isdigit()]
    return max([*numbers, *(pointer.number for pointer in pointers(data))], default=0) + 1


# --- who builds ------------------------------------------------------------------------------------------------


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
        who = f"process {os.getpid()} since {datetime.now().astimezone():%Y-%m-%d %H:%M:%S %z}\n"
        with contextlib.suppress(OSError):  # on a full disk nobody learns who builds; the lock holds all the same
            os.ftruncate(file.fileno(), 0)
            os.write(file.fileno(), who.encode())
        yield
        with contextlib.suppress(OSError):
            os.ftruncate(file.fileno(), 0)


def builder(data: Path) -> str | None:
    """Who builds since when, in words; None when nobody does."""
    try:
        with (data / "LOCK").open(encoding="utf-8") as file:
            if _try_lock(file, fcntl.LOCK_SH, attempts=1):
                return None
            return file.read().strip() or "not known who"
    except OSError:
        return None


def _try_lock(file: IO[str], kind: int, attempts: int) -> bool:
    # Several attempts, since `builder` holds the lock for an instant.
    for attempt in range(attempts):
        if attempt:
            time.sleep(0.05)
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(file, kind | fcntl.LOCK_NB)
            return True
    return False


def preflight(data: Path) -> None:
    """Refuse a build that this disk cannot carry, before anything is touched. Raises BuildRefused."""
    kind = _file_system(data.resolve())
    if _SHARED_FILE_SYSTEMS.fullmatch(kind):
        raise BuildRefused(
            f"The data folder {data} is on a network file system ({kind}), where locks cannot be trusted.",
            hint="Name a folder on a local disk: --data DIR",
        )
    newest = generation_folder(data, pointers(data)[0].number) if pointers(data) else data / "none"
    needed = 2 * sum(path.stat().st_size for path in newest.rglob("*")) + _ROOM
    free = shutil.disk_usage(data).free
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


# --- who reads -------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def reader_folder(data: Path, number: int) -> Iterator[Path]:
    """A folder of a reader's own, which keeps generation `number` from being removed while it is held.

    The lock in it ends with the process, however that ends; then the next build removes the folder. Raises IndexDamaged
    when the data folder cannot be written.
    """
    try:
        folder, lease = _leased(data, number)
    except OSError as error:
        raise IndexDamaged(
            f"The data folder {data} cannot be written ({error.strerror}); Chroma writes even to read.",
            hint="Give the assistant's user the right to write there, or copy it and name the copy: --data DIR",
        ) from None
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        lease.close()


def _leased(data: Path, number: int) -> tuple[Path, IO[str]]:
    while True:
        folder = data / "readers" / f"{number:06d}-{os.getpid()}-{secrets.token_hex(4)}"
        folder.mkdir(parents=True)
        # Until it is locked, a builder may take it for a dead reader's and remove it; then another is tried.
        with contextlib.suppress(FileNotFoundError):
            lease = (folder / "LEASE").open("w", encoding="utf-8")
            fcntl.flock(lease, fcntl.LOCK_EX)
            if (folder / "LEASE").exists():
                return folder, lease
            lease.close()


def _read_now(data: Path) -> set[int]:
    """The generations that a living reader holds. Removes what dead readers left."""
    held = set()
    for folder in (data / "readers").glob("*-*"):
        with contextlib.suppress(FileNotFoundError), (folder / "LEASE").open(encoding="utf-8") as lease:
            if not _try_lock(lease, fcntl.LOCK_EX, attempts=1):
                held.add(int(folder.name.split("-")[0]))
                continue
        shutil.rmtree(folder, ignore_errors=True)
    return held


# --- what is left behind ---------------------------------------------------------------------------------------


def recover(data: Path) -> None:
    """Remove what an interrupted build or removal left behind. Call with the build lock held."""
    for folder in (data / "generations").glob("tmp-*"):
        shutil.rmtree(folder)
    for file in data.glob("*.tmp"):
        file.unlink()


def remove_unused(data: Path) -> None:
    """Remove generations that are neither CURRENT nor PREVIOUS and that no reader holds. Needs the build lock."""
    kept = {pointer.number for pointer in pointers(data)} | _read_now(data)
    for folder in (data / "generations").iterdir():
        if folder.name.isdigit() and int(folder.name) not in kept:
            doomed = folder.with_name(f"tmp-removed-{folder.name}")
            folder.rename(doomed)
            shutil.rmtree(doomed)


# --- the small files -------------------------------------------------------------------------------------------


def read_key(data: Path) -> bytes:
    """The data folder's secret; empty when there is none yet."""
    try:
        return (data / "KEY").read_bytes()
    except OSError:
        return b""


def ensure_key(data: Path) -> None:
    """Make the data folder's secret if it has none."""
    if not read_key(data):
        replace_file(data / "KEY", secrets.token_hex(32), mode=0o600)


def replace_file(path: Path, content: str, mode: int = 0o666) -> None:
    """Write a file so that a reader or a power cut sees the old content or the new one, never a part."""
    aside = path.with_name(f"{path.name}.tmp")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    aside.replace(path)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
