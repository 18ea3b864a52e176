"""A question with a slip of the pen -> the question with the word that the documents have.

"How many madrasahs are in Sinagapore?" is asked of Singapore. What stands in a document is never a slip, and neither is
what the encoder knows as a whole word: "police" is not meant for "policy", even if no document speaks of the police.
"""

from __future__ import annotations

import re
from heapq import nsmallest

from rapidfuzz.distance import OSA

from index.catalog import Catalog
from index.encoder import Encoder
from index.generation import Generation
from index.terms import folded, places, terms

_WORD = re.compile(r"(?<![\w.@/#-])[^\W\d_]{6,}(?![\w@/]|[.-]\w)")
_TRIED = 5  # terms of the documents that are nearest to a word
_POSSESSIVE = re.compile(r"['’]s?$")
_LONG = 9  # letters of a word that may have another ending than the one that is meant
_STEMMED = 3  # letters by which the stem of what is meant may be shorter than that of a word that is none


def respelled(question: str, generation: Generation, encoder: Encoder) -> str:
    """`question` with each word that stands in no document, and is none that the encoder knows, put for one that a
    document has: with one letter more, less or other, or two that changed places (optimal string alignment), perhaps
    with another ending. The first letter is taken to be right. A word without such a neighbour stays."""
    words = {word for word in _WORD.findall(question) if not word.isupper()}
    unknown = [word for word in words if not _is_known(word, generation.catalog)]
    pieces = iter(encoder.count_tokens([form for word in unknown for form in (word, terms(word)[0])]))
    for word, count, stem in zip(unknown, pieces, pieces, strict=True):
        meant = _meant(word, generation.catalog) if count > 1 and stem > 1 else None
        question = re.sub(rf"(?<!\w){word}(?!\w)", meant, question) if meant else question
    return question


def _is_known(word: str, catalog: Catalog) -> bool:
    found = terms(word)
    return len(catalog.frequencies(found)) == len(set(found))


def _meant(word: str, catalog: Catalog) -> str | None:
    """The word of the documents that is nearest to `word`; of several the most frequent."""
    (term, *others) = terms(word)
    if others:
        return None
    known = catalog.terms_like(term[0], len(term) - _STEMMED, len(term) + 1)
    near = [(slips, -count, other) for other, count in known if (slips := _slips(term, other)) <= 2]
    for slips, _, other in nsmallest(_TRIED, near):
        written = _as_written(other, word, catalog)
        most = 2 if slips == 1 and len(word) >= _LONG else 1  # words that are one apart may have other endings
        if written and _slips(word, written) <= most:
            return written if word[0].isupper() else written.lower()
    return None


def _slips(one: str, other: str) -> int:
    return OSA.distance(one, other, processor=folded)


def _as_written(term: str, word: str, catalog: Catalog) -> str | None:
    """A term as it is written in a text that has it, as much like `word` as there; None where only a title has it."""
    found = catalog.search([term], 1)
    texts = [chunk.text for chunk in catalog.chunks_by_id([chunk for chunk, _ in found]).values()]
    written = [_POSSESSIVE.sub("", text[start:end]) for text in texts for start, end in places(text, {term})]
    return min(written, key=lambda one: _slips(one, word), default=None)
