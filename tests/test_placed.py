"""Verdicts on sentences that say some cells of a table's row, and on what is open, closed, called off or denied."""

from __future__ import annotations

import pytest

from tests.conftest import Check

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
