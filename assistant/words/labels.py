"""Numbers and letters that name a thing behind its noun and do not measure: "Room A", "tier 2", "version 2.1"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from assistant.words.figures import Figure, figures
from assistant.words.frames import frame_terms
from index.terms import terms


@dataclass(frozen=True, slots=True)
class Label:
    """A number or letter at `start` to `end` of a text, and the term of the noun that it tells apart.

    `noun` is empty for a list's own number, a heading's, and for a cell of a table; the number of a `cell` may measure
    as well. `sure` says that the noun is one of those that are numbered: behind others ("Boeing 747") a number may
    still measure, and a letter be a word. `counts` says that it stands in front ("the third day"), `next_is` the one
    that begins where this one is over ("after the third month"), if that is meant.
    """

    start: int
    end: int
    noun: str
    value: str
    sure: bool = False
    cell: bool = False
    counts: bool = False
    next_is: str = ""


_ROMAN = {str(n): roman for n, roman in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)}


@lru_cache(maxsize=256)  # each text is read for its words and for its labels
def labels(text: str) -> tuple[Label, ...]:
    """The labels of `text`, in order, none within another."""
    found = [*_behind_nouns(text), *_ordinals(text)]
    taken = {at for label in found for at in range(label.start, label.end)}
    for match in _ALONE.finditer(text):
        start, end = match.span(match.lastgroup or 0)
        if start not in taken:
            found.append(Label(start, end, "", _value(text[start:end]), cell=match.lastgroup == "cell"))
    other = [figure for figure in figures(text) if figure.kind != "number" or figure.unit] if found else []
    found = [label for label in found if not any(_measures(f, label) for f in other)]
    return tuple(sorted(found, key=lambda label: label.start))


def named(text: str) -> frozenset[tuple[str, str]]:
    """The nouns of `text` with the numbers and letters behind them: ("vault", "n"), small numbers in Roman ones too,
    as "phase 2" is "Phase II". What only counts ("the second most") is none of them."""
    found = {(label.noun, label.value) for label in labels(text) if label.noun and not label.counts}
    return frozenset(found | {(noun, _ROMAN[value]) for noun, value in found if value in _ROMAN})


def _measures(figure: Figure, label: Label) -> bool:
    """Whether what looks like a label measures or is a date; the third of some days does not, but a century does."""
    counts = label.counts and figure.kind == "number" and figure.unit not in ("century", "decade")
    return not counts and figure.start < label.end and label.start < figure.end


def _behind_nouns(text: str) -> Iterator[Label]:
    at = 0
    while match := _LABELLED.search(text, at):
        at = match.end()
        word, value = match["noun"], match["value"]
        noun = terms(word)[-1]
        sure = noun in _NOUNS
        measures = value.isdigit() and _is_shortened(word, text[: match.start()])
        if measures or (not sure and (noun in _SMALL_WORDS or not _may_name(word, value, text[at:]))):
            at = match.end("noun")
            continue
        yield Label(match.start("value"), at, noun, _value(value), sure)
        while more := _MORE.match(text, at):
            at = more.end()
            yield Label(more.start("value"), at, noun, _value(more["value"]), sure)


def _is_shortened(word: str, before: str) -> bool:
    """Whether a number behind `word` measures what was said of another one `before`: "The small room costs 40 euros,
    the large room 75"."""
    first = before.casefold().rfind(word.casefold())
    rest = before[first + len(word) :]
    return first >= 0 and not _NUMBERED.match(rest) and any(figure.unit for figure in figures(rest))


def _ordinals(text: str) -> Iterator[Label]:
    """Those said in front, of whatever they count: "the fourth floor", "2nd class", "the third day", "am 2. Tag"."""
    for match in _ORDINAL.finditer(text):
        noun = terms(match["noun"])[-1] if match["noun"] else _DAY
        word = match["value"].casefold()
        named = match["value"][0].isupper() and (match["noun"] or "")[:1].isupper()  # "First National Bank"
        if noun not in _NOUNS and (noun in _SMALL_WORDS or named):
            continue
        nth = next((n for n, forms in enumerate(_NTH, 1) if word.startswith(forms)), 0) or int(re.sub(r"\D", "", word))
        over = _OVER.search(text, max(0, match.start() - _LOOKED_AT), match.start())
        start, end = match.span("value")
        yield Label(start, end, noun, str(nth), noun in _NOUNS, counts=True, next_is=str(nth + 1) if over else "")


def _may_name(word: str, value: str, after: str) -> bool:
    """Whether `value` behind `word`, which is no noun that is numbered as a rule, can be a label."""
    if word in _CURRENCIES:
        return False
    if value[0].isdigit():
        return word[0].isupper() and len(value) < 4
    if len(value) > 1 or value == "I":
        return False
    # An initial ("George W. Bush"), or a word of a headline ("Once A Year").
    return not re.match(r"\. ?[A-ZÀ-Þ]", after) and not (value == "A" and re.match(r" [A-ZÀ-Þ]", after))


