"""Verdicts on how many, how often, whether already and by whom: where the sources have it otherwise."""

from __future__ import annotations

import pytest

from assistant.verdict.sentences import read
from assistant.words.frequencies import frequencies
from assistant.words.quantifiers import quantities
from tests.conftest import Check

DOCUMENTS = {
    "farm.md": """# Farm in Aldry

Eggs are collected every day. Milk is delivered every second day. The vet comes twice a month. Half of the stables are
heated. Most of the fields were sown by hand. Some cows wear bells. All tractors run on oil. A barn is to replace the
shed. The well was covered in 2019. Boarders pay 60 euros a month. The fence is painted every six months. A third of
the hens are white. Children under 12 may be brought along. The renovation of the mill is expected in 2030.
""",
    "club.md": """# Club

Membership is free for students; everybody else pays 20 euros a year. Training is compulsory for managers and voluntary
for all others. Ann Berg has a key, the others ring the bell.
""",
    "yard.md": """# Yard in Aldry

The farmer milks the goats, the neighbour shears the sheep. Paul Hofer beat Vera Lindt at chess. Paul Hofer had won
against Udo Kern. The path in Mardo leads to the northern meadow, the path in Brock leads to the southern one. The
harvest festival was organised by the school. The trailer was donated by a bank. The old shepherd counts the lambs.
The dentist looks at the horses. The smith Edda Voss mends the ploughs, the apprentice sharpens the scythes. Udo Kern
bought the gelding Blitz. Carts can be borrowed if a deposit is left.
""",
    "gym.md": """# Opening times

| Day | Workshop | Desk |
| --- | --- | --- |
| Monday | closed | closed |
| Wednesday | 10:00 to 22:00 | closed |

The workshop is closed from 24 December to 2 January and on Good Friday. Full members with a key card may enter
outside the opening hours. A locker costs 3 euros for each day.
""",
    "hof.md": """# Hof

Die Milch wird jeden zweiten Tag geliefert. Die Hälfte der Ställe ist beheizt. Die Scheune soll den Schuppen ersetzen.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # How often.
        ("farm", "Milk is delivered every other day.", "Milk is delivered every day."),
        ("farm", "Eggs are collected daily.", "Eggs are collected every second day."),
        ("farm", "The vet comes two times a month.", "The vet comes twice a week."),
        ("hof", "Die Milch wird alle zwei Tage geliefert.", "Die Milch wird täglich geliefert."),
        # Of how many.
        ("farm", "50 percent of the stables are heated.", "All stables are heated."),
        ("farm", "The majority of the fields were sown by hand.", "Few of the fields were sown by hand."),
        ("farm", "Several cows wear bells.", "Most cows wear bells."),
        ("farm", "Most tractors run on oil.", "Few tractors run on oil."),
        ("hof", "50 Prozent der Ställe sind beheizt.", "Alle Ställe sind beheizt."),
        # Whether it was done.
        ("farm", "A barn will replace the shed.", "A barn has replaced the shed."),
        ("farm", "The well was covered in 2019.", "A barn replaced the shed."),
        ("hof", "Die Scheune wird den Schuppen ersetzen.", "Die Scheune hat den Schuppen ersetzt."),
        ("farm", "The renovation of the mill is planned for 2030.", "The mill was renovated in 2030."),
        # The same for another time.
        ("farm", "Boarders pay 720 euros a year.", "Boarders pay 600 euros a year."),
        ("farm", "The fence is painted twice a year.", "The fence is painted twice a month."),
        ("gym", "A locker costs 3 euros a day.", "A locker costs 3 euros per week."),
        ("farm", "One in three hens is white.", "One in four hens is white."),
        ("farm", "Children younger than 12 may come along.", "Children younger than 14 may come along."),
        # The opposite, though its word stands in another sentence.
        ("gym", "The workshop is closed on Mondays.", "The workshop is open on Mondays."),
        ("gym", "The desk is closed on Wednesdays.", "The desk is open on Wednesdays."),
        # Under which condition.
        ("yard", "Carts can be borrowed if you leave a deposit.", "Carts can be borrowed."),
        # By whom.
        ("yard", "The apprentice sharpens the scythes.", "The smith Edda Voss sharpens the scythes."),
        ("yard", "Udo Kern bought Blitz.", "Blitz bought Udo Kern."),
        ("yard", "A bank donated the trailer.", "The trailer was donated by the Aldry school."),
        ("yard", "The old shepherd counts the lambs.", "The dentist counts the lambs."),
        ("yard", "The path in Brock leads to the southern meadow.", "The path in Mardo leads to the southern meadow."),
        ("yard", "Vera Lindt was beaten by Paul Hofer at chess.", "Paul Hofer was beaten by Vera Lindt at chess."),
        ("yard", "Paul Hofer won against Udo Kern.", "Udo Kern won against Paul Hofer."),
        ("yard", "The neighbour shears the sheep.", "The farmer shears the sheep."),
    ],
)
def test_how_often_and_of_how_many(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support != "unsupported"
    assert check(document, wrong).support == "unsupported"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("every day and every second week", [1, 14]),
        ("every other Friday", [14]),
        ("alle zwei Wochen, jeden dritten Tag", [14, 3]),
        ("three times a week", [7 / 3]),
        ("once every two days", [2]),
        ("fortnightly", [14]),
        ("the second day, once the day is over, every last Friday", []),
    ],
)
def test_how_often(text: str, days: list[float]) -> None:
    assert [found.days for found in frequencies(text)] == pytest.approx(days)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("All of the seats are taken", [1.0]),
        ("Most seats, a few tables and a third of the chairs", [0.7, 0.3, 0.333]),
        ("at most three seats, the most comfortable seats, not all seats, as many seats", []),
        ("Die meisten Plätze, die Hälfte der Tische", [0.7, 0.5]),
    ],
)
def test_of_how_many(text: str, about: list[float]) -> None:
    found = sorted(quantities(text, read(text).pieces), key=lambda quantity: quantity.number)
    assert [quantity.about for quantity in found] == pytest.approx(about, abs=0.001)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("Everybody else pays 20 euros a year.", "Students pay 20 euros a year."),
        ("Training is compulsory for managers.", "Training is voluntary for managers."),
        ("The others ring the bell.", "Ann Berg rings the bell."),
    ],
)
def test_what_is_said_of_all_others_is_not_said_of_those_named(check: Check, right: str, wrong: str) -> None:
    assert check("club", right).support == "supported"
    assert check("club", wrong).support == "unsupported"
