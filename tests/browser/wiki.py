"""A small wiki on an origin of its own, to host the widget: pages that a test writes, with a policy."""

from __future__ import annotations

import io
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

PAGE = """<!doctype html>
<html lang="{language}"{attributes}>
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Harbour tram</title><link rel="icon" href="data:,">{head}</head>
<body>
<header><a href="/tram">A small wiki</a> <button id="asks">Ask about this</button></header>
<main>
<h1>Harbour tram</h1>
<p>The harbour tram is a line of four kilometres along the quays.</p>
<div id="place"></div>
<h2>Fares</h2>
<p>A single ticket costs 32 crowns. <a href="/ferry">The ferry</a> costs less.</p>
<table><tr><th scope="col">Who</th><th scope="col">Crowns</th></tr><tr><td>Adults</td><td>32</td></tr></table>
<div style="height: 1600px"></div>
<h2>Cost</h2>
<p id="cost">Repairs cost 38.6 million crowns, a third more than planned. The city council voted twice.</p>
<div style="height: 1600px"></div>
</main>
</body>
</html>"""

FILLER = "\n\n".join(f"In year {year} nothing was built, and nobody minded." for year in range(1900, 1940))
"""Paragraphs that fill more than a screen, so that what is below them has to be scrolled to."""


@dataclass(slots=True)
class Wiki:
    """The address of the wiki and its pages by their paths: kind, policy and text, or what makes it at each request."""

    address: str
    pages: dict[str, tuple[str, str, str | Callable[[], str]]] = field(default_factory=dict)

    def write(
        self,
        path: str,
        head: str = "",
        *,
        policy: str = "",
        language: str = "en",
        attributes: str = "",
        page: str = PAGE,
    ) -> None:
        """A page with `head` in its head."""
        text = page.replace("{language}", language).replace("{attributes}", attributes).replace("{head}", head)
        self.pages[path] = ("text/html", policy, text)

    def script(self, path: str, text: str) -> None:
        """A script of the wiki itself."""
        self.pages[path] = ("text/javascript", "", text)


@contextmanager
def hosted() -> Iterator[Wiki]:
    """A wiki that answers until it is left."""
    wiki = Wiki("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            kind, policy, text = wiki.pages.get(self.path.split("?")[0], ("", "", ""))
            self.send_response(200 if kind else 404)
            self.send_header("content-type", f"{kind or 'text/plain'}; charset=utf-8")
            if policy:
                self.send_header("content-security-policy", policy)
            self.end_headers()
            self.wfile.write((text() if callable(text) else text).encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wiki.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield wiki
    server.shutdown()
    thread.join(10)


# --- the widget on it --------------------------------------------------------------------------------------------

QUESTION = "How much did the repairs cost?"
QUOTE = "Repairs cost 38.6 million crowns, a third more than planned."
UNCERTAIN = "How many passengers does the tram carry?"
UNKNOWN = "What is the boiling point of tungsten?"
MARKED = (233, 210, 253)  # the colour in which Chromium marks the words of a link


def opened(page: Page) -> Page:
    """The page, with the panel opened by its bubble."""
    page.locator(".da-bubble").click()
    expect(page.locator(".da-welcome")).to_be_visible()
    return page


def ask(page: Page, question: str) -> None:
    """Ask in the widget and wait for the end of the answer."""
    before = page.locator(".da-turn").count()
    page.locator("textarea").fill(question)
    page.keyboard.press("Enter")
    expect(page.locator(".da-turn")).to_have_count(before + 1)
    expect(page.locator(".da-turn").last.locator(".da-thumb, .da-answer > button").first).to_be_visible()


def focused(page: Page) -> str:
    """What has the focus, within the widget too."""
    return str(
        page.evaluate(
            "(() => { let n = document.activeElement; while (n.shadowRoot) n = n.shadowRoot.activeElement ?? 0;"
            " return n ? n.className || n.id || n.localName : '' })()"
        )
    )


def marked(words: Locator) -> bool:
    """Whether the browser marks something in that element, as it does with the words of a link."""
    picture = Image.open(io.BytesIO(words.screenshot())).convert("RGB")
    return any(colour == MARKED for _, colour in picture.getcolors(1 << 24) or ())


def violations(page: Page) -> list[tuple[str, list[str]]]:
    """What axe finds, the widget included."""
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def answers(page: Page, path: str, status: int, body: object = None, **headers: str) -> list[dict[str, object]]:
    """Let that path of the server answer so; what was posted to it is collected."""
    posted: list[dict[str, object]] = []

    def fulfil(route: Route) -> None:
        if route.request.method == "POST":
            posted.append({"body": route.request.post_data_json, **route.request.headers})
        sent = {"access-control-allow-origin": "*", "access-control-expose-headers": "retry-after", **headers}
        route.fulfill(status=status, headers=sent, body=json.dumps(body) if body is not None else "")

    page.route(f"**/{path}", fulfil)
    return posted
