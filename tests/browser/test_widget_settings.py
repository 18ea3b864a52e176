"""What a site sets for its widget and hears of it, and what goes along to other pages."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Host
from tests.browser.wiki import (
    QUESTION,
    QUOTE,
    UNKNOWN,
    ask,
    focused,
    opened,
)

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


def test_a_screen_reader_is_told_in_the_language_of_the_page(host: Host) -> None:
    """The words of documents are theirs; what else the server says in English is not told."""
    page = opened(host(language="de"))
    told = page.locator(".da-unseen[role=status]")
    ask(page, QUESTION)
    expect(told).to_have_text(re.compile(rf"^Zitiert aus den Dokumenten\. {QUOTE}"))
    ask(page, UNKNOWN)
    expect(told).to_have_text(
        "Nicht in den Dokumenten gesucht wurde „boiling point tungsten“. "
        "Versuchen Sie andere Worte, oder fragen Sie, wer die Dokumente pflegt."
    )
    page.locator("textarea").fill("Thank you!")
    page.keyboard.press("Enter")
    expect(told).to_have_text("Gern. Was möchten Sie noch wissen?")


PAINTED = """node => {
  const canvas = document.createElement("canvas").getContext("2d");
  const painted = (colour) => {
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const { color, backgroundColor } = getComputedStyle(node);
  return [painted(color), painted(backgroundColor)];
}"""


def luminance(painted: list[int]) -> float:
    channels = [part / 255 for part in painted[:3]]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(
    "accent", ["#ffee88", "navy", "hsl(120 90% 45%)", "rgb(128, 128, 128)", "#000", "#fff", "#f002"]
)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_any_accent_can_be_read(host: Host, accent: str, theme: str) -> None:
    page = host(f'<script src="{{server}}/widget.js" data-accent="{accent}" data-theme="{theme}"></script>')
    style = page.locator(".da-bubble").evaluate(PAINTED)
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
