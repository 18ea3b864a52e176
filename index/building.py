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
from index.chunking import in_place, split
from index.encoder import Encoder, EncodingsCache
from index.errors import BuildRefused, DocumentsError, IndexDamaged
from index.formats import READERS
from index.generation import (
    Generation,
    Pointer,
    Seal,
    build_lock,
    generation_folder,
    next_number,
    preflight,
    publish,
    read_pointer,
    recover,
    remove_unused,
    seal,
)
from index.reading import Reader, SourceFile, scan
from index.settings import IndexSettings
from index.store import Store
from index.types import BuildReport, Chunk, Document, Progress, Skipped
from index.verifying import verify_apart

Tell = Callable[[Progress], None]

_CHUNKS_AT_ONCE = 100
# While little changes, a store is copied and changed rather than filled anew: 20,000 vectors take 6 s to insert, 0.2 s
# to copy and exchange 1 % of, 1.2 s with 10 %. What is removed leaves holes, so now and then it is filled anew.
_EDIT_SHARE = 0.2
_EDITS = 20


@dataclass(frozen=True, slots=True)
class _Base:
    """The generation that a build starts from: no `pointer` if there is no whole one, no `seal` if nothing of it can be
    carried over."""

    pointer: Pointer | None
    seal: Seal | None
    folder: Path
    digests: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Contents:
    """What a build made of the files: documents as they were, documents read anew, what is left out; and the ids of
    the sentences that are no more."""

    unchanged: tuple[str, ...]
    read: tuple[str, ...]
    skipped: tuple[Skipped, ...]
    dropped: tuple[str, ...]

    def differ(self, base: _Base) -> bool:
        """Whether they are not what `base` holds."""
        same = set(self.unchanged) == base.digests.keys()
        return bool(self.read) or not same or base.seal is None or self.skipped != base.seal.skipped


def build(
    settings: IndexSettings,
    encoder: Encoder,
    *,
    full: bool = False,
    allow_shrink: bool = False,
    tell: Tell = lambda _: None,
) -> BuildReport:
    """Make the index follow the documents, and publish the result if anything changed.

    Raises DocumentsError when there is nothing to index, BuildRunning when another build is under way, BuildRefused
    when the disk is unfit or, unless `allow_shrink`, when more documents went than `settings.max_shrink` allows.
    """
    started = time.monotonic()
    with build_lock(settings.data):
        recover(settings.data)
        preflight(settings.data)
        files, skipped = scan(settings)
        base = _base(settings, encoder, full)
        aside = settings.data / "generations" / f"tmp-{next_number(settings.data):06d}"
        try:
            aside.mkdir()
            contents = _fill_catalog(settings, encoder, base, aside, files, skipped, tell)
            if not (allow_shrink and base.digests):
                _refuse_nothing(settings, base, contents)
                _refuse_collapse(settings, base, contents)
            if contents.differ(base):
                sealed, encoded = _publish(settings, encoder, base, aside, contents, tell)
                return _report(base, contents, sealed, encoded, started)
            return _report(base, contents, base.seal, 0, started)
        except (OSError, sqlite3.OperationalError) as error:
            raise BuildRefused(
                f"The new index could not be written to {settings.data} ({error}).",
                hint="See that there is room and a right to write there. The index before goes on serving.",
            ) from error
        finally:
            shutil.rmtree(aside, ignore_errors=True)


def _report(base: _Base, contents: _Contents, sealed: Seal | None, encoded: int, started: float) -> BuildReport:
    assert sealed is not None, "there is a base or a new generation"
    present = {*contents.unchanged, *contents.read}
    return BuildReport(
        generation=sealed.number,
        published=sealed is not base.seal,
        added=tuple(path for path in contents.read if path not in base.digests),
        changed=tuple(path for path in contents.read if path in base.digests),
        removed=tuple(sorted(path for path in base.digests if path not in present)),
        unchanged=len(contents.unchanged),
        skipped=contents.skipped,
        documents=sealed.documents,
        chunks=sealed.chunks,
        encoded=encoded,
        seconds=round(time.monotonic() - started, 3),
    )


def _base(settings: IndexSettings, encoder: Encoder, full: bool) -> _Base:
    """The published generation if it is whole, and what of it can be carried over."""
    pointer = read_pointer(settings.data)
    if pointer is None:
        return _Base(None, None, settings.data, {})
    folder = generation_folder(settings.data, pointer.number)
    try:
        generation = Generation(settings.data, pointer)
    except IndexDamaged:
        return _Base(None, None, settings.data, {})  # what is damaged is neither used nor kept
    sealed = generation.seal
    generation.close()
    made_by = (sealed.encoder_fingerprint, sealed.settings_fingerprint)
    if full or made_by != (encoder.fingerprint, settings.fingerprint()):
        return _Base(pointer, None, folder, {})
    with contextlib.closing(Catalog.open(folder / "catalog.sqlite")) as catalog:
        return _Base(pointer, sealed, folder, {entry.path: entry.digest for entry in catalog.entries()})


def _fill_catalog(
    settings: IndexSettings,
    encoder: Encoder,
    base: _Base,
    aside: Path,
    files: list[SourceFile],
    skipped: list[Skipped],
    tell: Tell,
) -> _Contents:
    """Write the catalog: the one before without what changed or went, and what changed or came."""
    same = {file.document for file in files if base.digests.get(file.document) == file.digest}
    catalog = _start_catalog(base, aside / "catalog.sqlite")
    dropped = [identity for path in base.digests if path not in same for identity in catalog.remove(path)]
    read: list[str] = []
    for outcome in _read(settings, [file for file in files if file.document not in same], tell):
        if isinstance(outcome, Skipped):
            skipped.append(outcome)
        else:
            catalog.add(outcome, split(outcome, encoder.count_tokens, settings.chunking.tokens))
            read.append(outcome.path)
    catalog.finish()
    in_order = tuple(sorted(skipped, key=lambda entry: entry.document))
    return _Contents(tuple(sorted(same)), tuple(read), in_order, tuple(dropped))


