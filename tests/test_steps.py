"""Lists of steps: shown whole, in order, with what leads in and what closes them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from index.formats.markup import read_html
from index.types import BuildReport
from tests.test_answering import ask

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

VPN = """# Remote access

Everyone may work from home two days a week. You need the VPN for the intranet.

## How to set up the VPN

You need a badge. Follow these steps:

1. Install the Harbour client.
2. Start it:

```
harbour --start
```

3. Type your staff number:
   - on a Mac, into the upper field
   - on Windows, into the lower one

   It has six digits.
4. Wait until the icon turns green.

Finally, restart the laptop.

If the icon stays red, call the help desk.

## How to remove the VPN

1. Quit the client.
2. Delete it.
"""
SETUP = [
    "You need a badge.", "Follow these steps:", "1. Install the Harbour client.", "2. Start it:", "harbour --start",
    "3. Type your staff number:", "on a Mac, into the upper field", "on Windows, into the lower one",
    "It has six digits.", "4. Wait until the icon turns green.", "Finally, restart the laptop.",
]  # fmt: skip


def quotes(assistant: Assistant, question: str) -> list[str]:
    return [citation.quote for citation in ask(assistant, question).citations]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("How do I set up the VPN?", SETUP),
        ("What are the steps to set up the VPN?", SETUP),
        ("How do I remove the VPN?", ["1. Quit the client.", "2. Delete it."]),
    ],
)
def test_a_list_is_shown_whole_and_alone(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write({"vpn.md": VPN, "cake.md": "# Cake\n\n## How to bake\n\n1. Set up the oven.\n2. Wait.\n"})
    rebuild()
    assert quotes(own, question) == shown


def test_a_list_that_passages_cut_is_whole(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    steps = [f"{n}. Turn valve {n} with the long key until the needle above it rests on green." for n in range(1, 19)]
    write({"pump.md": "# Pumps\n\n## How to start the pump\n\n" + "\n".join(steps) + "\n\nThen close the hatch.\n"})
    rebuild()
    answer = ask(own, "How do I start the pump?")
    assert [citation.quote for citation in answer.citations] == [*steps, "Then close the hatch."]
    assert len({citation.passage for citation in answer.citations}) > 1


def test_what_to_do_in_a_case_is_not_the_whole_list(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"vpn.md": VPN})
    rebuild()
    shown = quotes(own, "What do I do if the icon stays red?")
    assert "If the icon stays red, call the help desk." in shown
    assert "1. Install the Harbour client." not in shown


def test_a_list_goes_on_counting_where_its_page_does() -> None:
    text = read_html(b"<ol><li>One<li>Two</ol><p>Rest.</p><ol start=3><li>Three<li>Four</ol>").text
    assert [line.strip() for line in text.split("\n") if line.strip()] == [
        "1. One",
        "2. Two",
        "Rest.",
        "3. Three",
        "4. Four",
    ]


PUMP = """# Pump manual

The pump moves water out of the cellar.

## How to drain the pump

Wear gloves.

### Step 1: Open the valve

Turn the red handle to the left.

### Step 2: Wait

### Step 3: Close the hatch

Press it down. It clicks.

## Starting the pump

### 1. Switch on the power

The lamp turns green.

### 2. Press the button

Hold it for three seconds.

## Parts

### 1. Valve

The valve is made of brass by hand.

### 2. Motor

