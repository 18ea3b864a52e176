"""Sentences and passages, read: what stands beside what, once for each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.words.figures import figures
from assistant.words.labels import Label, labels
from assistant.words.pieces import Piece, opposites, pieces, says
from assistant.words.weekdays import WEEKDAY, WORKED
from index.encoder import Vectors
from index.tables import cells, headers
from index.types import Passage

_SIDE = 4  # pieces before and behind one that tell which place in a sentence it has
_APART = 0.6  # how much less close is what stands in the next clause

Sides = tuple[Mapping[str, float], Mapping[str, float]]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, read: its pieces, the terms before and behind each with how close they stand (1 is next to it), all
    its terms, and its labels. For each negation `denials` has the terms that it may deny, the likeliest first; `leans`
    says that it begins with a pronoun, `row` that it is a table's."""

    text: str
    pieces: tuple[Piece, ...]
    sides: tuple[Sides, ...]
    terms: frozenset[str]
    labels: tuple[Label, ...]
    denials: tuple[tuple[str, ...], ...]
    leans: bool
    row: bool = False

    def has(self, piece: Piece) -> bool:
        """Whether one of its pieces bears `piece` out."""
        return any(says(known, piece) for known in self.pieces)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: the numbers of its row and column, the cells by which its row can be named, the terms and the
    figures ("2024", "April to June") that tell its column from the others, its text and its pieces."""

    row: int
    column: int
    text: str
    names: tuple[tuple[Piece, ...], ...]
    heads: frozenset[str]
    dated: tuple[Piece, ...]
    pieces: tuple[Piece, ...]


def opposed(said: Sentence, best: Sentence) -> frozenset[str]:
    """The terms of `said` that have their opposite in `best`, and do not stand there themselves."""
    return frozenset(term for term in said.terms if opposites(term) & best.terms) - best.terms


def read(text: str, columns: str = "") -> Sentence:
    """`text` as a sentence; `columns` are the names of its columns if it is a row of a table."""
    whole = _row(columns, text) if columns else text
    return sentence_of(whole, pieces(whole), bool(columns))


def read_source(text: str, columns: str = "", inferred: str = "") -> Sentence:
    """The same of a sentence of the sources, with what is inferred from it; if it is of weekdays, it is of Tuesday."""
    whole = _row(columns, text) if columns else text
    whole = f"{whole}; {inferred}" if inferred else whole
    found = [replace(piece, terms=WORKED) if piece.terms == (WEEKDAY,) else piece for piece in pieces(whole)]
    return sentence_of(whole, found, bool(columns))


def sentence_of(text: str, found: Sequence[Piece], row: bool = False) -> Sentence:
    """The sentence that has these pieces."""
    sides = tuple(
        (_close(piece, found[max(0, n - _SIDE) : n][::-1]), _close(piece, found[n + 1 : n + 1 + _SIDE]))
        for n, piece in enumerate(found)
    )
    leans = _LEANS.match(text) is not None
    return Sentence(text, tuple(found), sides, terms_of(found), labels(text), tuple(_denials(found)), leans, row)


def _row(columns: str, row: str) -> str:
    """A row of a table as what it says: each cell behind the name of its column and the cell that names the row."""
    names, values = [_as_word(name) for name in cells(columns)], cells(row)
    if len(names) != len(values) or len(values) < 2:
        return f"{columns} {row}"
    key = next((n for n, value in enumerate(values) if re.search(r"[^\W\d_]", value)), 0)
    said = (
        f"{values[key]} {name} {value}" for n, (name, value) in enumerate(zip(names, values, strict=True)) if n != key
    )
    return "; ".join((f"{values[key]} {names[key]}", *said))


def _as_word(name: str) -> str:
    """The name of a column as it stands within a sentence: a capital would make a name of it, but a month needs one."""
    dated = any(figure.start == 0 for figure in figures(name))
    return name if dated else name[:1].casefold() + name[1:]


def _cells(number: int, columns: str, row: str) -> Iterator[Cell]:
    texts = cells(row)
    columned, values = [pieces(name) for name in cells(columns)], [pieces(value) for value in texts]
    heads = [terms_of(name) for name in columned]
    if len(heads) != len(values):
        return
    worded = [value for value in values if any(piece.terms for piece in value)]
    names = tuple(value for n, value in enumerate(worded) if not n or not any(piece.figure for piece in value))
    for column, (head, value) in enumerate(zip(heads, values, strict=True)):
        others = frozenset[str]().union(*(other for at, other in enumerate(heads) if at != column))
        dated = tuple(piece for piece in columned[column] if piece.figure)
        yield Cell(number, column, texts[column], names, head - others, dated, value)


def _denials(found: Sequence[Piece]) -> Iterator[tuple[str, ...]]:
    for number in range(1, max((max(piece.denied, piece.governs) for piece in found), default=0) + 1):
        denied = [term for piece in found if piece.denied == number for term in piece.terms]
        yield (*denied, *(term for piece in found if piece.governs == number for term in piece.terms))


def _close(piece: Piece, found: Sequence[Piece]) -> dict[str, float]:
    """The terms of the pieces on one side of `piece`, the nearest first, with how close they are."""
    close: dict[str, float] = {}
    for distance, other in enumerate(found):
        near = (1 - distance / _SIDE) * _APART ** abs(other.clause - piece.clause)
        for term in other.terms:
            close.setdefault(term, near)
    return close


def terms_of(found: Iterable[Piece]) -> frozenset[str]:
    """The terms of some pieces."""
    return frozenset(term for piece in found for term in piece.terms)


def abbreviates(piece: Piece, sentence: Sentence) -> bool:
    """Whether a piece is the initials of the words before it, in brackets: "the Air Resources Board (ARB)"."""
    word = sentence.text[piece.start : piece.end]
    if sentence.text[piece.start - 1 : piece.start] != "(" or not word.isupper():
        return False
    before = re.findall(r"[^\W\d_]+", sentence.text[: piece.start])
    return any(
        "".join(w[0] for w in words if w[0].isupper() or not capitals).upper() == word
        for capitals in (True, False)
        for words in (before[-length:] for length in range(len(word), len(word) + 3))
    )


# That begins with a word for what was named before.
_LEANS = re.compile(
    r"\W*(?:it|its|this|that|these|those|they|their|he|his|she|her|there|here|es|er|sie|dies\w*|jene\w*|dort|hier|sein\w*"
    r"|ihr\w*|ello|ella|ellos|ellas|éste?|ésta|esto|su|sus|il|elle|ils|elles|ce|cela|ceci|son|sa|ses)\b",
    re.IGNORECASE,
)
_CUT = re.compile(r"(?<!\d)\d{1,2}\.$")  # "am 3." before "März 2025"


class Source:
    """A passage, read once; `vectors` are those of its sentences. `inferred` is what a sentence, by its number, says
    besides."""

    def __init__(self, passage: Passage, vectors: Vectors, inferred: Mapping[int, str] | None = None) -> None:
        self.passage, self.vectors, self._inferred = passage, vectors, inferred or {}

    @cached_property
    def sentences(self) -> tuple[Sentence, ...]:
        """Its sentences, rows with the names of their columns, and both parts of a date that was cut in two."""
        texts = self.passage.chunk.sentence_texts()
        for number in range(len(texts) - 1):
            whole = f"{texts[number]} {texts[number + 1]}"
            at = len(texts[number])
            if _CUT.search(texts[number]) and any(f.start < at < f.end for f in figures(whole)):
                texts[number] = texts[number + 1] = whole
        rows = zip(self.headers, texts, strict=True)
        return tuple(read_source(text, names, self._inferred.get(n, "")) for n, (names, text) in enumerate(rows))

    @cached_property
    def headers(self) -> list[str]:
        """For each sentence the names of its columns if it is a row of a table."""
        return headers(self.passage.chunk)

    @cached_property
    def cells(self) -> tuple[Cell, ...]:
        """The cells of its tables, row by row."""
        rows = zip(self.headers, self.passage.chunk.sentence_texts(), strict=True)
        return tuple(cell for number, (names, row) in enumerate(rows) if names for cell in _cells(number, names, row))

    @cached_property
    def headings(self) -> tuple[Sentence, ...]:
        """Its title and headings."""
        return tuple(read(part) for part in (self.passage.title, *self.passage.chunk.heading))

    @cached_property
    def place(self) -> tuple[Piece, ...]:
        """The pieces of its title and headings."""
        return tuple(piece for heading in self.headings for piece in heading.pieces)

    @cached_property
    def place_terms(self) -> frozenset[str]:
        """The terms of its title and headings."""
        return terms_of(self.place)

    @cached_property
    def place_labels(self) -> tuple[Label, ...]:
        """The labels of its title and headings."""
        return tuple(label for heading in self.headings for label in heading.labels)

    @cached_property
    def terms(self) -> frozenset[str]:
        """All its terms, and those of its title and headings."""
        return self.place_terms.union(*(sentence.terms for sentence in self.sentences))
