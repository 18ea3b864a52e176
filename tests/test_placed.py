"""Verdicts on sentences that say some cells of a table's row, and on what is open, closed, called off or denied."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from index.encoder import Encoder
from tests.conftest import Check, checking, generation_of

DOCUMENTS = {
    "frames.md": """# Picture frames

| Frame | Small | Large | Delivery |
| --- | --- | --- | --- |
| Oak | 45 euros | 80 euros | 2 weeks |
| Walnut | 60 euros | 110 euros | 3 weeks |
| Gilded | 140 euros | 260 euros | 6 weeks |
""",
    "hosting.md": """# Hosting

| Plan | Price | Users | Storage |
| --- | --- | --- | --- |
| Basic | 9 euros | 1 | 10 GB |
| Team | 39 euros | 10 | 200 GB |
| Business | 129 euros | 50 | 2 TB |
""",
    "contacts.md": """# Contacts

| Department | Contact | Extension | Days |
| --- | --- | --- | --- |
| Accounts | Rita Moss | 310 | Mon, Thu |
| Personnel | Omar Diaz | 325 | Tue |
| Reception | Ella Finch | 300 | Wed–Sun |
""",
    "buses.md": """# Buses

| Bus | Departure | Destination | Arrival | Stop |
| --- | --- | --- | --- | --- |
| 21 | 6:15 | Harlow | 7:05 | B |
| 34 | 7:20 | Brent | 7:55 | C |
| 58 | 11:10 | Quarry Hill | 12:30 | D |
""",
    "library.md": """# Library

The library is open Tuesday to Saturday from 9:00 to 18:00. Reference works may not be taken home. In August the library
closes at 14:00.
""",
    "news.md": """# News

The summer party was cancelled. The shop is open until 18:30. The board kept the sports day. Das Archiv ist von 10 bis
16 Uhr geöffnet.
""",
}


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Check]:
    with generation_of(DOCUMENTS, tmp_path_factory.mktemp("placed"), encoder) as generation:
        yield checking(generation, encoder)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("hosting", "Team has 200 GB of storage."),
        ("hosting", "Team costs 39 euros for 10 users."),
        ("hosting", "The storage of the Business plan is 2 TB."),
        ("hosting", "Basic costs 9 euros, Team 39 euros and Business 129 euros."),
        ("hosting", "Users: Basic 1, Team 10, Business 50"),
        ("hosting", "- Plan: Team; Price: 39 euros; Users: 10"),
        ("contacts", "The extension of Rita Moss is 310."),
        ("contacts", "- Department: Reception; Extension: 300"),
        ("contacts", "Ella Finch works from Wednesday to Sunday."),
        ("contacts", "Accounts is there on Mondays and Thursdays."),
        ("buses", "Bus 21 leaves at 6:15 from stop B."),
        ("buses", "The 21 to Harlow arrives at 7:05."),
        ("buses", "The bus to Quarry Hill departs at 11:10."),
        ("library", "The library closes at 18:00."),
        ("library", "You cannot take reference works home."),
        ("news", "The shop closes at 18:30."),
        ("news", "There will be no summer party."),
        ("news", "Das Archiv schließt um 16 Uhr."),
    ],
)
def test_some_cells_of_a_row_are_borne_out(check: Check, document: str, sentence: str) -> None:
    assert check(document, sentence).support == "supported"


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        ("frames", "A small oak frame costs 80 euros."),
        ("frames", "Oak costs 45 euros for a small frame and 110 euros for a large one."),
        ("hosting", "Team has 2 TB of storage."),
        ("hosting", "Team costs 200 euros for 10 users."),
        ("hosting", "Team has 10 GB for 10 users."),
        ("hosting", "Team costs 39 euros for 50 users."),
        ("hosting", "Basic costs 9 euros, Team 129 euros and Business 39 euros."),
        ("hosting", "- Plan: Team; Price: 10; Users: 39 euros"),
        ("hosting", "- Plan: Basic; Users: 10; Storage: 10 GB"),
        ("contacts", "Ella Finch has extension 325."),
        ("contacts", "Ella Finch works from Monday to Friday."),
        ("contacts", "Accounts is there on Mondays and Fridays."),
        ("contacts", "- Department: Reception; Extension: 325"),
        ("buses", "Bus 58 leaves from stop C."),
        ("library", "The library opens at 18:00."),
        ("library", "The library closes at 9:00."),
        ("library", "You can take reference works home."),
        ("news", "The shop opens at 18:30."),
        ("news", "There will be no sports day."),
        ("news", "The summer party was not cancelled."),
    ],
)
def test_cells_of_others_are_not(check: Check, document: str, sentence: str) -> None:
    assert check(document, sentence).support == "unsupported"


DATED = {
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


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Check]:
    with generation_of(DATED, tmp_path_factory.mktemp("dated"), encoder) as generation:
        yield checking(generation, encoder)


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
    dated: Check, document: str, sentence: str, support: str
) -> None:
    assert dated(document, sentence).support == support
