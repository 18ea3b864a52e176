"""Checks that a working installation passes, each with the remedy when it does not."""

from __future__ import annotations

import shutil
import socket
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from assistant.settings import Settings
from assistant.state import State, state
from assistant.words.frames import is_english
from assistant.writing.clients import Message
from assistant.writing.model import Model
from assistant.writing.prompt import instructions
from index.encoder import Encoder
from index.errors import ModelError, SettingsError, UserError
from index.generation import Generation
from index.published import Published
from index.reading import scan
from index.terms import terms

_SAMPLE = 200  # passages whose language is looked at
_TELLING = 12  # terms from which a passage tells its language
_MULTILINGUAL = (
    "Keywords still find, but answers are refused more often. Name the folder of a multilingual model, such as"
    " paraphrase-multilingual-MiniLM-L12-v2 (encoder.model), and run: assistant index"
)
_PROBE_TOKENS = 200  # a model may think aloud first
_ROOM = 1_000_000_000  # bytes; a build needs the index once more beside the old one


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at. `remedy` is empty when it is well."""

    name: str
    ok: bool
    message: str
    remedy: str = ""


def examine(settings: Settings) -> Iterator[Check]:
    """All checks, in the order in which one needs the one before."""
    yield _sqlite()
    yield _documents(settings)
    yield _room(settings.data)
    yield _port(settings)
    encoder = Encoder(settings.encoder)
    try:
        fingerprint = encoder.fingerprint
        length = float((encoder.encode(["a sentence to encode"])[0] ** 2).sum())
        yield Check("encoder", abs(length - 1) < 1e-3, f"{encoder.name} ({fingerprint}) loads from disk and encodes")
    except UserError as error:
        yield Check("encoder", False, error.message, error.hint)
        return
    if settings.writer == "generative":
        yield _language_model(settings)
    elif settings.llm.model:
        told = f"{settings.llm.model} is set, but answers quote and do not use it"
        yield Check("language model", False, told, 'Set writer = "generative", or take the [llm] settings out.')
    published = Published(settings.data, fingerprint)
    try:
        yield from _index(state(settings, published))
        if settings.encoder.model is None:
            with published.reading() as generation:
                yield _language(generation, encoder.name)
    except UserError as error:
        yield Check("index", False, error.message, error.hint)
    finally:
        published.close()


def _language_model(settings: Settings) -> Check:
    try:
        instructions(settings.llm)
    except SettingsError as error:
        return Check("language model", False, error.message, error.hint)
    model = Model(settings.llm)
    started = time.monotonic()
    try:
        model.write(
            [Message("user", "Answer with one word: is water wet?")], _PROBE_TOKENS, settings.llm.answer_seconds
        )
    except ModelError as error:
        return Check("language model", False, error.message, error.hint)
    finally:
        model.close()
    told = f"{settings.llm.model} answers, in {time.monotonic() - started:.1f} s"
    return Check("language model", True, told)


def _sqlite() -> Check:
    try:
        with sqlite3.connect(":memory:") as connection:
            connection.execute("CREATE VIRTUAL TABLE probe USING fts5(word, content='')")
    except sqlite3.Error as error:
        return Check(
            "sqlite", False, f"SQLite has no full-text search ({error}).", "Use a Python whose SQLite has FTS5."
        )
    return Check("sqlite", True, f"SQLite {sqlite3.sqlite_version} with full-text search")


def _documents(settings: Settings) -> Check:
    try:
        files, skipped = scan(settings)
    except UserError as error:
        return Check("documents", False, error.message, error.hint)
    told = f"{len(files)} files to read in {settings.documents}, {len(skipped)} others"
    if not files:
        return Check("documents", False, told, "Put documents there that can be read; see README.md for the kinds.")
    return Check("documents", True, told)


def _room(data: Path) -> Check:
    place = next(folder for folder in (data.absolute(), *data.absolute().parents) if folder.exists())
    free = shutil.disk_usage(place).free
    told = f"{free / 1e9:.1f} GB free for {data}"
    return Check(
        "disk", free >= _ROOM, told, "" if free >= _ROOM else "Free some space, or name another folder: --data DIR"
    )


def _port(settings: Settings) -> Check:
    with socket.socket(socket.AF_INET6 if ":" in settings.host else socket.AF_INET) as probe:
        probe.settimeout(1)
        taken = probe.connect_ex((settings.host, settings.port)) == 0
    told = f"port {settings.port} {'has a server on it, perhaps this one' if taken else 'is free'}"
    return Check("port", True, told)


def _language(generation: Generation, encoder: str) -> Check:
    sample = [terms(chunk.text) for chunk in islice(generation.catalog.chunks(), _SAMPLE)]
    told = [words for words in sample if len(words) >= _TELLING]
    foreign = sum(not is_english(words) for words in told)
    if 2 * foreign > len(told):
        message = f"most of the documents seem not to be in English, the language that {encoder} was made for"
        return Check("language", False, message, _MULTILINGUAL)
    return Check("language", True, f"the documents seem to be in English, the language of {encoder}")


def _index(now: State) -> Iterator[Check]:
    whole = f"generation {now.generation}, {now.documents} documents, whole"
    yield Check(
        "index", now.fault is None, now.fault or whole, "Build it anew: assistant index --full" if now.fault else ""
    )
    if now.stale:
        yield Check("freshness", False, "the documents differ from the index", "Run: assistant index")
    else:
        yield Check("freshness", True, "the index is up to date")
    if now.skipped:
        names = ", ".join(skipped.document for skipped in now.skipped[:5])
        yield Check("skipped", False, f"not indexed: {names}", "Run: assistant status, which gives each reason")
    else:
        yield Check("skipped", True, "every file is indexed")
