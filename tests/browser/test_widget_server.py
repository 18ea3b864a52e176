"""What the widget makes of what its server says, or does not say."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import Host, Open
from tests.browser.wiki import (
    QUESTION,
    QUOTE,
    Wiki,
    answers,
    ask,
    opened,
)

# --- what the server says --------------------------------------------------------------------------------------------


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


FORBIDDEN = "The assistant may not be used from here."


def elsewhere(wiki: Wiki) -> str:
    """The same wiki under an origin that the server does not know."""
    return wiki.address.replace("127.0.0.1", "localhost")


@pytest.mark.parametrize("policy", ["", "script-src 'nonce-abc'"])
def test_a_page_that_is_not_let_in_is_told_so_and_its_keeper_what_to_do(
    visit: Open, wiki: Wiki, server: str, policy: str
) -> None:
    wiki.write("/tram", f'<script nonce="abc" src="{server}/widget.js" defer></script>', policy=policy)
    page = visit(elsewhere(wiki), path="/tram", others=(server,), offline=True)
    with page.expect_console_message(lambda message: "Document Assistant" in message.text) as told:
        opened(page)
    assert f"put {elsewhere(wiki)} into allowed_origins, and {server}/ into connect-src" in told.value.text
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text(FORBIDDEN)
    expect(page.locator(".da-error")).to_contain_text("Whoever runs it can allow this site.")
    expect(page.locator("textarea")).to_have_value(QUESTION)
    expect(page.locator("document-assistant")).to_have_count(1)
    assert page.locator("script").count() == 1


def test_a_policy_that_keeps_the_page_from_the_server_is_told(host: Host, server: str) -> None:
    page = host(policy=f"script-src {server}; connect-src 'self'", offline=True)
    with page.expect_console_message(lambda message: "into connect-src" in message.text):
        opened(page)
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text(FORBIDDEN)


@pytest.mark.parametrize("status", [None, 502])
def test_a_server_that_went_before_it_was_asked_is_no_refusal(host: Host, server: str, status: int | None) -> None:
    """As behind a proxy, which answers in its place, for the script too."""
    page = host(offline=True)
    page.wait_for_function("window.DocumentAssistant")
    closed = {"access-control-allow-origin": "null"}  # without one of its own, Playwright lets the page read it
    page.route(
        f"{server}/**",
        lambda route: route.fulfill(status=status, body="-", headers=closed) if status else route.abort(),
    )
    opened(page)
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The server does not answer.")


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
    assert body["id"] == sent[0]["body"]["id"]  # type: ignore[index]
    assert body.keys() == {"id", "verdict", "comment", "question", "text", "passages", "generation", "page"}
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


@pytest.mark.parametrize(("named", "sent"), [
    ("/tram", "/tram"), ("{wiki}/tram#fares", "/tram"), ("https://127.0.0.1:1/tram", "/tram?a=1"),
    ("https://wiki.example.org/tram", "/tram?a=1"), ("javascript:alert(1)", "/tram?a=1"), ("http://[", "/tram?a=1"),
])  # fmt: skip
def test_the_address_that_a_page_gives_itself_is_sent_if_it_is_of_its_host(
    host: Host, wiki: Wiki, named: str, sent: str
) -> None:
    line = '<script src="{server}/widget.js" data-about-page="on"></script>'
    page = host(f'<link rel="canonical" href="{named.replace("{wiki}", wiki.address)}">{line}')
    page.goto(f"{wiki.address}/tram?a=1#cost")
    opened(page)
    with page.expect_request("**/api/ask") as asked:
        ask(page, QUESTION)
    assert asked.value.post_data_json["page"] == wiki.address + sent
