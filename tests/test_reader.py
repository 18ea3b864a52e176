"""The reader: an answer lies above none, what only has the words below it, and nothing is read that was trained for
another encoder."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from safetensors.torch import save_file

from assistant.assistant import Assistant
from assistant.quoting import reader as module
from assistant.quoting.certainty import read_in_doubt
from assistant.quoting.evidence import weigh
from assistant.quoting.reader import ADAPTER, Page, Reader
from assistant.retriever import retrieve
from index.encoder import PACKAGED_WEIGHTS
from index.errors import EncoderError
from index.types import BuildReport

Write = Callable[[Mapping[str, str | bytes]], None]

REFUNDS = Page(
    "Refunds",
    (
        "Refunds are paid within 14 days.",
        "The team lead may approve a refund of up to 500 euros.",
        "Ask at the front desk.",
    ),
)


@pytest.fixture(scope="module")
def reader() -> Reader:
    return Reader()


@pytest.mark.parametrize(
    ("question", "answering"), [("Who may approve a refund?", 1), ("How long does a refund take to be paid?", 0)]
)
def test_the_sentence_that_answers_lies_above_none_and_above_the_others(
    reader: Reader, question: str, answering: int
) -> None:
    told = reader.read(question, REFUNDS)
    readings = [one for one in told if one is not None]
    assert len(readings) == len(REFUNDS.sentences)
    assert max(readings) == readings[answering] > 0


@pytest.mark.parametrize(
    "question", ["Who invented the refund?", "What is the fine for late refunds?", "Why was the team lead dismissed?"]
)
def test_what_only_has_the_words_lies_below_none(reader: Reader, question: str) -> None:
    assert all(one is not None and one < 0 for one in reader.read(question, REFUNDS))


def test_what_is_beyond_its_length_is_not_read(reader: Reader) -> None:
    page = Page("", ("Ships come at dawn " * 60 + "and go at night.", "The toll is seven crowns."))
    first, second = reader.read("What is the toll?", page)
    assert first is not None
    assert second is None
    assert reader.read("What is the toll " * 60, REFUNDS)[0] is not None


class _Told(Reader):
    """A reader that says what it is told of each sentence, and remembers the pages that it read."""

    def __init__(self, told: Mapping[str, float]) -> None:
        super().__init__()
        self.told, self.pages = told, list[Page]()

    def read(self, question: str, page: Page) -> list[float | None]:
        self.pages.append(page)
        return [self.told[sentence] for sentence in page.sentences]


NEAR, BEYOND = "The ferry is steered by its captain.", "A pilot of the harbour office comes aboard."


@pytest.mark.parametrize(("reading", "pages", "first"), [(12.0, 1, NEAR), (-6.0, 2, BEYOND)])
def test_where_the_best_place_leaves_a_doubt_the_next_best_is_read(
    own: Assistant,
    write: Write,
    rebuild: Callable[[], BuildReport],
    reading: float,
    pages: int,
    first: str,
) -> None:
    write({"ferry.md": f"# Ferry\n\n{NEAR}\n", "pier.md": f"# Pier\n\n{BEYOND}\n", "rain.md": "# Rain\n\nIt rains.\n"})
    rebuild()
    question, reader = (
        "Who pilots the ferry?",
        _Told({NEAR: reading, BEYOND: 11.0, "It rains.": -12.0}),
    )
    with own.published.reading() as generation:
        retrieval = retrieve(question, generation, own.encoder, own.settings.retrieval)
        found = read_in_doubt(question, weigh(question, retrieval, generation), retrieval, reader)
    assert len(reader.pages) == pages
    assert found.candidates[0].quote.text == first
    assert found.reading == max(reading, 11.0 if pages > 1 else reading)


def test_it_is_safe_from_several_threads(reader: Reader) -> None:
    alone = reader.read("Who may approve a refund?", REFUNDS)
    together: list[list[float | None]] = []
    threads = [
        threading.Thread(target=lambda: together.append(reader.read("Who may approve a refund?", REFUNDS)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == [alone] * 4


def test_one_that_was_trained_for_another_encoder_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import torch

    other = tmp_path / "reader.safetensors"
    save_file({"marks.bias": torch.zeros(2)}, other, metadata={"base": PACKAGED_WEIGHTS[::-1]})
    monkeypatch.setattr(module, "ADAPTER", other)
    with pytest.raises(EncoderError, match="other weights"):
        Reader().read("Who?", REFUNDS)
    assert ADAPTER.is_file()
