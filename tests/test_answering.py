"""From a question to an answer: the right passage, the right sentence, exact citations, honest refusals."""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.examples import Topics
from assistant.quoted import NOT_FOUND
from assistant.settings import Settings
from assistant.suggesting import TOPIC_QUESTION
from assistant.types import Answer, Delta, Event, Found, Status
from assistant.words.kinds import asks_for_date
from index.errors import IndexMissing, QuestionError
from index.types import BuildReport

Write = Callable[[Mapping[str, str | bytes]], None]


def check(assistant: Assistant, events: list[Event]) -> Answer:
    """What holds for every answer."""
    answer = events[-1]
    assert isinstance(answer, Answer)
    assert [type(event) for event in events[:2]] == [Status, Found]
    assert "".join(event.text for event in events if isinstance(event, Delta)) == answer.text
    with assistant.published.reading() as generation:
        assert answer.generation == generation.number
        for citation in answer.citations:
            document = generation.catalog.document(citation.document)
            assert document is not None
            assert document.text[citation.start : citation.end] == citation.quote
            assert document.digest == citation.digest
            assert citation.passage in {passage.chunk.id for passage in answer.passages}
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    cited = list(itertools.chain.from_iterable(statement.citations for statement in answer.statements))
    assert cited == [citation.number for citation in answer.citations], "each number once, in order"
    for statement, citation in zip(answer.statements, answer.citations, strict=True):
        assert answer.text[statement.start : statement.end] == citation.quote
        assert answer.text[statement.end :].startswith(f" [{citation.number}]")
    assert (answer.band == "not_found") == (answer.text == NOT_FOUND)
    assert (answer.band in ("not_found", "no_question")) == (not answer.statements)
    return answer


def ask(assistant: Assistant, question: str) -> Answer:
    return check(assistant, list(assistant.stream(question)))


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Why was the harbour tram closed?", "cracks in the Mill Street viaduct"),
        ("How much did the repairs cost?", "38.6 million crowns"),
        ("Who rode the first car?", "Ingrid Solheim"),
        ("When did the tram reopen?", "4 May 2026"),
        ("What do children pay?", "Children under 12 travel free."),
        ("How many days of annual leave do I have?", "25 days"),
        ("When do I need a doctor's note?", "fourth day"),
    ],
)
def test_the_answer_is_in_the_quoted_words(assistant: Assistant, question: str, words: str) -> None:
    answer = ask(assistant, question)
    assert answer.band == "answered"
    assert words in answer.text
    assert 1 <= len(answer.statements) <= 3


@pytest.mark.parametrize("question", ["What is the boiling point of tungsten?", "How do I reset my password?"])
def test_what_is_not_there_is_not_answered(assistant: Assistant, question: str) -> None:
    answer = ask(assistant, question)
    assert answer.band == "not_found"
    assert answer.searched_for in ("boiling point tungsten", "reset password")
    assert 0 < len(answer.passages) <= 3


def test_a_question_close_to_the_documents_is_shown_as_uncertain(assistant: Assistant) -> None:
    answer = ask(assistant, "How many passengers does the tram carry?")
    assert answer.band == "uncertain"
    assert answer.citations


def test_a_citation_names_its_place(assistant: Assistant) -> None:
    (citation, *_) = ask(assistant, "What do dogs pay on the tram?").citations
    assert (citation.document, citation.title, citation.heading) == ("news/tram.md", "Harbour tram", ("Fares",))


