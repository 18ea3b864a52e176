"""Verdicts on limits in time and number that are turned round, and on what an ordinal counts."""

from __future__ import annotations

import pytest

from tests.conftest import Check

DOCUMENTS = {
    "clinic.md": """# Clinic

The clinic is open from 7:30 to 16:45. Blood samples are handed in by Friday. Results are sent within 48 hours. Ms Osei
has led the clinic since 2014. The lease runs until 2027. Up to 6 people may wait inside. Bills are
paid by the tenth day of the month.
""",
    "money.md": """# Money

Each department is given 5,000 euros a year for travel. Repairs are covered up to 500 euros. Trips are announced no
later than one month prior to their start. Drivers may choose between a van and a bus.
""",
    "schule.md": """# Schule

Anträge werden innerhalb von 14 Tagen bearbeitet. Das Sekretariat ist ab 8:15 Uhr besetzt. Herr Brandt war bis 2018
Rektor. Die Mensa schließt um 14:00 Uhr. Die Miete ist am ersten Tag des Monats fällig.
""",
    "trainees.md": """# Trainees

Trainees get a desk in the second week. A certificate is needed from the fourth day of illness. Leave may be taken after
the third month. The first exam takes place in May and is written. The second exam takes place in July. Lockers are
handed out on the first day.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        ("clinic", "The clinic opens at 7:30.", "The clinic opens at 16:45."),
        ("clinic", "The clinic is open until 16:45.", "The clinic is open from 16:45."),
        ("clinic", "Blood samples are handed in on Friday at the latest.", "Blood samples are handed in after Friday."),
        ("clinic", "Results are sent in less than 48 hours.", "Results are sent every 48 hours."),
        ("clinic", "Ms Osei became head of the clinic in 2014.", "Ms Osei led the clinic until 2014."),
        ("clinic", "Bills are paid until the tenth day.", "Bills are paid after the tenth day."),
        ("clinic", "The lease ends in 2027.", "The lease starts in 2027."),
        ("clinic", "At most 6 people may wait inside.", "At least 6 people may wait inside."),
        ("clinic", "The clinic is open between 7:30 and 16:45.", "The clinic is open after 16:45."),
        ("money", "Repairs are covered if they cost up to 500 euros.", "Repairs are covered above 500 euros."),
        (
            "money",
            "Trips are announced at least one month before their start.",
            "Trips are announced no later than one month after their start.",
        ),
        (
            "money",
            "Departments get 5,000 euros a year for travel.",
            "Each department is given 5,000 euros a month for travel.",
        ),
        ("money", "Drivers have the choice of a van or a bus.", "Drivers choose neither a van nor a bus."),
        ("schule", "Anträge werden in höchstens 14 Tagen bearbeitet.", "Anträge werden nach 14 Tagen bearbeitet."),
        ("schule", "Das Sekretariat ist frühestens um 8:15 Uhr besetzt.", "Das Sekretariat ist bis 8:15 Uhr besetzt."),
        ("schule", "Bis 2018 war Herr Brandt Rektor.", "Seit 2018 ist Herr Brandt Rektor."),
    ],
)
def test_what_is_on_the_other_side_of_a_limit_is_unsupported(
    check: Check, document: str, right: str, wrong: str
) -> None:
    assert check(document, right).support != "unsupported"
    assert check(document, wrong).support == "unsupported"


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        ("trainees", "In the second week trainees get a desk.", "Trainees get a desk in the first week."),
        (
            "trainees",
            "From the 4th day of illness a certificate is needed.",
            "A certificate is needed from the first day.",
        ),
        ("trainees", "Leave may be taken from the fourth month on.", "Leave may be taken after the second month."),
        ("trainees", "The second exam takes place in July.", "The first exam takes place in July."),
        ("schule", "Am ersten Tag des Monats ist die Miete fällig.", "Die Miete ist am zweiten Tag des Monats fällig."),
    ],
)
def test_what_is_counted_is_the_one_of_the_passage(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support != "unsupported"
    assert check(document, wrong).support == "unsupported"
