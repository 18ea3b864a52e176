"""Users of a wiki, known by its tokens: the widget on the wiki's page, and a real server that answers known users."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, Route, expect

from assistant.assistant import Assistant
from assistant.settings import Settings, load
from index.encoder import Encoder
from tests.browser.conftest import Open, served
from tests.browser.wiki import QUESTION, QUOTE, Wiki, ask, opened
from tests.conftest import altered
from tests.test_access import SECRET, token

SESSION = 600  # seconds


@pytest.fixture(scope="module")
def members_only(wiki: Wiki, library: Settings, encoder: Encoder) -> Iterator[str]:
    """A server that answers users of that wiki only."""
    access = {"require_user": True, "token_secrets": [SECRET], "session_seconds": SESSION}
    given = {"documents": library.documents, "data": library.data, "allowed_origins": (wiki.address,)}
    assistant = Assistant(load({**given, "access": access}))
    assistant.encoder = encoder
    with served(assistant) as found:
        yield found
    assistant.close()


class Issuer:
    """The wiki's address that gives a token to whoever is signed in; `given` counts them, `changes` are of the next."""

    def __init__(self) -> None:
        self.given = 0
        self.changes: dict[str, object] = {}

    def __call__(self) -> str:
        self.given += 1
        return json.dumps({"token": token(**self.changes)})


@pytest.fixture
def issuer(wiki: Wiki) -> Issuer:
    made = Issuer()
    wiki.pages["/token"] = ("application/json", "", made)
    return made


def shown(visit: Open, wiki: Wiki, server: str, given: str = "/token", offline: bool = False) -> Page:
    wiki.write("/tram", f"<script src='{server}/widget.js' data-token='{given}' defer></script>")
    return visit(wiki.address, path="/tram", others=(server,), offline=offline)


def answered(page: Page) -> None:
    expect(page.locator(".da-answer").last.locator("p.da-words")).to_have_text(f"{QUOTE}1")


def test_a_user_asks_and_opens_a_citation(visit: Open, wiki: Wiki, members_only: str, issuer: Issuer) -> None:
    page = opened(shown(visit, wiki, members_only))
    ask(page, QUESTION)
    answered(page)
    page.locator(".da-cite").first.click()
    expect(page.locator(".da-source.da-on mark")).to_have_text(QUOTE)
    page.get_by_role("button", name="Helpful", exact=True).click()
    expect(page.locator(".da-comment")).to_contain_text("Thank you.")
    ask(page, "What do dogs pay?")
    assert issuer.given == 1, "one session for all"
    assert page.context.cookies() == []


def test_a_session_that_ran_out_is_renewed_by_the_address(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer
) -> None:
    page = shown(visit, wiki, members_only)
    page.clock.install()
    page.reload()
    opened(page)
    ask(page, QUESTION)
    page.clock.fast_forward((SESSION - 30) * 1000)
    ask(page, QUESTION)
    assert issuer.given == 1
    page.clock.fast_forward(30_000)
    ask(page, QUESTION)
    answered(page)
    assert issuer.given == 2


def test_a_session_that_the_server_refuses_is_renewed_by_the_address(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as late:
        late.setattr("assistant.web.tokens.time", SimpleNamespace(time=lambda: time.time() - 2 * SESSION))
        page = opened(shown(visit, wiki, members_only, offline=True))
    assert issuer.given == 1
    with page.expect_response(lambda response: response.url.endswith("/api/ask") and response.status == 401):
        ask(page, QUESTION)
    answered(page)
    assert issuer.given == 2


def test_a_token_that_is_too_old_is_told_and_a_new_one_heeded(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer
) -> None:
    now = int(time.time())
    issuer.changes = {"iat": now - 200, "exp": now - 80}
    page = opened(shown(visit, wiki, members_only, offline=True))
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The assistant does not know you.")
    expect(page.locator(".da-error")).to_contain_text("Sign in to this site, or load the page again.")
    expect(page.locator("textarea")).to_have_value(QUESTION)
    issuer.changes = {}
    page.get_by_role("button", name="Try again").click()
    answered(page)


def test_a_token_in_the_page_holds_once(visit: Open, wiki: Wiki, members_only: str) -> None:
    page = opened(shown(visit, wiki, members_only, token(), offline=True))
    ask(page, QUESTION)
    answered(page)
    page.reload()  # out of a cache: with the token that was used
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_contain_text("The assistant does not know you.")


def test_a_token_in_the_page_is_brought_once_whatever_asks_at_the_same_time(
    visit: Open, wiki: Wiki, members_only: str
) -> None:
    page = shown(visit, wiki, members_only, token())
    page.evaluate("question => { DocumentAssistant.open({ question }) }", QUESTION)
    answered(page)
    expect(page.locator(".da-error")).to_have_count(0)


def test_other_settings_leave_the_session_of_a_token_in_the_page(visit: Open, wiki: Wiki, members_only: str) -> None:
    page = opened(shown(visit, wiki, members_only, token()))
    ask(page, QUESTION)
    page.evaluate("DocumentAssistant.init({ theme: 'dark' })")
    expect(page.locator("[data-theme=dark]")).to_have_count(1)
    ask(page, QUESTION)
    expect(page.locator(".da-error")).to_have_count(0)
    answered(page)


def kept(page: Page) -> str:
    """What the tab holds once the page has been left."""
    page.goto("about:blank")
    page.go_back()
    return str(page.evaluate("JSON.stringify(sessionStorage)"))


def test_the_conversation_is_shown_to_nobody_else(visit: Open, wiki: Wiki, members_only: str, issuer: Issuer) -> None:
    page = opened(shown(visit, wiki, members_only))
    ask(page, QUESTION)
    page.locator("textarea").fill("a draft")
    page.reload()
    answered(page)
    expect(page.locator("textarea")).to_have_value("a draft")
    issuer.changes = {"sub": "bob"}
    page.reload()
    expect(page.locator(".da-welcome")).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)
    expect(page.locator("textarea")).to_have_value("")
    with page.expect_request("**/api/ask") as asked:
        ask(page, "What do dogs pay?")
    assert asked.value.post_data_json["history"] == []
    assert QUESTION not in kept(page)
    issuer.changes = {}
    page.reload()
    expect(page.locator(".da-welcome")).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)


