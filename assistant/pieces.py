"""What a sentence says, piece by piece: words that tell something, names, figures, and which of them are denied."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.figures import Figure, bears_out, figures
from assistant.frames import frame_terms, language_of
from assistant.names import alike
from index.terms import terms


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, a name of one or more words, or a figure.

    `terms` are those of its words, none for a figure; `opens` says that it begins the sentence, where a capital says
    little; `denied` that a negation stands shortly before it.
    """

    terms: tuple[str, ...]
    figure: Figure | None = None
    named: bool = False
    opens: bool = False
    denied: bool = False


def says(known: Piece, piece: Piece) -> bool:
    """Whether `known` bears `piece` out; of two names one has to have the other's last word."""
    if known.figure or piece.figure:
        return bool(known.figure and piece.figure and bears_out(piece.figure, [known.figure]))
    return any(
        last in own or alike(last, own)
        for last, own in ((piece.terms[-1], {*known.terms}), (known.terms[-1], {*piece.terms}))
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """The pieces of a sentence in order, without the words that only frame it."""
    language = language_of(terms(text))
    frame = frame_terms(language)
    found: list[Piece] = []
    end = denied = 0  # the end of the word before; how many pieces a negation still reaches
    joins = False  # whether the word before is a name that may go on
    for start, stop, figure in _words(text):
        between, word, end = text[end:start], text[start:stop], stop
        if _BREAK.search(between):
            denied = 0
        negates = not figure and _NEGATION.fullmatch(word)
        said = tuple(term for term in _terms_of(word) if term not in frame or _CAPITALS.fullmatch(word))
        if negates or not (figure or said):
            denied, joins = _REACH if negates else denied, False
            continue
        named = not figure and _NAME.fullmatch(word) is not None
        if language == "de" and _INFLECTED.search(text, 0, start):
            named = False
        if named and joins and between in _JOINTS:
            found[-1] = replace(found[-1], terms=found[-1].terms + said, opens=False)
            continue
        opens = not found or bool(_ENDS.search(between))
        found.append(Piece(() if figure else said, figure, named, opens, denied > 0))
        denied, joins = denied - 1, named
    return tuple(found)


def _words(text: str) -> Iterator[tuple[int, int, Figure | None]]:
    """Where the words and figures of `text` stand, in order."""
    at = 0
    for figure in figures(text):
        yield from ((word.start(), word.end(), None) for word in _WORD.finditer(text, at, figure.start))
        yield figure.start, figure.end, figure
        at = figure.end
    yield from ((word.start(), word.end(), None) for word in _WORD.finditer(text, at))


_REACH = 3
_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_BREAK = re.compile(r"[,;:.!?()\n–—]")
_ENDS = re.compile(r"[.!?:\n][\"”’)]*\s*$")
_JOINTS = (" ", "-", "\u00a0", ". ")
# German gives every noun a capital; one behind an article or an adjective is none of a name.
_INFLECTED = re.compile(
    r"\b(?:[Dd](?:er|ie|as|en|em|es)|[Zz]u[rm]|[Vv]om|[Ii]m|[Aa]m|[Bb]eim|\w+(?:e|en|er|es|em))\s+\Z"
)
_CAPITALS = re.compile(r"[^\W\d_a-zß-ÿ]{2,}")
_NAME = re.compile(r"[A-ZÀ-ÞĀ-ſΑ-ΩЀ-Я][\w’']+|\d+[A-Za-z]\w*|[A-Za-z]+\d\w*")
_NEGATION = re.compile(
    r"not|no|never|without|cannot|neither|nor|none|nobody|nothing|\w+n['’]t"
    r"|nicht|kein\w*|nie|niemals|ohne|weder|nunca|sin|ningún\w*|jamais|sans|aucun\w*|pas",
    re.IGNORECASE,
)


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
    ("cheap cheaper", "expensive dearer"),
    ("import", "export"),
    ("success succeed", "failure fail"),
)
OPPOSITES: Mapping[str, frozenset[str]] = {
    term: frozenset(terms(other)) for pair in _OPPOSED for side, other in (pair, pair[::-1]) for term in terms(side)
}
"""For a term, those of its opposites."""


@lru_cache(maxsize=100_000)
def _terms_of(word: str) -> tuple[str, ...]:
    return tuple(terms(word))
