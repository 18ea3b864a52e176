"""The chat page in a real browser, as people use it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Route, expect

from assistant.assistant import Assistant
from index.types import BuildReport
from tests.browser.conftest import Open, ask, served
from tests.browser.wiki import ask as in_widget
from tests.conftest import TRAM, altered

QUESTION = "How much did the repairs cost?"
QUOTE = "Repairs cost 38.6 million crowns, a third more than planned."


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page).response["violations"]
    return [(rule["id"], [node["html"][:160] for node in rule["nodes"]]) for rule in found]


def test_ask_and_open_the_source(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    answer = page.locator(".da-answer").last
    expect(answer.locator(".da-band b")).to_have_text("Quoted from the documents")
    expect(answer.locator("p.da-words")).to_have_text(f"{QUOTE}1")
    answer.locator(".da-cite").click()
    card = page.locator(".da-source.da-on")
    expect(card.locator("mark")).to_have_text(QUOTE)
    expect(card.locator("h3")).to_have_text("1 Harbour tram")
    expect(card.locator(".da-place")).to_have_text("news/tram.md › Cost")
    expect(card.locator("mark")).to_have_css("font-family", re.compile(r"(?<!sans-)\bserif"))
    with page.context.expect_page() as opened:
        card.get_by_text("Show in document").click()
    source = opened.value
    mark = source.locator("mark#cited")
    expect(mark).to_have_text(QUOTE)
    expect(mark).to_be_in_viewport()


def test_the_three_states(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "How many passengers does the tram carry?")
    expect(page.locator(".da-answer").last.locator(".da-band b")).to_have_text("The documents may not answer this")
    expect(page.locator(".da-answer").last.locator(".da-cite").first).to_be_visible()
    ask(page, "What is the boiling point of tungsten?")
    answer = page.locator(".da-answer").last
    expect(answer.locator(".da-band b")).to_have_text("Not in the documents")
    expect(answer.locator(".da-band")).to_contain_text("searched for “boiling point tungsten”")
    expect(answer.locator(".da-cite")).to_have_count(0)
    expect(page.locator(".da-sources h2")).to_have_text("Closest passages")


def test_thanks_get_a_reply_and_no_sources(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    expect(page.locator(".da-source")).not_to_have_count(0)
    page.locator("#da-box textarea").fill("Thank you!")
    page.keyboard.press("Enter")
    expect(page.locator(".da-turn")).to_have_count(2)
    answer = page.locator(".da-answer").last
    expect(answer).to_have_text("You are welcome. What else would you like to know?")
    expect(page.locator(".da-source")).to_have_count(0)


def test_a_greeting_is_returned(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    page.locator("#da-box textarea").fill("hello")
    page.keyboard.press("Enter")
    expect(page.locator(".da-answer").last).to_have_text("Hello. What would you like to know?")


def test_the_words_that_a_passage_was_found_by_stand_out(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "How much did the repairs of the tram line cost?")
    card = page.locator(".da-source", has=page.locator("b")).first
    expect(card.locator("mark")).to_have_count(0)
    expect(card.locator("blockquote b").first).to_have_text(re.compile("tram|line|repairs?|costs?", re.IGNORECASE))


def test_a_follow_up_shows_what_was_searched_for_and_lets_it_be_changed(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "When was the harbour tram shut?")
    expect(page.locator(".da-answer").last.locator(".da-cite").first).to_be_visible()
    expect(page.locator(".da-understood")).to_have_count(0)
    ask(page, "And how much did it cost?")
    understood = page.locator(".da-answer").last.locator(".da-understood")
    expect(understood).to_contain_text("tram")
    expect(understood).to_contain_text("And how much did the harbour tram cost?")
    understood.get_by_role("button", name="Edit").click()
    expect(page.locator("#da-box textarea")).to_be_focused()
    assert "tram" in page.locator("#da-box textarea").input_value()
    ask(page, "Thanks! Who is the king of the moon?")
    expect(page.locator(".da-answer").last.locator(".da-band")).to_contain_text("searched for")
    expect(page.locator(".da-answer").last.locator(".da-understood")).to_have_count(0)


def test_with_the_keyboard_alone(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    expect(page.locator("#da-box textarea")).to_be_focused()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    page.wait_for_selector(".da-actions")
    marker = page.locator(".da-answer .da-cite")
    for _ in range(12):
        page.keyboard.press("Shift+Tab")
        if marker.evaluate("node => node === document.activeElement"):
            break
    expect(marker).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".da-source.da-on")).to_be_focused()
    page.keyboard.press("Tab")
    expect(page.locator(".da-source.da-on").get_by_text("Show in document")).to_be_focused()
    page.keyboard.press("Escape")
    expect(marker).to_be_focused()


def test_on_a_phone(visit: Open, address: str) -> None:
    page = visit(address, width=390, height=800, has_touch=True, is_mobile=True)
    page.wait_for_selector(".da-welcome")
    ask(page, QUESTION)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    sheet = page.locator("#da-sources")
    expect(sheet).to_be_hidden()
    page.locator(".da-answer .da-cite").tap()
    expect(sheet).to_be_visible()
    expect(sheet.locator("mark")).to_be_in_viewport()
    page.get_by_label("Close the sources").tap()
    expect(sheet).to_be_hidden()
    expect(page.locator(".da-answer .da-cite")).to_be_focused()


def test_the_theme_follows_the_system_and_the_button(visit: Open, address: str) -> None:
    page = visit(address, scheme="dark")
    page.wait_for_selector(".da-welcome")
    background = "getComputedStyle(document.querySelector('.gradio-container')).backgroundColor"
    assert page.evaluate(background) == "rgb(20, 23, 26)"
    page.get_by_label("Switch between light and dark").click()
    assert page.evaluate(background) == "rgb(250, 249, 246)"
    page.reload()
    page.wait_for_selector(".da-welcome")
    assert page.evaluate(background) == "rgb(250, 249, 246)"


def test_a_topic_asks_about_itself(visit: Open, address: str) -> None:
    page = visit(address)
    page.get_by_role("button", name="Harbour tram").click()
    page.wait_for_selector(".da-actions")
    expect(page.locator(".da-question")).to_have_text("What do the documents say about “Harbour tram”?")
    expect(page.locator(".da-answer.da-answered")).to_be_visible()
    expect(page.locator("#da-box textarea")).to_have_value("")


def test_what_cannot_be_asked_is_said_and_stays_in_the_box(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    ask(page, "😀")
    expect(page.locator(".da-error")).to_contain_text("The question has no words to search for.")
    expect(page.locator("#da-box textarea")).to_have_value("😀")
    page.locator("#da-box textarea").fill("   ")
    page.keyboard.press("Enter")
    expect(page.locator(".da-turn")).to_have_count(1)
    ask(page, "long " * 2000)
    expect(page.locator("#da-box textarea")).to_have_value("long " * 2000)
    page.locator("#da-box textarea").fill("")
    ask(page, QUESTION)
    expect(page.locator(".da-answer").last.locator("p.da-words")).to_have_text(f"{QUOTE}1")


def test_questions_in_quick_succession_are_all_answered(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    questions = (QUESTION, "What do dogs pay?", "Who rode the first car?", "What is the boiling point of tungsten?")
    for question in questions:
        page.locator("#da-box textarea").fill(question)
        page.keyboard.press("Enter")
    expect(page.locator(".da-actions")).to_have_count(4)
    assert page.locator(".da-question").all_inner_texts() == list(questions)
    assert "Dogs pay half." in page.locator(".da-answer").nth(1).inner_text()


def test_what_is_typed_while_an_answer_comes_is_kept(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    page.locator("#da-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.keyboard.type("and who paid", delay=15)
    page.wait_for_selector(".da-actions")
    page.wait_for_timeout(300)
    expect(page.locator("#da-box textarea")).to_have_value("and who paid")


def test_a_server_that_went_away_is_said_and_the_question_kept(visit: Open, address: str) -> None:
    page = visit(address, offline=True)
    page.wait_for_selector(".da-welcome")
    page.context.set_offline(True)
    page.locator("#da-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-error")).to_contain_text("The server does not answer.", timeout=15_000)
    expect(page.locator("#da-box textarea")).to_have_value(QUESTION)
    expect(page.locator(".da-state summary")).to_contain_text("does not answer")
    page.locator("#da-box textarea").fill("a longer draft")
    page.context.set_offline(False)
    page.reload()
    expect(page.locator("#da-box textarea")).to_have_value("a longer draft")
    expect(page.locator(".da-question")).to_have_text(QUESTION)


def test_the_conversation_stays_over_a_reload_until_it_is_ended(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "When was the harbour tram shut?")
    ask(page, QUESTION)
    page.locator(".da-thumb.da-up").last.click()
    page.locator("#da-box textarea").fill("a draft")
    page.reload()
    expect(page.locator("#da-box textarea")).to_have_value("a draft")
    assert page.locator(".da-question").all_inner_texts() == ["When was the harbour tram shut?", QUESTION]
    expect(page.locator(".da-welcome")).to_have_count(0)
    expect(page.locator(".da-thumb.da-up").last).to_have_attribute("aria-pressed", "true")
    page.locator(".da-answer").last.locator(".da-cite").click()
    expect(page.locator(".da-source.da-on mark")).to_have_text(QUOTE)
    page.reload()
    ask(page, "And what was it about?")  # leans on what was said before
    expect(page.locator(".da-answer").last.locator(".da-understood")).to_be_visible()
    with page.context.expect_page() as opened:
        page.evaluate("open(location.href, '_blank', 'noopener')")
    expect(opened.value.locator(".da-welcome")).to_be_visible()
    page.get_by_role("button", name="New conversation").click()
    expect(page.locator(".da-chip").first).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)
    expect(page.locator(".da-source")).to_have_count(0)
    assert "repairs" not in page.evaluate("JSON.stringify(sessionStorage)")
    ask(page, "What do dogs pay?")
    expect(page.locator(".da-understood")).to_have_count(0)
    page.get_by_role("button", name="New conversation").click()
    page.reload()
    expect(page.locator(".da-chip").first).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)


def test_a_question_on_its_way_at_a_reload_is_back_in_the_box(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, "What do dogs pay?")
    page.route("**/queue/join**", lambda route: None)
    page.locator("#da-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-waiting")).to_be_visible()
    page.unroute("**/queue/join**")
    page.reload()
    expect(page.locator("#da-box textarea")).to_have_value(QUESTION)
    expect(page.locator(".da-error")).to_have_text("Stopped.Your question is back in the box.")
    page.locator("#da-box textarea").press("Enter")
    expect(page.locator(".da-answer").last.locator("p.da-words")).to_have_text(f"{QUOTE}1")


def test_an_answer_that_comes_after_the_end_of_its_conversation_is_not_shown(visit: Open, address: str) -> None:
    page = visit(address)
    page.wait_for_selector(".da-welcome")
    page.locator("#da-box textarea").fill(QUESTION)
    with page.expect_response("**/queue/join**"):
        page.keyboard.press("Enter")
        page.get_by_role("button", name="New conversation").click()
    page.wait_for_timeout(1000)
    expect(page.locator(".da-turn")).to_have_count(0)
    expect(page.locator(".da-welcome")).to_be_visible()


def test_a_server_that_is_missed_after_the_end_of_a_conversation_is_not_told_in_the_next(
    visit: Open, address: str
) -> None:
    page = visit(address, offline=True)
    page.wait_for_selector(".da-welcome")
    page.route("**/queue/join**", lambda route: None)
    page.route("**/health", lambda route: (page.wait_for_timeout(1000), route.abort()))
    page.locator("#da-box textarea").fill(QUESTION)
    with page.expect_request("**/health"):
        page.keyboard.press("Enter")
    page.get_by_role("button", name="New conversation").click()
    page.wait_for_timeout(1500)
    expect(page.locator(".da-turn")).to_have_count(0)


# Gradio draws the parts of the page one after another; here the box comes when it is let in.
LATE_BOX = """
const found = Document.prototype.querySelector;
Document.prototype.querySelector = function (what) {
  return what.startsWith("#da-box ") && !window.drawn ? null : found.call(this, what);
};
"""


def test_what_is_done_before_the_page_is_whole_is_done_then(visit: Open, address: str) -> None:
    page = visit(address, path="/health")
    page.add_init_script(LATE_BOX)
    page.goto(address)
    page.get_by_label("Switch between light and dark").click()
    page.locator("#da-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="New conversation").click()
    page.get_by_role("button", name="Harbour tram").click()
    page.wait_for_timeout(300)
    expect(page.locator(".da-turn")).to_have_count(0)
    page.evaluate("window.drawn = true")
    expect(page.locator(".da-question")).to_have_text("What do the documents say about “Harbour tram”?")
    expect(page.locator(".da-answer.da-answered")).to_be_visible()
    expect(page.locator("#da-box textarea")).to_have_value("")


def test_the_conversation_is_shown_to_nobody_else(visit: Open, assistant: Assistant) -> None:
    access = {"user_header": "X-Forwarded-User", "trusted_proxies": ["127.0.0.1"]}
    with served(altered(assistant, access=access)) as address:
        page = visit(address)
        ask(page, "What do dogs pay?")  # by nobody who is known
        for name, seen in (("ada", 0), ("ada", 1), ("bob", 0), ("", 0)):
            page.context.set_extra_http_headers({"x-forwarded-user": name} if name else {})
            page.locator("#da-box textarea").fill("a draft")
            page.reload()
            expect(page.locator(".da-turn" if seen else ".da-welcome")).to_have_count(seen or 1)
            expect(page.locator(".da-turn")).to_have_count(seen)
            expect(page.locator("#da-box textarea")).to_have_value("a draft" if seen else "")
            ask(page, QUESTION)


def test_who_is_another_by_the_next_question_takes_nothing_along(visit: Open, assistant: Assistant) -> None:
    access = {"user_header": "X-Forwarded-User", "trusted_proxies": ["127.0.0.1"]}
    with served(altered(assistant, access=access)) as address:
        page = visit(address)
        page.context.set_extra_http_headers({"x-forwarded-user": "ada"})
        page.reload()
        expect(page.locator(".da-welcome")).to_be_visible()
        ask(page, "What do dogs pay?")
        page.context.set_extra_http_headers({"x-forwarded-user": "bob"})
        page.locator("#da-box textarea").fill("And what did the repairs of the tram cost?")
        page.keyboard.press("Enter")
        expect(page.locator(".da-question")).to_have_text(["And what did the repairs of the tram cost?"])
        expect(page.locator(".da-answer p.da-words")).to_contain_text("38.6 million", timeout=15_000)
        expect(page.locator(".da-understood")).to_have_count(0)
        page.reload()
        expect(page.locator(".da-question")).to_have_text(["And what did the repairs of the tram cost?"])


@pytest.mark.parametrize("answer", ["nothing", "no JSON", "JSON of another"])
def test_a_build_that_cannot_be_asked_for_is_told(visit: Open, address: str, answer: str) -> None:
    def refuse(route: Route) -> None:
        if answer == "nothing":
            route.abort()
        else:
            route.fulfill(status=502, body="<p>" if answer == "no JSON" else '{"detail": 1}')

    page = visit(address, path="/health", offline=True)
    stale = {**page.request.get(f"{address}/api/status").json(), "stale": True, "watching": False}
    page.route("**/api/status", lambda route: route.fulfill(json=stale))
    page.route("**/api/index", refuse)
    page.goto(address)
    page.locator(".da-state summary").click()
    page.get_by_role("button", name="Update now").click()
    expect(page.locator(".da-state-details [role=status]")).to_contain_text("The state of the index is not known")
    page.route("**/api/status", refuse)
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator(".da-state summary")).to_contain_text("The state of the index is not known")


def test_an_error_has_no_sources(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    expect(page.locator(".da-source")).not_to_have_count(0)
    ask(page, "😀")
    expect(page.locator(".da-source")).to_have_count(0)


def test_an_older_answer_keeps_its_sources(visit: Open, address: str) -> None:
    page = visit(address)
    ask(page, QUESTION)
    ask(page, "What do dogs pay?")
    expect(page.locator(".da-source.da-on mark")).to_have_text("Dogs pay half.")
    page.locator(".da-answer .da-cite").first.click()
    expect(page.locator(".da-source.da-on mark")).to_have_text(QUOTE)


def test_the_state_of_the_index_is_in_sight(visit: Open, address: str) -> None:
    page = visit(address)
    expect(page.locator(".da-state summary")).to_contain_text("2 documents · updated")
    page.locator(".da-state summary").click()
    expect(page.locator(".da-state-details")).to_contain_text("all-MiniLM-L6-v2")


def test_a_document_is_never_markup(visit: Open, hostile_address: str) -> None:
    page = visit(hostile_address)
    page.wait_for_selector(".da-welcome")
    ask(page, "At how many rounds does the turbine spin?")
    page.locator(".da-answer .da-cite").first.click()
    expect(page.locator(".da-source mark")).to_contain_text("${Object.assign(window,{pwned:4})}")
    expect(page.locator("h1")).to_have_text("${window.pwned=7} {{title}} <b>")
    with page.context.expect_page() as opened:
        page.locator(".da-source").first.get_by_text("Show in document").click()
    opened.value.wait_for_selector("mark")
    assert page.evaluate("window.pwned") is None
    assert opened.value.evaluate("window.pwned") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_accessible(visit: Open, address: str, scheme: str, width: int) -> None:
    page = visit(address, scheme=scheme, width=width)
    page.wait_for_selector(".da-welcome")
    assert violations(page) == []
    for question in (
        QUESTION,
        "How many passengers does the tram carry?",
        "What is the boiling point of tungsten?",
        "😀",
    ):
        ask(page, question)
    assert violations(page) == []
    page.locator(".da-answer .da-cite").first.click()
    page.wait_for_timeout(300)
    assert violations(page) == []


def test_the_source_page_is_accessible(visit: Open, address: str) -> None:
    for scheme in ("light", "dark"):
        page = visit(address, scheme=scheme, path="/source/news/tram.md?start=10&end=40#cited")
        assert violations(page) == []


def test_a_question_sent_before_the_page_is_whole_is_asked(visit: Open, address: str) -> None:
    page = visit(address, path="/health")
    page.route("**/ui/parts/dom.js", lambda route: (page.wait_for_timeout(1500), route.continue_()))
    page.goto(address)
    page.locator("#da-box textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".da-answer .da-words")).to_contain_text(QUOTE)


# Gradio's server ends its stream of messages when nothing is left to tell, and its page joins a stream that it believes
# open: a question sent between the two is answered to nobody.
LATE_ENDING = """
const fetched = window.fetch;
window.fetch = async (...request) => {
  const response = await fetched(...request);
  if (!String(request[0]?.url || request[0]).includes("queue/data")) return response;
  const late = new TransformStream({ async transform(chunk, out) {
    for (const message of new TextDecoder().decode(chunk).split(/(?<=\\n\\n)/)) {
      if (message.includes("close_stream")) await new Promise((done) => setTimeout(done, 1500));
      out.enqueue(new TextEncoder().encode(message));
    }
  } });
  return new Response(response.body.pipeThrough(late), response);
};
"""


def test_a_question_sent_while_the_stream_of_answers_ends_is_answered(visit: Open, address: str) -> None:
    page = visit(address, path="/health")
    page.add_init_script(LATE_ENDING)
    page.goto(address)
    page.wait_for_selector(".da-welcome")
    page.wait_for_timeout(300)
    ask(page, QUESTION)
    expect(page.locator(".da-answer .da-words")).to_contain_text(QUOTE)


@pytest.mark.usefixtures("followed_here")
def test_what_became_of_the_sources_of_an_older_answer(visit: Open, own_address: str, documents: Path) -> None:
    page = visit(own_address)
    ask(page, QUESTION)
    ask(page, "How is illness reported?")
    (documents / "tram.md").write_text(TRAM.replace("38.6", "40"))
    (documents / "leave.txt").unlink()
    page.locator(".da-state summary").click()
    page.get_by_role("button", name="Update now").click()
    first, second = page.locator(".da-answer").nth(0), page.locator(".da-answer").nth(1)
    expect(first.locator(".da-old")).to_contain_text("have changed since", timeout=180_000)
    expect(second.locator(".da-old")).to_be_visible()
    expect(page.locator(".da-state-details")).to_contain_text("1 changed (tram.md), 1 removed (leave.txt)")
    page.keyboard.press("Escape")
    second.locator(".da-cite").first.click()
    card = page.locator(".da-source.da-on")
    expect(card.locator(".da-fate")).to_have_text("no longer in the documents")
    expect(card.locator("mark")).to_contain_text("Illness is reported")
    with page.context.expect_page() as opened:
        first.locator(".da-cite").first.click()
        expect(page.locator(".da-source.da-on .da-fate")).to_have_text("changed since this answer")
        page.locator(".da-source.da-on").get_by_text("Show in document").click()
    expect(opened.value.locator(".lost")).to_have_text(QUOTE)
    first.get_by_role("button", name="Ask again").click()
    expect(page.locator(".da-answer").last.locator(".da-words")).to_contain_text("40 million")


@pytest.fixture
def publish(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport]
) -> Callable[[Mapping[str, str | bytes]], None]:
    """Write documents and build the index of `own_address`."""

    def publish(documents: Mapping[str, str | bytes]) -> None:
        write(documents)
        rebuild()
        own.published.follow()  # else a question asked while the page's first request opens the new index gets the old

    return publish


def test_sources_that_differ_are_said_to(
    visit: Open, own_address: str, publish: Callable[[Mapping[str, str | bytes]], None]
) -> None:
    policy = "---\ndate: {}\n---\n# Leave policy\n\nParental leave is {} weeks for every parent.\n"
    publish({"a.md": policy.format("2024-01-15", 25), "b.md": policy.format("2025-02-01", 28)})
    page = visit(own_address)
    ask(page, "How long is parental leave?")
    answer = page.locator(".da-answer").last
    expect(answer.locator(".da-differ")).to_have_text(
        "The sources differ. [1] Leave policy, 1 February 2025 · [2] Leave policy, 15 January 2024"
    )
    answer.locator(".da-cite").first.click()
    expect(page.locator(".da-source.da-on .da-place")).to_have_text("b.md · 1 February 2025")


PLANS = """# Plans

