"""Verdicts on sentences that have all their words from their sources and put them together otherwise."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verdict.listed import lists
from assistant.verdict.restated import spread
from assistant.verdict.sentences import abbreviates, read
from assistant.words import figures as rules
from assistant.words.figures import bears_out, figures
from assistant.words.pieces import pieces
from assistant.words.weekdays import shortened
from tests.conftest import Check

DOCUMENTS = {
    "desk.md": """# Help desk

The core hours are 10:00 to 15:00 from Monday to Thursday. On Fridays there are no core hours.
""",
    "rink.md": """# Ice rink

Juniors skate for forty minutes on Mondays, and adults for two hours on Thursdays. Groups of more than ten skaters are
taught by two coaches, smaller ones by a student. The rink was moved from the harbour to the stadium in 2014. Before she
came to the rink, Greta Lund had coached in Oslo for six years. Nightly rentals cost 9 euros. The rink is closed on
Sundays. Hockey is allowed in the evening, figure skating is forbidden then.

| Ticket | Adult | Child |
|---|---|---|
| Single | 6.50 | 3.00 |
| Ten visits | 55.00 | 25.00 |
""",
    "lab.md": """# Laboratory

1. Label the tube.
2. Warm the centrifuge.
3. Insert the tube.

The reader works with Windows and Linux. The laboratory accepts invoices; cheques are not accepted. Pensioners get 15
percent off season tickets. The porter is in the laboratory on Tuesdays and Thursdays. Samples are handed over on
weekdays from 7:00 to 19:00. Only trained staff may enter the cold room without a guide. Deliveries are not insured.
""",
    "plans.md": """# Plans

