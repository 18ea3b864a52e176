"""The passages found first -> the words that lead from them to further ones.

A question may take two steps: "Where was the author of Solaris born?" names a book, its passage names an author, and
the author's passage has the place. So the names in the best passages that the question lacks are searched for in turn.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

from index.catalog import Catalog
from index.terms import terms
from index.types import Passage

_NAMES = 10  # terms that are searched for in turn
# Words after another one on their line, and words before one with a capital; what opens a sentence may be any word.
_MAYBE_NAMES = re.compile(r"(?<=\w )[^\W\d_][\w’'-]{2,}|\b[^\W\d_][\w’'-]{2,}(?= [^\W\d_a-z])")


def bridges(asked: Sequence[str], found: Sequence[Passage], catalog: Catalog) -> list[str]:
    """Terms of names in the passages `found` (and in their titles) that are not among those `asked`, which tell most
    first: those that few chunks hold, of the best passages."""
    named = {passage.chunk.id: _names(passage) - set(asked) for passage in found}
    frequencies = catalog.frequencies(set().union(*named.values()))
    _, chunks = catalog.counts()
    weights: dict[str, float] = {}
    for passage in found:
        for term in named[passage.chunk.id] & frequencies.keys():
            weight = passage.score * math.log(1 + chunks / (frequencies[term] + 0.5))
            weights[term] = max(weights.get(term, 0.0), weight)
    return sorted(weights, key=lambda term: (-weights[term], term))[:_NAMES]


def _names(passage: Passage) -> set[str]:
    words = [word for word in _MAYBE_NAMES.findall(passage.chunk.text) if word[0].isupper()]
    return {term for word in (passage.title, *words) for term in terms(word)}
