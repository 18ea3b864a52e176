"""The things that a question asks about: where each stands in it, so that another can be put in its place.

By the question's frame words alone and in English: a thing stands behind a preposition, a determiner, an auxiliary or
the verb, or is a name. What cannot be told so is no slot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from index.terms import terms


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


_DETERMINERS = _set("a an the my our your his her their its this that these those")
_PREPOSITIONS = _set(
    "in of on at by for with from to into about as under over above below between during while after before without"
    " per since until near behind across through via against within"
)
_BE = _set("is are was were am be been being")
_BEFORE_VERB = _set("do does did has have had can could may might must shall should will would")
_HAVE = _set("has have had")
_VERBS = _set("have do be")
_PRONOUNS = _set("i we you he she it they me us him them")
_ANYBODY = _set("someone somebody something anyone anybody anything everyone everybody everything nobody nothing")
_ASKING = _set("what which who whom whose when where why how")
_OTHERS = _set("and or but if than then so not no there here one done doing having")
_BREAKS = _PREPOSITIONS | _BE | _BEFORE_VERB | _PRONOUNS | _ASKING | _OTHERS
_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_POSSESSIVE = re.compile(r"(?:['’]s|(?<=s)['’])$")
_PREDICATE = re.compile(
    r"\w+[^e\W]ed|\w{3,}[ai]ble|open|broken|written|chosen|taken|given|free|valid|due|possible|legal|ready|safe|full|shut|built|held|made|paid|sold"
    r"|kept|lent|sent|bought|brought|found|known|shown|drawn|grown|worn|done|lost|led|met|won|hired|shared|stored|used"
)
_ADVERBS = _set("now then today tomorrow yesterday again also too else more later next first last")
_PLURAL = re.compile(r"[a-z-]+[^isu]s")
_FOR = re.compile(r"\bfor ((?:[a-z-]+ ){0,2}[a-z-]+[^\W_s]s)\W*$")
_LONGEST = 5  # words of a thing
# Whom something may be for; no list has all of them.
_PEOPLE = re.compile(
    r"(?:[a-z]+-)*(?:(?:employ|train|appoint|refug)ee|(?:work|start|tim|join|lead|manag|own|us|teach|learn|driv|play"
    r"|freelanc|volunt|pension|custom|memb|foreign|newcom|build|engine|speak|read|lectur|research|travell|train)e?er"
    r"|visitor|contractor|director|author|doctor|intern|apprentice|student|adult|senior|junior|guest|client|tenant"
    r"|citizen|resident|patient|parent|kid|mother|father|person|assistant|nurse|colleague|candidate|applicant)s"
    r"|staff|people|children|men|women"
)


@dataclass(frozen=True, slots=True)
class Slot:
    """A thing in a question, from `start` to `end` (characters): its words, with an article but without "'s", the
    preposition before it, and whether it has a determiner, is a name, or owns what follows ("Maria's phone")."""

    start: int
    end: int
    text: str
    preposition: str | None
    determined: bool
    named: bool
    owns: bool


@dataclass(frozen=True, slots=True)
class _Word:
    start: int
    end: int
    text: str

    @property
    def low(self) -> str:
        return self.text.casefold()

    @property
    def determines(self) -> bool:
        """Whether it is a determiner, as "A" in "Hall A" is not."""
        return self.low in _DETERMINERS and not (self.text == "A" and self.start)

    @property
    def is_name(self) -> bool:
        return self.text[0].isupper() or self.text[0].isdigit()


def is_people(thing: str) -> bool:
    """Whether a thing is a group of people ("part-time employees")."""
    return bool(_PEOPLE.fullmatch(thing.casefold().split()[-1]))


@lru_cache(maxsize=64)  # asked several times for each question
def slots(question: str) -> tuple[Slot, ...]:
    """The things that `question` asks about, in order; what "how many", "which" or "what" stand before is none.

    There are none in what is not built as a question.
    """
    words = list(_words(question))
    if not any(word.low in _ASKING | _BE | _BEFORE_VERB for word in words):
        return ()
    found: list[Slot] = []
    at = 0
    while at < len(words):
        stop = next((n for n in range(at, len(words)) if words[n].low in _BREAKS), len(words))
        run, before = words[at:stop], [word.low for word in words[:at]]
        inner = next((n for n, word in enumerate(run) if n and word.determines), len(run))
        # In "do drivers have" the verb is told by itself.
        told = before[-1:] and before[-1] in _BEFORE_VERB and stop < len(words) and words[stop].low in _VERBS
        subject, further = (run[:inner], []) if told else _without_verb(run[:inner], before, inner < len(run))
        preposition = before[-1] if before and before[-1] in _PREPOSITIONS else None
        found += _things(subject, None, question)
        found += _things(further, preposition, question)
        found += _things(run[inner:], None, question)
        at = stop + 1
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Owned:
    """The thing asked for, "phone number", and the last word of what it is `of`, "security"."""

    thing: str
    of: str


def thing_of(question: str) -> Owned | None:
    """The thing asked for in "the phone number of security" or "the library's phone number"; None if there is none."""
    for one, other in pairwise(slots(question)):
        if one.owns:
            return Owned(other.text, one.text.split()[-1])
        if other.preposition in ("of", "for") and one.preposition is None and one.determined:
            return Owned(one.text.partition(" ")[2], other.text.split()[-1])
    return None


def groups_of(question: str) -> list[str]:
    """Of whom or what in general a question is asked: "new interns" of "How much do new interns get?", or of "lunch for
    new interns", which is not built as a question."""
    keyed = _FOR.search(question)
    if keyed and not slots(question):
        return [keyed[1]]
    found = (s.text for s in slots(question) if not s.determined and not s.named)
    return [text for text in found if _PLURAL.fullmatch(text.split()[-1])]


