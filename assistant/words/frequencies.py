"""How often something is: "daily", "every second week", "twice a month"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from assistant.words.numerals import SMALL
from assistant.words.weekdays import NAMES


@dataclass(frozen=True, slots=True)
class Frequency:
    """What is said at `start` to `end` of how many `days` pass from one time to the next."""

    start: int
    end: int
    days: float

    def is_as(self, other: Frequency) -> bool:
        """Whether it is as often, as far as months and four weeks are the same."""
        return abs(self.days - other.days) < _NEAR * self.days


_NEAR = 0.1
_DAYS: Mapping[str, float] = {
    word: days
    for days, words in (
        (1 / 1440, "minute minutes minuten minuto minutos"),
        (1 / 24, "hour hours stunde stunden hora horas heure heures"),
        (1, "day days night nights morning mornings evening evenings tag tage tagen nacht nächte abend abende morgen"),
        (1, "día días noche noches jour jours nuit nuits soir matin"),
        (7, "week weeks woche wochen semana semanas semaine semaines"),
        (7, " ".join(NAMES)),
        (14, "fortnight fortnights"),
        (365 / 12, "month months monat monate monaten mes meses mois"),
        (365 / 4, "quarter quarters quartal quartale trimestre"),
        (365, "year years jahr jahre jahren año años an ans année"),
    )
    for word in words.split()
}
_ADVERBS: Mapping[str, float] = {
    word: days
    for days, words in (
        (1 / 24, "hourly stündlich"),
        (1, "daily nightly täglich diariamente quotidiennement"),
        (7, "weekly wöchentlich semanalmente"),
        (14, "fortnightly zweiwöchentlich"),
        (365 / 12, "monthly monatlich mensualmente"),
        (365 / 4, "quarterly vierteljährlich"),
        (365, "yearly annually jährlich anualmente"),
    )
    for word in words.split()
}
_MANY: Mapping[str, int] = {**{word: number for word, number in SMALL.items() if number > 1}, "other": 2}
_TIMES: Mapping[str, int] = {
    "once": 1,
    "twice": 2,
    "thrice": 3,
    "una vez": 1,
    "une fois": 1,
    **{f"{word}mal": SMALL[word] for word in ("zwei", "drei", "vier", "fünf", "sechs")},
    "einmal": 1,
}
_PERIOD = "|".join(sorted(_DAYS, key=len, reverse=True))
_EACH = "every|each|jede[nrs]?|alle|cada|chaque|tous les|toutes les"
_NUMBER = rf"\d{{1,3}}|{'|'.join(_MANY)}"
_FREQUENCY = re.compile(
    rf"\b(?:(?:(?:(?P<often>{'|'.join(_TIMES)})|(?P<times>{_NUMBER})\s+(?:times|mal|veces|fois))\s+"
    rf"(?:an?|per|in an?|pro|im|am|in der|al|a la|por|par|{_EACH})|(?P<each>{_EACH}))\s+"
    rf"(?:(?P<number>{_NUMBER})(?:nd|rd|th|\.)?\s+)?(?P<period>{_PERIOD})|(?P<adverb>{'|'.join(_ADVERBS)}))\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=4000)
def frequencies(text: str) -> tuple[Frequency, ...]:
    """What a text says of how often something is, in order."""
    return tuple(read for found in _FREQUENCY.finditer(text) if (read := _read(found)))


def _read(found: re.Match[str]) -> Frequency | None:
    low = {name: value.casefold() for name, value in found.groupdict().items() if value}
    if "adverb" in low:
        return Frequency(*found.span(), _ADVERBS[low["adverb"]])
    often = _TIMES[low["often"]] if "often" in low else _number(low.get("times", "1"))
    between = _number(low.get("number", "1")) * _DAYS[low["period"]]
    return Frequency(*found.span(), between / often) if often and between else None


def _number(word: str) -> int:
    return int(word) if word.isdigit() else _MANY.get(word, 1)
