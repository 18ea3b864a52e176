"""The widget in a real DokuWiki: pages as documents, the script by its own hooks, a citation that opens its page."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from assistant.settings import load
from index.encoder import Encoder
from index.formats.dokuwiki import read_dokuwiki
from index.formats.markup import read_html
from tests.browser import dokuwiki
from tests.browser.conftest import Open, answering
from tests.browser.dokuwiki import DokuWiki
from tests.browser.wiki import FILLER, ask, marked, opened
from tests.test_wikis import PAGE

pytestmark = pytest.mark.skipif(dokuwiki.MISSING is not None, reason=str(dokuwiki.MISSING))

REPAIRS = """====== Repairs ======
The council decides in spring.

{filler}

===== Cost =====
The **viaduct's** repairs cost 38.6 million crowns -- a third more than [[..:budget|planned]].
The council voted //twice//.

{filler}
"""
FARES = """====== Fares ======

^ Who      ^ Crowns ^
| Adults   | 32     |
| Children | 16     |

Tickets are sold at the kiosk.
"""
COST = "The viaduct's repairs cost 38.6 million crowns – a third more than planned."


@dataclass(frozen=True, slots=True)
class Installed:
    """A wiki, and the address of a server over its pages."""

    wiki: DokuWiki
    server: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("dokuwiki")
    with dokuwiki.served(folder) as wiki:
        wiki.write("start", "====== City ======\nAll about [[tram:repairs]] and the rest.\n")
        wiki.write("tram:repairs", REPAIRS.replace("{filler}", FILLER))
        wiki.write("tram:fares", FARES)
        settings = load(
            {
                "documents": wiki.pages,
                "data": folder / "index",
                "wiki": "dokuwiki",
                "url_template": f"{wiki.address}/doku.php?id={{page}}",
                "allowed_origins": (wiki.address,),
            }
        )
        with answering(settings, encoder) as server:
            yield Installed(wiki, server)


USERSCRIPT = """var DocumentAssistant = { title: "Ask the city" };
var script = document.createElement("script");
script.src = "{server}/widget.js";
document.head.appendChild(script);
"""
META = '<script src="{server}/widget.js" data-title="Ask the city" async></script>'


@pytest.mark.parametrize(("hook", "content"), [("userscript.js", USERSCRIPT), ("meta.html", META)])
def test_ask_in_the_wiki_and_land_on_the_cited_words(
    installed: Installed, visit: Open, hook: str, content: str
) -> None:
    wiki = installed.wiki
    file = wiki.conf / hook
    file.write_text(content.replace("{server}", installed.server))
    try:
        page = opened(visit(wiki.url("start"), path="", others=(installed.server,)))
        expect(page.get_by_role("dialog", name="Ask the city")).to_be_visible()
        ask(page, "How much did the repairs of the viaduct cost?")
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{COST}1")
        page.locator(".da-cite").first.click()
        page.locator(".da-source.da-on").get_by_text("Open page").click()
        expect(page).to_have_title(re.compile("tram:repairs"))
        assert page.url.split("#")[0] == wiki.url("tram:repairs")
        cited = page.locator("#dokuwiki__content p", has_text="repairs cost 38.6 million")
        expect(cited).to_be_in_viewport()
        assert marked(cited)
        assert not marked(page.get_by_role("heading", name="Cost"))
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{COST}1")
    finally:
        file.unlink()


def test_a_page_is_read_as_dokuwiki_shows_it(installed: Installed) -> None:
    core = re.sub(r"</?note[^>]*>|\(\(.*?\)\)", "", PAGE)  # notes are a plugin's; footnotes stand at the end there
    installed.wiki.write("all", core)
    for name in ("all", "start", "tram:repairs", "tram:fares"):
        source = (installed.wiki.pages / f"{name.replace(':', '/')}.txt").read_bytes()
        ours, theirs = read_dokuwiki(source), read_html(installed.wiki.shown(name))
        assert straight(ours.text) == straight(theirs.text), name
        assert [(h.level, h.text) for h in ours.headings] == [(h.level, h.text) for h in theirs.headings]


def straight(text: str) -> list[str]:
    """The lines of a text with straight quotation marks, without the empty cells of tables."""
    lines = text.translate(str.maketrans("“”‘’", "\"\"''")).split("\n")
    return [" | ".join(cell.strip() for cell in line.split("|") if cell.strip()) for line in lines if line.strip()]
