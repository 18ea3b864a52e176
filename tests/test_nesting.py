"""Rows and items that belong to one thing of several: what stands under "Hall B" says something of Hall B."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from index.types import BuildReport

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

HALLS = """# Halls

Two halls can be hired.

- Hall A
  - 120 seats
  - 400 EUR for a morning, 600 EUR for an evening
- Hall B
  - 40 seats
  - 150 EUR for a morning, 250 EUR for an evening
"""
HOURS = """# Opening hours

| Area | Weekdays | Sunday |
|---|---|---|
| Library | 9:00-17:00 | closed |
| Shop | 10:00-18:00 | 12:00-16:00 |

Everything is closed on 1 January.
"""


@pytest.mark.parametrize(
    ("document", "question", "quotes"),
    [
        (HALLS, "What does Hall A cost in the morning?", ["Hall A", "400 EUR for a morning, 600 EUR for an evening"]),
        (HALLS, "How much is Hall B in the evening?", ["Hall B", "150 EUR for a morning, 250 EUR for an evening"]),
        (HALLS, "How many seats are in Hall B?", ["Hall B", "40 seats"]),
        (HOURS, "When does the shop close?", ["Area | Weekdays | Sunday", "Shop | 10:00-18:00 | 12:00-16:00"]),
        (HOURS, "When is the library closed?", ["Area | Weekdays | Sunday", "Library | 9:00-17:00 | closed"]),
    ],
)
def test_what_is_said_of_the_one_that_is_named_answers(
    own: Assistant, write: Write, rebuild: Rebuild, document: str, question: str, quotes: list[str]
) -> None:
    write({"a.md": document})
    rebuild()
    answer = own.ask(question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations if "1 January" not in citation.quote] == quotes


def test_an_item_under_a_whole_sentence_stands_alone(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"a.md": "# Cars\n\n- Cars of the firm are booked at the desk.\n  - Fuel is paid by the office.\n- No pets."})
    rebuild()
    assert [citation.quote for citation in own.ask("Who pays for fuel?").citations] == ["Fuel is paid by the office."]


VAULTS = {
    "freezer.md": "# Minutes\n\n## Freezer for Vault V\n\nThe temperature has held at -5 degrees.\n",
    "rules.md": "# Rules\n\nFilm is kept in Vault N at 4 degrees. Vault A is 96 % full.\n",
    "seats.md": "# Screens\n\nScreen 1 has 186 seats. Screen 2 has 48 seats.\n",
}


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("What is the temperature in Vault N?", ["Film is kept in Vault N at 4 degrees."]),
        ("What is the temperature in Vault V?", ["The temperature has held at -5 degrees."]),
        ("How many seats does Screen 1 have?", ["Screen 1 has 186 seats."]),
    ],
)
def test_what_has_another_letter_or_number_gives_way(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, quotes: list[str]
) -> None:
    write(VAULTS)
    rebuild()
    answer = own.ask(question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations] == quotes


@pytest.mark.parametrize("question", ["How full is Vault B?", "How many seats are in Screen 3?"])
def test_what_has_another_letter_or_number_is_no_answer(
    own: Assistant, write: Write, rebuild: Rebuild, question: str
) -> None:
    write(VAULTS)
    rebuild()
    assert own.ask(question).band != "answered"
