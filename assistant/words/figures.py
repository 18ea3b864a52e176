"""The numbers, dates and times in a text, each in one form: 1,000 and one thousand, 3 March 2025 and 2025-03-03.

English, German, Spanish and French. Nothing is added up; what is converted says `units`.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal, NamedTuple

from assistant.words import shares
from assistant.words.numerals import SCALES, SMALL, TENS
from assistant.words.units import UNITS, measures


class Day(NamedTuple):
    """A date as far as it is said; 0 where it is not."""

    year: int
    month: int
    day: int


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, date or time at `start` to `end` of a text.

    `readings` are what it can mean, more than one where its form is ambiguous ("1.234", "3/4/2025"): numbers, minutes
    after midnight, or days. `unit` is what it counts, in one form, empty where that is no unit of ours. `worded` says
    that it is written in letters, `rounded` that a word before it says that it is not exact.
    """

    start: int
    end: int
    kind: Literal["number", "date", "time"]
    readings: frozenset[Decimal | Day]
    unit: str = ""
    worded: bool = False
    rounded: bool = False


def figures(text: str) -> list[Figure]:
    """The figures of `text`, in order, none within another; "7" in "from 7 to 20 euros" or "7 to 9 pm" is of the same
    kind as what it is joined to."""
    found = [figure for match in _matches(text) if (figure := _read(match))]
    for n in range(len(found) - 1, 0, -1):
        if _JOINED.fullmatch(text, found[n - 1].end, found[n].start):
            found[n - 1] = _like(found[n - 1], found[n])
    return found


def _matches(text: str) -> Iterator[re.Match[str]]:
    """What `_FIGURE` finds, asked only where a figure can begin: eleven times as fast as asking at each character."""
    end = 0
    for begins in _BEGINS.finditer(text):
        if begins.start() < end or (begins["word"] and begins["word"].casefold() not in _FIRST_WORDS):
            continue
        match = _FIGURE.match(text, begins.start())
        if match:
            end = match.end()
            yield match


_JOINED = re.compile(r"\s*(?:[-–/]|to|and|or|bis|und|oder|a|y|o|à|et|ou)\s*", re.IGNORECASE)


def _like(figure: Figure, other: Figure) -> Figure:
    """A number that has no unit as one of the unit, or a time of the half of the day, that `other` has."""
    if figure.kind != "number" or figure.unit or figure.worded > other.worded:
        return figure
    if other.kind == "number":
        return replace(figure, unit=other.unit)
    hours = [int(hour) for hour in _numbers(figure) if hour == int(hour) and hour < 25]
    if other.kind != "time" or not hours:
        return figure
    times = {60 * (hour % 12 + half) for hour in hours for half in (0, 12)} | {60 * hour for hour in hours}
    return replace(figure, kind="time", readings=frozenset(map(Decimal, times)))


def bears_out(said: Figure, found: Sequence[Figure]) -> bool:
    """Whether one of `found` says what `said` says, or more exactly; a day and its year may stand apart."""
    if any(_agrees(said, other) for other in found):
        return True
    return any(
        day.year and day.month and day.year in _years(found) and Day(0, *day[1:]) in set(_days(*found))
        for day in _days(said)
    )


def is_little(figure: Figure) -> bool:
    """Whether a figure needs no support: "one" or "two" that measures nothing."""
    return figure.worded and not figure.unit and min(map(_size, figure.readings)) <= 2


def kind_of(figure: Figure) -> str:
    """The kind of a figure, where a number that can be a year counts as a date."""
    if figure.kind != "number" or figure.unit or figure.worded:
        return figure.kind
    return "date" if any(1000 <= _size(reading) <= 2100 for reading in figure.readings) else "number"


def _size(reading: Decimal | Day) -> float:
    return math.inf if isinstance(reading, Day) else float(reading)


# --- agreement -------------------------------------------------------------------------------------------------

_ROUNDED = Decimal("0.05")  # how far a number that is said not to be exact may be from the one it stands for
_SPANS = {"century": 100, "decade": 10}


def _agrees(said: Figure, other: Figure) -> bool:
    if said.kind == "date":
        if other.kind == "number":
            return any(day.year in other.readings and not day.month for day in _days(said))
        return any(_has(known, day) for day in _days(said) for known in _days(other))
    if said.kind == other.kind and said.unit == other.unit and said.readings & other.readings:
        return True
    if said.unit in _SPANS:
        length = _SPANS[said.unit]
        first = {n if length == 10 else 100 * n - 99 for n in _numbers(said)}
        return not other.unit and any(0 <= year - start < length for year in _years([other]) for start in first)
    if other.kind == "date":
        return bool(said.readings & _years([other]))
    if said.kind != other.kind:
        return False
    if said.unit == "cents" and not other.unit:  # of a price list's cell
        return any(value / 100 in other.readings for value in _numbers(said) if value % 100)
    if said.unit and other.unit and said.unit != other.unit:
        return not measures(_numbers(said), said.unit).isdisjoint(measures(_numbers(other), other.unit))
    near = said.rounded and any(abs(a - b) <= _ROUNDED * b for a in _numbers(said) for b in _numbers(other))
    return near or bool(said.readings & other.readings)


