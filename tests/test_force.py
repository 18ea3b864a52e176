"""Verdicts on what must and may be, what is joined by "and" or "or", exchanged verbs and what belongs to another."""

from __future__ import annotations

import pytest

from assistant.words.figures import bears_out, figures
from tests.conftest import Check

DOCUMENTS = {
    "workshop.md": """# Repair workshop

Members may use the lathe on Tuesdays. Goggles must be worn at the lathe. The key should be returned before noon. Tools
are kept in the shed and the cellar. The lamp is fed by battery or by mains. The first key is free, every further key
costs 15 euros. In spring the storm damaged the roof and the joiner repaired the gate.
""",
    "school.md": """# Music school

Ruth Calder directs the choir. Ivo Brandt directs the orchestra. The east room holds pianos and the west room holds
drums. Children pay 40 euros a term, adults pay 65 euros. Scores are excluded from lending. Records may be borrowed for
25 working days. The concert ended the feud of the two bands. The
rivalry of their conductors had caused it.
""",
    "halle.md": """# Sporthalle

Die Halle ist werktags von 8 bis 20 Uhr geöffnet. Vereine dürfen die Halle mieten. Gäste müssen Turnschuhe tragen. Der
Schlüssel soll abends abgegeben werden. Den Geräteraum dürfen nur Trainer betreten. Bälle sind von der Ausleihe
ausgeschlossen. Matten können für 15 Arbeitstage ausgeliehen werden.
""",
}


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("workshop", "Members must use the lathe on Tuesdays."),
        ("workshop", "Goggles may be worn at the lathe."),
        ("workshop", "The key must be returned before noon."),
        ("workshop", "Tools are kept in the shed or the cellar."),
        ("workshop", "The lamp is fed by battery and by mains."),
        ("school", "Ruth Calder directs the orchestra."),
        ("school", "The west room holds pianos."),
        ("school", "Adults pay 40 euros a term."),
        ("school", "The concert caused the feud of the two bands."),
        ("halle", "Vereine müssen die Halle mieten."),
        ("halle", "Gäste können Turnschuhe tragen."),
        ("halle", "Der Schlüssel muss abends abgegeben werden."),
        ("halle", "Die Halle ist werktags und samstags von 8 bis 20 Uhr geöffnet."),
    ],
)
def test_another_force_joint_or_owner_is_not_borne_out(check: Check, document: str, sentence: str) -> None:
    verdict = check(document, sentence)
    assert verdict.support == "unsupported", verdict


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("workshop", "Members are allowed to use the lathe on Tuesdays."),
        ("workshop", "Goggles have to be worn at the lathe."),
        ("workshop", "You may keep tools in the shed or the cellar."),
        ("school", "Adults pay 65 euros."),
        ("school", "Scores cannot be borrowed."),
        ("school", "Records may be borrowed for five weeks."),
        ("halle", "Gäste müssen in der Halle Turnschuhe tragen."),
        ("halle", "Die Halle ist von Montag bis Freitag von 8 bis 20 Uhr geöffnet."),
        ("halle", "Zutritt zum Geräteraum haben nur Trainer."),
        ("halle", "Bälle können nicht ausgeliehen werden."),
        ("halle", "Matten können für drei Wochen ausgeliehen werden."),
    ],
)
def test_what_says_the_same_is_borne_out(check: Check, document: str, sentence: str) -> None:
    verdict = check(document, sentence)
    assert verdict.support == "supported", verdict


@pytest.mark.parametrize(
    ("said", "found", "same"),
    [
        ("five weeks", "25 working days", True),
        ("drei Wochen", "15 Arbeitstage", True),
        ("25 days", "25 business days", True),
        ("four weeks", "25 working days", False),
        ("five weeks", "35 days", True),
        ("five weeks", "25 days", False),
    ],
)
def test_five_days_of_a_week_are_worked(said: str, found: str, same: bool) -> None:
    assert bears_out(figures(said)[0], figures(found)) == same