def test_a_sentence_that_leans_on_the_one_before_brings_it(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.txt": "Maria Ortega leads the harbour office. She approves every mooring permit for visiting yachts."})
    rebuild()
    answer = ask(own, "Who approves mooring permits for yachts?")
    assert [citation.quote.split()[0] for citation in answer.citations] == ["Maria", "She"]
    assert "office. [1] She" in answer.text


def test_literal_brackets_of_a_document_are_no_markers(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.txt": "The lighthouse keeper counted ninety ships [7] in a single night.[1]"})
    rebuild()
    answer = ask(own, "How many ships did the lighthouse keeper count?")
    assert len(answer.citations) == 1


def test_search_ranks_the_passage_that_speaks_of_it_first(assistant: Assistant) -> None:
    result = assistant.search("ticket price for dogs")
    assert result.passages[0].chunk.heading == ("Fares",)
    scores = [passage.score for passage in result.passages]
    assert scores == sorted(scores, reverse=True)
    assert len(assistant.search("tram", limit=1).passages) == 1


@pytest.mark.parametrize("question", ["", "   \n", "😀😀", "?!", "x" * 5000, "word " * 200_000, "\ud800"])
def test_what_cannot_be_asked_is_said_with_a_remedy(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionError) as caught:
        assistant.ask(question)
    assert caught.value.hint
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    "question",
    [
        "What do do\u200bgs pay on the tr\u00adam?",
        "What\x00do\x1bdogs pay\x85on the \u202etram?",
        "What do dogs\udce9 pay on the tr\udcc3am?",  # as the command line has what is no UTF-8
    ],
)
def test_what_nobody_sees_parts_no_word_of_a_question(assistant: Assistant, question: str) -> None:
    answer, plain = assistant.ask(question), assistant.ask("What do dogs pay on the tram?")
    assert (answer.question, answer.searched_for, answer.text) == (plain.question, plain.searched_for, plain.text)
    assert assistant.search(question).query == plain.question


@hypothesis_settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=120))
def test_any_question_is_answered_or_refused(assistant: Assistant, question: str) -> None:
    with contextlib.suppress(QuestionError):
        ask(assistant, question)


def test_without_an_index_the_remedy_is_named(settings: Settings) -> None:
    with pytest.raises(IndexMissing):
        Assistant(settings).ask("Where is it?")


def test_a_new_generation_answers_the_next_question(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.txt": "The ferry leaves at noon."})
    rebuild()
    assert "noon" in ask(own, "When does the ferry leave?").text
    write({"a.txt": "The ferry leaves at midnight."})
    rebuild()
    answer = ask(own, "When does the ferry leave?")
    assert ("midnight" in answer.text, answer.generation) == (True, 2)


def test_topics_follow_the_documents(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], place: Path
) -> None:
    write({"a.md": "# The lighthouse\n\nIt shines at night.", "b.md": "# The ferry\n\nIt leaves at noon."})
    rebuild()
    topics = Topics(own)
    assert topics.now() == ["The lighthouse", "The ferry"]
    (place / "docs" / "a.md").unlink()
    rebuild()
    assert topics.now() == ["The ferry"]


def test_words_without_the_date_asked_for_are_not_called_an_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.txt": "Maria Ortega leads the harbour office."})
    rebuild()
    assert ask(own, "Who leads the harbour office?").band == "answered"
    assert ask(own, "When did Maria Ortega begin to lead the harbour office?").band == "uncertain"


