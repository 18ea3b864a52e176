"""Sources that differ in a number or a date are shown side by side and said to differ; others never are."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from assistant.contract import answer_json
from index.types import BuildReport
from tests.test_answering import ask

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

OLD = """---
date: 2024-01-15
---
# Leave policy

## Annual leave

Annual leave is 25 days per calendar year. Leave is requested from the team lead two weeks ahead.
Up to 5 unused days may be carried over until the end of March.
"""
NEW = (
    OLD.replace("2024-01-15", "2025-02-01")
    .replace("25 days", "28 days")
    .replace("March", "June")
    .replace("to 5", "to 10")
)
MINUTES = "# Minutes of the board\n\n{date}\n\nThe council reported that the Gdansk office will open in {month} 2025.\n"


def pages(one: str, other: str) -> dict[str, str]:
    return {"a.md": one, "b.md": other, "c.md": "# Canteen\n\nLunch is served at noon in the old mill.\n"}


@pytest.mark.parametrize(
    ("question", "newer", "older"),
    [
        ("How many days of annual leave do I have?", "28 days", "25 days"),
        ("How many unused days may be carried over?", "Up to 10", "Up to 5"),
        ("Until when may unused days be carried over?", "end of June", "end of March"),
    ],
)
def test_sources_that_differ_are_shown_newest_first(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, newer: str, older: str
) -> None:
    write(pages(OLD, NEW))
    rebuild()
    answer = ask(own, question)
    assert answer.conflict == (1, 2)
    first, second = answer.citations[:2]
    assert (first.document, first.date, newer in first.quote) == ("b.md", "2025-02-01", True)
    assert (second.document, second.date, older in second.quote) == ("a.md", "2024-01-15", True)
    told = answer_json(answer)
    assert told["conflict"] == [1, 2]
    assert [citation["date"] for citation in told["citations"][:2]] == ["2025-02-01", "2024-01-15"]


def test_a_date_that_moved_is_a_conflict_where_a_date_is_asked_for(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    january, march = ("14 January 2025", "September"), ("11 March 2025", "November")
    write(pages(*(MINUTES.format(date=date, month=month) for date, month in (january, march))))
    rebuild()
    answer = ask(own, "When will the Gdansk office open?")
    assert [("November" in c.quote, c.date) for c in answer.citations] == [(True, "2025-03-11"), (False, "2025-01-14")]
    assert answer.conflict == (1, 2)
    assert ask(own, "Which office will open?").conflict == ()


SHUT = "---\ndate: {date}\n---\n# North gate\n\nThe north gate on Quay Road is shut for works until {until}.\n"


def test_how_long_the_same_lasts_is_a_conflict_whatever_is_asked(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    late = SHUT.format(date="2026-05-20", until="9 August 2026, because the hinges have rusted through")
    write(pages(SHUT.format(date="2026-05-02", until="15 June 2026"), late))
    rebuild()
    for question in ("When does the north gate open again?", "Is the north gate shut?"):
        answer = ask(own, question)
        assert [citation.date for citation in answer.citations[:2]] == ["2026-05-20", "2026-05-02"]
        assert answer.conflict == (1, 2)


def test_the_same_in_another_year_is_no_conflict(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(pages(*(SHUT.format(date=f"{year}-05-02", until=f"15 June {year}") for year in (2025, 2026))))
    rebuild()
    assert ask(own, "Is the north gate shut?").conflict == ()


def test_rows_of_two_tables_can_differ(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    table = "# Travel\n\n| City | Hotel limit |\n|---|---|\n| Paris | {limit} EUR |\n| Oslo | 150 EUR |\n"
    write(pages(table.format(limit=180), table.format(limit=170)))
    rebuild()
    assert len(ask(own, "What is the hotel limit in Paris?").conflict) == 2
    assert ask(own, "What is the hotel limit in Oslo?").conflict == ()


@pytest.mark.parametrize(
    ("question", "one", "other"),
    [
        (
            "What does a ticket cost?",
            "A ticket costs 32 crowns on weekdays.",
            "A ticket costs 32.00 crowns on weekdays.",
        ),
        ("What does a ticket cost?", "A ticket costs two crowns by day.", "A ticket costs 2 crowns by day."),
        ("What does a ticket cost?", "A single ticket costs 32 crowns.", "A monthly ticket costs 300 crowns."),
        ("How long is the notice?", "The notice for tenants is 4 weeks.", "The notice for tenants is 20 days."),
        (
            "How many visitors were there?",
            "In 2001 the fair had 4,000 visitors.",
            "In 2011 the fair had 6,000 visitors.",
        ),
        ("Which room is on the quiet side?", "Room 12 is on the quiet side.", "Room 14 is on the quiet side."),
        ("How many dogs may ferries carry?", "Ferries may carry 40 big dogs.", "Ferries may not carry 50 big dogs."),
        (
            "Who met in the hall?",
            "The council met on 4 May 2024 in the hall.",
            "The council met on 9 June 2024 in the hall.",
        ),
        (
            "When did the bridge open?",
            "The bridge opened in May 2024 to all.",
            "The bridge opened on 4 May 2024 to all.",
        ),
        ("What do 40 old dogs pay?", "A group of 40 old dogs pays half.", "A group of 60 old dogs pays half."),
        ("How many ships does it hold?", "It holds 40 tall ships.", "It holds 60 tall ships."),
    ],
)
def test_what_is_not_the_same_thing_is_no_conflict(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, one: str, other: str
) -> None:
    write(pages(f"# Harbour\n\n{one}\n", f"# Harbour\n\n{other}\n"))
    rebuild()
    answer = ask(own, question)
    assert answer.citations[0].quote in (one, other)
    assert answer.conflict == ()


def test_other_topics_are_no_conflict(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(pages("# Tram\n\nA single ticket costs 32 crowns.\n", "# Ferry\n\nA single ticket costs 20 crowns.\n"))
    rebuild()
    assert ask(own, "How much does a single ticket cost?").conflict == ()
    write(pages("# Notes\n\nA single ticket costs 32 crowns.\n", "# Ferry\n\nA single ticket costs 20 crowns.\n"))
    rebuild()
    assert len(ask(own, "How much does a single ticket cost?").conflict) == 2


def test_what_is_told_of_other_years_is_no_conflict(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    page = "# Harbour town\n\nThe census of {} counted the people. The density {} {} people per square mile.\n"
    write(pages(page.format(2000, "was", 4098), page.format(2010, "was", 4404)))
    rebuild()
    assert ask(own, "What was the density per square mile?").conflict == ()
    write(pages(page.format(2000, "is", 4098), page.format(2010, "is", 4404)))
    rebuild()
    assert ask(own, "What is the density per square mile?").conflict == (1, 2)


def test_within_a_document_nothing_conflicts(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    parts = itertools.chain.from_iterable(
        (f"## Part {n}\n", f"A single ticket costs {n * 8} crowns.\n") for n in (3, 4)
    )
    write({"a.md": "# Fares\n\n" + "\n".join(parts)})
    rebuild()
    assert ask(own, "How much does a single ticket cost?").conflict == ()


REPORT = "# {}\n\nThe total amount of the order to be paid is {} crowns.\n"


@pytest.mark.parametrize(
    ("one", "other", "question", "differ"),
    [
        ("Invoice 4711", "Invoice 4712", "What is the total amount of the order to be paid?", False),
        ("Menu Monday", "Menu Tuesday", "What is the total amount of the order to be paid?", False),
        ("Order policy 2021", "Order policy 2022", "What is the total amount of the order to be paid in 2022?", False),
        ("Order policy 2021", "Order policy 2022", "What is the total amount of the order to be paid?", True),
    ],
)
def test_titles_that_number_different_things_tell_them_apart(
    own: Assistant, write: Write, rebuild: Rebuild, one: str, other: str, question: str, differ: bool
) -> None:
    write(pages(REPORT.format(one, 300), REPORT.format(other, 500)))
    rebuild()
    assert bool(ask(own, question).conflict) == differ


HERON = "---\ndate: 2026-01-12\n---\n# Project Heron\n\nIt replaces the billing system. {}\n"
COMMITTEE = "---\ndate: 2026-04-22\n---\n# Minutes of the steering committee\n\nAll were present. {}\n"
BUDGET = "The budget of Project Heron is 350,000 euros."


@pytest.mark.parametrize(
    ("older", "newer", "question"),
    [
        (BUDGET, "The budget of Heron was raised to 420,000 euros.", "What is the budget of Project Heron?"),
        (BUDGET, "Heron's budget rose from 350,000 to 420,000 euros.", "What is the budget of Project Heron?"),
        (BUDGET, "In April the budget of Heron was raised by 70,000 to 420,000 euros.", "What is the budget of Heron?"),
        (BUDGET, "We cut the budget of Heron from 350,000 euros to 300,000 euros.", "What is the budget of Heron?"),
        (
            "The budget is 350,000 euros.",
            "The budget of Heron was raised to 420,000 euros.",
            "How big is Heron's budget?",
        ),
        (
            "The go-live of Heron is planned for October 2026.",
            "The go-live of Heron was moved to January 2027.",
            "When is the go-live of Heron?",
        ),
    ],
)
def test_a_figure_that_was_changed_stands_beside_the_old_one(
    own: Assistant, write: Write, rebuild: Rebuild, older: str, newer: str, question: str
) -> None:
    write(pages(HERON.format(older), COMMITTEE.format(newer)))
    rebuild()
    answer = ask(own, question)
    assert [c.quote for c in answer.citations if c.number in answer.conflict] == [newer, older]


@pytest.mark.parametrize(
    ("older", "newer", "question"),
    [
        (BUDGET, "The budget of Osprey was raised to 420,000 euros.", "What is the budget of Project Heron?"),
        (BUDGET, "The marketing budget of Heron was raised to 90,000 euros.", "What is the budget of Heron?"),
        (BUDGET, "The budget of Heron was raised by 70,000 euros.", "What is the budget of Heron?"),
        (BUDGET, "The budget of Heron was raised to 350,000 euros.", "What is the budget of Heron?"),
        ("The budget is 350,000 euros.", "The budget is 120,000 euros.", "What is the budget of Heron?"),
    ],
)
def test_a_change_of_something_else_is_no_conflict(
    own: Assistant, write: Write, rebuild: Rebuild, older: str, newer: str, question: str
) -> None:
    write(pages(HERON.format(older), COMMITTEE.format(newer)))
    rebuild()
    answer = ask(own, question)
    assert answer.citations
    assert answer.conflict == ()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("# Notice\n\nNotice is 4 weeks.\n", "# Notice period\n\nNotice is 6 weeks.\n", True),
        ("# Members\n\nNotice is 4 weeks.\n", "# Minutes\n\nNotice is 6 weeks.\n", False),
        ("# Handbook\n\n## Clubs\n\nNotice is 4 weeks.\n", "# Handbook\n\n## Flats\n\nNotice is 6 weeks.\n", False),
    ],
)
def test_few_words_conflict_where_titles_speak_of_the_same(
    own: Assistant, write: Write, rebuild: Rebuild, one: str, other: str, differ: bool
) -> None:
    write(pages(one, other))
    rebuild()
    answer = ask(own, "How long is the notice?")
    assert answer.citations
    assert bool(answer.conflict) == differ


HANDBOOK = "# Handbook\n\n## {}\n\n{}\n"
CARRIED = "Employees may carry {} unused days of leave into the next calendar year."
TICKET = "A single ticket costs {} crowns."


@pytest.mark.parametrize(
    ("one", "other", "sentence", "question", "differ"),
    [
        ("Time off", "Absence", CARRIED, "How many unused days may be carried into the next year?", True),
        ("Office Oslo", "Office Bergen", CARRIED, "How many unused days may be carried into the next year?", False),
        ("Tram", "Ferry", TICKET, "How much does a single ticket cost?", False),
    ],
)
def test_a_sentence_that_says_all_by_itself_conflicts_under_other_headings(
    own: Assistant, write: Write, rebuild: Rebuild, one: str, other: str, sentence: str, question: str, differ: bool
) -> None:
    write(pages(HANDBOOK.format(one, sentence.format(5)), HANDBOOK.format(other, sentence.format(10))))
    rebuild()
    assert bool(ask(own, question).conflict) == differ


HOTELS = """# Travel