| Plan | Price in euros | Phone |
|---|---|---|
| Basic | 19 | 4410 |
| Large | 29 | 4412 |
""",
}


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("Wed–Sun", ["Wednesday", "Sunday"]),
        ("Open Mon, Thurs and Sat", ["Monday", "Thursday", "Saturday"]),
        ("Di-So 10:00, Sa 9:00", ["Dienstag", "Sonntag", "Samstag"]),
        ("The Sun is hot, and so he sat. So do we.", []),
    ],
)
def test_days_in_short_are_days_beside_others_or_a_time(text: str, days: list[str]) -> None:
    assert list(shortened(text).values()) == days


@pytest.mark.parametrize(
    ("document", "right", "wrong"),
    [
        # What belongs to one thing, with another.
        (
            "rink",
            "Adults skate for two hours on Thursdays and juniors for forty minutes on Mondays.",
            "Juniors skate for two hours on Mondays, and adults for forty minutes on Thursdays.",
        ),
        ("rink", "In 2014 the rink was moved to the stadium.", "The rink was moved from the stadium to the harbour."),
        (
            "rink",
            "Hockey is allowed in the evening.",
            "Figure skating is allowed in the evening, hockey is forbidden then.",
        ),
        # The cell of another row or column.
        ("rink", "A single ticket for a child costs 3 euro.", "A single ticket for a child costs 6.50 euro."),
        (
            "rink",
            "Ten visits cost 55 euro for adults and 25 euro for children.",
            "Ten visits cost 25 euro for adults and 55 euro for children.",
        ),
        ("plans", "The Basic plan has the phone number 4410.", "The Basic plan has the phone number 4412."),
        # Before and after.
        (
            "rink",
            "Greta Lund had coached in Oslo for six years before she came to the rink.",
            "After she left the rink, Greta Lund had coached in Oslo for six years.",
        ),
        ("lab", "Label the tube before you warm the centrifuge.", "Insert the tube before you warm the centrifuge."),
        # More than is said.
        ("lab", "The reader works with Windows and Linux.", "The reader works with Windows, Linux and Solaris."),
        ("lab", "The laboratory accepts invoices, but no cheques.", "The laboratory accepts invoices and cheques."),
        (
            "lab",
            "Samples are handed over Monday to Friday from 7 to 19 o'clock.",
            "Samples are handed over from 7:00 to 19:00, including Saturdays.",
        ),
        ("lab", "Deliveries are not insured.", "Deliveries are not insured unless a receipt is shown."),
        (
            "lab",
            "Pensioners get 15 percent off all season tickets.",
            "Pensioners get 15 percent off all tickets.",
        ),
        # Within a limit and not; days that are not named and such that are.
        ("rink", "A group of 14 skaters is taught by two coaches.", "A group of 6 skaters is taught by two coaches."),
        ("rink", "A group of 14 skaters is taught by two coaches.", "A group of 14 skaters is taught by a student."),
        ("lab", "The porter is not in the laboratory on Mondays.", "The porter is not in the laboratory on Tuesdays."),
        ("rink", "The rink does not open on Sundays.", "The rink is open on Sundays."),
        ("desk", "There are no core hours on Fridays.", "There are core hours on Fridays."),
        ("desk", "There are no core hours on Fridays.", "There are no core hours on Thursdays."),
    ],
)  # fmt: skip
def test_what_is_put_together_otherwise_is_unsupported(check: Check, document: str, right: str, wrong: str) -> None:
    assert check(document, right).support == "supported"
    assert check(document, wrong).support == "unsupported"


def test_each_plan_has_its_own_price(check: Check) -> None:
    assert check("plans", "Basic and Large cost 19 and 29 euros.").support != "unsupported"
    assert check("plans", "Basic and Large cost 29 and 19 euros.").support == "unsupported"


def test_all_but_some_are_only_these(check: Check) -> None:
    assert check("lab", "Apart from trained staff, everyone needs a guide in the cold room.").support != "unsupported"
    assert check("lab", "Apart from trained staff, nobody needs a guide in the cold room.").support == "unsupported"


@pytest.mark.parametrize(
    ("said", "found", "same"),
    [
        ("from 7 to 20 o'clock", "7:00", True),
        ("99 and 199 euros", "99 euros", True),
        ("99 and 199 euros", "99 miles", False),
        ("50 cents", "0.50", True),
        ("50 cents", "0.05", False),
    ],
)
def test_figures_that_are_joined_are_of_one_kind(said: str, found: str, same: bool) -> None:
    assert bears_out(figures(said)[0], figures(found)) == same


@pytest.mark.parametrize("text", ["no later than Friday", "not only cards", "nicht später als Freitag"])
def test_some_negations_deny_nothing(text: str) -> None:
    assert not any(piece.denied or piece.governs for piece in pieces(text))


def test_the_items_of_a_list() -> None:
    sentence = read("It runs on Windows 11, macOS 14 and Linux.")
    words = [
        [sentence.text[sentence.pieces[n].start : sentence.pieces[n].end] for n in i] for i in next(lists(sentence))
    ]
    assert words[1:] == [["macOS", "14"], ["Linux"]]


def test_each_of_a_list_has_its_own_figure() -> None:
    assert spread(read("Team and Large cost 99 and 199 euros.")).text == "Team cost 99 euros; Large cost 199 euros."
    for text in ("It lies between 5 and 9 metres.", "Team and Large began in 2019.", ""):
        assert spread(read(text)).text == text


def test_initials_in_brackets() -> None:
    sentence = read("It is run by the Air Resources Board (ARB) and the board (XYZ).")
    assert [abbreviates(piece, sentence) for piece in sentence.pieces if piece.terms in (("arb",), ("xyz",))] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("said", "found", "same"),
    [
        ("It voted 2 times.", "The council voted twice.", True),
        ("It voted three times.", "The council voted twice.", False),
        ("It rings twice at noon.", "It rings once at noon.", False),
        ("25 percent of the staff came.", "A quarter of the staff came.", True),
        ("A third of the staff came.", "Half of the staff came.", False),
        ("A third of the staff came.", "33.3% of the staff came.", True),
        ("Sales rose by a third.", "Sales rose by a quarter.", False),
        ("The fee was tripled.", "The fee was doubled.", False),
        ("The fee was doubled.", "Twice the fee is paid.", True),
        ("12 eggs are delivered.", "A dozen eggs are delivered.", True),
        ("Two dozen eggs are delivered.", "A dozen eggs are delivered.", False),
        ("Zweimal im Jahr wird geprüft.", "Dreimal im Jahr wird geprüft.", False),
        ("Die Hälfte der Kosten wird bezahlt.", "50 Prozent der Kosten werden bezahlt.", True),
    ],
)
def test_shares_multiples_and_frequencies_are_figures(said: str, found: str, same: bool) -> None:
    assert bears_out(figures(said)[0], figures(found)) == same


_SAID = (
    "one Twelve zwölf dreißig twenty-one hundred million once twice half a third of Doubled halving dozen by two 3 12 "
    "1,000 2.5 £4 7:30 5 o'clock pm Uhr 3. March 2025 May Januar août 1990s 2025-03-03 3/4/2025 k % _9 室12个 9A ß Word"
)


@given(st.lists(st.sampled_from([*_SAID.split(), "\n", "-", "(", "ſ"]), max_size=9), st.sampled_from(["", " "]))
def test_no_figure_begins_where_none_is_looked_for(said: list[str], between: str) -> None:
    text = between.join(said)
    found, everywhere = rules._matches(text), rules._FIGURE.finditer(text)
    assert [match.span() for match in found] == [match.span() for match in everywhere]


@pytest.mark.parametrize(
    "text",
    [
        "Once the form is signed, wait.",
        "Stop at once.",
        "It takes half an hour.",
        "The first quarter was good.",
        "A half-day.",
    ],
)
def test_words_that_may_be_none_of_these_are_no_figures(text: str) -> None:
    assert figures(text) == []


def test_digits_with_letters_behind_them_are_a_figure_only_with_a_unit() -> None:
    assert figures("Bus 34X stops at gate 12A of hall 1.5b, which R2D2 left") == []
    values = [max(map(str, one.readings)) for one in figures("250g, 5km, 30min, 200GB and 1.5kg")]
    assert values == ["250", "5", "30", "200", "1.5"]
