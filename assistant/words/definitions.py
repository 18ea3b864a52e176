"""Questions for what something is, "What is a retrospective?", and the sentences that say so."""

from __future__ import annotations

import re
from functools import lru_cache

from index.terms import terms

_ASKED = re.compile(
    r"\W*(?:what (?:is|are|was|were) (?:an? )?|define )(?!the\b|also\b|not\b)(\w+(?<!ed)(?: \w+)?)\W*", re.IGNORECASE
)
_SAYS_WHAT = r"[”\"’)]*\s*(?:\b(?:is|are|was|were|means?|meant|refers?|denotes?)\b|[,:(|–—-])"
_OPENS = r"\W*(?:(?:an?|the|our) )?[“\"‘']?"
_IS = r"[”\"’']?(?: \([^)]*\))?,?(?: \w+ly)? (?:is|are|means?|refers? to|stands? for|describes?|denotes?)\b(?! not\b)"


def thing_to_define(question: str) -> str | None:
    """What a question asks for the meaning of, "retrospective"; None if it asks for no meaning."""
    asked = _ASKED.fullmatch(question)
    return asked[1] if asked else None


def says_what(thing: str, text: str) -> bool:
    """Whether a text says what a thing is, or is called."""
    return bool(_patterns(thing)[0].search(text)) or bool(re.search(r"\b(?:known|called|defined)\b", text))


def defines(thing: str, text: str, name: str = "") -> bool:
    """Whether a sentence begins as a definition does, "Retrospectives are a chance to ...", or is the row or item of
    just that `name`."""
    return bool(_patterns(thing)[1].match(text)) or terms(name) == terms(thing)


@lru_cache(maxsize=64)
def _patterns(thing: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    # The stems, since "dividends" are defined by "A dividend is ...".
    words = r"\w*\W+".join(re.escape(word[: max(3, len(terms(word)[0]) - 1)]) for word in thing.split())
    found = (rf"\b{words}\w*{_SAYS_WHAT}", rf"{_OPENS}{words}\w*{_IS}")
    return re.compile(found[0], re.IGNORECASE), re.compile(found[1], re.IGNORECASE)