def _has(known: Day, day: Day) -> bool:
    return all(wanted in (0, there) for wanted, there in zip(day, known, strict=True))


def _days(*found: Figure) -> Iterator[Day]:
    return (reading for figure in found for reading in figure.readings if isinstance(reading, Day))


def _numbers(*found: Figure) -> Iterator[Decimal]:
    return (reading for figure in found for reading in figure.readings if isinstance(reading, Decimal))


def _years(found: Sequence[Figure]) -> set[Decimal]:
    return {Decimal(day.year) for day in _days(*found) if day.year} | set(_numbers(*found))


# --- words -----------------------------------------------------------------------------------------------------

_MONTHS = (
    "january jan januar jänner enero janvier",
    "february feb februar febrero février",
    "march mar märz marzo mars",
    "april apr abril avril",
    "may mai mayo",
    "june jun juni junio juin",
    "july jul juli julio juillet",
    "august aug agosto août",
    "september sep sept septiembre septembre",
    "october oct oktober okt octubre octobre",
    "november nov noviembre novembre",
    "december dec dezember dez diciembre décembre",
)
_MONTH = {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
_ROUNDING = (
    "about|around|roughly|approximately|approx\\.|almost|nearly|over|under|some|circa|ca\\.|more than|less than|up to"
)
_ROUNDING += "|close to|just over|etwa|rund|fast|über|unos|unas|casi|cerca de|environ|près de|presque"


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


# A month's name is one by its capital, or, as in Spanish and French, by a number or preposition beside it; not may.
_NAME = rf"(?i:{_any(_MONTH)})\b\.?"
_NTH = r"(?:st|nd|rd|th|er|\.|º)?"
_YEAR = r"(?:1\d|20)\d\d"
_ALONE = (
    r"(?:Janu|Febru)ary|April|June|July|August|September|October|November|December|Januar|Februar|März|Juni|Juli"
    r"|Oktober|Dezember|(?<=\b[Ii]n )Ma(?:y|rch)|(?<=\b(?:of|by|to) )Ma(?:y|rch)"
    r"|(?<=\b(?:since|until|early) )Ma(?:y|rch)"
)
_WHOLE = r"\d{1,3}(?:[.,'’\u00a0\u202f ]\d{3}(?!\d))+|\d+"
_SCALE = _any({word: scale for word, scale in SCALES.items() if len(word) > 2})
_BEHIND = _any({word: scale for word, scale in SCALES.items() if len(word) > 1 and word != "cent"})  # of digits
_SYMBOLS = r"min|[kKMGT]i?[Bb](?:it|ps)?|[kMG]?Hz|[kM]?Wh?|ml|px"  # of units that may stand right behind digits
_PART = rf"(?:(?:{_any(TENS)})[-\s](?:{_any(SMALL)})|{_any(TENS)}|{_any(SMALL)})\b"
_LETTERS = (
    rf"(?i:{_PART}(?:(?:\s+(?:{_SCALE})\b)+(?:(?:\s+and)?\s+{_PART}(?:\s+(?:{_SCALE})\b)*)*)?|hundert|tausend|cien)"
)
_FIGURE = re.compile(
    rf"(?<![\w.-])(?P<iso>\d{{4}}-\d\d-\d\d)(?!\d)"
    rf"|(?<![\w.])(?P<slashed>\d{{1,2}}[./]\d{{1,2}}[./]\d{{4}})(?!\d)"
    rf"|(?<![\w.])(?P<day>\d{{1,2}}){_NTH}\s+(?:of\s+|de\s+)?(?!may\b(?!,?\s+\d{{4}}))(?P<month>{_NAME})(?:,?\s+(?:de[l]?\s+)?(?P<year>{_YEAR})\b)?"
    rf"|\b(?P<month2>{_NAME})\s+(?P<day2>\d{{1,2}}){_NTH}(?![\w:]|[.,]\d)(?:,?\s+(?P<year2>{_YEAR})\b)?"
    rf"|\b(?P<month3>{_NAME}),?\s+(?:de[l]?\s+|of\s+)?(?P<year3>{_YEAR})\b"
    rf"|\b(?P<month4>{_ALONE})\b"
    rf"|(?<![\w.,:])(?P<hour>\d{{1,2}}|(?i:{_any(SMALL)})(?=\s?o['’]clock))"
    r"(?:[:.](?P<past>\d\d))?\s?(?P<half>[ap]\.?m\b\.?|Uhr\b|o['’]clock\b|h\b)"
    r"|(?<![\w.,:])(?P<hour2>\d{1,2}):(?P<past2>\d\d)(?![:\d])"
    rf"|(?<![\w.,])(?P<decade>{_YEAR[:-2]}0)['’]?s\b"
    rf"|(?:(?P<money>[$€£])\s?)?(?<![A-Za-zÀ-ɏ\d.])(?<![A-Za-z]-)(?<!\d[,:])(?P<digits>(?:{_WHOLE})(?:[.,]\d+)*)(?:st|nd|rd|th|º|ª)?"
    rf"(?:[\s-]?(?P<scale>(?i:{_BEHIND}|k|M))\b)?(?![.,]?\d)(?:(?![A-Za-zÀ-ɏ])|(?=(?:{_any(UNITS)}|{_SYMBOLS})\b))"
    rf"|{shares.PATTERN}"
    rf"|\b(?P<letters>{_LETTERS})\b(?![\s-](?:halves|thirds?|quarters?|fifths?|tenths?)\b)"
)
_BEGINS = re.compile(r"[$€£]|\d+|(?P<word>[^\W\d_]+)")
_FIRST_WORDS = {word.casefold() for word in (*_MONTH, *SMALL, *TENS, *shares.WORDS, "hundert", "tausend", "cien")}
_BEFORE = re.compile(rf"\b(?:{_ROUNDING})\s*[$€£]?\s*$", re.IGNORECASE)
_AFTER = re.compile(
    rf"[\s-]?(?:per\s?|por\s|pour\s)(?:cent\b|ciento\b)|[\s-]{{0,2}}({_any(UNITS)})(?![\w])", re.IGNORECASE
)


def _read(match: re.Match[str]) -> Figure | None:
    found = {name: value for name, value in match.groupdict().items() if value is not None}
    text, (start, end) = match.string, match.span()
    if "iso" in found:
        return Figure(start, end, "date", frozenset({Day(*map(int, found["iso"].split("-")))}))
    if "slashed" in found:
        one, two, year = map(int, re.split("[./]", found["slashed"]))
        both = {Day(year, two, one), Day(year, one, two)} if "/" in match[0] else {Day(year, two, one)}
        return Figure(start, end, "date", frozenset(day for day in both if day.month < 13))
    month = next((found[name] for name in ("month", "month2", "month3", "month4") if name in found), None)
    if month:
        year = int(found.get("year") or found.get("year2") or found.get("year3") or 0)
        day = int(found.get("day") or found.get("day2") or 0)
        return Figure(start, end, "date", frozenset({Day(year, _MONTH[month.casefold().rstrip(".")], day)}))
    if hour := found.get("hour") or found.get("hour2"):
        return Figure(start, end, "time", _minutes(SMALL.get(hour.casefold()) or int(hour), found))
    if "decade" in found:
        return Figure(start, end, "number", frozenset({Decimal(found["decade"])}), "decade")
    rounded = bool(_BEFORE.search(text, max(0, start - 20), start))
    if share := shares.read(found):
        return Figure(start, end, "number", share.values, share.unit, rounded=rounded)
    return _number(match, found, rounded)


def _minutes(hour: int, found: dict[str, str]) -> frozenset[Decimal | Day]:
    half = found.get("half", "").lower()[:1]
    hours = {hour % 12 + 12} if half == "p" else {hour % 12} if half == "a" else {hour}
    if half == "o":
        hours = {hour % 12, hour % 12 + 12}
    past = int(found.get("past") or found.get("past2") or 0)
    return frozenset(Decimal(60 * hour + past) for hour in hours)


def _number(match: re.Match[str], found: dict[str, str], rounded: bool) -> Figure | None:
    start, end = match.span()
    if "letters" in found:
        readings = {Decimal(_in_words(found["letters"]))}
    else:
        readings = _in_digits(found["digits"])
        scale = SCALES[found["scale"].casefold()] if "scale" in found else 1
        readings = {reading * scale for reading in readings}
    if not readings:
        return None
    after = _AFTER.match(match.string, end)
    unit = UNITS[found["money"]] if "money" in found else ""
    if after and not unit:
        unit = UNITS[after[1].casefold()] if after[1] else "%"
    return Figure(start, end, "number", frozenset(readings), unit, "letters" in found, rounded)


def _in_digits(text: str) -> set[Decimal]:
    """What digits with points and commas can mean, where a point before three digits may group or divide; nothing for
    what is no number ("3.11.2")."""
    bare = re.sub(r"['’\s]", "", text)
    marks = re.findall(r"[.,]", bare)
    if not marks:
        return {Decimal(bare)}
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", bare) and len(set(marks)) == 1
    whole, last = re.split(r"[.,](?=[^.,]*$)", bare)
    readings = {Decimal(re.sub("[.,]", "", bare))} if grouped else set()
    if len(marks) == 1 and not (grouped and "," in marks):
        readings.add(Decimal(f"{whole}.{last}").normalize())
    elif not grouped and len(set(marks)) == 2:
        readings.add(Decimal(f"{re.sub('[.,]', '', whole)}.{last}").normalize())
    return readings


def _in_words(text: str) -> int:
    total = part = 0
    for word in re.split(r"[\s-]+", text.casefold()):
        if word in SCALES:
            scale = SCALES[word]
            part = max(1, part) * scale
            if scale > 100:
                total, part = total + part, 0
        else:
            part += TENS.get(word) or SMALL.get(word, 0)
    return total + part
