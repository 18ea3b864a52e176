"""Questions whose answers are known -> figures: what was found, what was shown, what was refused.

Retrieval is measured by ir-measures; answers as SQuAD does, after its normalisation. Citations are held against the
documents of the generation itself. Knows nothing of where the questions come from, except one file format.
"""

from __future__ import annotations

import json
import re
import statistics
import string
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import ir_measures
from ir_measures import R, nDCG

from assistant.assistant import Assistant
from assistant.types import Answer, Turn
from index.errors import UserError
from index.generation import Generation

_FOUND = 50  # passages asked for, so that ten documents are among them
_RETRIEVAL = {"recall_at_1": R @ 1, "recall_at_5": R @ 5, "recall_at_10": R @ 10, "ndcg_at_10": nDCG @ 10}


@dataclass(frozen=True, slots=True)
class Example:
    """A question and what is known of its answer.

    `answers` are wordings of which one should be shown; None means that the documents do not answer it, an empty tuple
    that they do in words not known. `documents` hold the answer, as far as is known; `history` was said before.
    """

    question: str
    answers: tuple[str, ...] | None
    documents: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """An example, the answer it got, and the documents found for it, best first. `sound` counts the citations that
    stand verbatim where they say and are what their statement says; `cited` the statements that have one such."""

    example: Example
    answer: Answer
    ranking: tuple[str, ...]
    sound: int
    cited: int


