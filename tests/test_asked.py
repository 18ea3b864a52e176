"""What a question asks for: kinds of things, nouns and names."""

from __future__ import annotations

import pytest

from assistant.words.kinds import asked_noun, asks_alike, kind_of_answer
from assistant.words.labels import named
from assistant.words.names import missing_names, owner_of
from assistant.words.slots import Owned, thing_of


@pytest.mark.parametrize(
    ("question", "holds", "lacks"),
    [
        ("How many people came?", "A dozen came.", "Many came."),
        ("How many members are there?", "It has 1964 members.", "Women have been members since 1964."),
        ("How many plots are there?", "There are 56 plots.", "Half plot, per year | £62 | £ 48"),
        ("How many members voted?", "Half of them voted.", "They paid 40 euros."),
        ("How many euros came in?", "They paid 40 euros.", "They paid."),
        ("When was the hall built?", "It was built in 1926.", "It is open on weekdays from 8 am."),
        ("When was Ada born?", "Ada (10 December 1815) wrote it.", "Ada has been chair since 2020."),
        ("Who sent word?", "Apologies: Ada Byron.", "Apologies: some."),
        ("What does a locker cost?", "Lockers are let for £45.", "Lockers are let for one to six months."),
        ("How much does it cost to swim?", "Members pay 4 an hour.", "The pool has 32 places."),
        ("How much is it to hire a boat?", "It is £4 a day.", "Boats are hired for at most three days."),
        ("What is the price of the Team plan?", "Team | 79", "Team members have 79 seats"),
        ("How often does the ferry sail?", "It sails daily.", "It sails to the island."),
        ("How old is the bridge?", "It is ninety years old.", "Three bridges span the river."),
        ("When does the office open?", "It opens at 9:30.", "It opens with a key."),
        ("In what year did it end?", "It ended in 1953.", "It ended in a truce."),
        ("Who wrote it?", "It was written by Ada Byron.", "It was written by a poet."),
        ("Who came?", "In May, Ada Byron came.", "The poet came in May."),
        ("Where did it end?", "It ended in Oslo.", "It ended in May."),
        ("Why was it late?", "It was late because of snow.", "It was late again."),
    ],
)
def test_a_sentence_holds_the_kind_of_thing_asked_for(question: str, holds: str, lacks: str) -> None:
    kind = kind_of_answer(question)
    assert kind is not None
    assert kind.held_by(holds, question)
    assert not kind.held_by(lacks, question)


@pytest.mark.parametrize(
    "question",
    ["How did he react when Johnson came in 1755?", "What was he charged with when he was arrested?", "Tell me of it."],
)
def test_only_the_first_question_word_asks(question: str) -> None:
    assert kind_of_answer(question) is None


def test_questions_ask_alike() -> None:
    assert asks_alike("How do I become a friend?", "How can friends be made?")
    assert asks_alike("Is there a lift?", "Can I use the lift?")
    assert not asks_alike("How many are there?", "How are they?")
    assert not asks_alike("Is there a lift?", "Who repairs the lift?")


def test_a_clause_before_the_question_asks_nothing() -> None:
    assert kind_of_answer("When it rains, who pays?") == kind_of_answer("Who pays?")


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("What is the currency of South Korea?", "currency"),
        ("Who is the new ambassador in Berlin?", "ambassador"),
        ("What devices were used?", "devices"),
        ("What is the wifi password?", "password"),
        ("What is the name of the street?", None),
        ("What year was it?", None),
        ("What did he say?", None),
        ("What makes mosses different from other plants?", None),
        ("What else did they offer?", None),
    ],
)
def test_the_noun_asked_for(question: str, noun: str | None) -> None:
    assert asked_noun(question) == noun


@pytest.mark.parametrize(
    ("question", "text", "missing"),
    [
        ("Is a Korean in?", "Korea is.", set()),
        ("What does the EU say?", "The European Union says it.", set()),
        ("What does the European Union say?", "The EU says it.", set()),
        ("What did the U.S. court say?", "The US court said so.", set()),
        ("Who wrote in the 16th century?", "Gerard wrote in 1597.", set()),
        ("Who wrote in the 16th century?", "Gerard wrote in 1601.", {"16th"}),
        ("Who ruled in the 1600s?", "In the 17th century the mayors ruled.", set()),
        ("Who ruled in the 1600s?", "Ortega ruled from 1655 to 1660.", set()),
        ("Who ruled in the 1600s?", "In the 16th century, in 1599, the mayors ruled.", {"1600s"}),
        ("Who won in WWII?", "In World War II the harbour was shut.", set()),
        ("Who won in World War II?", "In WWII the harbour was shut.", set()),
        ("Who won in WWII?", "In World War I the harbour was shut.", {"wwii"}),
        ("What was seen by the '50s?", "It was seen by the mid-1950s.", set()),
        ("How many degrees Celsius is it?", "It is −32 °F (−36 °C).", set()),
        ("How many degrees Celsius is it?", "It is −32 °F.", {"celsius"}),
        ("Where did Ada meet Charles?", "Ada met him in London.", {"charl"}),
        ("What happened in 1757?", "It happened in 1758.", {"1757"}),
    ],
)
def test_names_are_known_in_other_forms(question: str, text: str, missing: set[str]) -> None:
    assert missing_names(question, text) == missing


def test_whose_thing_is_asked_for() -> None:
    assert owner_of("When does Biden's term end?") == {"biden"}
    assert owner_of("When does the term end?") == set()


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("What is the phone number of security?", Owned("phone number", "security")),
        ("What is the library's phone number?", Owned("phone number", "library")),
        ("What is the fine for data breaches?", Owned("fine", "breaches")),
        ("What type of engine is used?", None),
        ("When does the office open?", None),
    ],
)
def test_a_thing_and_what_it_is_of(question: str, thing: Owned | None) -> None:
    assert thing_of(question) == thing


def test_numbers_and_letters_that_name_are_told_from_those_that_count() -> None:
    assert named("What is the temperature in Vault N?") == {("vault", "n")}
    assert named("What was added in phase 2?") & named("DECnet Phase II was open.")
    assert not named("What was added in phase 2?") & named("DECnet Phase III was open.")
    assert not named("What is the second most abundant element?")
