"""The date that a document gives itself."""

from __future__ import annotations

import pytest

from index.dating import dated, stated
from index.formats.markup import read_html, read_markdown


@pytest.mark.parametrize(
    ("title", "text", "name", "date"),
    [
        ("Leave", "Leave\n\nUpdated: 3 March 2025\n\nIt is long.", "leave", "2025-03-03"),
        ("Leave", "Leave\nLast updated on March 3rd, 2025\n", "leave", "2025-03-03"),
        ("Leave", "Leave\nStand: 03.03.2025\n", "leave", "2025-03-03"),
        ("Leave", "Leave\n2025-03-03\nIt is long.", "leave", "2025-03-03"),
        ("Nitrate", "Nitrate\n*Procedure 7, version 4, in force since 1 March 2025*\n", "nitrate", "2025-03-01"),
        ("Nitrate", "Nitrate\n*Procedure 7, version 3, 12 June 2019. Superseded.*\n", "nitrate", "2019-06-12"),
        ("Fees", "Fees\n*Agreed on 12 March 2024*\n", "fees", "2024-03-12"),
        ("Fees", "Fees\nApproved by the board on 3 May 2025\n", "fees", "2025-05-03"),
        ("Nitrate", "Nitrate\nThe version of the tale that was told on 12 June 2019 is long.\n", "nitrate", None),
        ("Minutes of 14 January 2025", "Present: all.", "minutes", "2025-01-14"),
        ("Minutes", "Present: all.", "2025-01-14 board", "2025-01-14"),
        ("Minutes", "Present: all.", "board_2025-01-14", "2025-01-14"),
        ("Leave", "On 3 March 2025 the line was shut.", "leave", None),
        ("Leave", "It is valid from 1 May 2024 to 1 May 2025.", "leave", None),
        ("From 1 May 2024 to 1 June 2024", "It rained.", "leave", None),
        ("Leave", "Updated: 31 February 2025", "leave", None),
        ("Leave", "Updated: 03/04/2025", "leave", None),  # the third of April, or the fourth of March
        ("Leave 2025", "It is long.", "leave", None),
    ],
)
def test_only_what_dates_the_document_is_its_date(title: str, text: str, name: str, date: str | None) -> None:
    assert stated(title, text, name) == date


def test_when_it_was_changed_goes_before_when_it_was_made() -> None:
    assert dated({"date": "2024-01-01", "Updated": "2025-02-03T10:00:00Z"}) == "2025-02-03"
    assert dated({"author": "2024-01-01"}) is None


def test_front_matter_and_meta_tags_are_read() -> None:
    assert read_markdown(b"---\ndate: 2024-01-15\n---\n# Leave\n\nIt is long.").date == "2024-01-15"
    meta = b'<meta property="article:modified_time" content="2025-02-03T10:00:00+00:00">'
    assert read_html(b"<head>" + meta + b"</head><body><p>It is long.</p></body>").date == "2025-02-03"
