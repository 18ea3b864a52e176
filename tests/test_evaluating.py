"""The figures say what happened: each against a case whose figure is known."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.evaluating import Example, f1, failures, figures, judge, read_examples, retrieval_figures, shows
from assistant.types import Turn
from index.errors import UserError
from tests.conftest import ROOT


def test_figures_of_what_is_known(assistant: Assistant) -> None:
    examples = [
        Example("How much did the repairs cost?", ("38.6 million crowns",), ("news/tram.md",)),
        Example("How many days of annual leave do I have?", ("25 days",), ("leave.txt",)),
        Example("Who rode the first car?", ("Nobody at all",), ("news/tram.md",)),
        Example("What is the boiling point of tungsten?", None),
        Example("How is it paid?", (), ("leave.txt",), (Turn("user", "What about annual leave?"),)),
    ]
    judged = list(judge(assistant, examples))
    found = figures(judged)
    assert found.questions == 5
    assert found.answer_recall == pytest.approx(2 / 3)
    assert (found.citation_precision, found.citation_recall) == (1.0, 1.0)
    assert found.refusal_recall == 1.0
    assert found.recall_at_5 == 1.0
    assert judged[3].ranking == ()
    assert judged[4].ranking[0] == "leave.txt"


def test_each_failure_says_why(assistant: Assistant) -> None:
    examples = [
        Example("How much did the repairs cost?", ("38.6 million crowns",), ("news/tram.md",)),
        Example("Who rode the first car?", ("Nobody at all",), ("news/tram.md",)),
        Example("What do dogs pay on the tram?", ("a bone",), ("leave.txt",)),
        Example("What do children pay?", None),
        Example("What is the boiling point of tungsten?", None),
        Example("What is the boiling point of lead?", ("327",)),
        Example("What do dogs pay on the tram?", (), ("news/tram.md",)),
    ]
    failed = failures(judge(assistant, examples))
    assert [(failure.question.split()[-1], failure.why) for failure in failed] == [
        ("car?", "not found"),
        ("tram?", "wrong document"),
        ("pay?", "answered though absent"),
        ("lead?", "refused"),
    ]
    assert (failed[2].documents, failed[2].shown) == (("news/tram.md",), "Children under 12 travel free.")


def test_a_citation_that_is_not_in_its_document_is_not_sound(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = assistant.ask

    def forged(question: str, history: object = ()) -> object:
        answer = ask(question)
        moved = tuple(replace(c, start=c.start + 1, end=c.end + 1) for c in answer.citations)
        return replace(answer, citations=moved)

    monkeypatch.setattr(assistant, "ask", forged)
    found = figures(list(judge(assistant, [Example("How much did the repairs cost?", ())])))
    assert (found.citation_precision, found.citation_recall) == (0.0, 0.0)


def test_nothing_to_refuse_and_nothing_to_find_is_not_known(assistant: Assistant) -> None:
    found = figures(list(judge(assistant, [Example("How much did the repairs cost?", ())])))
    assert (found.refusal_recall, found.answer_recall, found.ndcg_at_10) == (None, None, None)
    assert found.false_refusals == 0.0


def test_retrieval_is_measured_by_rank() -> None:
    found = retrieval_figures([(("a",), ("b", "a")), (("c",), ("c", "d")), ((), ("e",))])
    assert (found["recall_at_1"], found["recall_at_5"]) == (0.5, 1.0)
    assert found["ndcg_at_10"] == pytest.approx((0.6309 + 1) / 2, abs=1e-3)


@pytest.mark.parametrize(
    ("text", "answer", "held"),
    [
        ("It opened in 1911.", "1911", True),
        ("It opened in 19115.", "1911", False),
        ("The Mill-Street viaduct", "a mill-street viaduct", True),
        ("桥于1911年开通。", "1911年", True),
        ("nothing of it", "", False),
    ],
)
def test_whether_an_answer_is_shown(text: str, answer: str, held: bool) -> None:
    assert shows(text, [answer]) == held


def test_f1_counts_words_once() -> None:
    assert f1("the old pier", ["old pier"]) == 1.0
    assert f1("pier pier", ["old pier"]) == 0.5
    assert f1("museum", ["old pier"]) == 0.0


@pytest.mark.parametrize(
    "line",
    [
        '{"question": "Why?"}',
        '{"question": "Why?", "answers": []}',
        "[]",
        "why?",
        '{"question": 1, "answers": []}',
        '{"question": "a", "answers": [1]}',
        '{"question": "a", "answers": "b"}',
        '{"question": "a", "answers": null, "documents": "b.txt"}',
    ],
)
def test_a_line_that_is_no_question_is_named(tmp_path: Path, line: str) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Why?", "answers": null}\n' + line)
    with pytest.raises(UserError, match="Line 2"):
        read_examples(file)


@pytest.mark.parametrize(
    "history", [["What is it?"], "What is it?", 7, [{"role": "bot", "text": "a"}], [{"role": "user"}], [{"text": "a"}]]
)
def test_what_was_said_before_in_another_form_is_told_with_the_right_one(tmp_path: Path, history: object) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text(json.dumps({"question": "And then?", "answers": None, "history": history}))
    with pytest.raises(UserError, match=r"Line 1 .*history is a list of texts, each with its role") as told:
        read_examples(file)
    assert '"history": [{"role": "user" or "assistant", "text": "..."}]' in told.value.hint


def test_the_questions_of_the_documentation_can_be_asked(tmp_path: Path) -> None:
    shown = (ROOT / "docs" / "quality.md").read_text().split("```json\n")[1].partition("```")[0]
    file = tmp_path / "questions.jsonl"
    file.write_text(shown)
    assert any(example.history for example in read_examples(file))


def test_questions_are_read(tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    asked = {"question": "Why?", "answers": ["so"], "documents": ["a.txt"], "history": [{"role": "user", "text": "x"}]}
    file.write_text(json.dumps(asked) + "\n\n" + json.dumps({"question": "Who?", "answers": None}))
    assert read_examples(file) == [
        Example("Why?", ("so",), ("a.txt",), (Turn("user", "x"),)),
        Example("Who?", None),
    ]
    file.write_text("\n")
    with pytest.raises(UserError):
        read_examples(file)
