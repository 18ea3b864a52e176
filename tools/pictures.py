"""The pictures in docs/ of the widget in real wikis and of a written answer: a question, with its citation opened.

Wants Chromium, DokuWiki and MediaWiki, as the tests of these wikis do; a written answer comes from the stand-in for a
model server. Run: python -m tools.pictures [dokuwiki] [mediawiki] [written]
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.settings import load
from index.encoder import Encoder
from tests.browser import dokuwiki, mediawiki
from tests.browser.conftest import CHROMIUM, answering
from tests.browser.wiki import ask, opened
from tests.model_server import ModelServer, passages_of

_DOCS = Path(__file__).parent.parent / "docs"
_SIZE = {"width": 1280, "height": 800}
_LARGEST = 200_000  # bytes
_LINE = '<script src="{server}/widget.js" data-title="Ask the wiki" async></script>'
_QUESTION = "Why was the harbour tram shut?"
_SHOWN = "Harbour tram"
_PAGES = {
    "Ferry": """The ferry crosses the harbour every half hour, in fog every hour.

== Fares ==
A crossing costs 18 crowns, and 9 for children. Bicycles are carried free.
""",
    _SHOWN: """The harbour tram is a line of four kilometres along the quays, from the [[ferry]] to the old mill.

== History ==
Service began in 1911 with six cars. The line was shut in March 2025 when engineers found cracks in the Mill Street
viaduct. Buses replaced it for fourteen months. It reopened on 4 May 2026.

== Fares ==
A single ticket costs 32 crowns. Children under 12 travel free, and dogs pay half. Tickets are sold at the kiosk at the
ferry and in the first car.

== Cars ==
Eight cars run on weekdays and five on Sundays. Each holds ninety people, and bicycles where there is room.
""",
}
"""In what the markup of both wikis has in common, but for the marks of headings."""


_WRITTEN = (
    "The harbour tram was shut in March 2025 because cracks were found in the Mill Street viaduct [{0}]."
    " Buses replaced it for fourteen months, and it reopened on 4 May 2026 [{0}]."
    " The repairs were paid for by the fish market [{0}]."
)
"""What the stand-in writes, its last sentence of its own invention."""


def main() -> None:
    """Make those named anew, or all, or say what is missing."""
    wikis: dict[str, Callable[[Path], AbstractContextManager[str]]] = {"dokuwiki": _dokuwiki, "mediawiki": _mediawiki}
    needs = {"dokuwiki": dokuwiki.MISSING, "mediawiki": mediawiki.MISSING, "written": None}
    named = sys.argv[1:] or list(needs)
    missing = [need for name in named if (need := needs[name])] + ([] if CHROMIUM else ["there is no chromium"])
    if missing:
        sys.exit(missing[0])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for name in named:
            place = Path(folder, name)
            place.mkdir()
            if name in wikis:
                with wikis[name](place) as page:
                    _draw_widget(browser, page, _DOCS / f"widget-{name}.png")
            else:
                _draw_written(browser, place)
        browser.close()


@contextmanager
def _dokuwiki(folder: Path) -> Iterator[str]:
    """The address of a page of a DokuWiki with the widget."""
    with dokuwiki.served(folder) as wiki:
        for title, text in _PAGES.items():
            wiki.write(_id(title), f"====== {title} ======\n{text.replace('==', '=====')}")
        template = f"{wiki.address}/doku.php?id={{page}}"
        with _answering("dokuwiki", wiki.pages, folder, wiki.address, template) as server:
            (wiki.conf / "meta.html").write_text(_LINE.replace("{server}", server))
            yield wiki.url(_id(_SHOWN))


def _id(title: str) -> str:
    return title.lower().replace(" ", "_")


@contextmanager
def _mediawiki(folder: Path) -> Iterator[str]:
    """The address of a page of a MediaWiki with the widget."""
    with mediawiki.served(folder) as wiki:
        for title, text in _PAGES.items():
            wiki.write(title, text)
        documents = folder / "documents"
        documents.mkdir()
        wiki.export(documents / "wiki.xml")
        with _answering("mediawiki", documents, folder, wiki.address, f"{wiki.address}/index.php/{{page}}") as server:
            wiki.write(
                "MediaWiki:Common.js",
                f'window.DocumentAssistant = {{ title: "Ask the wiki" }}; mw.loader.load("{server}/widget.js");',
            )
            yield wiki.url(_SHOWN)


def _answering(kind: str, documents: Path, folder: Path, origin: str, template: str) -> AbstractContextManager[str]:
    settings = load(
        {
            "documents": documents,
            "data": folder / "index",
            "wiki": kind,
            "url_template": template,
            "allowed_origins": (origin,),
        }
    )
    return answering(settings, Encoder(settings.encoder))


def _draw_widget(browser: Browser, address: str, file: Path) -> None:
    page = browser.new_page(viewport=_SIZE, color_scheme="light")  # type: ignore[arg-type]
    page.goto(address)
    ask(opened(page), _QUESTION)
    page.locator(".da-cite").first.click()
    page.locator(".da-source.da-on").wait_for()
    _keep(page, file)


def _draw_written(browser: Browser, folder: Path) -> None:
    """The chat page, where a model wrote and added a sentence of its own."""
    (folder / "documents").mkdir()
    for title, text in _PAGES.items():
        (folder / "documents" / f"{_id(title)}.md").write_text(f"# {title}\n\n" + re.sub("== (.+) ==", r"## \1", text))
    model = ModelServer()
    model.reply = lambda body: _WRITTEN.format(next(name for name, text in passages_of(body) if "viaduct" in text))
    values = {"documents": folder / "documents", "data": folder / "index", "writer": "generative"}
    settings = load({**values, "llm": {"base_url": model.address, "model": "stand-in"}})
    with answering(settings, Encoder(settings.encoder)) as address:
        page = browser.new_page(viewport=_SIZE, color_scheme="light")  # type: ignore[arg-type]
        page.goto(address)
        page.locator(".da-welcome").wait_for()
        page.locator("#da-box textarea").fill(_QUESTION)
        page.keyboard.press("Enter")
        page.locator(".da-unsupported").wait_for()
        page.locator(".da-cite").first.click()
        page.locator(".da-sources mark").first.wait_for()
        _keep(page, _DOCS / "written.png")
    model.close()


def _keep(page: Page, file: Path) -> None:
    """What the page shows, as a small picture, and the page closed."""
    page.mouse.move(0, 0)
    page.wait_for_timeout(500)  # until nothing moves any more
    picture = io.BytesIO()
    Image.open(io.BytesIO(page.screenshot())).convert("RGB").save(picture, "PNG", optimize=True)
    if len(picture.getvalue()) > _LARGEST:
        sys.exit(f"{file.name} would have {len(picture.getvalue())} bytes; at most {_LARGEST} are wanted")
    file.write_bytes(picture.getvalue())
    print(f"{file.name}: {file.stat().st_size} bytes")
    page.close()


if __name__ == "__main__":
    main()
