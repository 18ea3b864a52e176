"""What a sentence says, piece by piece: words that tell something, names, figures, and which of them are denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import combinations
from typing import NamedTuple

from assistant.words.figures import Figure, bears_out, figures
from assistant.words.frames import frame_terms, language_of
from assistant.words.labels import Label, labels
from assistant.words.names import is_known, is_named
from assistant.words.opposed import paired, sided
from assistant.words.units import UNITS
from assistant.words.weekdays import PERIODS, REPEATED, TIMES, WEEKDAY, WORKDAY, WORKING_DAYS, shortened
from index.irregular import BASE
from index.terms import terms


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a name of one or more words, or a figure, at `start` to `end`, in its `clause`.

    `terms` are those of its words, none for a figure; `opens` says that it begins the sentence, where a capital says
    little; `label` that it is a number or letter that surely names. `denied` is the number of the negation that stands
    shortly before it, 0 for none; `governs` that of one behind it that denies its object ("need no approval").
    """

    terms: tuple[str, ...]
    figure: Figure | None = None
    named: bool = False
    opens: bool = False
    label: bool = False
    denied: int = 0
    governs: int = 0
    start: int = 0
    end: int = 0
    clause: int = 0


def says(known: Piece, piece: Piece) -> bool:
    """Whether `known` bears `piece` out; of two names one has to have the other's last word."""
    if known.figure or piece.figure:
        if known.label and piece.figure and piece.figure.unit:
            return False
        return bool(known.figure and piece.figure and bears_out(piece.figure, [known.figure]))
    has = is_named if known.named and piece.named else is_known
    return any(
        has(last, {*own})
        for last, own in ((piece.terms[-1], known.terms), (known.terms[-1], piece.terms))
        if any(term[:3] == last[:3] for term in own)  # else they are not alike either, which takes longer to see
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a sentence in order, without the words that only frame it."""
    language = language_of(terms(text))
    frame, days = _framing(language), shortened(text)
    found: list[Piece] = []
    # The end of the word before, how many pieces the last negation still reaches, how many there were, and clauses.
    end = left = denials = clause = 0
    joins = False  # whether the word before is a name that may go on
    for start, stop, figure, label in _words(text):
        between, word, end = text[end:start], days.get(start) or text[start:stop], stop
        breaks, form = between != " " and _BREAK.search(between), _form(word)
        left = 0 if breaks or form.turns else left
        clause += bool(breaks or form.joins)
        said = form.terms if label or form.shouts else tuple(term for term in form.terms if term not in frame)
        if not figure and form.denies and not _NO_DENIAL.match(text, start):
            joins = False
            denied = [p for p in found if p.clause == clause and (p.denied or p.governs)]
            if _WITHOUT.fullmatch(word) and (left > 0 or denied):
                found = [replace(p, denied=0, governs=0) if p.clause == clause else p for p in found]
                denials, left = denials - 1, 0
            else:
                denials, left = denials + 1, 1 if EXCEPTING.fullmatch(word) else _REACH
                _deny_before(found, text, (start, stop), clause, denials)
            continue
        if not (figure or said):
            joins = False
            continue
        plain = figure or label or {*said} <= _FRAMING or said == (WEEKDAY,) or _is_unit(word, found)
        named = not plain and _is_name(word, text, start, language)
        if named and joins and between in _JOINTS:
            found[-1] = replace(found[-1], terms=found[-1].terms + said, opens=False, end=stop)
            continue
        names = bool(label and label.sure)
        if names and found:  # "Room" in "Room A" is no name
            found[-1] = replace(found[-1], named=False)
        opens, number = not found or bool(_ENDS.search(between)), denials if left > 0 else 0
        found.append(Piece(() if figure else said, figure, named, opens, names, number, 0, start, stop, clause))
        left, joins = left - 1, named
    return tuple(found)


def _deny_before(found: list[Piece], text: str, word: tuple[int, int], clause: int, denial: int) -> None:
    """Let the negation that stands at `word` deny what stands before it in its `clause`, where it does."""
    start, stop = word
    adjoins = bool(found) and found[-1].clause == clause and not _BREAK.search(text, found[-1].end, start)
    whole = EXCLUDED.fullmatch(text, start, stop)
    if not whole and adjoins and _DETERMINER.fullmatch(text, start, stop):  # "in euros and without VAT": no euros
        found[-1] = replace(found[-1], governs=denial)
    elif whole or _CLAUSE_ENDS.match(text, stop):  # "cash is accepted; credit cards are not"
        found[:] = [replace(piece, governs=denial) if piece.clause == clause else piece for piece in found]


class _Form(NamedTuple):
    """What a word tells by itself: its terms, and whether it joins clauses, turns against what is denied before it,
    denies, and is all capitals."""

    terms: tuple[str, ...]
    joins: bool
    turns: bool
    denies: bool
    shouts: bool


@lru_cache(maxsize=100_000)
def _form(word: str) -> _Form:
    kinds = (_JOINING, _BUT, _NEGATION, _CAPITALS)
    return _Form(_terms_of(word), *(kind.fullmatch(word) is not None for kind in kinds))


@lru_cache(maxsize=8)
def _framing(language: str) -> frozenset[str]:
    """The terms of the words that only frame a sentence in a language."""
    return frame_terms(language) - PLACING.keys()


def _is_unit(word: str, found: Sequence[Piece]) -> bool:
    """Whether a word is what the figure before it counts: "30 Arbeitstage"."""
    figure = found[-1].figure if found else None
    return figure is not None and bool(figure.unit) and UNITS.get(word.casefold()) == figure.unit


def _is_name(word: str, text: str, start: int, language: str) -> bool:
    """Whether a word's form is that of a name."""
    if not _NAME.fullmatch(word):
        return False
    return language != "de" or not (_COMMON.fullmatch(word) or _INFLECTED.search(text, 0, start))


def _words(text: str) -> Iterator[tuple[int, int, Figure | None, Label | None]]:
    """Where the words, figures and labels of `text` stand, in order; a list's own number is none of them."""
    read = {(figure.start, figure.end): figure for figure in figures(text)}
    marks = [label for label in labels(text) if not label.cell]
    spans: list[tuple[int, int, Figure | None, Label | None]] = [
        (label.start, label.end, read.get((label.start, label.end)), label) for label in marks
    ]
    spans += [
        (start, end, figure, None)
        for (start, end), figure in read.items()
        if not any(start < label.end and label.start < end for label in marks)
    ]
    spans += [(match.start(), match.end(), None, None) for kind in _LONG for match in kind.finditer(text)]
    at = 0
    for start, end, figure, label in sorted(spans, key=lambda span: span[0]):
        yield from ((word.start(), word.end(), None, None) for word in _WORD.finditer(text, at, start))
        if not label or label.noun:
            yield start, end, figure, label
        at = end
    yield from ((word.start(), word.end(), None, None) for word in _WORD.finditer(text, at))


_LONG = (WORKING_DAYS, WORKDAY, REPEATED)  # what is one piece though it has several words
_REACH = 3
_LEAST = 4  # letters of a word that may have an opposite with "un", but for some verbs ("unpaid")
_SHORT = frozenset(BASE.values())
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BREAK = re.compile(r"[,;:.!?()\n–—]")
_JOINING = re.compile(r"and|while|whereas|but|und|während|aber|y|mientras|pero|et|mais", re.IGNORECASE)
_BUT = re.compile(r"but|sondern|aber|sino|pero|mais", re.IGNORECASE)
_CLAUSE_ENDS = re.compile(r"\s*(?:$|[,;:.!?)\n–—])")
_ENDS = re.compile(r"[.!?:\n][\"”’)]*\s*$")
_JOINTS = (" ", "-", "\u00a0", ". ")
# German gives every noun a capital; one behind an article or an adjective is none of a name.
_INFLECTED = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Zz]u[rm]|[Vv]om|[Ii]m|[Aa]m|[Bb]eim|\w+(?:e|en|er|es|em))\s+\Z"
)
# And so is one that is made as names are not: "Zutritt", "Abgabe".
_COMMON = re.compile(
    r"\w*(?:ab|an|auf|aus|bei|durch|ein|mit|nach|rück|über|um|unter|vor|zu)(?:bau|druck|fahrt|fall|gabe|gang|gänge|kauf"
    r"|kunft|lage|lass|leihe|nahme|ruf|sage|satz|schlag|schluss|schnitt|sicht|spruch|stand|trag|tritt|wahl|weis|zug)"
    r"(?:e?[ns]|e)?",
    re.IGNORECASE,
)
_CAPITALS = re.compile(r"[^\W\d_a-zß-ÿ]{2,}")
_NAME = re.compile(r"[A-ZÀ-ÞĀ-ſΑ-ΩЀ-Я][\w’']+|\d+[A-Za-z]\w*|[A-Za-z]+\d\w*")
_EXCEPTING = r"except|excepting|excluding|außer|ausgenommen|ausser|excepto|salvo|sauf|hormis"
EXCEPTING = re.compile(_EXCEPTING, re.IGNORECASE)
"""A word for what is left out of all: it denies what follows, and no more."""
# What is denied of what stands before it, and there what stands behind: "print heads are excluded from the warranty".
_EXCLUDED = r"excluded|exempt(?:ed)?|barred|ausgeschlossen|excluid[oa]s?"
_NEGATION = re.compile(
    r"not|no|never|without|cannot|neither|nor|none|nobody|nothing|\w+n['’]t"
    r"|nicht|kein\w*|nie|niemals|ohne|weder|nunca|sin|ningún\w*|jamais|sans|aucun\w*|pas"
    rf"|{_EXCEPTING}|{_EXCLUDED}",
    re.IGNORECASE,
)
# With these words nothing is denied: "no later than", "not only ... but", "not excluded", "nothing but" (only).
_NO_DENIAL = re.compile(
    r"(?:nothing|nobody|none|no one|nichts|niemand) (?:but|außer|als)\b|"
    rf"(?:{_EXCLUDED})\b(?! (?:from|of|de|du)\b|\W*$)|(?<=\bnot )(?:{_EXCLUDED})\b|(?:not|nicht) (?:{_EXCLUDED})\b|"
    r"(?:no|not|nicht) (?:later|earlier|more|less|fewer|longer|shorter|sooner|später|früher|mehr|weniger|länger) "
    r"(?:than|als)\b|(?:not|nicht|no|pas) (?:only|just|merely|simply|nur|bloß|solo|sólo|solamente|seulement)\b",
    re.IGNORECASE,
)
# "Not without a key" is only with one: both negations are none.
_WITHOUT = re.compile(r"without|ohne|sin|sans", re.IGNORECASE)
EXCLUDED = re.compile(rf"\b(?:{_EXCLUDED})\b", re.IGNORECASE)
"""A word that denies of what stands before it what stands behind it."""
_DETERMINER = re.compile(r"no|none|nobody|nothing|without|kein\w*|ohne|ningún\w*|sin|aucun\w*|sans", re.IGNORECASE)

