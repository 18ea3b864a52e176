"""Verdicts on who does something, what comes first, and what holds even of an exception."""

from __future__ import annotations

import pytest

from tests.conftest import Check

DOCUMENTS = {
    "allotments.md": """# Allotments

The water tank is filled by the warden every Friday. Tenants bring their own hoses. The minutes are typed by the clerk
and approved by the committee at its next meeting. Fees are collected by direct debit. The warden inspects the sheds in
March.
""",
    "appeals.md": """# Appeals

Applications are sent to the board by e-mail. The board decides within four weeks. Whoever is refused may appeal to the
general meeting. The harvest supper was postponed from May to June. Guests are welcome at the spring fair.
""",
    "pump.md": """# Pump

First switch off the motor, then open the valve. Half the deposit is kept unless
the tenant is ill.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # By another, told from the other end.
        ("allotments", "The warden fills the water tank every Friday.", "Tenants fill the water tank every Friday."),
        ("allotments", "The tank is filled by the warden.", "The tank is filled by tenants."),
        ("allotments", "The clerk types the minutes.", "The committee types the minutes."),
        (
            "allotments",
            "The committee approves the minutes at its next meeting.",
            "The clerk approves the minutes at the next meeting.",
        ),
        (
            "allotments",
            "In March the sheds are inspected by the warden.",
            "In March the sheds are inspected by tenants.",
        ),
        # Another phrase in one's place.
        ("appeals", "The board decides within four weeks.", "The general meeting decides within four weeks."),
        (
            "appeals",
            "Applications are sent to the board by e-mail.",
            "Applications are sent to the general meeting by e-mail.",
        ),
        # What is no opposite elsewhere.
        ("appeals", "The harvest supper was postponed.", "The harvest supper was cancelled."),
        ("appeals", "Guests are welcome at the spring fair.", "Guests are required at the spring fair."),
        # What comes first.
        (
            "pump",
            "Switch off the motor first, then open the valve.",
            "First open the valve, then switch off the motor.",
        ),
        (
            "pump",
            "Switch off the motor before you open the valve.",
            "Open the valve before you switch off the motor.",
        ),
        # An exception.
        (
            "pump",
            "Half the deposit is kept, unless the tenant is ill.",
            "Half the deposit is kept even if the tenant is ill.",
        ),
    ],
)
def test_who_does_it_and_in_what_order(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support == "supported"
    assert check(document, wrong).support == "unsupported"


@pytest.mark.parametrize(
    "sentence",
    [
        "The fees are collected by the club by direct debit.",  # how, and no other one
        "The association has the fees collected by direct debit.",
        "The tank is filled on Fridays by the warden.",
    ],
)
def test_who_does_it_may_be_told_in_other_words(check: Check, sentence: str) -> None:
    assert check("allotments", sentence).support != "unsupported"


@pytest.mark.parametrize(
    "sentence", ["Guests must show a pass.", "The board meets in the library.", "Tenants may sing."]
)
def test_what_is_invented_of_a_known_thing_is_not_called_supported(check: Check, sentence: str) -> None:
    assert check("appeals", sentence).support != "supported"
