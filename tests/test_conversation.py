"""Follow-up questions: what leans on the conversation takes its topic along, what is new stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.conversation import standalone
from assistant.types import Turn
from index.types import BuildReport

Write = Callable[[Mapping[str, str | bytes]], None]

TALK = (
    Turn("user", "When was the harbour tram closed?"),
    Turn("assistant", "The harbour tram was closed in March 2025. Mayor Ingrid Solheim spoke of a hard decision."),
)


@pytest.mark.parametrize("question", ["Why?", "And in 2021?", "How long was it closed?", "What about the buses?"])
def test_what_leans_takes_the_topic_along(question: str) -> None:
    found = standalone(question, TALK)
    assert found.endswith(f": {question}")
    assert "harbour tram" in found


def test_a_person_is_named_from_the_answer() -> None:
    assert "Ingrid Solheim" in standalone("Who is she?", TALK)


@pytest.mark.parametrize(
    "question",
    [
        "How many days of annual leave do employees have?",
        "What is sick leave?",
        "My card was refused by the office, is it broken?",
    ],
)
def test_a_new_topic_stays_as_it_is(question: str) -> None:
    assert standalone(question, TALK) == question


def test_the_topic_lasts_over_several_follow_ups() -> None:
    talk = (*TALK, Turn("user", "Why?"), Turn("assistant", "Cracks were found in the viaduct of the harbour tram."))
    assert "tram" in standalone("And who paid for it?", talk)


def test_the_latest_topic_counts() -> None:
    talk = (*TALK, Turn("user", "How is annual leave requested?"), Turn("assistant", "Annual leave: by letter."))
    found = standalone("How long does it last?", talk)
    assert "annual leave" in found
    assert "tram" not in found


@given(
    st.text(max_size=60),
    st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), st.text(max_size=60)), max_size=5),
)
def test_the_question_itself_is_never_lost(question: str, talk: list[Turn]) -> None:
    assert standalone(question, ()) == question
    assert standalone(question, talk).endswith(question)


def test_a_follow_up_is_answered_from_its_topic(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "ferry.txt": "The island ferry\n\nThe island ferry leaves from the old pier. A ticket costs 12 crowns.",
            "museum.txt": "The ship museum\n\nThe ship museum shows nets and sails. A ticket costs 40 crowns.",
        }
    )
    rebuild()
    talk = [Turn("user", "Where does the island ferry leave from?"), Turn("assistant", "From the old pier.")]
    answer = own.ask("How much is a ticket for it?", talk)
    assert "12 crowns" in answer.text.split("\n")[0]
    assert "ferry" in answer.searched_for
    assert answer.question == "How much is a ticket for it?"


def test_a_name_that_looks_like_a_pronoun_points_to_nothing() -> None:
    assert standalone("How do I reach the IT desk?", TALK) == "How do I reach the IT desk?"
    assert standalone("How do I reach it?", TALK) != "How do I reach it?"
