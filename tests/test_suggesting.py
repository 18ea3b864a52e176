"""Questions to go on with: about the subject, answered by the documents, and by other words than those shown."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from assistant.types import Turn
from assistant.web.widget import LANGUAGES
from index.types import BuildReport

GERMAN = LANGUAGES / "de.json"

PARKING = """# Parking rules

## Q: What does parking cost?

Parking costs 7 crowns an hour in the harbour.

## Q: Where can bicycles be parked?

Bicycles can be parked free of charge under the north roof.

## 🅿️ Permits:

A parking permit for residents costs 90 crowns a year and is given out by the harbour office.

## Exceptions

Doctors on duty may stop anywhere for up to thirty minutes.
"""
CANTEEN = """# Canteen

## Opening hours

The canteen opens at eleven and closes at two.

## Parking of trays

Trays are put on the belt beside the door.
"""


@pytest.fixture
def library(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport]
) -> Assistant:
    write({"parking.md": PARKING, "canteen.md": CANTEEN})
    rebuild()
    return own


def test_they_are_about_the_subject_and_answered_by_other_words(library: Assistant) -> None:
    answer = library.ask("How much does it cost to park in the harbour?")
    assert answer.suggestions
    shown = {citation.quote for citation in answer.citations}
    for question in answer.suggestions:
        led_to = library.quote(question)
        assert led_to.band == "answered"
        assert not shown & {citation.quote for citation in led_to.citations}
        assert {citation.document for citation in led_to.citations} == {"parking.md"}


def test_they_read_well(library: Assistant) -> None:
    asked = ("How much does it cost to park in the harbour?", "Where can bicycles be parked?")
    found = {question for one in asked for question in library.ask(one).suggestions}
    assert "Where can bicycles be parked?" in found, "without the mark of a question before it"
    assert "What do the documents say about “Parking rules: Permits”?" in found, "a bare heading has its title"


def test_a_heading_that_says_what_it_is_about_needs_no_title(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport]
) -> None:
    holidays = "## Holiday carry-over\n\nUp to five unused days of annual leave move on into the next year.\n"
    leave = "# Staff handbook of Marlow Instruments\n\n## Annual leave\n\nEveryone has 25 days of leave a year.\n"
    write({"hr.md": f"{leave}\n{holidays}"})
    rebuild()
    asked = "How many days of annual leave do I have in a year?"
    assert "What do the documents say about “Holiday carry-over”?" in own.ask(asked).suggestions
    write({"b.md": f"# Contractors\n\n{holidays.replace('five', 'two')}"})
    rebuild()
    found = [question for question in own.ask(asked).suggestions if "carry-over" in question]
    assert all(": Holiday carry-over" in question for question in found), "which of the two?"


def test_nothing_leads_on_from_words_that_may_not_answer(library: Assistant) -> None:
    for question in ("Who invented the parking meter?", "What is the boiling point of tungsten?"):
        answer = library.ask(question)
        assert answer.band != "answered"
        assert answer.suggestions == ()


def test_what_was_asked_before_is_not_offered_again(library: Assistant) -> None:
    question = "How much does it cost to park in the harbour?"
    first = library.ask(question).suggestions[0]
    history = (Turn("user", first), Turn("assistant", library.ask(first).text))
    assert first not in library.ask(question, history).suggestions


def test_in_german_topics_are_asked_in_german(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "urlaub.md": "# Urlaub\n\n## Jahresurlaub\n\nAlle haben 30 Tage Jahresurlaub.\n\n"
            "## Krankmeldung im Notfall\n\n"
            "Wer krank ist, meldet sich bis neun Uhr im Büro.\n"
        }
    )
    rebuild()
    (question,) = own.ask("Wie viele Tage Jahresurlaub haben alle?").suggestions
    asked = json.loads(GERMAN.read_text())["topicQuestion"]
    assert question == asked.format(topic="Krankmeldung im Notfall")
    assert own.quote(question).band == "answered"


def test_a_section_asked_for_by_its_name_opens_as_it_stands(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "leave.md": "# Leave\n\n## Asking for it\n\n1. Look at the calendar.\n2. Tell the mill.\n\n## Carrying over\n\n"
        "Five days may be kept. They lapse in March. None is paid.\n",
        "ill.md": "# When you are ill\n\nCall the mill before nine on the first day. Slack is not enough for that.\n",
    })  # fmt: skip
    rebuild()
    for topic, first, last in (
        ("Leave: Asking for it", "1. Look", "the mill."),
        ("Carrying over", "Five days may be kept.", "None is paid."),
        ("When you are ill", "Call the mill", "enough for that."),
    ):
        answer = own.quote(f"What do the documents say about “{topic}”?")
        assert answer.band == "answered"
        assert answer.citations[0].quote.startswith(first)
        assert answer.citations[-1].quote.endswith(last)
