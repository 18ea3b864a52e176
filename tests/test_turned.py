"""Verdicts on conditions said by two negations, limits said by "older than", and little numbers in another's place."""

from __future__ import annotations

import pytest

from assistant.words.pieces import pieces
from tests.conftest import Check

DOCUMENTS = {
    "kennels.md": """# Kennels

Dogs may not be walked without a lead. Helpers must be at least 18 years old. Two keepers must sign for each medicine.
Visitors must stay behind the fence. A place costs £22 per square metre. At night only the office is open. Nobody may
enter the stable without boots. A dog stays for 18 euros per night.
""",
    "werft.md": """# Werft

Ohne Schutzbrille darf niemand schleifen. Lacke dürfen nicht ohne Maske gespritzt werden.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # "Not without" is a condition.
        ("kennels", "Dogs may only be walked with a lead.", "Dogs may be walked without a lead."),
        ("kennels", "Dogs may not be walked without a lead.", "Dogs may be walked."),
        ("kennels", "You may enter the stable only with boots.", "You may enter the stable without boots."),
        ("werft", "Lacke dürfen nur mit Maske gespritzt werden.", "Lacke dürfen ohne Maske gespritzt werden."),
        # "Nothing but" is only.
        ("kennels", "At night nothing but the office is open.", "At night everything but the office is open."),
        # The other side of an age.
        ("kennels", "Helpers must be 18 years old or older.", "Helpers must be younger than 18 years."),
        # One in the place of two.
        ("kennels", "Two keepers have to sign for each medicine.", "One keeper must sign for each medicine."),
        ("kennels", "Visitors have to stay behind the fence.", "Visitors must leave the fence."),
        # What a figure is for.
        ("kennels", "A dog stays for 18 euros for each night.", "A dog stays for 18 euros a week."),
        ("kennels", "A place costs £22 for each square metre.", "A place costs £24 for each square metre."),
    ],
)
def test_the_contrary_is_not_borne_out(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support == "supported"
    assert check(document, wrong).support == "unsupported"


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Dogs may not be walked without a lead.", []),
        ("Dogs may be walked without a lead.", ["lead"]),
        ("Dogs may not be walked, and cats sleep without a basket.", ["walk", "basket"]),
        ("Nothing but water is sold.", []),
    ],
)
def test_two_negations_of_one_clause_are_none(text: str, denied: list[str]) -> None:
    assert [term for piece in pieces(text) if piece.denied for term in piece.terms] == denied