def test_a_quote_that_announces_brings_what_it_announces(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.md": "# Refunds\n\nRun the script to export refunds:\n\n```\nmake export-refunds\n```\n"})
    rebuild()
    assert "make export-refunds" in ask(own, "How do I export refunds?").text


def test_topics_come_from_the_documents_and_are_answered(assistant: Assistant) -> None:
    offered = Topics(assistant).now()
    assert "Harbour tram" in offered
    for topic in offered:
        assert ask(assistant, TOPIC_QUESTION.format(topic=topic)).band == "answered"


FAQ = """Account questions

Q: How do I reset my password?
A: Go to the self-service page and choose Forgotten password.

Q: How long does a refund take?
A: Refunds are paid within 14 days of the return. Cards take two days more.

Q: Can I change my delivery address?
A: Yes. Write to support before the parcel is sent.
"""


@pytest.mark.parametrize(
    ("question", "first", "last"),
    [
        ("How do I reset my password?", "A: Go to the self-service page", "Forgotten password."),
        ("How long does a refund take?", "A: Refunds are paid within 14 days", "two days more."),
        ("Can I change my delivery address?", "A: Yes.", "before the parcel is sent."),
    ],
)
def test_a_stored_question_is_answered_by_what_follows_it(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, first: str, last: str
) -> None:
    write({"faq.txt": FAQ})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert answer.citations[0].quote.startswith(first)
    assert last in answer.text
    assert question not in answer.text


def test_another_question_than_the_one_asked_is_shown_with_its_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"faq.txt": FAQ})
    rebuild()
    quotes = [citation.quote for citation in ask(own, "How can I reset the code of my customer card?").citations]
    assert "A: Go to the self-service page and choose Forgotten password." not in quotes or quotes[0].startswith("Q:")


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("What do I do when I lose my badge?", ["Tell the front desk at once.", "A new one costs 15 crowns."]),
        ("Who do I tell when I lose my badge?", ["Tell the front desk at once.", "A new one costs 15 crowns."]),
    ],
)
def test_a_heading_that_asks_is_answered_by_what_stands_under_it(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, quotes: list[str]
) -> None:
    text = "# FAQ\n\n## Who do I tell when I lose my badge?\n\n{}\n\n## Is there a gym?\n\nThere is no gym here.\n"
    write({"faq.md": text.format(" ".join(quotes))})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations][-2:] == quotes


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ("When does it open?", True),
        ("Until when may it be used?", True),
        ("The bridge opened when?", True),
        ("Tell me when did it open", True),
        ("Who do I tell when I lose my badge?", False),
        ("When I lose my badge, what do I do?", False),
        ("What is done when the light stays red?", False),
    ],
)
def test_when_asks_for_a_date_or_says_in_which_case(question: str, asked: bool) -> None:
    assert asks_for_date(question) is asked


def test_a_question_without_an_answer_is_none(own: Assistant, write: Write, rebuild: Callable[[], BuildReport]) -> None:
    write({"a.txt": "Lunch is served at noon in the old mill.\n\nHow tall is the lighthouse?"})
    rebuild()
    assert "How tall" not in ask(own, "How tall is the lighthouse?").text


STEPS = """# Leave

Every employee has 25 days of annual leave. Unused leave expires in March.

## Applying

1. Open the leave form on the intranet.
2. Choose the days and name a deputy.
3. Send the form to your team lead.
4. Wait for the confirmation.
"""


def test_steps_are_kept_together(own: Assistant, write: Write, rebuild: Callable[[], BuildReport]) -> None:
    write({"leave.md": STEPS})
    rebuild()
    quotes = [citation.quote for citation in ask(own, "How do I apply for leave with the form?").citations]
    assert [quote[:2] for quote in quotes] == ["1.", "2.", "3.", "4."]


def test_of_a_long_list_only_the_near_items_are_shown(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    steps = "\n".join(f"{n}. Turn valve number {n} slowly until its needle rests on green again." for n in range(1, 30))
    write({"a.md": f"# Starting the pump\n\n{steps}\n"})
    rebuild()
    answer = ask(own, "How do I start the pump with valve number 4?")
    assert len(answer.text.split()) < 200


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who do I call about IT problems?", "extension 4410"),
        ("How do I reach IT?", "extension 4410"),
        ("What ends in May?", "lease"),
    ],
)
def test_a_name_that_looks_like_a_frame_word_is_searched_for(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, words: str
) -> None:
    write({"a.md": "# Office\n\nIT support: Marta Lind, extension 4410.\n\nThe lease of the warehouse ends in May.\n"})
    rebuild()
    answer = ask(own, question)
    assert words in answer.text
    assert "IT" in answer.searched_for or "May" in answer.searched_for


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Как зовут капитана парома?", "Игорь Лебедев"),
        ("Сколько стоят билеты для взрослых?", "сорок рублей"),
        ("На сколько недель выдают книгу?", "четыре недели"),
        ("Сколько стоит аренда лодки?", None),
        ("Когда отменили рейс на остров?", None),
        ("谁教儿童游泳?", "王芳"),
        ("图书馆几点开门?", None),
        ("من بنى المتحف؟", "سامي حداد"),
        ("متى يغلق المطعم؟", None),
    ],
)
def test_languages_that_the_encoder_only_spells_are_answered_by_their_words(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, words: str | None
) -> None:
    ferry = "Паром ходит на остров каждый час. Билет для взрослых стоит сорок рублей. Капитан парома Игорь Лебедев."
    library = "Библиотека открыта со вторника. Книги выдаются на четыре недели. Новые читатели получают карточку."
    write({"ferry.md": f"# Паром\n\n{ferry}\n", "library.md": f"# Библиотека\n\n{library}\n"})
    write({"swim.md": "# 游泳池\n\n游泳池星期一关闭。成人票价是三十元。教练王芳教儿童游泳。\n"})
    write({"museum.md": "# المتحف\n\nيفتح المتحف أبوابه كل يوم. بنى المتحف المهندس سامي حداد عام 1954.\n"})
    rebuild()
    answer = ask(own, question)
    assert (answer.band == "answered") == (words is not None)
    assert (words or "") in answer.text


