"""What a heading adds to the sentences under it: the question that they answer, the thing that they describe, or the
name of whom they speak of."""

from __future__ import annotations

import re

from assistant.types import Quote
from assistant.words.frames import subject_terms
from index.terms import terms
from index.types import Chunk, Span

_STRANGE = 3  # terms at most that a line under a person's name holds beside what is asked for
_WHAT_IS = re.compile(
    r"\W*(?:who|what)(?:['’]s| is| are| was| were) (?:the |our |your |an? )?(?P<what>.+?)\W*", re.IGNORECASE
)
_WHO_IS = re.compile(r"\W*who(?:['’]s| is| are| was| were)\b.*", re.IGNORECASE)
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


def is_named_by(question: str, heading: str) -> bool:
    """Whether a question asks who or what just that is which a heading names, so that what stands under it says so."""
    asked = _WHAT_IS.fullmatch(question)
    return asked is not None and set(terms(asked["what"])) == set(terms(heading))


def person_above(question: str, quote: Quote, title: str) -> Quote | None:
    """The heading that names the person whom a question asks for, above a line that says little more than what that
    person is ("Head of Sales." under "Ada Byron")."""
    heading = heading_above(quote.chunk, title) if _WHO_IS.fullmatch(question) else None
    if heading is None or not _PERSON.fullmatch(heading.text):
        return None
    asked, said, name = set(subject_terms(question)), set(subject_terms(quote.text)), set(terms(heading.text))
    says_what = bool(asked & said) and len(said - asked) <= _STRANGE
    return heading if says_what and not name & (asked | said) else None
