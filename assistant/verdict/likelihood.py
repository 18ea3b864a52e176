"""How likely it is that passages bear a sentence out, by what they have of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.verdict.measures import Agreement


@dataclass(frozen=True, slots=True)
class Factor:
    """One thing that has to be right: a logistic function of some measures, by their names."""

    bias: float
    weights: Mapping[str, float]


# That the words are there, that the figures, the names and the sense are those of the passages: each can fail alone, so
# their product is what is fitted. By bench/verdicts.py, on half of the conversations and articles (docs/quality.md).
FACTORS = (
    Factor(-1.28, {"held": 2.47, "near": 2.65, "cosine": 4.73, "length": -1.08}),
    Factor(3.67, {"strange_figures": -2.72, "other_figure": -5.79, "stray_figure": -4.19}),
    Factor(0.76, {"strange_names": -0.84, "other_name": -7.11, "stray_name": -2.27, "cosine": 3.87}),
    Factor(4.3, {"turned": -23.0}),
)
# That a short sentence speaks of what was asked about: set by hand, so that some nine in ten right ones are not called
# unsupported (docs/experiments.md).
ASKED = Factor(6.0, {"unasked": -7.0, "elsewhere": -7.0, "outdone": -4.0})

_BROKEN = 0.3  # the most that a sentence gets that breaks a rule: hardly any of the fitted ones does
_DOUBTED = (
    0.7  # the most of one of which little is there, or where another clause could answer as well, or of a new word
)
_SHARE = 0.1
_LITTLE = 1.16  # what has less of it stand there, cosine added, may be invented: so have 0.6 % of good sentences
_IN_PLACE = 0.4  # how surely a word has taken another's place, from which that counts: so do 0.6 % of good sentences


def likelihood(agreement: Agreement) -> float:
    """How likely it is, from 0 to 1, that passages with this agreement support the sentence."""
    logits = [f.bias + sum(w * getattr(agreement, name) for name, w in f.weights.items()) for f in (*FACTORS, ASKED)]
    score = math.prod(1 / (1 + math.exp(-logit)) for logit in logits)
    wrong = agreement.mislabelled or agreement.misplaced or agreement.strange_subject
    if agreement.broken or wrong or agreement.replaced >= _IN_PLACE:
        return min(score, _BROKEN)
    little = agreement.held + agreement.cosine < _LITTLE
    doubted = little or agreement.nearer >= _SHARE or agreement.reworded >= _IN_PLACE
    return min(score, _DOUBTED) if doubted else score
