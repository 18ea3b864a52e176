"""Verdicts on sentences that are nearly right: of another room or thing than asked about, or the wrong way round."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.verdict.sense import swapped
from assistant.verdict.sentences import read
from assistant.verdict.verdicts import Judge, Verdict
from assistant.words.labels import labels
from index.encoder import Encoder
from index.generation import Generation
from index.types import Passage

DOCUMENTS = {
    "rooms.md": """# Meeting rooms

Room A has a projector and seats 12 people. Room B has a whiteboard and seats six people. Room 12 is reserved for the
works council. Room 14 has video conferencing. Building C houses the archive. Gate 7 is closed at weekends.
""",
    "room_b.md": "# Room B\n\nRoom B has a projector. It can be booked for up to two hours.\n",
    "north.md": "# North garage\n\nThe north garage opens at 7:00 and closes at 22:00. Parking costs 4 euros a day.\n",
    "south.md": "# South garage\n\nThe south garage opens at 8:00 and closes at 21:30. Parking costs 3 euros a day.\n",
    "printers.md": """# Printers

## How to set up the printer

1. Open the settings.
2. Click on Add printer.
3. Enter the address of the printer.

The printer on floor 4 is a Kyocera T5. The printer on floor 2 is a Brother HL. Driver version 2.2 supports scanning.
""",
    "leave.md": """# Leave

Full-time employees have 30 days of leave a year. Part-time employees have 25 days of leave. Trainees may not carry
leave over. Taxis to the station need no approval if the fare is below 40 euros.
""",
    "people.md": """# Organisation

Bob Hansen reports to Alice Moreau. Alice Moreau leads the purchasing department. Dieter Krause manages the warehouse in
Leipzig and Petra Lang manages the warehouse in Graz. Bob Hansen met Carla Diaz in May. Nadia Roth trains Oliver Stone.
""",
    "tiers.md": """# Support

Tier 1 answers calls within ten minutes. Tier 2 answers calls within one hour. Employees must not share passwords.
""",
    "canteen.md": """# Canteen

The canteen serves lunch from 11:30 to 14:00. On Tuesday there is fish, on Friday there is pizza. Guests pay 9 euros,
employees pay 5 euros.
""",
    "plans.md": """# Plans

| Plan | Price per month in euros | Users | Support |
|---|---|---|---|
| Starter | 29 | 5 | e-mail |
| Team | 99 | 25 | telephone |
| Enterprise | 199 | unlimited | on site |

Orders must be cancelled before 30 June. Refunds are paid after the audit.
""",
    "servers.md": """# Servers

The mail server is restarted on Mondays. The file server is restarted on Fridays. The mail server has 64 GB of memory.
Backups of the file server are kept for 30 days. The printer room is on the second floor. The kitchen is on the first
floor. Employees may use a private account only for travel. Visitors sign in at the reception.
""",
    "access.md": """# Access

Anna Petrova leads the archive. Ivan Smirnov leads the laboratory. Contracts under 5,000 euros are signed by the head of
the department. Contracts over 5,000 euros are signed by the director. Only members of the board may enter the vault.
Everyone except interns has access to the archive. Parents may take up to 36 months of unpaid parental leave.
""",
    "office.md": """# Office

Applications must be sent 14 days in advance. The desk is open Monday to Friday from 10:00 to 15:00. Employees get 0.30
euros per kilometre. The battery lasts 48 hours. The press weighs 1.5 tonnes.

| Name | Role | Room | Phone |
|---|---|---|---|
| Maria Jensen | Head of IT | 2.14 | 4410 |
| Samuel Okafor | Administrator | 2.15 | 4412 |
| Peter Novak | Caretaker | 0.01 | 4400 |
""",
    "buch.md": """# Mitarbeiter

Frau Bock leitet die Buchhaltung. Die Schulung findet vor dem ersten Arbeitstag statt. Nur Mitglieder des Vorstands
dürfen den Tresor öffnen.
""",
    "raum.md": """# Räume

