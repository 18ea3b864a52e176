"""Text -> search terms. The one analysis that documents, questions and the writer share, so that they always agree.

Terms are case-folded, stripped of diacritics and stemmed (Snowball English, which leaves most words of other
languages whole). Scripts without spaces give overlapping pairs of characters.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import Stemmer

_UNSPACED = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"
_WORD = re.compile(rf"[{_UNSPACED}]+|(?:(?![{_UNSPACED}])[^\W_])+", re.UNICODE)
_UNSPACED_RUN = re.compile(rf"[{_UNSPACED}]")
_APOSTROPHE = re.compile(r"[’ʼ＇]")
_POSSESSIVE = re.compile(r"'s?\b")


def terms(text: str) -> list[str]:
    """The terms of `text` in order, repeats included."""
    folded = unicodedata.normalize("NFKD", text.casefold())
    folded = "".join(c for c in folded if not unicodedata.combining(c))
    folded = _POSSESSIVE.sub(" ", _APOSTROPHE.sub("'", folded))
    found: list[str] = []
    for word in _WORD.findall(folded):
        if _UNSPACED_RUN.match(word):
            found.extend(word[i : i + 2] for i in range(max(1, len(word) - 1)))
        else:
            found.append(_stem(word))
    return found


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # A stemmer is not safe to share between threads; one for each miss costs microseconds.
    stemmed: str = Stemmer.Stemmer("english").stemWord(word)
    return stemmed