The motor is made of steel by hand.
"""
DRAIN = [
    "Wear gloves.", "Step 1: Open the valve", "Turn the red handle to the left.", "Step 2: Wait",
    "Step 3: Close the hatch", "Press it down.", "It clicks.",
]  # fmt: skip
START = ["1. Switch on the power", "The lamp turns green.", "2. Press the button", "Hold it for three seconds."]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("How do I drain the pump?", DRAIN),
        ("What are the steps to drain the pump?", DRAIN),
        ("How do I start the pump?", START),
    ],
)
def test_steps_with_headings_of_their_own_are_shown_together(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write({"pump.md": PUMP})
    rebuild()
    assert quotes(own, question) == shown


def test_one_step_asked_for_is_not_all_of_them(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"pump.md": PUMP})
    rebuild()
    shown = quotes(own, "How do I close the hatch?")
    assert shown
    assert {*shown} <= {"Press it down.", "It clicks."}


def test_numbered_headings_that_tell_no_steps_are_none(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"pump.md": PUMP})
    rebuild()
    shown = quotes(own, "How do I make the parts of the pump by hand?")
    assert not {*START, *DRAIN[1:], "1. Valve", "2. Motor"} & {*shown}


def test_of_steps_with_much_text_the_headings_are_shown(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    text = "The long needle must come to rest on the green field before anybody may go on with this. " * 8
    steps = [f"Step {n}: Turn valve {word}" for n, word in enumerate(("red", "blue", "black", "white"), 1)]
    write({"pump.md": "# How to start the pump\n\n" + "\n\n".join(f"## {step}\n\n{text}" for step in steps)})
    rebuild()
    answer = ask(own, "How do I start the pump?")
    assert [citation.quote for citation in answer.citations] == steps
    assert [citation.heading for citation in answer.citations] == [(step,) for step in steps]


def test_a_step_may_be_cut_into_sections_and_its_numbers_spelt(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({
        "pump.md": "# How to start the pump\n\n## Step one: Open it\n\n### Tools\n\nTake the key.\n\n### 1. By hand\n\n"
        "Turn it.\n\n### 2. By wire\n\nPull it.\n\n## Step two: Close it\n\nPush it.\n"
    })  # fmt: skip
    rebuild()
    shown = ["Step one: Open it", "Take the key.", "Turn it.", "Pull it.", "Step two: Close it", "Push it."]
    assert quotes(own, "How do I start the pump?") == shown


FERRY = """# Ferry manual

## Boarding a car

### Show the ticket

Hold it against the glass.

### Drive onto the deck

Follow the arrows.

### Pull the handbrake

Leave the car in gear.

## Smoke on deck

### Ring the bell

Ring it three times.

### Close all doors

Nobody goes back.

### Wait at the bow

A sailor counts everyone.

## Tickets

### Buy a ticket

Tickets are sold at the pier.

### Change a ticket

Changes cost four crowns.

### Return a ticket

Returned tickets are refunded.

## Not allowed on board

- gas bottles
- drones

## Last day of the season

Lights stay on.

- Fly the flag.
- Wash the deck.
"""
BOARD = [
    "Show the ticket", "Hold it against the glass.", "Drive onto the deck", "Follow the arrows.",
    "Pull the handbrake", "Leave the car in gear.",
]  # fmt: skip
SMOKE = [
    "Ring the bell", "Ring it three times.", "Close all doors", "Nobody goes back.", "Wait at the bow",
    "A sailor counts everyone.",
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("How do I board with a car?", BOARD),
        ("What to do in case of smoke on deck?", SMOKE),
        ("What do I have to do when there is smoke on the deck?", SMOKE),
        ("what is not allowed on board", ["gas bottles", "drones"]),
        ("not allowed on board?", ["gas bottles", "drones"]),
        ("what do I do on the last day of the season", ["Lights stay on.", "Fly the flag.", "Wash the deck."]),
    ],
)
def test_headings_that_say_what_to_do_are_steps_and_lists_answer_their_heading(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write({"ferry.md": FERRY})
    rebuild()
    assert quotes(own, question) == shown


def test_what_may_be_done_with_one_thing_is_no_row_of_steps(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"ferry.md": FERRY})
    rebuild()
    assert "Tickets are sold at the pier." not in quotes(own, "How do I change a ticket?")
    assert "Buy a ticket" not in quotes(own, "How are tickets handled?")
    assert "gas bottles" not in quotes(own, "What is allowed on board?")


GUIDE = """# Till manual

## Entering a voucher

1. Press "Other payment".
2. Scan the slip.
3. Press "Take".

## Printing

The till prints two slips.
"""


def test_the_steps_of_something_else_are_no_answer(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"till.md": GUIDE})
    rebuild()
    assert ask(own, "How do I enter a voucher at the till?").band == "answered"
    assert ask(own, "How do I clean the till drawer?").band != "answered"


def test_asked_how_the_steps_are_shown_and_not_the_list_of_what_there_is(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    tools = "These tools can be hired:\n\n- rotavator: 12 pounds\n- strimmer: 6 pounds\n"
    steps = "To hire a tool:\n\n1. Reserve it in the shop.\n2. Show your card.\n3. Pay the deposit.\n"
    write({"tools.md": f"# Tool hire\n\n{tools}\n{steps}"})
    rebuild()
    assert quotes(own, "How do I hire a tool?")[0] == "To hire a tool:"
    assert quotes(own, "Which tools can be hired?")[0] == "These tools can be hired:"


ALARM = """# Safety of the works

## Fire

When you hear the continuous alarm:

1. Go to the nearest exit. Do not use the lift.
2. Wardens check the rooms of the works.
3. Meet at the old crane.

