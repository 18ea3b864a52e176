"""Sentences of different documents that say the same but for a number or a date, in which they differ.

Only what can be held against each other word by word is: the same words in the same order once frame words, numbers and
dates are taken out, about the same thing by title and headings. A paraphrase is never called a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.evidence import Candidate
from assistant.frames import subject_terms
from assistant.kinds import MONTHS, asks_for_date
from index.tables import headers
from index.terms import terms

_WORDS = 3  # of content that a sentence must have to be held against another
_WORDED = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_NUMBERS = {word: str(number) for number, word in enumerate(_WORDED, 2)}
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"\b(?:{_DAY}\s+(?:of\s+)?)?\b(?:{MONTHS})\b(?:\s+{_DAY}\b(?!\s+[a-z]))?(?:,?\s+\d{{4}}\b)?"
    r"|\b\d{4}-\d\d-\d\d\b|\b(?<=\b(?:in|of|by|to)\s)(?:1[5-9]|20)\d\d\b|\b(?<=\b(?:since|until)\s)(?:1[5-9]|20)\d\d\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
)
_NUMBER = rf"(?<![\w.-])\d+(?:[.,:]\d+)*|\b(?:{'|'.join(_NUMBERS)})\b"
_FIGURE = re.compile(rf"(?P<date>{_DATE})|(?P<number>{_NUMBER})")
# A number after one of these, or after a name ("Boeing 747"), tells which thing is meant and not how much of it.
_LABEL = re.compile(
    r"\b(?:room|step|chapter|article|section|paragraph|figure|table|page|line|no|number|version|building|terminal|route"
    r"|gate|platform|unit|item|rule|phase|stage|level|type|class|grade|tier|group|category|zone|floor|part|volume|form"
    r"|(?!EUR|USD|GBP|CHF)[A-Z][\w-]*)\.? $"
)
_DEADLINE = re.compile(r"\b(?:until|till|before|end of|deadline)\b(?: \w+){0,2} $")
_NEGATION = re.compile(r"\b(?:not|no|never|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_LEANS = re.compile(r"(?:he|she|it|they|this|that|these|those|his|her|their|its|we|there)\b", re.IGNORECASE)
_WEAK = frozenset(
    terms("now currently up only also still just approximately around roughly exactly least most per each every")
)
# What titles say of a document's form and not of its topic.
_FORMS = frozenset(
    terms(
        "policy policies handbook guide manual memo minutes meeting board news faq notes page rules version overview"
        " information info update updated draft final old new copy archive general index wiki document report summary"
        " the of and for our in on"
    )
)
_LABELS = re.compile(r"\b\d+\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_MASKS = {"date": " zqdate ", "number": " zqnumber "}


@dataclass(frozen=True, slots=True)
class _Figure:
    """A number or date in a sentence: its value, and whether a date says when the rest holds ("In 2001 ...")."""

    kind: str
    value: str
    condition: bool


def rivals(question: str, said: Candidate, candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """At most `limit` of `candidates` that contradict `said` in a number or date, each another."""
    found: list[Candidate] = []
    values = {_statement(said)[1]}
    for other in candidates:
        if len(found) < limit and _differ(question, said, other) and _statement(other)[1] not in values:
            values.add(_statement(other)[1])
            found.append(other)
    return found


def _differ(question: str, one: Candidate, other: Candidate) -> bool:
    if one.quote.chunk.document == other.quote.chunk.document or _LEANS.match(one.quote.text):
        return False
    if 2 * len({*one.said} & {*other.said}) < len({*one.said}):
        return False
    (content, figures), (other_content, other_figures) = _statement(one), _statement(other)
    words = [term for term in content if not term.startswith("zq")]
    if content != other_content or len(words) < _WORDS or not _is_same_topic(one, other, words):
        return False
    if _are_labelled_apart(question, one, other):
        return False
    pairs = [(a, b) for a, b in zip(figures, other_figures, strict=True) if a.value != b.value]
    asked = {figure.value for figure in _figures(question)}
    if not pairs or any({a.value, b.value} & asked or _is_finer(a, b) for a, b in pairs):
        return False
    # Where only dates differ it is mostly two events, unless a date is asked for.
    numbers = any(a.kind == "number" for a, _ in pairs)
    return not any(a.condition for a, _ in pairs) if numbers else asks_for_date(question)


def _is_finer(a: _Figure, b: _Figure) -> bool:
    """Whether one date only says more of the other ("May", "4 May 2026")."""
    parts, others = set(a.value.split()), set(b.value.split())
    return a.kind == "date" and (parts <= others or others <= parts)


def _is_same_topic(one: Candidate, other: Candidate, said: Sequence[str]) -> bool:
    """Whether not each of the two stands under words that are strange to the other."""
    place, others = _topic(one), _topic(other)
    return not (place - others - set(said) and others - place - set(said))


def _are_labelled_apart(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether the titles tell two things apart: by numbers or days of the week, or by years, which may also be those of
    two versions of one thing, where the question names one of them."""
    labels, others = _labels(one), _labels(other)
    apart = (labels - others) | (others - labels)
    if apart & {found[0].casefold() for found in _LABELS.finditer(question)}:
        return True
    return any(not _A_YEAR.fullmatch(label) for label in labels - others) and bool(others - labels)


def _labels(candidate: Candidate) -> set[str]:
    place = " ".join((candidate.passage.title, *candidate.quote.chunk.heading))
    return {found[0].casefold() for found in _LABELS.finditer(place)}


def _topic(candidate: Candidate) -> set[str]:
    place = _FIGURE.sub(" ", " ".join((candidate.passage.title, *candidate.quote.chunk.heading)))
    return {term for term in terms(place) if not any(map(str.isdigit, term))} - _FORMS


def _statement(candidate: Candidate) -> tuple[tuple[str, ...], tuple[_Figure, ...]]:
    """What a sentence (or row, with the names of its columns) says without its figures, and those figures."""
    text = f"{headers(candidate.quote.chunk)[candidate.number]} {candidate.quote.text}".strip()
    figures = tuple(_figures(text))
    masked = _FIGURE.sub(lambda match: match[0] if _is_label(match) else _MASKS[match.lastgroup or "number"], text)
    content = subject_terms(_NEGATION.sub(" zqnot ", masked).casefold())
    return tuple(term for term in content if term not in _WEAK), figures


def _figures(text: str) -> list[_Figure]:
    found = []
    for match in _FIGURE.finditer(text):
        before = text[: match.start()]
        if match["date"]:
            found.append(_Figure("date", _date(match[0]), not _DEADLINE.search(before)))
        elif not _is_label(match):
            found.append(_Figure("number", _number(match[0]), False))
    return found


def _is_label(match: re.Match[str]) -> bool:
    return match.lastgroup == "number" and bool(_LABEL.search(match.string[: match.start()]))


def _number(text: str) -> str:
    bare = re.sub(r",(?=\d{3}\b)|:00$", "", _NUMBERS.get(text, text))
    return re.sub(r"(\.\d*?)0+$", r"\1", bare).rstrip(".")


def _date(text: str) -> str:
    return " ".join(re.findall(r"\d+|[A-Z][a-z]+", text))
