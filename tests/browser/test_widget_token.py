"""Users of a wiki, known by its tokens: the widget on the wiki's page, and a real server that answers known users."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from playwright.sync_api import Page, expect

from assistant.assistant import Assistant
from assistant.settings import Settings, load
from index.encoder import Encoder
from tests.browser.conftest import Open, served
from tests.browser.wiki import QUESTION, QUOTE, Wiki, ask, opened
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
