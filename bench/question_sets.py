"""Benchmark files -> documents to index and questions about them.

Reads SQuAD JSON, long documents with exact excerpts, multi-hop and conversation sets, BEIR folders, folders of text,
and folders that have their documents in `documents` and questions as `assistant evaluate` takes them beside it.
Documents are plain files, so that the product reads them as it reads anybody's.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from assistant.evaluating import Example, read_examples
from assistant.types import Turn

_EVERY_ARTICLE = 5  # each fifth article is left out of the index, so that its questions must be refused
_EVERY_PARAGRAPH = 5  # and each fifth paragraph of the others


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of a benchmark. `kind` names the row it belongs to; `excerpts` are the exact words that answer it;
    `rewrite` is the question as a person made it standalone, `written` an answer that was written to it, `gone` the
    answers that stood in a paragraph left out of the index."""

    kind: str
    example: Example
    excerpts: tuple[str, ...] = ()
    rewrite: str | None = None
    written: str = ""
    gone: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Benchmark:
    """Documents (path to content) and the questions about them."""

    name: str
    documents: Mapping[str, str]
    questions: Sequence[Asked] = field(default_factory=list)

    def write(self, folder: Path) -> None:
        """Write its documents into `folder`, each at its own path."""
        for name, text in self.documents.items():
            file = folder / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")


def read(path: Path, whole: bool = False) -> Benchmark:
    """The benchmark at `path`, whatever its form. `whole` keeps every paragraph of a SQuAD file in the index."""
    if path.is_dir():
        forms = {"corpus.jsonl": _beir, "questions.json": _excerpts, "questions.jsonl": _own}
        return next((form for name, form in forms.items() if (path / name).is_file()), _files)(path)
    if path.suffix == ".jsonl":
        return _labelled_conversations(path)
    content = json.loads(path.read_text("utf-8"))
    if "data" in content:
        return _squad(path.stem, content["data"], whole)
    return _conversations(path.stem, content) if "tasks" in content else _multihop(path.stem, content)


def _squad(name: str, articles: Sequence[Mapping[str, Any]], whole: bool) -> Benchmark:
    documents: dict[str, str] = {}
    questions: list[Asked] = []
    for a, article in enumerate(articles):
        title = article.get("title", f"Article {a}").replace("_", " ")
        for p, paragraph in enumerate(article["paragraphs"]):
            document = f"{_file_name(title)}/{p:03d}.txt"
            article_out = not whole and a % _EVERY_ARTICLE == _EVERY_ARTICLE - 1
            paragraph_out = not whole and p % _EVERY_PARAGRAPH == _EVERY_PARAGRAPH - 1
            if not (article_out or paragraph_out):
                documents[document] = _titled(title, paragraph["context"])
            for asked in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in asked["answers"]))
                text = " ".join(asked["question"].split())
                if asked.get("is_impossible"):
                    if document in documents:
                        questions.append(Asked("adversarial", Example(text, None)))
                elif document in documents:
                    questions.append(Asked("answerable", Example(text, answers, (document,))))
                else:
                    kind = "article absent" if article_out else "paragraph absent"
                    questions.append(Asked(kind, Example(text, None), gone=answers))
    return Benchmark(name, documents, questions)


def _excerpts(folder: Path) -> Benchmark:
    asked = json.loads((folder / "questions.json").read_text("utf-8"))
    names = {question["document"] for question in asked}
    documents = {name: (folder / name).read_text("utf-8") for name in sorted(names)}
    questions = [
        Asked(
            "answerable",
            Example(question["question"], (), (question["document"],)),
            excerpts=tuple(excerpt["text"] for excerpt in question["excerpts"]),
        )
        for question in asked
    ]
    return Benchmark(folder.name, documents, questions)


def _own(folder: Path) -> Benchmark:
    examples = read_examples(folder / "questions.jsonl")
    questions = [Asked("unanswerable" if one.answers is None else "answerable", one) for one in examples]
    return Benchmark(folder.name, _files(folder / "documents").documents, questions)


def _files(folder: Path) -> Benchmark:
    """Plain documents that nobody asks about, to be mixed with others."""
    files = sorted(file for file in folder.rglob("*") if file.suffix in (".txt", ".md", ".html", ".csv"))
    return Benchmark(folder.name, {file.relative_to(folder).as_posix(): file.read_text("utf-8") for file in files})


