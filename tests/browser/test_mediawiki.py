"""The widget in a real MediaWiki: its XML export as documents, the script by its hooks, a citation that opens its page.

Outside the usual tests, as it wants a MediaWiki: make mediawiki
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import urlopen

import pytest
from playwright.sync_api import Page, expect

from assistant.doctor.wiki import examine_wiki
from assistant.settings import Settings, load
from index.addresses import canonical
from index.encoder import Encoder
from index.formats.markup import read_html
from index.formats.mediawiki import read_wikitext
from index.types import Document
from tests.browser import mediawiki
from tests.browser.conftest import Open, answering
from tests.browser.mediawiki import MediaWiki
from tests.browser.wiki import FILLER, ask, marked, opened
from tests.test_reading import outcomes
from tests.test_wikis import SPANNING, WIKITEXT

pytestmark = [
    pytest.mark.mediawiki,
    pytest.mark.skipif(mediawiki.MISSING is not None, reason=str(mediawiki.MISSING)),
]

REPAIRS = """The council decides in spring.

{filler}

== Cost ==
The '''viaduct's''' repairs cost 38.6 million crowns – a third more than [[Budget|planned]].<!-- so far -->
The council voted ''twice''.

{filler}
"""
COST = "The viaduct's repairs cost 38.6 million crowns – a third more than planned."
TITLES = (
    "Fares for children",
    "Über Straßen",
    "Q & A?",
    "Lines/Line 2",
    "Lines/Größe & Breite?/Übersicht",
    "C++",
    "50% off",
    'Who\'s "who"',
    "A: b = c; d, (e) – f!",
    "Notes.xml/Old",
    "東京の路面電車",
)
"""Pages whose names are not what their addresses are."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A wiki, and a server over its export by these settings, at this address."""

    wiki: MediaWiki
    settings: Settings
    server: str


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Installed]:
    folder = tmp_path_factory.mktemp("mediawiki")
    with mediawiki.served(folder) as wiki:
        wiki.write("Main Page", "All about [[Tram/Repairs & cost?]] and the rest.")
        wiki.write("Tram/Repairs & cost?", REPAIRS.replace("{filler}", FILLER))
        wiki.write("Trams", "#REDIRECT [[Tram/Repairs & cost?]]")
        for title in TITLES:
            wiki.write(title, "Tickets are sold at the kiosk.")
        documents = folder / "documents"
        documents.mkdir()
        wiki.export(documents / ".new.xml")
        (documents / ".new.xml").rename(documents / "wiki.xml")
        settings = load(
            {
                "documents": documents,
                "data": folder / "index",
                "wiki": "mediawiki",
                "url_template": f"{wiki.address}/index.php/{{page}}",
                "allowed_origins": (wiki.address,),
            }
        )
        with answering(settings, encoder) as server:
            yield Installed(wiki, settings, server)


COMMON_JS = """window.DocumentAssistant = { title: "Ask the city" };
mw.loader.load( "{server}/widget.js" );
"""
LOCAL_SETTINGS = """
$wgHooks['BeforePageDisplay'][] = function ( $out ) {
    $out->addHeadItem( 'assistant', '<script src="{server}/widget.js" data-title="Ask the city" async></script>' );
};
"""
HOOKS = ("MediaWiki:Common.js", "LocalSettings.php")


@contextmanager
def hooked(installed: Installed, hook: str, settings: str = "") -> Iterator[None]:
    """The wiki with the widget by that hook, and with these settings of its own."""
    if hook == "LocalSettings.php":
        settings += LOCAL_SETTINGS.replace("{server}", installed.server)
    else:
        installed.wiki.write(hook, COMMON_JS.replace("{server}", installed.server))
    try:
        with installed.wiki.set(settings):
            yield
    finally:
        if hook != "LocalSettings.php":
            installed.wiki.write(hook, "")


@pytest.mark.parametrize("hook", HOOKS)
def test_ask_in_the_wiki_and_land_on_the_cited_words(installed: Installed, visit: Open, hook: str) -> None:
    wiki = installed.wiki
    with hooked(installed, hook):
        page = opened(visit(wiki.url("Main Page"), path="", others=(installed.server,)))
        expect(page.get_by_role("dialog", name="Ask the city")).to_be_visible()
        ask(page, "How much did the repairs of the viaduct cost?")
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{COST}1")
        page.locator(".da-cite").first.click()
        card = page.locator(".da-source.da-on")
        expect(card.locator("mark")).to_have_text(COST)
        expect(card.get_by_role("heading")).to_have_text("Tram/Repairs & cost?")
        card.get_by_text("Open page").click()
        expect(page).to_have_title("Tram/Repairs & cost? - City")
        assert page.url.split("#")[0] == wiki.url("Tram/Repairs & cost?")
        cited = page.locator("#mw-content-text p", has_text="repairs cost 38.6 million")
        expect(cited).to_be_in_viewport()
        assert marked(cited)
        assert not marked(page.locator("#Cost"))
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{COST}1")


def test_the_page_of_the_wiki_is_the_page_of_the_index(installed: Installed, visit: Open) -> None:
    """Who stands on a page that a link of the wiki leads to asks of that document."""
    with hooked(installed, HOOKS[0]):
        page = visit(installed.wiki.url("Main Page"), path="", others=(installed.server,))
        page.locator("#mw-content-text").get_by_role("link", name="Tram/Repairs & cost?").click()
        opened(page).get_by_label("Prefer this page").check()
        with page.expect_request("**/api/ask") as asked:
            ask(page, "How much did the repairs of the viaduct cost?")
    sent = asked.value.post_data_json["page"]
    (document,) = [one for one in documents(installed) if one.title == "Tram/Repairs & cost?"]
    assert document.url
    assert canonical(sent) == canonical(document.url)