PEOPLE = """# Our people

## Maria Lindqvist

Head of Engineering. Joined 2019. Maria leads four teams and runs the architecture board.

## Head of Sales

Petra Novak, based in Prague.

## Data protection officer

Lars Holm

## Reporting

Data breaches are reported to the data protection officer within 24 hours.
"""


@pytest.mark.parametrize(
    ("question", "quotes"),
    [
        ("Who is the head of engineering?", ["Maria Lindqvist", "Head of Engineering."]),
        ("Who is Maria Lindqvist?", ["Head of Engineering."]),
        ("Who is the head of sales?", ["Petra Novak, based in Prague."]),
        ("Who is the data protection officer?", ["Lars Holm"]),
    ],
)
def test_a_heading_names_whom_or_what_the_words_under_it_are(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, quotes: list[str]
) -> None:
    write({"people.md": PEOPLE})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations] == quotes
    assert ask(own, "How old is Maria Lindqvist?").band != "answered"


def test_a_heading_that_asks_takes_no_quote_of_its_own(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"faq.md": "# FAQ\n\n**What do I do if I lose my badge?**\n\nCall security on extension 112.\n"})
    rebuild()
    answer = ask(own, "What is the phone number of security?")
    assert [citation.quote for citation in answer.citations] == ["Call security on extension 112."]
    assert answer.citations[0].heading == ("What do I do if I lose my badge?",)


def test_the_answer_to_another_stored_question_is_none(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"faq.md": "# FAQ\n\n## How long is the probation period?\n\nSix months.\n", "leave.md": "Leave is granted."})
    rebuild()
    assert ask(own, "How long is the probation period?").band == "answered"
    answer = ask(own, "How long is parental leave?")
    assert answer.band != "answered"
    quotes = [citation.quote for citation in answer.citations]
    assert "Six months." not in quotes or "How long is the probation period?" in quotes


def test_words_that_no_document_holds_speak_against_an_unsure_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "a.md": "# Holidays\n\n## Annual leave\n\nEvery employee has 28 vacation days a year.\n",
            "tram.txt": "It rains.",
        }
    )
    rebuild()
    assert ask(own, "How long is parental leave?").band != "answered"
    assert ask(own, "How long is annual leave?").band == "answered"


COMPANY = """# Handbook

## History

Olga Brandt founded the company in 1987 in Kiel. It moved to Hamburg in 1994. The Leeds office opened in 2009 with nine
desks.

## Leave

Parental leave in Germany is up to 36 months.
"""


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("When did the company move to Hamburg?", True),
        ("When did the company move to Berlin?", False),
        ("How long is parental leave in Germany?", True),
        ("How long is parental leave in Spain?", False),
    ],
)
def test_words_that_lack_a_name_of_the_question_are_not_called_an_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, answered: bool
) -> None:
    write({"handbook.md": COMPANY})
    rebuild()
    assert (ask(own, question).band == "answered") is answered


