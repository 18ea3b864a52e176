"""Shares, multiples and frequencies in words: "a third of", "doubled", "twice a week", "two dozen".

Only where they can hardly mean anything else: not "half an hour", "the first quarter" or "once the form is signed".
"""

from __future__ import annotations

from decimal import Decimal
from typing import NamedTuple

from assistant.words.numerals import SMALL


class Share(NamedTuple):
    """What a word says: a number, more than one where it is rounded in writing, and of what."""

    values: frozenset[Decimal]
    unit: str


_COUNT = "one|two|three|four|a|an|ein|eine|zwei|drei|vier"
_PARTS = {
    2: "half halves hälfte",
    3: "third thirds drittel",
    4: "quarter quarters viertel",
    5: "fifth fifths fünftel",
    10: "tenth tenths zehntel",
}
_PART = {word: parts for parts, words in _PARTS.items() for word in words.split()}
_SOME = "|".join(word for word in _PART if word != "half")
_FEW = "one|two|three|four|five|six|seven|eight|nine|ten|ein|eine[rn]?|zwei|drei|vier|fünf|sechs|sieben|acht|neun|zehn"
_NO_SHARE = r"(?:hundred|thousand|million|second|minute|hour|day|week|month|year|round|group|step|part)s?\b"
_COMPARED = "of|more|less|fewer|higher|lower|larger|smaller|cheaper|longer|shorter|der|des|mehr|weniger"
_SPAN = "day|week|month|year|quarter|fortnight|hour|minute|season|shift|term"
_NTH = ("zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn")
_TIMES = {"once": 1, "twice": 2, "thrice": 3, **{f"{word}mal": SMALL[word] for word in _NTH}}
_OFTEN = "|".join(word for word in _TIMES if word != "once")
_ONCE = (
    r"(?<!\bat )once(?=\s*(?:[.,;!?]|$)|\s+(?:every|each|per|daily|weekly|monthly|only|in|at|on)\b"
    rf"|\s+an?\s+(?:{_SPAN})\b)"
)
_MULTIPLES = {"halve": "0.5", "double": "2", "triple": "3", "treble": "3", "quadruple": "4"}
_STEMS = "|".join(word[:-1] for word in _MULTIPLES)
_WHOLE = r"(?!-|\s+(?:an?|past|days?|years?|hours?|way|board|times?|terms?|dozen)\b)"  # behind a half of something
PATTERN = (
    rf"\b(?:(?P<frequency>{_ONCE}|(?i:{_OFTEN}))"
    rf"|(?P<multiple>(?i:(?:{_STEMS})(?:es?|ed|ing)))(?!-)"
    rf"|(?P<many>(?i:{_FEW})) (?i:in|out of|von) (?P<all>(?!one\b|ein)(?i:{_FEW}))(?![\s-](?:{_NO_SHARE}))"
    rf"|(?:(?P<dozens>(?i:{_COUNT}|half a))\s+)?(?P<dozen>(?i:dozen|dutzend))"
    rf"|(?P<parts>(?i:{_COUNT}))[\s-](?P<part>(?i:{_SOME}))(?=\s+(?:{_COMPARED})\b)"
    rf"|(?<=\bby )(?P<parts2>(?i:{_COUNT}))\s(?P<part2>(?i:{_SOME}))"
    r"|(?<!\band a )(?<!\bfirst )(?<!\bsecond )(?<!\blast )(?<!\bother )"
    rf"(?P<share>(?i:half|hälfte)){_WHOLE})\b"
)
"""Finds them, within another pattern that has no groups of these names."""
WORDS = {
    *(*_COUNT.split("|"), *_FEW.split("|"), "einer", "einen", *_PART, *_TIMES, "dozen", "dutzend"),
    *(word[:-1] + ending for word in _MULTIPLES for ending in ("e", "es", "ed", "ing")),
}
"""The words, in small letters, that what PATTERN finds can begin with."""


def read(found: dict[str, str]) -> Share | None:
    """What the groups of PATTERN that matched say; None if none did."""
    low = {name: value.casefold() for name, value in found.items()}
    if "frequency" in low:
        return Share(frozenset({Decimal(_TIMES[low["frequency"]])}), "times")
    if "multiple" in low:
        stem = next(word for word in _MULTIPLES if low["multiple"].startswith(word[:-1]))
        return Share(frozenset({Decimal(_MULTIPLES[stem])}), "times")
    if "dozen" in low:
        many = low.get("dozens", "a")
        return Share(frozenset({Decimal(6 if many == "half a" else 12 * SMALL.get(many, 1))}), "")
    if "all" in low:
        return _percent(_number(low["many"]), _number(low["all"]))
    part = low.get("part") or low.get("part2") or low.get("share")
    if part is None:
        return None
    many = low.get("parts") or low.get("parts2") or "a"
    return _percent(SMALL.get(many, 1), _PART[part])


def _percent(many: int, of: int) -> Share:
    """So many of so many, rounded as it may be in writing."""
    exact = Decimal(100 * many) / of
    return Share(frozenset(round(exact, places) for places in (0, 1, 2)), "%")


def _number(word: str) -> int:
    return SMALL.get(word, 1)
