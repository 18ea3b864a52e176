"""The days of the week, which of them a word stands for, and how it is said how often something is."""

from __future__ import annotations

import re
from collections.abc import Mapping

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
NAMES = tuple(name for names in _NAMES for name in names.split() if len(name) > 3)
"""The names of days, in small letters."""
DAYS = frozenset(term for name in NAMES for term in terms(name))
"""The terms of the names of days."""
WEEKDAY = terms("weekday")[0]
"""The term of all days from Monday to Friday."""
WORKED = (*(term for names in _NAMES[:5] for term in terms(names) if len(term) > 3), WEEKDAY)
"""That term, and those of its days before it."""

NUMBERS: Mapping[str, frozenset[int]] = {
    **{term: frozenset({n}) for n, names in enumerate(_NAMES) for term in terms(names) if len(term) > 3},
    WEEKDAY: frozenset(range(5)),
    **dict.fromkeys(terms("weekend wochenende"), frozenset({5, 6})),
}
"""For the terms of one day or more, which they are; Monday is 0."""
SPAN = re.compile(r"\s*(?:to|through|until|till|bis|a|à|al|au|[-–])\s*", re.IGNORECASE)
"""What stands between the first and the last of some days."""
DAILY = re.compile(
    r"\b(?:daily|(?:every|each|any|all) days?|seven days|7 days|t[äa]glich|jeden tag|alle tage|todos los días|diario"
    r"|diariamente|tous les jours|quotidien\w*)\b",
    re.IGNORECASE,
)
"""What is said of all days."""

# English and German ones, each with the place in `_NAMES` of what they are short for.
_SHORT = ((0, r"Mon|Tues?|Weds?|Thu(?:rs?)?|Fri|Sat|Sun"), (2, r"Mo|Di|Mi|Do|Fr|Sa|So"))
# Several on end, or one before a time: "Wed–Sun", "Mon, Thu", "Sat 9:00". Alone "Sun" and "So" are other words.
_RUNS = tuple(
    (
        [names.split()[place].capitalize() for names in _NAMES],
        re.compile(rf"\b(?:{short})\b"),
        re.compile(
            rf"\b(?:{short})\b(?:\.?\s*(?:[-–,/&+]|to|and|or|bis|und|oder)\s*(?:{short})\b)+"
            rf"|\b(?:{short})\b(?=\.?\s+\d\d?[:.]\d\d)"
        ),
    )
    for place, short in _SHORT
)


def shortened(text: str) -> dict[int, str]:
    """Where names of days stand in short ("Wed–Sun"), each by its first character, and what they are in full."""
    found: dict[int, str] = {}
    for names, short, runs in _RUNS:
        for run in runs.finditer(text):
            for day in short.finditer(text, *run.span()):
                found[day.start()] = next(name for name in names if name.startswith(day[0][:3]))
    return found


WORKING_DAYS = re.compile(
    r"\b(?:mondays?|mon|montags?|mo\.?|lunes|lundi)\s*(?:to|through|until|till|bis|a|à|au|[-–])\s*"
    r"(?:fridays?|fri|freitags?|fr\.?|viernes|vendredi)\b|\b(?:wochentags|werktags|(?<=\ban )werktagen)\b",
    re.IGNORECASE,
)
"""How all of them are said."""

WORKDAY = re.compile(
    r"\b(?:(?:working|business|work)[ -]days?|días (?:laborables|hábiles)|jours (?:ouvrés|ouvrables))\b", re.IGNORECASE
)
"""A day of work, in several words."""

TIMES = (
    "hour day week month year",
    "stunde tag woche monat jahr",
    "hora día semana año",
    "heure jour semaine mois année",
    # What is done every night is done daily, so these are each without the day.
    *(f"hour {time} week month year" for time in ("morning", "evening", "night")),
    *(f"stunde {time} woche monat jahr" for time in ("abend", "nacht")),
)
"""The times within which something is so many times, by language; none is said by the word for another."""
REPEATED = re.compile(
    rf"\b(?:every|each|jede[nrs]?|cada|chaque)\s+(?P<period>{'|'.join(sorted({*' '.join(TIMES).split(), 'mes'}))})\b",
    re.IGNORECASE,
)
"""That something is once in such a time: "every week"."""

PERIODS: Mapping[str, str] = {
    term: terms(noun)[0]
    for noun, forms in (
        ("day", "daily"),
        ("night", "nightly"),
        ("tag", "täglich tägliche täglichen"),
        ("woche", "wöchentlich wöchentliche wöchentlichen"),
        ("monat", "monatlich monatliche monatlichen"),
        ("jahr", "jährlich jährliche jährlichen"),
        ("día", "diariamente"),
        ("mes", "mensual mensualmente"),
        ("año", "anual anualmente"),
        ("jour", "quotidien quotidienne quotidiennement"),
        ("mois", "mensuel mensuelle mensuellement"),
        ("année", "annuel annuelle annuellement"),
    )
    for term in terms(forms)
}
"""For the terms of how often something is, where the stemmer does not do it, those of the time between: "daily" is
every day."""
