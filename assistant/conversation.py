"""A question that leans on what was said before -> one that can be understood alone. Rules, no language model.

A question leans when it points back ("it", "they", "the other one") with nothing of its own to point to, goes on ("and
in 2021?", "why?"), or is too short to search for. If it only names another thing ("and the headset?"), the question
before (itself made standalone) is asked of that. If its pronoun can only mean one thing of that question or its answer,
this takes the pronoun's place. Else the topic is put before it: those words of the question before that its answer took
up. Anything else is a new topic and stays as it is. What was said without asking ("thanks") is passed over.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.types import Turn
from assistant.words.frames import subject_terms, subject_words
from assistant.words.instead import asked_instead
from assistant.words.kinds import asks_for_reason
from assistant.words.pointing import as_going_on, goes_on, pointers_back
from assistant.words.remarks import is_remark, without_remark
from assistant.words.slots import Slot, slots
from index.terms import terms

_TOPIC_WORDS = 3  # carried at most; more of them drown the question
_BOUND = 3  # terms before a pronoun from which it most likely points to one of them
_SHORT = 1  # terms; a question with no more is a continuation, unless it asks what something is or what there is
_LONG = 6  # terms; a question with so many of its own needs no others
LEANT_ON = 12  # turns; what was said before that is not the topic any more

_DEFINES = re.compile(
    r"\W*(?:what(?:'s| is| are)(?! the\b)|who(?:'s| is| was)|define|explain|tell me about"
    r"|(?:which|what|how many)\b.*\b(?:are|is) there|(?:is|are) there)\b",
    re.IGNORECASE,
)
_WHO_IS_THE = re.compile(r"\W*(?:and |but )?who(?:['’]s| is| are| was| were) the (?:[\w-]+ )?[\w-]+\W*", re.IGNORECASE)
_THE = re.compile(r"\W*(?:and |but )?what(?:'s| is| are| was| were) the\b", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:he|him|his|she|her|hers)\b", re.IGNORECASE)
_MANY = ("they", "them", "their")
_COUNTS = re.compile(
    r"\W*(?:how many|which) (?P<things>(?:[\w-]+ ){0,2}[\w-]+s) (?:do|does|did|has|have|can|will)\b", re.IGNORECASE
)
_PLURAL = re.compile(r".*[^sui]s|.*\b(?:people|staff|children|men|women)", re.IGNORECASE)
_NO_PERSON = re.compile(r"\b(?:it|its|they|them|their)\b", re.IGNORECASE)
_PRONOUN = re.compile(r"\b(?:it|its|they|them|their|he|him|his|she|her)\b", re.IGNORECASE)
# "How long does it take", "is it possible to ..." point to nothing.
_EXPLETIVE = re.compile(
    r"\bit (?:takes?|possible|necessary|allowed|okay?|true)\b|\bit\b.*\b(?:to|that|if)\b", re.IGNORECASE
)
_CAPITAL = re.compile(r"(?<=\W)[^\W\d_a-z][\w’'-]+")
_ASKS_WHO = re.compile(r"\W*who(?:m|se)?\b(?!\s+(?:is|was|are|were)\s+[A-Z])", re.IGNORECASE)
_ASKS_WHAT_OF = re.compile(r"\W*(?:what|which)\b.*\b(?:do|does|did)\b", re.IGNORECASE)
_NAME = re.compile(r"\b(?!(?:The|A|An|In|On|At|For|When|If|All)\b)[^\W\d_a-z][\w’'-]+(?: [^\W\d_a-z][\w’'-]+)+")
_SENTENCE_END = re.compile(r"(?<=[.!?])(?: ?\[\d+\])*\s+|\n+")
# What is no "he" or "she" by its last word.
_BODY = re.compile(
    r"(?:Foundation|Trust|Fund|Committee|Council|Board|Company|Limited|Ltd|Inc|GmbH|AG|University|College|School|Museum"
    r"|Archives?|Library|Institute|Society|Association|Federation|Union|Agency|Authority|Department|Ministry|Office|Team"
    r"|Group|Desk|Service|Services|Street|Road|Hall|Room)"
)


@dataclass(frozen=True, slots=True)
class _Talk:
    """The last question, standalone, what was said to it, and what its pronoun meant, if it had one; or, where that is
    not clear, the question with each thing that it `may` mean. `person` is whom "he" or "she" meant; `own` is the
    question without the topic that was put before it, where one was."""

    asked: str = ""
    said: str = ""
    meant: str | None = None
    may: tuple[str, ...] = ()
    person: str | None = None
    own: str = ""

    def things(self) -> Sequence[Slot]:
        """What the question speaks of, without the words of a topic, which are no things."""
        return slots(self.own or self.asked)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """`question` as it is to be understood after `history` (oldest first): itself if it does not lean on it; else the
    question before, asked of what it names, or itself with the topic before it or in its pronoun's place."""
    return _resolved(question, _talk(history)).asked


