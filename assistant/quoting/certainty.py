"""How sure it is that the best sentence found answers a question.

`certainty` is a logistic function of the best sentence's evidence. Each part of it is a share or a difference, none
grows with the number of documents, so one calibration serves three documents and three thousand (docs/experiments.md).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from itertools import pairwise

import numpy as np

from assistant.quoting.evidence import Weighed, read, share
from assistant.quoting.reader import Reader
from assistant.retriever import Retrieval, content_terms, terms_of
from assistant.words.names import missing_names, names_of
from index.terms import terms

_APART = 3  # terms of the question that stand this near each other in a sentence are taken to belong together
_AROUND = 30  # the nearest sentences of the whole index, above whose middle an answer should stand out
_FEW = 8  # with fewer sentences than this, their middle says nothing, and that of any text stands in for the missing
_UNRELATED = 0.1  # the cosine of a question with words about something else
_ANY = 6.0  # a reading from which it is rather sure that any sentence answers
_AGAIN = (0.15, 0.8)  # the certainties between which another place is read
_PLACES = 3  # that are read at most


@dataclass(frozen=True, slots=True)
class Evidence:
    """What `certainty` is made from, all for the best sentence; shares are of the question's weighted terms.

    `cosine` with the question; `held` the share it holds, `passage` the share its passage and headings hold; `together`
    the share of neighbouring terms that stand together in it; `strange` the share of the question's names and numbers
    that its passage lacks; `fits` 1 if it holds the kind of thing asked for; `stands_out` its passage's best cosine
    above the middle of the nearest sentences; `length` the logarithm of one more than the number of terms; `reading`
    how surely the reader finds an answer (1) or none (-1), 0 if it was not asked.
    """

    cosine: float
    held: float
    passage: float
    together: float
    strange: float
    fits: float
    stands_out: float
    length: float
    reading: float = 0.0


# All fitted by bench/calibrate.py on sets of questions and on sets of three paragraphs, and the bias moved by hand, so
# that few of the answerable ones there are refused at 0.5. docs/experiments.md has the sets, and how many.
_UNREAD = Evidence(
    cosine=4.9, held=2.4, passage=2.15, together=1.8, strange=-1.9, fits=0.4, stands_out=3.0, length=0.45
)
_UNREAD_BIAS = -5.15
# Where the encoder only spells, what is near says little, and words that are held everything.
_SPELLED = Evidence(cosine=0.6, held=3.7, passage=4.4, together=1.8, strange=-0.9, fits=0.0, stands_out=1.2, length=0.0)
_SPELLED_BIAS = -1.1
_WEIGHTS = Evidence(
    cosine=1.4,
    held=0.2,
    passage=0.4,
    together=0.2,
    strange=-0.4,
    fits=0.8,
    stands_out=1.5,
    length=0.0,
    reading=1.9,
)
_BIAS = -0.7


def certainty(question: str, weighed: Weighed, retrieval: Retrieval) -> float:
    """How sure it is, from 0 to 1, that the best candidate answers `question`; 0 if there is none."""
    if not weighed.candidates:
        return 0.0
    if weighed.reading is not None:
        weights, bias = _WEIGHTS, _BIAS
    else:
        weights, bias = (_SPELLED, _SPELLED_BIAS) if retrieval.spelled else (_UNREAD, _UNREAD_BIAS)
    logit = bias + sum(map(float.__mul__, astuple(weights), astuple(evidence(question, weighed, retrieval))))
    return 1 / (1 + math.exp(-logit))


def read_in_doubt(question: str, weighed: Weighed, retrieval: Retrieval, reader: Reader) -> Weighed:
    """The candidates (there must be one) ranked anew after `reader` has read the best of them, and as long as that
    leaves a doubt the next best: what answers may not be what comes nearest."""
    low, high = _AGAIN
    for _ in range(_PLACES):
        weighed = read(question, weighed, reader)
        if not low < certainty(question, weighed, retrieval) < high:
            break
    return weighed


def evidence(question: str, weighed: Weighed, retrieval: Retrieval) -> Evidence:
    """The evidence of the best candidate; there must be one."""
    best, weights = weighed.candidates[0], weighed.weights
    passage = best.passage
    place = " ".join((passage.title, *passage.chunk.heading, passage.chunk.row))
    around = {*terms(place), *terms_of(passage.chunk), *best.terms}
    names = names_of(question) & weights.keys()
    nearest = max(candidate.cosine for candidate in weighed.candidates)
    around_it = (retrieval.cosines + (_UNRELATED,) * (_FEW - len(retrieval.cosines)))[:_AROUND]
    return Evidence(
        cosine=best.cosine,
        held=share(best.terms, weights),
        passage=share(around & weights.keys(), weights),
        together=_together(content_terms(question), best.said),
        strange=len(missing_names(question, f"{place} {passage.chunk.text}") & names) / len(names) if names else 0.0,
        fits=float(best.fits),
        stands_out=nearest - float(np.median(around_it)),
        length=math.log(1 + len(weights)),
        reading=math.tanh((weighed.reading or 0.0) / _ANY),
    )


def _together(asked: Sequence[str], said: Sequence[str]) -> float:
    places: dict[str, list[int]] = {}
    for place, term in enumerate(said):
        places.setdefault(term, []).append(place)
    pairs = [(a, b) for a, b in pairwise(asked) if a != b]
    near = [any(abs(i - j) <= _APART for i in places.get(a, ()) for j in places.get(b, ())) for a, b in pairs]
    return sum(near) / len(near) if near else 0.5
