"""The widget in a real browser, on a page of another origin."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from assistant.assistant import Assistant
from assistant.settings import load
from index.building import build
from index.encoder import Encoder
from tests.browser.conftest import Open, served
from tests.browser.wiki import PAGE, Wiki, hosted
from tests.conftest import LEAVE, TRAM
from tests.test_web import HOSTILE

QUESTION = "How much did the repairs cost?"
QUOTE = "Repairs cost 38.6 million crowns, a third more than planned."
UNCERTAIN = "How many passengers does the tram carry?"
UNKNOWN = "What is the boiling point of tungsten?"


@pytest.fixture(scope="module")
def wiki() -> Iterator[Wiki]:
    with hosted() as found:
        yield found


@pytest.fixture(scope="module")
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
    build(settings, encoder)
    assistant = Assistant(settings)
    assistant.encoder = encoder
    with served(assistant) as found:
        yield found
    assistant.close()


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


def opened(page: Page) -> Page:
    page.locator(".da-bubble").click()
    expect(page.locator(".da-welcome")).to_be_visible()
    return page


def ask(page: Page, question: str) -> None:
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


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


# --- asking ------------------------------------------------------------------------------------------------------


def test_ask_and_see_the_cited_words_on_their_page(host: Host, wiki: Wiki) -> None:
    page = opened(host())
    ask(page, QUESTION)
    expect(page.locator(".da-band b")).to_have_text("Quoted from the documents")
    sentence = page.locator(".da-answer p.da-words").first
    expect(sentence).to_have_text(f"{QUOTE}1")
    page.locator(".da-cite").first.click()
    card = page.locator(".da-source.da-on")
    expect(card.locator("mark")).to_have_text(QUOTE)
    expect(card.locator("blockquote")).to_contain_text("The city council voted twice.")
    assert card.evaluate("node => node.previousElementSibling.matches('p.da-words')"), "it stands under its sentence"
    assert "serif" in card.locator("mark").evaluate("node => getComputedStyle(node).fontFamily")
    link = card.get_by_text("Open page")
    words = "Repairs%20cost%2038.6%20million%20crowns%2C%20a%20third%20more%20than%20planned."
    assert link.get_attribute("href") == f"{wiki.address}/tram#:~:text={words}"
    expect(page.locator("#cost")).not_to_be_in_viewport()
    link.click()
    expect(page.locator("#cost")).to_be_in_viewport()
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")


def test_a_document_without_a_page_opens_at_the_server(host: Host, server: str) -> None:
    page = opened(host())
    ask(page, "How many days of annual leave does every employee have?")
    page.locator(".da-cite").first.click()
    with page.context.expect_page() as source:
        page.locator(".da-source.da-on").get_by_text("Show in document").click()
    assert source.value.url.startswith(f"{server}/source/leave.txt?")
    expect(source.value.locator("mark#cited")).to_contain_text("25 days of annual leave")


def test_the_honest_states(host: Host) -> None:
    page = opened(host())
    ask(page, UNCERTAIN)
    answer = page.locator(".da-answer").last
    expect(answer.locator(".da-band b")).to_have_text("The documents may not answer this")
    expect(answer.locator(".da-cite").first).to_be_visible()
    ask(page, UNKNOWN)
    answer = page.locator(".da-answer").last
    expect(answer.locator(".da-band b")).to_have_text("Not in the documents")
    expect(answer.locator(".da-band")).to_contain_text("searched for “boiling point tungsten”")
    expect(answer.locator(".da-cite")).to_have_count(0)
    expect(answer.locator(".da-more .da-source").first).to_be_visible()


def test_a_follow_up_shows_what_was_searched_for_and_lets_it_be_changed(host: Host) -> None:
    page = opened(host())
    ask(page, "When was the harbour tram shut?")
    ask(page, "And how much did it cost?")
    understood = page.locator(".da-understood")
    expect(understood).to_contain_text("tram")
    understood.get_by_role("button", name="Edit").click()
    expect(page.locator("textarea")).to_be_focused()
    assert "tram" in page.locator("textarea").input_value()


def test_topics_and_examples_start_a_conversation(host: Host) -> None:
    page = opened(host())
    page.get_by_role("button", name="Harbour tram").click()
    expect(page.locator(".da-question")).to_have_text("What do the documents say about “Harbour tram”?")
    line = (
        '<script src="{server}/widget.js" data-examples="What do dogs pay? | Who paid?" data-greeting="Hello"></script>'
    )
    page = opened(host(line))
    expect(page.locator(".da-welcome h3")).to_have_text("Hello")
    assert page.locator(".da-chip").all_inner_texts() == ["What do dogs pay?", "Who paid?"]
    page.locator(".da-chip").first.click()
    expect(page.locator(".da-answer p.da-words").first).to_contain_text("Dogs pay half.")


def test_a_document_is_never_markup(host: Host) -> None:
    page = opened(host())
    ask(page, "At how many rounds does the turbine spin?")
    page.locator(".da-cite").first.click()
    expect(page.locator(".da-source mark").first).to_contain_text("${Object.assign(window,{pwned:4})}")
    ask(page, "<img src=x onerror=window.pwned=8> repairs?")
    expect(page.locator(".da-question").last).to_have_text("<img src=x onerror=window.pwned=8> repairs?")
    assert page.evaluate("window.pwned") is None
    assert page.locator(".da-panel img, .da-panel script, .da-panel b b").count() == 0


def test_the_whole_passage_can_be_read(host: Host) -> None:
    page = opened(host())
    ask(page, "What is needed from the fourth day of illness?")
    page.locator(".da-cite").first.click()
    card = page.locator(".da-source.da-on")
    whole = card.get_by_role("button", name="Whole passage")
    if whole.count():
        short = card.locator("blockquote").inner_text()
        whole.click()
        assert len(card.locator("blockquote").inner_text()) > len(short)
    expect(card.locator("mark")).to_contain_text("doctor's note")


def test_a_link_marks_the_words_on_their_page(visit: Open, server: str) -> None:
    page = visit(server, path="/health")
    made = """async ([quote, url]) => {
      const places = await import(`${location.origin}/ui/parts/places.js`);
      return places.pageUrl({ quote, url });
    }"""
    long = "The line was shut in March, when engineers – of all people – found well-hidden cracks in the viaduct."
    for quote, url, link in (
        (
            "a well-known, safe & sound 100 %",
            "http://x.example/a",
            "#:~:text=a%20well%2Dknown%2C%20safe%20%26%20sound%20100%20%25",
        ),
        ("Short.", "http://x.example/a#Cost", "#Cost:~:text=Short."),
        (long, "http://x.example/a", "#:~:text=The%20line%20was%20shut%20in,hidden%20cracks%20in%20the%20viaduct."),
        ("First\nsecond line", "http://x.example/a", "#:~:text=First,line"),
    ):
        assert page.evaluate(made, [quote, url]) == f"http://x.example/a{link}"
    for unsafe in ("javascript:alert(1)", "data:text/html,x", "", None, "//x.example", "http://", "http://[x"):
        assert page.evaluate(made, ["Words.", unsafe]) is None


# --- with the keyboard, and read aloud -----------------------------------------------------------------------------


def test_with_the_keyboard_alone(host: Host) -> None:
    page = host()
    expect(page.locator(".da-bubble")).to_be_visible()
    for _ in range(8):
        page.keyboard.press("Tab")
        if focused(page) == "da-bubble":
            break
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Ask the documents")).to_be_visible()
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-thumb").first).to_be_visible()
    marker = page.locator(".da-cite").first
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if focused(page) == "da-cite":
            break
    expect(marker).to_be_focused()
    expect(marker).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("Enter")
    expect(marker).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("Tab")
    expect(page.locator(".da-source.da-on").get_by_text("Open page")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".da-source.da-on")).to_have_count(0)
    expect(marker).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".da-panel")).to_be_hidden()
    assert focused(page) == "da-bubble"


def test_the_focus_goes_back_to_where_it_was(host: Host) -> None:
    page = host()
    expect(page.locator(".da-bubble")).to_be_visible()
    asks = "DocumentAssistant.open({ question: 'Tram?', ask: false })"
    page.evaluate(f"document.getElementById('asks').setAttribute('onclick', \"{asks}\")")
    page.locator("#asks").click()
    expect(page.locator("textarea")).to_have_value("Tram?")
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".da-panel")).to_be_hidden()
    assert focused(page) == "asks"
    page.evaluate("document.activeElement.blur()")
    page.evaluate(asks)
    expect(page.locator("textarea")).to_be_focused()
    page.keyboard.press("Escape")
    assert focused(page) == "da-bubble", "it came from nowhere"


def test_keys_that_are_typed_are_not_shortcuts_of_the_page(host: Host) -> None:
    page = opened(host())
    page.evaluate("window.addEventListener('keydown', () => { window.heard = (window.heard || 0) + 1 })")
    page.keyboard.type("some words")
    assert page.evaluate("window.heard") is None


def test_an_answer_is_told_once_and_whole(host: Host) -> None:
    page = opened(host())
    status = page.locator(".da-unseen[role=status]")
    ask(page, QUESTION)
    expect(status).to_contain_text(f"Quoted from the documents. {QUOTE}")
    expect(page.get_by_role("log")).to_have_attribute("aria-live", "off")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1100, 390])
def test_accessible(host: Host, scheme: str, width: int) -> None:
    page = host(
        "<style>@media (prefers-color-scheme: dark) { body { background: #111; color: #ddd } a { color: #9cf } }"
        '</style><script async src="{server}/widget.js"></script>',
        scheme=scheme,
        width=width,
    )
    expect(page.locator(".da-bubble")).to_be_visible()
    assert violations(page) == []
    opened(page)
    page.wait_for_timeout(250)
    assert violations(page) == []
    for question in (QUESTION, UNCERTAIN, UNKNOWN, "😀"):
        ask(page, question)
        if question == QUESTION:
            page.locator(".da-cite").first.click()
        page.wait_for_timeout(250)
        assert violations(page) == []


# --- the page around it ----------------------------------------------------------------------------------------------

HOSTILE_STYLES = """<style>
* { display: inline !important; position: static !important; font: 30px cursive !important; color: red !important;
    letter-spacing: 9px !important; text-transform: uppercase !important; float: left !important;
    padding: 40px !important; visibility: hidden !important; pointer-events: none !important; width: 7px !important;
    text-align: right !important; direction: rtl !important; background: lime !important; }
