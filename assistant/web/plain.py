"""What there is to say of an answer and of passages, for programs that show plain text and nothing else."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Answer, Citation, Support
from assistant.writing.lines import BULLET
from index.types import Passage

_SOURCES = "\n\nSources:\n"
_LOADS = (
    "img|image|picture|source|svg|iframe|frame|video|audio|track|object|embed|link|base|script|style|meta|input|form"
)
# What reads as an image, as a tag that loads something, or as the address that a number such as [1] stands for.
_LIVE = re.compile(rf"(?<=!)\[|(?<!\\)(?:\\\\)*<(?=(?:{_LOADS})\b)|\[(?=[^\[\]\n]{{1,200}}\]:)", re.IGNORECASE)
_BULLET = re.compile(rf"^{BULLET} +")
_DOUBTS = {
    "unsupported": "The sources do not bear out",
    "partly": "The sources bear out only in part",
}


def remarks(answer: Answer) -> str:
    """What follows an answer's text: how far to trust it, and its sources; empty where there is nothing to say. Each
    remark has a paragraph of its own, since readers of Markdown join lines."""
    said = doubts(answer, "unsupported") + doubts(answer, "partly")
    if answer.band == "uncertain":
        said.append("The documents may not answer this.")
    said += notes(answer)
    return "".join(f"\n\n{remark}" for remark in said) + _sources(answer.citations)


def doubts(answer: Answer, support: Support) -> list[str]:
    """A remark for each sentence with this verdict, which names it without the mark of a list."""
    return [
        f"{_DOUBTS[support]}: “{_BULLET.sub('', answer.text[one.start : one.end])}”"
        for one in answer.statements
        if one.support == support
    ]


def notes(answer: Answer) -> list[str]:
    """What else is to be said of an answer."""
    said = [left_out(answer.left_out)] if answer.left_out else []
    said += filter(None, (answer.notice, answer.fallback))
    if answer.missing:
        said.append(f"Nothing was found about “{answer.missing}”.")
    if answer.conflict:
        said.append(f"The sources differ: {', '.join(f'[{number}]' for number in answer.conflict)}.")
    return said


def inert(text: str) -> str:
    """`text` for clients that show it as Markdown, which is what most do with a model's: nothing in it is fetched by
    itself, nor gives a citation's number an address. A document or a model that one has talked round could send what
    was asked to a server of theirs by an image."""
    return _LIVE.sub(lambda sign: f"{sign[0][:-1]}\\{sign[0][-1]}", text)


def left_out(sentences: int) -> str:
    """What is said where sentences of a language model were left out."""
    one = sentences == 1
    return f"{'A sentence was' if one else f'{sentences} sentences were'} left out that the sources do not bear out."


def without_sources(text: str) -> str:
    """A text that `remarks` may end, without its list of sources."""
    end = text.rfind(_SOURCES)
    return text[:end] if end >= 0 else text


def passages_in_words(passages: Sequence[Passage]) -> str:
    """Passages one below the other, each under its number and its place."""
    parts = [
        f"[{number}] {_place(p.title, p.chunk.heading, p.chunk.page, p.url or p.chunk.document)}\n{p.chunk.text}"
        for number, p in enumerate(passages, 1)
    ]
    return "\n\n".join(parts) or "Nothing was found."


def _sources(citations: Sequence[Citation]) -> str:
    """Each place once, behind the numbers that cite it."""
    places: dict[str, list[int]] = {}
    for citation in citations:
        place = _place(citation.title, citation.heading, citation.page, citation.url or citation.document)
        places.setdefault(place, []).append(citation.number)
    lines = [f"{''.join(f'[{number}]' for number in numbers)} {place}" for place, numbers in places.items()]
    return _SOURCES + "\n".join(lines) if lines else ""


def _place(title: str, heading: tuple[str, ...], page: int | None, where: str) -> str:
    return " › ".join((title, *heading)) + (f", page {page}" if page else "") + f" ({where})"