The alarm is tested each Thursday at ten. Drills take place in March.

## Machines

Faults of the press:

- Error 14: the oil has become too cold. Warm it for an hour.
- Error 15: a guard stands open.

## Visitors

Four benches by the gate are for visitors of the works. They are free, but have to be booked.

The blasting shed is loud. Visitors cannot go there, because dust may hurt them.
"""


def test_a_lead_in_comes_with_its_list_or_not_at_all(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"works.md": ALARM})
    rebuild()
    answer = ask(own, "Where do we gather when the continuous alarm goes off?")
    assert "When you hear the continuous alarm:" in answer.text
    assert "3. Meet at the old crane." in answer.text
    assert [c.quote for c in ask(own, "When is the alarm tested?").citations] == [
        "The alarm is tested each Thursday at ten."
    ]


def test_an_item_comes_with_what_says_something_of_it(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    cover = "Not covered are:\n\n- planned repairs at night\n- the test mill and features in trial\n- frost\n"
    colours = "Colours:\n\n- red for the sails\n- white for the cap\n- green for the door\n"
    write({"cover.md": f"# Warranty\n\n## Cover\n\n{cover}\n## Paint\n\n{colours}"})
    rebuild()
    assert quotes(own, "Is the test mill covered by the warranty?")[:2] == [
        "Not covered are:", "the test mill and features in trial",
    ]  # fmt: skip
    assert quotes(own, "What colour is for the sails?") == ["red for the sails"]


def test_an_item_that_asks_itself_something_is_shown_once_and_alone(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    items = (
        "1. Check the address.\n2. Choose Forgot password.\n3. Wait for half an hour.\n"
        "4. Lost your phone with the authenticator? Use a recovery code. No codes left? An owner can reset it.\n"
    )
    write({"sign-in.md": f"# Signing in\n\n## I can't sign in\n\n{items}\n## Safety\n\nLock the screen.\n"})
    rebuild()
    told = quotes(own, "I lost my phone with the authenticator and have no codes")
    assert told[-1] == "An owner can reset it."
    assert not {"1. Check the address.", "3. Wait for half an hour."} & {*told}
    assert len({*told}) == len(told)


def test_a_sentence_without_a_subject_brings_the_heading_that_is_it(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    write({"old.md": "# Old features\n\n**Round calendar.** Removed in version 3.1.\n\n**Fax.** Works no more.\n"})
    rebuild()
    assert quotes(own, "What was removed in version 3.1?") == ["Round calendar", "Removed in version 3.1."]


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("connect outlook calendar", ["1. Open the settings.", "2. Choose Outlook.", "3. Sign in."]),
        ("list all calendar colours", ["red", "green", "blue"]),
    ],
)
def test_a_query_of_words_alone_gets_the_list_under_its_heading(
    own: Assistant, write: Write, rebuild: Rebuild, question: str, shown: list[str]
) -> None:
    write({
        "calendar.md": "# Calendars\n\n## Connect Outlook or another calendar\n\n1. Open the settings.\n"
        "2. Choose Outlook.\n3. Sign in.\n\n## Colours\n\n- red\n- green\n- blue\n\nOrange is gone.\n",
    })  # fmt: skip
    rebuild()
    assert quotes(own, question) == shown


def test_what_to_do_about_a_fault_is_shown_with_it(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"works.md": ALARM})
    rebuild()
    answer = ask(own, "press error 14")
    assert [c.quote for c in answer.citations] == ["Error 14: the oil has become too cold.", "Warm it for an hour."]


def test_what_decides_may_stand_behind_the_thing(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"works.md": ALARM})
    rebuild()
    assert "They are free" in ask(own, "Do visitors have to pay for benches?").text
    why = ask(own, "Why can't visitors go to the blasting shed?")
    assert (why.band, "dust may hurt" in why.text) == ("answered", True)


def test_the_verb_of_the_question_leads_to_the_steps(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({
        "costs.md": "# Costs\n\nThe mill pays back what you spend on its behalf, if you have a receipt.\n\n"
        "How to claim it:\n\n1. Photograph each receipt.\n2. Choose the project.\n3. Hand it in by Friday.\n",
        "lunch.md": "# Lunch\n\nLunch is at noon.\n",
    })  # fmt: skip
    rebuild()
    told = [c.quote for c in ask(own, "How do I claim back money that I spent for the mill?").citations]
    assert told[0] == "How to claim it:"
    assert told[-1] == "3. Hand it in by Friday."