@pytest.mark.parametrize(
    "question", ["When does Berg's term end?", "Who is the ambassador in Norland?", "How old is Solveig Dahl?"]
)
def test_what_belongs_to_another_or_is_another_thing_is_not_called_an_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str
) -> None:
    text = (
        "Mayor Solveig Dahl of Norland opened the fair. Three ministers came with her.\n\n"
        "Her predecessor Karl Berg left in anger. The embassy in Norland said little.\n\n"
        "But Dahl, whose five-year term ends in May, is in no hurry."
    )
    write({"fair.txt": text, "other.txt": "The harbour is deep. Ships come at dawn."})
    rebuild()
    assert ask(own, question).band != "answered"
    assert "ends in May" in ask(own, "When does Dahl's term end?").text


@pytest.mark.parametrize("question", ["What is this about?", "Summarise the article", "Give me an overview, please."])
def test_what_a_single_document_is_about_is_told_by_its_lead(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str
) -> None:
    write({"a.txt": "The ferry\n\nBy Ada Holm\n\nThe island ferry will stop in autumn, the council said. It is old."})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert answer.citations[0].quote == "The island ferry will stop in autumn, the council said."


def test_among_several_documents_the_one_that_is_named_is_told(assistant: Assistant) -> None:
    answer = ask(assistant, "What is the harbour tram article about?")
    assert answer.band == "answered"
    assert {citation.document for citation in answer.citations} == {"news/tram.md"}
    assert ask(assistant, "What is this about?").band == "not_found"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("When was Harbourmaster 3.6 released?", ["Harbourmaster 3.6 – 24 June 2025"]),
        ("release date of 3.5", ["Harbourmaster 3.5 – 3 March 2025"]),
        ("What's new in 3.5?", ["Berths can be shared by two boats in winter.", "Invoices are sent on the first."]),
    ],
)
def test_a_release_is_known_by_the_title_of_its_notes(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, shown: list[str]
) -> None:
    write({
        "3.5.md": "# Harbourmaster 3.5 – 3 March 2025\n\n- Berths can be shared by two boats in winter.\n"
        "- Invoices are sent on the first.\n",
        "3.6.md": "# Harbourmaster 3.6 – 24 June 2025\n\n- Tides are drawn as a curve on the map.\n"
        "- Passwords were meant to go in this release; they are to go in 3.7 in December 2025.\n",
    })  # fmt: skip
    rebuild()
    assert [citation.quote for citation in ask(own, question).citations] == shown


PHONES = {
    "phones.md": "# Phone directory\n\n| Department | Phone |\n|---|---|\n"
    "| Security | 555-0101 |\n| Kitchen | 555-0102 |\n",
    "parking.md": "# Parking\n\nThe phone number of the parking garage is 555-0144.\n",
    "rules.md": "# Security rules\n\nVisitors wear a badge. The number of visitors is limited to ten.\n",
}


@pytest.mark.parametrize("question", ["What is the phone number of security?", "What is security's phone number?"])
def test_the_thing_of_another_is_not_shown_beside(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str
) -> None:
    write(PHONES)
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations] == ["Department | Phone", "Security | 555-0101"]


BOARD = {
    "board.md": "# Board\n\nMara Lindqvist is the chief financial officer. Tomas Reyes is the chief of the executive"
    " office.\n\nThe terms of service with Nordwind end in 2027. The company takes over all costs.\n",
    "expenses.md": "# Expenses\n\nExpenses above 1,000 EUR are approved by the CFO.\n",
}


@pytest.mark.parametrize(
    ("question", "band", "words"),
    [
        ("Who is the CFO?", "answered", "Mara Lindqvist is the chief financial officer."),
        ("When do the TOS end?", "answered", "The terms of service with Nordwind end in 2027."),
        ("Who approves expenses?", "answered", "Expenses above 1,000 EUR are approved by the CFO."),
        ("Who is the CTO?", "not_found", ""),
    ],
)
def test_an_abbreviation_is_asked_for_in_the_documents_words(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, band: str, words: str
) -> None:
    write(BOARD)
    rebuild()
    answer = ask(own, question)
    assert (answer.band, [c.quote for c in answer.citations][:1]) == (band, [words] if words else [])


