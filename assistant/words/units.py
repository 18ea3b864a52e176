"""What numbers count, and which of these measure the same: two weeks are 14 days or ten working days, 50 cents 0.50
euros."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

UNITS: Mapping[str, str] = (
    {
        word: words.split()[0]
        for words in (
            "% percent prozent percentage",
            "$ usd dollar dollars dólares",
            "€ eur euro euros",
            "£ gbp pound pounds",
            "cents cent ct centimos céntimos centimes",
            "km kilometre kilometres kilometer kilometers kilómetros kilomètres",
            "mile miles mi",
            "metre metres meter meters metros mètres",
            "foot feet ft",
            "kg kilogram kilograms kilo kilos",
            "gram grams g gramm gramos grammes",
            "tonne tonnes tons tonnen toneladas",
            "cm centimetre centimetres centimeter centimeters",
            "mm millimetre millimetres millimeter millimeters",
            "lb lbs",
            "hour hours stunde stunden hora horas heure heures",
            "minute minutes minuten minutos",
            "second seconds sekunden segundos secondes",
            "day days tag tage tagen día días jour jours",
            "workday workdays arbeitstag arbeitstage arbeitstagen werktag werktage werktagen",
            "week weeks woche wochen semana semanas semaine semaines",
            "month months monat monate monaten mes meses mois",
            "year years jahr jahre jahren año años an ans",
            "°c celsius",
            "°f fahrenheit",
            "century centuries jahrhundert siglo siècle",
            "times mal veces fois",
        )
        for word in words.split()
    }
    | dict.fromkeys((f"{of} {day}" for of in ("working", "business", "work") for day in ("day", "days")), "workday")
    | dict.fromkeys(("días laborables", "días hábiles", "jours ouvrés", "jours ouvrables"), "workday")
)
"""For each word for a unit the one that stands for all of them."""

_SIZES = {
    "minute": ("second", Decimal(60)),
    "hour": ("second", Decimal(3600)),
    "day": ("second", Decimal(86_400)),
    "week": ("second", Decimal(604_800)),
    "year": ("month", Decimal(12)),
    "km": ("metre", Decimal(1000)),
    "cm": ("metre", Decimal("0.01")),
    "mm": ("metre", Decimal("0.001")),
    "tonne": ("kg", Decimal(1000)),
    "gram": ("kg", Decimal("0.001")),
}
# "25 days" may be of work, and five weeks are so many working days.
_WORKED = {
    "week": ("workday", Decimal(5)),
    "day": ("daily", Decimal(1)),
    "workday": ("daily", Decimal(1)),
}
_COINS = ("€", "$")  # a hundredth of either is a cent


def measures(values: Iterable[Decimal], unit: str) -> set[tuple[str, Decimal]]:
    """What so many of a unit are in the smallest or commonest unit of their kind, which may be one of several."""
    if unit == "cents":
        return {(coin, value / 100) for value in values for coin in _COINS}
    base, size = _SIZES.get(unit, (unit, Decimal(1)))
    also, more = _WORKED.get(unit, (base, size))
    return {(name, value * times) for value in values for name, times in ((base, size), (also, more))}