def documents(installed: Installed, template: str = "/index.php/{page}") -> list[Document]:
    settings = installed.settings.model_copy(update={"url_template": f"{installed.wiki.address}{template}"})
    return [found for found in outcomes(settings).values() if isinstance(found, Document)]


@pytest.mark.parametrize("template", ["/index.php/{page}", "/index.php?title={page}"])
def test_every_address_leads_to_its_page_at_once(installed: Installed, template: str) -> None:
    found = documents(installed, template)
    assert {document.title for document in found} == {"Main Page", "Tram/Repairs & cost?", *TITLES}
    for document in found:
        assert document.url
        with urlopen(document.url, timeout=20) as answer:
            page = answer.read().decode()
        assert answer.url == document.url  # and not by a redirect
        name = re.search(r'"wgPageName":("(?:[^"\\]|\\.)*")', page)
        assert name
        assert json.loads(name[1]) == document.title.replace(" ", "_")


LOOK = """() => [...document.body.querySelectorAll("*")].map((node) => {
  const box = node.getBoundingClientRect(), style = getComputedStyle(node);
  return [node.localName, node.className, box.x, box.y, box.width, box.height,
    [...style].map((name) => style.getPropertyValue(name)).join("|")];
})"""


@pytest.mark.parametrize("hook", HOOKS)
def test_the_wiki_looks_as_before_and_has_one_global_more(installed: Installed, visit: Open, hook: str) -> None:
    def seen(widget: bool) -> tuple[list[object], set[str], bytes]:
        page = visit(installed.wiki.url("Tram/Repairs & cost?"), path="", others=(installed.server,))
        settled(page)
        expect(page.locator(".da-bubble")).to_have_count(int(widget))
        above = {"x": 0, "y": 0, "width": 1280, "height": 700}  # where the bubble is not
        names = page.evaluate("Object.getOwnPropertyNames(window)")
        return page.evaluate(LOOK), {re.sub(r"\d{9,}", "", name) for name in names}, page.screenshot(clip=above)

    look, names, picture = seen(False)
    with hooked(installed, hook):
        look_then, names_then, picture_then = seen(True)
    assert len(look) > 100
    assert look_then == look
    assert names_then - names == {"DocumentAssistant"}
    assert picture_then == picture


def settled(page: Page) -> None:
    """The wiki's own scripts have run."""
    page.wait_for_function("window.mw?.loader.getState('site') === 'ready'")
    page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("hook", HOOKS)
@pytest.mark.parametrize(
    "policy", ["'script-src' => ['{server}']", "'script-src' => ['{server}'], 'default-src' => ['{server}']"]
)
def test_under_a_policy_that_names_the_server(installed: Installed, visit: Open, hook: str, policy: str) -> None:
    setting = f"$wgCSPHeader = [ {policy.replace('{server}', installed.server)} ];"
    with hooked(installed, hook, setting):
        page = visit(installed.wiki.url("Main Page"), path="", others=(installed.server,))
        with urlopen(page.url, timeout=20) as answer:
            assert "script-src 'unsafe-eval' blob: 'self'" in answer.headers["content-security-policy"]
        ask(opened(page), "How much did the repairs of the viaduct cost?")
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{COST}1")


def test_a_policy_that_does_not_name_the_server_keeps_the_script_out(installed: Installed, visit: Open) -> None:
    """So the two policies above are what lets it in."""
    with hooked(installed, HOOKS[0], "$wgCSPHeader = true;"):
        page = visit(installed.wiki.url("Main Page"), path="", others=(installed.server,), offline=True)
        settled(page)
        assert not page.locator("document-assistant").count()


def test_the_doctor_finds_the_line_where_it_stands_in_the_page(installed: Installed) -> None:
    policy = f"$wgCSPHeader = [ 'script-src' => ['{installed.server}'] ];"
    with hooked(installed, "LocalSettings.php", policy):
        checks = list(examine_wiki(installed.settings, installed.wiki.url("Main Page")))
    assert {"origin", "script", "script-src", "connect-src"} <= {check.name for check in checks}
    assert [check for check in checks if not check.ok] == []


def test_the_page_for_signing_in_has_no_widget_by_the_script_of_the_wiki(installed: Installed, visit: Open) -> None:
    with hooked(installed, HOOKS[0]):
        page = visit(installed.wiki.url("Special:UserLogin"), path="", others=(installed.server,))
        page.wait_for_load_state("networkidle")
        assert not page.locator("document-assistant").count()


def test_a_page_is_read_as_mediawiki_shows_it(installed: Installed) -> None:
    wiki = installed.wiki
    core = re.sub(
        r"<ref>.*?</ref>|\[\[File:.*\]\]\n|<syntaxhighlight.*?</syntaxhighlight>|\{\{\w.*?\}\}",
        "",
        WIKITEXT,
        flags=re.S,
    )
    for title, source in {"All": core, "Spanning": SPANNING, "Tram": REPAIRS.replace("{filler}", "")}.items():
        wiki.write(title, f"__NOEDITSECTION__\n{source}")
        ours, theirs = read_wikitext(source.encode()), read_html(wiki.shown(title))
        assert lines(ours.text) == lines(theirs.text), title
        assert [(h.level, h.text) for h in ours.headings] == [(h.level, h.text) for h in theirs.headings]


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n") if line.strip()]