def test_a_heading_tells_when_what_stands_under_it_was(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "notes.md": "# Release notes\n\n## 5.3 (14 April 2026)\n\n- Dark mode for the web client.\n- Export as CSV.\n\n"
        "## 5.2 (2 March 2026)\n\n- Calendar view.\n",
        "lunch.md": "# Canteen\n\nLunch is served at noon in the old mill.\n",
        "news.md": "# News\n\n## 2 November 2025: Lift\n\nThe lift in the old mill works again.\n",
    })  # fmt: skip
    rebuild()
    assert "2 November" not in ask(own, "When was the old mill sold?").text
    answer = ask(own, "When was dark mode for the web client released?")
    assert [citation.quote for citation in answer.citations] == ["5.3 (14 April 2026)", "Dark mode for the web client."]
    assert answer.band == "answered"


def test_a_stored_question_in_other_words_is_the_one_asked(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "faq.md": "# FAQ\n\n**How do I share large files with customers?**\nUse ShareBox.\n\n"
        "**May dogs come into the office?**\nOnly on Fridays.\n",
        "lunch.md": "# Canteen\n\nLunch is served at noon in the old mill.\n",
    })  # fmt: skip
    rebuild()
    answer = ask(own, "how do I send big files to a customer")
    assert (answer.citations[-1].quote, answer.band) == ("Use ShareBox.", "answered")
    assert ask(own, "how do I send a parcel to a customer").band != "answered"


def test_a_group_that_no_document_names_is_not_answered_for(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "leave.md": "# Leave\n\nEvery full-time employee has 27 days of annual leave a year. Unused days expire.\n",
        "lunch.md": "# Canteen\n\nLunch is served at noon in the old mill.\n",
    })  # fmt: skip
    rebuild()
    assert ask(own, "How many days of leave do employees get?").band == "answered"
    assert ask(own, "How many days of leave do interns get?").band != "answered"
    assert ask(own, "days of leave for interns").band != "answered"
    assert ask(own, "How many days of leave do part-time employees get?").band != "answered"


def test_asked_what_something_is_the_sentence_that_says_so_stands_alone(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "retrospectives.md": "# Retrospectives\n\nWe learn.\n\nRetrospectives are a chance for teams to reflect"
        " on what went well.\n\n## How to facilitate a retrospective\n\nThe organizer is responsible for the agenda of"
        " the retrospective meeting. Share the document. Purpose: [SHORT DESCRIPTION OF THIS RETROSPECTIVE]\n",
        "travel.md": "# Travel\n\nTrains are booked by the travel desk. A per diem covers meals.\n",
    })  # fmt: skip
    rebuild()
    answer = ask(own, "What is a retrospective?")
    assert [c.quote for c in answer.citations] == [
        "Retrospectives are a chance for teams to reflect on what went well."
    ]
    assert answer.band == "answered"


def test_a_list_of_other_steps_that_names_the_thing_is_no_instruction(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({
        "offers.md": "# After the offer\n\n## Revoked offers\n\nIf somebody decides not to join, these are the steps to"
        " follow.\n\n1. Tell the hiring manager.\n2. Tell Tech Ops, who request the new laptop back.\n3. Delete the"
        " account.\n",
        "money.md": "# Spending money\n\n## Laptop refresh\n\nAfter two years you are eligible for another one. Please"
        " fill out this form to request a new laptop.\n",
    })  # fmt: skip
    rebuild()
    shown = [c.quote for c in ask(own, "How do I request a new laptop?").citations]
    assert "Please fill out this form to request a new laptop." in shown
    assert "Tell the hiring manager." not in " ".join(shown)


OFFICE = {
    "people.md": "# People\n\nAda Byron became director in May 2022. She came from Oslo and succeeded Grace Petrov.\n",
    "letter.md": "# Letter\n\nThe popcorn machine goes back to its firm. It tripped the fuse four times.\n",
    "films.md": "# Highlights\n\nNerys Halloran founded the archive in 1958.\n\nHerring Lasses (1921) shows women "
    "gutting fish on the quay. The director is unknown.\n\nNightshift (1964, Maud Elphinstone) won a medal.\n",
    "fleet.md": "# Offer\n\nYsolde reported on reels from 1927 showing the herring fleet.\n",
}


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who was director before Ada Byron?", "succeeded Grace Petrov"),
        ("Why does the popcorn machine go back?", "It tripped the fuse four times."),
    ],
)
def test_what_leans_on_the_sentence_found_may_be_what_is_asked_for(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, words: str
) -> None:
    write(OFFICE)
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert words in answer.text


