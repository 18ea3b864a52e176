"""Questions for those rows of a table that meet a condition, and such as must stay as they are."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from index.types import BuildReport
from tests.test_answering import ask
from tests.test_tables import quotes

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

LIBRARY = """# Town library

The library lends books, games and instruments. Members may keep what they borrow for four weeks.

## Board games

| Game | Players | Minutes | Shelf | For children |
| --- | --- | --- | --- | --- |
| Harvest Moon | 2 to 4 | 90 | B1 | no |
| Owl and Mouse | 2 to 6 | 20 | B2 | yes |
| Iron Road | 3 to 5 | 150 | B1 | no |
| Puddle Race | 2 to 8 | 15 | C4 | yes |

Games with missing pieces are repaired by volunteers.

## Instruments

| Instrument | Deposit | Case | Teacher |
| --- | --- | --- | --- |
| Violin | £80 | ✓ | Nora Quist |
| Ukulele | £25 | ✗ | Ben Aldous |
| Trumpet | £120 | ✓ | Nora Quist |
| Drum kit | £250 | ✗ | Milo Fenn |

The deposit is paid back when the instrument comes home.

## Reading rooms

### North building

| Room | Floor | Desks | Equipment |
| --- | --- | --- | --- |
| Atlas | 1st | 12 | lamps, scanner |
| Quill | 2nd | 4 | lamps |

### South building

| Room | Floor | Desks | Equipment |
| --- | --- | --- | --- |
| Ember | Ground | 20 | lamps |
| Folio | 1st | 6 | scanner |
"""
FARM = """# Linden farm

The farm keeps cows, goats and hens. Visitors are welcome on Sundays from 10 to 4.

## The cows

| Cow | Breed | Born | Litres a day | Horns |
| --- | --- | --- | --- | --- |
| Berta | Jersey | 2018 | 18 | yes |
| Clara | Angus | 2020 | 9 | no |
| Dora | Jersey | 2021 | 22 | no |
| Elsa | Holstein | 2017 | 31 | no |

## Who works here

| Name | Task | Days | Phone |
| --- | --- | --- | --- |
| Tilda Brook | Milking | Monday, Tuesday | 11 |
| Otto Fry | Cheese dairy | Tuesday, Friday | 12 |
| Ruth Amsel | Hens and eggs | Sunday | 14 |

## Farm shop

| Product | Unit | Price | Organic |
| --- | --- | --- | --- |
| Goat cheese | 100 g | €3.20 | x |
| Butter | 250 g | €2.90 | - |
| Eggs | 10 | €4.10 | x |
| Honey | 500 g | €7.50 | - |

Milk is sold from the tap, at €1.20 a litre. Honey comes from a neighbour, who keeps bees in the orchard.
"""
COURSES = """# Kurse im Werkhof

| Kurs | Tag | Leitung | Gebühr | Barrierefrei |
| --- | --- | --- | --- | --- |
| Töpfern | Montag | Jana Wirth | 45 Euro | ja |
| Weben | Dienstag | Lutz Ohm | 60 Euro | nein |
| Schmieden | Montag | Lutz Ohm | 95 Euro | nein |

