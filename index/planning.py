"""What a build starts from, what the document folder holds, and whether the two may be brought together.

Compares by content. Writes nothing.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from index.catalog import Catalog
from index.errors import BuildRefused, DocumentsError, IndexDamaged
from index.folder import Pointer, current, generation_folder, pointers
from index.formats.choosing import READERS
from index.generation import Seal, read_seal, verify_files
from index.reading import SourceFile, scan
from index.settings import IndexSettings
from index.types import Rename, Skipped

Digests = dict[str, str]
"""The SHA-256 of each document's content, by its name."""


@dataclass(frozen=True, slots=True)
class Base:
    """The generation that a build starts from, if there is a whole one: `pointer` names it, `known` are its documents.
    `seal` is there only if it can be carried over."""

    pointer: Pointer | None
    known: Digests
    seal: Seal | None
    folder: Path

    @property
    def digests(self) -> Digests:
        """The documents that can be carried over."""
        return self.known if self.seal else {}


@dataclass(frozen=True, slots=True)
class Contents:
    """What a build made of the files: documents as they were, documents read anew, what is left out."""

    unchanged: tuple[str, ...]
    read: Digests
    skipped: tuple[Skipped, ...]

    @property
    def present(self) -> set[str]:
        """Every document there is now."""
        return {*self.unchanged, *self.read}

    def differ(self, base: Base) -> bool:
        """Whether they are not what `base` holds."""
        return (
            bool(self.read)
            or self.present != base.digests.keys()
            or base.seal is None
            or self.skipped != base.seal.skipped
        )


def find_base(settings: IndexSettings, encoder_fingerprint: str, full: bool) -> Base:
    """CURRENT's generation if it is whole, else PREVIOUS's, of which nothing is carried over.

    What is damaged is neither used nor kept.
    """
    for pointer in pointers(settings.data):
        folder = generation_folder(settings.data, pointer.number)
        try:
            sealed = read_seal(settings.data, pointer)
            verify_files(settings.data, pointer, sealed)
        except IndexDamaged:
            continue
        made_by = (sealed.encoder_fingerprint, sealed.settings_fingerprint)
        same = made_by == (encoder_fingerprint, settings.fingerprint()) and pointer == current(settings.data)
        return Base(pointer, _documents(folder), sealed if same and not full else None, folder)
    return Base(None, {}, None, settings.data)


def _documents(folder: Path) -> Digests:
    with contextlib.closing(Catalog.open(folder / "catalog.sqlite")) as catalog:
        return {entry.path: entry.digest for entry in catalog.entries()}


def find_renames(before: Mapping[str, str], contents: Contents) -> tuple[Rename, ...]:
    """Documents that came with the very content of one that went; each counts once."""
    gone = {digest: path for path, digest in sorted(before.items()) if path not in contents.present}
    return tuple(
        Rename(gone.pop(digest), path)
        for path, digest in sorted(contents.read.items())
        if path not in before and digest in gone
    )


# --- what is refused -------------------------------------------------------------------------------------------


def refuse_collapse(settings: IndexSettings, base: Base, contents: Contents) -> None:
    """Documents that went by the score look like a folder that is not mounted, and are not believed at once.

    Raises DocumentsError when nothing is left, BuildRefused when more went than `settings.max_shrink` allows.
    """
    before, now = len(base.known), len(contents.present)
    if not now:
        _refuse_nothing(settings, base, contents)
    if before and before - now > settings.max_shrink * before:
        raise BuildRefused(
            f"Only {now} of the {before} documents of the index are in {settings.documents} and can be read.",
            hint="If they are meant to go, run: assistant index --allow-shrink. Else see if the folder is mounted.",
        )


def _refuse_nothing(settings: IndexSettings, base: Base, contents: Contents) -> None:
    meant = " If all are meant to go, run: assistant index --allow-shrink" if base.known else ""
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


# --- whether a build is due ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """Whether a build would change anything, and whether it should come by itself: not when a person rolled the index
    back and the documents are still those that were rolled back from.

    `sources` names the state of the document folder.
    """

    stale: bool
    held_back: bool
    sources: int


def find_due(settings: IndexSettings, encoder_fingerprint: str) -> Due:
    """Compare the document folder with what is published. Raises DocumentsError when the folder cannot be looked at."""
    files, skipped = scan(settings)
    found = _found(files, skipped)
    sources = hash(frozenset(found.items()))
    published = pointers(settings.data)
    if not published or published[0] != current(settings.data):
        return Due(True, False, sources)
    stale = not _holds(settings, encoder_fingerprint, published[0], found)
    rolled_back = len(published) == 2 and published[1].number > published[0].number
    held_back = stale and rolled_back and _holds(settings, encoder_fingerprint, published[1], found)
    return Due(stale, held_back, sources)


def _found(files: list[SourceFile], skipped: list[Skipped]) -> Digests:
    return {file.document: file.digest for file in files} | {entry.document: entry.digest for entry in skipped}


def _holds(settings: IndexSettings, encoder_fingerprint: str, pointer: Pointer, found: Digests) -> bool:
    """Whether a build would find generation `pointer` to be just what the folder holds."""
    try:
        sealed = read_seal(settings.data, pointer)
        known = _documents(generation_folder(settings.data, pointer.number))
    except (IndexDamaged, sqlite3.Error):
        return False
    known |= {entry.document: entry.digest for entry in sealed.skipped}
    made_by = (sealed.encoder_fingerprint, sealed.settings_fingerprint)
    return found == known and made_by == (encoder_fingerprint, settings.fingerprint())
