"""Whether a sentence joins to a thing another one of which its sources say something else: "restorers and readers may
enter" where the readers only stand in another sentence; or joins by "or" what they join by "and"."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verdict.listed import SEPARATOR, lists
from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source

_PLAIN = 10  # pieces of a sentence that says no more than one thing of a list
_LONGEST = 3  # pieces of an item
_HALF = 0.5  # of what is said of a list, which one item has at least

Found = Sequence[tuple[Sentence, Match]]


def joined(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether one item of a list stands in the sources only where they do not say all that they say of another.

    The list has to begin or to end the sentence: in the middle it may be one of verbs. What stands in title or headings
    is said of all.
    """
    said = matches.said
    listed = list(lists(said))
    if said.denials or len(said.pieces) > _PLAIN or len(listed) != 1 or _has_each_its_own(listed[0], said):
        return False
    found = matches.beside(sources)
    items = _items(listed[0], found)
    at_an_end = listed[0][0][0] == 0 or items[-1][-1] == len(said.pieces) - 1
    if not at_an_end or any(len(item) > _LONGEST for item in items):
        return False
    above = matches.known(frozenset().union(*(source.place_terms for source in sources)))
    others = set(range(len(said.pieces))).difference(*items)
    rest = {n for n in others if said.pieces[n].figure or not above.issuperset(said.pieces[n].terms)}
    held = [[frozenset(n for n in rest if match.at[n]) for match in _with(item, found)] for item in items]
    most = max((own for rows in held for own in rows), key=len, default=frozenset())
    if not all(held) or not most or len(most) < _HALF * len(rest):
        return False
    return any(not any(own >= most for own in rows) for rows in held)


def _has_each_its_own(items: Sequence[list[int]], said: Sentence) -> bool:
    """Whether each item is a statement by itself: "A costs 9 euros, B 39 euros and C 129 euros"."""
    figures = [[at for at, n in enumerate(item) if said.pieces[n].figure] for item in items]
    return all(found and found[0] > 0 for found in figures)


def _items(items: Sequence[list[int]], found: Found) -> list[list[int]]:
    """A list without what stands beside its first and its last item, but not beside it in the sources."""
    first, *middle, last = items
    start, end = len(first) - 1, 1
    while start and _are_beside(first[start - 1], first[start], found):
        start -= 1
    while end < len(last) and _are_beside(last[end - 1], last[end], found):
        end += 1
    return [first[start:], *middle, last[:end]]


def _are_beside(one: int, other: int, found: Found) -> bool:
    return any(at + 1 in match.at[other] for _, match in found for at in match.at[one])


def _with(item: Sequence[int], found: Found) -> Iterator[Match]:
    """The matches in the sentences that have an item, or begin with a pronoun for it."""
    before = False
    for sentence, match in found:
        before = all(match.at[n] for n in item) or (before and sentence.leans)
        if before:
            yield match


_BETWEEN = re.compile(r"\b(?:between|zwischen|entre)\s+(?:\w+\s+){0,2}$", re.IGNORECASE)
_AND = re.compile(r"\b(?:and|und|y|et|as well as|sowie)\b", re.IGNORECASE)
_OR = re.compile(r"\b(?:or|oder|o|ou)\b", re.IGNORECASE)
# With these words one is as good as the other: what may be done by card or by cheque may be done by card and by cheque.
_OPEN = re.compile(
    r"\b(?:may|might|can|could|possible|available|allow\w*|any|whether|if|such|includ\w*|kann|können|darf|dürfen|könn\w*|möglich|ob"
    r"|wenn|falls|pued\w*|si|peut|peuvent)\b",
    re.IGNORECASE,
)


def rejoined(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether two things are joined by "or" that stand in the sources joined by "and", or the other way round."""
    said = matches.said
    if said.denials or _OPEN.search(said.text):
        return False
    joints = {n: joint for n in range(1, len(said.pieces)) if (joint := _joint(n - 1, n, said))}
    found = matches.beside(sources) if joints else ()
    return any(_is_other(joint, [*_joints(n, found)]) for n, joint in joints.items())


def _is_other(joint: str, joints: Sequence[str]) -> bool:
    return bool(joints) and joint not in joints


def _joints(number: int, found: Found) -> Iterator[str]:
    """How the sources join a piece to the one before it."""
    for sentence, match in found:
        for at in match.at[number]:
            for other in match.at[number - 1]:
                joint = _joint(min(at, other), max(at, other), sentence) if abs(at - other) == 1 else ""
                if joint:
                    yield joint


def _joint(one: int, other: int, sentence: Sentence) -> str:
    """Whether "and" or "or" stands between two pieces, and nothing else; a choice between two is of one."""
    between = sentence.text[sentence.pieces[one].end : sentence.pieces[other].start]
    if not SEPARATOR.fullmatch(between) or _BETWEEN.search(sentence.text, 0, sentence.pieces[one].start):
        return ""
    return "and" if _AND.search(between) else "or" if _OR.search(between) else ""
