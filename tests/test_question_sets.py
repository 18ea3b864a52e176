"""Benchmarks in public forms are read as what they say."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.evaluating import Example, judge
from bench.question_sets import Asked, Benchmark, read, slipped
from index.building import build
from index.formats.choosing import READERS

CORPUS = [
    {
        "_id": "a/1",
        "title": "Harbour tram",
        "text": "It was shut in March when engineers found cracks.",
        "metadata": {},
    },
    {"_id": "a 1", "title": "", "text": "The island ferry leaves the old pier at noon."},
    {"_id": "3", "text": "The penguins are fed at three in the afternoon."},
    {"_id": "4", "title": "", "text": " "},
]
QUERIES = [
    {"_id": "q1", "text": "When does the  ferry leave?", "metadata": {}},
    {"_id": "q2", "text": "Why was the tram shut?"},
    {"_id": "q3", "text": "What has only words that are no passage?"},
    {"_id": "q4", "text": "What did nobody judge?"},
]
JUDGEMENTS = "query-id\tcorpus-id\tscore\nq1\ta 1\t1\nq1\t3\t0\nq2\ta/1\t2\nq2\t3\t1\nq3\t4\t1\nq3\tgone\t1\n"


@pytest.fixture
def beir(tmp_path: Path) -> Path:
    """A folder as BEIR has them: lines of JSON, with a blank one at the end as some have, and judgements."""

    def lines(rows: Iterable[Mapping[str, object]]) -> str:
        return "".join(f"{json.dumps(row)}\n" for row in rows) + "\n"

    folder = tmp_path / "tiny"
    (folder / "qrels").mkdir(parents=True)
    (folder / "corpus.jsonl").write_text(lines(CORPUS))
    (folder / "queries.jsonl").write_text(lines(QUERIES))
    (folder / "qrels" / "test.tsv").write_text(JUDGEMENTS)
    return folder


def texts(benchmark: Benchmark, names: Iterable[str]) -> set[str]:
    return {benchmark.documents[name] for name in names}


def test_a_beir_folder_is_read(beir: Path) -> None:
    benchmark = read(beir)
    tram, ferry, penguins = (row["text"] for row in CORPUS[:3])
    assert set(benchmark.documents.values()) == {f"Harbour tram\n\n{tram}", ferry, penguins}
    asked = {
        question.example.question: texts(benchmark, question.example.documents) for question in benchmark.questions
    }
    assert asked == {
        "When does the ferry leave?": {ferry},
        "Why was the tram shut?": {f"Harbour tram\n\n{tram}", penguins},
    }


def test_a_beir_folder_is_measured(beir: Path, own: Assistant) -> None:
    benchmark = read(beir)
    for name, text in benchmark.documents.items():
        (own.settings.documents / name).write_text(text)
    build(own.settings, own.encoder)
    first = {j.example.question: j.ranking[0] for j in judge(own, (asked.example for asked in benchmark.questions))}
    assert "ferry" in benchmark.documents[first["When does the ferry leave?"]]
    assert "Harbour tram" in benchmark.documents[first["Why was the tram shut?"]]


def test_a_slip_of_the_pen_changes_one_long_word() -> None:
    asked = Asked("answerable", Example("Who crossed the mountains in winter?", ("Hannibal",)))
    draw = random.Random(1)
    slips = {slipped(asked, draw).example.question.removeprefix("Who ").removesuffix("?") for _ in range(40)}
    assert len(slips) > 20
    whole = ["crossed", "the", "mountains", "in", "winter"]
    changed = [sum(a != b for a, b in zip(slip.split(), whole, strict=True)) for slip in slips]
    assert max(changed) == 1
    assert slipped(Asked("answerable", Example("Who is he?", ())), draw).example.question == "Who is he?"


WIKIS = Path(__file__).parent.parent / "bench" / "wikis"


@pytest.mark.parametrize(
    "folder", sorted(path.parent for path in WIKIS.glob("*/questions.jsonl")), ids=lambda f: f.name
)
def test_the_answers_of_our_own_sets_stand_in_their_documents(folder: Path) -> None:
    benchmark = read(folder)
    assert {asked.kind for asked in benchmark.questions} == {"answerable", "unanswerable"}
    for asked in benchmark.questions:
        texts = [
            READERS[Path(name).suffix](benchmark.documents[name].encode()).text for name in asked.example.documents
        ]
        for answer in asked.example.answers or ():
            assert any(answer in " ".join(text.split()) for text in texts), asked.example.question