def test_asked_who_words_that_name_nobody_are_not_called_an_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(OFFICE)
    rebuild()
    assert ask(own, "Who composed the music for Herring Lasses?").band != "answered"


FRIENDS = {
    "faq.md": "# Questions\n\n## How do I become a Friend?\n\nFill in the form in the shop. Membership costs 36 EUR "
    "and starts on the day you pay.\n\n"
    "## What do Friends get?\n\n- cheaper tickets\n- a tenth off in the shop\n- four magazines\n",
    "helpers.md": "# Helpers\n\nAfter a year you become a Friend without paying.\n",
    "staff.md": "# Staff\n\nA member of staff opens the shop. Each member has a key.\n",
    "flood.md": "# Flood\n\n## Order of rescue\n\n1. negatives\n2. tapes\n3. posters of the flood\n4. chairs\n",
}


def test_the_stored_question_that_asks_the_same_goes_first(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(FRIENDS)
    rebuild()
    assert ask(own, "How do I become a member of the Friends?").citations[0].quote == "Fill in the form in the shop."


def test_a_list_that_answers_a_stored_question_is_shown_whole_or_not_at_all(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(FRIENDS)
    rebuild()
    items = {"cheaper tickets", "a tenth off in the shop", "four magazines"}
    assert not items & {citation.quote for citation in ask(own, "How much is Friends membership?").citations}
    assert items <= {citation.quote for citation in ask(own, "What does a Friend get?").citations}


def test_a_short_list_of_which_most_is_shown_is_shown_whole(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(FRIENDS)
    rebuild()
    answer = ask(own, "In which order are things rescued in a flood?")
    assert [citation.quote for citation in answer.citations][-1] == "4. chairs"


def test_of_two_meetings_both_dates_of_the_next_are_shown(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "2025-02-11.md": "# Film committee, 11 February 2025\n\n## 1. Offer\n\nThe committee accepted it.\n\n"
            "## 2. Date of next meeting\n\n13 May 2025, 14:00, room 2.03.\n",
            "2025-05-13.md": "# Film committee, 13 May 2025\n\n## 1. Scanner\n\nThe committee chose a scanner.\n\n"
            "## 2. Vault\n\nIt is full.\n\n## 3. Date of next meeting\n\n9 September 2025.\n",
        }
    )
    rebuild()
    answer = ask(own, "When is the next film committee meeting?")
    assert answer.band == "answered"
    assert {"9 September 2025.", "13 May 2025, 14:00, room 2.03."} == {one.quote for one in answer.citations}


def test_words_that_share_hardly_a_word_with_the_question_are_not_called_an_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "tapes.md": "# Storage\n\nTapes are read back and checked every 18 months. They are kept in Leith.\n",
            "fire.md": "# Decay\n\nBrown powder: call the fire service. Ring the duty officer at once.\n",
        }
    )
    rebuild()
    assert ask(own, "How often are the fire extinguishers checked?").band != "answered"


CALLS = """# Who to call

- Boathouse: Ida Roth, extension 210
- Treasurer: Paul Adeyemi, extension 220, adeyemi@rowers.example
- IT help: Vera Koch, extension 230
- Safety officer: Lea Moreau, extension 240

The treasurer sends the bills in March. Change your e-mail address in the members' area. Members telephone the boathouse
before they fetch a trophy.
"""


@pytest.mark.parametrize(
    ("question", "line"),
    [
        (
            "What is the e-mail address of the treasurer?",
            "Treasurer: Paul Adeyemi, extension 220, adeyemi@rowers.example",
        ),
        ("How do I reach the treasurer by e-mail?", "Treasurer: Paul Adeyemi, extension 220, adeyemi@rowers.example"),
        ("How can I contact Lea Moreau?", "Safety officer: Lea Moreau, extension 240"),
        ("Who is the IT help?", "IT help: Vera Koch, extension 230"),
    ],
)
def test_who_is_to_be_reached_is_answered_by_their_line_alone(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, line: str
) -> None:
    write({"calls.md": CALLS})
    rebuild()
    answer = ask(own, question)
    assert answer.band == "answered"
    assert [citation.quote for citation in answer.citations] == [line]


