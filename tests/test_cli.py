"""The commands as a person types them: results, messages, exit codes."""

from __future__ import annotations

import json
import os
import signal as signals
import socket
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.cli import main
from assistant.views.answers import print_answer
from tests.conftest import ROOT, TRAM
from tests.test_process import free_port

Write = Callable[[Mapping[str, str | bytes]], None]
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(place: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command in the folder: its exit code, stdout and stderr."""
    monkeypatch.setenv("ASSISTANT_DOCUMENTS", str(place / "docs"))

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["assistant", *arguments])
        with pytest.raises(SystemExit) as left:
            main()
        out, err = capsys.readouterr()
        code = left.value.code
        return (code if isinstance(code, int) else 0), out, err

    return run


def test_what_was_left_out_is_told(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    print_answer(replace(assistant.ask("What do dogs pay on the tram?"), left_out=2))
    assert "2 sentences were left out that the sources do not bear out." in capsys.readouterr().out


def test_what_is_borne_out_in_part_is_named(assistant: Assistant, capsys: pytest.CaptureFixture[str]) -> None:
    answer = assistant.ask("What do dogs pay on the tram?")
    (statement,) = answer.statements
    print_answer(replace(answer, statements=(replace(statement, support="partly"),)))
    assert "The sources bear out only in part: “Dogs pay half.”" in capsys.readouterr().out


def test_a_place_that_several_numbers_cite_is_told_once(
    assistant: Assistant, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = assistant.ask("What does a ticket cost, and what do dogs pay on the tram?")
    first, *others = answer.citations
    assert [other.heading for other in others] == [first.heading]
    elsewhere = replace(first, number=3, heading=("Cost",))
    print_answer(replace(answer, citations=(*answer.citations, elsewhere)))
    told = capsys.readouterr().out.splitlines()
    assert told[-4:] == [
        "[1][2] Harbour tram",
        "    news/tram.md › Fares",
        "[3] Harbour tram",
        "    news/tram.md › Cost",
    ]


def test_from_documents_to_an_answer(run: Run, write: Write) -> None:
    write({"tram.md": TRAM})
    code, out, _ = run("index", "--json")
    report = json.loads(out)
    assert code == 0
    assert list(report) == [
        "generation", "published", "added", "changed", "removed", "unchanged", "skipped", "documents", "chunks",
        "encoded", "seconds", "renamed", "edits", "dry_run",
    ]  # fmt: skip
    code, out, _ = run("ask", "How much did the repairs cost?", "--json")
    answer = json.loads(out)
    assert code == 0
    assert answer["answered"] is True
    assert list(answer) == [
        "question", "standalone", "searched_for", "generation", "answered", "band", "text", "writer", "seconds",
        "sentences", "citations", "conflict", "missing", "fallback", "tokens", "unknown_markers", "left_out",
        "notice", "suggestions", "passages",
    ]  # fmt: skip
    (sentence,), (citation,) = answer["sentences"], answer["citations"]
    assert answer["text"][sentence["start"] : sentence["end"]] == citation["quote"]
    assert (sentence["citations"], sentence["support"]) == ([1], "supported")
    assert {"number", "document", "title", "heading", "page", "url", "quote", "start", "end"} <= set(citation)
    code, out, _ = run("search", "repairs", "--limit", "1", "--json")
    found = json.loads(out)
    assert list(found) == ["query", "generation", "passages"]
    assert list(found["passages"][0]) == [
        "id", "document", "title", "heading", "page", "url", "start", "end", "text", "score", "digest",
        "highlights", "nearest",
    ]  # fmt: skip
    code, out, _ = run("status", "--json")
    state = json.loads(out)
    assert {
        "generation",
        "built_at",
        "documents",
        "chunks",
        "skipped",
        "encoder",
        "writer",
        "stale",
        "building",
    } <= set(state)
    assert (state["documents"], state["stale"], state["building"]) == (1, False, False)


def test_what_people_read(run: Run, write: Write) -> None:
    write({"tram.md": TRAM})
    assert "1 added" in run("index")[1]
    assert "Nothing changed" in run("index")[1]
    _, out, _ = run("ask", "How much did the repairs cost?")
    assert "Repairs cost 38.6 million crowns, a third more than planned. [1]" in out
    assert "[1] Harbour tram\n    tram.md › Cost" in out
    assert "could not find" in run("ask", "What is the boiling point of tungsten?")[1]
    assert "Cost" in run("search", "repairs")[1]
    write({"tram.md": TRAM + "\nMore."})
    assert "run: assistant index" in run("status")[1]


def test_removed_words_are_found_by_no_command(run: Run, write: Write, place: Path) -> None:
    write({"tram.md": TRAM, "old.txt": "The zeppelin hangar opened in Lakeville."})
    run("index")
    assert "zeppelin" in run("ask", "Where did the zeppelin hangar open?")[1]
    (place / "docs" / "old.txt").unlink()
    assert json.loads(run("index", "--json")[1])["removed"] == ["old.txt"]
    for command in (("ask", "Where did the zeppelin hangar open?", "--json"), ("search", "zeppelin hangar", "--json")):
        found = json.loads(run(*command)[1])
        assert "Lakeville" not in json.dumps(found)
        assert all(passage["document"] != "old.txt" for passage in found["passages"])


def test_a_question_about_one_folder(run: Run, write: Write) -> None:
    write({"sea/ferry.txt": "The ferry ticket costs 54 crowns.", "land/tram.txt": "The tram ticket costs 32 crowns."})
    run("index")
    found = json.loads(run("ask", "What does a ticket cost?", "--in", "land", "--json")[1])
    assert {passage["document"] for passage in found["passages"]} == {"land/tram.txt"}
    assert "32 crowns" in found["text"]


def test_skipped_documents_exit_3_and_are_named(run: Run, write: Write) -> None:
    write({"tram.md": TRAM, "cut.pdf": b"%PDF", "empty.txt": ""})
    code, out, err = run("index")
    assert code == 3
    assert "cut.pdf: it is not a readable PDF" in err
    assert "empty.txt: it is empty" in err
    assert "1 document, 3 passages" in out
    code, out, err = run("status")
    assert "cut.pdf" in err
    assert "up to date" in out


def test_a_document_folder_that_went_away_is_said(run: Run, write: Write, place: Path) -> None:
    write({"tram.md": TRAM})
    run("index")
    (place / "docs").rename(place / "elsewhere")
    code, _, err = run("status")
    assert (code, "does not exist" in err) == (0, True)
    assert "38.6 million" in run("ask", "How much did the repairs cost?")[1]


def test_a_data_folder_that_is_a_file_is_no_index(run: Run, write: Write, place: Path) -> None:
    (place / "file").write_text("")
    for command in (("ask", "Where?"), ("status",), ("doctor",)):
        code, _, err = run(*command, "--data", str(place / "file"))
        assert code == 1
        assert "Traceback" not in err


def test_errors_are_a_sentence_and_a_remedy(run: Run, write: Write) -> None:
    cases = [
        (("index",), 1, "No documents in"),
        (("index", "--documents", "nowhere"), 1, "does not exist"),
        (("ask", "Where?"), 1, "assistant index"),
        (("status",), 1, "assistant index"),
        (("search", "x"), 1, "assistant index"),
        (("serve", "--port", str(free_port())), 1, "assistant index"),
        (("ask", ""), 2, "empty"),
        (("ask", "😀"), 2, "no words"),
        (("ask", "x" * 1_000_000), 2, "longer than"),
        (("ask",), 2, "Missing argument"),
        (("fly",), 2, "No such command"),
        (("index", "--colour"), 2, "No such option"),
        (("serve", "--host", "0.0.0.0"), 1, "host"),
    ]
    for arguments, code, words in cases:
        got, out, err = run(*arguments)
        assert (got, out) == (code, ""), (arguments[:2], err[-500:])
        assert words in err
        assert "Traceback" not in err
        assert len(err) < 2000


def test_a_busy_port_is_said_before_anything_is_loaded(run: Run, write: Write) -> None:
    with socket.socket() as busy:
        busy.bind(("127.0.0.1", 0))
        busy.listen()
        port = busy.getsockname()[1]
        code, _, err = run("serve", "--port", str(port))
    assert code == 1
    assert f"Port {port}" in err
    assert "--port" in err


def test_a_data_folder_that_cannot_be_written_is_named(run: Run, write: Write, place: Path) -> None:
    write({"tram.md": TRAM})
    (place / "file").write_text("")
    code, _, err = run("index", "--data", str(place / "file"))
    assert code == 1
    assert "cannot be written" in err


def test_rollback_serves_the_index_before(run: Run, write: Write) -> None:
    write({"tram.md": TRAM})
    run("index")
    code, _, err = run("rollback")
    assert (code, "no generation before" in err) == (1, True)
    write({"tram.md": TRAM.replace("38.6 million", "99 million")})
    run("index")
    assert "99 million" in run("ask", "How much did the repairs cost?")[1]
    assert "Generation 1" in run("rollback")[1]
    assert "38.6 million" in run("ask", "How much did the repairs cost?")[1]
    assert "Generation 2" in run("rollback")[1]
    run("rollback")
    assert json.loads(run("index", "--json")[1])["generation"] == 3
    assert "99 million" in run("ask", "How much did the repairs cost?")[1]


def test_what_would_be_done_is_told_and_not_done(run: Run, write: Write, place: Path) -> None:
    write({"tram.md": TRAM, "old.txt": "Some words. More words."})
    assert "This would be done: 2 added." in run("index", "--dry-run")[1]
    assert run("status")[0] == 1
    run("index")
    write({"tram.md": TRAM.replace("1911", "1912"), "new.txt": "Quite other words."})
    (place / "docs" / "old.txt").rename(place / "docs" / "older.txt")
    out = run("index", "--dry-run")[1]
    assert "This would be done: 2 added, 1 changed, 1 removed." in out
    assert "renamed  old.txt → older.txt\n" in out
    assert "added    new.txt (1 passage)\n" in out
    assert "changed  tram.md (1 of 3 passages)\n" in out
    assert json.loads(run("index", "--dry-run", "--json")[1])["encoded"] == 2
    assert "2 added, 1 changed, 1 removed, 1 renamed" not in run("status")[1]
    run("index")
    assert "2 added, 1 changed, 1 removed, 1 renamed" in run("status")[1]


def test_progress_and_results_as_lines(run: Run, write: Write) -> None:
    write({"tram.md": TRAM})
    told = [json.loads(line) for line in run("index", "--lines")[1].splitlines()]
    assert [line["event"] for line in told[:-1]] == ["progress"] * (len(told) - 1)
    assert {line["step"] for line in told[:-1]} == {"reading", "encoding", "storing", "checking"}
    assert (told[-1]["event"], told[-1]["added"]) == ("report", ["tram.md"])
    assert run("index", "--watch", "--full")[0] == 2


@pytest.mark.parametrize(("signal", "indexed"), [("SIGINT", False), ("SIGTERM", True)])
def test_following_until_stopped(run: Run, write: Write, place: Path, signal: str, indexed: bool) -> None:
    write({"tram.md": TRAM})
    if indexed:
        run("index")
    command = [sys.executable, "-m", "assistant", "index", "--watch", "--lines", "--documents", str(place / "docs")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}

    def heed() -> None:  # a job in the background is started deaf to Ctrl+C
        signals.signal(signals.SIGINT, signals.SIG_DFL)

    with subprocess.Popen(command, env=environment, preexec_fn=heed, **pipes) as child:
        assert child.stdout
        assert child.stderr
        assert "Following" in child.stderr.readline()
        if indexed:
            write({"leave.txt": "Leave must be requested."})
        line = next(line for line in map(json.loads, child.stdout) if line["event"] == "report")
        assert line["added"] == ["leave.txt" if indexed else "tram.md"]
        child.send_signal(getattr(signals, signal))
        try:
            assert child.wait(120) == 0
        finally:
            child.kill()
        assert "Traceback" not in child.stderr.read()
    assert not list((place / ".data" / "generations").glob("tmp-*"))


def test_doctor_gives_each_problem_its_remedy(run: Run, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    write({"tram.md": TRAM})
    code, out, _ = run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert code == 1
    assert not checks["index"]["ok"]
    assert checks["index"]["remedy"] == "Build it: assistant index"
    run("index")
    code, out, _ = run("doctor")
    assert code == 0
    assert "BAD" not in out
    monkeypatch.setenv("ASSISTANT_LLM__MODEL", "a-model")
    monkeypatch.setenv("ASSISTANT_LLM__BASE_URL", "http://127.0.0.1:9/v1")
    code, out, _ = run("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(out)["checks"]}
    assert checks["language model"]["message"] == "a-model is set, but answers quote and do not use it"


@pytest.mark.parametrize(
    "command", ["index", "status", "ask", "search", "serve", "evaluate", "feedback", "rollback", "doctor"]
)
def test_every_command_has_help(run: Run, command: str) -> None:
    code, out, _ = run(command, "--help")
    assert code == 0
    assert "Usage" in out


def test_evaluate_prints_the_figures(run: Run, write: Write, place: Path) -> None:
    write({"tram.md": TRAM})
    run("index", "--json")
    asked = [
        {"question": "How much did the repairs cost?", "answers": ["38.6 million"], "documents": ["tram.md"]},
        {"question": "What is the boiling point of tungsten?", "answers": None},
    ]
    (place / "questions.jsonl").write_text("\n".join(map(json.dumps, asked)))
    code, out, _ = run("evaluate", "questions.jsonl", "--json")
    found = json.loads(out)
    assert code == 0
    assert list(found) == [
        "questions", "recall_at_1", "recall_at_5", "recall_at_10", "ndcg_at_10", "answer_recall", "answer_f1", "words",
        "citation_precision", "citation_recall", "refusal_precision", "refusal_recall", "false_refusals",
        "p50_seconds", "p95_seconds", "failures",
    ]  # fmt: skip
    assert found["failures"] == []
    assert (found["answer_recall"], found["refusal_recall"], found["false_refusals"]) == (1.0, 1.0, 0.0)
    code, out, _ = run("evaluate", "questions.jsonl")
    assert "refusal recall       1.000" in out
    (place / "questions.jsonl").write_text('{"question": "What do dogs pay?", "answers": ["nothing"]}')
    code, out, err = run("evaluate", "questions.jsonl")
    assert "not found: What do dogs pay?\n  tram.md: Dogs pay half." in out
    assert "recall and nDCG are not known" in err
    code, _, err = run("evaluate", "nothing.jsonl")
    assert (code, "nothing.jsonl cannot be read" in err) == (1, True)
