"""Bare answers to the questions of a SQuAD file, as short sentences: right ones, and those to other questions."""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Mapping, Sequence

from question_sets import Asked, Benchmark
from written import Case

from index.types import Passage

_QUESTIONS = 500  # of each set
_WORDS = 5  # of an answer, at most

_Row = tuple[Asked, str]


def short_answers(benchmark: Benchmark, passages: Mapping[str, Sequence[Passage]]) -> list[Case]:
    """For each question its answer, the answer to another question of its document, and to one of another document of
    its article, each citing where it stands; of files in English, whose documents' `passages` are given."""
    if re.search(r"\.(?!en)[a-z]{2}$", benchmark.name) or any(asked.written for asked in benchmark.questions):
        return []
    rows = [
        (asked, asked.example.answers[0])
        for asked in benchmark.questions
        if asked.example.answers and asked.example.documents and len(asked.example.answers[0].split()) <= _WORDS
    ]
    by_article: dict[str, list[_Row]] = {}
    for row in rows:
        by_article.setdefault(_article(row), []).append(row)
    draw = random.Random(11)
    cases: list[Case] = []
    for row in draw.sample(rows, min(_QUESTIONS, len(rows))):
        first = zlib.crc32(f"{benchmark.name}/{_article(row)}".encode()) % 2 == 0
        for kind, (other, answer) in _made(row, by_article[_article(row)], draw).items():
            found = passages[f"{benchmark.name}/{other.example.documents[0]}"]
            cited = tuple(passage for passage in found if answer in passage.chunk.text)[:1]
            if cited:
                sentence = f"{answer[0].upper()}{answer[1:]}."
                cases.append(Case("short", kind, row[0].example.question, sentence, cited, cited, first))
    return cases


def _made(row: _Row, rows: Sequence[_Row], draw: random.Random) -> dict[str, _Row]:
    """The answer as it is, and others of its sort that share no word with it."""
    asked, answer = row
    rivals = [
        (other, words)
        for other, words in rows
        if _sort_of(words) == _sort_of(answer) and not any(_overlap(words, own) for own in asked.example.answers or ())
    ]
    same = [rival for rival in rivals if rival[0].example.documents == asked.example.documents]
    away = [rival for rival in rivals if rival[0].example.documents != asked.example.documents]
    made = {"as written": row}
    if same:
        made["to another question of the passage"] = draw.choice(same)
    if away:
        made["about another thing"] = draw.choice(away)
    return made


def _article(row: _Row) -> str:
    return row[0].example.documents[0].partition("/")[0]


def _sort_of(answer: str) -> str:
    """Whether an answer is a figure, a name or words."""
    return "figure" if re.search(r"\d", answer) else "name" if answer[0].isupper() else "words"


def _overlap(one: str, other: str) -> bool:
    words = [set(re.findall(r"\w+", text.casefold())) for text in (one, other)]
    return bool(words[0] & words[1])