Raum 12 ist für den Betriebsrat reserviert. Das Tor 3 ist immer offen. Vollzeitkräfte haben 30 Tage Urlaub.
Teilzeitkräfte haben 25 Tage Urlaub.
""",
}
ANY = "What can you tell me about it?"
Check = Callable[[str, str, str], Verdict]


@pytest.fixture
def check(index: Generation, passages: Mapping[str, Passage], encoder: Encoder) -> Check:
    """The verdict on an answer to a question, by a document."""

    def check(document: str, question: str, sentence: str) -> Verdict:
        return Judge(question, list(passages.values()), index, encoder).verdict(sentence, [passages[document]])

    return check


@pytest.mark.parametrize(
    ("document", "question", "right", "wrong"),
    [
        ("room_b", "Is there a projector?", "Room B has a projector.", "Room A has a projector."),
        ("rooms", ANY, "Room A has a projector.", "Room B has a projector."),
        ("rooms", ANY, "Room B seats 6 people.", "Room B seats 12 people."),
        ("rooms", ANY, "Room 12 is reserved for the works council.", "Room 14 is reserved for the works council."),
        ("rooms", ANY, "Video conferencing is available in room 14.", "Video conferencing is available in room 12."),
        ("rooms", "Where is the archive?", "The archive is in building C.", "The archive is in building D."),
        ("rooms", "Is gate 5 closed?", "Gate 7 is closed at weekends.", "Gate 5 is closed at weekends."),
        (
            "printers",
            ANY,
            "Version 2.2 of the driver supports scanning.",
            "Version 2.1 of the driver supports scanning.",
        ),
        ("tiers", ANY, "Tier 2 answers calls within one hour.", "Tier 1 answers calls within one hour."),
        ("tiers", "How fast is tier 3?", "Tier 1 answers within ten minutes.", "Tier 3 answers calls within one hour."),
        ("raum", ANY, "Raum 12 ist für den Betriebsrat reserviert.", "Raum 14 ist für den Betriebsrat reserviert."),
        ("raum", ANY, "Tor 3 ist immer offen.", "Tor 7 ist immer offen."),
    ],
)
def test_what_is_said_of_a_room_is_said_of_that_room(
    check: Check, document: str, question: str, right: str, wrong: str
) -> None:
    assert check(document, question, right).support == "supported"
    assert check(document, question, wrong).support == "unsupported"


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        ("plans", "The Team plan costs 99 euros per month.", "The Team plan costs 199 euros per month."),
        ("plans", "The Starter plan has 5 users.", "The Starter plan has 25 users."),
        ("plans", "For 99 euros a month, the Team plan has telephone support.", "The Team plan has e-mail support."),
        ("plans", "The Enterprise plan costs 199 euros.", "The Team plan allows 5 users."),
        ("plans", "Orders must be cancelled before 30 June.", "Orders must be cancelled after 30 June."),
        ("plans", "You get refunds after the audit.", "Refunds are paid before the audit."),
        ("servers", "The mail server is restarted on Mondays.", "The mail server is restarted on Fridays."),
        ("servers", "Backups of the file server are kept 30 days.", "Backups of the mail server are kept for 30 days."),
        (
            "servers",
            "The mail server has 64 GB memory and is restarted each Monday.",
            "The file server has 64 GB of memory.",
        ),
        ("servers", "The printer room is on the second floor.", "The printer room is on the first floor."),
        (
            "servers",
            "Employees use a private account only for travel.",
            "Visitors may use a private account for travel.",
        ),
        ("access", "The archive is led by Anna Petrova.", "Anna Petrov leads the archive."),
        ("access", "Parental leave is unpaid.", "Parental leave is paid for up to 36 months."),
        (
            "access",
            "The director signs contracts over 5,000 euros.",
            "Contracts under 5,000 euros are signed by the director.",
        ),
        ("access", "Members of the board may enter the vault.", "Everyone may enter the vault."),
        ("access", "Everyone except interns can access the archive.", "Everyone has access to the archive."),
        ("access", "All except interns have access to the archive.", "Interns have access to the archive."),
        ("office", "Send applications at least two weeks in advance.", "Send applications three weeks in advance."),
        ("office", "The desk is open from 10 am to 3 pm.", "The desk is open from 10 am to 4 pm."),
        ("office", "Employees get 30 cents per kilometre.", "Employees get 50 cents per kilometre."),
        ("office", "The battery lasts two days.", "The battery lasts three days."),
        ("office", "The press weighs 1,500 kg.", "The press weighs 150 kg."),
        ("office", "Maria Jensen's room is 2.14 and her phone number is 4410.", "Maria Jensen's room is 2.15."),
        ("office", "Peter Novak, the caretaker, is in room 0.01.", "Peter Novak is in room 2.14."),
        ("office", "The phone number of Samuel Okafor is 4412.", "Samuel Okafor's phone number is 4410."),
        (
            "buch",
            "Mitglieder des Vorstands dürfen den Tresor öffnen.",
            "Alle Mitarbeiter dürfen den Tresor öffnen.",
        ),
        ("buch", "Frau Bock leitet die Buchhaltung.", "Frau Beck leitet die Buchhaltung."),
        (
            "buch",
            "Vor dem ersten Arbeitstag findet die Schulung statt.",
            "Die Schulung findet nach dem ersten Arbeitstag statt.",
        ),
    ],
)
def test_what_is_said_of_one_thing_is_not_said_of_another(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, ANY, right).support != "unsupported"
    assert check(document, ANY, wrong).support == "unsupported"


def test_a_new_word_in_the_place_of_another_leaves_a_doubt(check: Check) -> None:
    assert check("servers", ANY, "Employees may use a private account only for travel.").support == "supported"
    assert check("servers", ANY, "Employees may use a company account only for travel.").support == "partly"


@pytest.mark.parametrize(
    ("document", "question", "sentence"),
    [
        ("south", "When does the south garage open?", "It opens at 8:00."),
        ("south", "When does the south garage open?", "At 8:00."),
        ("plans", "What does the Team plan cost?", "It costs 99 euros per month."),
        ("north", "What does parking in the north garage cost?", "Parking costs 4 euros a day."),
        ("printers", "Which printer is on floor 4?", "T5"),
        ("leave", "How many days of leave do part-time employees have?", "25 days."),
        ("canteen", "When is there pizza in the canteen?", "Friday."),
        ("canteen", "What do guests pay for lunch?", "They pay 9 euros."),
        ("people", "Who manages the warehouse in Graz?", "Petra Lang manages it."),
        ("raum", "Wie viele Tage Urlaub haben Teilzeitkräfte?", "Sie haben 25 Tage Urlaub."),
        ("printers", "How do I add a printer?", "Open the settings."),
    ],
)
def test_a_short_answer_to_what_was_asked_is_supported(
    check: Check, document: str, question: str, sentence: str
) -> None:
    assert check(document, question, sentence).support == "supported"


@pytest.mark.parametrize(
    ("document", "question", "sentence"),
    [
        ("south", "When does the north garage open?", "It opens at 8:00."),
        ("plans", "What does the Team plan cost?", "It costs 29 euros per month."),
        ("south", "When does the north garage open?", "At 8:00."),
        ("south", "When does the north garage open?", "The garage opens at 8:00."),
        ("south", "What does parking in the north garage cost?", "Parking costs 3 euros a day."),
        ("printers", "Which printer is on floor 2?", "T5"),
        ("leave", "How many days of leave do full-time employees have?", "25 days."),
        ("canteen", "When is there pizza in the canteen?", "Tuesday."),
        ("canteen", "What do guests pay for lunch?", "They pay 5 euros."),
        ("people", "Who manages the warehouse in Graz?", "Dieter Krause manages it."),
        ("raum", "Wie viele Tage Urlaub haben Teilzeitkräfte?", "Sie haben 30 Tage Urlaub."),
    ],
)
def test_a_short_answer_about_another_thing_is_not(check: Check, document: str, question: str, sentence: str) -> None:
    assert check(document, question, sentence).support != "supported"


@pytest.mark.parametrize(
    ("document", "sentence", "support"),
    [
        ("printers", "Setting up the printer takes two weeks.", "unsupported"),
        ("printers", "Step 2 is to click on Add printer.", "supported"),
        ("people", "Alice Moreau reports to Bob Hansen.", "unsupported"),
        ("people", "Bob Hansen reports to Alice Moreau.", "supported"),
        ("people", "Carla Diaz met Bob Hansen in May.", "supported"),
        ("people", "Oliver Stone trains Nadia Roth.", "unsupported"),
        ("people", "Oliver Stone is trained by Nadia Roth.", "supported"),
        ("canteen", "There is fish on Tuesdays.", "supported"),
        ("tiers", "Employees must share passwords.", "unsupported"),
        ("leave", "Trainees may carry leave over.", "unsupported"),
        ("leave", "No, trainees cannot carry leave over.", "supported"),
        ("leave", "Taxis to the station need approval if the fare is below 40 euros.", "unsupported"),
        ("leave", "Taxis to the station need no approval if the fare is above 40 euros.", "unsupported"),
        ("leave", "Taxis to the station do not need approval if the fare is below 40 euros.", "supported"),
    ],
)
def test_a_list_s_number_the_order_of_names_and_the_reach_of_a_negation(
    check: Check, document: str, sentence: str, support: str
) -> None:
    assert check(document, ANY, sentence).support == support


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Room A seats 12 people", [("room", "a")]),
        ("rooms 12, 14 and 15", [("room", "12"), ("room", "14"), ("room", "15")]),
        ("version 2.10 of it", [("version", "2.10")]),
        ("on the fourth floor", [("floor", "4")]),
        ("from the third day", [("day", "3")]),
        ("am 2. Tag", [("tag", "2")]),
        ("the first and second years", [("year", "1"), ("year", "2")]),
        ("on the 2nd of the month", [("day", "2")]),
        ("First National Bank", []),
        ("every second day, per second limit, the 19th century, 3rd May 2025", []),
        ("World War II", [("war", "ii")]),
        ("George W. Bush", []),
        ("in 12 rooms", []),
        ("What can I do", []),
        ("Tier 2 costs 25 euros", [("tier", "2")]),
        ("2. Click here", [("", "2")]),
        ("A | 12", [("", "a"), ("", "12")]),
    ],
)
def test_labels_are_told_from_measures(text: str, found: list[tuple[str, str]]) -> None:
    assert [(label.noun, label.value) for label in labels(text)] == found


def test_what_holds_both_ways_round_is_not_swapped() -> None:
    assert swapped(read("Anna Berg succeeds Paul Kern."), [read("Paul Kern succeeds Anna Berg.")])
    assert not swapped(read("Anna Berg succeeds Paul Kern."), [read("Anna Berg succeeds Paul Kern in May.")])
    assert not swapped(read("Anna Berg works with Paul Kern."), [read("Paul Kern works with Anna Berg.")])
    assert not swapped(read("Anna Berg and Paul Kern came."), [read("Paul Kern and Anna Berg came.")])


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("All prices are in euros and without VAT.", [("vat",)]),
        ("It has a video system but no projector.", [("projector",)]),
        ("Staff need no visa.", [("visa", "need")]),
    ],
)
def test_a_negation_denies_nothing_before_the_word_that_joins_it(text: str, denied: list[tuple[str, ...]]) -> None:
    assert list(read(text).denials) == denied
