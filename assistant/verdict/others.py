"""Whether a sentence says of those who are named what its sources say of all others: "Students pay 20 euros" where
membership is free for students and everybody else pays that."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source
from assistant.words.slots import is_people

_MOST = 0.6  # of the rest, which the sentence about the others has to hold
_OTHERS = re.compile(
    r"\b(?:(?:every(?:body|one)|all|no(?:body| one)|any(?:body|one)) else|(?:all|the) (?:others|other \w+|rest)"
    r"|all(?:en?|er) (?:anderen|übrigen)|die (?:anderen|übrigen))\b",
    re.IGNORECASE,
)
_PARTS = re.compile(r"[;:,]|\b(?:and|but|while|whereas|und|aber|während)\b", re.IGNORECASE)


def of_the_others(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether somebody is said to do, or to have, what the sources say of all but these, and of them nowhere."""
    said = matches.said
    whom = {n for n, p in enumerate(said.pieces) if p.named or is_people(said.text[p.start : p.end])}
    if not whom or said.denials or _OTHERS.search(said.text):
        return False
    found = matches.beside(sources)
    rest = [n for n in range(len(said.pieces)) if n not in whom]
    for sentence, match in found:
        told = _told_of_others(sentence, match, rest, whom)
        elsewhere = (other.at for one, other in found if one is not sentence)
        if told and not any(any(at[n] for n in told) and any(at[n] for n in whom) for at in elsewhere):
            return True
    return False


def _told_of_others(sentence: Sentence, match: Match, rest: Sequence[int], whom: set[int]) -> list[int]:
    """The pieces that a sentence has beside "all others" only, where it has most of the rest and names whom it is said
    of elsewhere."""
    others = _OTHERS.search(sentence.text)
    if not others or sum(bool(match.at[n]) for n in rest) < max(1, _MOST * len(rest)):
        return []
    start = max((part.end() for part in _PARTS.finditer(sentence.text, 0, others.start())), default=0)
    end = others.end() + len(sentence.text[others.end() :].partition(";")[0])
    beside = [[start <= sentence.pieces[at].start < end for at in places] for places in match.at]
    if not any(beside[n] for n in whom) or any(any(beside[n]) for n in whom):
        return []
    return [n for n in rest if beside[n] and all(beside[n])]
