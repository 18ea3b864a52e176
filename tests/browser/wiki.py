"""A small wiki on an origin of its own, to host the widget: pages that a test writes, with a policy."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

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


@dataclass(slots=True)
class Wiki:
    """The address of the wiki and its pages by their paths: kind, policy and text."""

    address: str
    pages: dict[str, tuple[str, str, str]] = field(default_factory=dict)

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
            self.wfile.write(text.encode())

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    wiki.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield wiki
    server.shutdown()
    thread.join(10)