# Words of which one says what the other denies; those of each side mean about the same.
_OPPOSED = (
    ("allow permit allowed permitted", "forbid prohibit ban forbidden prohibited banned"),
    ("accept approve", "reject refuse decline"),
    ("increase rise rose grow grew", "decrease fall fell drop shrink shrank"),
    ("open opened", "close closed shut"),
    ("win won", "lose lost"),
    ("include", "exclude"),
    ("enable activate", "disable deactivate"),
    ("minimum least", "maximum most"),
    ("more longer", "less fewer shorter"),
    ("required mandatory compulsory", "optional voluntary"),
    ("legal lawful", "illegal unlawful"),
    ("possible", "impossible"),
    ("north northern", "south southern"),
    ("east eastern", "west western"),
    ("earlier", "later"),
    ("above", "below"),
    ("cheap cheaper", "expensive dearer"),
    ("import", "export"),
    ("success succeed", "failure fail"),
    ("erlaubt gestattet zulässig", "verboten untersagt unzulässig"),
    ("offen geöffnet öffnet öffnen", "geschlossen schließt schließen"),
)

OPPOSITES: Mapping[str, frozenset[str]] = paired(*_OPPOSED)
"""For a term, those of its opposites."""
ALIKE: Mapping[str, frozenset[str]] = sided(_OPPOSED)
"""For a term, those that mean about the same."""


