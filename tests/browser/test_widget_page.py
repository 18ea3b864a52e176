"""The widget and the page around it, which may be hostile, strict, narrow or change beneath it."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Host, Open
from tests.browser.wiki import (
    PAGE,
    QUESTION,
    QUOTE,
    Wiki,
    ask,
    opened,
    violations,
)

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
    colour = page.locator(".da-go").first.evaluate("node => getComputedStyle(node).backgroundColor")
    assert colour.startswith("oklch(0.4077"), "the accent that was set, dark enough as it is"


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
