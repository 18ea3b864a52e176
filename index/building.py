"""The straight path of a document: file -> Document -> Chunks -> vectors -> a sealed generation.

Reads and encodes only what changed; everything else is carried over from the generation before. Whatever stops a
build, the published generation stays as it was.
"""

from __future__ import annotations

import contextlib
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.chunking import in_place, split
from index.encoder import Encoder
from index.encodings import EncodingsCache
from index.errors import BuildRefused, UserError
from index.folder import (
    build_lock,
    ensure_key,
    next_number,
    preflight,
    publish,
    recover,
    remove_unused,
)
from index.generation import Seal, seal
from index.history import remember_build
from index.planning import Base, Contents, find_base, find_renames, refuse_collapse
from index.progress import Meter, Tell
from index.reading import Reader, SourceFile, scan
from index.settings import IndexSettings
from index.store import Store, compact
from index.types import BuildReport, Chunk, Document, Edit, Skipped
from index.verifying import verify_apart

_CHUNKS_AT_ONCE = 100
# While little changes, a store is copied and changed rather than filled anew: 20,000 vectors take 6 s to insert, 0.2 s
# to copy and exchange 1 % of, 1.2 s with 10 %. What is removed leaves holes, so now and then it is filled anew.
_EDIT_SHARE = 0.2
_EDITS = 20


@dataclass(frozen=True, slots=True)
class _Draft:
    """A filled catalog and what is known of it: what it holds, which sentences went, what became of each document."""

    contents: Contents
    dropped: tuple[str, ...]
    edits: tuple[Edit, ...]


def build(
    settings: IndexSettings,
    encoder: Encoder,
    *,
    full: bool = False,
    allow_shrink: bool = False,
    dry_run: bool = False,
    tell: Tell = lambda _: None,
) -> BuildReport:
    """Make the index follow the documents, and publish the result if anything changed.

    With `dry_run` everything is found out and nothing encoded or published, nor a data folder made where there is none.
    Raises DocumentsError when there is nothing to index, BuildRunning when another build is under way, BuildRefused
    when the disk is unfit or, unless `allow_shrink`, when more documents went than `settings.max_shrink` allows.
    """
    started = time.monotonic()
    if dry_run and not settings.data.exists():
        with tempfile.TemporaryDirectory() as aside:
            there = settings.model_copy(update={"data": Path(aside)})
            return build(there, encoder, full=full, allow_shrink=allow_shrink, dry_run=True, tell=tell)
    with build_lock(settings.data):
        try:
            recover(settings.data)
            preflight(settings.data)
            ensure_key(settings.data)
            report = _build(settings, encoder, full, allow_shrink, dry_run, tell, started)
        except BrokenPipeError:
            raise  # whoever is told has gone; the disk is well
        except (UserError, OSError, sqlite3.Error) as error:
            told = error if isinstance(error, UserError) else _unwritten(settings, error)
            if not dry_run:
                remember_build(settings.data, told)
            raise told from error
        if report.published:
            remember_build(settings.data, report)
        return report


def _build(
    settings: IndexSettings,
    encoder: Encoder,
    full: bool,
    allow_shrink: bool,
    dry_run: bool,
    tell: Tell,
    started: float,
) -> BuildReport:
    files, skipped = scan(settings)
    base = find_base(settings, encoder.fingerprint, full)
    # A name of its own, since Chroma remembers in a process what it had open under a path.
    aside = settings.data / "generations" / f"tmp-{next_number(settings.data):06d}-{secrets.token_hex(4)}"
    try:
        aside.mkdir()
        draft = _fill_catalog(settings, encoder, base, aside, files, skipped, tell)
        if not (allow_shrink and base.known):
            refuse_collapse(settings, base, draft.contents)
        sealed, encoded = base.seal, 0
        with contextlib.closing(Catalog.open(aside / "catalog.sqlite")) as catalog:
            if dry_run:
                encoded = _count_missing(settings, encoder, catalog)
            elif draft.contents.differ(base):
                sealed, encoded = _publish(settings, encoder, base, aside, draft, catalog, tell)
            documents, chunks = catalog.counts()
        if not dry_run:
            remove_unused(settings.data)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return BuildReport(
        generation=sealed.number if sealed else 0,
        published=sealed is not base.seal,
        **_differences(base, draft),
        documents=documents,
        chunks=chunks,
        encoded=encoded,
        seconds=round(time.monotonic() - started, 3),
        dry_run=dry_run,
    )


# --- the catalog -----------------------------------------------------------------------------------------------


def _fill_catalog(
    settings: IndexSettings,
    encoder: Encoder,
    base: Base,
    aside: Path,
    files: list[SourceFile],
    skipped: list[Skipped],
    tell: Tell,
) -> _Draft:
    """Write the catalog: the one before without what changed or went, and what changed or came."""
    same = {file.document for file in files if base.digests.get(file.document) == file.digest}
    catalog = _start_catalog(base, aside / "catalog.sqlite")
    before: dict[str, set[str]] = {}
    dropped: list[str] = []
    for path in base.digests.keys() - same:
        before[path] = {chunk.text for chunk in catalog.chunks(path)}
        dropped += catalog.remove(path)
    read: dict[str, str] = {}
    edits: list[Edit] = []
    for outcome in _read(settings, [file for file in files if file.document not in same], tell):
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
            continue
        chunks = split(outcome, encoder.count_tokens, settings.chunking.tokens)
        catalog.add(outcome, chunks)
        read[outcome.path] = outcome.digest
        new = sum(chunk.text not in before.get(outcome.path, ()) for chunk in chunks)
        edits.append(Edit(outcome.path, len(chunks), new))
    catalog.finish()
    in_order = tuple(sorted(skipped, key=lambda entry: entry.document))
    return _Draft(Contents(tuple(sorted(same)), read, in_order), tuple(dropped), tuple(edits))


