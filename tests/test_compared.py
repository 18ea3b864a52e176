"""Verdicts on what a sentence compares, by the figures of a table's column."""

from __future__ import annotations

import pytest

from tests.conftest import Check

DOCUMENTS = {
    "kettles.md": """# Kettles for hire

| Kettle | Power (watts) | Price (euros) | Weight (kg) | Year |
| --- | --- | --- | --- | --- |
| Tarn 10 | 1,800 | 12 | 3 | 2015 |
| Tarn 10 Pro | 2400 | 19 | 4 | 2019 |
| Moss | 900 | 7 | 2 | 2021 |

Hire is for a week.
""",
    "kammern.md": """# Lagerkammern

| Kammer | Fläche (m²) | Preis (Euro) | Zugang |
| --- | --- | --- | --- |
| Ost | 12 | 80 | täglich |
| West | 20 | 95 | täglich |
| Mitte | 8 | 110 | werktags |
""",
    "discs.md": """# Discs

| Disc | Size |
| --- | --- |
| Aro | 500 GB |
| Bel | 2 TB |
""",
}


@pytest.mark.parametrize(
    ("document", "sentence", "support"),
    [
        ("kettles", "The Tarn 10 Pro is the most powerful kettle.", "supported"),
        ("kettles", "The Tarn 10 is the most powerful kettle.", "unsupported"),
        ("kettles", "The cheapest kettle is the Moss, at 7 euros.", "supported"),
        ("kettles", "The cheapest kettle is the Tarn 10, at 12 euros.", "unsupported"),
        ("kettles", "The Tarn 10 Pro costs more than the Tarn 10.", "supported"),
        ("kettles", "The Tarn 10 costs more than the Tarn 10 Pro.", "unsupported"),
        ("kettles", "The Moss is lighter than all others.", "supported"),
        ("kettles", "The Moss is older than the Tarn 10.", "unsupported"),
        ("kettles", "The Moss is less powerful than the Tarn 10.", "supported"),
        ("kammern", "Mitte ist kleiner als Ost.", "supported"),
        ("kammern", "West ist die größte Kammer.", "supported"),
        ("kammern", "Ost ist größer als West.", "unsupported"),
        ("kammern", "Die teuerste Kammer ist Mitte.", "supported"),
        ("kammern", "West ist die günstigste Kammer.", "unsupported"),
    ],
)
def test_a_column_tells_what_is_more(check: Check, document: str, sentence: str, support: str) -> None:
    verdict = check(document, sentence)
    assert verdict.support == support, verdict


def test_what_limits_a_comparison_may_make_it_right(check: Check) -> None:
    assert check("kettles", "The Tarn 10 is the cheapest kettle of those with more than 1,000 watts.").score > 0.3


def test_sizes_in_several_units_are_not_compared(check: Check) -> None:
    assert check("discs", "The Aro is larger than the Bel.").support != "supported"
    assert check("discs", "The Aro is the largest disc.").support != "supported"