def test_the_conversation_is_not_shown_before_it_is_known_who_is_here(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer
) -> None:
    page = opened(shown(visit, wiki, members_only, offline=True))
    ask(page, QUESTION)
    page.route("**/api/session", lambda route: route.abort())
    page.reload()
    expect(page.locator(".da-welcome")).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)
    page.reload()  # what is not shown is not lost
    page.unroute("**/api/session")
    page.locator("textarea").fill("What do dogs pay?")
    page.keyboard.press("Enter")
    expect(page.locator(".da-question")).to_have_text([QUESTION, "What do dogs pay?"])
    expect(page.locator(".da-answer p.da-words").last).to_contain_text("Dogs pay half.")


def test_a_question_asked_before_it_is_known_who_is_here_is_not_lost(
    visit: Open, wiki: Wiki, members_only: str
) -> None:
    page = opened(shown(visit, wiki, members_only, token(), offline=True))
    ask(page, QUESTION)
    held: list[Route] = []
    page.route("**/api/session", lambda route: held.append(route))
    page.reload()
    page.locator("textarea").fill("What do dogs pay?")
    page.keyboard.press("Enter")
    expect(page.locator(".da-question")).to_have_text(["What do dogs pay?"])
    held[0].abort()
    expect(page.locator(".da-turn .da-error")).to_be_visible()
    expect(page.locator("textarea")).to_have_value("What do dogs pay?")


def test_a_page_that_signs_another_in_shows_nobody_elses_conversation(
    visit: Open, wiki: Wiki, members_only: str
) -> None:
    page = opened(shown(visit, wiki, members_only, token()))
    ask(page, QUESTION)
    page.evaluate("token => { DocumentAssistant.init({ token }) }", token(sub="bob"))
    expect(page.locator(".da-welcome")).to_be_visible()
    expect(page.locator(".da-turn")).to_have_count(0)


def test_a_session_that_is_renewed_for_another_takes_nothing_along(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer
) -> None:
    page = shown(visit, wiki, members_only)
    page.clock.install()
    page.reload()
    opened(page)
    ask(page, QUESTION)
    issuer.changes = {"sub": "bob"}
    page.clock.fast_forward(SESSION * 1000)
    page.locator("textarea").fill("What do dogs pay?")
    with page.expect_request("**/api/ask") as asked:
        page.keyboard.press("Enter")
    assert asked.value.post_data_json["history"] == []
    expect(page.locator(".da-answer p.da-words").first).to_contain_text("Dogs pay half.")
    expect(page.locator(".da-turn")).to_have_count(1)


def test_the_conversation_of_who_a_proxy_names_is_shown_to_nobody_else(visit: Open, assistant: Assistant) -> None:
    access = {"user_header": "X-Forwarded-User", "trusted_proxies": ["127.0.0.1"]}
    with served(altered(assistant, access=access)) as server:
        page = visit(server, path="/embed")
        ask(page, "What do dogs pay?")  # by nobody who is known
        for name, seen in (("ada", 0), ("ada", 1), ("bob", 0), ("", 0)):
            page.context.set_extra_http_headers({"x-forwarded-user": name} if name else {})
            page.reload()
            expect(page.locator(".da-turn" if seen else ".da-welcome")).to_have_count(seen or 1)
            expect(page.locator(".da-turn")).to_have_count(seen)
            ask(page, QUESTION)


def test_no_link_leads_to_a_source_page_where_tokens_alone_make_known(
    visit: Open, wiki: Wiki, members_only: str, issuer: Issuer
) -> None:
    page = opened(shown(visit, wiki, members_only))
    ask(page, QUESTION)
    page.locator(".da-cite").first.click()
    card = page.locator(".da-source.da-on")
    expect(card.locator("mark")).to_have_text(QUOTE)
    expect(page.locator(".da-source")).not_to_have_count(1)  # those of what else was found
    expect(page.locator(".da-source a")).to_have_count(0)
