"""The days of the week, and those from Monday to Friday in one word."""

from __future__ import annotations

import re

from index.terms import terms

_NAMES = (
    "monday mon montag lunes lundi",
    "tuesday tue dienstag martes mardi",
    "wednesday wed mittwoch miércoles mercredi",
    "thursday thu donnerstag jueves jeudi",
    "friday fri freitag viernes vendredi",
    "saturday sat samstag sonnabend sábado samedi",
    "sunday sun sonntag domingo dimanche",
)
DAYS = frozenset(term for names in _NAMES for term in terms(names) if len(term) > 3)
"""The terms of the names of days."""
WEEKDAY = terms("weekday")[0]
"""The term of all days from Monday to Friday."""
WORKED = (*(term for names in _NAMES[:5] for term in terms(names) if len(term) > 3), WEEKDAY)
"""That term, and those of its days before it."""

WORKING_DAYS = re.compile(
    r"\b(?:mondays?|mon|montags?|mo\.?|lunes|lundi)\s*(?:to|through|until|till|bis|a|à|au|[-–])\s*"
    r"(?:fridays?|fri|freitags?|fr\.?|viernes|vendredi)\b|\bwochentags\b",
    re.IGNORECASE,
)
"""How all of them are said."""
