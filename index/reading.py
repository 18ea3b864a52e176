"""The document folder -> Documents. Knows files and limits; leaves formats to `formats`.

Files are read in a child process with limits on memory and time, because a hostile or broken file must cost no more
than itself. A file that cannot be read becomes a `Skipped` with a reason; it never stops the others.
"""

from __future__ import annotations

import contextlib
import hashlib
import logging
import os
import re
import resource
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Self
from urllib.parse import quote, unquote

from index.dating import stated
from index.errors import DocumentsError
from index.formats.plain import FormatError, clean
from index.formats.wikis import WIKIS, Wiki
from index.settings import IndexSettings, ReadingSettings
from index.types import Document, Skipped

log = logging.getLogger(__name__)

_TRUSTED = 300  # seconds after which a file is read again though nothing about it seems to have changed


@dataclass(frozen=True, slots=True)
class SourceFile:
    """What may be read: its name in the index, its file and its content's SHA-256. `part` names a page in a file that
    holds many, of which each is a document."""

    document: str
    path: Path
    digest: str
    part: str | None = None


def scan(settings: IndexSettings) -> tuple[list[SourceFile], list[Skipped]]:
    """Every file below the document folder, sorted by name: those to read, and those that cannot be.

    Hidden files, editors' backups, a wiki's templates and links that lead out of the folder are not documents.
    Raises DocumentsError when the folder is missing or is no folder.
    """
    root = settings.documents
    skipped: list[Skipped] = []
    if not root.is_dir():
        what = "is not a folder" if root.exists() else "does not exist"
        raise DocumentsError(
            f"The document folder {root} {what}.",
            hint="Create it and put files there, or name another: --documents DIR",
        )
    files: list[SourceFile] = []
    wiki = WIKIS[settings.wiki]
    for path in sorted(_walk(root, settings.data, skipped)):
        name = path.relative_to(root).as_posix()
        if wiki.ignored.search(name):
            continue
        try:
            files += _sources(path, name, _checked_digest(path, name, root, settings.reading, wiki), wiki)
        except FormatError as error:
            skipped.append(Skipped(_shown(name), str(error)))
        except OSError as error:
            skipped.append(Skipped(_shown(name), f"it cannot be opened ({error.strerror or error})"))
    return files, skipped


def _walk(root: Path, data: Path, skipped: list[Skipped]) -> Iterator[Path]:
    index = os.path.realpath(data)  # may lie in the document folder, and is none of its documents

    def failed(error: OSError) -> None:
        if Path(error.filename) == root:
            raise DocumentsError(
                f"The document folder {root} cannot be read ({error.strerror}).",
                hint="Give the assistant's user access to it.",
            )
        name = _shown(Path(error.filename).relative_to(root).as_posix())
        skipped.append(Skipped(name, f"the folder cannot be read ({error.strerror})"))

    for folder, folders, names in os.walk(root, onerror=failed):
        folders[:] = [
            name for name in folders if not name.startswith(".") and os.path.realpath(Path(folder, name)) != index
        ]
        for name in [name for name in folders if Path(folder, name).is_symlink()]:
            place = _shown(Path(folder, name).relative_to(root).as_posix())
            skipped.append(Skipped(place, "it is a link to a folder; such links are not followed"))
        for name in names:
            if not name.startswith((".", "~$", "#")) and not name.endswith(("~", ".swp", ".tmp", ".part")):
                yield Path(folder, name)


def _shown(name: str) -> str:
    """A file's name as it may be shown and kept: no bytes that are not UTF-8, no control characters."""
    return "".join(c if c.isprintable() else "\ufffd" for c in name.encode("utf-8", "replace").decode())


