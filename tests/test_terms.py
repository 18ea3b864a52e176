"""The analysis shared by documents and questions."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.retriever import content_terms
from index.irregular import BASE
from index.terms import places, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Moon's", "moon"),
        ("Koreas", "korea"),
        ("postponed", "postpone"),
        ("Café", "cafe"),
        ("Xi’s", "xi"),
        ("US-led", "US led"),
        ("the U.S. army", "the US army"),
        ("J.R.R. Tolkien", "JRR tolkien"),
        ("IT POLICY, WHO IS IT", "it policy, who is it"),
        ("NASA", "nasa"),
        ("Who wrote it? It was written", "who write it? it was writing"),
        ("the women's children were taught", "the woman child were teaching"),
        ("новые мосты ёлки", "нового моста елка"),
        ("русский", "русские"),
        ("المدرسة", "مدرسة"),
        ("ανθρώπους", "άνθρωπος"),
    ],
)
def test_forms_of_a_word_are_one_term(one: str, other: str) -> None:
    assert terms(one) == terms(other)


def test_a_letter_with_a_sign_of_its_own_is_another() -> None:
    assert terms("йод") != terms("иод")


def test_capitals_tell_a_name_from_a_word_that_is_everywhere() -> None:
    for name, word in (("the US army", "tell us more"), ("Our IT staff", "do it now"), ("WHO staff", "who wrote")):
        assert not set(terms(name)) & set(terms(word))
    assert terms("US") == terms("US's") == terms("U.S.") != terms("us")


@pytest.mark.parametrize(
    ("text", "query", "found"),
    [
        ("The U.S. army led the US-led forces; tell us.", "US forces", ["U.S.", "US", "forces"]),
        ("Moon’s craters, cafe\u0301 and Café", "moon café", ["Moon’s", "cafe\u0301", "Café"]),
        ("東京都の人口", "東京都", ["東京都"]),
        ("Postponed. It postpones it 3 times", "postpone 3", ["Postponed", "postpones", "3"]),
        ("nothing here", "elsewhere", []),
    ],
)
def test_the_places_of_terms_in_a_text(text: str, query: str, found: list[str]) -> None:
    assert [text[start:end] for start, end in places(text, set(terms(query)))] == found


@given(st.text(max_size=200))
def test_every_word_of_a_text_has_its_place(text: str) -> None:
    spans = places(text, set(terms(text)))
    assert all(start < end <= after for (start, end), (after, _) in pairwise([*spans, (len(text), 0)]))


def test_forms_lead_to_words_and_no_further() -> None:
    assert not BASE.keys() & set(BASE.values())
    assert all(form.isascii() and form.islower() for form in (*BASE, *BASE.values()))


def test_scripts_without_spaces_give_pairs() -> None:
    assert terms("東京都") == ["東京", "京都"]


def test_a_question_is_about_its_content_words() -> None:
    assert content_terms("What is the boiling point of tungsten?") == ["boil", "point", "tungsten"]
    assert content_terms("who is it") == terms("who is it")


@given(st.text(max_size=200))
def test_terms_hold_no_separators(text: str) -> None:
    assert all(term and not any(c.isspace() or c == '"' for c in term) for term in terms(text))
