"""What a sentence claims: its words without its figures, its figures, and what it would say if it did not deny it.

Of other wordings just these are seen through: that a figure was changed ("was raised to") or set for something, that
"Project Heron" is "Heron", what staff "has", "gets" or "is entitled to", and spans of time in another unit.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.words.frames import subject_terms
from assistant.words.kinds import MONTHS
from assistant.words.numerals import ENGLISH
from index.terms import terms

MASK = "zq"  # how the terms begin that stand for a figure or a denial

_NUMBERS = {word: str(number) for number, word in enumerate(ENGLISH[1:12], 2)}  # "one" seldom counts
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATE = (
    rf"\b(?:{_DAY}\s+(?:of\s+)?)?\b(?:{MONTHS})\b(?:\s+{_DAY}\b(?!\s+[a-z]))?(?:,?\s+\d{{4}}\b)?"
    r"|\b\d{4}-\d\d-\d\d\b|\b(?<=\b(?:in|of|by|to)\s)(?:1[5-9]|20)\d\d\b|\b(?<=\b(?:since|until)\s)(?:1[5-9]|20)\d\d\b"
    r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b"
)
_NUMBER = rf"(?<![\w.-])\d+(?:[.,:]\d+)*|\b(?:{'|'.join(_NUMBERS)})\b"
_UNITS = {"day": "day", "week": "day", "month": "month", "year": "month", "hour": "hour", "minute": "hour"}
_UNIT = rf"[ -](?:(?:working|business|calendar) )?(?P<unit>{'|'.join(_UNITS)})s?\b"
FIGURE = re.compile(rf"(?P<date>{_DATE})|(?P<number>(?:{_NUMBER})(?:{_UNIT})?)")
_WEEK = (5, 7)  # days of a week: those on which work is done, and all
# A number after one of these, or after a name ("Boeing 747"), tells which thing is meant and not how much of it.
_LABEL = re.compile(
    r"\b(?:room|step|chapter|article|section|paragraph|figure|table|page|line|no|number|version|building|terminal|route"
    r"|gate|platform|unit|item|rule|phase|stage|level|type|class|grade|tier|group|category|zone|floor|part|volume|form"
    r"|(?!EUR|USD|GBP|CHF)[A-Z][\w-]*)\.? $"
)
_DEADLINE = re.compile(r"\b(?:until|till|before|end of|deadline)\b(?: \w+){0,2} $")
_WEAK = frozenset(
    terms(
        "now already currently up only also still just approximately around roughly exactly least most per each every"
        " all employee staff everyone everybody colleague"
    )
)
_HAVE = re.compile(
    rf"\b(?:(?:is|are) (?:entitled to|granted|given|allowed)|gets?|receives?)(?= (?:up to )?(?:{_NUMBER}))"
)

_NEGATION = re.compile(r"\b(?:not|no|never|without|cannot)\b|n['’]t\b", re.IGNORECASE)
_AUXILIARY = r"is|are|was|were|does|do|did|has|have|had|can|could|may|might|must|should|would|will|ca"
_DENIAL = re.compile(
    rf"\b({_AUXILIARY})(?:n['’]t|not| not| never| no longer)\b"
    r"(?! (?:only|just|merely|always|necessarily|yet|all|every)\b)",
    re.IGNORECASE,
)
_SUPPORTS = frozenset(terms("do does did"))

_BE = r"\b(?:is|are|was|were|will be|(?:has|have|had) (?:now |since )?been)(?: now| since)?"
_CHANGED = (
    r"(?:raised|increased|lifted|lowered|reduced|cut|decreased|shortened|extended|changed|moved|postponed|delayed"
    r"|adjusted|corrected|brought forward|put back|pushed back)"
)
_BY_ITSELF = r"\b(?:rose|fell|dropped|grew|increased|decreased|went (?:up|down))"
_FORMERLY = rf"(?: (?:from|by) (?:[€$£]|EUR |USD )?(?:{_DATE}|{_NUMBER})(?: ?%| [a-z]+)?)*"
_CHANGE = re.compile(rf"(?:{_BE} {_CHANGED}|{_BY_ITSELF}){_FORMERLY}(?= to\b)")
_CHANGED_BY = re.compile(rf"^[^,;:]* {_CHANGED} (?P<what>(?:the|our) [^,;:]+?){_FORMERLY}(?= to\b)")
_SET = re.compile(rf"{_BE} (?:set|fixed|planned|scheduled|expected|due|limited)\b")
_WHEN = re.compile(rf"(?:^|(?<!to)(?<! from) )(?:[Ii]n|[Oo]n|[Ss]ince|[Aa]s of) (?:{_DATE}),?")
# Why it is so, at the end of a sentence and without a figure: another may say the same and give no reason.
_REASON = re.compile(r"(?:,? because|, (?:since|as)|,? (?:due|owing) to)\b[^,;\d]*(?=\.?$)")
_POSSESSIVE = re.compile(r"\b([\w-]+)['’]s ([\w-]+)\b")
_SORT = re.compile(r"\b[Pp]ro(?:ject|gramme?) (?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number or date in a sentence: its value, and whether a date says when the rest holds ("In 2001 ...")."""

    kind: str
    value: str
    condition: bool

    def agrees(self, other: Figure) -> bool:
        """Whether it is the same value, perhaps of days in weeks."""
        if self.value == other.value:
            return True
        spans = {unit: number for number, _, unit in (one.value.partition(" ") for one in (self, other))}
        days, weeks = spans.get("day", ""), spans.get("week", "")
        return days.isdigit() and weeks.isdigit() and int(days) in {int(weeks) * week for week in _WEEK}


