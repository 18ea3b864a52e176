"""What a question asks of the rows of a table -> those that meet it: "Which rooms on the ground floor have no video?"

Every word of the question has to be told: what the rows are, a column, a cell, the place of the table, or a verb that
leads to one of these. Where one is not, nothing is said. Numbers are compared in `amounts`; which table is meant is
told by `rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.quoting.amounts import Grid, amounts_asked, says_number
from assistant.words.names import is_known
from assistant.words.pieces import PLACING, QUANTIFIERS, Piece, pieces, says
from index.terms import terms

_IDLE = QUANTIFIERS | {*terms("per also both own available there ones number together")}
# Words that stand where a verb does and cannot be passed over: "which rooms lack a lift", "after 4 May".
_TELLING = PLACING.keys() | {
    *terms("miss exclude refuse reject forbid prohibit ban avoid lose only until till since by within fehlt fehlen")
}
_LACK = re.compile(r"(?<!not )(?<!n['’]t )\black(?:s|ing)?\b", re.IGNORECASE)
_ADJOINING = re.compile(r"\s*(?:(?:numbers?|no\.?|of) )*[£$€]?", re.IGNORECASE)
_FIRST = re.compile(r"\bfirst\b", re.IGNORECASE)
# After these words a verb stands, which no table needs to have: "which rooms can I book", "who sits".
_BEFORE_VERB = re.compile(
    r"(?:\b(?:do|does|did|can|could|may|might|must|should|will|would)(?: not|n['’]t)?(?: (?:i|we|you|one|they))?"
    r"|\bcan(?:not|['’]t)(?: (?:i|we|you|one|they))?|\bwho|\bthat|\bwer)\s+\Z",
    re.IGNORECASE,
)
_BEFORE_PARTICIPLE = re.compile(r"\b(?:is|are|was|were|be|been)(?: not|n['’]t)?\s+\Z", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w+[^e\W]ed|held|kept|made|sold|found|built|taught|led|run|set|given|taken", re.IGNORECASE)
_SUPPORTED = re.compile(r"\b(?:do|does|did)\b", re.IGNORECASE)
_ENDS_DENIAL = re.compile(r"\b(?:is|are|was|were|has|have|had|can|that|which|who)\b", re.IGNORECASE)
_OR, _AND = (re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for words in ("or|oder", "and|und"))
_YES = re.compile(r"(?:yes|y|ja|j|true)\b|[✓✔☑✅]", re.IGNORECASE)
_NO = re.compile(r"(?:no|n|nein|false)\b|[✗✘❌✕☒]", re.IGNORECASE)
_ENOUGH = re.compile(r"\b(?:can|could|for|fits?|holds?|enough|für)\b", re.IGNORECASE)  # a number is the least here
_DAY = re.compile(
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)days?|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?", re.I
)
_SPAN = re.compile(r"(?:day|tag|och) ?(?:[-–]|to|until|bis)|daily|every day|täglich|week(?:day|end)|werktag", re.I)
_CROSS = re.compile(r"[x×]\Z", re.IGNORECASE)  # in a column without other words for yes it is one


@dataclass(frozen=True, slots=True)
class Met:
    """The numbers of the rows that meet what is asked. `conditions` says that anything is, `told` that no verb of the
    question was passed over."""

    rows: tuple[int, ...]
    conditions: bool
    told: bool


@dataclass(frozen=True, slots=True)
class _Condition:
    """The rows that meet what one word says; a word that says nothing of rows has none (None), and `weak` is one of
    which the table does not speak."""

    piece: Piece
    rows: frozenset[int] | None
    weak: bool = False


def rows_met(question: str, start: int, grid: Grid) -> Met | None:
    """The rows that meet all that `question` says from `start` on, behind "which"; None where it says what the table
    does not tell."""
    question = _LACK.sub("have no", question)
    if not any(map(_FIRST.search, grid.cells)):  # but "1st"
        question = _FIRST.sub("1st", question)
    amounts = amounts_asked(question, grid)
    if amounts is None:
        return None
    told, said = _parted(question, start, amounts.spans)
    if any(piece.denied for piece in told):
        return None
    begins = [begin for begin, _ in amounts.spans]
    read = [_read(question, n, said, grid, begins) for n in range(len(said))]
    found = [one for one in read if one]
    if len(found) < len(said) or _is_denied_unclearly(question, found, grid):
        return None
    conditions = [*_joined(question, found, len(grid.rows)), *amounts.limits]
    met = frozenset(range(len(grid.rows))).intersection(*conditions)
    if not met and _AND.search(question, start):  # "on Monday and Tuesday" may mean those on either
        return None
    rows = amounts.extreme(met) if amounts.extreme else met
    is_asked = bool(conditions or amounts.extreme)
    return Met(tuple(sorted(rows)), is_asked, told=not any(one.weak for one in found))


def _parted(question: str, start: int, spans: Sequence[tuple[int, int]]) -> tuple[list[Piece], list[Piece]]:
    """The words of a question from `start` on that stand in one of `spans`, and the others but for idle ones."""
    behind = [piece for piece in pieces(question) if piece.start >= start]
    told = [piece for piece in behind if any(begin <= piece.start < end for begin, end in spans)]
    return told, [piece for piece in behind if piece not in told and not (piece.terms and {*piece.terms} <= _IDLE)]


def _read(question: str, number: int, said: Sequence[Piece], grid: Grid, begins: Sequence[int]) -> _Condition | None:
    """What a word says of the rows; None if the table does not tell."""
    piece = said[number]
    if _DAY.fullmatch(question, piece.start, piece.end) and any(map(_SPAN.search, grid.cells)):
        return None
    own, columns = {*piece.terms}, [{*terms(name)} for name in grid.names]
    named = [n for n, names in enumerate(columns) if own and own <= names]
    answers = next(filter(None, (_yes_in(grid, n) for n in named)), None)
    if answers is not None:
        return _Condition(piece, answers)
    if grid.kind in own or named:
        return _Condition(piece, None)
    around = [{*one.terms} for one in _around(question, number, said) if grid.kind not in one.terms]
    beside = [n for n, names in enumerate(columns) if any(words and words <= names for words in around)]
    held = _holding(piece, grid, beside, exactly=True)
    if piece.figure and _ENOUGH.search(question) and any(map(grid.values, beside)):
        return None
    is_place = bool(own) and own <= grid.place
    if held and not (is_place and (len(held) == len(grid.rows) or held == _holding(piece, grid, [0], exactly=True))):
        return _Condition(piece, held)
    known = {grid.kind, *grid.place, *grid.measured}.union(*columns)
    if own and all(is_known(term, known) for term in own):
        return _Condition(piece, None)
    held = _holding(piece, grid, beside, exactly=False) if own else held
    if held or (piece.figure and beside):
        return _Condition(piece, held)
    return _Condition(piece, None, weak=True) if _is_verb(question, number, said, grid, begins) else None


def _around(question: str, number: int, said: Sequence[Piece]) -> Iterator[Piece]:
    """The words right beside one: "floor" of "floor 2" and "2nd floor", "phone" of "phone number 512"."""
    for one, other in pairwise(said[max(0, number - 1) : number + 2]):
        if _ADJOINING.fullmatch(question, one.end, other.start):
            yield other if one is said[number] else one


def _yes_in(grid: Grid, column: int) -> frozenset[int] | None:
    """The rows that say yes in a column in which all say yes or no; None if it is none."""
    cells = [row[column].strip() for row in grid.rows]
    crosses = not any(map(_YES.match, cells))
    yes = frozenset(n for n, cell in enumerate(cells) if _YES.match(cell) or (crosses and _CROSS.match(cell)))
    others = [cell for n, cell in enumerate(cells) if n not in yes and any(map(str.isalnum, cell))]
    return yes if yes and all(_NO.match(cell) or _CROSS.match(cell) for cell in others) else None


def _holding(piece: Piece, grid: Grid, beside: Sequence[int], exactly: bool) -> frozenset[int]:
    """The rows with a cell that says what a word says: in the columns named `beside` it, or, if it is no number and
    these do not have it, in any."""
    has = _has if exactly else _has_loosely

    def holding(columns: Sequence[int]) -> frozenset[int]:
        return frozenset(n for n, row in enumerate(grid.rows) if any(has(row[column], piece) for column in columns))

    found = holding(beside)
    return found if found or (piece.figure and beside) else holding(range(len(grid.names)))


def _has(cell: str, piece: Piece) -> bool:
    return says_number(cell, piece.figure) if piece.figure else {*terms(cell)}.issuperset(piece.terms)


def _has_loosely(cell: str, piece: Piece) -> bool:
    return any(says(known, piece) for known in pieces(cell))


def _is_verb(question: str, number: int, said: Sequence[Piece], grid: Grid, begins: Sequence[int]) -> bool:
    """Whether a word stands where a verb does, as before an amount, which `begins` there."""
    piece, before = said[number], said[number - 1] if number else None
    if piece.figure or not _TELLING.isdisjoint(piece.terms):
        return False
    if any(begin >= piece.end and not question[piece.end : begin].strip() for begin in begins):
        return True
    follows = before is not None and grid.kind in before.terms and not question[before.end : piece.start].strip()
    last = number == len(said) - 1 and bool(_SUPPORTED.search(question))
    participle = _BEFORE_PARTICIPLE.search(question, 0, piece.start) and _PARTICIPLE.fullmatch(
        question, piece.start, piece.end
    )
    return follows or last or bool(participle or _BEFORE_VERB.search(question, 0, piece.start))


def _is_denied_unclearly(question: str, found: Sequence[_Condition], grid: Grid) -> bool:
    """Whether something is denied and it cannot be said what: two things joined by "and", or nothing that rows tell."""
    denied = {one.piece.denied for one in found if one.piece.denied}
    told = {one.piece.denied for one in found if one.rows is not None}
    behind = any(one.piece.governs and one.piece.governs not in denied for one in found)
    joined = any(
        one.piece.denied == other.piece.denied != 0 and _AND.search(question, one.piece.end, other.piece.start)
        for one, other in pairwise(found)
        if _denies(question, other, found)
    )
    return behind or joined or not denied <= told


def _joined(question: str, found: Sequence[_Condition], count: int) -> Iterator[frozenset[int]]:
    """The rows of each condition, of those that are denied the others, and of two with "or" between them those of
    either."""
    every = frozenset(range(count))
    either: frozenset[int] | None = None
    last: _Condition | None = None
    for one in found:
        if one.rows is None:
            continue
        denied = _denies(question, one, found)
        rows = every - one.rows if denied else one.rows
        if last and either is not None:
            if not denied and not last.piece.denied and _OR.search(question, last.piece.end, one.piece.start):
                rows = rows | either
            else:
                yield either
        either, last = rows, one
    if either is not None:
        yield either


def _denies(question: str, one: _Condition, found: Sequence[_Condition]) -> bool:
    """Whether a condition is denied: in "without video are on the ground floor" only the first is."""
    first = next(other.piece for other in found if other.piece.denied == one.piece.denied)
    return bool(one.piece.denied) and not _ENDS_DENIAL.search(question, first.end, max(first.end, one.piece.start))