| City | Hotel limit | Meals |
|---|---|---|
| Paris | 180 EUR | 45 EUR |
| Oslo | 150 EUR | 60 EUR |
"""


@pytest.mark.parametrize(
    ("header", "row", "question", "differ"),
    [
        ("City | Hotel limit | Meals", "Paris | 170 EUR | 45 EUR", "What is the hotel limit in Paris?", True),
        ("City | Meals | Hotel limit", "Paris | 45 EUR | 170 EUR", "What is the hotel limit in Paris?", True),
        ("City | Hotel limit", "Paris | 170 EUR", "What is the hotel limit in Paris?", True),
        ("City | Hotel limit | Meals", "Paris | 170 EUR | 45 EUR", "What are the meals in Paris?", False),
        ("City | Hotel limit | Meals", "Paris | 180.00 EUR | 45 EUR", "What is the hotel limit in Paris?", False),
        ("City | Hotel limit | Meals", "Lyon | 170 EUR | 45 EUR", "What is the hotel limit in Paris?", False),
        ("City | Season | Hotel limit", "Paris | winter | 170 EUR", "What is the hotel limit in Paris?", False),
        ("City | Year | Hotel limit", "Paris | 2019 | 170 EUR", "What is the hotel limit in Paris?", False),
    ],
)
def test_rows_are_held_against_each_other_by_their_columns(
    own: Assistant, write: Write, rebuild: Rebuild, header: str, row: str, question: str, differ: bool
) -> None:
    rule = "|".join(["---"] * len(header.split("|")))
    write(pages(HOTELS, f"# Travel\n\n| {header} |\n|{rule}|\n| {row} |\n| Rome | 140 EUR | 40 EUR |\n"))
    rebuild()
    answer = ask(own, question)
    assert any("Paris" in c.quote for c in answer.citations)
    assert bool(answer.conflict) == differ


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("The canteen is open on Fridays.", "The canteen is not open on Fridays.", True),
        ("The canteen is open on Fridays.", "The canteen is no longer open on Fridays.", True),
        ("The canteen opens on Fridays.", "The canteen doesn't open on Fridays.", True),
        ("The canteen is open on Fridays.", "The canteen is not open on Sundays.", False),
        ("The canteen is open on Fridays.", "The canteen is not only open on Fridays.", False),
        ("The canteen is open on Fridays.", "The canteen was not open on Fridays.", False),
        ("The canteen is open on Fridays.", "The canteen is not open on Fridays in August.", False),
        ("The canteen is open on Fridays.", "The library is not open on Fridays.", False),
        ("The canteen is open with a card.", "The canteen is open without a card.", False),
    ],
)
def test_sources_of_which_one_denies_the_other_differ(
    own: Assistant, write: Write, rebuild: Rebuild, one: str, other: str, differ: bool
) -> None:
    write({"a.md": f"# Canteen\n\n{one}\n", "b.md": f"# News of the house\n\n{other}\n"})
    rebuild()
    answer = ask(own, "Is the canteen open on Fridays?")
    assert answer.citations
    assert bool(answer.conflict) == differ


def test_pages_that_differ_by_a_denial_alone_are_both_found(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    page = (
        "# Canteen\n\nThe canteen is {}open on Fridays. Lunch is served in the old mill, with soup and bread for all.\n"
    )
    write({"a.md": page.format(""), "b.md": page.format("not ")})
    rebuild()
    assert len(ask(own, "Is the canteen open on Fridays?").conflict) == 2


def test_uncertain_words_are_not_said_to_differ(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write(pages(OLD, NEW))
    rebuild()
    question = "How many days of annual leave did Ingrid Solheim have?"
    answer = ask(own, question)
    assert answer.band == "uncertain"
    assert {"25", "28"} <= {word for c in answer.citations for word in c.quote.split()}
    assert answer.conflict == ()


@pytest.mark.parametrize(
    ("one", "other", "differ"),
    [
        ("Every full-time employee has 27 days", "All full-time staff are entitled to five weeks", True),
        ("Every full-time employee has 25 days", "All full-time staff are entitled to five weeks", False),
        ("Trainees receive 24 months", "Trainees have three years", True),
        ("Trainees receive 24 months", "Trainees have two years", False),
        ("Every full-time employee has 27 days", "All part-time staff are entitled to three weeks", False),
        ("Every full-time employee has 27 days", "All full-time managers are entitled to six weeks", False),
    ],
)
def test_spans_of_time_are_held_against_each_other_in_other_words(
    own: Assistant, write: Write, rebuild: Rebuild, one: str, other: str, differ: bool
) -> None:
    write(pages(f"# Leave policy\n\n{one} of paid leave a year.\n", f"# Leave memo\n\n{other} of paid leave a year.\n"))
    rebuild()
    answer = ask(own, "How many days of paid leave a year are there?")
    assert bool(answer.conflict) == differ


def test_minutes_of_other_days_may_differ_but_in_what_happened(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    minutes = (
        "# Board meeting, {day} March 2026\n\nThe budget for the mill {is} {sum} euros. {n} guests were present.\n"
    )
    write({
        "a.md": minutes.format(day=3, sum="80,000", n=7, **{"is": "is"}),
        "b.md": minutes.format(day=24, sum="95,000", n=12, **{"is": "was raised to"}),
        "c.md": "# Canteen\n\nLunch is served at noon.\n",
    })  # fmt: skip
    rebuild()
    answer = ask(own, "What is the budget for the mill?")
    assert {"80,000", "95,000"} <= {*answer.text.split()}
    assert answer.conflict
    assert ask(own, "How many guests were present?").conflict == ()


RULES = """# House rules

