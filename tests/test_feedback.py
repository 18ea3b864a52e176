"""What readers say of answers: kept, bounded, listed, exported, removed."""

from __future__ import annotations

import csv
import io
import json
import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis.strategies as st
import pytest
from hypothesis import example, given

from assistant import feedback
from assistant.assistant import Assistant
from assistant.feedback import Feedback, add, entries, remove
from assistant.views.feedback import told, write_csv
from index.errors import FeedbackError
from index.types import BuildReport
from tests.conftest import LEAVE, TRAM
from tests.test_cli import Run, run
from tests.test_web import reached

__all__ = ["run"]

SAID = Feedback("2026-11-20T10:00:00+00:00", "up", "", "What do dogs pay?", "Dogs pay half.", ("a", "b"), 7, "")
BODY = {
    "verdict": "down", "comment": "It is a third.", "question": "What do dogs pay?", "text": "Dogs pay half.",
    "passages": ["a", "b"], "generation": 7, "page": "https://wiki.example.org/tram",
}  # fmt: skip


def test_what_is_said_over_http_is_read_by_the_command(
    own: Assistant, write: Callable[[Mapping[str, str | bytes]], None], rebuild: Callable[[], BuildReport], run: Run
) -> None:
    write({"tram.md": TRAM})
    rebuild()
    assert json.loads(run("feedback", "--data", "data", "--json")[1]) == {"feedback": []}
    with reached(own) as client:
        assert client.post("/api/feedback", json=BODY).status_code == 204
        assert client.post("/api/feedback", json={"verdict": "up", "question": "Why?"}).status_code == 204
    write({"leave.txt": LEAVE})
    assert rebuild().published  # a build leaves it alone
    (last, first) = json.loads(run("feedback", "--data", "data", "--json")[1])["feedback"]
    assert {**BODY, "at": first["at"]} == first
    assert (last["verdict"], last["question"], last["generation"], last["page"]) == ("up", "Why?", None, "")
    code, out, _ = run("feedback", "--data", "data")
    assert code == 0
    assert out.index("Why?") < out.index("What do dogs pay?")
    assert "Comment: It is a third." in out
    (row, _) = csv.DictReader(io.StringIO(run("feedback", "--data", "data", "--csv")[1]))
    assert row["question"] == "Why?"


@pytest.mark.parametrize("wrong", [
    {"verdict": "sideways"}, {"verdict": None}, {"comment": "x" * 2001}, {"text": "x" * 20_001}, {"page": "x" * 2001},
    {"page": "https://wiki.example.org/" + "x" * 2000}, {"page": "javascript:alert(1)"}, {"page": "the start page"},
    {"page": "https:///x"}, {"page": "https://wiki.example.org/a b"}, {"page": "https://wiki.example.org/\x1b[2J"},
    {"page": "//wiki.example.org/"}, {"page": "http://[x"},
    {"passages": ["x"] * 51}, {"passages": ["x" * 201]}, {"passages": "x"}, {"generation": -1}, {"generation": 2**63},
    {"generation": "x"}, {"question": None}, {"question": "x" * 100_001}, {"user": "ingrid"}, {"id": "x"},
    {"id": "x" * 65}, {"id": "../../x/y"}, {"comment": "\ud800"},
])  # fmt: skip
def test_every_field_has_its_bounds(assistant: Assistant, wrong: dict[str, Any]) -> None:
    before = entries(assistant.settings.data)
    with reached(assistant) as client:
        sent = json.dumps({**BODY, **wrong})
        refused = client.post("/api/feedback", content=sent, headers={"content-type": "application/json"})
        assert (refused.status_code, set(refused.json())) == (422, {"error", "hint"})
    assert entries(assistant.settings.data) == before


