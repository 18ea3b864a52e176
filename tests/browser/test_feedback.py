"""Thumbs under an answer, and what the page says when too much is asked."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Route

from assistant.assistant import Assistant
from assistant.feedback import entries
from assistant.settings import LimitSettings
from tests.browser.conftest import Open, ask, served
from tests.browser.test_chat import violations


def test_thumbs_are_kept_with_a_word(visit: Open, own_address: str, own: Assistant) -> None:
    page = visit(own_address)
    ask(page, "What do dogs pay?")
    page.get_by_role("button", name="Helpful", exact=True).click()
    page.get_by_text("Thank you.").wait_for()
    (said,) = entries(own.settings.data)
    assert (said.verdict, said.question, said.comment) == ("up", "What do dogs pay?", "")
    assert said.text
    assert said.passages
    # The keyboard alone, and a second thought.
    page.get_by_role("button", name="Not helpful").focus()
    page.keyboard.press("Enter")
    word = page.get_by_role("textbox", name="What was good or missing?")
    page.wait_for_function("document.querySelector('.da-comment form')")
    assert violations(page) == []
    word.fill("Half of what?")
    page.keyboard.press("Enter")
    page.wait_for_function("!document.querySelector('.da-comment form')")
    (said,) = entries(own.settings.data)
    assert (said.verdict, said.comment) == ("down", "Half of what?")
    pressed = page.locator(".da-thumb").evaluate_all("all => all.map(b => b.getAttribute('aria-pressed'))")
    assert pressed == ["false", "true"]


def test_feedback_that_is_not_kept_is_said_and_the_word_stays(visit: Open, address: str) -> None:
    page = visit(address, offline=True)
    ask(page, "What do dogs pay?")

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/api/feedback", fail)
    page.get_by_role("button", name="Not helpful").click()
    page.get_by_text("That could not be sent.").wait_for()
    word = page.get_by_role("textbox", name="What was good or missing?")
    word.fill("Half of what?")
    page.keyboard.press("Enter")
    page.wait_for_timeout(200)
    assert word.input_value() == "Half of what?"


@pytest.fixture
def narrow_address(documents: Path, own: Assistant, own_address: str) -> Iterator[str]:
    """A server that answers one question a minute."""
    own.settings = own.settings.model_copy(update={"limits": LimitSettings(questions_of_address=1)})
    with served(own) as found:
        yield found


def test_too_many_questions_are_a_sentence_and_stay_in_the_box(visit: Open, narrow_address: str) -> None:
    page = visit(narrow_address)
    ask(page, "What do dogs pay?")
    ask(page, "And cats?")
    alert = page.locator(".da-error")
    assert "a lot in a short time" in alert.inner_text()
    assert "seconds" in alert.inner_text()
    assert page.locator("#da-box textarea").input_value() == "And cats?"