def _value(text: str) -> str:
    return text.casefold().rstrip(".")


# Nouns that are told apart by numbers and letters, in the languages of `figures`.
_NOUNS = frozenset(
    terms(
        "room step chapter article section paragraph figure table page line number version building terminal route gate"
        " platform unit item rule phase stage level type class grade tier group category zone floor part volume form"
        " schedule appendix annex exhibit plan option lot block wing hall track bay dock door lane shelf warehouse lift"
        " entrance exit bus tram war release revision edition model team shift band desk locker error fault"
        " channel extension module raum räume zimmer schritt kapitel artikel abschnitt absatz abbildung tabelle seite"
        " zeile nummer gebäude halle"
        " linie tor tore stufe typ klasse gruppe kategorie etage stock teil formular anlage anhang aufzug eingang"
        " ausgang schicht haus paragraf durchwahl regal platz gleis"
        " sala habitación paso capítulo artículo sección página edificio puerta planta nivel tipo grupo categoría zona"
        " parte formulario anexo versión línea fase"
        " salle chambre étape chapitre bâtiment porte étage niveau groupe catégorie partie formulaire annexe ligne"
    )
)
_CURRENCIES = frozenset({"EUR", "USD", "GBP", "CHF"})
_SMALL_WORDS = frozenset[str]().union(*map(frame_terms, ("en", "de", "es", "fr")))
_VALUE = r"(?:\d{1,4}(?:\.\d{1,3})*[a-z]?|[IVX]{2,4}|[A-Z])"
_STOP = r"(?![\w%$€£'’&+]|[.,:/]\d|-[^\W\d_])"
_LABELLED = re.compile(
    rf"(?<![\w-])(?P<noun>[^\W\d_]{{2,}})[ \u00a0](?:(?:no|nr|number|nummer|núm|n°)\.?[ \u00a0]?|#)?"
    rf"(?P<value>{_VALUE}){_STOP}"
)
_NUMBERED = re.compile(rf"s?\s+{_VALUE}{_STOP}")
_MORE = re.compile(rf"(?:,? (?:and|or|to|und|oder|bis|y|o|et|ou|à) |, ?|/| ?[-–&] ?)(?P<value>{_VALUE}){_STOP}")
_NTH = (
    ("first", "erste"),
    ("second", "zweite"),
    ("third", "dritte"),
    ("fourth", "vierte"),
    ("fifth", "fünfte"),
    ("sixth", "sechste"),
    ("seventh", "siebte"),
    ("eighth", "achte"),
    ("ninth", "neunte"),
    ("tenth", "zehnte"),
    ("eleventh", "elfte"),
    ("twelfth", "zwölfte"),
)
_WORDED = rf"(?:\d{{1,3}}(?:st|nd|rd|th)|(?:{'|'.join(word for pair in _NTH for word in pair)})[nrsm]?)\b"
_GERMAN = (
    r"(?:(?<=\bam )|(?<=\b[dD]e[rmns] )|(?<=\b[dD]ie )|(?<=\bi[mn] )|(?<=\bzu[mr] )|(?<=\bab ))\d{1,2}\.(?= [A-ZÄÖÜ])"
)
# Not of times ("per second", "one third", "every second day"); the noun may stand behind a further one.
_ORDINAL = re.compile(
    rf"(?<!\bper )(?<!\bone )(?<!\ba )(?<!\d )(?<!\bevery )(?<!\bjede )(?<!\bjeden )(?<!\bjeder )"
    rf"(?:\b(?P<value>(?-i:{_GERMAN})|{_WORDED}))"
    rf"(?=(?:(?:,? (?:and|or|to|und|oder|bis) (?:the |de[rnm] |die )?|, ?|[-–/]){_WORDED})*"
    r"(?: of (?:the|each|every) month\b|[ -](?P<noun>[^\W\d_]{2,})))",
    re.IGNORECASE,
)
_DAY = terms("day")[0]  # of "the 2nd of the month"
_OVER = re.compile(r"\b(?:after|nach)(?: the| de[rm])? $", re.IGNORECASE)
_LOOKED_AT = 12  # characters before an ordinal
_ALONE = re.compile(
    r"^\s*\(?(?P<mark>\d{1,3}|[a-z])[.)]\s+(?=\S)|^\s*(?P<dotted>\d{1,2}(?:\.\d{1,2})+)[.)]?\s+(?=[^\W\d])"
    r"|\((?P<inner>\d{1,2}|[a-zA-Z])\)"
    r"|(?:^|[|\t])\s*(?P<cell>\d{1,4}(?:\.\d{1,3}){0,3}|[A-Z])(?=\s*(?:[|\t]|$))"
)
