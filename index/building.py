"""The straight path of a document: file -> Document -> Chunks -> vectors -> a sealed generation.

Reads and encodes only what changed; everything else is carried over from the generation before. Whatever stops a
build, the published generation stays as it was.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path, PurePosixPath

from index.catalog import Catalog
from index.chunking import split
from index.encoder import Encoder, EncodingsCache
from index.errors import DocumentsError, IndexDamaged
from index.generation import (
    Pointer,
    Seal,
    build_lock,
    check_files,
    generation_folder,
    next_number,
    publish,
    read_pointer,
    read_seal,
    recover,
    remove_unused,
    seal,
)
from index.reading import Reader, SourceFile, scan
from index.settings import IndexSettings
from index.store import Store
from index.types import BuildReport, Chunk, Document, Progress, Skipped

Tell = Callable[[Progress], None]

_CHUNKS_AT_ONCE = 100
_PLACE = 80  # characters of a title or heading that the encoder reads before each sentence


@dataclass(frozen=True, slots=True)
class _Base:
    """The generation that a build starts from: no `pointer` if there is no whole one, no `catalog` if nothing of it
    can be carried over."""

    pointer: Pointer | None
    catalog: Catalog | None
    digests: dict[str, str]
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a build found: documents as they were, documents read anew, and what is left out."""

    unchanged: tuple[str, ...]
    read: tuple[str, ...]
    skipped: tuple[Skipped, ...]

    def differ(self, base: _Base) -> bool:
        """Whether they are not what `base` holds."""
        return bool(self.read) or set(self.unchanged) != base.digests.keys() or self.skipped != base.skipped


def build(settings: IndexSettings, encoder: Encoder, *, full: bool = False, tell: Tell = lambda _: None) -> BuildReport:
    """Make the index follow the documents, and publish the result if anything changed.

    Raises DocumentsError when there is nothing to index, BuildRunning when another build is under way.
    """
    started = time.monotonic()
    with build_lock(settings.data):
        recover(settings.data)
        files, skipped = scan(settings)
        aside = settings.data / "generations" / f"tmp-{next_number(settings.data):06d}"
        aside.mkdir()
        try:
            with _base(settings, encoder, full) as base:
                contents = _fill_catalog(settings, encoder, base, aside, files, skipped, tell)
                if contents.differ(base):
                    sealed, encoded = _publish(settings, encoder, base, aside, contents, tell)
                    return _report(base, contents, sealed, encoded, started)
                return _report(base, contents, None, 0, started)
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _report(base: _Base, contents: _Contents, sealed: Seal | None, encoded: int, started: float) -> BuildReport:
    present = {*contents.unchanged, *contents.read}
    return BuildReport(
        generation=sealed.number if sealed else base.pointer.number if base.pointer else 0,
        published=sealed is not None,
        added=tuple(path for path in contents.read if path not in base.digests),
        changed=tuple(path for path in contents.read if path in base.digests),
        removed=tuple(sorted(path for path in base.digests if path not in present)),
        unchanged=len(contents.unchanged),
        skipped=contents.skipped,
        documents=len(present),
        chunks=sealed.chunks if sealed else base.catalog.counts()[1] if base.catalog else 0,
        encoded=encoded,
        seconds=round(time.monotonic() - started, 3),
    )


@contextlib.contextmanager
def _base(settings: IndexSettings, encoder: Encoder, full: bool) -> Iterator[_Base]:
    """The published generation if it is whole, and what of it can be carried over."""
    pointer = read_pointer(settings.data)
    if pointer is None:
        yield _Base(None, None, {}, ())
        return
    folder = generation_folder(settings.data, pointer.number)
    try:
        sealed = read_seal(settings.data, pointer)
        check_files(folder, sealed)
    except (IndexDamaged, OSError, ValueError, sqlite3.Error):
        yield _Base(None, None, {}, ())  # what is damaged is neither used nor kept
        return
    made_by = (sealed.encoder_fingerprint, sealed.settings_fingerprint)
    if full or made_by != (encoder.fingerprint, settings.fingerprint()):
        yield _Base(pointer, None, {}, ())
        return
    with contextlib.closing(Catalog.open(folder / "catalog.sqlite")) as catalog:
        yield _Base(pointer, catalog, {entry.path: entry.digest for entry in catalog.entries()}, sealed.skipped)


