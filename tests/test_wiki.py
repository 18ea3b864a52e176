"""The checks of a wiki's page that shows the assistant, against real servers on this machine."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
import uvicorn
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from assistant.assistant import Assistant
from assistant.doctor.wiki import examine_wiki
from assistant.doctor.wiki_page import blocked, read_page
from assistant.settings import Settings, load
from tests.conftest import application
from tests.test_cli import Run, run
from tests.test_process import free_port

__all__ = ["run"]

Wiki = Callable[..., str]
PAGE = "https://wiki.example.org/start"
WIDGET = "https://assistant.example.org/widget.js"


@pytest.fixture
def wiki() -> Iterator[Wiki]:
    """A wiki that answers one page; gives its address. `asked` of the function counts its requests."""
    servers = []

    def start(html: str = "", status: int = 200, **headers: str) -> str:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.server.asked += 1  # type: ignore[attr-defined]
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name.replace("_", "-"), value)
                self.end_headers()
                self.wfile.write(html.encode())

            do_OPTIONS = do_GET

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.asked = 0  # type: ignore[attr-defined]
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}"

    start.asked = lambda: [server.asked for server in servers]  # type: ignore[attr-defined]
    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


@pytest.fixture
def shown(assistant: Assistant) -> Iterator[Callable[[str], tuple[Settings, str]]]:
    """A server that may be shown by the given origin: its settings and its address."""
    stop = []

    def serve(origin: str) -> tuple[Settings, str]:
        given = {"documents": assistant.settings.documents, "data": assistant.settings.data}
        changed = Assistant(load({**given, "allowed_origins": [origin] if origin else []}))
        changed.encoder, changed.published = assistant.encoder, assistant.published
        listening = socket.socket()
        listening.bind(("127.0.0.1", 0))
        context = application(changed)
        app = context.__enter__()
        app.router.routes.insert(0, Route("/widget.js", lambda _: PlainTextResponse("// the widget")))
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        while not server.started:
            time.sleep(0.02)

        def end() -> None:
            server.should_exit = True
            thread.join(10)
            context.__exit__(None, None, None)

        stop.append(end)
        return changed.settings, f"http://127.0.0.1:{listening.getsockname()[1]}"

    yield serve
    for end in stop:
        end()


def found(settings: Settings, address: str) -> dict[str, tuple[bool, str]]:
    checks = list(examine_wiki(settings, address))
    assert all(check.ok == (not check.remedy) for check in checks)
    return {check.name: (check.ok, check.message) for check in checks}


def test_a_page_of_an_origin_that_is_not_allowed(wiki: Wiki, shown: Callable[[str], tuple[Settings, str]]) -> None:
    settings, assistant = shown("https://wiki.example.org")
    page = wiki(f"<p>x</p><script defer src='{assistant}/widget.js' data-x></script>")
    checks = found(settings, page)
    assert checks["origin"][0] is False
    assert checks["question"][0] is False
    assert "403" in checks["question"][1]
    assert [name for name, (ok, _) in checks.items() if not ok] == ["origin", "question"]


def test_all_is_well(wiki: Wiki, shown: Callable[[str], tuple[Settings, str]], run: Run) -> None:
    port = free_port()
    html: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(302 if self.path == "/" else 200)
            self.send_header("Location", "/start")
            policy = f"default-src 'self'; script-src {html[1]}; connect-src {html[1]}/; style-src 'none'"
            self.send_header("Content-Security-Policy", policy)
            self.end_headers()
            self.wfile.write(html[0].encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        settings, assistant = shown(f"http://127.0.0.1:{port}")
        html.extend([f"<script>load('{assistant}/widget.js?v=1')</script>", assistant])
        checks = found(settings, f"http://127.0.0.1:{port}/")
        assert [name for name, (ok, _) in checks.items() if not ok] == []
        assert "styles need nothing of it" in checks["connect-src"][1]
        assert list(checks) == ["origin", "page", "script", "script-src", "connect-src", "mixed content", "name",
                                "health", "widget", "question"]  # fmt: skip
        code, out, _ = run("doctor", f"http://127.0.0.1:{port}/", "--json")
        assert code == 1  # by the settings of this folder the origin is not allowed
        told = json.loads(out)
        assert [check["name"] for check in told["checks"] if not check["ok"]] == ["origin"]
    finally:
        server.shutdown()
        server.server_close()


def test_what_can_be_wrong_with_the_page(wiki: Wiki, settings: Settings) -> None:
    assert found(settings, "wiki.example.org") == {"address": (False, "wiki.example.org is no address of a page")}
    assert found(settings, f"http://127.0.0.1:{free_port()}/x")["page"][0] is False
    for status in (401, 403, 404, 500):
        assert str(status) in found(settings, wiki(status=status))["page"][1]
    assert found(settings, wiki("<p>https://x.example/widget.js</p>"))["script"][0] is False
    hostile = found(settings, wiki("<script src='/widget.js'>", Content_Security_Policy="script-src 'none' \x1b[2J"))
    assert hostile["script-src"][0] is False
    assert "\x1b" not in hostile["script-src"][1]


def test_nobody_else_is_asked(wiki: Wiki, settings: Settings) -> None:
    """Neither where a page leads on to nor an assistant that is not this one."""
    other = wiki("ok").replace("127.0.0.1", "127.0.0.2")
    elsewhere = wiki("ok")
    page = found(settings, wiki(status=302, Location=f"{elsewhere}/login"))
    assert page["page"] == (False, next(told for _, told in [page["page"]] if "another place" in told))
    named = found(settings, wiki(f"<script src='{other}/widget.js'>"))
    assert (named["name"][0], "not asked" in named["name"][1]) == (False, True)
    assert "health" not in named
    assert wiki.asked()[:2] == [0, 0]  # type: ignore[attr-defined]


def test_an_assistant_that_is_not_there_or_is_another_program(wiki: Wiki, settings: Settings) -> None:
    gone = found(settings, wiki(f"<script src='http://127.0.0.1:{free_port()}/widget.js'>"))
    assert (gone["health"][0], "does not answer" in gone["health"][1]) == (False, True)
    program = wiki("hello", status=404)
    another = found(settings, wiki(f"<iframe src='{program}/embed'>"))
    assert "not an answer of this assistant" in another["health"][1]
    assert another["frame-src"][0]
    mute = wiki("{}")
    silent = found(settings, wiki(f"<script src='{mute}/widget.js'>"))
    assert "does not let" in silent["question"][1]


@pytest.mark.parametrize(("html", "address"), [
    (f"<script src='{WIDGET}'></script>", WIDGET),
    ("<script src=//assistant.example.org/widget.js?v=2 defer>", f"{WIDGET}?v=2"),
    ("<base href='/wiki/'><script src='x/widget.js'>", "https://wiki.example.org/wiki/x/widget.js"),
    (f"<script>mw.loader.load('{WIDGET}')</script>", WIDGET),
    ('<script>var x = {"src":"https:\\/\\/assistant.example.org\\/widget.js"}</script>', WIDGET),
    ("<iframe src='https://assistant.example.org/embed?x=1'>", "https://assistant.example.org/embed?x=1"),
    (f"<p>{WIDGET}</p><!-- <script src='{WIDGET}'> --><a href='{WIDGET}'>", None),
    ("<script src='https://x.example/other.js'></script><iframe src='https://x.example/'></iframe>", None),
    ("<script src='http://[/widget.js'></script>", None),
])  # fmt: skip
def test_the_line_is_found(html: str, address: str | None) -> None:
    embedding = read_page(PAGE, html, []).embedding
    assert (embedding.address if embedding else None) == address


@pytest.mark.parametrize(("policy", "allowed"), [
    ("", True), ("img-src 'none'", True), ("default-src 'none'", False), ("default-src *", True), ("script-src", False),
    ("default-src 'none'; script-src https://assistant.example.org", True), ("script-src 'self'", False),
    ("SCRIPT-SRC HTTPS://Assistant.Example.ORG", True), ("script-src https:", True), ("script-src http:", True),
    ("script-src assistant.example.org", True), ("script-src *.example.org", True), ("script-src *.org", True),
    ("script-src *.assistant.example.org", False), ("script-src assistant.example.org:8443", False),
    ("script-src assistant.example.org:443", True), ("script-src assistant.example.org:*", True),
    ("script-src https://assistant.example.org/widget.js", True),
    ("script-src https://assistant.example.org/x/", False),
    ("script-src https://assistant.example.org/widget", False), ("script-src https://assistant.example.org/", True),
    ("script-src http://assistant.example.org", True), ("script-src wss://assistant.example.org", False),
    ("script-src 'nonce-abc'", True), ("script-src 'nonce-abd'", False), ("script-src 'strict-dynamic' https:", False),
    ("script-src 'strict-dynamic' 'nonce-abc'", True), ("script-src 'unsafe-inline' 'unsafe-eval'", False),
    ("script-src 'none'; script-src *", False), ("script-src-elem 'self'; script-src *", False),
    ("script-src *, default-src 'self'", False), ("script-src assistant.example.org.evil.example", False),
])  # fmt: skip
def test_a_policy_is_read_as_browsers_read_it(policy: str, allowed: bool) -> None:
    page = read_page(PAGE, f"<script nonce=abc src='{WIDGET}'>", [policy])
    assert (blocked(page, "script-src", WIDGET) == "") == allowed
    meta = f'<meta http-equiv="Content-Security-Policy" content="{policy}"><script src="{WIDGET}" nonce=abc>'
    assert (blocked(read_page(PAGE, meta, []), "script-src", WIDGET) == "") == allowed


def test_each_policy_and_each_directive_counts() -> None:
    page = read_page(PAGE, "", ["script-src *", "connect-src 'self'", "default-src https:"])
    assert blocked(page, "script-src", WIDGET) == ""
    assert blocked(page, "connect-src", WIDGET) == "connect-src 'self'"
    assert blocked(page, "frame-src", WIDGET) == ""
    assert blocked(page, "frame-src", "http://assistant.example.org/embed") == "default-src https:"
    assert blocked(page, "connect-src", "https://wiki.example.org/assistant/api/ask") == ""


def test_a_loaded_script_needs_more_than_a_nonce() -> None:
    html = f"<script nonce=abc>load('{WIDGET}')</script>"
    assert blocked(read_page(PAGE, html, ["script-src 'nonce-abc'"]), "script-src", WIDGET)
    assert not blocked(read_page(PAGE, html, ["script-src 'nonce-abc' 'strict-dynamic'"]), "script-src", WIDGET)


def test_mixed_content_and_another_machine(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    from assistant.doctor.wiki import _reach

    def reach(source: str, **more: object) -> dict[str, bool]:
        page = read_page(PAGE, f"<script src='{source}'>", [])
        assert page.embedding
        known = settings.model_copy(update=more)
        return {check.name: check.ok for check in _reach(known, page, page.embedding, "https://wiki.example.org")}

    assert reach("http://assistant.example.org/widget.js") == {"mixed content": False, "name": False}
    assert reach(WIDGET) == {"mixed content": True, "name": False}
    assert reach("http://[::1]:7860/widget.js", host="::1") == {"mixed content": True, "name": True, "reach": False}
    assert reach("http://127.0.0.1:7860/widget.js") == {"mixed content": True, "name": True, "reach": False}
