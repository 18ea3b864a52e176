"""Verdicts on sentences that leave words out or join things, and on such sources."""

from __future__ import annotations

import pytest

from assistant.verdict.sentences import read
from assistant.words.labels import labels
from assistant.words.names import is_in_compound
from assistant.words.pieces import pieces
from tests.conftest import Check

DOCUMENTS = {
    "baths.md": """# Baths

The sauna is open on weekdays. On Saturdays it is closed. The steam room is heated on Tuesdays, Wednesdays and Fridays.
Towels are changed daily. The water is tested weekly. A locker for a day costs 2 euros. Coins are accepted; credit cards
are not. Swimmers get a cap. Divers bring a mask. Guests are served juice and tea. Wine is served at weddings.
""",
    "studio.md": """# Studio

Only restorers may enter the studio. Readers sit in the hall. The lamp is needed only for the microscope. Letters are
read in the office. All painters have a key to the attic. Interns do not have a key to the attic.
The heater is needed for the kiln and the press. It is not needed for paper.
""",
    "gates.md": """# Gates

Gate 3 is closed in winter and gate 7 is open. The small hut costs 40 euros a night. The large hut costs 75 euros a
night. Room 12 costs 90 euros.
""",
    "bad.md": """# Bad

Das Wasser wird täglich geprüft. Das Becken ist montags und mittwochs geöffnet. Besucher tragen den Besucherausweis
sichtbar. Der Schlüssel liegt bei Herrn Brandt.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # Days that are named, and further ones.
        ("baths", "The sauna is open on Mondays and Fridays.", "The sauna is open on weekdays and Saturdays."),
        ("baths", "The sauna is open on weekdays and closed on Saturdays.", "The sauna is open Monday to Saturday."),
        ("baths", "The sauna is open on weekdays.", "The sauna is open on weekdays as well as at weekends."),
        ("baths", "The steam room is heated on Tuesdays and Fridays.", "The steam room is heated on Sundays."),
        ("bad", "Das Becken ist montags geöffnet.", "Das Becken ist montags und freitags geöffnet."),
        # How often something is.
        ("baths", "The towels are changed every day.", "The towels are changed every week."),
        ("baths", "The water is tested each week.", "The water is tested every year."),
        ("baths", "A locker for one day costs 2 euros.", "A locker for two days costs 2 euros."),
        ("bad", "Das Wasser wird jeden Tag geprüft.", "Das Wasser wird jede Woche geprüft."),
        # One that is joined to another, of which something else is said.
        ("studio", "Restorers may enter the studio.", "Restorers and readers may enter the studio."),
        ("baths", "Swimmers get a cap and divers bring a mask.", "Both swimmers and divers get a cap."),
        ("baths", "Guests are served tea and juice.", "Guests are served tea and wine."),
        # What is denied without its verb.
        ("baths", "Coins are accepted, but no credit cards.", "Coins and credit cards are accepted."),
        ("baths", "Credit cards are not accepted.", "You can pay with coins or by credit card."),
        ("baths", "Coins are accepted, credit cards are not.", "Credit cards are accepted, coins are not."),
        # "Only" of one thing denies it of others.
        ("studio", "The lamp is not needed for letters, only for the microscope.", "The lamp is not needed."),
        ("studio", "The lamp is not needed for letters.", "The lamp is not needed for the microscope."),
        ("studio", "Readers may not enter the studio.", "Restorers may not enter the studio."),
        (
            "studio",
            "You don't need the heater to dry paper, only for the kiln and the press.",
            "You don't need the heater for the kiln and the press.",
        ),
        # An exception that has a sentence of its own.
        ("studio", "All painters except interns have a key to the attic.", "All painters have a key, interns too."),
        ("studio", "No one except restorers may enter the studio.", "No one except readers may enter the studio."),
        # Second clauses without what the first has.
        ("gates", "Gate 3 is closed in winter, gate 7 open.", "Gate 3 is open in winter, gate 7 closed."),
        (
            "gates",
            "The small hut costs 40 euros a night, the large hut 75.",
            "The small hut costs 75 euros a night, the large hut 40.",
        ),
        # A German noun in a longer one.
        ("bad", "Ausweise für Besucher werden sichtbar getragen.", "Der Schlüssel liegt bei Herrn Krause."),
    ],
)  # fmt: skip
def test_what_is_left_out_is_read_and_what_is_joined_is_checked(
    check: Check, document: str, right: str, wrong: str
) -> None:
    assert check(document, right).support == "supported"
    assert check(document, wrong).support == "unsupported"


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Coins are accepted; credit cards are not.", [("credit", "card")]),
        ("It is not for mail but for the wiki.", [("mail",)]),
    ],
)
def test_a_negation_ends_with_its_clause(text: str, denied: list[tuple[str, ...]]) -> None:
    assert list(read(text).denials) == denied


def test_how_often_is_one_piece() -> None:
    for text in ("It is tested daily", "It is tested every day", "It is tested each day"):
        assert [piece.terms for piece in pieces(text)][-1] == ("day",)


def test_a_number_that_measures_what_was_measured_before_is_no_label() -> None:
    assert not labels("A small room costs 40 euros, the large room 75")
    assert [label.value for label in labels("The press costs 40 euros and stands in room 12")] == ["12"]
    assert [label.value for label in labels("Room 12 costs 40 euros, room 14 less")] == ["12", "14"]


def test_a_german_noun_in_a_longer_one() -> None:
    assert is_in_compound(("ausweis",), {"besucherauswei"})
    assert is_in_compound(("zutritt",), {"zutrittsauswei"})
    assert not is_in_compound(("hans",), {"hansestadt"})
    assert not is_in_compound(("herr", "brandt"), {"brandtstrass"})
