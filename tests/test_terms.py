"""The analysis shared by documents and questions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retriever import content_terms
from index.terms import terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moon's", "moon"),
        ("Koreas", "korea"),
        ("postponed", "postpone"),
        ("Café", "cafe"),
        ("Xi’s", "xi"),
        ("US-led", "us led"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_scripts_without_spaces_give_pairs() -> None:
    assert terms("東京都") == ["東京", "京都"]


def test_a_question_is_about_its_content_words() -> None:
    assert content_terms("What is the boiling point of tungsten?") == ["boil", "point", "tungsten"]
    assert content_terms("who is it") == terms("who is it")


@given(st.text(max_size=200))
def test_terms_hold_no_separators(text: str) -> None:
    assert all(term and not any(c.isspace() or c == '"' for c in term) for term in terms(text))
