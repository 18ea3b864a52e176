"""Questions about the document set that the repository ships, answered from the right sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from assistant.assistant import Assistant
from assistant.settings import load
from index.building import build
from index.encoder import Encoder
from tests.conftest import ROOT
from tests.test_answering import ask


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory, encoder: Encoder) -> Iterator[Assistant]:
    settings = load({"documents": ROOT / "seeds", "data": tmp_path_factory.mktemp("seeds")})
    build(settings, encoder)
    assistant = Assistant(settings)
    assistant.encoder = encoder
    yield assistant
    assistant.close()


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who did Yang Jiechi meet?", "meeting with South Korea’s National Security Director Suh Hoon"),
        ("Where did Yang Jiechi and Suh Hoon meet?", "in Tianjin"),
        ("When was the meeting in Tianjin?", "December 2"),
        ("When does President Moon Jae-in's term end?", "five-year term ends in May"),
        ("What did Jake Sullivan say?", "somewhat different perspectives"),
        ("Why was Xi's trip postponed?", "because of the pandemic"),
        ("Why has Xi Jinping's visit to South Korea been postponed?", "because of the pandemic"),
        ("Who is Suh Hoon?", "national security adviser"),
        ("Who is Yang Jiechi?", "a member of the Communist Party’s Politburo"),
        ("What is North Korea's condition for accepting the proposal?", "withdraws its “hostile policy”"),
        ("How many summits did Trump have with Kim?", "three summits"),
        ("Which side did China fight on in the Korean war?", "alongside North Korea"),
        ("Why are the two Koreas technically still at war?", "unstable armistice rather than a peace treaty"),
        ("What does Seoul hope to achieve with the end of war declaration?", "build trust"),
        ("Who took over from Donald Trump?", "Joe Biden"),
        ("Which news agency reported this?", "Yonhap"),
        ("Who is North Korea's largest trade partner?", "China is now"),
        ("Is the US in an alliance with South Korea?", "security alliance"),
        ("Has an official proposal been made to the North?", "not yet made an official proposal"),
        ("What happened to the communication line?", "reconnect vital communication line"),
        ("What do the documents say about Suh Hoon?", "Suh Hoon"),
        ("Moon term", "ends in May"),
    ],
)
def test_answered_from_the_right_sentence(seeded: Assistant, question: str, words: str) -> None:
    answer = ask(seeded, question)
    assert answer.band != "not_found"
    assert words in answer.text


@pytest.mark.parametrize(
    "question",
    [
        "What is the boiling point of tungsten?",
        "How do I reset my password?",
        "What is the capital of Mongolia?",
        "When was the Eiffel tower built?",
        "Who is the president of France?",
        "How many people live in Seoul?",
    ],
)
def test_refused(seeded: Assistant, question: str) -> None:
    assert ask(seeded, question).band == "not_found"


def test_the_questions_of_the_readme_are_answered(seeded: Assistant) -> None:
    asked = re.findall(r"(?:assistant ask |retrieve\()\"([^\"]+)\"", (ROOT / "README.md").read_text())
    assert asked
    for question in asked:
        assert ask(seeded, question).band == "answered"
