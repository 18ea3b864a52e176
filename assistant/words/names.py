"""The names and numbers of a question, and whether a text speaks of them, perhaps in another form."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence, Set

from assistant.words.frames import language_of
from index.terms import terms

# A word with a capital or a digit that does not open the question.
_NUMBERED = re.compile(r"\b\d[\w-]*")
_NAMED = re.compile(r"(?<!^)(?<=\W)[^\W_a-zß-ÿ][\w-]*")
_CAPITAL = re.compile(r"\b[^\W\d_a-zß-ÿ]\w*")
_ABBREVIATED = re.compile(r"\b[^\W\d_a-zß-ÿ]{2,5}\b")
_DOTTED = re.compile(r"\b(?:[^\W\d_a-zß-ÿ]\.){2,5}")
_DEGREES = {"°C": "Celsius", "° C": "Celsius", "°F": "Fahrenheit", "° F": "Fahrenheit"}
_SEASON = re.compile(r"\b(1[0-9]|20)(\d\d)[-–/](\d\d)(?![-\d])")
_OWNER = re.compile(r"(?<=\w )([^\W\d_a-zß-ÿ][\w-]*)(?:['’]s|(?<=s)['’]) (?=\w)")
# Of names in the languages of `figures`, as far as their terms still have them.
_ENDINGS = re.compile(r"|s|es|e|n|en|em|er|ern|an|ian|ean|ese|ish|ic|i|és|ais|isch(?:e[nrs]?)?")
_ROMAN = re.compile(r"[IVX]+")
_CENTURY = re.compile(r"(\d{1,2})(?:st|nd|rd|th)")
_HUNDRED = re.compile(r"(\d{1,2})00s")
_DECADE = re.compile(r"\d0s")
_YEAR = re.compile(r"\b\d{3,4}(?=s?\b)")


def names_of(question: str) -> set[str]:
    """The terms of a question's names and numbers."""
    # German gives every noun a capital, so a capital names nothing there.
    named = _NUMBERED if language_of(terms(question)) == "de" else _NAMED
    return {term for name in named.findall(written_out(question)) for term in terms(name)}


def missing_names(question: str, text: str) -> set[str]:
    """Those terms of the question's names and numbers that `text` does not have in any form.

    "Korea" stands for "Korean", "EU" for "European Union" and the other way round, 1517 for "16th century".
    """
    question, text = written_out(question), written_out(text)
    known = set(terms(text))
    unknown = names_of(question) - known
    if not unknown:
        return unknown
    initials = "".join(map(_initial, _CAPITAL.findall(text)))
    short = set(_ABBREVIATED.findall(question))
    years = [int(year) for year in _YEAR.findall(text)]
    return {
        name
        for name in unknown - _spelled_out(question, text)
        if not (
            alike(name, known) or _covers(name, years, known) or (name.upper() in short and name.upper() in initials)
        )
    }


def written_out(text: str) -> str:
    """`text` with "U.S." as "US", "°C" as "°C Celsius" and the season "2005–06" as "2005–2006"."""
    for sign, name in _DEGREES.items():
        text = text.replace(sign, f"{sign} {name}")
    text = _SEASON.sub(_season, text)
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text)


def _season(found: re.Match[str]) -> str:
    """Two years one after the other, the second in full; "2005-11" is a month."""
    follows = int(found[3]) == int(found[2]) + 1
    return f"{found[1]}{found[2]}–{found[1]}{found[3]}" if follows else found[0]


def owner_of(question: str) -> set[str]:
    """The terms of the first name that something belongs to: "Biden" in "When does Biden's term end?"."""
    found = _OWNER.search(question)
    return set(terms(found[1])) if found else set()


def is_said(word: str, text: str) -> bool:
    """Whether `text` has `word`, perhaps with another ending."""
    known = set(terms(text))
    return all(is_known(term, known) for term in terms(word))


def is_known(term: str, known: Set[str]) -> bool:
    """Whether a term is among `known`, perhaps with another ending."""
    return term in known or alike(term, known)


def alike(name: str, known: Collection[str]) -> bool:
    """Whether one of these terms begins as `name` does, but for its ending."""
    if len(name) < 4 or not name.isalpha():
        return False
    beginning = name[:4]
    for term in known:
        if term.startswith(beginning):  # few do, so that the rest is seldom reckoned
            same = max(4, min(len(name), len(term)) - 1)
            if name[:same] == term[:same]:
                return True
    return False


def is_named(name: str, known: Set[str]) -> bool:
    """Whether a name's term is among `known`, perhaps inflected or derived ("Italy" of "Italian"), but not another name
    that begins alike ("Petrov" of "Petrova")."""
    return name in known or any(_inflects(*sorted((name, term), key=len)) for term in known)


_NOUN = 5  # letters of a noun at least that is looked for in longer ones
_LINK = 3  # letters of what stands before it there


def is_in_compound(noun: Sequence[str], known: Set[str]) -> bool:
    """Whether a German noun begins or ends a longer word among `known`: "Ausweis" of "Besucherausweis"."""
    stem = noun[-1].rstrip("ens")
    if len(noun) > 1 or len(stem) < _NOUN or noun[0] in known:
        return False
    return any(len(word) >= len(stem) + _NOUN - 1 and (word.startswith(stem) or stem in word[_LINK:]) for word in known)


def _inflects(short: str, long: str) -> bool:
    stem = short.rstrip("aeioy")
    rests = [long.removeprefix(base) for base in (short, stem) if long.startswith(base)]
    return len(stem) > 2 and any(map(_ENDINGS.fullmatch, rests))


def _spelled_out(question: str, text: str) -> set[str]:
    """The terms of the question's names whose initials stand in the text: those of "European Union" beside "EU"."""
    short = set(_ABBREVIATED.findall(text))
    words = _CAPITAL.findall(question)
    runs = [words[i : i + length] for length in range(2, 6) for i in range(len(words))]
    return {term for run in runs if "".join(map(_initial, run)) in short for word in run for term in terms(word)}


def _initial(word: str) -> str:
    """What a word gives to an abbreviation: "II" the whole, as in "WWII"."""
    return word if _ROMAN.fullmatch(word) else word[0]


def _covers(name: str, years: Sequence[int], known: Set[str]) -> bool:
    """Whether `name` is an ordinal of a century, a hundred ("the 1600s", which are the 17th century too) or a decade
    ("the '50s") that one of the years lies in."""
    century, hundred = _CENTURY.fullmatch(name), _HUNDRED.fullmatch(name)
    if century:
        return any((year - 1) // 100 + 1 == int(century[1]) for year in years)
    if hundred:
        return any(year // 100 == int(hundred[1]) for year in years) or any(
            int(found[1]) == int(hundred[1]) + 1 for found in map(_CENTURY.fullmatch, known) if found
        )
    return bool(_DECADE.fullmatch(name)) and any(f"{year // 10 * 10}s".endswith(name) for year in years)