def opposites(term: str) -> frozenset[str]:
    """The opposites of a term: those that are listed, and the word without or with "un" before it ("unpaid")."""
    bare = term.removeprefix("un")
    without = {bare if bare != term else f"un{term}"} if len(bare) >= _LEAST or bare in _SHORT else set()
    return OPPOSITES.get(term, frozenset()) | without


PLACING: Mapping[str, frozenset[str]] = paired(
    ("before prior", "after"),
    ("under below", "over above"),
    ("first", "last"),
    ("all every everyone everybody any anyone each", "only solely"),
    ("vor", "nach"),
    ("unter", "über"),
    ("alle jeder jede", "nur"),
    ("todos todas cada", "solo sólo"),
    ("antes", "después"),
    ("avant", "après"),
    *(pair for names in TIMES for pair in combinations(names.split(), 2)),
)
"""The same of words that frame a question, and are opposites where they stand in the same place only."""

QUANTIFIERS = frozenset(
    terms(
        "all every each most some several many numerous few certain alle jede jeder jedes meisten"
        " einige manche mehrere viele wenige todos todas cada algunos varios muchos pocos tous toutes"
        " quelques plusieurs certains"
    )
)
"""The terms that say of how many of some things something is."""

_SAME: Mapping[str, str] = {
    **PERIODS,
    **{
        term: terms(of_all)[0]
        for of_all, words in (
            ("all", "every each jede jeder jedes jeden jedem"),
            ("todos", "todas cada"),
            ("some", "several"),
            ("einige", "manche mehrere"),
            ("algunos", "varios"),
        )
        for term in terms(words)
    },
}  # the term for one of the same sense


_FRAMING = QUANTIFIERS | PLACING.keys()  # none of these is a name


def _terms_of(word: str) -> tuple[str, ...]:
    if WORKING_DAYS.fullmatch(word):
        return (WEEKDAY,)
    repeated = REPEATED.fullmatch(word)
    return tuple(_SAME.get(term, term) for term in terms(repeated["period"] if repeated else word))