Why = Literal["refused", "not found", "wrong document", "answered though absent"]
"""What went wrong with a question: its answer is there and was not given; what was shown holds none of its wordings,
from a document that has the answer or from others; it was answered and the documents do not say."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A question that was not answered as it should have been. `shown` are the words it got, from `documents`."""

    question: str
    why: Why
    shown: str
    documents: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares from 0 to 1, None where no example says anything of it; seconds of wall time.

    An answer counts as refused unless its band is "answered". `false_refusals` is the share of answerable questions
    that were refused; `words` is the median length of the text shown for them.
    """

    questions: int
    recall_at_1: float | None
    recall_at_5: float | None
    recall_at_10: float | None
    ndcg_at_10: float | None
    answer_recall: float | None
    answer_f1: float | None
    words: float | None
    citation_precision: float | None
    citation_recall: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    false_refusals: float | None
    p50_seconds: float
    p95_seconds: float


def read_examples(path: Path) -> list[Example]:
    """Examples from a file with one {"question", "answers", "documents", "history"} a line. Raises UserError."""
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} cannot be read ({error}).", hint="Name a UTF-8 file of questions.") from None
    examples = [_example(path, number, line) for number, line in enumerate(lines, 1) if line.strip()]
    if not examples:
        raise UserError(f"{path} holds no questions.", hint="Write one JSON object a line; see docs/quality.md.")
    return examples


def _example(path: Path, number: int, line: str) -> Example:
    try:
        fields = json.loads(line)
        question, answers, documents = fields["question"], fields["answers"], fields.get("documents", [])
        lists = [documents] if answers is None else [answers, documents]
        if answers is not None and not answers:
            raise ValueError("answers is empty; where the documents do not answer it is null")
        if not isinstance(question, str) or not all(_is_texts(part) for part in lists):
            raise TypeError("a question is text; answers and documents are lists of text")
        history = tuple(_turns(fields.get("history") or []))
        return Example(question, None if answers is None else tuple(answers), tuple(documents), history)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"Line {number} of {path} is not a question with its answers ({error}).",
            hint='Write it as {"question": "...", "answers": ["..."] or null, "documents": ["..."], "history": '
            '[{"role": "user" or "assistant", "text": "..."}]}; documents and history may be left out.',
        ) from None


def _is_texts(part: Any) -> bool:
    return isinstance(part, list) and all(isinstance(text, str) for text in part)


def _turns(history: Any) -> Iterator[Turn]:
    for said in history if isinstance(history, list) else [history]:
        match said:
            case {"role": "user" | "assistant" as role, "text": str(text)}:
                yield Turn(role, text)
            case _:
                raise ValueError("history is a list of texts, each with its role")


def judge(assistant: Assistant, examples: Iterable[Example]) -> Iterator[Judged]:
    """Ask every question and look at what came. Raises as `Assistant.ask` does."""
    for example in examples:
        answer = assistant.ask(example.question, example.history)
        found = assistant.search(answer.standalone, _FOUND).passages if example.documents else ()
        ranking = tuple(dict.fromkeys(passage.chunk.document for passage in found))
        with assistant.published.reading() as generation:
            sound = [statement for statement in answer.statements if _is_sound(answer, statement.citations, generation)]
            verbatim = sum(_is_verbatim(answer, citation.number, generation) for citation in answer.citations)
        yield Judged(example, answer, ranking, verbatim, len(sound))


def _is_sound(answer: Answer, numbers: Sequence[int], generation: Generation) -> bool:
    return any(_is_verbatim(answer, number, generation) for number in numbers)


def _is_verbatim(answer: Answer, number: int, generation: Generation) -> bool:
    """Whether citation `number` quotes its document where it says so, and every statement citing it says the same."""
    citation = answer.citations[number - 1]
    document = generation.catalog.document(citation.document)
    said = [answer.text[s.start : s.end] for s in answer.statements if number in s.citations]
    return (
        document is not None
        and citation.quote == document.text[citation.start : citation.end]
        and bool(said)
        and all(text == citation.quote for text in said)
    )


def figures(judged: Sequence[Judged]) -> Figures:
    """The figures of what was judged; there must be something."""
    answerable = [j for j in judged if j.example.answers is not None]
    told = [j for j in answerable if j.example.answers]
    refused = [j for j in judged if j.answer.band != "answered"]
    rightly = [j for j in refused if j.example.answers is None]
    seconds = sorted(j.answer.seconds for j in judged)
    return Figures(
        questions=len(judged),
        **retrieval_figures((j.example.documents, j.ranking) for j in judged),
        answer_recall=mean(shows(shown(j.answer), j.example.answers or ()) for j in told),
        answer_f1=mean(f1(shown(j.answer), j.example.answers or ()) for j in told),
        words=statistics.median(len(shown(j.answer).split()) for j in answerable) if answerable else None,
        citation_precision=_share(sum(j.sound for j in judged), sum(len(j.answer.citations) for j in judged)),
        citation_recall=_share(sum(j.cited for j in judged), sum(len(j.answer.statements) for j in judged)),
        refusal_precision=_share(len(rightly), len(refused)),
        refusal_recall=_share(len(rightly), len(judged) - len(answerable)),
        false_refusals=_share(len(refused) - len(rightly), len(answerable)),
        p50_seconds=seconds[len(seconds) // 2],
        p95_seconds=seconds[len(seconds) * 95 // 100],
    )


def failures(judged: Iterable[Judged]) -> list[Failure]:
    """The questions that failed, in their order, each with the first reason that holds."""
    found: list[Failure] = []
    for j in judged:
        why = _why(j)
        if why:
            documents = tuple(dict.fromkeys(citation.document for citation in j.answer.citations))
            found.append(Failure(j.example.question, why, shown(j.answer), documents))
    return found


def _why(judged: Judged) -> Why | None:
    example, answer = judged.example, judged.answer
    if example.answers is None:
        return "answered though absent" if answer.band == "answered" else None
    if answer.band != "answered":
        return "refused"
    if example.answers and shows(shown(answer), example.answers):
        return None
    if example.documents and not any(citation.document in example.documents for citation in answer.citations):
        return "wrong document"
    return "not found" if example.answers else None


def retrieval_figures(pairs: Iterable[tuple[Sequence[str], Sequence[str]]]) -> dict[str, float | None]:
    """Recall and nDCG over pairs of (relevant documents, ranking); pairs without relevant documents do not count."""
    known = [(set(relevant), ranking) for relevant, ranking in pairs if relevant]
    if not known:
        return dict.fromkeys(_RETRIEVAL)
    wanted = [ir_measures.Qrel(str(n), document, 1) for n, (relevant, _) in enumerate(known) for document in relevant]
    run = [
        ir_measures.ScoredDoc(str(n), document, -place)
        for n, (_, ranking) in enumerate(known)
        for place, document in enumerate(ranking)
    ]
    found = ir_measures.calc_aggregate(_RETRIEVAL.values(), wanted, run)
    return {name: float(found[measure]) for name, measure in _RETRIEVAL.items()}


def shown(answer: Answer) -> str:
    """The statements of an answer, without markers."""
    return " ".join(answer.text[s.start : s.end] for s in answer.statements)


def mean(values: Iterable[float]) -> float | None:
    """The arithmetic mean; None of nothing."""
    return statistics.fmean(found) if (found := list(values)) else None


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# --- SQuAD's measures ------------------------------------------------------------------------------------------

_ARTICLES = re.compile(r"\b(?:a|an|the)\b")
_PUNCTUATION = str.maketrans("", "", string.punctuation + "“”‘’«»„—–…¿¡。，、：；？！《》「」（）")


def normalised(text: str) -> list[str]:
    """The words of `text` as SQuAD's evaluation compares them: lower case, no punctuation, no English articles."""
    return _ARTICLES.sub(" ", text.lower().translate(_PUNCTUATION)).split()


def shows(text: str, answers: Iterable[str]) -> bool:
    """Whether `text` holds one of the answers, whole words of it where the script has spaces."""
    within = f" {' '.join(normalised(text))} "
    for answer in answers:
        wanted = " ".join(normalised(answer))
        if wanted and (f" {wanted} " if wanted.isascii() else wanted) in within:
            return True
    return False


def f1(text: str, answers: Iterable[str]) -> float:
    """The best F1 of the words of `text` against an answer's."""
    said = Counter(normalised(text))
    best = 0.0
    for answer in answers:
        wanted = Counter(normalised(answer))
        if same := sum((said & wanted).values()):
            best = max(best, 2 * same / (said.total() + wanted.total()))
    return best