## Boats

A rowing boat may be kept out for up to three hours. Whoever rents a locker pays 12 euros a month.

| What | Fee |
| --- | --- |
| Kayak, weekend | 40 euros |
| Kayak, week | 110 euros |

## Guests

Guests pay 6 euros a day. The jetty was to be finished by May 2026. As the wood came late, it was put off to July 2026.
"""
NEWS = """# Board meeting, {date}

**Boats.** It was agreed to shorten the time that a rowing boat may be kept out from three to two hours.

**Kayaks.** Ada said that a kayak for the weekend costs 40 euros almost everywhere. The fee is lowered to 35 euros.

**Lockers.** From June 2026 a locker in the boat house costs 15 euros a month.

**Cups.** The price of a cup rises from 6 to 7 euros.
"""


@pytest.mark.parametrize(
    ("question", "new", "old"),
    [
        ("How long may a rowing boat be kept out?", "from three to two hours", "up to three hours"),
        ("What does a kayak cost for the weekend?", "lowered to 35 euros", "40 euros"),
        ("How much is a locker a month?", "15 euros", "12 euros"),
    ],
)
def test_what_was_changed_since_comes_first(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, new: str, old: str
) -> None:
    write(pages(RULES, NEWS.format(date="3 May 2026")))
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert answer.text.index(new) < answer.text.rindex(old)
    assert {answer.citations[n - 1].document for n in answer.conflict} == {"a.md", "b.md"}


def test_what_was_changed_before_or_of_something_else_is_no_news(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    write(pages(RULES, NEWS.format(date="3 May 2026")))
    rebuild()
    assert ask(own, "How much do guests pay a day?").conflict == ()  # a cup cost as much
    assert "July 2026" in ask(own, "When will the jetty be finished?").text
    write(pages("---\ndate: 2026-09-01\n---\n" + RULES, NEWS.format(date="3 May 2026")))
    rebuild()
    assert ask(own, "How long may a rowing boat be kept out?").conflict == ()
