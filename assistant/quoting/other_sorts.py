"""Whether a sentence is about things of another sort than those asked for: "Nurses wear green" where it is what porters
wear, "28 days of annual leave" where it is parental leave.

The small model that reads takes such a sentence for an answer, since all but one word of it is. Words for the same
("yearly leave") are told from words for something else by how near the encoder has them. So is what a column of a table
is called: a row with a role, a phone and an office is no answer where the salary is asked for.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

from assistant.quoting.evidence import Candidate
from assistant.quoting.near_misses import OF_ALL, near
from assistant.words.frames import language_of
from assistant.words.kinds import asked_noun
from assistant.words.names import is_said
from assistant.words.slots import Slot, slots, thing_of
from index.encoder import Vector
from index.tables import cells, headers
from index.terms import terms

Encode = Callable[[str], Vector]
"""The unit vector of an expression."""

_APART = 0.6  # below this, two words for a thing mean two things
# Below which reading of a row how near to one of its columns or cells has to come what is asked for.
_COLUMNS_APART = ((0.0, 0.45), (1.0, 0.3))
_MANY = r"[\w-]*[^\W_isu]s"
_SUBJECTS = re.compile(rf"(?:(?:All|Most|Many|Our|The) )?{_MANY}(?:(?:,|,? and|,? or) {_MANY})* (?!{_MANY}\b)[a-z]")
_ASKED = re.compile(rf"\b(?:do|did|are|were|have|can|could|may|must|should|will) (?P<group>{_MANY}) (?!of\b)[a-z]")
# Words for whoever has to do with a house: one stands for another.
_ANYBODY = frozenset(
    terms(
        "people person persons user customer client owner resident tenant visitor guest member employee worker"
        " colleague participant applicant thing document rule day week month year hour minute price cost fee ticket"
    )
)
# What tells no sort of thing apart: "the normal price", "the next course".
_NO_SORT = OF_ALL | {
    *terms(
        "new next first last best usual normal current own different total maximum minimum full whole main same paid"
        " free unused extra additional"
    )
}
_SUPERLATIVE = re.compile(r"\w{2,}est|one|two|three|four|five|six|seven|eight|nine|ten|\d.*", re.IGNORECASE)
_WHOSE = re.compile(r"['’]s$")  # a doctor's note is a sick note
_NO_THING = frozenset(terms("number amount quantity share part rest kind type sort"))
_ANY_CELL = _NO_THING | {*terms("name date day year time place person thing")}


def is_of_another_sort(question: str, candidate: Candidate, encode: Encode) -> bool:
    """Whether a sentence tells of others than those who are asked about, or of another sort of the thing asked about,
    and nothing above it or just before it is about these."""
    text = candidate.quote.text
    if language_of(terms(question)) != "en" or headers(candidate.quote.chunk)[candidate.number]:
        return False
    around = near(candidate)
    return any(
        _are_apart(asked, others, encode)
        for asked, others in (*_groups(question, text), *_sorts(question, text))
        if not is_said(asked.split()[0], around)
    )


def is_of_no_column(question: str, candidate: Candidate, reading: float | None, encode: Encode) -> bool:
    """Whether a sentence is a table's row and what is asked of it ("the salary of Ruth Amsel") is said neither by the
    columns, nor by the row or where it stands, in no near words either; the reader must have found little in it."""
    text, names = candidate.quote.text, headers(candidate.quote.chunk)[candidate.number]
    owned = thing_of(question)
    asked = owned.thing if owned else asked_noun(question) or ""
    bound = max((least for most, least in _COLUMNS_APART if reading is not None and reading < most), default=None)
    if not names or bound is None or _ANY_CELL.issuperset(terms(asked)) or language_of(terms(question)) != "en":
        return False
    around = f"{near(candidate)} {text}"
    if any(is_said(term, around) for term in terms(asked)):
        return False
    vector = encode(asked)
    return all(float(vector @ encode(cell)) < bound for cell in (*cells(names), *cells(text)) if cell)


def _are_apart(asked: str, others: Sequence[str], encode: Encode) -> bool:
    if not others:
        return False
    vector = encode(asked)
    return all(float(vector @ encode(other)) < _APART for other in others)


def _groups(question: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """Those who are asked to do or be something, and those of whom a sentence that begins with such speaks."""
    asked = _ASKED.search(question)
    if asked and _SUBJECTS.match(text) and not (_ANYBODY | OF_ALL).issuperset(terms(asked["group"])):
        yield asked["group"], re.findall(rf"(?<![\w-]){_MANY}\b", text.casefold())


def _sorts(question: str, text: str) -> Iterator[tuple[str, list[str]]]:
    """The things of a sort that are asked about ("parental leave"), and the sorts of them that a sentence has, if it
    has none without one."""
    asked = terms(asked_noun(question) or "")
    for thing in slots(question):
        words = _sort_and_thing(thing)
        kind = terms(words[1]) if words else []
        # "Before the service sector grew, what sector was the largest?" is about another.
        if words is None or kind == asked or _NO_THING.issuperset(kind):
            continue
        found = [(one, other) for one, other in pairwise(("", *text.split())) if terms(other) == kind]
        sorts = [one for one, _ in found if _tells_sort(one)]
        if found and len(sorts) == len(found):
            yield " ".join(words), [f"{sort} {words[1]}" for sort in sorts]


def _tells_sort(word: str) -> bool:
    return word.islower() and not _WHOSE.search(word) and not _NO_SORT.issuperset(terms(word))


def _sort_and_thing(thing: Slot) -> tuple[str, str] | None:
    words = thing.text.split()[1:] if thing.determined else thing.text.split()
    sort = terms(words[0]) if len(words) == 2 else []
    no_sort = not sort or _NO_SORT.issuperset(sort) or _SUPERLATIVE.fullmatch(words[0])
    return None if no_sort or thing.named else (words[0], words[1])
