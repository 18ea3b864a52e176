"""The widget in a real browser, on a page of another origin: asking, citations, keyboard, reading aloud."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Host, Open
from tests.browser.wiki import (
    QUESTION,
    QUOTE,
    UNCERTAIN,
    UNKNOWN,
    Wiki,
    ask,
    focused,
    opened,
    violations,
)

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
    expect(card.locator("mark")).to_have_css("font-family", re.compile(r"(?<!sans-)\bserif"))
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


def test_thanks_get_a_reply(host: Host) -> None:
    page = opened(host())
    page.locator("textarea").fill("Thank you!")
    page.keyboard.press("Enter")
    expect(page.locator(".da-answer").last).to_have_text("You are welcome. What else would you like to know?")


@pytest.mark.parametrize(("language", "reply"), [
    ("en", "Hello. What would you like to know?"), ("de", "Guten Tag. Was möchten Sie wissen?"),
])  # fmt: skip
def test_a_greeting_is_returned_in_the_language_of_the_page(host: Host, language: str, reply: str) -> None:
    page = opened(host(language=language))
    page.locator("textarea").fill("hello")
    page.keyboard.press("Enter")
    expect(page.locator(".da-answer").last).to_have_text(reply)


def test_a_follow_up_shows_what_was_searched_for_and_lets_it_be_changed(host: Host) -> None:
    page = opened(host())
    ask(page, "When was the harbour tram shut?")
    ask(page, "And how much did it cost?")
    understood = page.locator(".da-understood")
    expect(understood).to_contain_text("tram")
    understood.get_by_role("button", name="Edit").click()
    expect(page.locator("textarea")).to_be_focused()
    assert "tram" in page.locator("textarea").input_value()


def test_questions_to_go_on_with_stand_under_the_last_answer(host: Host) -> None:
    page = opened(host())
    ask(page, "What does a single ticket cost on the harbour tram?")
    first = page.get_by_role("group", name="Questions to go on with").get_by_role("button").first
    asked = first.inner_text()
    first.press("Enter")
    expect(page.locator(".da-question").last).to_have_text(asked)
    expect(page.locator(".da-turn").first.locator(".da-further")).to_be_hidden()
    expect(page.locator(".da-log")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(".da-panel")).to_be_hidden()


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
