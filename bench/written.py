"""Sentences written over passages, and the same ones made wrong: what verdicts are fitted and measured on.

What is written comes from conversation sets; what stands in a document is taken as it is, or with its clauses moved or
left out. Each is then paired with passages that do not say it, or changed in a number, a name or its sense.
"""

from __future__ import annotations

import random
import re
import zlib
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from question_sets import Asked, Benchmark
from sentencex import segment

from assistant.retriever import retrieve
from assistant.settings import RetrievalSettings
from index.encoder import Encoder
from index.generation import Generation
from index.types import Passage

_DOCUMENTS = 120  # of each set whose sentences are taken as they stand


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with the passages that it cites, and those that were offered to its writer.

    `kind` says what was done to it ("as written"), `origin` the row it belongs to; `first` that its conversation or
    article is of the half to fit on.
    """

    origin: str
    kind: str
    question: str
    sentence: str
    cited: tuple[Passage, ...]
    offered: tuple[Passage, ...]
    first: bool


class Drawer:
    """Draws cases from benchmarks whose documents are indexed, each under its benchmark's name.

    `names` are the words that are names in a language in which a capital says little.
    """

    def __init__(self, generation: Generation, encoder: Encoder, retrieval: RetrievalSettings, names: Set[str]) -> None:
        self._generation, self._encoder, self._retrieval = generation, encoder, retrieval
        self._names = {word for name in names for word in name.split()}
        self._draw = random.Random(7)
        titles = {entry.path: entry.title for entry in generation.catalog.entries()}
        self.passages: dict[str, list[Passage]] = {}
        for chunk in generation.catalog.chunks():
            passage = Passage(chunk, titles[chunk.document], None, "", 1.0)
            self.passages.setdefault(chunk.document, []).append(passage)

    def cases(self, benchmark: Benchmark) -> list[Case]:
        """The cases of a benchmark: of its answers where it has some, else of its documents' sentences."""
        if any(asked.written for asked in benchmark.questions):
            return [
                case
                for asked in benchmark.questions
                if asked.kind == "answerable"
                for case in self._answer(benchmark, asked)
            ]
        return self._verbatim(benchmark)

    def _answer(self, benchmark: Benchmark, asked: Asked) -> Iterator[Case]:
        documents = {f"{benchmark.name}/{name}" for name in asked.example.documents}
        relevant = [passage for name in sorted(documents) for passage in self.passages.get(name, [])]
        sentences = answer_sentences(asked.written)
        if not relevant or not sentences:
            return
        question = asked.rewrite or asked.example.question
        group = asked.example.history[0].text if asked.example.history else asked.example.question
        found = retrieve(question, self._generation, self._encoder, self._retrieval, 12).passages
        wrong = [
            p for p in found if p.chunk.document not in documents and not any(has_same_words(p, r) for r in relevant)
        ]
        ids = [p.chunk.sentence_id(n) for p in relevant for n in range(len(p.chunk.sentences))]
        vectors = self._generation.store.vectors(ids)
        for sentence, vector in zip(sentences, self._encoder.encode(sentences), strict=True):

            def near(passage: Passage, vector: NDArray[np.float32] = vector) -> float:
                rows = range(len(passage.chunk.sentences))
                return max(float(vectors[passage.chunk.sentence_id(n)] @ vector) for n in rows)

            # As a writer that cites two of the right passages; which ones, nobody has labelled.
            cited = sorted(relevant, key=near, reverse=True)[:2]
            yield from self._made("answers", question, sentence, cited, wrong[:2], [*cited, *wrong[:6]], group)

    def _verbatim(self, benchmark: Benchmark) -> list[Case]:
        language = re.search(r"\.([a-z]{2})$", benchmark.name)
        origin = f"verbatim {language[1]}" if language and language[1] != "en" else "verbatim"
        by_document: dict[str, list[Asked]] = {}
        for asked in benchmark.questions:
            for name in asked.example.documents:
                by_document.setdefault(name, []).append(asked)
        cases: list[Case] = []
        for name in self._draw.sample(sorted(by_document), min(_DOCUMENTS, len(by_document))):
            article = f"{benchmark.name}/{name}".rpartition("/")[0]
            others = [
                p
                for d, ps in self.passages.items()
                if d.startswith(f"{article}/")
                for p in ps
                if d != f"{benchmark.name}/{name}"
            ]
            for passage in self.passages.get(f"{benchmark.name}/{name}", []):
                texts = [t for t in passage.chunk.sentence_texts() if len(t.split()) >= 6 and t.endswith(".")]
                wrong = [p for p in others if not has_same_words(p, passage)]
                # Two of each, with figures first, of which few sentences have any.
                for text in sorted(texts, key=lambda t: (not _NUMBER.search(t), self._draw.random()))[:2]:
                    asked = self._asking(text, by_document[name])
                    offered = [passage, *self._draw.sample(wrong, min(7, len(wrong)))]
                    question = asked.example.question
                    cases += self._made(origin, question, text, [passage], offered[1:2], offered, article)
        return cases

    def _asking(self, text: str, questions: Sequence[Asked]) -> Asked:
        answered = [q for q in questions if any(answer in text for answer in q.example.answers or ())]
        return answered[0] if answered else self._draw.choice(questions)

    def _made(
        self,
        origin: str,
        question: str,
        sentence: str,
        cited: list[Passage],
        wrong: list[Passage],
        offered: list[Passage],
        group: str,
    ) -> Iterator[Case]:
        """The case itself, and what is made wrong of it."""
        text = " ".join(passage.chunk.text for passage in cited)
        folder = cited[0].chunk.document.partition("/")[0]
        away = self._draw.choice([d for d in self.passages if d.partition("/")[0] == folder])
        strange = self.passages[away][0]
        plain = origin in ("answers", "verbatim")

        def named(words: str) -> list[str]:
            return [name for name in names_in(words) if plain or self._names.issuperset(name.split())]

        own = None if plain else self._names
        made = {
            "as written": (sentence, cited),
            "recast": (recast(sentence) if origin == "verbatim" else None, cited),
            "passage from elsewhere": (sentence, [strange]),
            "near passage": (sentence, wrong),
            "number changed a little": (near_number(sentence, self._draw), cited),
            "another number of it": (other_number(sentence, text, self._draw), cited),
            "another name of it": (other_name(sentence, named(text), self._draw, own), cited),
            "another noun of it": (other_noun(sentence, text, self._draw) if plain else None, cited),
            "strange name": (other_name(sentence, named(strange.chunk.text), self._draw, own), cited),
            "negation": (turned(sentence) if plain else None, cited),
            "invention": (invented(sentence, strange.chunk.sentence_texts()) if plain else None, cited),
        }
        first = zlib.crc32(group.encode()) % 2 == 0
        for kind, (written, passages) in made.items():
            if written and passages:
                everything = tuple({p.chunk.id: p for p in [*passages, *offered]}.values())
                yield Case(origin, kind, question, written, tuple(passages), everything, first)