Der Werkhof ist im August geschlossen.
"""
TEXTS = {"library.md": LIBRARY, "farm.md": FARM, "kurse.md": COURSES}


def names(own: Assistant, question: str) -> list[str]:
    """The first cells of what is shown for an answer, without the names of columns."""
    answer = ask(own, question)
    assert answer.band == "answered"
    headed = [quote for quote in quotes(answer) if quote.split(" | ")[0] not in COLUMNS]
    assert len(headed) < len(answer.citations), "the names of the columns are shown"
    return [quote.split(" | ")[0] for quote in headed]


COLUMNS = {"Game", "Instrument", "Room", "Cow", "Name", "Product", "Kurs"}


@pytest.fixture
def village(own: Assistant, write: Write, rebuild: Rebuild) -> Assistant:
    """An assistant that knows these texts."""
    write(TEXTS)
    rebuild()
    return own


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which games are for children?", ["Owl and Mouse", "Puddle Race"]),
        ("Which games are not for children?", ["Harvest Moon", "Iron Road"]),
        ("Name all games on shelf B1.", ["Harvest Moon", "Iron Road"]),
        ("Which games are on shelf B2 or C4?", ["Owl and Mouse", "Puddle Race"]),
        ("Which games can be played with 5 players?", ["Owl and Mouse", "Iron Road", "Puddle Race"]),
        ("Which instruments come without a case?", ["Ukulele", "Drum kit"]),
        ("Which instruments are not taught by Nora Quist?", ["Ukulele", "Drum kit"]),
        ("Which Jersey cow has no horns?", ["Dora"]),
        ("Which cows were born in 2018?", ["Berta"]),
        ("Which products are not organic?", ["Butter", "Honey"]),
        ("Who works on Tuesday?", ["Tilda Brook", "Otto Fry"]),
        ("Which room in the south building is on the first floor?", ["Folio"]),
        ("Which rooms have a scanner but no lamps?", ["Folio"]),
        ("Which rooms lack a scanner?", ["Quill", "Ember"]),
        ("Welche Kurse am Montag sind nicht barrierefrei?", ["Schmieden"]),
    ],
)
def test_rows_are_shown_in_which_all_holds_that_is_asked(village: Assistant, question: str, rows: list[str]) -> None:
    assert names(village, question) == rows


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("Which game takes the longest?", ["Iron Road"]),
        ("Which is the shortest game that is not for children?", ["Harvest Moon"]),
        ("Which games take less than 30 minutes?", ["Owl and Mouse", "Puddle Race"]),
        ("Which instruments have a deposit of more than £100?", ["Trumpet", "Drum kit"]),
        ("What is the cheapest product?", ["Butter"]),
        ("Which products cost no more than 3.20 euros?", ["Goat cheese", "Butter"]),
        ("Which cow gives the most litres?", ["Elsa"]),
        ("Which cows were born after 2018?", ["Clara", "Dora"]),
        ("Which room has the most desks?", ["Ember"]),
        ("Which rooms have at least 12 desks?", ["Atlas", "Ember"]),
        ("Welcher Kurs ist am billigsten?", ["Töpfern"]),
        ("Welche Kurse kosten weniger als 70 Euro?", ["Töpfern", "Weben"]),
    ],
)
def test_the_numbers_of_a_column_are_held_against_what_is_asked(
    village: Assistant, question: str, rows: list[str]
) -> None:
    assert names(village, question) == rows


@pytest.mark.parametrize(
    "question",
    [
        "Which game on shelf C4 is not for children?",
        "Which rooms have more than 50 desks?",
        "Which room on the ground floor has a scanner?",
        "Which products cost more than 100 euros?",
        "Which rooms have a piano?",
    ],
)
def test_no_row_answers_where_none_meets_it(village: Assistant, question: str) -> None:
    assert ask(village, question).band != "answered"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("Which games have missing pieces?", ["Games with missing pieces are repaired by volunteers."]),
        ("Who keeps bees?", ["Honey comes from a neighbour, who keeps bees in the orchard."]),
        ("Which breed is Clara?", ["Cow | Breed | Born | Litres a day | Horns", "Clara | Angus | 2020 | 9 | no"]),
        ("What is the price of butter?", ["Product | Unit | Price | Organic", "Butter | 250 g | €2.90 | -"]),
        ("How much is the milk?", ["Milk is sold from the tap, at €1.20 a litre."]),
        ("When can visitors come?", ["Visitors are welcome on Sundays from 10 to 4."]),
    ],
)  # fmt: skip
def test_other_questions_are_answered_as_ever(village: Assistant, question: str, shown: list[str]) -> None:
    answer = ask(village, question)
    assert (answer.band, quotes(answer)) == ("answered", shown)


def test_the_most_is_not_told_where_a_cell_has_no_number(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    table = (
        "| Boat | Seats | Hire |\n|---|---|---|\n| Swift | 2 | £9 |\n| Heron | 6 | on request |\n| Gull | 4 | £12 |\n"
    )
    write({"boats.md": f"# Boats\n\n{table}\nBoats are hired out from May to September.\n"})
    rebuild()
    assert names_of_boats(own, "Which boat has the most seats?") == ["Heron"]
    assert len(names_of_boats(own, "Which boat has the cheapest hire?")) != 1


def names_of_boats(own: Assistant, question: str) -> list[str]:
    return [quote.split(" | ")[0] for quote in quotes(ask(own, question)) if "|" in quote][1:]


def test_numbers_of_other_years_are_not_compared(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    def prices(first: int) -> str:
        return f"| Ticket | Price |\n|---|---|\n| Day | {first} |\n| Season | {9 * first} |\n"

    write({"tickets.md": f"# Tickets\n\n## Prices 2025\n\n{prices(4)}\n## Prices 2026\n\n{prices(5)}\n"})
    rebuild()
    assert quotes(ask(own, "Which is the cheapest ticket in 2026?")) == ["Ticket | Price", "Day | 5"]


BRANCHES = """# Branches

| Branch | Head | Staff | Address | Opened |
| --- | --- | --- | --- | --- |
| Porto | Rui Castro | 24 | Rua Nova 8 | 2009 |
| Gdansk | Ewa Zak | 41 | Dluga 12 | 2015 |
| Turin | Luca Ferri | 17 | Via Po 3 | 2020 |

## Machines

| Machine | Maker | Load | Serviced |
| --- | --- | --- | --- |
| Crane 4 | Liebherr | 12 t | March 2025 |
| Lift B | Otis | 900 kg | June 2025 |
| Press 2 | Trumpf | 80 t | January 2025 |
"""
HARBOUR = """# Harbour handbook

Boats are hired out from May to September.

## Boats

| Boat | Berths | Draught | Built | Skipper |
| --- | --- | --- | --- | --- |
| Swift | 2 | 0.9 m | 1998 | Ada Nolan |
| Grey Seal | 6 | 1.8 m | 2011 | Piet Vos |
| Gull | 4 | 1.2 m | 2004 | Ines Roca |

## Moorings

| Mooring | Depth | Fee per night | Electricity |
| --- | --- | --- | --- |
| North pier | 4 m | £22 | yes |
| Old quay | 2 m | £14 | no |
| Lock basin | 3 m | £18 | yes |
"""


@pytest.mark.parametrize(
    ("question", "band"),
    [
        ("What is the fax number of the Turin branch?", "uncertain"),
        ("What is the headcount of the Turin branch?", "answered"),
        ("What is the brand of Lift B?", "answered"),
        ("What is the capacity of Lift B?", "answered"),
        ("What is the year of construction of Swift?", "answered"),
        ("What is the price of the Old quay mooring?", "answered"),
        ("What is the charge for the Lock basin?", "answered"),
    ],
)
def test_a_row_is_no_answer_for_what_no_column_is_of(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, band: str
) -> None:
    write({"branches.md": BRANCHES, "harbour.md": HARBOUR, "library.md": LIBRARY, "farm.md": FARM})
    rebuild()
    assert ask(own, question).band == band
