"""Shared parts of the tests: all real, in temporary folders."""

from __future__ import annotations

import contextlib
import itertools
import os
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, ClassVar, Self

import hypothesis
import pytest
import uvicorn
from fastapi import FastAPI

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from assistant.assistant import Assistant
from assistant.settings import Settings, load
from assistant.verdict.verdicts import Judge, Verdict
from assistant.web.app import create_app
from index.building import build
from index.encoder import Encoder
from index.errors import IndexDamaged
from index.following import Follower
from index.generation import Generation, Seal
from index.published import Published
from index.reading import Reader
from index.settings import EncoderSettings, IndexSettings
from index.types import BuildReport, Passage, Progress
from index.verifying import verify

ROOT = Path(__file__).parent.parent

for profile, examples in {"default": 12, "long": 500}.items():
    hypothesis.settings.register_profile(profile, max_examples=examples, deadline=None, stateful_step_count=12)
hypothesis.settings.load_profile("default")

TRAM = """# Harbour tram

## History

Service began in 1911. The line was shut in March 2025 when engineers found cracks in the Mill Street viaduct.
Buses replaced it for fourteen months. Mayor Ingrid Solheim rode the first car when it reopened on 4 May 2026.

## Cost

Repairs cost 38.6 million crowns, a third more than planned. The city council voted twice.

## Fares

A single ticket costs 32 crowns. Children under 12 travel free. Dogs pay half.
"""

LEAVE = """Annual leave

Every employee has 25 days of annual leave. Leave must be requested two weeks ahead from the team lead.
Unused days expire at the end of March of the following year.

Sick leave

Illness is reported to the office before nine o'clock. A doctor's note is needed from the fourth day.
"""


@pytest.fixture(scope="session", autouse=True)
def _clean_environment() -> None:
    for variable in [name for name in os.environ if name.startswith("ASSISTANT_")]:
        del os.environ[variable]


class KeptReader(Reader):
    """A reader whose process is kept for the next build by settings of the same kind, since starting one takes longer
    than all else in a small build. A process that was ended, as after a hostile file, is not kept."""

    _kept: ClassVar[dict[str, list[tuple[subprocess.Popen[bytes], Connection]]]] = {}

    @property
    def _kind(self) -> str:
        return self._settings.model_dump_json(include={"wiki", "reading", "url_template"})  # what reading looks at

    def __enter__(self) -> Self:
        with contextlib.suppress(KeyError, IndexError):
            self._child = self._kept[self._kind].pop()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None and self._child:
            self._kept.setdefault(self._kind, []).append(self._child)
        else:
            self._stop()

    @classmethod
    def end_all(cls) -> None:
        """End the processes that are kept."""
        for child, pipe in itertools.chain.from_iterable(cls._kept.values()):
            pipe.close()
            child.wait()
        cls._kept.clear()


@pytest.fixture(scope="session", autouse=True)
def _packaged_weights_are_hashed_once() -> Iterator[None]:
    """Every assistant and every check hashes the weights, which are 90 MB; other weights than the packaged are hashed
    each time here too."""
    whole = Encoder.__dict__["fingerprint"].func
    packaged = Encoder(EncoderSettings())
    known = whole(packaged)

    def fingerprint(self: Encoder) -> str:
        return str(known if self._folder == packaged._folder else whole(self))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Encoder, "fingerprint", property(fingerprint))
        yield


@pytest.fixture(scope="session", autouse=True)
def _kept_readers() -> Iterator[None]:
    yield
    KeptReader.end_all()