def _checked_digest(path: Path, name: str, root: Path, limits: ReadingSettings, wiki: Wiki) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        raise FormatError("its name is not valid UTF-8; rename it") from None
    if not name.isprintable():
        raise FormatError("its name holds a line break or another control character; rename it")
    if path.is_symlink() and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(root)):
        raise FormatError("it is a link that leads out of the document folder")
    if not stat.S_ISREG(path.stat().st_mode):
        raise FormatError("it is not a regular file")
    if path.suffix.lower() not in wiki.readers:
        kind = f"files of the kind {path.suffix.lower()}" if path.suffix else "files without an ending"
        raise FormatError(f"{kind} are not read; known are {', '.join(wiki.readers)}")
    size = path.stat().st_size
    if size == 0:
        raise FormatError("it is empty")
    if size > limits.max_file_mb * 1_000_000:
        raise FormatError(f"it is larger than {limits.max_file_mb} MB (reading.max_file_mb)")
    status = path.stat()
    now = int(time.monotonic() // _TRUSTED)
    return _digest(path, now, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)


@lru_cache(maxsize=100_000)
def _digest(path: Path, *_: int) -> str:
    """The SHA-256 of a file's content. Remembered while its inode, size and times stay, since a write changes them; not
    for ever, since a write through mapped memory may change them late or not at all."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sources(path: Path, name: str, digest: str, wiki: Wiki) -> list[SourceFile]:
    if path.suffix.lower() not in wiki.holding:
        return [SourceFile(name, path, digest)]
    held = _part_digests(path, digest, wiki.holding[path.suffix.lower()])
    parts = [SourceFile(f"{name}/{part}", path, held[part], part) for part in sorted(held) if part.isprintable()]
    if not parts:
        raise FormatError("it holds no pages")
    return parts


_Split = Callable[[Path], Iterator[tuple[str, bytes]]]


@lru_cache(maxsize=1000)
def _part_digests(path: Path, _: str, split: _Split) -> dict[str, str]:
    """The pages of a file and the SHA-256 of each. Remembered while the file's own digest stays."""
    return {part: hashlib.sha256(content).hexdigest() for part, content in split(path)}


@lru_cache(maxsize=1)
def _parts(path: Path, split: _Split, *_: int) -> dict[str, bytes]:
    """The pages of a file. The last one is remembered, since its pages are read one after the other."""
    return dict(split(path))


def _content(file: SourceFile, wiki: Wiki) -> bytes:
    if file.part is None:
        return file.path.read_bytes()
    status = file.path.stat()
    split = wiki.holding[file.path.suffix.lower()]
    parts = _parts(file.path, split, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    if file.part not in parts:
        raise FormatError("its file does not hold it any more")
    return parts[file.part]


def read(file: SourceFile, settings: IndexSettings) -> Document:
    """Read one file, or one page of one, in this process. Raises FormatError with the reason when it cannot become a
    document."""
    wiki = WIKIS[settings.wiki]
    data = _content(file, wiki)
    extracted = wiki.readers[file.path.suffix.lower()](data)
    if not extracted.text.strip():
        raise FormatError("it holds no text")
    if len(extracted.text) > settings.reading.max_text_mb * 1_000_000:
        raise FormatError(f"its text is longer than {settings.reading.max_text_mb} MB (reading.max_text_mb)")
    page = wiki.page(file.document)
    stem = file.part or _last_name(page) or PurePosixPath(file.document).stem
    title = " ".join(clean(file.part or extracted.title).split())[:300] or stem
    return Document(
        path=file.document,
        title=title,
        text=extracted.text,
        digest=hashlib.sha256(data).hexdigest(),
        url=extracted.url or _from_template(settings.url_template, file.document, page),
        headings=extracted.headings,
        pages=extracted.pages,
        date=extracted.date or stated(title, extracted.text, stem),
    )


def _last_name(page: str | None) -> str:
    """The last part of a page's name: what a wiki calls a page without a heading."""
    return unquote(re.split("[:/]", (page or "").rstrip("/"))[-1])


def _from_template(template: str | None, document: str, page: str | None) -> str | None:
    if template is None or ("{page" in template and page is None):
        return None
    stem = str(PurePosixPath(document).with_suffix(""))
    return template.format(path=quote(document), stem=quote(stem), page=page)


class Reader:
    """Reads files in a child process; holds that process open until the `with` block ends.

    The child is started when first needed and replaced after a file killed it or took too long.
    """

    def __init__(self, settings: IndexSettings) -> None:
        self._settings = settings
        self._child: tuple[subprocess.Popen[bytes], Connection] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def read(self, file: SourceFile) -> Document | Skipped:
        """The document, or why there is none."""
        limits = self._settings.reading
        _, pipe = self._child = self._child or self._start()
        try:
            pipe.send(file)
            if not pipe.poll(limits.timeout_seconds):
                self._stop()
                return Skipped(
                    file.document, f"reading it took longer than {limits.timeout_seconds:g} seconds", file.digest
                )
            outcome: Document | str = pipe.recv()
        except (EOFError, ConnectionError):
            self._stop()
            reason = "reading it ended the reader: it is damaged or needs too much memory"
            return Skipped(file.document, reason, file.digest)
        return Skipped(file.document, outcome, file.digest) if isinstance(outcome, str) else outcome

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        # A plain child and not multiprocessing's: that would run the caller's main module a second time.
        ours, theirs = Pipe()
        command = [sys.executable, "-P", "-c", f"from index.reading import serve; serve({theirs.fileno()})"]
        # What a parser prints is no result of ours: it goes where messages go.
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=2, pass_fds=[theirs.fileno()])
        theirs.close()
        try:
            ours.send(self._settings)
            ours.recv()
        except (EOFError, ConnectionError) as error:
            raise RuntimeError("the process that reads documents did not start") from error
        return child, ours

    def _stop(self) -> None:
        if self._child:
            child, pipe = self._child
            self._child = None
            pipe.close()
            child.kill()
            child.wait()


def serve(descriptor: int) -> None:
    """The child: settings in once, then files in and documents or reasons out, until the pipe closes."""
    pipe = Connection(descriptor)
    settings: IndexSettings = pipe.recv()
    memory = settings.reading.memory_mb * 1_000_000
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(EOFError, ConnectionError, KeyboardInterrupt):
        pipe.send("ready")
        while True:
            pipe.send(_outcome(pipe.recv(), settings))


def _outcome(file: SourceFile, settings: IndexSettings) -> Document | str:
    # The one broad catch around a single file: whatever a parser does to it, the other files go on.
    try:
        return read(file, settings)
    except FormatError as error:
        return str(error)
    except OSError as error:
        return f"it cannot be opened ({error.strerror or error})"
    except MemoryError:
        return f"reading it needs more than {settings.reading.memory_mb} MB of memory (reading.memory_mb)"
    except Exception as error:
        log.exception("reading %s failed", file.document)
        return f"it could not be read ({type(error).__name__}: {error})"