:root > *, body * { opacity: .3 !important; transform: rotate(3deg) !important; filter: invert(1) !important; }
</style>"""

LOOK = """() => {
  const room = document.querySelector('document-assistant').shadowRoot;
  return [...room.querySelectorAll('.da-root, .da-root *')].map((node) => {
    const style = getComputedStyle(node), box = node.getBoundingClientRect();
    return [node.className, style.color, style.font, style.letterSpacing, style.textTransform, style.visibility,
      style.opacity, style.direction, style.backgroundColor, style.transform, style.filter,
      ...[box.x, box.y, box.width, box.height].map(Math.round)].join(' ');
  });
}"""


def test_hostile_styles_of_the_page_change_nothing(host: Host) -> None:
    looks = []
    for styles in ("", HOSTILE_STYLES):
        page = host(
            styles + '<script src="{server}/widget.js" data-position="right"'
            ' data-examples="What do dogs pay?" defer></script>'
        )
        page.wait_for_function("document.querySelector('document-assistant')?.shadowRoot")
        page.evaluate("DocumentAssistant.open()")
        expect(page.locator(".da-chip")).to_be_visible()
        ask(page, QUESTION)
        page.wait_for_timeout(250)
        looks.append(page.evaluate(LOOK))
    assert looks[0] == looks[1]


LAYOUT = """() => JSON.stringify([
  [...document.querySelectorAll('html, body, body *')].map((node) => {
    const { x, y, width, height } = node.getBoundingClientRect();
    return [node.localName, x, y, width, height, getComputedStyle(node).font, getComputedStyle(node).color];
  }), document.documentElement.scrollWidth, document.documentElement.scrollHeight, document.title,
  document.head.innerHTML, document.body.innerHTML])"""
GLOBALS = "() => Object.getOwnPropertyNames(window)"


def test_the_page_and_its_globals_stay_as_they_were(host: Host, server: str) -> None:
    page = host("<style>body > :last-child { border: 3px solid; } :root > * { padding-bottom: 11px; }</style>")
    layout, globals_ = page.evaluate(LAYOUT), set(page.evaluate(GLOBALS))
    page.evaluate(
        "src => new Promise((done) => { const tag = document.createElement('script'); tag.src = src; tag.onload = done;"
        " document.head.append(tag); })",
        f"{server}/widget.js",
    )
    opened(page)
    ask(page, QUESTION)
    page.keyboard.press("Escape")
    page.evaluate("document.head.lastChild.remove()")
    assert page.evaluate(LAYOUT) == layout
    assert set(page.evaluate(GLOBALS)) - globals_ == {"DocumentAssistant"}
    page.evaluate("DocumentAssistant.destroy()")
    assert page.locator("document-assistant").count() == 0
    page.evaluate("DocumentAssistant.init()")
    expect(page.locator(".da-bubble")).to_be_visible()


def test_under_a_strict_policy(host: Host, server: str) -> None:
    policy = f"default-src 'none'; script-src {server}; connect-src {server}; style-src 'none'; img-src data:"
    page = host(
        '<script async src="{server}/widget.js" data-accent="#7a1f5c" data-language="de"></script>',
        policy=policy,
        page=PAGE.replace(' style="height: 1600px"', ""),
    )
    opened(page)
    ask(page, QUESTION)
    page.locator(".da-cite").first.click()
    expect(page.locator(".da-source.da-on mark")).to_have_text(QUOTE)
    expect(page.locator(".da-go").first).to_have_text("Fragen")
    assert page.locator(".da-go").first.evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(122, 31, 92)"


def test_made_part_of_another_script(host: Host, wiki: Wiki, server: str, visit: Open) -> None:
    source = visit(server, path="/widget.js").evaluate("document.body.innerText")
    wiki.script("/bundle.js", f"var before = 1\n{source}\n(function () {{ window.after = 2 }})()\n")
    page = host('<script src="/bundle.js" defer></script>')
    page.wait_for_function("window.after === 2")
    assert page.locator("document-assistant").count() == 0, "it does not know its server"
    assert page.evaluate("(() => { try { DocumentAssistant.init({}) } catch (e) { return e.message } })()")
    page.evaluate(f"DocumentAssistant.init({{ server: '{server}' }})")
    opened(page)
    ask(page, QUESTION)
    before = f"<script>DocumentAssistant = {{ server: '{server}', title: 'Named before' }}</script>"
    page = host(f"{before}<script src='/bundle.js'></script>")
    expect(page.locator(".da-bubble")).to_have_text("Named before")


def test_loaded_twice_it_is_there_once(host: Host) -> None:
    twice = '<script src="{server}/widget.js"></script><script async src="{server}/widget.js?again"></script>'
    page = host(f"{twice}<script defer src='{{server}}/widget.js'></script>")
    opened(page)
    page.wait_for_timeout(300)
    expect(page.locator("document-assistant")).to_have_count(1)


@pytest.mark.parametrize("how", ["", "async", "defer", "type=module crossorigin"])
def test_however_it_is_loaded_it_finds_its_server(host: Host, how: str) -> None:
    page = opened(host(f'<script {how} src="{{server}}/widget.js"></script>'))
    ask(page, QUESTION)
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")


def test_it_outlives_navigation_within_the_page(host: Host) -> None:
    page = opened(host())
    ask(page, QUESTION)
    page.locator("textarea").fill("a draft")
    for change in (
        "document.body.replaceWith(Object.assign(document.createElement('body'), { textContent: 'Another page.' }))",
        "document.documentElement.replaceChildren(document.head, document.createElement('body'))",
        "document.querySelector('document-assistant').remove()",
    ):
        page.evaluate(change)
        expect(page.locator("document-assistant")).to_have_count(1)
        expect(page.locator(".da-panel")).to_be_visible()
        expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")
        expect(page.locator("textarea")).to_have_value("a draft")
    ask(page, "What do dogs pay?")


def test_within_the_text_of_a_page(host: Host) -> None:
    page = host('<script src="{server}/widget.js" data-target="#place"></script>')
    expect(page.locator("#place .da-inline .da-welcome")).to_be_visible()
    expect(page.locator(".da-bubble")).to_have_count(0)
    ask(page, QUESTION)
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(page.locator(".da-panel")).to_be_visible()
    # The place goes and comes back with another page.
    page.evaluate("document.getElementById('place').remove()")
    page.wait_for_timeout(200)
    page.evaluate(
        "document.querySelector('main').append(Object.assign(document.createElement('div'), { id: 'place' }))"
    )
    expect(page.locator("#place .da-answer p.da-words").first).to_have_text(f"{QUOTE}1")


def test_where_the_author_put_the_element(host: Host) -> None:
    placed = PAGE.replace('<div id="place"></div>', '<document-assistant data-theme="dark"></document-assistant>')
    page = host(page=placed)
    expect(page.locator(".da-inline .da-welcome")).to_be_visible()
    expect(page.locator("document-assistant")).to_have_count(1)
    assert page.locator(".da-panel").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(20, 23, 26)"
    page.evaluate("document.querySelector('document-assistant').remove()")
    expect(page.locator(".da-bubble")).to_be_visible()
    page.evaluate("document.querySelector('main').append(document.createElement('document-assistant'))")
    expect(page.locator(".da-bubble")).to_have_count(0)
    expect(page.locator("main .da-inline")).to_be_visible()


def test_in_print_it_is_not_there(host: Host) -> None:
    page = opened(host())
    page.emulate_media(media="print")
    expect(page.locator(".da-bubble")).to_be_hidden()
    expect(page.locator(".da-panel")).to_be_hidden()


def test_nothing_moves_for_who_wants_no_motion(host: Host) -> None:
    moving = "node => getComputedStyle(node).animationName"
    page = opened(host())
    assert page.locator(".da-panel").evaluate(moving) == "da-fade"
    page.emulate_media(reduced_motion="reduce")
    assert page.locator(".da-panel").evaluate(moving) == "none"


@pytest.mark.parametrize("width", [320, 390])
def test_on_a_phone_it_fills_the_screen(host: Host, width: int) -> None:
    page = host(width=width, height=640, has_touch=True, is_mobile=True)
    page.locator(".da-bubble").tap()
    box = page.locator(".da-panel").bounding_box()
    assert box == {"x": 0, "y": 0, "width": width, "height": 640}
    assert page.locator(".da-panel").evaluate("node => node.matches(':modal')"), "the page behind it is out of reach"
    ask(page, QUESTION)
    page.locator(".da-cite").first.tap()
    expect(page.locator(".da-source.da-on mark")).to_be_in_viewport()
    wide = "(node) => [...node.querySelectorAll('*')].some((one) => one.getBoundingClientRect().right > innerWidth + 1)"
    assert not page.locator(".da-panel").evaluate(wide)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text("Open page").first.tap()
    expect(page.locator("#cost")).to_be_in_viewport()
    expect(page.locator(".da-panel")).to_be_hidden()
    page.locator(".da-bubble").tap()
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")


def test_on_a_page_that_reads_from_the_right(host: Host) -> None:
    page = opened(host(attributes=' dir="rtl"'))
    box = page.locator(".da-panel").bounding_box()
    assert box is not None
    assert box["x"] == 22
    assert page.locator(".da-panel").evaluate("node => getComputedStyle(node).direction") == "ltr", (
        "its texts are English"
    )
    texts = json.dumps({"box": "اسأل سؤالا", "ask": "اسأل", "title": "اسأل الوثائق"}, ensure_ascii=False)
    page = opened(
        host(
            f"<script src='{{server}}/widget.js' data-texts='{texts}'></script>", attributes=' dir="rtl"', language="ar"
        )
    )
    assert page.locator(".da-panel").evaluate("node => getComputedStyle(node).direction") == "rtl"
    expect(page.locator(".da-bubble")).to_have_text("اسأل الوثائق")
    ask(page, QUESTION)
    page.locator(".da-cite").first.click()
    assert violations(page) == []


# --- settings and events ---------------------------------------------------------------------------------------------


def test_the_language_is_that_of_the_page_unless_it_is_set(host: Host) -> None:
    page = host(language="de-AT")
    page.locator(".da-bubble").click()
    expect(page.get_by_role("dialog", name="Die Dokumente fragen")).to_be_visible()
    ask(page, UNKNOWN)
    expect(page.locator(".da-band b")).to_have_text("Nicht in den Dokumenten")
    page = opened(host('<script src="{server}/widget.js" data-language="en"></script>', language="de"))
    expect(page.locator("textarea")).to_have_attribute("placeholder", "Ask a question")
    page = host(
        "<script>DocumentAssistant = { texts: { box: 'Qu’y a-t-il ?' }, title: 'Wiki' }</script>"
        '<script src="{server}/widget.js"></script>'
    )
    expect(page.locator(".da-bubble")).to_have_text("Wiki")
    expect(page.locator("textarea")).to_have_attribute("placeholder", "Qu’y a-t-il ?")


def luminance(colour: str) -> float:
    channels = [int(part) / 255 for part in colour.removeprefix("rgb(").removesuffix(")").split(", ")]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("accent", ["#ffee88", "navy", "hsl(120 90% 45%)", "rgb(128, 128, 128)", "#000", "#fff"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_accent_can_be_read(host: Host, accent: str, theme: str) -> None:
    page = host(f'<script src="{{server}}/widget.js" data-accent="{accent}" data-theme="{theme}"></script>')
    style = page.locator(".da-bubble").evaluate(
        "node => [getComputedStyle(node).color, getComputedStyle(node).backgroundColor]"
    )
    low, high = sorted(luminance(colour) for colour in style)
    assert (high + 0.05) / (low + 0.05) >= 4.5


def test_what_is_no_colour_or_choice_is_told_and_left_out(host: Host) -> None:
    page = host(
        '<script src="{server}/widget.js" data-accent="red; } * { color: pink" data-theme="pink" defer></script>'
    )
    with page.expect_console_message(lambda message: "is not a colour" in message.text):
        page.reload()
    expect(page.locator(".da-bubble")).to_be_visible()
    assert page.locator(".da-bubble").evaluate("node => getComputedStyle(node).backgroundColor") == "rgb(11, 100, 100)"


def test_settings_may_change_while_it_is_open(host: Host) -> None:
    page = opened(host())
    ask(page, QUESTION)
    page.evaluate("DocumentAssistant.init({ theme: 'dark', title: 'Another name', position: 'left' })")
    expect(page.locator(".da-top h2")).to_have_text("Another name")
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")
    box = page.locator(".da-panel").bounding_box()
    assert box is not None
    assert box["x"] == 22


def test_the_site_hears_what_happens(host: Host) -> None:
    page = host(
        "<script>window.heard = []; for (const kind of ['open', 'close', 'answer', 'error', 'citation'])"
        " addEventListener(`document-assistant:${kind}`, (event) => { heard.push([kind, event.detail]);"
        " if (window.refuses) event.preventDefault(); });</script><script async src='{server}/widget.js'></script>"
    )
    page.wait_for_function("window.DocumentAssistant")
    page.evaluate(f"DocumentAssistant.open({{ question: '{QUESTION}' }})")
    page.locator(".da-cite").first.click()
    page.evaluate("window.refuses = true")
    page.locator(".da-cite").first.click()
    page.locator(".da-cite").first.click()
    expect(page.locator(".da-source.da-on")).to_have_count(0)
    ask(page, "😀")
    page.evaluate("DocumentAssistant.close()")
    page.wait_for_function("heard.length === 6")
    heard = page.evaluate("heard")
    assert [kind for kind, _ in heard] == ["open", "answer", "citation", "citation", "error", "close"]
    assert heard[1][1]["band"] == "answered"
    assert heard[2][1]["quote"] == QUOTE
    assert heard[4][1]["question"] == "😀"


# --- what the server says --------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize(
    ("status", "headers", "told"),
    [
        (429, {"retry-after": "17"}, "Try again in 17 s."),
        (401, {}, "The assistant does not know you."),
        (403, {}, "The assistant may not be used from here."),
        (503, {}, "There is no index."),
        (500, {"content-type": "text/html"}, "The assistant failed on this."),
    ],
)
def test_a_refusal_is_said_kindly_and_the_question_kept(
    host: Host, status: int, headers: dict[str, str], told: str
) -> None:
    page = opened(host(offline=True))
    answers(
        page,
        "api/ask",
        status,
        {"error": "There is no index.", "hint": "Build it."} if status == 503 else None,
        **headers,
    )
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text(told)
    expect(page.locator("textarea")).to_have_value(QUESTION)
    page.unroute("**/api/ask")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")
    expect(page.locator("textarea")).to_have_value("")
    expect(page.locator(".da-turn")).to_have_count(1)


def test_a_server_that_is_not_there_is_said_and_the_question_kept(host: Host) -> None:
    page = opened(host(offline=True))
    page.context.set_offline(True)
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The server does not answer.")
    expect(page.locator("textarea")).to_have_value(QUESTION)


def test_a_stream_that_breaks_off_is_a_failure(host: Host) -> None:
    page = opened(host())
    cut = 'event: delta\r\ndata: {"text": "Half a", "citation": null}\r\n\r\n'
    page.route(
        "**/api/ask",
        lambda route: route.fulfill(
            headers={"access-control-allow-origin": "*", "content-type": "text/event-stream"}, body=cut
        ),
    )
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The assistant failed on this.")
    expect(page.locator("textarea")).to_have_value(QUESTION)


CRUMBS = """
const fetched = window.fetch;
window.fetch = async (...request) => {
  const response = await fetched(...request);
  if (!String(request[0]).includes("api/ask")) return response;
  const crumble = (chunk, out) => { for (const byte of chunk) out.enqueue(new Uint8Array([byte])); };
  const cut = new TransformStream({ transform: crumble });
  return new Response(response.body.pipeThrough(cut), response);
};
"""


def test_a_stream_may_be_cut_anywhere(host: Host) -> None:
    page = opened(host(f'<script>{CRUMBS}</script><script async src="{{server}}/widget.js"></script>'))
    ask(page, "Was the tram “shut” – and why?")
    expect(page.locator(".da-question")).to_have_text("Was the tram “shut” – and why?")
    expect(page.locator(".da-answer p.da-words").first).to_contain_text("The line was shut in March 2025")


def test_an_answer_can_be_stopped(host: Host) -> None:
    page = opened(host())
    page.route("**/api/ask", lambda route: None)
    page.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-waiting")).to_be_visible()
    page.get_by_role("button", name="Stop").click()
    expect(page.locator(".da-answer")).to_contain_text("Stopped.")
    expect(page.locator("textarea")).to_have_value(QUESTION)
    expect(page.locator("textarea")).to_be_focused()
    page.unroute("**/api/ask")
    page.get_by_role("button", name="Try again").click()
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")


def test_a_token_of_the_site_becomes_a_session(host: Host) -> None:
    page = host(
        "<script>window.given = 0; DocumentAssistant = { token: async () => `token-${++given}` }</script>"
        '<script async src="{server}/widget.js"></script>',
        offline=True,
    )
    opened_with = answers(page, "api/session", 200, {"session": "the-session", "seconds": 600})
    opened(page)
    refused = answers(page, "api/ask", 401)
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The assistant does not know you.")
    assert [sent["authorization"] for sent in refused] == ["Bearer the-session"] * 2, "once more with a new session"
    assert [sent["body"] for sent in opened_with] == [{"token": "token-1"}, {"token": "token-2"}]
    page.unroute("**/api/ask")
    with page.expect_request("**/api/ask") as asked:
        page.get_by_role("button", name="Try again").click()
    assert asked.value.headers["authorization"] == "Bearer the-session"
    expect(page.locator(".da-answer p.da-words").first).to_have_text(f"{QUOTE}1")
    assert len(opened_with) == 2, "a session is used as long as it lasts"


def test_a_token_may_come_from_an_address_of_the_site(host: Host, wiki: Wiki) -> None:
    wiki.pages["/token"] = ("application/json", "", '{"token": "from the wiki"}')
    page = host('<script async src="{server}/widget.js" data-token="/token"></script>')
    opened_with = answers(page, "api/session", 200, {"session": "the-session", "seconds": 600})
    opened(page)
    ask(page, QUESTION)
    assert [sent["body"] for sent in opened_with] == [{"token": "from the wiki"}]


def test_thumbs_and_a_word(host: Host, wiki: Wiki) -> None:
    page = opened(host())
    sent = answers(page, "api/feedback", 204)
    ask(page, QUESTION)
    page.get_by_role("button", name="Not helpful").click()
    expect(page.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("What was good or missing?").fill("who paid?")
    page.keyboard.press("Enter")
    expect(page.locator(".da-comment")).to_have_text("Thank you.")
    assert [(body["verdict"], body["comment"]) for body in (one["body"] for one in sent)] == [
        ("down", ""),
        ("down", "who paid?"),
    ]  # type: ignore[index]
    body = sent[1]["body"]
    assert isinstance(body, dict)
    assert body.keys() == {"verdict", "comment", "question", "text", "passages", "generation", "page"}
    assert (body["question"], body["page"]) == (QUESTION, f"{wiki.address}/tram")
    assert QUOTE in body["text"]
    assert len(body["passages"]) > 1


def test_the_address_of_the_page_is_sent_when_it_is_wanted(host: Host, wiki: Wiki) -> None:
    page = opened(host())
    with page.expect_request("**/api/ask") as asked:
        ask(page, QUESTION)
    assert "page" not in asked.value.post_data_json
    page.evaluate("location.hash = 'cost'")
    page.get_by_label("Prefer this page").check()
    with page.expect_request("**/api/ask") as asked:
        ask(page, QUESTION)
    assert asked.value.post_data_json["page"] == f"{wiki.address}/tram"
    page = opened(host('<script src="{server}/widget.js" data-about-page="off"></script>'))
    expect(page.locator(".da-about")).to_have_count(0)


# --- over page changes -----------------------------------------------------------------------------------------------


def test_the_conversation_goes_along_to_other_pages(host: Host) -> None:
    page = opened(host())
    ask(page, "When was the harbour tram shut?")
    page.locator(".da-cite").first.click()
    page.locator("textarea").fill("a draft")
    page.get_by_role("link", name="The ferry").click()
    page.wait_for_url("**/ferry")
    expect(page.locator(".da-panel")).to_be_visible()
    expect(page.locator(".da-answer p.da-words").first).to_contain_text("shut in March 2025")
    expect(page.locator(".da-source.da-on mark")).to_contain_text("shut in March 2025")
    expect(page.locator("textarea")).to_have_value("a draft")
    assert focused(page) == "body", "a page that is loaded keeps its focus"
    ask(page, "And how much did it cost?")
    expect(page.locator(".da-understood")).to_contain_text("tram")
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".da-welcome")).to_be_visible()
    page.reload()
    expect(page.locator(".da-welcome")).to_be_visible()


def test_a_question_under_way_is_not_lost_with_its_page(host: Host) -> None:
    page = opened(host())
    page.route("**/api/ask", lambda route: None)
    page.locator("textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-waiting")).to_be_visible()
    page.get_by_role("link", name="The ferry").click()
    page.wait_for_url("**/ferry")
    expect(page.locator("textarea")).to_have_value(QUESTION)
    expect(page.get_by_role("button", name="Try again")).to_be_visible()


def test_what_is_kept_is_bounded_and_may_be_damaged(host: Host, server: str) -> None:
    page = opened(host())
    for _ in range(12):
        ask(page, UNKNOWN)
    page.reload()
    expect(page.locator(".da-turn")).to_have_count(10)
    key = page.evaluate("Object.keys(sessionStorage)")
    assert key == [f"document-assistant/1/{server}/"]
    for damage in ("{", "null", "7", '{"turns": {}}', '{"turns": [7, null, {"answer": {}}]}'):
        page.evaluate("DocumentAssistant.destroy()")
        page.evaluate("([key, value]) => sessionStorage.setItem(key, value)", [key[0], damage])
        page.reload()
        opened(page)
        expect(page.locator(".da-turn")).to_have_count(0)


# --- alone on a page -------------------------------------------------------------------------------------------------


def test_in_a_frame(visit: Open, server: str) -> None:
    page = visit(server, path="/embed?lang=de&theme=dark&accent=%23a33a00&title=Unser+Wiki", width=420, height=600)
    expect(page.locator(".da-welcome")).to_be_visible()
    expect(page.locator(".da-top h2")).to_have_text("Unser Wiki")
    expect(page.locator(".da-go").first).to_have_text("Fragen")
    assert page.locator(".da-panel").bounding_box() == {"x": 0, "y": 0, "width": 420, "height": 600}
    ask(page, QUESTION)
    page.locator(".da-cite").first.click()
    expect(page.locator(".da-source.da-on mark")).to_have_text(QUOTE)
    assert page.get_by_text("Seite öffnen").first.get_attribute("target") == "_blank"
    page.wait_for_timeout(250)
    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_demonstration(visit: Open, server: str, scheme: str) -> None:
    page = visit(server, path="/widget-demo", scheme=scheme)
    opened(page)
    ask(page, QUESTION)
    page.wait_for_timeout(250)
    assert violations(page) == []