def has_same_words(one: Passage, other: Passage) -> bool:
    """Whether eight words on end stand in both, as where two excerpts of one page overlap."""
    return bool(_runs(one.chunk.text) & _runs(other.chunk.text))


@lru_cache(maxsize=5000)
def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = re.findall(r"\w+", text.lower())
    return frozenset(tuple(words[at : at + 8]) for at in range(len(words) - 7))


# What answers say beside their answer: it is about the assistant or the person who asks.
_CHAT = re.compile(
    r"\b(?:sorry|I|I['’]m|my|me|apologi[sz]e|you asked|your question|help you|no answer|not mention\w*|unfortunately"
    r"|(?:provided|given) (?:information|documents?|passages?|context)|hope this)\b",
    re.IGNORECASE,
)


def answer_sentences(text: str) -> list[str]:
    """The sentences of an answer that state something: no questions, no talk about the answer itself."""
    found = []
    for line in text.splitlines():
        for sentence in segment("en", line):
            bare = re.sub(r"^\s*(?:[-*•]|\d+[.)])\s+", "", sentence.strip())
            if len(bare.split()) >= 6 and bare[-1:] not in "?:" and not _CHAT.search(bare):
                found.append(bare)
    return found


# --- still true ----------------------------------------------------------------------------------------------------


def recast(sentence: str) -> str | None:
    """`sentence` with what leads it in moved to its end, or without a clause between commas; None if it has neither."""
    lead = re.fullmatch(
        r"((?:In|On|At|After|Before|During|Since|By|For|From|When|While|As)\b[^,]{3,60}), (.{20,})([.!])", sentence
    )
    if lead:
        rest, opening = lead[2], lead[1]
        return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}{lead[3]}"
    clause = re.search(
        r", (?:which|who|where|including|such as|as well as|although|though|because|while)\b[^,]{5,}(?:,(?= )|(?=\.$))",
        sentence,
    )
    if clause:
        left = sentence[: clause.start()] + sentence[clause.end() :]
        return left if len(left.split()) >= 6 else None
    return None


