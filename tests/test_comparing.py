"""Questions that compare two things, and those for yes or no."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from assistant.contract import answer_json
from assistant.quoting.deciding import is_yes_or_no
from assistant.types import Answer
from assistant.words.comparing import comparison
from index.types import BuildReport
from tests.test_answering import ask

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

PLANS = {
    "basic.md": "# Basic plan\n\nThe Basic plan costs 9 EUR a month. Support answers by e-mail.\n",
    "pro.md": "# Pro plan\n\nThe Pro plan costs 29 EUR a month. Support answers by phone.\n",
    "offices.md": "# Offices\n\nThe Leeds office was founded in 1994 and the Kiel office in 1987.\n",
    "travel.md": "# Travel\n\n| City | Hotel limit |\n|---|---|\n| Paris | 180 EUR |\n| Berlin | 140 EUR |\n",
    "lunch.md": "# Canteen\n\nLunch is served at noon in the old mill. Soup is made from turnips.\n",
}
PETS = """# Pets in the office

Dogs are allowed in the office on Fridays. Cats are not allowed in any building. Assistance dogs may come on every day.
The office has water bowls on each floor.

Smoking is prohibited in all rooms.
"""


def quotes(answer: Answer) -> list[str]:
    return [citation.quote for citation in answer.citations]


@pytest.mark.parametrize(
    ("question", "sides", "asked"),
    [
        ("What is the difference between an intern and a clerk?", ("an intern", "a clerk"), ("an intern", "a clerk")),
        ("Difference in price between A1 and B2", ("A1", "B2"), ("price A1", "price B2")),
        ("Compare tea with coffee.", ("tea", "coffee"), ("tea", "coffee")),
        ("tea vs. coffee", ("tea", "coffee"), ("tea", "coffee")),
        ("How does tea differ from coffee?", ("tea", "coffee"), ("tea", "coffee")),
        ("Is tea older than coffee?", ("tea", "coffee"), ("How much: tea", "How much: coffee")),
        ("Is tea more expensive than coffee?", ("tea", "coffee"), ("How much: tea", "How much: coffee")),
        ("Which is cheaper, tea or coffee?", ("tea", "coffee"), ("How much: tea", "How much: coffee")),
        ("Is the fee in Rome higher than in Oslo?", ("Rome", "Oslo"), ("How much: fee Rome", "How much: fee Oslo")),
        ("Has tea more fans than coffee?", ("tea", "coffee"), ("How much: fans tea", "How much: fans coffee")),
    ],
)  # fmt: skip
def test_both_sides_are_asked_about(question: str, sides: tuple[str, str], asked: tuple[str, str]) -> None:
    compared = comparison(question)
    assert compared is not None
    assert tuple(side.name for side in compared.sides) == sides
    assert tuple(side.question for side in compared.sides) == asked


@pytest.mark.parametrize(
    "question",
    [
        "What happened between 2019 and 2021?",
        "Who is older?",
        "Is tea hot?",
        "Is the plan different from the plan?",
        "How do private schools in Ireland differ from most?",
        "How do wages in Thuringia compare to their neighbours?",
        "Is our leave more generous than the average?",
    ],
)
def test_other_questions_compare_nothing(question: str) -> None:
    assert comparison(question) is None


@pytest.mark.parametrize(
    "question",
    [
        "What is the difference between the Basic plan and the Pro plan?",
        "Basic plan vs Pro plan",
        "Is the Pro plan more expensive than the Basic plan?",
    ],
)
def test_each_side_has_its_words_also_from_two_documents(
    own: Assistant, write: Write, rebuild: Rebuild, question: str
) -> None:
    write(PLANS)
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert {citation.document for citation in answer.citations} == {"basic.md", "pro.md"}
    assert {"The Basic plan costs 9 EUR a month.", "The Pro plan costs 29 EUR a month."} <= {*quotes(answer)}
    assert answer.missing is None
    assert answer.conflict == ()


def test_rows_of_a_table_are_compared(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(PLANS)
    rebuild()
    answer = ask(own, "Is the hotel limit in Paris higher than in Berlin?")
    assert quotes(answer) == ["City | Hotel limit", "Paris | 180 EUR", "Berlin | 140 EUR"]


FEATURES = {
    "plans.md": "# Plans\n\nPlans are paid by the month.\n\n| Feature | Basic | Pro | Team |\n|---|---|---|---|\n"
    "| Storage | 10 GB | 200 GB | 1 TB |\n| Price | 9 EUR | 29 EUR | 49 EUR |\n| Support | e-mail | phone | phone |\n"
    "| Users | 1 | 5 | 50 |\n| Warranty | one year | | |\n",
    "lunch.md": "# Canteen\n\nLunch is served at noon. The basic menu costs 6 EUR. Storage boxes are washed daily.\n",
}
HEADER = "Feature | Basic | Pro | Team"
STORAGE, PRICE = "Storage | 10 GB | 200 GB | 1 TB", "Price | 9 EUR | 29 EUR | 49 EUR"
ALL = [HEADER, STORAGE, PRICE, "Support | e-mail | phone | phone", "Users | 1 | 5 | 50", "Warranty | one year | |"]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Which plan has more storage, Basic or Pro?", [HEADER, STORAGE]),
        ("Basic vs Pro storage", [HEADER, STORAGE]),
        ("What is the difference in price between Basic and Pro?", [HEADER, PRICE]),
        ("Is Pro more expensive than Basic?", [HEADER, PRICE]),
        ("What is the difference between Basic and Pro?", ALL),
        ("Compare the Basic plan with the Pro plan.", ALL),
    ],
)
def test_columns_of_a_table_are_compared(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write(FEATURES)
    rebuild()
    answer = ask(own, question)
    assert (quotes(answer), answer.missing) == (shown, None)
    assert answer.band == ("answered" if "expensive" not in question else "uncertain"), "no document says expensive"


def test_columns_that_tell_nothing_of_it_are_not_compared(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(FEATURES)
    rebuild()
    assert ask(own, "Which plan has the longer warranty, Basic or Pro?").band == "uncertain"
    assert ask(own, "Which plan has more users, Basic or Galactic?").missing == "Galactic"
    assert ask(own, "Which plan has more helicopters, Basic or Pro?").band != "answered"


def test_a_sentence_that_speaks_of_both_is_enough(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(PLANS)
    rebuild()
    answer = ask(own, "Is the Kiel office older than the Leeds office?")
    assert quotes(answer) == ["The Leeds office was founded in 1994 and the Kiel office in 1987."]


def test_a_side_that_is_not_there_is_named(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(PLANS)
    rebuild()
    answer = ask(own, "What is the difference between the Basic plan and the Galactic plan?")
    assert answer.band == "uncertain"
    assert answer.missing == answer_json(answer)["missing"] == "the Galactic plan"
    assert {citation.document for citation in answer.citations} == {"basic.md"}
    assert ask(own, "What is the difference between quarks and leptons?").band == "not_found"


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Are dogs allowed in the office?", ["Dogs are allowed in the office on Fridays."]),
        ("Are cats allowed in the office?", ["Cats are not allowed in any building."]),
        ("Are assistance dogs allowed in the office?", ["Assistance dogs may come on every day."]),
        ("Is smoking allowed?", ["Smoking is prohibited in all rooms."]),
    ],
)
def test_the_sentence_that_decides_comes_first(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, words: list[str]
) -> None:
    write({"pets.md": PETS, **PLANS})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert quotes(answer)[: len(words)] == words


def test_what_decides_speaks_of_the_thing_and_not_only_of_the_rest(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    write(
        {
            "rules.md": "# Rules\n\nA shed may be put up without permission if it is small. Greenhouses and polytunnels"
            " need written permission from the site manager. Concrete bases are not allowed.\n"
        }
    )
    rebuild()
    told = quotes(ask(own, "Can I put up a greenhouse without permission?"))
    assert told[0].startswith("Greenhouses and polytunnels need")


def test_what_speaks_of_something_else_decides_nothing(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"pets.md": PETS, **PLANS})
    rebuild()
    assert ask(own, "Are parrots allowed in the office?").band == "uncertain"


def test_nothing_decides_what_no_document_speaks_of(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"about.md": "# About us\n\nGrace Osei has been chair since 2020. She lives in Leeds.\n"})
    rebuild()
    assert ask(own, "Is Grace Osei the chair?").band == "answered"
    assert ask(own, "Is Grace Osei married?").band != "answered"


def test_a_choice_is_no_question_for_yes_or_no() -> None:
    assert is_yes_or_no("Can't I bring a dog?")
    assert not is_yes_or_no("Is it a dog or a cat?")
    assert not is_yes_or_no("When is it?")
    assert not is_yes_or_no("Was kostet eine Führung?")  # in German, "was" is "what"
    assert is_yes_or_no("Was the tour free?")


def test_a_stored_question_in_other_words_decides(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"faq.md": "# FAQ\n\n## Do you buy films?\n\nNo, we rely on gifts.\n\n## Is there a lift?\n\nYes.\n"})
    rebuild()
    answer = ask(own, "Do you purchase films?")
    assert answer.band == "answered"
    assert quotes(answer)[0] == "No, we rely on gifts."


PHONES = {
    "tariffs.md": "# Tariffs\n\n| Tariff | Price | Calls |\n|---|---|---|\n| Basic | 9 EUR | 20 minutes |\n"
    "| Team | 19 EUR | unlimited |\n| Silver | on request | unlimited |\n",
    "rules.md": "# Rules\n\nTeam leads order phones. Basic training takes a day.\n\n"
    "| Amount | Approved by |\n|---|---|\n"
    "| up to 50 EUR | Team lead |\n| above | Management |\n",
}
TARIFFS = ["Tariff | Price | Calls", "Basic | 9 EUR | 20 minutes", "Team | 19 EUR | unlimited"]


@pytest.mark.parametrize(
    ("question", "band"),
    [
        ("difference between Basic and Team", "answered"),
        ("Basic vs Team", "answered"),
        ("Which is cheaper, Basic or Team?", "answered"),
        ("Is the price lower for Basic or for Team?", "answered"),
        ("Which is taller, Basic or Team?", "uncertain"),
    ],
)
def test_two_rows_of_one_table_are_shown_beside_each_other(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, band: str
) -> None:
    write(PHONES)
    rebuild()
    answer = ask(own, question)
    assert (quotes(answer), answer.band) == (TARIFFS, band)


def test_two_sorts_of_one_thing_are_compared() -> None:
    for sorts, names in (
        ("staff and visitor parking", ["staff parking", "visitor parking"]),
        ("dogs and heavy cats", ["dogs", "heavy cats"]),
    ):
        compared = comparison(f"What is the difference between {sorts}?")
        assert compared is not None
        assert [side.name for side in compared.sides] == names
