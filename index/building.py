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
from pathlib import Path

from index.catalog import Catalog
from index.chunking import split
from index.encoder import Encoder, EncodingsCache
from index.errors import DocumentsError, IndexDamaged
from index.generation import (
    Seal,
    build_lock,
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

_CHUNKS_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Base:
    """The generation that a build starts from; empty before the first build and when everything must be made anew."""

    number: int
    catalog: Catalog | None
    digests: dict[str, str]
    skipped: tuple[Skipped, ...]


def build(settings: IndexSettings, encoder: Encoder, *, full: bool = False, tell: Tell = lambda _: None) -> BuildReport:
    """Make the index follow the documents, and publish the result if anything changed.

    Raises DocumentsError when there is nothing to index, BuildRunning when another build is under way.
    """
    started = time.monotonic()
    with build_lock(settings.data):
        recover(settings.data)
        files, skipped = scan(settings)
        with _base(settings, encoder, full) as base:
            aside = settings.data / "generations" / f"tmp-{next_number(settings.data):06d}"
            aside.mkdir()
            try:
                return _build(settings, encoder, base, aside, files, skipped, tell, started)
            finally:
                shutil.rmtree(aside, ignore_errors=True)


def _build(
    settings: IndexSettings,
    encoder: Encoder,
    base: _Base,
    aside: Path,
    files: list[SourceFile],
    skipped: list[Skipped],
    tell: Tell,
    started: float,
) -> BuildReport:
    unchanged = [file.document for file in files if base.digests.get(file.document) == file.digest]
    to_read = [file for file in files if base.digests.get(file.document) != file.digest]
    catalog = Catalog.create(aside / "catalog.sqlite")
    read: list[str] = []
    for outcome in _read(settings, to_read, tell):
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            catalog.add(outcome, split(outcome, encoder.count_tokens, settings.chunking.tokens))
            read.append(outcome.path)
    kept = {*unchanged, *read}
    if not kept:
        reasons = "; ".join(f"{s.document}: {s.reason}" for s in skipped[:3])
        raise DocumentsError(
            f"None of the {len(skipped)} files in {settings.documents} can be indexed ({reasons}).",
            hint="Put readable documents there, then run: assistant index",
        )
    added = tuple(path for path in read if path not in base.digests)
    changed = tuple(path for path in read if path in base.digests)
    removed = tuple(sorted(path for path in base.digests if path not in kept))
    skips = tuple(sorted(skipped, key=lambda s: s.document))
    number, encoded = base.number, 0
    publishing = bool(added or changed or removed or skips != base.skipped)
    if publishing:
        _carry_over(base, unchanged, catalog)
    documents, chunks = catalog.counts() if publishing else (len(kept), _count_chunks(base))
    catalog.finish()
    if publishing:
        number = next_number(settings.data)
        sentences, encoded = _encode(settings, encoder, aside, tell)
        description = Seal(
            number=number,
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
            documents=documents,
            chunks=chunks,
            sentences=sentences,
            encoder=encoder.name,
            encoder_fingerprint=encoder.fingerprint,
            settings_fingerprint=settings.fingerprint(),
            skipped=skips,
            files={},
        )
        seal(aside, description)
        publish(settings.data, aside, number)
        remove_unused(settings.data)
    return BuildReport(
        generation=number,
        published=publishing,
        added=added,
        changed=changed,
        removed=removed,
        unchanged=len(unchanged),
        skipped=skips,
        documents=documents,
        chunks=chunks,
        encoded=encoded,
        seconds=round(time.monotonic() - started, 3),
    )


@contextlib.contextmanager
def _base(settings: IndexSettings, encoder: Encoder, full: bool) -> Iterator[_Base]:
    pointer = read_pointer(settings.data)
    number = pointer.number if pointer else 0
    if full or pointer is None:
        yield _Base(number, None, {}, ())
        return
    try:
        sealed = read_seal(settings.data, pointer)
        made_alike = (sealed.encoder_fingerprint, sealed.settings_fingerprint) == (
            encoder.fingerprint,
            settings.fingerprint(),
        )
        catalog = Catalog.open(generation_folder(settings.data, pointer.number) / "catalog.sqlite")
        whole = made_alike and catalog.check()
    except (IndexDamaged, sqlite3.Error):
        whole = False
    if not whole:
        yield _Base(number, None, {}, ())
        return
    with contextlib.closing(catalog):
        yield _Base(number, catalog, {entry.path: entry.digest for entry in catalog.entries()}, sealed.skipped)


def _read(settings: IndexSettings, files: list[SourceFile], tell: Tell) -> Iterator[Document | Skipped]:
    with Reader(settings) as reader:
        for done, file in enumerate(files, 1):
            yield reader.read(file)
            tell(Progress("reading", done, len(files)))


def _carry_over(base: _Base, paths: list[str], catalog: Catalog) -> None:
    for path in paths:
        document = base.catalog.document(path) if base.catalog else None
        if document and base.catalog:
            catalog.add(document, base.catalog.chunks(path))


def _count_chunks(base: _Base) -> int:
    return base.catalog.counts()[1] if base.catalog else 0


def _encode(settings: IndexSettings, encoder: Encoder, aside: Path, tell: Tell) -> tuple[int, int]:
    """Fill the store from the finished catalog. How many sentences there are, and how many had to be encoded."""
    with contextlib.closing(Catalog.open(aside / "catalog.sqlite")) as catalog:
        total = sum(len(chunk.sentences) for chunk in catalog.chunks())
        with (
            contextlib.closing(EncodingsCache(settings.data / "encodings.sqlite", encoder)) as cache,
            contextlib.closing(Store.create(aside / "chroma", total)) as store,
        ):
            encoded = done = 0
            for batch in _batches(catalog.chunks()):
                ids = [chunk.sentence_id(n) for chunk in batch for n in range(len(chunk.sentences))]
                texts = [text for chunk in batch for text in chunk.sentence_texts()]
                start = done
                vectors, new = cache.encode(texts, lambda part, _, at=start: tell(Progress("encoding", at + part, total)))  # type: ignore[misc]
                store.add(ids, vectors)
                encoded += new
                done += len(ids)
                tell(Progress("encoding", done, total))
            cache.keep_only(text for chunk in catalog.chunks() for text in chunk.sentence_texts())
    return total, encoded


def _batches(chunks: Iterator[Chunk]) -> Iterator[list[Chunk]]:
    while batch := list(islice(chunks, _CHUNKS_AT_ONCE)):
        yield batch


def is_stale(settings: IndexSettings, catalog: Catalog) -> bool:
    """Whether the documents differ from what `catalog` holds, judged by content."""
    files, _ = scan(settings)
    return {file.document: file.digest for file in files} != {entry.path: entry.digest for entry in catalog.entries()}