def _refuse_nothing(settings: IndexSettings, base: _Base, contents: _Contents) -> None:
    """An index of nothing is only made of one that held something, and only when that is asked for."""
    if contents.unchanged or contents.read:
        return
    meant = " If all are meant to go, run: assistant index --allow-shrink" if base.digests else ""
    if not contents.skipped:
        raise DocumentsError(
            f"No documents in {settings.documents}.",
            hint=f"Put files there ({', '.join(READERS)}), then run: assistant index.{meant}",
        )
    reasons = "; ".join(f"{entry.document}: {entry.reason}" for entry in contents.skipped[:3])
    raise DocumentsError(
        f"None of the {len(contents.skipped)} files in {settings.documents} can be indexed ({reasons}).",
        hint=f"Put readable documents there, then run: assistant index.{meant}",
    )


def _refuse_collapse(settings: IndexSettings, base: _Base, contents: _Contents) -> None:
    """Documents that went by the score look like a folder that is not mounted, and are not believed at once."""
    before, now = len(base.digests), len(contents.unchanged) + len(contents.read)
    if before and before - now > settings.max_shrink * before:
        raise BuildRefused(
            f"Only {now} of the {before} documents of the index are in {settings.documents} and can be read.",
            hint="If they are meant to go, run: assistant index --allow-shrink. Else see if the folder is mounted.",
        )


def _start_catalog(base: _Base, path: Path) -> Catalog:
    if base.seal is None:
        return Catalog.create(path)
    shutil.copyfile(base.folder / "catalog.sqlite", path)
    return Catalog.edit(path)


def _read(settings: IndexSettings, files: list[SourceFile], tell: Tell) -> Iterator[Document | Skipped]:
    with Reader(settings) as reader:
        for done, file in enumerate(files, 1):
            yield reader.read(file)
            tell(Progress("reading", done, len(files)))


def _publish(
    settings: IndexSettings, encoder: Encoder, base: _Base, aside: Path, contents: _Contents, tell: Tell
) -> tuple[Seal, int]:
    """Encode, seal and publish the filled catalog. Its seal, and how many sentences had to be encoded."""
    with (
        contextlib.closing(Catalog.open(aside / "catalog.sqlite")) as catalog,
        contextlib.closing(EncodingsCache(settings.data / "encodings.sqlite", encoder)) as cache,
    ):
        documents, chunks = catalog.counts()
        total = sum(len(chunk.sentences) for chunk in catalog.chunks())
        new = [chunk for path in contents.read for chunk in catalog.chunks(path)]
        changes = len(contents.dropped) + sum(len(chunk.sentences) for chunk in new)
        edits = base.seal.edits + 1 if base.seal and changes <= _EDIT_SHARE * total else _EDITS
        if base.seal and edits < _EDITS:
            shutil.copytree(base.folder / "chroma", aside / "chroma")
            store = Store.edit(aside / "chroma", changes)
            store.remove(contents.dropped)
            encoded = _encode(cache, catalog, store, iter(new), changes - len(contents.dropped), tell)
        else:
            edits = 0
            store = Store.create(aside / "chroma", total)
            encoded = _encode(cache, catalog, store, catalog.chunks(), total, tell)
        store.close()
        cache.keep_only(
            text for chunk in catalog.chunks() for text in in_place(chunk, catalog.entry(chunk.document).title)
        )
    description = Seal(
        number=next_number(settings.data),
        built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        documents=documents,
        chunks=chunks,
        sentences=total,
        encoder=encoder.name,
        encoder_fingerprint=encoder.fingerprint,
        settings_fingerprint=settings.fingerprint(),
        skipped=contents.skipped,
        edits=edits,
        files={},
    )
    sealed = seal(aside, description)
    verify_apart(aside, settings, sealed)
    publish(settings.data, aside, sealed.number, base.pointer)
    remove_unused(settings.data)
    return sealed, encoded


def _encode(
    cache: EncodingsCache, catalog: Catalog, store: Store, chunks: Iterator[Chunk], total: int, tell: Tell
) -> int:
    """Give the store the vectors of the `total` sentences of `chunks`. How many had to be encoded."""
    encoded = done = 0
    while batch := list(islice(chunks, _CHUNKS_AT_ONCE)):
        ids = [chunk.sentence_id(n) for chunk in batch for n in range(len(chunk.sentences))]
        vectors, new = cache.encode(
            [text for chunk in batch for text in in_place(chunk, catalog.entry(chunk.document).title)]
        )
        store.add(ids, vectors)
        encoded += new
        done += len(ids)
        tell(Progress("encoding", done, total))
    return encoded


def is_stale(settings: IndexSettings, generation: Generation) -> bool:
    """Whether a build would change anything: documents, skipped files or settings are not those of `generation`.

    Judged by content. Raises DocumentsError when the document folder cannot be looked at.
    """
    files, skipped = scan(settings)
    known = {entry.path: entry.digest for entry in generation.catalog.entries()}
    known |= {entry.document: entry.digest for entry in generation.seal.skipped}
    found = {file.document: file.digest for file in files} | {entry.document: entry.digest for entry in skipped}
    return found != known or settings.fingerprint() != generation.seal.settings_fingerprint
