"""Text -> search terms. The one analysis that documents, questions and the writer share, so that they always agree.

Terms are case-folded, stripped of diacritics and stemmed: by Snowball English, which leaves most words of other
languages whole, or by the stemmer of the commonest language of another script. Scripts without spaces give overlapping
pairs of characters. Initials ("U.S.") are one word, and a word whose capitals alone tell it from one that is everywhere
("IT", "US", "WHO") is a term of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Set
from functools import lru_cache

import Stemmer

from index.irregular import BASE

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_SPACED = rf"[^\W_{_UNSPACED}]"  # a letter or digit of a script with spaces
_WORD = re.compile(rf"[{_UNSPACED}]+|{_SPACED}+")
_PLAIN_WORD = re.compile(r"[A-Za-z0-9]+")
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]")
_APOSTROPHE = re.compile(r"[’ʼ＇]")
_POSSESSIVE = re.compile(r"'s?\b")
_INITIALS = re.compile(r"\b(?:[A-Z]\.){2,}")
_CAPITALS = re.compile(r"\b[A-Z]{2,4}\b")
_SOME_INITIALS, _SOME_CAPITALS = re.compile(r"[A-Z]\.[A-Z]\."), re.compile("[A-Z][A-Z]")  # quick to look for
_BEFORE = re.compile(r"([^\W\d_]{2,})\W*\Z")
_AFTER = re.compile(r"\W*([^\W\d_]{2,})")
_NAMED = "\u01c1"  # a letter of no language with capitals, behind a word that is a name by them
# A word as it is written, with its accents and what follows an apostrophe.
_SPOKEN = re.compile(rf"[{_UNSPACED}]+|\b(?:[A-Z]\.){{2,}}|{_SPACED}+(?:(?:[\u0300-\u036f]|['’](?=[^\W_])){_SPACED}*)*")
_SHORT_I = ("и\u0306", "й")  # a letter of its own, though it is written as one with a sign above
_OF_SCRIPT = {"CYRILLIC": "russian", "ARABIC": "arabic", "GREEK": "greek", "ARMENIAN": "armenian"}
_EVERYWHERE = re.compile(
    "ALL|AM|AND?|ANY|ARE|AS|AT|BE|BUT|BY|CAN|DID|DO|FOR|HAD|HAS|HER?|HIS|HOW|I[FNST]|ITS|MAY|ME|MY|NOT?|OFF?|ON|OR|OUR"
    "|OUT|SHE|SO|THE|TOO?|UP|US|WAS|WE|WHO|WHY|WILL|YOU"
)


def terms(text: str) -> list[str]:
    """The terms of `text` in order, repeats included."""
    return list(_of_text(text))


def _read(text: str) -> tuple[str, ...]:
    bare = _POSSESSIVE.sub(" ", _APOSTROPHE.sub("'", folded(_with_names(text))))
    if bare.isascii():  # as most texts are, which are read in half the time then
        return tuple(map(_stem, _PLAIN_WORD.findall(bare)))
    found: list[str] = []
    for word in _WORD.findall(bare):
        if _UNSPACED_RUN.match(word):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            found.append(_stem(word))
    return tuple(found)


@lru_cache(maxsize=16_384)  # some 10 MB
def _of_text(text: str) -> tuple[str, ...]:
    # The sentences and headings that were found are asked for their terms several times in each question.
    return _read(text)


@lru_cache(maxsize=100_000)
def _of_word(word: str) -> tuple[str, ...]:
    return _read(word)


def folded(text: str) -> str:
    """`text` without capitals and diacritics."""
    if text.isascii():
        return text.lower()
    parts = unicodedata.normalize("NFKD", text.casefold()).replace(*_SHORT_I)
    for mark in filter(unicodedata.combining, set(parts)):
        parts = parts.replace(mark, "")
    return parts


def places(text: str, wanted: Set[str]) -> list[tuple[int, int]]:
    """Where the words of `text` stand that have one of these terms: start and end, in order, none within another."""
    found: list[tuple[int, int]] = []
    unspaced = _UNSPACED_RUN.search(text) is not None
    for match in _SPOKEN.finditer(text):
        word = match[0]
        if unspaced and _UNSPACED_RUN.match(word):
            start, end = match.span()
            spans = [(i, i + 2) for i in range(start, end - 1) if text[i : i + 2] in wanted]
        elif wanted.isdisjoint(_of_word(word)):
            continue
        else:
            spans = [match.span()]
        for left, right in spans:
            if found and left < found[-1][1]:
                left, _ = found.pop()
            found.append((left, right))
    return found


def _with_names(text: str) -> str:
    """`text` with its initials joined and its words marked that are names by their capitals."""
    if _SOME_INITIALS.search(text):
        text = _INITIALS.sub(lambda initials: initials[0].replace(".", ""), text)
    if _SOME_CAPITALS.search(text):
        text = _CAPITALS.sub(lambda word: f"{word[0]}{_NAMED}" if _is_name(word) else word[0], text)
    return text


def _is_name(word: re.Match[str]) -> bool:
    """Whether capitals set a word apart: not where all its neighbours have them, as in a heading."""
    if not _EVERYWHERE.fullmatch(word[0]):
        return False
    before = _BEFORE.search(word.string, max(0, word.start() - 40), word.start())
    after = _AFTER.match(word.string, word.end())
    neighbours = [near[1] for near in (before, after) if near]
    return not neighbours or not all(near.isupper() for near in neighbours)


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    script = "LATIN" if word.isascii() else unicodedata.name(word[0], "").partition(" ")[0]
    # A stemmer is not safe to share between threads; one for each miss costs microseconds.
    stemmed: str = Stemmer.Stemmer(_OF_SCRIPT.get(script, "english")).stemWord(BASE.get(word, word))
    return stemmed
