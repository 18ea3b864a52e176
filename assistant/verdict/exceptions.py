"""Whether a sentence says of an exception what its source says of it: what may not be done, "except during closures",
may be done then."""

from __future__ import annotations

import re

from assistant.verdict.left_out import ONLY
from assistant.verdict.sentences import Sentence, opposed
from assistant.words.pieces import EXCEPTING, says

_HALF = 0.5  # of the rule, which a sentence about its exception has at least
UNLESS = re.compile(rf"\b(?:unless|es sei denn|a menos que|à moins que|{EXCEPTING.pattern})\b", re.IGNORECASE)
"""What an exception stands behind."""
_FURTHER = re.compile(r"\b(?:but|however|otherwise|aber|sondern|sonst|pero|sino|mais|also|even|auch)\b", re.IGNORECASE)


def agrees_on_an_exception(said: Sentence, best: Sentence) -> bool | None:
    """Whether `said` denies of the exception that `best` makes what the rule does not, or makes the same exception to
    the same rule; None if it does not speak of it, or of more."""
    word = UNLESS.search(best.text)
    behind = [piece for piece in best.pieces if word and piece.start >= word.end()]
    behind = [piece for piece in behind if piece.clause == behind[0].clause]
    rule = [piece for piece in best.pieces if word and piece.end <= word.start()]
    if not word or not behind or not rule or _FURTHER.search(said.text) or opposed(said, best):
        return None
    if not all(any(says(piece, own) for own in said.pieces) for piece in behind):
        return None
    least = 1.0 if any(map(ONLY.fullmatch, said.text.split())) else _HALF  # only of pupils is what is only then
    if sum(any(says(piece, own) for own in said.pieces) for piece in rule) < least * len(rule):
        return None
    same = UNLESS.search(said.text)
    ours, theirs = _denials(said, same), _denials(best, word)
    if max(ours, theirs) > 1:
        return None
    return (ours == theirs) == bool(same)


def _denials(sentence: Sentence, word: re.Match[str] | None) -> int:
    """How often a sentence denies something, but for its exception."""
    return len(sentence.denials) - bool(word and EXCEPTING.fullmatch(word[0]))
