"""Follow-up questions: what leans on the conversation takes its topic along, what is new stays as it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.assistant import GREETED, NO_QUESTION, Assistant
from assistant.contract import answer_json
from assistant.conversation import meanings, standalone
from assistant.types import Delta, Found, Status, Turn
from assistant.words.frames import subject_terms
from assistant.words.remarks import is_remark, without_remark
from index.terms import terms
from index.types import BuildReport
from tests.conftest import TRAM

Write = Callable[[Mapping[str, str | bytes]], None]

TALK = (
    Turn("user", "When was the harbour tram closed?"),
    Turn("assistant", "The harbour tram was closed in March 2025. Mayor Ingrid Solheim spoke of a hard decision."),
)


@pytest.mark.parametrize("question", ["Why?", "And in 2021?", "What about those that run late?"])
def test_what_leans_takes_the_topic_along(question: str) -> None:
    found = standalone(question, TALK)
    assert found.endswith(f": {question}")
    assert "harbour tram" in found


LEAVE = (
    Turn("user", "Wie viele Urlaubstage haben Mitarbeiter?"),
    Turn("assistant", "Mitarbeiter haben 30 Urlaubstage im Jahr."),
)
VACATION = (
    Turn("user", "¿Cuántos días de vacaciones tienen los empleados?"),
    Turn("assistant", "Los empleados tienen 23 días de vacaciones."),
)
CONGES = (
    Turn("user", "Combien de jours de congé ont les employés?"),
    Turn("assistant", "Les employés ont 25 jours de congé."),
)


@pytest.mark.parametrize(
    ("talk", "topic", "question"),
    [
        (LEAVE, "Urlaubstage", "Warum?"),
        (LEAVE, "Urlaubstage", "Kann man sie ins nächste Jahr übertragen?"),
        (LEAVE, "Urlaubstage", "Gilt das auch für Teilzeitkräfte in Schichten?"),
        (LEAVE, "Urlaubstage", "Wo finde ich das Formular dafür?"),
        (LEAVE, "Urlaubstage", "Was ist mit Auszubildenden im zweiten Jahr?"),
        (VACATION, "vacaciones", "¿Y los becarios del segundo curso?"),
        (VACATION, "vacaciones", "¿Hay que solicitarlas antes de junio?"),
        (CONGES, "congé", "Et les stagiaires en deuxième semestre?"),
        (CONGES, "congé", "Faut-il les demander à leur chef?"),
    ],
)
def test_what_leans_takes_the_topic_along_in_other_languages(talk: tuple[Turn, ...], topic: str, question: str) -> None:
    found = standalone(question, talk)
    assert found.endswith(f": {question}")
    assert topic in found


@pytest.mark.parametrize(
    ("talk", "question"),
    [
        (LEAVE, "Wie lange ist die Kündigungsfrist im ersten Jahr?"),
        (LEAVE, "Wo finden Sie das neue Formular für Reisekosten?"),
        (LEAVE, "Wann öffnet die Kantine am Freitag?"),
        (VACATION, "¿Dónde está la sala de reuniones del tercer piso?"),
        (VACATION, "¿Qué hacen los técnicos del almacén central?"),
        (CONGES, "Est-ce qu'il faut un badge pour entrer au dépôt?"),
    ],
)
def test_a_new_topic_in_another_language_stays_as_it_is(talk: tuple[Turn, ...], question: str) -> None:
    assert standalone(question, talk) == question


@pytest.mark.parametrize(
    ("before", "question", "expected"),
    [
        ("How much does the Laptop Aurora 16 cost?", "and the headset?", "How much does the headset cost?"),
        ("How much does the headset cost?", "What about Aurora 16?", "How much does Aurora 16 cost?"),
        ("When was the harbour tram closed?", "What about the buses?", "When was the buses closed?"),
        ("How long is the warranty of the headset?", "And of the laptop?", "How long is the warranty of the laptop?"),
        ("What is the hotel limit in Paris?", "and in Oslo?", "What is the hotel limit in Oslo?"),
        ("What is the hotel limit in Paris?", "And Rome?", "What is the hotel limit in Rome?"),
        ("What is the hotel limit in Paris?", "And the meal allowance?", "What is the meal allowance in Paris?"),
        ("When did Maria Lindqvist join Nordwind?", "And Paul Okafor?", "When did Paul Okafor join Nordwind?"),
        ("What is Maria's phone number?", "And Paul?", "What is Paul's phone number?"),
        ("Who leads Project Heron?", "and Osprey?", "Who leads Osprey?"),
        ("How many days of annual leave do I have?", "And sick leave?", "How many days of sick leave do I have?"),
        ("Who is the head of sales?", "And of finance?", "Who is the head of finance?"),
        ("Is the canteen open on Fridays?", "And the library?", "Is the library open on Fridays?"),
        ("How much is the Team plan?", "and business?", "How much is the business plan?"),
        ("How much is the Team plan?", "And the support?", "How much is the support?"),
        ("What is the pay of clerks?", "And for trainees?", "What is the pay of trainees?"),
        (
            "How many days of annual leave do I get?",
            "And for part-timers?",
            "How many days of annual leave do I get for part-timers?",
        ),
        ("How many days off do full-time employees get?", "And interns?", "How many days off do interns get?"),
        ("How many days off do full-timers get?", "And for part-timers?", "How many days off do part-timers get?"),
        ("How much do tickets cost?", "And for students?", "How much do tickets cost for students?"),
        ("How long is the lunch break?", "What about for drivers?", "How long is the lunch break for drivers?"),
        ("How many people fit into the Oak room?", "And Hall A?", "How many people fit into Hall A?"),
        ("How long are phone calls kept?", "And letters?", "How long are letters kept?"),
        ("When are trams washed in the evening?", "And the buses?", "When are the buses washed in the evening?"),
        ("When are trams washed in the evening?", "And in the morning?", "When are trams washed in the morning?"),
        ("How much does the headset cost?", "Thanks! And the monitor?", "How much does the monitor cost?"),
        ("What does a half plot cost in Oslo?", "And a full one?", "What does a full plot cost in Oslo?"),
        ("Can I cancel a yearly ticket?", "And for monthly?", "Can I cancel a monthly ticket?"),
        ("How do I report somebody as a no-show?", "Can I undo it?", "Can I undo a no-show?"),
    ],
)
def test_another_thing_takes_the_place_of_its_like(before: str, question: str, expected: str) -> None:
    assert standalone(question, [Turn("user", before), Turn("assistant", "So it is.")]) == expected


@pytest.mark.parametrize(
    ("before", "question"),
    [
        ("How long is the warranty of the headset?", "And the laptop?"),  # or the price
        ("How much does the headset cost?", "And in Oslo?"),
        ("How much does the headset cost?", "And now?"),
        ("How much does the headset cost?", "And when is the laptop delivered?"),
        ("egg donors a good business?", "And horses?"),
    ],
)
def test_where_no_place_is_clear_both_are_searched_for(before: str, question: str) -> None:
    found = standalone(question, [Turn("user", before), Turn("assistant", "So it is.")])
    assert found.endswith(f": {question}")


@pytest.mark.parametrize(
    ("before", "said", "question", "expected"),
    [
        ("When was the tram closed?", "In March.", "How long was it closed?", "How long was the tram closed?"),
        (
            "Who leads Project Heron?",
            "Irina Petrova leads it.",
            "What is its budget?",
            "What is Project Heron's budget?",
        ),
        ("Who leads Project Heron?", "Irina Petrova leads it.", "Where is she?", "Where is Irina Petrova?"),
        (
            "What does Irina Petrova lead?",
            "Irina Petrova leads Project Heron.",
            "How big is it?",
            "How big is Project Heron?",
        ),
        (
            "Who is Jana Weiss?",
            "Maria Lindqvist and Jana Weiss approve invoices.",
            "What is her phone number?",
            "What is Jana Weiss's phone number?",
        ),
        (
            "Who paid for the roof?",
            "The Pilgrim Foundation did. Maria Lindqvist asked it to.",
            "When did she ask?",
            "When did Maria Lindqvist ask?",
        ),
        ("Who is the head of sales?", "Maria Lindqvist | Head", "Can I call her?", "Can I call Maria Lindqvist?"),
        ("How many boats does the club own?", "It owns 41.", "Who built them?", "Who built the boats?"),
        ("How many days off do clerks get?", "25.", "When can they take one?", "When can clerks take one?"),
        ("Who leads Heron?", "Irina does.", "What is the budget?", "Heron: What is the budget?"),
        (
            "Who founded the brewery?",
            "The brewery was founded by Henrike Falk.",
            "How long did she own it?",
            "How long did Henrike Falk own the brewery?",
        ),
        (
            "How many days of sick leave do drivers have?",
            "Drivers have 12 days of sick leave.",
            "Who approves it?",
            "Who approves sick leave?",
        ),
    ],
)
def test_a_pronoun_gives_way_to_what_it_means(before: str, said: str, question: str, expected: str) -> None:
    assert standalone(question, [Turn("user", before), Turn("assistant", said)]) == expected


@pytest.mark.parametrize(
    "question", ["How long does it take?", "Is it possible to go back?", "Does Nils Berg know his way?"]
)
def test_a_pronoun_that_means_nothing_said_before_stays(question: str) -> None:
    assert standalone(question, TALK).endswith(question)


def test_what_a_pronoun_means_lasts() -> None:
    talk = [Turn("user", "Who leads Project Heron?"), Turn("assistant", "Irina Petrova leads Project Heron.")]
    talk += [Turn("user", "What is its budget?"), Turn("assistant", "The budget of Project Heron is 350,000 euros.")]
    assert standalone("And when does it go live?", talk) == "And when does Project Heron go live?"


def test_a_thing_is_not_the_person_spoken_of() -> None:
    talk = [Turn("user", "Who founded the brewery?"), Turn("assistant", "Henrike Falk founded the brewery in 1950.")]
    talk += [Turn("user", "Until when did she lead it?"), Turn("assistant", "She led it until 1978.")]
    assert standalone("Who bought it?", talk) == "Who bought the brewery?"
    assert standalone("Where was she born?", talk) == "Where was Henrike Falk born?"


def test_the_words_of_a_topic_are_no_thing() -> None:
    talk = [Turn("user", "How many days of sick leave do drivers have?"), Turn("assistant", "Drivers have 12 days.")]
    talk += [Turn("user", "How many can be sold?"), Turn("assistant", "Up to five can be sold.")]
    assert standalone("Who approves it?", talk) == "Who approves sick leave?"


def test_a_person_is_named_from_the_answer() -> None:
    assert "Ingrid Solheim" in standalone("Who is she?", TALK)


THANKS = [
    "Thanks!",
    "ok",
    "OK, thank you very much.",
    "great",
    "Perfect, that helps a lot!",
    "Danke schön!",
    "Vielen Dank",
    "alles klar, danke",
    "Got it. Bye!",
]


@pytest.mark.parametrize("said", THANKS)
def test_what_asks_nothing_is_told_from_a_question(said: str) -> None:
    assert is_remark(said)
    assert not is_remark(f"{said} Where is the exit")


@pytest.mark.parametrize(
    "question", ["ok?", "Thank you notes", "Great Barrier Reef", "Why thank them?", "Good leave policy", "Fine", "No"]
)
def test_a_question_is_no_remark(question: str) -> None:
    assert not is_remark(question)
    assert without_remark(question) == question


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("Hi, where is the exit?", "where is the exit?"),
        ("Good morning! I have a question. Where is the exit?", "Where is the exit?"),
        ("Where is the exit? Thank you!", "Where is the exit?"),
        ("Where is the exit? Kind regards, Anna", "Where is the exit?"),
        ("Hallo! Wo ist der Ausgang? Danke", "Wo ist der Ausgang?"),
    ],
)
def test_courtesy_is_no_part_of_a_question(said: str, asked: str) -> None:
    assert not is_remark(said)
    assert without_remark(said) == asked


@pytest.mark.parametrize("said", ["Where is the tram? Thanks!", "Hello, where is the tram?", "WHERE IS THE TRAM?"])
def test_courtesy_and_capitals_change_no_answer(assistant: Assistant, said: str) -> None:
    plain = assistant.ask("Where is the tram?")
    answer = assistant.ask(said)
    assert (answer.band, answer.text, answer.question) == (plain.band, plain.text, said)
    assert assistant.ask(said).searched_for == "tram"
    one, other = ([p.chunk.id for p in assistant.search(query).passages] for query in (said, "Where is the tram?"))
    assert one == other


def test_a_greeting_is_returned(assistant: Assistant) -> None:
    answer = assistant.ask("Good morning!")
    assert (answer.band, answer.text) == ("no_question", GREETED)


def test_what_asks_nothing_gets_a_reply_and_no_search(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"hotels.md": "# Hotels\n\nThank the staff of the hotel. The hotel limit in Paris is 180 EUR.\n"})
    rebuild()
    talk = [Turn("user", "What is the hotel limit in Paris?"), Turn("assistant", "180 EUR [1]")]
    *events, answer = own.stream("Thank you very much!", talk)
    assert [type(event) for event in events] == [Status, Found, Delta]
    told = answer_json(answer)
    assert (told["band"], told["answered"], told["text"]) == ("no_question", False, NO_QUESTION)
    assert (told["searched_for"], told["citations"], told["passages"], told["sentences"]) == ("", [], [], [])


def test_what_asked_nothing_is_no_topic() -> None:
    talk = [Turn("user", "What is the hotel limit in Paris?"), Turn("assistant", "180 EUR [1]")]
    talk += [Turn("user", "ok, thanks"), Turn("assistant", NO_QUESTION)]
    assert standalone("and in Rome?", talk) == "What is the hotel limit in Rome?"


@pytest.mark.parametrize(
    "question",
    [
        "How many days of annual leave do employees have?",
        "What is sick leave?",
        "My card was refused by the office, is it broken?",
        "Which plans are there?",
        "Is there a canteen?",
    ],
)
def test_a_new_topic_stays_as_it_is(question: str) -> None:
    assert standalone(question, TALK) == question


def test_the_topic_lasts_over_several_follow_ups() -> None:
    talk = (*TALK, Turn("user", "Why?"), Turn("assistant", "Cracks were found in the viaduct of the harbour tram."))
    assert "tram" in standalone("And who paid for it?", talk)


def test_the_latest_topic_counts() -> None:
    talk = (*TALK, Turn("user", "How is annual leave requested?"), Turn("assistant", "Annual leave: by letter."))
    found = standalone("How long does it last?", talk)
    assert "annual leave" in found
    assert "tram" not in found


WORDS = "and what about the of in is does who how much cost it her its Paul Heron headset Oslo Weiss's ? thanks, leads"
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS.split()), max_size=9).map(" ".join))


@given(TEXTS, st.lists(st.builds(Turn, st.sampled_from(["user", "assistant"]), TEXTS), max_size=5))
def test_what_the_question_is_about_is_never_lost(question: str, talk: list[Turn]) -> None:
    assert standalone(question, ()) == question
    assert {*subject_terms(without_remark(question))} <= {*terms(standalone(question, talk))}


def test_a_follow_up_is_answered_from_its_topic(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "ferry.txt": "The island ferry\n\nThe island ferry leaves from the old pier. A ticket costs 12 crowns.",
            "museum.txt": "The ship museum\n\nThe ship museum shows nets and sails. A ticket costs 40 crowns.",
        }
    )
    rebuild()
    talk = [Turn("user", "Where does the island ferry leave from?"), Turn("assistant", "From the old pier.")]
    answer = own.ask("How much is a ticket for it?", talk)
    assert "12 crowns" in answer.text.split("\n")[0]
    assert "ferry" in answer.searched_for
    assert answer.question == "How much is a ticket for it?"


NEWS = """# News

