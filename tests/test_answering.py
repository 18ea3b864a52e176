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

from assistant.assistant import NOT_FOUND, Assistant
from assistant.examples import QUESTION, Topics
from assistant.settings import Settings
from assistant.types import Answer, Delta, Event, Found, Status
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
    assert (answer.band == "not_found") == (not answer.statements) == (answer.text == NOT_FOUND)
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
        assert ask(assistant, QUESTION.format(topic=topic)).band == "answered"


def test_the_llama_index_retriever_finds_the_same(assistant: Assistant, library: Settings) -> None:
    from assistant.llama_index import DocumentRetriever

    nodes = DocumentRetriever(library).retrieve("ticket price for dogs")
    passages = assistant.search("ticket price for dogs").passages
    assert [node.text for node in nodes] == [passage.chunk.text for passage in passages]
    assert nodes[0].metadata["document"] == "news/tram.md"