# --- no longer true --------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
_WORDED = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join(_WORDED)})\b")
_NAME = re.compile(r"(?<![.!?:] )(?<!^)(?<=[a-z,;] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){0,3}")
_NOUN = re.compile(r"(?<=\b[Tt]he )[a-z]{4,}\b(?!ly\b)|(?<=\ba )[a-z]{4,}\b")
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|will|may|should|must|has been|have been|had been|could|would)\b(?! not)"
)


_SUBJECT = re.compile(
    r"([A-ZÀ-Þ][^,.;:()]{2,45}?) (?=(?:is|are|was|were|has|have|had|can|may|must|will|should|could|would)\b)"
)
_LONGEST = 12  # words of what is invented


def invented(sentence: str, others: Sequence[str]) -> str | None:
    """What `sentence` is of, and what the first short one of the `others` says of something else; None if their form
    does not tell the two apart."""
    subject = _SUBJECT.match(sentence)
    for other in others if subject else ():
        own = _SUBJECT.match(other)
        said = other[own.end() :] if own else ""
        if subject and said.endswith(".") and len(said.split()) <= _LONGEST:
            return f"{subject[1]} {said}"
    return None


def near_number(sentence: str, draw: random.Random) -> str | None:
    """`sentence` with one of its numbers a little larger or smaller."""
    found = [*_NUMBER.finditer(sentence), *_WORD_NUMBER.finditer(sentence)]
    if not found:
        return None
    match = draw.choice(found)
    if match[0] in _WORDED:
        at = _WORDED.index(match[0])
        return _replaced(sentence, match, _WORDED[at + (1 if at == 0 or (at < 10 and draw.random() < 0.5) else -1)])
    value = float(match[0].replace(",", ""))
    year = match[0].isdigit() and 1000 <= value <= 2100
    step = draw.randint(1, 6 if year else max(1, min(int(value / 8), 10**6)))
    changed = value + step if value - step < 1 or draw.random() < 0.5 else value - step
    decimals = len(match[0].partition(".")[2])
    written = f"{changed:,.{decimals}f}" if "," in match[0] else f"{changed:.{decimals}f}"
    return _replaced(sentence, match, written)


def other_number(sentence: str, text: str, draw: random.Random) -> str | None:
    """`sentence` with one of its numbers put for another that stands elsewhere in `text`."""
    found = list(_NUMBER.finditer(sentence))
    there = sorted(set(_NUMBER.findall(text)) - set(_NUMBER.findall(sentence)))
    pairs = [(m, n) for m in found for n in there if _is_year(m[0]) == _is_year(n)]
    if not pairs:
        return None
    match, number = draw.choice(pairs)
    return _replaced(sentence, match, number)


def _is_year(number: str) -> bool:
    return len(number) == 4 and number.isdigit() and number[0] in "12"


def names_in(text: str) -> list[str]:
    """The names in `text`: words with capitals inside its sentences."""
    return sorted({name for name in _NAME.findall(text) if len(name) > 3})


def other_name(sentence: str, names: Sequence[str], draw: random.Random, known: Set[str] | None = None) -> str | None:
    """`sentence` with one of its names put for one of `names`, of which it has no word; `known` are what are names."""
    own = set(re.findall(r"\w+", sentence))
    strange = [name for name in names if not own & set(re.findall(r"\w+", name))]
    found = [m for m in _NAME.finditer(sentence) if known is None or known.issuperset(m[0].split())]
    if not found or not strange:
        return None
    return _replaced(sentence, draw.choice(found), draw.choice(strange))


def other_noun(sentence: str, text: str, draw: random.Random) -> str | None:
    """`sentence` with the word behind one of its articles put for one that stands behind an article in `text`, and of
    which it has nothing."""
    words = re.findall(r"\w+", sentence.lower())
    there = sorted({m[0] for m in _NOUN.finditer(text) if not any(m[0][:4] == word[:4] for word in words)})
    found = list(_NOUN.finditer(sentence))
    return _replaced(sentence, draw.choice(found), draw.choice(there)) if found and there else None


def turned(sentence: str) -> str | None:
    """`sentence` with a negation taken out, or put in after its first auxiliary verb."""
    bare = re.sub(
        r"\bcannot\b",
        "can",
        re.sub(
            r"\b(is|are|was|were|can|will|do|does|did|has|have|should|must)(?: not|n['’]t)\b", r"\1", sentence, count=1
        ),
    )
    if bare != sentence:
        return bare
    denied = _AUXILIARY.sub(r"\1 not", sentence, count=1)
    return denied if denied != sentence else None


def _replaced(sentence: str, match: re.Match[str], by: str) -> str:
    return sentence[: match.start()] + by + sentence[match.end() :]