@dataclass(frozen=True, slots=True)
class Claim:
    """What a sentence claims. `content` are its terms in order without frame words, each figure a mask; `denied` are
    all its terms without the one denial that it holds, None if it holds none, or more; `plain` the same of one that
    denies nothing."""

    content: tuple[str, ...]
    figures: tuple[Figure, ...]
    denied: tuple[str, ...] | None
    plain: tuple[str, ...] | None

    @property
    def words(self) -> list[str]:
        """The terms of its content that are no masks."""
        return [term for term in self.content if not term.startswith(MASK)]


@lru_cache(maxsize=2000)
def claim(text: str) -> Claim:
    """What `text` claims, which may be the names of a table's columns with one of its rows."""
    text = _REASON.sub("", text)
    same = _as_it_is(text)
    masked = FIGURE.sub(lambda match: match[0] if _is_label(match) else _mask(match), same)
    content = subject_terms(_NEGATION.sub(f" {MASK}not ", masked).casefold())
    denials = len(_NEGATION.findall(text))
    without, removed = _DENIAL.subn(lambda match: {"ca": "can"}.get(match[1].casefold(), match[1]), text)
    bare = tuple(term for term in terms(without) if term not in _WEAK | _SUPPORTS)
    return Claim(
        tuple(term for term in content if term not in _WEAK),
        figures(same),
        bare if denials == removed == 1 else None,
        bare if not denials else None,
    )


def _as_it_is(text: str) -> str:
    """`text` where what was changed to a figure or set for it is that figure, whenever that was."""
    text = _HAVE.sub("has", _SORT.sub("", text))
    undated = _WHEN.sub("", text)
    changed = _CHANGE.sub(" is", _CHANGED_BY.sub(r"\g<what> is", undated))
    text = changed if changed != undated else text
    return _POSSESSIVE.sub(r"\2 of \1", _SET.sub(" is", text))


def figures(text: str) -> tuple[Figure, ...]:
    """The numbers and dates in `text`, without numbers that only name a thing."""
    found = []
    for match in FIGURE.finditer(text):
        before = text[: match.start()]
        if match["date"]:
            found.append(Figure("date", _date(match[0]), not _DEADLINE.search(before)))
        elif not _is_label(match):
            found.append(Figure("number", _measure(match), False))
    return tuple(found)


def _is_label(match: re.Match[str]) -> bool:
    return match.lastgroup == "number" and bool(_LABEL.search(match.string[: match.start()]))


def _mask(match: re.Match[str]) -> str:
    """What stands for a figure among terms, with the unit in which spans of its kind are held against each other."""
    return f" {MASK}{'date' if match['date'] else 'number'} {_UNITS.get(match['unit'] or '', '')} "


def _measure(match: re.Match[str]) -> str:
    """The number, with its unit if that is one of time: days, weeks, months or minutes."""
    unit = match["unit"]
    number = _number(re.split(r"[ -]", match["number"])[0])
    if unit in ("year", "hour") and number.isdigit():
        number, unit = str(int(number) * (12 if unit == "year" else 60)), "month" if unit == "year" else "minute"
    return f"{number} {unit}" if unit else number


def _number(text: str) -> str:
    bare = re.sub(r",(?=\d{3}\b)|:00$", "", _NUMBERS.get(text, text))
    return re.sub(r"(\.\d*?)0+$", r"\1", bare).rstrip(".")


def _date(text: str) -> str:
    return " ".join(re.findall(r"\d+|[A-Z][a-z]+", text))
