"""Verdicts on sentences that are of all, of always and of one alone, and on what is excluded and excepted."""

from __future__ import annotations

import pytest

from assistant.verdict.sentences import read
from tests.conftest import Check

DOCUMENTS = {
    "library.md": """# Town library

Every member may borrow books. Members over 16 can borrow films. Up to four magazines may be reserved at a time. The
reading room is always quiet. Drinks are permitted in bottles with a lid. Pupils may not use the scanner, except in
school holidays. The librarian can extend a loan by phone. Holders of a silver card may enter the archive. Fines are
never waived.
""",
    "camp.md": """# Camp site

In summer dogs must be on a lead at all times. Pitches with electricity cost 6 euros more. Most of the trees were felled
after the storm. The insurance lasts one season, but it does not cover tents. Caravans are excluded from the upper
meadow because of the slope. Every tent above 30 kilograms has to be registered. Staff of the camp site wear green caps.
The pool is cleaned every evening. A deposit of 20 euros is taken for fishing rods worth more than 100 euros.
""",
    "bad.md": """# Schwimmbad

Alle Besucher müssen vor dem Baden duschen. Gäste mit Jahreskarte dürfen die Sauna benutzen. Der Bademeister kann das
Becken sperren.
""",
    "sala.md": """# Biblioteca

Todos los socios pueden usar la sala. Los socios con tarjeta verde pueden pedir revistas.
""",
}


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # Of all, where the sources say which ones or how many.
        ("library", "All members may borrow books.", "All members may borrow films."),
        ("library", "Every member over 16 can borrow films.", "Every member can borrow films."),
        ("library", "At most four magazines may be reserved at a time.", "All magazines may be reserved at a time."),
        ("library", "Every holder of a silver card may enter the archive.", "All card holders may enter the archive."),
        ("camp", "Every pitch with electricity costs 6 euros more.", "All pitches cost 6 euros more."),
        ("camp", "All tents above 30 kilograms have to be registered.", "Every tent has to be registered."),
        ("camp", "Most trees were felled after the storm.", "All trees were felled after the storm."),
        ("camp", "All staff wear green caps.", "No staff wear green caps."),
        ("bad", "Jeder Besucher muss vor dem Baden duschen.", "Alle Gäste dürfen die Sauna benutzen."),
        (
            "sala",
            "Todos los socios con tarjeta verde pueden pedir revistas.",
            "Todos los socios pueden pedir revistas.",
        ),
        ("camp", "The pool is cleaned daily.", "The pool is cleaned every week."),
        (
            "camp",
            "A deposit of 20 euros is taken for all fishing rods worth more than 100 euros.",
            "A deposit of 20 euros is taken for all fishing rods.",
        ),
        # Always, where they have a condition.
        ("library", "The reading room is quiet at all times.", "Drinks are always permitted."),
        ("camp", "In summer, dogs must always be on a lead.", "Dogs must always be on a lead."),
        # Only one, where they leave others open.
        ("library", "Only holders of a silver card may enter the archive.", "Only the librarian can extend a loan."),
        ("bad", "Nur Gäste mit Jahreskarte dürfen die Sauna benutzen.", "Nur der Bademeister kann das Becken sperren."),
        # An exception, and its rule.
        (
            "library",
            "Pupils may only use the scanner in school holidays.",
            "Nobody may use the scanner in school holidays.",
        ),
        (
            "library",
            "Pupils may not use the scanner unless in school holidays.",
            "Pupils may use the scanner except in school holidays.",
        ),
        # What is excluded is denied.
        ("camp", "Caravans are not allowed on the upper meadow.", "Caravans are allowed on the upper meadow."),
        ("camp", "Tents are excluded from the insurance.", "Tents are not excluded from the insurance."),
    ],
)
def test_a_sentence_is_of_no_more_than_its_sources(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support == "supported"
    assert check(document, wrong).support == "unsupported"


def test_what_the_question_limits_need_not_be_limited_again(check: Check) -> None:
    assert check("library", "All members may borrow films.", "May members over 16 borrow films?").support == "supported"


def test_a_sentence_of_the_source_is_borne_out_whatever_was_asked(check: Check) -> None:
    assert check("library", "Fines are never waived.", "What is the weight of the catalogue?").support == "supported"
    assert check("library", "Fines are waived.", "What is the weight of the catalogue?").support == "unsupported"


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Tents are excluded from the insurance.", [("insur", "tent")]),
        ("Tents are not excluded from the insurance.", []),
        ("They excluded tents.", []),
        ("Hunde sind vom Turnier ausgeschlossen.", [("hund", "turnier")]),
    ],
)
def test_excluded_denies(text: str, denied: list[tuple[str, ...]]) -> None:
    assert list(read(text).denials) == denied