def test_a_second_thought_takes_the_place_of_the_first(tmp_path: Path) -> None:
    add(tmp_path, SAID, "the same turn")
    add(tmp_path, SAID)
    add(tmp_path, replace(SAID, verdict="down", comment="No."), "the same turn")
    assert [(said.verdict, said.comment) for said in entries(tmp_path)] == [("down", "No."), ("up", "")]


def test_the_oldest_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "KEPT", 5)
    for n in range(12):
        add(tmp_path, replace(SAID, comment=str(n)))
    assert [said.comment for said in entries(tmp_path)] == ["11", "10", "9", "8", "7"]


def test_since_and_removal_count_moments_and_not_text(tmp_path: Path, run: Run) -> None:
    for day in (18, 19, 20):
        add(tmp_path, replace(SAID, at=f"2026-11-{day}T23:30:00+00:00", comment=f"secret{day}"))
    moment = datetime.fromisoformat("2026-11-20T00:00:00+01:00")  # half an hour before the second
    assert len(entries(tmp_path, moment)) == 2
    assert remove(tmp_path, moment) == 1
    assert [said.comment for said in entries(tmp_path)] == ["secret20", "secret19"]
    assert b"secret18" not in (tmp_path / "feedback.sqlite3").read_bytes()
    out = run("feedback", "--data", str(tmp_path), "--since", "2026-11-20T12:00:00", "--json")[1]
    assert [said["comment"] for said in json.loads(out)["feedback"]] == ["secret20"]
    assert run("feedback", "--data", str(tmp_path), "--remove-before", "2027-01-01")[1] == "Removed: 2.\n"
    assert run("feedback", "--data", str(tmp_path), "--json", "--csv")[0] == 2
    assert run("feedback", "--data", str(tmp_path), "--since", "yesterday")[0] == 2


def _add_many(data: Path, writer: int) -> None:
    for n in range(25):
        add(data, replace(SAID, comment=f"{writer} {n}"))


def test_many_processes_write_at_once(tmp_path: Path) -> None:
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_add_many, args=(tmp_path, n)) for n in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert {said.comment for said in entries(tmp_path)} == {f"{w} {n}" for w in range(4) for n in range(25)}
    assert (tmp_path / "feedback.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_damaged_file_is_said_and_harms_nothing_else(assistant: Assistant) -> None:
    file = assistant.settings.data / "feedback.sqlite3"
    file.write_bytes(b"not a database, by any means" * 100)
    try:
        with pytest.raises(FeedbackError, match="could not be read"):
            entries(assistant.settings.data)
        with reached(assistant) as client:
            refused = client.post("/api/feedback", json=BODY)
            assert (refused.status_code, set(refused.json())) == (503, {"error", "hint"})
            assert client.get("/ready").status_code == 200
    finally:
        file.unlink()


texts = st.text(st.characters(codec="utf-8"), max_size=30)


@example(("\r", "a\rb", "a\r\nb", "\n"), "")
@given(
    st.tuples(texts, texts, texts, texts), st.sampled_from(["", "=", "+1", "-", "@SUM", "\t=", " =", "\n=", "＝", ","])
)
def test_a_table_holds_all_and_runs_nothing(words: tuple[str, str, str, str], start: str) -> None:
    comment, question, text, page = (start + word for word in words)
    said = replace(SAID, comment=comment, question=question, text=text, page=page)
    out = io.StringIO()
    write_csv([said, SAID], out)
    (row, plain) = csv.DictReader(io.StringIO(out.getvalue(), newline=""))
    assert plain["passages"] == "a b"
    for name, value in (("comment", comment), ("question", question), ("text", text), ("page", page)):
        assert row[name] in (value, f"'{value}")
        assert not row[name].lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"))


def test_what_is_printed_commands_no_terminal() -> None:
    said = replace(SAID, comment="\x1b[2Jgone\x07", question="a\x9b31m\nb", page="\x1b]0;x")
    assert not any(ord(character) < 32 and character != "\n" for character in told(said))
    assert "\x9b" not in told(said)