def meanings(question: str, history: Sequence[Turn]) -> tuple[str, ...]:
    """`standalone`, and what else `question` may mean if that has no answer: with each thing of the question before in
    the place of a pronoun that may mean several; itself, where it leans by its shortness alone and may be of a new
    topic ("Where is the shop?"); or, where its words do not lean on the conversation but may leave out what it is asked
    of ("How early must I tell my manager?" after one about leave), with the topic before it."""
    talk = _talk(history)
    bare = as_going_on(without_remark(question))
    question = bare if bare in question else question  # "I meant how to mend it" asks how to mend it
    resolved = _resolved(question, talk)
    own = subject_terms(bare)
    if resolved.asked != question:
        itself = (question,) if own and not _points_back(bare) else ()
        return tuple(dict.fromkeys((resolved.asked, *resolved.may, *itself)))
    topical = _with_topic(question, talk) if own and len(own) < _LONG and subject_terms(talk.asked) else question
    # "Who is the client?" is that of "the St Mary project", if it has one.
    named = any(thing.named for thing in talk.things())
    may = (topical, question) if named and _WHO_IS_THE.fullmatch(bare) else (question, topical)
    return tuple(dict.fromkeys(may))


def _talk(history: Sequence[Turn]) -> _Talk:
    asking = [n for n, turn in enumerate(history) if turn.role == "user" and not is_remark(turn.text)]
    talk = _Talk()
    for start, stop in pairwise((*asking[-(LEANT_ON // 2) :], len(history))):
        talk = _resolved(history[start].text, talk)
        if history[start + 1 : stop] and history[start + 1].role == "assistant":
            talk = _as_answered(replace(talk, said=history[start + 1].text))
    return talk


def _as_answered(talk: _Talk) -> _Talk:
    """The question without the topic that was put before it, where what was said to it does not speak of that."""
    topic = {*subject_terms(talk.asked)} - {*subject_terms(talk.own)}
    return replace(talk, asked=talk.own) if talk.own and topic.isdisjoint(terms(talk.said)) else talk


def _resolved(question: str, talk: _Talk) -> _Talk:
    """`question` made standalone after `talk`, nothing said to it yet."""
    bare = as_going_on(without_remark(question))
    if not subject_terms(talk.asked) or not _leans(bare):
        return _Talk(question)
    instead = asked_instead(bare, talk.asked)
    if instead:
        return _Talk(instead)
    pronoun = _pronoun(bare)
    if pronoun is None:
        return _Talk(_with_topic(bare, talk), meant=_thing("it", False, talk), own=bare)
    meant = _meant(pronoun[0], _owns(pronoun), talk)
    if meant is None:
        things = [] if _PERSON.fullmatch(pronoun[0]) else talk.things()
        may = tuple(_with_meaning(bare, pronoun, one.text) for one in things)
        return _Talk(_with_topic(bare, talk), may=may, own=bare)
    if not _PERSON.fullmatch(pronoun[0]):
        return _Talk(_with_meaning(bare, pronoun, meant), meant=meant)
    return _Talk(
        _with_meaning(_with_thing(bare, pronoun, talk), pronoun, meant), meant=_thing("it", False, talk), person=meant
    )


def _leans(question: str) -> bool:
    own = set(subject_terms(question))
    if len(own) >= _LONG:
        return False
    return _points_back(question) or (len(own) <= _SHORT and not _DEFINES.match(question))


def _points_back(question: str) -> bool:
    """Whether a question says by a word that it leans on what was said before."""
    own = set(subject_terms(question))
    back = next((found for found in pointers_back(question) if not _names(found[0], own)), None)
    # In "my card was refused, is it broken?" the pronoun points into the question itself.
    bound = back is not None and len(subject_words(question[: back.start()])) >= _BOUND
    reason = asks_for_reason(question) and len(own) <= _SHORT  # "why not earlier?"
    return bool((back and not bound) or goes_on(question) or reason)


def _names(word: str, own: set[str]) -> bool:
    """Whether a pronoun is a name here, as in "How do I reach IT?"; `own` are the terms that the question is about."""
    return word[0].isupper() and own.issuperset(terms(word))


# --- what a pronoun means ----------------------------------------------------------------------------------------


def _pronoun(question: str) -> re.Match[str] | None:
    """The pronoun that stands for something said before; None if there is none, or it points into the question."""
    found = _PRONOUN.search(question)
    if found is None or _names(found[0], set(subject_terms(question))) or _EXPLETIVE.search(question):
        return None
    return None if _CAPITAL.search(question, 1, found.start()) else found


def _owns(pronoun: re.Match[str]) -> bool:
    """Whether a pronoun says whose something is ("its budget"), as "her" does before a word of its own."""
    word, rest = pronoun[0].casefold(), pronoun.string[pronoun.end() :].split()
    return word in ("its", "their", "his") or (word == "her" and bool(rest) and bool(subject_words(rest[0])))


def _with_meaning(question: str, pronoun: re.Match[str], meant: str) -> str:
    return question[: pronoun.start()] + meant + ("'s" if _owns(pronoun) else "") + question[pronoun.end() :]


def _with_thing(question: str, person: re.Match[str], talk: _Talk) -> str:
    """`question` with what "it" or "they" means behind the pronoun for a `person` ("Until when did she lead it?")."""
    also = _NO_PERSON.search(question, person.end())
    meant = _meant(also[0], _owns(also), talk) if also and not _EXPLETIVE.search(question) else None
    return _with_meaning(question, also, meant) if also and meant else question


def _meant(pronoun: str, owns: bool, talk: _Talk) -> str | None:
    """What a pronoun means; None if that is not clear."""
    if _PERSON.fullmatch(pronoun):
        return _person(talk)
    return (_counted(talk) if pronoun.casefold() in _MANY else None) or _thing(pronoun, owns, talk)


def _person(talk: _Talk) -> str | None:
    """Whom "she" or "he" means: whom the answer names, if it was asked who, else whom the question did."""
    asked = sorted((slot.text for slot in slots(talk.asked) if slot.named), key=lambda name: -len(name.split()[:2]))
    told = _new_name(talk, of_person=True)
    return told if told and (_ASKS_WHO.match(talk.asked) or not asked) else next(iter(asked), None)


def _thing(pronoun: str, owns: bool, talk: _Talk) -> str | None:
    """What "it" or "they" means: the one thing that the question speaks of, or the one of its number, or the one name
    that may own something; or what somebody does something to, if that was asked for; or what it has meant before."""
    things = [slot for slot in talk.things() if slot.text != talk.person]
    many = pronoun.casefold() in _MANY
    things = [slot for slot in things if bool(_PLURAL.fullmatch(slot.text)) is many] or things
    names = [slot for slot in things if slot.named]
    told = _new_name(talk) if _ASKS_WHAT_OF.match(talk.asked) and len(names) == len(things) else None
    if told:
        return told
    meant = names if owns and len(names) == 1 else things
    return meant[0].text if len(meant) == 1 else talk.meant


def _counted(talk: _Talk) -> str | None:
    """What "they" means if the question counted it, "boats" of "How many boats does the club own?", and speaks of
    nothing else that there are many of."""
    counted = _COUNTS.match(talk.asked)
    many = any(_PLURAL.fullmatch(slot.text) for slot in slots(talk.asked))
    return f"the {counted['things']}" if counted and not many else None


def _new_name(talk: _Talk, of_person: bool = False) -> str | None:
    """The first name in what was said that the question had no word of, in the sentence that has most words of it; if a
    person's is meant, none of a body."""
    known = set(terms(talk.asked))
    said = sorted(_SENTENCE_END.split(talk.said), key=lambda sentence: -len(known & {*terms(sentence)}))
    names = (name for name in _NAME.findall("\n".join(said)) if not (of_person and _BODY.fullmatch(name.split()[-1])))
    return next((name for name in names if not known & {*terms(name)}), None)


# --- the topic ---------------------------------------------------------------------------------------------------


def _with_topic(question: str, talk: _Talk) -> str:
    has = set(subject_terms(question))
    carried = [word for word in _topic(question, talk) if not has.issuperset(terms(word))]
    return f"{' '.join(carried)}: {question}" if carried else question


def _topic(question: str, talk: _Talk) -> list[str]:
    """The words of the question before that its answer speaks of most, in their order, and no name cut in two; where it
    does not say, the first. "What is the budget?" is asked of the one thing that it spoke of, "Who is the client?" of
    what it named."""
    things = slots(talk.asked) if _THE.match(question) else []
    if len(things) == 1:
        return subject_words(things[0].text)
    names = [subject_words(thing.text) for thing in talk.things() if thing.named]
    if names and _WHO_IS_THE.fullmatch(question):
        return [word for name in names for word in name]
    taken_up = Counter(terms(talk.said))
    words = list(dict.fromkeys(subject_words(talk.asked)))
    counts = {word: min((taken_up[term] for term in terms(word)), default=0) for word in words}
    chosen = {*sorted(words, key=lambda word: -counts[word])[:_TOPIC_WORDS]}
    chosen.update(word for name in names if chosen.intersection(name) for word in name)
    return [word for word in words if word in chosen]
