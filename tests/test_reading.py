"""The document folder: what is read, what is skipped and why, and that one file never costs another."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from assistant.settings import Settings, load
from index.errors import DocumentsError
from index.reading import Reader, scan
from index.types import Document, Skipped
from tests.test_formats import pdf

Write = Callable[[Mapping[str, str | bytes]], None]


def outcomes(settings: Settings) -> dict[str, Document | Skipped]:
    files, skipped = scan(settings)
    with Reader(settings) as reader:
        read = {file.document: reader.read(file) for file in files}
    return {**read, **{entry.document: entry for entry in skipped}}


def test_every_file_becomes_a_document_or_a_reason(settings: Settings, write: Write) -> None:
    write(
        {
            "good.txt": "A good file. It has text.",
            "deep/er/page.md": "# Page\n\nText.",
            "report.pdf": pdf("Some text on a page."),
            "empty.txt": "",
            "blank.md": " \n \n",
            "cut.pdf": b"%PDF-1.7 cut off",
            "table.xlsx": b"PK\x03\x04",
            "Makefile": "all:",
        }
    )
    found = outcomes(settings)
    assert {name for name, outcome in found.items() if isinstance(outcome, Document)} == {
        "good.txt", "deep/er/page.md", "report.pdf",
    }  # fmt: skip
    reasons = {name: outcome.reason for name, outcome in found.items() if isinstance(outcome, Skipped)}
    assert reasons["empty.txt"] == "it is empty"
    assert reasons["blank.md"] == "it holds no text"
    assert reasons["cut.pdf"] == "it is not a readable PDF"
    assert ".xlsx" in reasons["table.xlsx"]
    assert "Makefile" in reasons


def test_hidden_and_temporary_files_are_no_documents(settings: Settings, write: Write) -> None:
    write(
        {"a.txt": "Text.", ".hidden.txt": "x", ".git/config.txt": "x", "a.txt~": "x", "~$a.txt": "x", "b.txt.swp": "x"}
    )
    assert set(outcomes(settings)) == {"a.txt"}


def test_the_index_is_no_document_where_it_lies_among_them(place: Path, write: Write) -> None:
    write({"good.txt": "A good file.", "index/catalog.txt": "What the index keeps.", "kept/index/a.txt": "A page."})
    found = outcomes(load({"documents": place / "docs", "data": place / "docs" / "index"}))
    assert set(found) == {"good.txt", "kept/index/a.txt"}


def test_links_out_of_the_folder_and_special_files_are_refused(settings: Settings, write: Write, place: Path) -> None:
    write({"a.txt": "Text."})
    (place / "secret.txt").write_text("A secret.")
    (place / "docs" / "link.txt").symlink_to(place / "secret.txt")
    os.mkfifo(place / "docs" / "pipe.txt")
    found = outcomes(settings)
    assert isinstance(found["link.txt"], Skipped)
    assert isinstance(found["pipe.txt"], Skipped)


def test_links_that_lead_nowhere_or_to_folders_are_named(settings: Settings, write: Write, place: Path) -> None:
    write({"a.txt": "Text.", "part/b.txt": "Text."})
    (place / "docs" / "loop.txt").symlink_to("loop.txt")
    (place / "docs" / "gone.txt").symlink_to("nothing.txt")
    (place / "docs" / "folder").symlink_to(place / "docs" / "part")
    found = outcomes(settings)
    skipped = {name for name, outcome in found.items() if isinstance(outcome, Skipped)}
    assert skipped == {"loop.txt", "gone.txt", "folder"}


def test_a_name_with_control_characters_is_skipped_and_shown_without_them(settings: Settings, write: Write) -> None:
    write({"a.txt": "Text.", "new\nline.txt": "Text.", "esc\x1b[31m.txt": "Text."})
    skipped = {name for name, outcome in outcomes(settings).items() if isinstance(outcome, Skipped)}
    assert skipped == {"new\ufffdline.txt", "esc\ufffd[31m.txt"}


def test_an_edit_is_noticed_though_digests_are_remembered(settings: Settings, write: Write) -> None:
    write({"a.txt": "Text one."})
    first = scan(settings)[0][0].digest
    assert scan(settings)[0][0].digest == first
    write({"a.txt": "Text two."})
    assert scan(settings)[0][0].digest != first


def test_a_name_that_is_not_utf8_is_skipped_by_name(settings: Settings, write: Write, place: Path) -> None:
    write({"a.txt": "Text."})
    Path(os.fsdecode(os.fsencode(place / "docs") + b"/bad\xff.txt")).write_text("Text.")
    skipped = [outcome for outcome in outcomes(settings).values() if isinstance(outcome, Skipped)]
    assert [entry.reason for entry in skipped] == ["its name is not valid UTF-8; rename it"]


@pytest.mark.parametrize("kind", ["missing", "file"])
def test_a_folder_that_is_none_is_an_error_with_a_remedy(place: Path, kind: str) -> None:
    folder = place / kind
    if kind == "file":
        folder.write_text("not a folder")
    with pytest.raises(DocumentsError) as caught:
        scan(load({"documents": folder}))
    assert str(folder) in caught.value.message
    assert caught.value.hint


def test_a_file_that_takes_too_long_is_skipped_and_the_next_is_read(place: Path, write: Write) -> None:
    write({"a-hostile.md": "*a **b " * 200_000, "b.txt": "Text."})
    settings = load({"documents": place / "docs", "reading": {"timeout_seconds": 1}})
    files, _ = scan(settings)
    with Reader(settings) as reader:
        first, second = (reader.read(file) for file in files)
    assert isinstance(second, Document)
    assert isinstance(first, Skipped)
    assert first.reason == "reading it took longer than 1 seconds"


def test_a_file_that_needs_too_much_memory_is_skipped_and_the_next_is_read(place: Path, write: Write) -> None:
    write({"a-huge.txt": "word\n" * 9_000_000, "b.txt": "Text."})
    settings = load({"documents": place / "docs", "reading": {"memory_mb": 300}})
    files, _ = scan(settings)
    with Reader(settings) as reader:
        first, second = (reader.read(file) for file in files)
    assert isinstance(second, Document)
    assert isinstance(first, Skipped)
    assert "memory" in first.reason


def test_the_address_comes_from_the_document_or_from_the_template(place: Path, write: Write) -> None:
    write({"a b.md": "Text.", "c.md": "---\nurl: https://own.example/c\n---\nText."})
    found = outcomes(load({"documents": place / "docs", "url_template": "https://wiki.example/{stem}?from={path}"}))
    urls = {name: outcome.url for name, outcome in found.items() if isinstance(outcome, Document)}
    assert urls == {"a b.md": "https://wiki.example/a%20b?from=a%20b.md", "c.md": "https://own.example/c"}
