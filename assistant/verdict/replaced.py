"""Whether a word of a sentence stands where its sources have another one: "The file server is restarted on Mondays."

A sentence may have all its words from its sources and still say what they do not, as it takes the subject of one of
their sentences and the rest of another. So each clause is laid beside the one sentence that holds most of it: a word
that is not there, next to a word that is, is *replaced* if another has its place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from heapq import nlargest
from itertools import pairwise

from assistant.verdict.left_out import ONLY
from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source
from assistant.words.figures import is_little
from assistant.words.opposed import RIVALS
from assistant.words.pieces import OPPOSITES, PLACING, QUANTIFIERS, Piece, opposites

_FEW = 3  # pieces of a clause that goes with its neighbour, as "On Mondays" does
_LIKELY = 3  # sentences that hold most of a clause, of which one is laid beside it
_SURE = 0.99  # how surely a word that names no thing has to be in another's place
_LOST = 0.5  # what a word that is replaced takes from how well a sentence holds a clause

# What stands before a noun, or before the adjective of one, in the languages of `figures`. Verbs and what goes with
# them are said in other words too often: four of five good sentences with another word than their source differ there.
_BEFORE_A_THING = re.compile(
    r"(?:^\W?|[.!?:;]\s+|\b(?:the|an?|this|that|these|those|its|their|his|her|our|your|my|each|every|all|no|any|some|both"
    r"|most|only|der|die|das|den|dem|des|eine?[nmrs]?|kein\w*|jede\w*|alle\w*|el|la|los|las|una?|le|les|un|du|des)\s+)"
    r"[\"'(“]*$",
    re.IGNORECASE,
)
_THE = re.compile(r"\bthe\s+$", re.IGNORECASE)  # "the most" is not of how many
_LISTED = re.compile(
    r"[,;:/]|\b(?:and|or|und|oder|y|o|et|ou)\b", re.IGNORECASE
)  # where one may as well stand for another
_LOOKED_AT = 12  # characters before a word, in which that stands


@dataclass(frozen=True, slots=True)
class Replaced:
    """How surely, from 0 to 1, a word stands in the place of another: one that the sources have elsewhere, or the
    opposite (`by_another`), or one that they have nowhere and that may mean the same (`by_a_strange`)."""

    by_another: float = 0.0
    by_a_strange: float = 0.0

    def __or__(self, more: Replaced) -> Replaced:
        return Replaced(max(self.by_another, more.by_another), max(self.by_a_strange, more.by_a_strange))


@dataclass(frozen=True, slots=True)
class _Spoken:
    """A piece of what is said, its number, what it weighs, and whether the sources have it anywhere."""

    piece: Piece
    number: int
    weight: float
    known: bool


class _Row:
    """A sentence of the sources with the terms that it knows of the one that is judged. To these belong those around it
    that it may leave unsaid: of its headings, and before a pronoun of the sentence before."""

    def __init__(self, sentence: Sentence, match: Match, known: frozenset[str]) -> None:
        self.sentence, self.match, self._known = sentence, match, known

    def has(self, word: _Spoken) -> bool:
        """Whether it says a piece of the sentence that is judged."""
        return bool(self.match.at[word.number]) if word.piece.figure else self.knows(word.piece)

    def knows(self, piece: Piece) -> bool:
        """Whether it has the words of a piece, or may leave them unsaid."""
        return self._known.issuperset(piece.terms)


def replaced(
    matches: Matches, sources: Sequence[Source], pool: Set[str], weights: Mapping[str, float], figure: float
) -> Replaced:
    """What is replaced in a sentence; `pool` are the terms of all sources, `weights` how much its own tell, `figure`
    how much a figure does."""
    said = matches.said
    rows = list(_rows(sources, matches))
    known, phrases = matches.known(pool), _phrases(rows)

    def spoken(number: int) -> _Spoken:
        piece = said.pieces[number]
        if piece.figure:
            return _Spoken(piece, number, figure, any(row.match.at[number] for row in rows))
        weight = max((weights.get(term, 0.0) for term in piece.terms), default=0.0)
        return _Spoken(piece, number, weight, known.issuperset(piece.terms))

    found = Replaced()
    for clause in _clauses(said.pieces):
        words = [spoken(number) for number in clause]
        likely = nlargest(_LIKELY, rows, key=lambda row: sum(w.weight for w in words if row.has(w)))
        exchanges = [(row, list(_exchanges(words, row, said, phrases))) for row in likely]
        denies = any(word.piece.denied for word in words)
        row, exchanged = max(exchanges, key=lambda pair: _held(words, *pair))
        for word, rivals, sure in exchanged:
            rivals = [rival for rival in rivals if not (denies and _is_alone(rival, row.sentence))]
            counted = _is_unit(word.piece, said) or any(_is_unit(rival, row.sentence) for rival in rivals)
            alone = word.known and sure > _SURE and _stands_alone(word.number, rivals, row, said)
            if not counted and (alone or any(_opposes(word.piece, rival) for rival in rivals)):
                found |= Replaced(by_another=sure)
            elif (_is_thing(word.piece, said) or _is_of_the_title(word, row, said)) and any(
                _is_thing(rival, row.sentence) or (word.known and _is_the_subject(rival, row)) for rival in rivals
            ):
                said_as = word.piece.figure
                sought = word.known or (said_as is not None and is_little(said_as))  # "one" needs no support elsewhere
                found |= Replaced(sure) if sought else Replaced(0.0, 0.0 if said_as else sure)
    return found


def _rows(sources: Sequence[Source], matches: Matches) -> Iterator[_Row]:
    for source in sources:
        above, before = matches.known(source.place_terms), frozenset[str]()
        for sentence in source.sentences:
            own = matches.known(sentence.terms)
            yield _Row(sentence, matches.of(sentence), own | above | before if sentence.leans else own | above)
            before = own


def _phrases(rows: Sequence[_Row]) -> set[int]:
    """The pieces, by number, that stand before the next one in one of the sources too."""
    return {n for row in rows for own, next_ones in pairwise(row.match.by) for n in own if n + 1 in next_ones}


def _clauses(pieces: Sequence[Piece]) -> list[list[int]]:
    """The pieces of each clause, by number."""
    clauses: list[list[int]] = []
    for number, piece in enumerate(pieces):
        if clauses and (piece.clause == pieces[number - 1].clause or len(clauses[-1]) < _FEW):
            clauses[-1].append(number)
        else:
            clauses.append([number])
    if len(clauses) > 1 and len(clauses[-1]) < _FEW:
        rest = clauses.pop()
        clauses[-1] += rest
    return clauses


_Exchange = tuple[_Spoken, list[Piece], float]


def _held(clause: Sequence[_Spoken], row: _Row, exchanged: Sequence[_Exchange]) -> float:
    """How well a sentence holds a clause."""
    lost = {word.number for word, _, _ in exchanged}
    return sum(w.weight if row.has(w) else -_LOST * w.weight * (w.number in lost) for w in clause)


def _exchanges(clause: Sequence[_Spoken], row: _Row, said: Sentence, phrases: Set[int]) -> Iterator[_Exchange]:
    """Each word of a clause in whose place `row` has others, these, and how surely it is their place: by the share of
    its neighbours that stand beside them, and of the rest of the clause that is there, of what the sources know."""
    there = [row.has(word) for word in clause]
    held = sum(word.weight for word, has in zip(clause, there, strict=True) if has)
    total = sum(word.weight for word in clause if word.known)
    for at, word in enumerate(clause):
        rest = total - word.weight * word.known
        if there[at] or not rest:
            continue
        beside = [n for step in (-1, 1) if (n := _beside(at, step, clause, row, said, phrases)) is not None]
        rivals = [_rivals(word.piece, clause[n].number, -1 if n < at else 1, row) if there[n] else [] for n in beside]
        if any(rivals):
            near = sum(map(bool, rivals)) / len(beside)
            yield word, [rival for some in rivals for rival in some], near * (held / rest) ** 2


def _beside(at: int, step: int, clause: Sequence[_Spoken], row: _Row, said: Sentence, phrases: Set[int]) -> int | None:
    """The next word on one side of one, but for those that only the headings have and for the others of its phrase
    ("general" before "meeting", of `phrases`), which this sentence has no more than it; if the sources know it."""
    n = at + step
    while 0 <= n < len(clause) and not row.match.at[clause[n].number]:
        first, last = sorted((clause[n], clause[n - step]), key=lambda word: word.number)
        together = row.has(clause[n]) or first.number in phrases
        if not together or said.text[first.piece.end : last.piece.start] != " ":
            break
        n += step
    return n if 0 <= n < len(clause) and clause[n].known else None


def _rivals(piece: Piece, neighbour: int, side: int, row: _Row) -> list[Piece]:
    """The pieces of a sentence next to the `neighbour` that stands on one side of `piece`, that are not said.

    A number may stand on the other side of it too ("5 users", "users: 5"), and in a row of a table any cell.
    """
    pieces, match = row.sentence.pieces, row.match
    sides = (-1, 1) if row.sentence.row or piece.figure else (-side,)
    there = [at + to for at in match.at[neighbour] for to in sides if 0 <= at + to < len(pieces)]
    return [pieces[at] for at in there if (pieces[at].figure is None) == (piece.figure is None) and not match.by[at]]


def _stands_alone(number: int, rivals: Sequence[Piece], row: _Row, said: Sentence) -> bool:
    """Whether a sentence stands word for word in one of the sources but for one word: "caused" for "fixed"."""
    last = len(said.pieces) - 1
    if not 0 < number < last or not OPPOSITES.keys().isdisjoint(said.pieces[number].terms):
        return False  # "allowed" for "may": `turned` knows these
    by, at = row.match.by, row.sentence.pieces.index(rivals[0]) if rivals else 0
    first = at - number
    if first < 0 or first + last >= len(by) or any(n not in by[first + n] for n in range(last + 1) if n != number):
        return False
    return not any(_LISTED.search(_around(n, sentence)) for n, sentence in ((number, said), (at, row.sentence)))


def _around(number: int, sentence: Sentence) -> str:
    """The text from the piece before one to that behind it."""
    return sentence.text[sentence.pieces[number - 1].end : sentence.pieces[number + 1].start]


def _is_unit(piece: Piece, sentence: Sentence) -> bool:
    """Whether a word is the unit of the figure before it, which is compared with that: two weeks are 14 days."""
    before = _before(piece, sentence)
    return before is not None and before.figure is not None and before.figure.unit != ""


def _is_alone(piece: Piece, sentence: Sentence) -> bool:
    """Whether "only" stands before a word: what it is said of may be denied of others."""
    before = _before(piece, sentence)
    return before is not None and ONLY.fullmatch(sentence.text, before.start, before.end) is not None


def _before(piece: Piece, sentence: Sentence) -> Piece | None:
    at = sentence.pieces.index(piece)
    return sentence.pieces[at - 1] if at else None


def _opposes(piece: Piece, rival: Piece) -> bool:
    if bool(piece.denied) != bool(rival.denied):  # "not allowed" is "forbidden"
        return False
    return any(
        not (opposites(term) | PLACING.get(term, _NONE) | RIVALS.get(term, _NONE)).isdisjoint(rival.terms)
        for term in piece.terms
    )


_NONE = frozenset[str]()


def _is_the_subject(rival: Piece, row: _Row) -> bool:
    """Whether a piece ends the two words with which a sentence begins, none of them said: "the ward doctor"."""
    first, *others = row.sentence.pieces
    between = row.sentence.text[first.end : rival.start]
    return others[:1] == [rival] and between == " " and not row.match.by[0] and _is_thing(first, row.sentence)


def _is_of_the_title(word: _Spoken, row: _Row, said: Sentence) -> bool:
    """Whether a word stands behind an article and a word that only the headings have: "the Marlow library"."""
    first = said.pieces[word.number - 1]
    return (
        0 < first.start < word.piece.start
        and said.text[first.end : word.piece.start] == " "
        and not row.match.at[word.number - 1]
        and bool(first.terms)
        and row.knows(first)
        and _BEFORE_A_THING.search(said.text[max(0, first.start - _LOOKED_AT) : first.start]) is not None
    )


def _is_thing(piece: Piece, sentence: Sentence) -> bool:
    """Whether a piece names a thing or how it is, as far as its form tells; of how many is told by `portions`."""
    before = sentence.text[max(0, piece.start - _LOOKED_AT) : piece.start]
    if piece.terms and QUANTIFIERS.issuperset(piece.terms) and not _THE.search(before):
        return False
    if piece.figure or piece.named or sentence.row:
        return True
    return bool(_BEFORE_A_THING.search(before))
