"""A real server and a real Chromium. Without Chromium these tests say so and are skipped."""

from __future__ import annotations

import re
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, expect, sync_playwright

from assistant.assistant import Assistant
from assistant.settings import Settings, load
from index.building import build
from index.encoder import Encoder
from index.types import BuildReport
from tests.browser.wiki import Wiki, hosted
from tests.conftest import LEAVE, TRAM, application
from tests.test_web import HOSTILE

CHROMIUM = shutil.which("chromium")
expect.set_options(timeout=15_000)  # milliseconds; a machine with other work is slow, not wrong


# What Gradio's own script says when a page is left while it listens to the server.
_LEFT = re.compile(r"^AbortError: signal is aborted|Connection errored out")


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    """The address of a server over `assistant`."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    with application(assistant) as app:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(10)


@contextmanager
def answering(settings: Settings, encoder: Encoder) -> Iterator[str]:
    """The address of a server over the documents of these settings, which are indexed first."""
    build(settings, encoder)
    assistant = Assistant(settings)
    assistant.encoder = encoder
    with served(assistant) as found:
        yield found
    assistant.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM:
        pytest.skip("there is no chromium on the PATH; install Debian's package to run the browser tests")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=[
                "--no-sandbox",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-gpu",  # there is none; to draw as if there were takes longer
                "--disable-software-rasterizer",
            ],
        )
        yield opened
        opened.close()


@pytest.fixture(scope="session")
def address(assistant: Assistant) -> Iterator[str]:
    """A server over the small library."""
    with served(assistant) as found:
        yield found


@pytest.fixture(scope="session")
def hostile_address(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    """A server over a document that tries to become markup, in its text, its title and its name."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    (folder / "docs").mkdir()
    (folder / "docs" / "<img src=x onerror=window.pwned=6>.md").write_text(HOSTILE)
    settings = load({"documents": folder / "docs", "data": folder / "data", "title": "${window.pwned=7} {{title}} <b>"})
    with answering(settings, encoder) as found:
        yield found


@pytest.fixture
def documents(place: Path, write: Callable[[Mapping[str, str | bytes]], None]) -> Path:
    """A document folder that may be changed."""
    write({"tram.md": TRAM, "leave.txt": LEAVE, "more.txt": "One more document."})
    return place / "docs"


@pytest.fixture
def own_address(documents: Path, own: Assistant, rebuild: Callable[[], BuildReport]) -> Iterator[str]:
    """A server over that folder, which follows it only when asked."""
    rebuild()
    own.settings = own.settings.model_copy(update={"watch": False})
    with served(own) as found:
        yield found


Open = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser) -> Iterator[Open]:
    """Open a page in a context of its own; every request to another host and every script error fails the test.

    `others` are addresses that it may ask too; `offline` bears errors that the browser itself reports.
    """
    contexts = []
    wrong: list[str] = []

    def visit(
        address: str,
        width: int = 1280,
        height: int = 820,
        scheme: str = "light",
        path: str = "/",
        offline: bool = False,
        others: tuple[str, ...] = (),
        **more: object,
    ) -> Page:
        context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, **more)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        hosts = {_host(known) for known in (address, *others)}
        context.on("request", lambda request: None if _host(request.url) in hosts else wrong.append(request.url))
        page.on("pageerror", lambda error: wrong.append(str(error)))
        if not offline:  # who takes the network away will see the browser complain
            page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
        page.goto(f"{address}{path}")
        return page

    yield visit
    for context in contexts:
        context.close()
    assert [entry for entry in wrong if not entry.startswith(("data:", "blob:")) and not _LEFT.search(entry)] == []


@pytest.fixture(scope="session")
def wiki() -> Iterator[Wiki]:
    with hosted() as found:
        yield found


@pytest.fixture(scope="session")
def server(wiki: Wiki, tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[str]:
    """A server that lets that wiki in, over a document that is a page of it, one that is not, and a hostile one."""
    folder: Path = tmp_path_factory.mktemp("wiki")
    (folder / "docs").mkdir()
    (folder / "docs" / "tram.md").write_text(f"---\nurl: {wiki.address}/tram\n---\n{TRAM}")
    (folder / "docs" / "leave.txt").write_text(LEAVE)
    (folder / "docs" / "<img src=x onerror=window.pwned=6>.md").write_text(HOSTILE)
    settings = load(
        {"documents": folder / "docs", "data": folder / "data", "allowed_origins": (wiki.address,), "development": True}
    )
    with answering(settings, encoder) as found:
        yield found


Host = Callable[..., Page]


@pytest.fixture
def host(wiki: Wiki, server: str, visit: Open) -> Host:
    """Open a page of the wiki that has the one line, or what `head` says instead."""

    def host(head: str = '<script async src="{server}/widget.js"></script>', **more: object) -> Page:
        written = {name: more.pop(name) for name in ("policy", "language", "attributes", "page") if name in more}
        for path in ("/tram", "/ferry"):
            wiki.write(path, head.replace("{server}", server), **written)  # type: ignore[arg-type]
        return visit(wiki.address, path="/tram", others=(server,), **more)

    return host


def _host(url: str) -> str:
    return "".join(url.split("/")[2:3])


def ask(page: Page, question: str) -> None:
    """Type a question, send it and wait for its answer."""
    before = page.locator(".da-turn").count()
    page.locator("#da-box textarea").fill(question)
    page.keyboard.press("Enter")
    page.wait_for_function(
        "count => document.querySelectorAll('.da-turn').length > count"
        " && [...document.querySelectorAll('.da-answer')].at(-1).querySelector('.da-actions, [role=alert]')",
        arg=before,
        timeout=90_000,  # a slow machine is no fault of the page's
    )
