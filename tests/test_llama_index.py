"""Our retriever in LlamaIndex's own engines."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Callable, Iterator

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine

from assistant.assistant import Assistant
from assistant.llama_index import DocumentRetriever
from assistant.settings import Settings
from index.errors import IndexMissing, QuestionError
from tests.conftest import ROOT
from tests.test_access import in_a_loop

DOGS = "ticket price for dogs"


@pytest.fixture(scope="module")
def retriever(library: Settings) -> Iterator[DocumentRetriever]:
    with DocumentRetriever(library) as retriever:
        yield retriever


def test_it_finds_the_same_as_a_search(retriever: DocumentRetriever, assistant: Assistant) -> None:
    nodes = retriever.retrieve(DOGS)
    passages = assistant.search(DOGS).passages
    assert [(node.node_id, node.text, node.score) for node in nodes] == [
        (passage.chunk.id, passage.chunk.text, passage.score) for passage in passages
    ]
    assert nodes[0].metadata["document"] == "news/tram.md"


def test_it_keeps_to_a_place_and_a_number(library: Settings) -> None:
    with DocumentRetriever(library, limit=1, within="leave.txt") as within:
        (node,) = within.retrieve("tram")
        assert node.metadata["document"] == "leave.txt"
    with DocumentRetriever(library, within="nowhere") as within, pytest.raises(QuestionError):
        within.retrieve("tram")


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_that_is_none_is_refused(library: Settings, limit: int) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        DocumentRetriever(library, limit=limit)


def test_a_query_engine_answers_from_what_it_finds(retriever: DocumentRetriever) -> None:
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    response = engine.query(DOGS)  # the mock says its prompt again
    assert "Dogs pay half." in str(response)
    assert "heading: Fares" in str(response)
    assert "news/tram.md" not in str(response)
    assert response.source_nodes[0].metadata["document"] == "news/tram.md"


def test_it_holds_up_no_loop(retriever: DocumentRetriever, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = RetrieverQueryEngine.from_args(retriever, llm=MockLLM())
    search: Callable[..., object] = retriever._assistant.search
    loop_goes_on = threading.Event()

    def waiting(*arguments: object) -> object:
        assert loop_goes_on.wait(30)
        return search(*arguments)

    monkeypatch.setattr(retriever._assistant, "search", waiting)
    answers = []

    async def ask() -> None:
        asked = asyncio.create_task(engine.aquery(DOGS))
        await asyncio.sleep(0.01)
        loop_goes_on.set()
        answers.append(str(await asked))

    in_a_loop(ask)
    assert "Dogs pay half." in answers[0]


def test_a_closed_one_leaves_nothing_behind(library: Settings) -> None:
    readers = library.data / "readers"
    held = set(readers.iterdir())
    with DocumentRetriever(library) as retriever:
        retriever.retrieve(DOGS)
        assert set(readers.iterdir()) > held
    assert set(readers.iterdir()) == held


def test_without_an_index_the_remedy_is_told(settings: Settings) -> None:
    with DocumentRetriever(settings) as retriever, pytest.raises(IndexMissing) as missing:
        retriever.retrieve(DOGS)
    assert "assistant index" in missing.value.hint


def test_the_example_of_the_manual_answers(library: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    part = (ROOT / "docs" / "api.md").read_text().split("## LlamaIndex")[1]
    (example, *_) = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    example = example.replace("load({})", "settings").replace('"policies"', '"news"').replace("Who may", "Dogs who may")
    exec(example, {"settings": library, "llm": MockLLM()})
    assert "Dogs pay half." in capsys.readouterr().out