def named_thing(words: str) -> Slot | None:
    """The one thing that `words` are, perhaps behind a preposition ("in Oslo", "the headset"); else None."""
    words = f" {words}"  # the first of them opens no sentence, so its capital marks a name
    found = list(_words(words))
    preposition = found.pop(0).low if found and found[0].low in _PREPOSITIONS else None
    if not 0 < len(found) <= _LONGEST or any(word.low in _BREAKS | _ADVERBS for word in found):
        return None
    if any(word.determines for word in found[1:]):
        return None
    pieces = list(_things(found, preposition, words))
    return pieces[0] if len(pieces) == 1 else None


def head(thing: str) -> str:
    """The last term of a thing, which says of which sort it is ("leave" of "annual leave")."""
    return (terms(thing) or [""])[-1]


def _words(text: str) -> Iterator[_Word]:
    for found in re.finditer(r"\S+", text):
        bare = _EDGES.sub("", found[0])
        if bare:
            start = found.start() + found[0].index(bare)
            yield _Word(start, start + len(bare), bare)


def _without_verb(
    run: Sequence[_Word], before: Sequence[str], has_object: bool
) -> tuple[Sequence[_Word], Sequence[_Word]]:
    """What stands before the verb or predicate in words on end without frame words, and what stands after it; by the
    frame words `before` them."""
    last = before[-1] if before else ""
    if not run or (not last and has_object) or before[-2:-1] == ["which"]:  # "Explain the limit", "Which is the best"
        return [], []
    if last in _ASKING:  # "Who leads Heron" has its verb first; "Which team" is what is asked for
        name = next((n for n, word in enumerate(run) if n and word.is_name), len(run))
        return [], run[1:] if last == "who" else run[name:]
    if last in _PRONOUNS or (last == "to" and not run[0].is_name and run[0].low not in _DETERMINERS):
        return [], run[1:]
    if last in _HAVE:
        return run[:-1] if _PREDICATE.fullmatch(run[-1].low) else run, []
    if last in _BEFORE_VERB:
        by_whom = before[-2:-1] == ["who"] and last not in ("do", "does", "did")
        verb = 0 if by_whom else _verb(run)
        return run[:verb], run[verb + 1 :]
    if last in ("be", "been", "being", "not"):
        return [], []
    yes_or_no = not _ASKING.intersection(before) and not has_object
    if last in _BE and len(run) > 1 + (run[0].low in _DETERMINERS):
        return run[:-1] if yes_or_no or _PREDICATE.fullmatch(run[-1].low) else run, []
    return [], run


def _verb(run: Sequence[_Word]) -> int:
    """The place of the verb in a subject with its verb and perhaps an object ("the Aurora 16 cost")."""
    named = (n for n in range(1, len(run)) if run[n - 1].is_name and not run[n].is_name)
    plural = len(run) > 2 and re.fullmatch(r"\w+[^s]s", run[-1].low) is not None
    return next(named, len(run) - (2 if plural else 1))


def _things(run: Sequence[_Word], preposition: str | None, question: str) -> Iterator[Slot]:
    """The owner and what it owns, or just one thing."""
    owner = next((n for n, word in enumerate(run) if _POSSESSIVE.search(word.text)), None)
    parts = [run] if owner is None else [run[: owner + 1], run[owner + 1 :]]
    for part in parts:
        while part and part[0].low == "all":
            part = part[1:]
        determined = bool(part) and part[0].low in _DETERMINERS
        if len(part) <= determined or part[-1].low in _ANYBODY:
            continue
        start, end = part[0].start, part[-1].end
        text = question[start:end]
        bare = _POSSESSIVE.sub("", text)
        named = any(word.is_name and word.start for word in part[determined:])
        yield Slot(start, start + len(bare), bare, preposition, determined, named, bare != text)
        preposition = None
