"""The kind of thing that a question asks for, by its words, and whether a sentence holds such a thing."""

from __future__ import annotations

import re
from collections.abc import Iterable

from index.terms import terms

_NAME = r"\b[^\W\d_a-z][\w’'-]+(?:\s+[^\W\d_a-z][\w’'-]+)*"
_NUMBER = (
    r"\b\d[\d.,]*\b|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million"
    r"|billion|half)\b"
)
_DATE = (
    r"\b(?:1[0-9]|20)\d\d\b|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|\b(?:today|yesterday|tomorrow|century|spring|summer|autumn|winter)\b"
    r"|\b(?:day|week|month|year|hour|minute|decade|morning|evening|night)s?\b|\b(?:noon|midnight|o['’]clock)\b|\b\d+(?:st|nd|rd|th)\b"
)
# Not "when" that says in which case ("Who do I tell when I lose my badge?").
_WHEN = (
    r"^\W*(?:\w+ )?when\b(?! (?:i|we|you|he|she|it|they)\b)|\bwhen\W*$"
    r"|\bwhen (?:is|are|was|were|do|does|did|will|would|can|could|should|must|shall|has|have|had|may|might)\b"
)
_KINDS = (
    (r"\bhow (?:many|much|long|old|far|often|large|big|tall|high|fast)\b", _NUMBER),
    (rf"{_WHEN}|\b(?:what|which) (?:year|date|day|month|time)\b", _DATE),
    (r"\bwhere\b|\b(?:what|which) (?:city|country|place|town)\b", rf"\b(?:in|at|near|from|to|on)\s+(?:the\s+)?{_NAME}"),
    (r"\bwho(?:m|se)?\b", _NAME),
    (
        r"\bwhy\b",
        r"\b(?:because|due to|owing to|so that|in order to|since|as a result|caused?|reason|led to|a way to)\b",
    ),
    (
        r"\bwhat (?:did|does|has|have|had)\b.*\b(?:say|said|state|claim|tell|think|believe)\b",
        r"[“\"‘]|\b(?:said|says|told|stated)\b",
    ),
)


def kind_of_answer(question: str) -> re.Pattern[str] | None:
    """A pattern for the kind of thing that the question asks for, if its words say."""
    for asks, answers in _KINDS:
        if re.search(asks, question, re.IGNORECASE):
            flags = re.RegexFlag(0) if _NAME in answers or answers == _DATE else re.IGNORECASE
            return re.compile(answers, flags)
    return None


def asks_for_figure(wanted: re.Pattern[str] | None) -> bool:
    """Whether a date or a number is wanted."""
    return wanted is not None and wanted.pattern in (_DATE, _NUMBER)


def has_figure(words: Iterable[str]) -> bool:
    """Whether one of these terms is a number or the name of a month."""
    return any(term in _MONTHS or any(map(str.isdigit, term)) for term in words)


_MONTHS = frozenset(terms("January February March April May June July August September October November December"))


def asks_for_date(question: str) -> bool:
    """Whether a date is wanted."""
    wanted = kind_of_answer(question)
    return wanted is not None and wanted.pattern == _DATE


def holds_new(wanted: re.Pattern[str], text: str, question: str) -> bool:
    """Whether `text` holds such a thing that the question did not already name."""
    asked = question.casefold()
    return any(found[0].casefold() not in asked for found in wanted.finditer(text))
