"""The words that say which of some things has more of something, and which columns of a table tell that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Literal

from index.terms import terms

Sign = Literal[1, -1]

# For each kind of measure the words for much and for little of it without their endings, and those of the columns that
# hold it.
_MEASURES = (
    ("fast quick rapid schnell", "slow langsam", "speed pages ppm throughput geschwindigkeit tempo seiten"),
    (
        "dear expensive costl costly pric pricey teur teuer",
        "cheap inexpensive affordable billig günstig preiswert",
        "price cost costs fee rate tariff charge euro euros dollars usd eur preis kosten kostet gebühr beitrag tarif",
    ),
    ("heav schwer", "light leicht", "weight mass kg grams gramm gewicht"),
    (
        "big bigg larg great spacious roomy groß größ",
        "small tin klein",
        "size area volume capacity storage memory seats people places persons größe fläche volumen plätze personen",
    ),
    (
        "long läng",
        "short kurz kürz",
        "length duration distance term minutes hours days weeks months länge dauer laufzeit",
    ),
    ("tall high hoch höh höch", "low niedrig", "height altitude elevation höhe"),
    (
        "new young neu jung jüng",
        "old alt ält",
        "year built founded opened introduced born jahr baujahr gründung eröffnet",
    ),
    ("wid breit", "narrow schmal", "width breite"),
    ("deep tief", "shallow flach", "depth tiefe"),
    ("strong powerful stark stärk", "weak schwach schwäch", "power watt watts leistung"),
)
_MORE = "more|most|mehr|meisten"
_LESS = "less|least|fewer|fewest|weniger|wenigsten"
# Words for much or little of whatever a column holds.
_GENERAL = re.compile("great|larg|small|high|low|long|short|groß|größ|klein|hoch|höh|höch|niedrig|gering")

_SIGNS: Mapping[str, tuple[Sign, frozenset[str]]] = {
    **{word: (1, frozenset(terms(columns))) for much, _, columns in _MEASURES for word in much.split()},
    **{word: (-1, frozenset(terms(columns))) for _, little, columns in _MEASURES for word in little.split()},
    "gering": (-1, frozenset()),
}
_NEITHER: tuple[Sign, frozenset[str]] = (1, frozenset())
_STEM = "|".join(sorted(_SIGNS, key=len, reverse=True))
_DEGREE = re.compile(
    rf"\b(?:(?:(?P<more>{_MORE})|(?P<less>{_LESS}))(?:\s+(?P<plain>{_STEM})\b)?"
    rf"|(?P<stem>{_STEM})(?:i?er(?:e[nrsm]?)?|(?P<most>i?est|(?:e?s)?te[nrsm]?)))\b",
    re.IGNORECASE,
)
THAN = re.compile(r"\b(?:than|als)\b", re.IGNORECASE)
"""What stands before that with which a thing is compared."""


@dataclass(frozen=True, slots=True)
class Degree:
    """A word at `start` to `end` for more (`sign` 1) or less (-1) than another has, or (`most`) than all have.

    `columns` are the terms of the columns that can tell it; `general` says that one which the sentence names can.
    """

    start: int
    end: int
    sign: Sign
    most: bool
    columns: frozenset[str]
    general: bool


def degree(text: str) -> Degree | None:
    """The one word of a text that compares; None if there is none, or more than one."""
    found = list(_DEGREE.finditer(text))
    return _read(found[0]) if len(found) == 1 else None


def _read(found: re.Match[str]) -> Degree:
    word = (found["stem"] or found["plain"] or "").lower()  # "ß" stays
    sign, columns = _SIGNS.get(word, _NEITHER)
    most = bool(found["most"]) or bool(_MOST.match(found[0]))
    if not word:
        columns = of_the_kind(frozenset(terms(found.string)))
    less = bool(found["less"])
    return Degree(
        *found.span(), -1 if less == (sign > 0) else 1, most, columns, not word or bool(_GENERAL.fullmatch(word))
    )


def column_told(kinds: frozenset[str], general: bool, own: Set[str], columns: Sequence[Set[str]]) -> int | None:
    """The number of the one of some columns, each in the terms of its name, that is of these kinds, or of which `own`
    words name one; of all, where a word for more or less is a `general` one, which may be said of anything."""
    of_it = [n for n, names in enumerate(columns) if kinds & names]
    named = [n for n in (of_it or (range(len(columns)) if general else ())) if own & columns[n]]
    found = named if len(named) == 1 else of_it
    return found[0] if len(found) == 1 else None


def of_the_kind(said: frozenset[str]) -> frozenset[str]:
    """The terms of all columns of the kinds that a sentence names one of: "costs" of prices too."""
    kinds = {columns for _, columns in _SIGNS.values() if columns & said}
    return frozenset[str]().union(*kinds)


_MOST = re.compile(r"(?:most|least|fewest|meisten|wenigsten)\b", re.IGNORECASE)
