"""Building and publishing: only what changed is read and encoded, and every build equals a clean one."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings, load
from index import folder
from index.building import build
from index.encoder import PACKAGED_WEIGHTS, Encoder
from index.encodings import EncodingsCache
from index.errors import BuildRefused, BuildRunning, DocumentsError, EncoderError, IndexDamaged, IndexMissing, UserError
from index.history import read_history
from index.planning import find_due
from index.published import Published
from index.settings import LAYOUT, EncoderSettings
from index.store import Store
from index.types import BuildReport, Edit, Rename
from tests.conftest import LEAVE, TRAM
from tests.test_formats import pdf

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]


def contents(settings: Settings, encoder: Encoder) -> dict[str, tuple[str, dict[str, np.ndarray]]]:
    """Every chunk of the published generation: its text and the vectors of its sentences."""
    published = Published(settings.data, encoder.fingerprint)
    with published.reading() as opened:
        chunks = list(opened.catalog.chunks())
        found = {}
        for chunk in chunks:
            ids = [chunk.sentence_id(n) for n in range(len(chunk.sentences))]
            found[chunk.id] = (chunk.text, opened.store.vectors(ids))
            assert set(found[chunk.id][1]) == set(ids)
        assert opened.store.ids() == {chunk.sentence_id(n) for chunk in chunks for n in range(len(chunk.sentences))}
    published.close()
    return found


def test_building_twice_encodes_and_publishes_nothing(write: Write, rebuild: Rebuild) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    first, second = rebuild(), rebuild()
    assert (first.published, first.generation, set(first.added)) == (True, 1, {"tram.md", "leave.txt"})
    assert first.encoded > 0
    assert (second.published, second.generation, second.encoded, second.unchanged) == (False, 1, 0, 2)
    assert (second.documents, second.chunks) == (first.documents, first.chunks)


def test_only_the_edited_document_is_encoded(write: Write, rebuild: Rebuild) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    rebuild()
    write({"leave.txt": LEAVE.replace("25 days", "28 days")})
    report = rebuild()
    assert (report.changed, report.added, report.removed, report.unchanged) == (("leave.txt",), (), (), 1)
    assert report.encoded == 1
    assert report.edits == (Edit("leave.txt", 1, 1),)


def test_a_dry_run_finds_everything_out_and_does_nothing(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, place: Path
) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    first = build(settings, encoder, dry_run=True)
    assert (first.generation, first.published, set(first.added)) == (0, False, {"tram.md", "leave.txt"})
    assert first.encoded > 0
    assert not settings.data.exists()
    assert rebuild().encoded == first.encoded
    write({"more.txt": "One more. And another.", "empty.txt": "", "tram.md": TRAM.replace("1911", "1912")})
    (place / "docs" / "leave.txt").rename(place / "docs" / "days.txt")
    before = {path: path.stat().st_mtime_ns for path in settings.data.rglob("*") if path.is_file()}
    dry = build(settings, encoder, dry_run=True)
    after = {path: path.stat().st_mtime_ns for path in settings.data.rglob("*") if path.is_file()}
    assert before.keys() == after.keys()
    assert {path for path in before if before[path] != after[path]} <= {settings.data / "LOCK"}
    wet = rebuild()
    told = ("added", "changed", "removed", "renamed", "edits", "skipped", "unchanged", "documents", "chunks", "encoded")
    assert {name: getattr(dry, name) for name in told} == {name: getattr(wet, name) for name in told}
    assert (dry.dry_run, dry.published, wet.dry_run, wet.published) == (True, False, False, True)


def test_a_collapse_is_refused_also_when_everything_is_read_anew(
    write: Write, settings: Settings, encoder: Encoder, place: Path
) -> None:
    write({f"{n}.txt": f"Document number {n} says this." for n in range(5)})
    build(settings, encoder)
    for n in range(3):
        (place / "docs" / f"{n}.txt").unlink()
    other = settings.model_copy(update={"chunking": settings.chunking.model_copy(update={"tokens": 99})})
    for now, full in ((settings, True), (other, False)):
        with pytest.raises(BuildRefused, match="Only 2 of the 5"):
            build(now, encoder, full=full)
    (settings.data / "CURRENT").write_text("rubbish")
    shutil.rmtree(place / "docs")
    (place / "docs").mkdir()
    with pytest.raises(DocumentsError, match="No documents"):
        build(settings, encoder)


@pytest.mark.parametrize(
    "spoil", [lambda d: d[:-1], lambda d: b" " + d[1:], lambda d: d[:-1] + b"\x0b", lambda d: d[:9]]
)
def test_any_damage_of_the_pointer_is_noticed(
    write: Write, rebuild: Rebuild, settings: Settings, spoil: Callable[[bytes], bytes]
) -> None:
    write({"a.txt": "One sentence."})
    rebuild()
    pointer = settings.data / "CURRENT"
    pointer.write_bytes(spoil(pointer.read_bytes()))
    with pytest.raises(IndexDamaged, match="CURRENT is damaged"):
        folder.read_pointer(settings.data)


def test_the_last_builds_are_remembered(write: Write, rebuild: Rebuild, settings: Settings, place: Path) -> None:
    for number in range(23):
        write({"a.txt": f"Sentence number {number}.", "b.txt": "Always the same."})
        rebuild()
    rebuild()
    history = read_history(settings.data)
    assert [entry["generation"] for entry in history] == list(range(23, 3, -1))
    assert history[0]["changed"] == {"count": 1, "names": ["a.txt"]}
    shutil.rmtree(place / "docs")
    for _ in range(2):
        with pytest.raises(DocumentsError):
            rebuild()
    newest, before, *_ = read_history(settings.data)
    assert "does not exist" in newest["error"]
    assert before["generation"] == 23


def test_a_renamed_document_is_not_encoded_again(write: Write, rebuild: Rebuild, place: Path) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    rebuild()
    (place / "docs" / "leave.txt").rename(place / "docs" / "days off.txt")
    report = rebuild()
    assert (report.added, report.removed, report.encoded) == (("days off.txt",), ("leave.txt",), 0)
    assert report.renamed == (Rename("leave.txt", "days off.txt"),)


def test_removed_words_are_nowhere_after_the_next_two_builds(write: Write, rebuild: Rebuild, place: Path) -> None:
    write({"a.txt": "The password of the vault is xylophonequartz.", "b.txt": "Other words stay here."})
    rebuild()
    (place / "docs" / "a.txt").unlink()
    rebuild()
    write({"c.txt": "One more document."})
    rebuild()
    left = [path for path in (place / "data").rglob("*") if path.is_file() and b"xylophonequartz" in path.read_bytes()]
    assert left == []


def test_a_bad_file_is_named_and_the_rest_is_indexed(write: Write, rebuild: Rebuild) -> None:
    write({"tram.md": TRAM, "cut.pdf": b"%PDF-1.7"})
    report, again = rebuild(), rebuild()
    assert report.added == ("tram.md",)
    assert [entry.document for entry in report.skipped] == ["cut.pdf"]
    assert (again.published, again.skipped) == (False, report.skipped)


def test_a_document_that_became_unreadable_leaves_the_index_and_is_named(write: Write, rebuild: Rebuild) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    rebuild()
    write({"leave.txt": ""})
    report = rebuild()
    assert (report.removed, report.skipped[0].document) == (("leave.txt",), "leave.txt")


def test_other_settings_mean_a_full_build(write: Write, settings: Settings, encoder: Encoder) -> None:
    write({"tram.md": TRAM})
    build(settings, encoder)
    other = load({"documents": settings.documents, "data": settings.data, "chunking": {"tokens": 40}})
    report = build(other, encoder)
    assert (report.published, report.added, report.changed, report.unchanged) == (True, (), (), 1)
    assert ([edit.document for edit in report.edits], report.encoded) == (["tram.md"], 0)
    assert report.chunks > 1


def test_nothing_readable_keeps_the_old_index(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, place: Path
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    (place / "docs" / "tram.md").unlink()
    with pytest.raises(DocumentsError):
        rebuild()
    write({"cut.pdf": b"%PDF"})
    with pytest.raises(DocumentsError, match=r"cut\.pdf"):
        rebuild()
    assert contents(settings, encoder)
    assert not list((settings.data / "generations").glob("tmp-*"))


def test_keywords_of_an_edited_index_equal_those_of_a_clean_one(
    write: Write, settings: Settings, encoder: Encoder, place: Path
) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    build(settings, encoder)
    write({"leave.txt": LEAVE.replace("annual", "yearly").replace("Annual", "Yearly")})
    build(settings, encoder)
    clean = load({"documents": settings.documents, "data": place / "clean"})
    build(clean, encoder)
    found = []
    for data in (settings.data, clean.data):
        published = Published(data, encoder.fingerprint)
        with published.reading() as opened:
            words = ("tram", "leav", "yearli", "annual", "day")
            found.append((opened.catalog.frequencies(words), dict(opened.catalog.search(words, 10))))
        published.close()
    assert found[0] == found[1]
    assert "annual" not in found[0][0]


def test_a_folder_that_looks_unmounted_is_not_believed(
    write: Write, settings: Settings, encoder: Encoder, place: Path
) -> None:
    write({f"{n}.txt": f"Document number {n} says this." for n in range(5)})
    build(settings, encoder)
    for n in range(3):
        (place / "docs" / f"{n}.txt").unlink()
    with pytest.raises(BuildRefused, match="Only 2 of the 5") as caught:
        build(settings, encoder)
    assert "--allow-shrink" in caught.value.hint
    assert len(contents(settings, encoder)) == 5
    assert len(build(settings, encoder, allow_shrink=True).removed) == 3


def test_the_last_document_goes_when_that_is_meant(
    write: Write, settings: Settings, encoder: Encoder, place: Path
) -> None:
    with pytest.raises(DocumentsError, match="No documents"):
        build(settings, encoder, allow_shrink=True)
    write({"a.txt": "The only words."})
    build(settings, encoder)
    (place / "docs" / "a.txt").unlink()
    with pytest.raises(DocumentsError) as caught:
        build(settings, encoder)
    assert "--allow-shrink" in caught.value.hint
    report = build(settings, encoder, allow_shrink=True)
    assert (report.removed, report.documents, report.chunks) == (("a.txt",), 0, 0)
    assert contents(settings, encoder) == {}
    own = Assistant(settings)
    own.encoder = encoder
    assert own.ask("What are the only words?").band == "not_found"
    assert own.search("words").passages == ()
    own.close()
    write({"b.txt": "Other words."})
    assert build(settings, encoder).added == ("b.txt",)


def test_a_disk_that_cannot_carry_a_build_is_refused(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    write({"leave.txt": LEAVE})
    with monkeypatch.context() as patch:
        patch.setattr("index.folder._ROOM", 10**18)
        with pytest.raises(BuildRefused, match="MB are free"):
            rebuild()
    with monkeypatch.context() as patch:
        patch.setattr("index.folder._file_system", lambda _: "nfs4")
        with pytest.raises(BuildRefused, match="nfs4"):
            rebuild()
    assert contents(settings, encoder)
    assert rebuild().published


def test_a_generation_that_fails_its_checks_is_not_published(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    write({"leave.txt": LEAVE})
    real = Store.add

    def add_wrongly(store: Store, ids: Sequence[str], vectors: np.ndarray) -> None:
        real(store, ids, np.roll(vectors, 1, axis=0))

    with monkeypatch.context() as patch:
        patch.setattr(Store, "add", add_wrongly)
        with pytest.raises(IndexDamaged, match="did not pass its checks"):
            rebuild()
    published = Published(settings.data, encoder.fingerprint)
    with published.reading() as opened:
        assert opened.number == 1
    published.close()
    assert not list((settings.data / "generations").glob("tmp-*"))
    assert rebuild().published


def test_a_second_builder_is_told_who_builds(write: Write, rebuild: Rebuild, settings: Settings) -> None:
    write({"tram.md": TRAM})
    with folder.build_lock(settings.data):
        assert folder.builder(settings.data)
        with pytest.raises(BuildRunning, match=r"process \d+ since") as caught:
            rebuild()
    assert caught.value.exit_code == 75
    assert not folder.builder(settings.data)
    assert rebuild().published


def test_an_index_never_built_says_how_to_build_it(settings: Settings, encoder: Encoder) -> None:
    with pytest.raises(IndexMissing) as caught, Published(settings.data, encoder.fingerprint).reading():
        pass
    assert caught.value.hint == "Build it: assistant index"
    assert not settings.data.exists()


@pytest.mark.parametrize("victim", ["catalog.sqlite", "data_level0.bin", "SEALED.json", "chroma.sqlite3"])
@pytest.mark.parametrize("damage", ["cut", "flip", "delete"])
def test_damage_is_noticed_and_the_generation_before_serves(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, victim: str, damage: str
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    write({"leave.txt": LEAVE})
    rebuild()
    (path,) = folder.generation_folder(settings.data, 2).rglob(victim)
    data = bytearray(path.read_bytes())
    if damage == "delete":
        path.unlink()
    elif damage == "cut":
        path.write_bytes(data[: len(data) // 2])
    else:
        data[20:60] = bytes(255 - byte for byte in data[20:60])
        path.write_bytes(data)
    published = Published(settings.data, encoder.fingerprint)
    with published.reading() as opened:
        assert opened.number == 1
    assert isinstance(published.fault, IndexDamaged)
    published.close()
    assert not path.exists() or damage != "delete", "no reader makes a file"
    report = rebuild()
    assert (report.published, report.generation, report.encoded) == (True, 3, 0)
    assert contents(settings, encoder)


def test_a_reader_keeps_its_generation_until_it_is_done(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    published = Published(settings.data, encoder.fingerprint)
    with published.reading() as first:
        for text in ("One.", "Two.", "Three."):
            write({"more.txt": text})
            rebuild()
        with published.reading() as newest:
            assert newest.number == 4
        assert first.catalog.counts()[0] == 1
        assert first.store.count() == first.seal.sentences
    assert folder.generation_folder(settings.data, 1).exists()
    published.close()
    write({"more.txt": "Four."})
    rebuild()
    kept = sorted(place.name for place in (settings.data / "generations").iterdir())
    assert kept == ["000004", "000005"]


def test_stale_means_that_a_build_would_change_something(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder
) -> None:
    def stale(now: Settings = settings) -> bool:
        return find_due(now, encoder.fingerprint).stale

    write({"tram.md": TRAM, "cut.pdf": b"%PDF", "empty.txt": "", "table.xlsx": "x"})
    rebuild()
    assert not stale()
    assert stale(settings.model_copy(update={"url_template": "https://wiki.example/{path}"}))
    write({"cut.pdf": pdf("It can be read now.")})
    assert stale()
    assert rebuild().added == ("cut.pdf",)
    assert not stale()


@pytest.mark.parametrize("statement", ["DELETE FROM collections", "DROP TABLE embeddings", "DELETE FROM segments"])
def test_a_store_that_chroma_cannot_use_is_made_anew(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, statement: str
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    (path,) = settings.data.rglob("chroma.sqlite3")
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(statement)
    with pytest.raises(IndexDamaged), Published(settings.data, encoder.fingerprint).reading():
        pass
    assert (rebuild().generation, len(contents(settings, encoder))) == (2, 3)


def test_a_damaged_cache_of_encodings_is_made_anew(write: Write, rebuild: Rebuild, settings: Settings) -> None:
    write({"tram.md": TRAM})
    rebuild()
    (settings.data / "encodings.sqlite").write_bytes(b"nothing like it" * 1000)
    write({"leave.txt": LEAVE})
    assert rebuild().published


def test_encodings_are_kept_and_forgotten_with_their_texts(place: Path, encoder: Encoder) -> None:
    with contextlib.closing(EncodingsCache(place / "encodings.sqlite", encoder)) as cache:
        texts = ["One text.", "Another text.", "One text."]
        assert cache.missing(texts) == ["One text.", "Another text."]
        cache.add(cache.missing(texts))
        assert cache.missing(texts) == []
        vectors = cache.vectors(texts)
        np.testing.assert_array_equal(vectors[0], vectors[2])
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
        cache.keep_only(["One text."])
        assert cache.missing(texts) == ["Another text."]
    with contextlib.closing(sqlite3.connect(place / "encodings.sqlite")) as connection:
        assert connection.execute("PRAGMA quick_check").fetchone() == ("ok",)


def test_altered_weights_are_refused(place: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = place / "model"
    shutil.copytree(encoder._folder, folder)
    weights = folder / "model.safetensors"
    data = bytearray(weights.read_bytes())
    data[-1] ^= 1
    weights.write_bytes(data)
    monkeypatch.setattr("index.encoder.packaged_folder", lambda: folder)
    with pytest.raises(EncoderError, match="not the publisher's"):
        Encoder(EncoderSettings()).encode(["x"])
    weights.unlink()
    with pytest.raises(EncoderError, match=r"model\.safetensors"):
        Encoder(EncoderSettings(model=folder)).encode(["x"])
    assert len(PACKAGED_WEIGHTS) == 64


@pytest.mark.parametrize(("layout", "whose"), [(LAYOUT + 1, "a newer version"), (LAYOUT - 1, "an older version")])
def test_an_index_of_another_version_is_named_and_built_anew(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder, layout: int, whose: str
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    served = Published(settings.data, encoder.fingerprint)
    with served.reading():
        pass
    other = folder.generation_folder(settings.data, 2)
    shutil.copytree(folder.generation_folder(settings.data, 1), other)
    sealed = {**json.loads((other / "SEALED.json").read_text()), "number": 2, "layout": layout, "unknown": 1}
    (other / "SEALED.json").write_text(json.dumps(sealed))
    digest = hashlib.sha256((other / "SEALED.json").read_bytes()).hexdigest()
    folder.point(settings.data, "CURRENT", folder.Pointer(2, digest))
    with served.reading() as opened:
        assert opened.number == 1, "what is served goes on being served"
    assert served.fault
    assert whose in served.fault.message
    with pytest.raises(IndexDamaged, match=whose) as caught, Published(settings.data, encoder.fingerprint).reading():
        pass
    assert caught.value.hint == "Build it for this version: assistant index"
    report = rebuild()
    assert (report.published, report.generation, report.encoded) == (True, 3, 0)
    with served.reading() as opened:
        assert (opened.number, served.fault) == (3, None)
    served.close()


def test_an_index_of_another_encoder_is_named(write: Write, rebuild: Rebuild, settings: Settings) -> None:
    write({"tram.md": TRAM})
    rebuild()
    with pytest.raises(IndexDamaged, match="another encoder") as caught, Published(settings.data, "other").reading():
        pass
    assert caught.value.hint == "Build it for this one: assistant index"
    assert find_due(settings, "other").stale


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a folder read-only")
def test_a_data_folder_that_became_read_only_goes_on_being_served(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    served = Published(settings.data, encoder.fingerprint)
    with served.reading():
        pass
    mount = ["mount", "--bind", str(settings.data), str(settings.data)]
    if subprocess.run(mount, capture_output=True).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        subprocess.run(["mount", "-o", "remount,bind,ro", str(settings.data)], check=True)
        with served.reading() as opened:
            assert opened.store.count() == opened.seal.sentences
        with (
            pytest.raises(IndexDamaged, match="cannot be written"),
            Published(settings.data, encoder.fingerprint).reading(),
        ):
            pass
        with pytest.raises(UserError, match="cannot be written"):
            rebuild()
    finally:
        subprocess.run(["umount", str(settings.data)], check=True)
    served.close()


def test_many_rebuilds_leave_nothing_behind(
    write: Write, rebuild: Rebuild, settings: Settings, encoder: Encoder
) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    rebuild()
    published = Published(settings.data, encoder.fingerprint)
    held = []
    for number in range(16):
        write({"tram.md": f"{TRAM}\n\nEdition {number}."})
        rebuild()
        with published.reading() as opened:
            assert opened.number == number + 2
        disk = sum(p.stat().st_size for p in settings.data.rglob("*") if p.is_file() and not p.is_symlink())
        held.append((len(list(Path("/proc/self/fd").iterdir())), threading.active_count(), disk))
        assert len(list((settings.data / "generations").iterdir())) == 2
        assert len(list((settings.data / "readers").iterdir())) == 1
    published.close()
    first, last = held[1:6], held[-5:]  # Chroma closes its files a moment later, so single figures differ
    for one in range(3):
        assert min(figures[one] for figures in last) <= 1.1 * max(figures[one] for figures in first)