| Plan | Price a month | Support |
| --- | --- | --- |
| Basic | 49 euros | mail |
| Team | 99 euros | mail and phone |
"""


def test_the_rows_of_a_table_are_shown_as_a_table(
    visit: Open, own_address: str, publish: Callable[[Mapping[str, str | bytes]], None]
) -> None:
    publish({"plans.md": PLANS})
    page = visit(own_address)
    ask(page, "What does the Team plan cost?")
    rows = page.locator(".da-answer table tr")
    expect(rows.nth(0).locator("th")).to_have_text(["Plan", "Price a month", "Support1"])
    expect(rows.nth(1).locator("td")).to_have_text(["Team", "99 euros", "mail and phone2"])
    rows.nth(1).locator(".da-cite").click()
    expect(page.locator(".da-source.da-on mark")).to_have_text("Team | 99 euros | mail and phone")
    frame = visit(own_address, path="/embed")
    in_widget(frame, "What does the Team plan cost?")
    rows = frame.locator(".da-answer table tr")
    expect(rows.nth(0).locator("th")).to_have_text(["Plan", "Price a month", "Support1"])
    rows.nth(1).locator(".da-cite").click()
    card = frame.locator(".da-source.da-on")
    expect(card.locator("mark")).to_have_text("Team | 99 euros | mail and phone")
    assert card.evaluate("node => node.previousElementSibling.matches('table')"), "it stands under its table"
