"""Tables whose columns are months or years, and rows that one word names."""

from __future__ import annotations

import pytest

from tests.conftest import Check

DOCUMENTS = {
    "hours.md": """# Hours

| Place | April to September | October to March |
| --- | --- | --- |
| Hire desk | 8:30–19:00 | 10:00–15:30 |
| Workshop | 7:00–16:00 | 8:00–16:00 |
| Kiosk | open | closed |

On public holidays only the hire desk is open.
""",
    "boats.md": """# Boats

| Boat | Half day | Deposit |
| --- | --- | --- |
| Dinghy (Wren) | £45 | £150 |
| Keelboat (Heron) | £95 | £400 |
""",
    "visitors.md": """# Visitors

| Museum | 2023 | 2024 |
| --- | --- | --- |
| Toys | 1200 | 1500 |
| Ships | 3400 | 3100 |
""",
}


@pytest.mark.parametrize(
    ("document", "sentence", "support"),
    [
        ("hours", "From April to September the hire desk is open from 8:30 to 19:00.", "supported"),
        ("hours", "The hire desk is open from 10:00 to 15:30 from October to March.", "supported"),
        ("hours", "From October to March the workshop opens at 8:00.", "supported"),
        ("hours", "The kiosk is closed from October to March.", "supported"),
        ("visitors", "In 2024 the ships had 3100 visitors.", "supported"),
        ("boats", "The deposit for a keelboat is £400.", "supported"),
        ("boats", "The deposit for a keelboat is £150.", "unsupported"),
        ("hours", "From April to September the hire desk is open from 10:00 to 15:30.", "unsupported"),
        ("hours", "From October to March the hire desk is open from 8:30 to 19:00.", "unsupported"),
        ("hours", "From October to March the workshop opens at 7:00.", "unsupported"),
        ("hours", "The kiosk is closed from April to September.", "unsupported"),
        ("hours", "The kiosk is open from October to March.", "unsupported"),
        ("visitors", "In 2023 the ships had 3100 visitors.", "unsupported"),
        ("visitors", "In 2023, the ships museum had 3100 visitors.", "unsupported"),
    ],
)
def test_columns_are_named_by_months_and_years_and_rows_by_one_word(
    check: Check, document: str, sentence: str, support: str
) -> None:
    assert check(document, sentence).support == support
