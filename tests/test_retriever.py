"""Which passages are found: each once, and only where they are looked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from assistant.assistant import Assistant
from assistant.retriever import _adjoined, _is_spelled
from assistant.words.frames import is_english, language_of, subject_terms, subject_words
from index.errors import QuestionError
from index.terms import terms
from index.types import BuildReport

Write = Callable[[Mapping[str, str | bytes]], None]

FERRY = "The island ferry leaves the old pier at noon and comes back at six in the evening, on Sundays too."


def documents(assistant: Assistant, query: str, within: str | None = None) -> set[str]:
    return {passage.chunk.document for passage in assistant.search(query, 50, within).passages}


def test_passages_that_say_the_same_are_shown_once(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"a.txt": FERRY, "copy.txt": FERRY, "other.txt": "The ferry to the city leaves from the new pier at ten."})
    rebuild()
    found = documents(own, "When does the ferry leave?")
    assert "other.txt" in found
    assert len(found & {"a.txt", "copy.txt"}) == 1


@pytest.mark.parametrize("compared", [2000, 0])
def test_only_the_place_that_is_named_is_searched(
    own: Assistant,
    write: Write,
    rebuild: Callable[[], BuildReport],
    monkeypatch: pytest.MonkeyPatch,
    compared: int,
) -> None:
    monkeypatch.setattr("assistant.retriever._COMPARED", compared)
    write(
        {
            "sea/ferry.txt": FERRY,
            "sea/north/boat.txt": "The boat leaves at ten.",
            "seaside.txt": "The bus to the ferry leaves at nine.",
        }
    )
    rebuild()
    query = "When does the ferry leave?"
    assert documents(own, query) == {"sea/ferry.txt", "sea/north/boat.txt", "seaside.txt"}
    assert documents(own, query, "sea") == documents(own, query, "sea/") == {"sea/ferry.txt", "sea/north/boat.txt"}
    assert documents(own, query, "sea/ferry.txt") == {"sea/ferry.txt"}
    with pytest.raises(QuestionError, match="no document or folder nowhere"):
        documents(own, query, "nowhere")


def test_the_names_in_the_best_passages_lead_on(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write(
        {
            "book.txt": "Silver Tides\n\nThe novel Silver Tides was written by Marta Quill in a lighthouse.",
            "quill.txt": "Quill was the child of two bakers from Lakeville.",
            **{f"{n}.txt": f"The novel number {n} did grow on the readers." for n in range(12)},
        }
    )
    rebuild()
    found = own.search("Where did the writer of the novel Silver Tides grow up?", 3).passages
    assert "quill.txt" in {p.chunk.document for p in found}
    assert all(0 <= p.score <= 1 for p in found)


def test_passages_that_adjoin_follow_each_other_and_no_others() -> None:
    assert _adjoined(["b", "p", "q", "c", "a"], {"a": "b", "b": "c"}) == ["b", "c", "p", "q", "a"]
    assert _adjoined(["b", "p", "a"], {"a": "b"}) == ["a", "b", "p"]
    assert _adjoined(["y", "p", "q", "r", "x"], {"x": "y"}) == ["y", "p", "q", "r", "x"]
    assert _adjoined(["p", "q"], {}) == ["p", "q"]


def test_a_long_section_is_given_in_reading_order(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    lines = [
        f"The harbour crane number {n} lifts crates of fish and salt in every month of the year." for n in range(40)
    ]
    write({"crane.txt": " ".join(lines), "fish.txt": "Fish and salt are sold at the harbour."})
    rebuild()
    found = [p.chunk for p in own.search("What does harbour crane number 20 lift?").passages]
    cranes = [chunk.start for chunk in found if chunk.document == "crane.txt"]
    assert len(cranes) > 2
    assert cranes == sorted(cranes)
    assert len({chunk.id for chunk in found}) == len(found)


def test_a_passage_says_what_it_was_found_by(assistant: Assistant) -> None:
    passage = assistant.search("What does a dog's ticket cost?").passages[0]
    chunk = passage.chunk
    assert [chunk.text[s.start - chunk.start : s.end - chunk.start] for s in passage.matched] == [
        "ticket",
        "costs",
        "Dogs",
    ]
    assert passage.nearest in chunk.sentences


PRICES = {
    "tram.md": "---\nurl: https://wiki.test/Harbour%20tram/\n---\n# Harbour tram\n\nA ticket costs 32 crowns.\n",
    "ferry.md": "---\nurl: https://wiki.test/page?id=7\n---\n# Island ferry\n\nA ticket costs 54 crowns.\n",
    "zoo.md": "---\nurl: https://wiki.test/page?id=8\n---\n# City zoo\n\nThe penguins are fed at three.\n",
}


@pytest.mark.parametrize(
    ("page", "first"),
    [
        ("https://wiki.test/Harbour tram", "tram.md"),
        ("http://WIKI.test:80/Harbour%20tram/?from=mail#fares", "tram.md"),
        ("https://wiki.test/page?id=7#top", "ferry.md"),
        ("https://wiki.test/page?id=8", None),  # that page says nothing of it
        ("https://wiki.test/page", None),
        ("https://elsewhere.test/Harbour tram", None),
        ("not an address", None),
        ("https://[", None),
    ],
)
def test_the_page_where_a_person_stands_is_preferred(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport], page: str, first: str | None
) -> None:
    write(PRICES)
    rebuild()
    answer = own.ask("What does a ticket cost?", page=page)
    without = own.ask("What does a ticket cost?")
    assert answer.citations[0].document == (first or without.citations[0].document)
    # Another document that clearly answers still does.
    assert own.ask("What does the island ferry cost?", page=page).citations[0].document == "ferry.md"
    assert own.ask("When are the penguins fed?", page=page).citations[0].document == "zoo.md"


def test_an_answer_comes_only_from_the_place_that_is_named(
    own: Assistant, write: Write, rebuild: Callable[[], BuildReport]
) -> None:
    write({"sea/ferry.txt": "The ferry ticket costs 54 crowns.", "land/tram.txt": "The tram ticket costs 32 crowns."})
    rebuild()
    question = "What does the ferry ticket cost?"
    assert own.ask(question).citations[0].document == "sea/ferry.txt"
    assert own.ask(question, within="sea").citations[0].document == "sea/ferry.txt"
    elsewhere = own.ask(question, within="land", page="https://wiki.test/ferry")
    assert {passage.chunk.document for passage in elsewhere.passages} == {"land/tram.txt"}
    for asking in (own.ask, own.search):
        with pytest.raises(QuestionError, match="no document or folder nowhere"):
            asking(question, within="nowhere")
    assert own.ask(question, within="").citations == own.ask(question).citations


@pytest.mark.parametrize(
    ("question", "language", "subject"),
    [
        ("When did the war die down?", "en", "war die down"),
        ("Wann war der Krieg zu Ende?", "de", "krieg ende"),
        ("¿Cuándo terminó la guerra?", "es", "termino guerra"),
        ("Когда закончилась война?", "ru", "закончилась война"),
    ],
)
def test_the_words_that_frame_a_question_are_those_of_its_language(question: str, language: str, subject: str) -> None:
    assert language_of(terms(question)) == language
    assert subject_terms(question) == terms(subject)


@pytest.mark.parametrize(
    ("question", "subject"),
    [
        ("Which adviser is from the US?", ["adviser", "US"]),
        ("What ends in May?", ["ends", "May"]),
        ("May I ask what may end?", ["ask", "end"]),
        ("WHO guidance, or who wrote it?", ["WHO", "guidance", "wrote"]),
        ("WHO IS IT AND WHEN WILL IT END?", ["END"]),
        ("What Is The Price Of It?", ["Price"]),
        ("Können Sie es öffnen?", ["öffnen"]),
    ],
)
def test_a_word_whose_capitals_name_something_frames_nothing(question: str, subject: list[str]) -> None:
    assert subject_words(question) == subject


def test_words_the_encoder_can_only_spell_are_looked_for_by_keyword(assistant: Assistant) -> None:
    assert _is_spelled("Когда закончилась война?", assistant.encoder)
    assert not _is_spelled("When was the harbour tram closed?", assistant.encoder)
    assert not _is_spelled("Wann wurde die Straßenbahn geschlossen?", assistant.encoder)


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("The ferry leaves the old pier at noon and comes back at six in the evening.", True),
        ("Die Fähre legt mittags vom alten Anleger ab und kommt abends um sechs zurück.", False),
        ("Promy odpływają ze starego molo w południe i wracają wieczorem o szóstej.", False),
        ("渡轮中午从旧码头出发，晚上六点返回。", False),
    ],
)
def test_whether_a_passage_is_english(text: str, english: bool) -> None:
    assert is_english(terms(text)) == english