## New director

Ada Holm is our new director. She led a theatre before and comes from Graz.

## Spring concert

Visitors come early to the concert of Ada Holm. The hall opens at six.

## Lift out of order

The lift has been out of order since 2 May because a cable broke. A new one is expected by 20 June.
"""


@pytest.mark.parametrize(
    ("before", "question", "words"),
    [
        ("Who is the director?", "Where did she come from?", "comes from Graz"),
        ("Why is the lift out of order?", "When will it work again?", "20 June"),
    ],
)
def test_what_stands_beside_an_answer_speaks_of_its_topic(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], before: str, question: str, words: str
) -> None:
    hours = "# Hours\n\nThe ticket office works from Monday to Friday and again on Sunday.\n"
    write({"news.md": NEWS, "hours.md": hours})
    rebuild()
    said = own.ask(before).text
    assert words not in said
    answer = own.ask(question, [Turn("user", before), Turn("assistant", said)])
    assert words in answer.text
    assert answer.band == "answered"


def test_a_name_that_looks_like_a_pronoun_points_to_nothing() -> None:
    assert standalone("How do I reach the IT desk?", TALK) == "How do I reach the IT desk?"
    assert standalone("How do I reach it?", TALK) != "How do I reach it?"


@pytest.mark.parametrize(
    ("question", "searched", "band"),
    [
        ("Do I need the receipt?", "return shop: Do I need the receipt?", "answered"),
        ("When do tours start?", "When do tours start?", "answered"),
        ("Where is the town library?", "Where is the town library?", "not_found"),
    ],
)
def test_what_says_too_little_alone_is_asked_with_the_topic(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, searched: str, band: str
) -> None:
    write({
        "shop.md": "# Museum shop\n\nReturns are accepted within 30 days with the receipt. Prints are sent abroad.\n",
        "visit.md": "# Visit\n\n## Tours\n\nTours start at noon.\n\n## Photos\n\nTripods need a permit.\n",
    })  # fmt: skip
    rebuild()
    talk = [Turn("user", "Can I return something in the shop?"), Turn("assistant", "Returns are accepted.")]
    answer = own.ask(question, talk)
    assert (answer.standalone, answer.band) == (searched, band)


@pytest.mark.parametrize(
    "question", ["Where is the shop?", "Do you have a website?", "How many hens live at Pier Lane?"]
)
def test_a_short_question_of_another_topic_is_asked_alone(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str
) -> None:
    write({
        "rules.md": "# Rules\n\nHens may be kept, up to six a plot, but cockerels may not. Pier Lane has 56 plots.\n",
        "shop.md": "# The shop\n\nThe shop is in the brick hut beside the main gate. It is open on Sundays.\n",
    })  # fmt: skip
    rebuild()
    before = own.ask("Can I keep hens on a half plot?")
    answer = own.ask(question, (Turn("user", before.question), Turn("assistant", before.text)))
    alone = own.ask(question)
    assert (answer.standalone, answer.band, answer.text) == (question, alone.band, alone.text)


def test_the_person_is_the_one_that_the_answering_sentence_names() -> None:
    said = "Grace Osei has been chair since 2020. [1] She took over from Colin Byrne, who runs the seed library. [2]"
    talk = [Turn("user", "Who runs the seed library?"), Turn("assistant", said)]
    assert standalone("How old is he?", talk) == "How old is Colin Byrne?"


def test_a_name_is_carried_whole() -> None:
    talk = [
        Turn("user", "Are there taps at the Old Brickworks for holders?"),
        Turn("assistant", "Taps: none for holders."),
    ]
    assert "Old Brickworks" in standalone("And when it rains?", talk)


@pytest.mark.parametrize(
    ("asked", "leant", "meant", "told"),
    [
        (
            "What does a single ticket cost on the harbour tram?",
            "Why was it shut?",
            "Why was the harbour tram shut?",
            "engineers found cracks",
        ),
        (
            "Does a cover protect the rowing boat in winter?",
            "How many does it seat?",
            "How many does the rowing boat seat?",
            "seats four",
        ),
        ("What does a single ticket cost on the harbour tram?", "Why is it sold?", None, None),
    ],
)
def test_of_several_things_a_pronoun_means_the_one_that_the_documents_answer_for(
    own: Assistant,
    write: Write,
    rebuild: Callable[[], BuildReport],
    asked: str,
    leant: str,
    meant: str | None,
    told: str | None,
) -> None:
    write(
        {
            "tram.md": TRAM,
            "boats.md": "# Boats\n\nThe rowing boat seats four. A cover protects it in winter.\n",
        }
    )
    rebuild()
    before = own.ask(asked)
    answer = own.ask(leant, (Turn("user", asked), Turn("assistant", before.text)))
    if meant is None or told is None:
        assert answer.standalone == f"single ticket cost: {leant}", "where none answers, its topic goes along"
    else:
        assert answer.standalone == meant
        assert told in answer.text


@pytest.mark.parametrize(
    "said", ["? regards " + "a" * 1900 + "!x", "? " + "thanks " * 280 + "x", "hello, " * 280 + "what"]
)
def test_courtesy_without_end_is_read_at_once(said: str) -> None:
    assert without_remark(said)  # an expression that tries all partings would take hours


@pytest.mark.parametrize(
    ("before", "said", "meant"),
    [
        ("Where can visitors park?", "no, I meant the staff one", "Where can staff park?"),
        ("How much is parking?", "Sorry, I meant the visitors' one", "How much is the visitors' parking?"),
        ("What is the hotel limit in London?", "I mean Leeds", "What is the hotel limit in Leeds?"),
        ("Where are laptops repaired?", "no, the phones", "Where are the phones repaired?"),
        ("Who runs the shop?", "No, I meant who runs the mill?", "who runs the mill?"),
        ("Who leads the Kelbridge project?", "and the school one?", "Who leads the school project?"),
        ("What is the hourly rate of a technician?", "and a director?", "What is the hourly rate of a director?"),
    ],
)
def test_what_is_put_right_is_asked(before: str, said: str, meant: str) -> None:
    assert meanings(said, [Turn("user", before), Turn("assistant", "It is so.")])[0] == meant


def test_an_answer_that_does_not_speak_of_the_topic_ends_it() -> None:
    talk = [
        Turn("user", "When do I need a sick note?"),
        Turn("assistant", "From the fourth day."),
        Turn("user", "How much is parking?"),
        Turn("assistant", "A space costs 35 pounds a month."),
    ]
    assert meanings("no, I meant the visitors' one", talk)[0] == "How much is the visitors' parking?"


def test_who_is_the_client_is_asked_of_what_was_named(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "mill.md": "# Mill Street bridge\n\nClient: Town of Grönau. The deck is of plastic, as steel is too heavy.\n",
        "lunch.md": "# Expenses\n\nLunch with a client is paid up to 40 pounds. The treasurer is Ada Byron.\n",
    })  # fmt: skip
    rebuild()
    talk = [Turn("user", "Why is the Mill Street bridge of plastic?"), Turn("assistant", "Steel would be too heavy.")]
    assert "Grönau" in own.ask("Who is the client?", talk).text
    assert "Ada Byron" in own.ask("Who is the treasurer?", talk).text