@pytest.fixture(autouse=True)
def build_here(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds check their result in this process, by the same checks, and share the processes that read; tests marked
    `apart` have them start processes of their own, as the product does, which takes a second or two each time."""
    if "apart" not in request.keywords:
        monkeypatch.setattr("index.building.verify_apart", _verify_here)
        monkeypatch.setattr("index.building.Reader", KeptReader)


def _verify_here(folder: Path, settings: IndexSettings, sealed: Seal) -> None:
    try:
        verify(folder, settings.data, Encoder(settings.encoder))
    except (OSError, ValueError, LookupError) as error:
        raise IndexDamaged(f"The new index did not pass its checks ({error}).", hint="None.") from error


class BuildHere:
    """A background build without the process: the same build, by the tests' encoder, when walked."""

    encoder: Encoder
    gate = threading.Event()

    def __init__(self, settings: IndexSettings, *, full: bool = False, allow_shrink: bool = False) -> None:
        self._build = lambda tell: build(settings, self.encoder, full=full, allow_shrink=allow_shrink, tell=tell)

    def events(self) -> Iterator[Progress | BuildReport]:
        told: list[Progress] = []
        self.gate.wait(30)
        report = self._build(told.append)
        yield from told
        yield report

    def stop(self) -> None:
        self.gate.set()


@pytest.fixture
def followed_here(encoder: Encoder, monkeypatch: pytest.MonkeyPatch) -> None:
    """Followers build in this process."""
    encoder.encode(["warm"])  # else the first build may take so long that it is tried again meanwhile
    BuildHere.encoder = encoder
    BuildHere.gate.set()
    monkeypatch.setattr("index.following.BackgroundBuild", BuildHere)


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The packaged encoder, loaded once."""
    return Encoder(load({}).encoder)


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, with an empty document folder; settings files of the checkout are out of sight."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    return tmp_path


@pytest.fixture
def settings(place: Path) -> Settings:
    """Settings for that folder."""
    return load({"documents": place / "docs", "data": place / "data"})


@pytest.fixture
def write(place: Path) -> Callable[[Mapping[str, str | bytes]], None]:
    """Write files into the document folder."""

    def write(files: Mapping[str, str | bytes]) -> None:
        for name, content in files.items():
            path = place / "docs" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())

    return write


@pytest.fixture
def rebuild(settings: Settings, encoder: Encoder) -> Callable[[], BuildReport]:
    """Build the index of that folder."""
    return lambda: build(settings, encoder)


@pytest.fixture
def own(settings: Settings, encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over that folder; it opens the index when first asked."""
    opened = Assistant(settings)
    opened.encoder = encoder
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Settings:
    """A small document set with its index, for tests that only read."""
    folder = tmp_path_factory.mktemp("library")
    (folder / "docs" / "news").mkdir(parents=True)
    (folder / "docs" / "news" / "tram.md").write_text(TRAM)
    (folder / "docs" / "leave.txt").write_text(LEAVE)
    settings = load({"documents": folder / "docs", "data": folder / "data"})
    build(settings, encoder)
    return settings


@pytest.fixture(scope="session")
def assistant(library: Settings, encoder: Encoder) -> Iterator[Assistant]:
    """An assistant over that document set."""
    opened = Assistant(library)
    opened.encoder = encoder
    yield opened
    opened.close()


@contextlib.contextmanager
def application(assistant: Assistant) -> Iterator[FastAPI]:
    """The whole application over `assistant`, following nothing by itself."""
    follower = Follower(assistant.settings, assistant.encoder.fingerprint, assistant.published)
    yield create_app(assistant, follower)
    follower.close()


def altered(assistant: Assistant, **settings: Any) -> Assistant:
    """An assistant with these settings over the same index."""
    other = Assistant(load({"documents": assistant.settings.documents, "data": assistant.settings.data, **settings}))
    other.encoder, other.published = assistant.encoder, assistant.published
    return other


@contextlib.contextmanager
def served(app: FastAPI) -> Iterator[str]:
    """A real server on this machine; gives its address."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", proxy_headers=False))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            while not server.started:
                assert thread.is_alive()
                time.sleep(0.01)
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(scope="module")
def index(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder
) -> Iterator[Generation]:
    """An index of the module's `DOCUMENTS`, open to read."""
    folder = tmp_path_factory.mktemp("index")
    (folder / "docs").mkdir()
    for name, text in request.module.DOCUMENTS.items():
        (folder / "docs" / name).write_text(text, "utf-8")
    settings = load({"documents": folder / "docs", "data": folder / "data"})
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.building.verify_apart", lambda *_: None)
        build(settings, encoder)
    published = Published(settings.data, encoder.fingerprint)
    with published.reading() as generation:
        yield generation
    published.close()


@pytest.fixture(scope="module")
def passages(index: Generation) -> Mapping[str, Passage]:
    """The passage of each document that says most, by its name without ending."""
    titles = {entry.path: entry.title for entry in index.catalog.entries()}
    chunks = sorted(index.catalog.chunks(), key=lambda chunk: len(chunk.text))
    return {c.document.partition(".")[0]: Passage(c, titles[c.document], None, "", 1.0) for c in chunks}


Check = Callable[..., Verdict]
"""The verdict on a sentence that cites a document, asked nothing in particular: `check(document, sentence)`."""


@pytest.fixture(scope="module")
def check(index: Generation, passages: Mapping[str, Passage], encoder: Encoder) -> Check:
    """Verdicts by the module's `DOCUMENTS`."""

    def check(document: str, sentence: str, question: str = "What can you tell me about it?") -> Verdict:
        cited = [passages[document]]
        return Judge(question, cited, index, encoder).verdict(sentence, cited)

    return check
