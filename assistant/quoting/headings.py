"""What a heading adds to the sentences under it: the question that they answer, the thing that they describe, the name
of whom they speak of, or the date of what they tell."""

from __future__ import annotations

import re

from assistant.types import Quote
from assistant.words.frames import subject_terms
from assistant.words.kinds import MONTHS
from assistant.words.pointing import lacks_subject
from index.terms import terms
from index.types import Chunk, Span

_STRANGE = 3  # terms at most that a line under a person's name holds beside what is asked for
_WHAT_IS = re.compile(
    r"\W*(?:who|what)(?:['’]s| is| are| was| were) (?:the |our |your |an? )?(?P<what>.+?)\W*", re.IGNORECASE
)
LIST = re.compile(r"\W*(?:please )?(?:list|name|show)(?: me)?(?: all)?(?: of)?(?: the| our| your)? ", re.IGNORECASE)
"""How a query begins that wants all of something."""

_WHO_IS = re.compile(r"\W*who(?:['’]s| is| are| was| were)\b.*", re.IGNORECASE)
_WHEN_WAS = re.compile(
    r"\W*(?:(?:since )?(?:when|(?:on |in )?(?:what|which) (?:date|day|month|year)) (?:was|were|did|has|have)"
    r"|(?:what (?:is|was) )?(?:the )?(?:release )?date of)\b",
    re.IGNORECASE,
)
_DATE = re.compile(rf"\b(?:{MONTHS})\b|\b(?:19|20)\d\d\b|\b\d\d?\.\d\d?\.")
_ENDS_DATED = re.compile(rf"(?:(?:{MONTHS})\b.{{0,10}}|\W(?:19|20)\d\d)\W*\Z")
# What a line under a date need not say that came then ("Dark mode" under "5.3, April").
_CAME = frozenset(
    terms(
        "add added introduce introduced release released launch launched change changed announce announced publish"
        " published start started begin begun happen happened come came arrive arrived new first"
        " date"
    )
)
_DENIES = re.compile(r"\b(?:not|no|never|cannot|without)\b|n['’]t\b", re.IGNORECASE)
_NAME = r"[^\W\d_a-z][\w.’'-]*"
_PERSON = re.compile(rf"(?:(?:Dr|Prof|Mr|Mrs|Ms)\.? )?{_NAME}(?: (?:de|van|von|der|bin|al|da|la))*(?: {_NAME}){{1,3}}")
# A sentence that is a question, and not one that ends in somebody's words ("He asked: 'Why?'").
_STORED_QUESTION = re.compile(
    r"""Q(?:uestion)?\s*[:.)]\s.*|[^"“”«»]*[?？؟]|["“«].*[?？؟]["”»]""", re.DOTALL | re.IGNORECASE
)


def is_question(text: str) -> bool:
    """Whether a sentence of a document is a question."""
    return bool(_STORED_QUESTION.fullmatch(text.strip()))


def heading_above(chunk: Chunk, title: str) -> Quote | None:
    """The heading that a chunk begins with, which may be the title of its document."""
    heading = chunk.heading[-1] if chunk.heading else title
    at = chunk.start + chunk.text.rfind(heading, 0, chunk.sentences[0].start - chunk.start) if heading else -1
    return Quote(chunk, Span(at, at + len(heading))) if at >= chunk.start else None


def subject_above(quote: Quote, title: str) -> Quote | None:
    """The heading that is the subject of the sentence under it ("Removed in May." under "Old calendar")."""
    heading = heading_above(quote.chunk, title) if lacks_subject(quote.text) else None
    return heading if quote.span == quote.chunk.sentences[0] else None


def is_named_by(question: str, heading: str, title: str = "") -> bool:
    """Whether a question asks who or what just that is which a heading names, or for nothing but what it speaks of,
    perhaps with the `title` of its document, so that what stands under it says so."""
    asked = _WHAT_IS.fullmatch(question)
    if asked and set(terms(asked["what"])) == set(terms(heading)):
        return True
    spoken_of, named = set(subject_terms(LIST.sub("", question))), set(subject_terms(heading))
    denied = (bool(_DENIES.search(text)) for text in (question, heading))
    is_all = bool(named) and named <= spoken_of <= named | set(subject_terms(title))
    return is_all and len(set(denied)) == 1


def telling_above(question: str, quote: Quote, title: str) -> Quote | None:
    """The heading that tells what a question asks for and the sentence under it does not: the person of whom a line
    says what that is ("Head of Sales." under "Ada Byron"), or when something was ("Dark mode" under "5.3, April")."""
    heading = heading_above(quote.chunk, title)
    return heading if heading and (_is_person(question, quote, heading) or _dates(question, quote, heading)) else None


def is_dated_by(question: str, title: str) -> bool:
    """Whether a question asks when just that was which a title names before a date."""
    came = {*subject_terms(question)} - _CAME
    return bool(came and _WHEN_WAS.search(question) and _ENDS_DATED.search(title)) and came <= {*terms(title)}


def _dates(question: str, quote: Quote, heading: Quote) -> bool:
    if not _WHEN_WAS.match(question) or not _DATE.search(heading.text) or _DATE.search(quote.text):
        return False
    # "Lift: it works again" on that day does not say when the lift was built.
    return {*subject_terms(question)} <= {*terms(f"{heading.text} {quote.text}")} | _CAME


def _is_person(question: str, quote: Quote, heading: Quote) -> bool:
    if not _WHO_IS.fullmatch(question) or not _PERSON.fullmatch(heading.text):
        return False
    asked, said, name = set(subject_terms(question)), set(subject_terms(quote.text)), set(terms(heading.text))
    return bool(asked & said) and len(said - asked) <= _STRANGE and not name & (asked | said)
