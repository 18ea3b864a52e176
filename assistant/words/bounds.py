"""Words that say from when, until when, or how much at least or at most: "by Friday", "since 2019", "opens at 9:00"."""

from __future__ import annotations

import re
from typing import Literal

Side = Literal["up", "down", "every"]

# What may stand between such a word and what it bounds: "until about the end of May".
_FILLER = (
    r"(?:(?:the|an?|about|around|approximately|almost|end of|beginning of|start of|middle of|(?:the )?year|day"
    r"|de[rnms]|die|das|etwa|rund|ca\.|ende|anfang|mitte|jahr|einschließlich|el|la|los|las|le|les|du)\s+)*"
)
_UP = (
    r"from|since|after|as (?:of|from)|starting|beginning|at least|(?:no|not) (?:before|earlier than|sooner than"
    r"|less than|fewer than)|at the earliest(?: (?:on|in|at))?"
    r"|(?:more|older|longer|larger|bigger|taller|heavier|higher|stronger|faster) than|above|over|exceeding"
    r"|beyond|über|ab|seit|nach|frühestens(?: (?:am|ab|um|im))?"
    r"|mindestens|nicht vor|mehr als|desde|a partir de|después de|al menos|depuis|à partir de|dès|après|au moins"
)
_DOWN = (
    r"until|till?|up (?:to|until)|within|before|prior to|(?:no|not) (?:after|later than|more than|longer than)|at most"
    r"|(?:by )?at the latest(?: (?:on|in|at|by))?"
    r"|(?:less|fewer|younger|shorter|smaller|lighter|lower|weaker|slower) than|below|under|unter"
    r"|bis(?: zu[mr]?| spätestens)?|vorm?"
    r"|innerhalb(?: von)?|binnen|spätestens(?: (?:am|um|im|bis))?|höchstens|maximal|nicht nach|weniger als"
    r"|hasta|antes de|dentro de|como máximo|jusqu['’]à|avant|au plus"
)
_AT = r"(?:in|on|at|with|am|im|um|mit|en|à)"
_STARTS = (
    r"starts?|started|starting|begins?|began|begun|beginning|commence[ds]?|opens|opened|opening|becomes?|became|joins?"
    r"|joined|took over|founded|launched|beginnt|begann|startet|startete|öffnet|öffnete|eröffnet"
)
_ENDS = (
    r"ends?|ended|ending|expires?|expired|closes|closing|finish(?:es|ed)?|ceases?|resigned|retired|runs out"
    r"|endet|endete|schließt|schloss"
)
# From a verb to what it is followed by, over no other figure, clause or joint.
_TO_THE_TIME = rf"\b(?:(?!\b(?:and|but|or|und|aber|oder|y|et)\b)[^\d.;,:()])*?\s{_AT}\s+"
_BEFORE = re.compile(
    rf"\b(?:(?:(?P<up>{_UP})|(?P<down>{_DOWN})|(?P<every>every|alle|cada))\s+"
    rf"|(?:(?P<starts>{_STARTS})|(?P<ends>{_ENDS})){_TO_THE_TIME}){_FILLER}$",
    re.IGNORECASE,
)
_BY = re.compile(rf"\b(?:by|para|pour)\s+{_FILLER}$", re.IGNORECASE)
_BEHIND = re.compile(
    r"\s*(?:(?P<down>at the latest|or (?:earlier|less|fewer)|spätestens)"
    r"|(?P<up>at the earliest|or (?:later|more|longer)|onwards?|and (?:over|later)|frühestens))\b",
    re.IGNORECASE,
)
# "No later than a month before it" is at least a month before.
_LATEST = re.compile(r"(?:no|not) (?:later|earlier|sooner) than|at the (?:latest|earliest)|spätestens|frühestens", re.I)
_AHEAD = re.compile(r"(?:\s+\w+)?\s+(?:before|prior|ahead|in advance|vor|vorher|im Voraus)\b", re.IGNORECASE)
# Of what is neither a figure nor a day; other words than these may mean place or cause there.
_CLEAR = re.compile(
    r"\b(?:(?P<down>until|till?|before|bis zu[mr]|vor de[rm])|(?P<up>after|since|nach de[rm]|seit de[rm]))\s+"
    r"(?:(?:the|an?|their|its|his|her|your)\s+)?$",
    re.IGNORECASE,
)
RANGE = re.compile(r"\s*(?:[-–—]|to|until|till|through|bis|a|hasta|à)(?:\s+(?:the|de[nm]|zum))?\s*", re.IGNORECASE)
"""What stands between the two ends of a span."""
BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s+$", re.IGNORECASE)
"""What may stand before its first end, and "and" between the two then."""
AND = re.compile(r"\s*(?:and|und|y|et)\s*", re.IGNORECASE)

_LOOKED_AT = 60  # characters before what is bounded


def bounded(text: str, start: int, end: int, when: bool, figure: bool) -> tuple[Side, int] | None:
    """On which side of what stands from `start` to `end` something is, and where the word begins that says it.

    `when` says that this is a day, a date or a time, `figure` that it is one or a number; None if nothing is said.
    """
    first = max(0, start - _LOOKED_AT)
    if not figure:
        found = _CLEAR.search(text, first, start)
        return (("up" if found["up"] else "down"), found.start()) if found else None
    by = _BY.search(text, first, start) if when else None
    if by:
        return "down", by.start()
    behind = _BEHIND.match(text, end)
    if behind:
        return ("up" if behind["up"] else "down"), start
    found = _BEFORE.search(text, first, start)
    if found and _LATEST.match(text, found.start()) and _AHEAD.match(text, end):
        return ("down" if found["up"] else "up"), found.start()
    if not found or ((found["starts"] or found["ends"]) and not when):
        return None
    if found["every"]:
        return "every", found.start()
    return ("up" if found["up"] or found["starts"] else "down"), found.start()
