"""Sentences written over passages, and the same ones made wrong: what verdicts are fitted and measured on.

What is written comes from conversation sets; what stands in a document is taken as it is, or with its clauses moved or
left out. Each is then paired with passages that do not say it, or changed in a number, a name or its sense.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sentencex import segment


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence with the ids of the chunks that it cites. `kind` says what was done to it ("as written"), `origin` the
    row it belongs to; `first` that its conversation or document is of the half to fit on."""

    origin: str
    kind: str
    question: str
    sentence: str
    cited: tuple[str, ...]
    first: bool


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
    lead = re.fullmatch(r"((?:In|On|At|After|Before|During|Since|By|For|From|When|While|As)\b[^,]{3,60}), (.{20,})([.!])", sentence)
    if lead:
        rest, opening = lead[2], lead[1]
        return f"{rest[0].upper()}{rest[1:]} {opening[0].lower()}{opening[1:]}{lead[3]}"
    clause = re.search(r", (?:which|who|where|including|such as|as well as|although|though|because|while)\b[^,]{5,}(?:,(?= )|(?=\.$))", sentence)
    if clause:
        left = sentence[: clause.start()] + sentence[clause.end() :]
        return left if len(left.split()) >= 6 else None
    return None


# --- no longer true --------------------------------------------------------------------------------------------------

_NUMBER = re.compile(r"(?<![\w.,-])\d+(?:,\d{3})*(?:\.\d+)?(?![\w]|[.,]\d)")
_WORDED = "two three four five six seven eight nine ten eleven twelve".split()
_WORD_NUMBER = re.compile(rf"\b(?:{'|'.join(_WORDED)})\b")
_NAME = re.compile(r"(?<![.!?:] )(?<!^)(?<=[a-z,;] )[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){0,3}")
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|will|may|should|must|has been|have been|had been|could|would)\b(?! not)")


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
    there = sorted({n for n in _NUMBER.findall(text)} - set(_NUMBER.findall(sentence)))
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


def other_name(sentence: str, names: Sequence[str], draw: random.Random) -> str | None:
    """`sentence` with one of its names put for one of `names`, of which it has no word."""
    own = set(re.findall(r"\w+", sentence))
    strange = [name for name in names if not own & set(re.findall(r"\w+", name))]
    found = list(_NAME.finditer(sentence))
    if not found or not strange:
        return None
    return _replaced(sentence, draw.choice(found), draw.choice(strange))


def turned(sentence: str) -> str | None:
    """`sentence` with a negation taken out, or put in after its first auxiliary verb."""
    bare = re.sub(r"\bcannot\b", "can", re.sub(r"\b(is|are|was|were|can|will|do|does|did|has|have|should|must)(?: not|n['’]t)\b", r"\1", sentence, count=1))
    if bare != sentence:
        return bare
    denied = _AUXILIARY.sub(r"\1 not", sentence, count=1)
    return denied if denied != sentence else None


def _replaced(sentence: str, match: re.Match[str], by: str) -> str:
    return sentence[: match.start()] + by + sentence[match.end() :]
