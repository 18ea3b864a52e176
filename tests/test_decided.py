"""Verdicts on what was decided, and on opposites in one place."""

from __future__ import annotations

import pytest

from tests.conftest import Check

DOCUMENTS = {
    "council.md": """# Council

The council turned down the new road. The festival in June was called off because of the drought. The proposal to sell
the barn was rejected. The museum abandoned its plan to charge for entry. Ms Hall's request for a raise was denied. The
club's request for a boathouse was approved. The board raised the rent. Work abroad is allowed only within the European
Union. Registration is mandatory, and the workshop is optional.
""",
    "verein.md": """# Verein

Der Vorstand lehnte den Kauf eines neuen Bootes ab. Das Sommerfest wurde abgesagt. Der Beitrag wurde gesenkt.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        ("council", "The council rejected the new road.", "The council approved the new road."),
        ("council", "The council did not approve the new road.", "The council will build the new road."),
        ("council", "The festival in June was cancelled.", "The festival in June takes place."),
        ("council", "There was a proposal to sell the barn.", "The council decided to sell the barn."),
        ("council", "The barn was not sold.", "It was agreed to sell the barn."),
        ("council", "The museum had planned to charge for entry.", "The museum charges for entry."),
        ("council", "Ms Hall was refused a raise.", "Ms Hall's request for a raise was granted."),
        ("council", "The club's boathouse was approved.", "The club's request for a boathouse was turned down."),
        ("council", "The board increased the rent.", "The board cut the rent."),
        (
            "council",
            "Work abroad is not allowed outside the European Union.",
            "Work is allowed outside the European Union.",
        ),
        ("verein", "Der Kauf eines neuen Bootes wurde abgelehnt.", "Der Vorstand beschloss den Kauf eines Bootes."),
        ("verein", "Das Sommerfest wurde abgesagt.", "Das Sommerfest findet statt."),
        ("verein", "Gesenkt wurde der Beitrag.", "Der Beitrag wurde erhöht."),
    ],
)
def test_what_was_rejected_is_not_done(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support != "unsupported"
    assert check(document, wrong).support == "unsupported"


def test_a_word_of_the_same_meaning_is_no_opposite(check: Check) -> None:
    assert check("council", "You have to register, while the workshop is voluntary.").support == "supported"