def test_an_address_that_is_not_there_is_no_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"calls.md": CALLS})
    rebuild()
    assert ask(own, "What is the e-mail address of the boathouse?").band != "answered"


RETURNS = """# Loans of the tool library

Tools may be brought back free of charge up to two days late. After that, each day costs 3 euros. Batteries are charged
by the volunteers.
"""


@pytest.mark.parametrize("question", ["Up to when may tools be brought back late?", "What does each day cost?"])
def test_a_limit_is_shown_with_what_holds_beyond_it(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str
) -> None:
    write({"returns.md": RETURNS})
    rebuild()
    quotes = [citation.quote for citation in ask(own, question).citations]
    assert quotes == [
        "Tools may be brought back free of charge up to two days late.",
        "After that, each day costs 3 euros.",
    ]


STAFF = """# Museum staff

Guards wear grey jackets, cleaners brown ones. Full-time guards have 27 days of annual leave.

## Closing the hall

1. Switch on the alarm of the east door.
2. Pull down the blinds.

## Limits

The new roof was built in 2015 and cost 4.1 million euros. Tours last 40 minutes. An audio guide is handed out at the
desk. Seasons of the hall run from March to May. The harbour is one of the most important cities with the largest river
port.
"""


@pytest.mark.parametrize(
    ("question", "answered"),
    [
        ("When does the hall have its season?", True),
        ("Which city has the biggest port?", True),
        ("What colour jackets do guards wear?", True),
        ("What colour jackets do gardeners wear?", False),
        ("How many days of annual leave do guards have?", True),
        ("How many days of yearly leave do guards have?", True),
        ("How many days of parental leave do guards have?", False),
        ("Who repairs the alarm of the east door?", False),
        ("How much does an audio guide cost?", False),
        ("How much did the new roof cost?", True),
        ("How long do tours last?", True),
    ],
)
def test_what_is_said_of_another_sort_of_thing_is_no_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], question: str, answered: bool
) -> None:
    write({"staff.md": STAFF})
    rebuild()
    assert (ask(own, question).band == "answered") is answered


def test_another_year_and_what_the_reader_rejects_are_no_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "sale.md": "# Plant sale\n\nIn 2025 the plant sale raised 640 pounds for the children's home.\n",
            "cup.md": "# Cup\n\nIn the season of 2023–24 the cup raised 90 pounds.\n",
            "hedge.md": "# Hedge\n\nThree neighbours have complained that the hedge blocks the pavement.\n",
        }
    )
    rebuild()
    assert ask(own, "How much did the plant sale raise in 2025?").band == "answered"
    assert ask(own, "How much did the plant sale raise in 2023?").band == "uncertain"
    assert ask(own, "How much was raised in the 2024 season?").band == "answered"
    assert ask(own, "How tall is the hedge?").band == "uncertain"
    assert ask(own, "What have the neighbours complained about?").band == "answered"


def test_the_minutes_of_the_month_asked_about_answer(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    minutes = "# Board meeting, {day}\n\nIt was decided to leave the rule for the {thing} as it is.\n"
    write({
        "a.md": minutes.format(day="11 March 2024", thing="mill"),
        "b.md": minutes.format(day="14 October 2024", thing="boat house"),
        "c.md": "# Rooms\n\n| Name | Office |\n| --- | --- |\n| Ada Byron | Kiel 3.01 |\n",
    })  # fmt: skip
    rebuild()
    assert "boat house" in ask(own, "What did the board decide in October?").text
    answer = ask(own, "What was decided on 11 March 2024?")
    assert ("mill" in answer.text, "boat house" in answer.text) == (True, False)
    assert ask(own, "When did Ada Byron resign?").band != "answered"  # 3.01 is a room