def _multihop(name: str, content: Mapping[str, Any]) -> Benchmark:
    files = {passage["_id"]: f"{_file_name(passage['_id'])}.txt" for passage in content["corpus"]}
    documents = {files[p["_id"]]: _titled(p["title"], p["text"]) for p in content["corpus"]}
    questions = [
        Asked("answerable", Example(q["text"], tuple(q["answers"]), tuple(files[i] for i in q["relevant"])))
        for q in content["queries"]
    ]
    return Benchmark(name, documents, questions)


def _conversations(name: str, content: Mapping[str, Any]) -> Benchmark:
    files = {passage["_id"]: f"{name}/{_file_name(passage['_id'])}.txt" for passage in content["documents"]}
    documents = {files[p["_id"]]: _titled(p["title"], p["text"]) for p in content["documents"]}
    questions = [
        Asked(
            "answerable",
            Example(
                " ".join(task["turns"][-1]["text"].split()),
                (),
                tuple(files[i] for i in task["relevant"]),
                _history((turn["role"], turn["text"]) for turn in task["turns"][:-1]),
            ),
            rewrite=task["rewrite"],
            written=task["answers"][0] if task["answers"] else "",
        )
        for task in content["tasks"]
        if task["relevant"]
    ]
    return Benchmark(name, documents, questions)


def _history(turns: Iterable[tuple[str, str]]) -> tuple[Turn, ...]:
    return tuple(Turn("user" if speaker == "user" else "assistant", text) for speaker, text in turns)


def _labelled_conversations(path: Path) -> Benchmark:
    documents: dict[str, str] = {}
    questions: list[Asked] = []
    for task in _lines(path):
        files = []
        for context in task["contexts"]:
            files.append(f"{path.stem}/{_file_name(context['document_id'])}.txt")
            documents[files[-1]] = context["text"].strip()
        label = task["answerability"][0].lower()
        relevant = tuple(dict.fromkeys(files)) if label in ("answerable", "partial") else ()
        answers = () if label in ("answerable", "partial") else None
        question = " ".join(task["input"][-1]["text"].split())
        history = _history((turn["speaker"], turn["text"]) for turn in task["input"][:-1])
        written = task["targets"][0]["text"] if task.get("targets") else ""
        questions.append(Asked(label, Example(question, answers, relevant, history), written=written))
    return Benchmark(path.stem, documents, questions)


def _beir(folder: Path) -> Benchmark:
    """A folder in BEIR's form; passages without words, which no index can hold, are left out with their judgements."""
    passages = {p["_id"]: _titled(p.get("title") or "", p["text"]) for p in _lines(folder / "corpus.jsonl")}
    # Two ids may differ only in what a file name cannot hold.
    files = {
        identity: f"{_file_name(identity)}.{number}.txt"
        for number, (identity, text) in enumerate(passages.items())
        if text.strip()
    }
    relevant: dict[str, list[str]] = {}
    for line in (folder / "qrels" / "test.tsv").read_text("utf-8").splitlines()[1:]:
        query, passage, grade = line.split("\t")
        if float(grade) > 0 and passage in files:
            relevant.setdefault(query, []).append(files[passage])
    questions = [
        Asked("answerable", Example(" ".join(q["text"].split()), (), tuple(relevant[q["_id"]])))
        for q in _lines(folder / "queries.jsonl")
        if q["_id"] in relevant
    ]
    return Benchmark(folder.name, {file: passages[identity] for identity, file in files.items()}, questions)


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            if line.strip():
                yield json.loads(line)


def _file_name(identity: str) -> str:
    return re.sub(r"[^\w-]+", "_", identity)[:100]


def _titled(title: str, text: str) -> str:
    return f"{title}\n\n{text}" if title and not text.startswith(title) else text


def slipped(asked: Asked, draw: random.Random) -> Asked:
    """The same question with a letter left out, doubled or changed, or two exchanged, in one of its long words."""
    words = list(re.finditer(r"\b[^\W\d_]{6,}\b", asked.example.question))
    if not words:
        return asked
    word = draw.choice(words)
    at = draw.randrange(word.start() + 1, word.end() - 1)
    before, one, other, behind = (asked.example.question[part] for part in (slice(at), at, at + 1, slice(at + 2, None)))
    slip = draw.choice((other, one + one + other, draw.choice("aeinrst") + other, other + one))
    return replace(asked, example=replace(asked.example, question=f"{before}{slip}{behind}"))