def _start_catalog(base: Base, path: Path) -> Catalog:
    if base.seal is None:
        return Catalog.create(path)
    shutil.copyfile(base.folder / "catalog.sqlite", path)
    return Catalog.edit(path)


def _read(settings: IndexSettings, files: list[SourceFile], tell: Tell) -> Iterator[Document | Skipped]:
    meter = Meter("reading", len(files), tell)
    with Reader(settings) as reader:
        for file in files:
            yield reader.read(file)
            meter.add(1, file.document)


# --- the vectors -----------------------------------------------------------------------------------------------


def _texts(catalog: Catalog) -> Iterator[str]:
    """What the encoder reads for each sentence of the catalog."""
    titles = {entry.path: entry.title for entry in catalog.entries()}
    for chunk in catalog.chunks():
        yield from in_place(chunk, titles[chunk.document])


def _count_missing(settings: IndexSettings, encoder: Encoder, catalog: Catalog) -> int:
    with contextlib.closing(EncodingsCache(settings.data / "encodings.sqlite", encoder)) as cache:
        return len(cache.missing(_texts(catalog)))


def _publish(
    settings: IndexSettings, encoder: Encoder, base: Base, aside: Path, draft: _Draft, catalog: Catalog, tell: Tell
) -> tuple[Seal, int]:
    """Encode, seal, check and publish the filled catalog. Its seal, and how many sentences had to be encoded."""
    with contextlib.closing(EncodingsCache(settings.data / "encodings.sqlite", encoder)) as cache:
        missing = cache.missing(_texts(catalog))
        encoding = Meter("encoding", len(missing), tell)
        cache.add(missing, encoding.reach)
        sentences, edits = _fill_store(cache, base, aside, draft, catalog, tell)
        cache.keep_only(_texts(catalog))
    documents, chunks = catalog.counts()
    description = Seal(
        number=next_number(settings.data),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        documents=documents,
        chunks=chunks,
        sentences=sentences,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        settings_fingerprint=settings.fingerprint(),
        skipped=draft.contents.skipped,
        edits=edits,
        files={},
    )
    checking = Meter("checking", sentences, tell)
    sealed = seal(aside, description)
    verify_apart(aside, settings, sealed)
    checking.reach(sentences)
    publish(settings.data, aside, sealed.number, base.pointer)
    return sealed, len(missing)


def _fill_store(
    cache: EncodingsCache, base: Base, aside: Path, draft: _Draft, catalog: Catalog, tell: Tell
) -> tuple[int, int]:
    """Make the store of vectors, by changing a copy of the one before or anew.

    How many sentences it holds, and how many builds ago it was made anew.
    """
    total = sum(len(chunk.sentences) for chunk in catalog.chunks())
    new = [chunk for path in draft.contents.read for chunk in catalog.chunks(path)]
    coming = sum(len(chunk.sentences) for chunk in new)
    changes = len(draft.dropped) + coming
    if base.seal and changes <= _EDIT_SHARE * total and base.seal.edits + 1 < _EDITS:
        shutil.copytree(base.folder / "chroma", aside / "chroma")
        edits = base.seal.edits + 1
        with contextlib.closing(Store.edit(aside / "chroma", changes)) as store:
            store.remove(draft.dropped)
            _store(cache, catalog, store, iter(new), Meter("storing", coming, tell))
    else:
        edits = 0
        with contextlib.closing(Store.create(aside / "chroma", total)) as store:
            _store(cache, catalog, store, catalog.chunks(), Meter("storing", total, tell))
    compact(aside / "chroma")
    return total, edits


def _store(cache: EncodingsCache, catalog: Catalog, store: Store, chunks: Iterator[Chunk], meter: Meter) -> None:
    while batch := list(islice(chunks, _CHUNKS_AT_ONCE)):
        ids = [chunk.sentence_id(n) for chunk in batch for n in range(len(chunk.sentences))]
        texts = [text for chunk in batch for text in in_place(chunk, catalog.entry(chunk.document).title)]
        store.add(ids, cache.vectors(texts))
        meter.add(len(ids))


# --- what is told ----------------------------------------------------------------------------------------------


def _differences(base: Base, draft: _Draft) -> dict[str, Any]:
    """The fields of a report that say what became of the documents."""
    contents = draft.contents
    same = {path for path, digest in contents.read.items() if base.known.get(path) == digest}  # but read anew
    changed = tuple(sorted((contents.read.keys() & base.known.keys()) - same))
    return {
        "added": tuple(sorted(contents.read.keys() - base.known.keys())),
        "changed": changed,
        "removed": tuple(sorted(base.known.keys() - contents.present)),
        "renamed": find_renames(base.known, contents),
        "edits": draft.edits,
        "unchanged": len(contents.present & base.known.keys()) - len(changed),
        "skipped": contents.skipped,
    }


def _unwritten(settings: IndexSettings, error: Exception) -> BuildRefused:
    return BuildRefused(
        f"The new index could not be written to {settings.data} ({error}).",
        hint="See that there is room and a right to write there. The index before goes on serving.",
    )