def _fill_catalog(
    settings: IndexSettings,
    encoder: Encoder,
    base: _Base,
    aside: Path,
    files: list[SourceFile],
    skipped: list[Skipped],
    tell: Tell,
) -> _Contents:
    """Write the catalog: what changed is read and cut, the rest is carried over if there is any difference at all."""
    same = [file for file in files if base.digests.get(file.document) == file.digest]
    catalog = Catalog.create(aside / "catalog.sqlite")
    read: list[str] = []
    for outcome in _read(settings, [file for file in files if file not in set(same)], tell):
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            catalog.add(outcome, split(outcome, encoder.count_tokens, settings.chunking.tokens))
            read.append(outcome.path)
    if not same and not read:
        reasons = "; ".join(f"{entry.document}: {entry.reason}" for entry in skipped[:3])
        raise DocumentsError(
            f"None of the {len(skipped)} files in {settings.documents} can be indexed ({reasons}).",
            hint="Put readable documents there, then run: assistant index",
        )
    in_order = tuple(sorted(skipped, key=lambda entry: entry.document))
    contents = _Contents(tuple(file.document for file in same), tuple(read), in_order)
    if base.catalog and contents.differ(base):
        for path in contents.unchanged:
            document = base.catalog.document(path)
            if document:
                catalog.add(document, base.catalog.chunks(path))
    catalog.finish()
    return contents


def _read(settings: IndexSettings, files: list[SourceFile], tell: Tell) -> Iterator[Document | Skipped]:
    with Reader(settings) as reader:
        for done, file in enumerate(files, 1):
            yield reader.read(file)
            tell(Progress("reading", done, len(files)))


def _publish(
    settings: IndexSettings, encoder: Encoder, base: _Base, aside: Path, contents: _Contents, tell: Tell
) -> tuple[Seal, int]:
    """Encode, seal and publish the filled catalog. Its seal, and how many sentences had to be encoded."""
    number = next_number(settings.data)
    with contextlib.closing(Catalog.open(aside / "catalog.sqlite")) as catalog:
        sentences, encoded = _encode(settings, encoder, catalog, aside / "chroma", tell)
        documents, chunks = catalog.counts()
    description = Seal(
        number=number,
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        documents=documents,
        chunks=chunks,
        sentences=sentences,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        settings_fingerprint=settings.fingerprint(),
        skipped=contents.skipped,
        files={},
    )
    sealed = seal(aside, description)
    publish(settings.data, aside, number, base.pointer)
    remove_unused(settings.data)
    return sealed, encoded


def _encode(settings: IndexSettings, encoder: Encoder, catalog: Catalog, folder: Path, tell: Tell) -> tuple[int, int]:
    """Fill the store with the vectors of all sentences: how many there are, and how many had to be encoded."""
    total = sum(len(chunk.sentences) for chunk in catalog.chunks())
    with (
        contextlib.closing(EncodingsCache(settings.data / "encodings.sqlite", encoder)) as cache,
        contextlib.closing(Store.create(folder, total)) as store,
    ):
        encoded = done = 0
        for batch in _batches(catalog.chunks()):
            ids = [chunk.sentence_id(n) for chunk in batch for n in range(len(chunk.sentences))]
            vectors, new = cache.encode([text for chunk in batch for text in _as_encoded(catalog, chunk)])
            store.add(ids, vectors)
            encoded += new
            done += len(ids)
            tell(Progress("encoding", done, total))
        cache.keep_only(text for chunk in catalog.chunks() for text in _as_encoded(catalog, chunk))
    return total, encoded


def _as_encoded(catalog: Catalog, chunk: Chunk) -> list[str]:
    """What the encoder reads for each sentence: its words behind the place they stand in.

    "The line was shut." says little by itself; under "Harbour tram" it does. A title that is only the file's name is
    left out, so that a renamed file keeps its encodings.
    """
    title = catalog.entry(chunk.document).title
    own = title != PurePosixPath(chunk.document).stem
    place = ". ".join(part[:_PLACE] for part in ((title,) if own else ()) + chunk.heading)
    return [f"{place}: {text}" if place else text for text in chunk.sentence_texts()]


def _batches(chunks: Iterator[Chunk]) -> Iterator[list[Chunk]]:
    while batch := list(islice(chunks, _CHUNKS_AT_ONCE)):
        yield batch


def is_stale(settings: IndexSettings, catalog: Catalog) -> bool:
    """Whether the documents differ from what `catalog` holds, judged by content."""
    files, _ = scan(settings)
    return {file.document: file.digest for file in files} != {entry.path: entry.digest for entry in catalog.entries()}
