"""Whether a sentence adds to what its sources say: one more to a list, what they deny to what they allow, or an
exception."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verdict.left_out import UNLESS
from assistant.verdict.listed import lists
from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source

_LIST = 3  # items from which a list is one: two may be joined in other words
_LONGEST = 3  # pieces of an item
_PLAIN = 10  # pieces of a sentence that says no more than that something is so


def added(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether a sentence has what its sources do not have there, in a list, behind "including" or behind "unless"."""
    said = matches.said
    found = matches.beside(sources)
    listed = [_trimmed(items) for items in lists(said)]
    if any(_has_a_new_item(items, found) for items in listed if len(items) >= _LIST):
        return True
    plain = len(said.pieces) <= _PLAIN and not said.denials and not _LIMITS.search(said.text)
    if plain and any(_joins_what_is_denied(i, found) for i in listed):
        return True
    return _has_a_new_part(said, found)


# Words with which a sentence may say itself what is left out.
_LIMITS = re.compile(
    r"\b(?:only|solely|unless|instead|nur|sondern|sólo|solo|solamente|salvo|seulement|rather|but)\b", re.IGNORECASE
)


def _trimmed(items: Sequence[list[int]]) -> list[list[int]]:
    """A list without what may stand before its first item and behind its last."""
    return [items[0][-_LONGEST + 1 :], *items[1:-1], items[-1][: _LONGEST - 1]]


def _has_a_new_item(items: Sequence[Sequence[int]], found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether a sentence of the sources lists all items but one, not the first, and nothing else, and none has all."""
    new = False
    for sentence, match in found if all(len(item) <= _LONGEST for item in items) else ():
        there = [[at for n in item for at in match.at[n]] for item in items]
        missing = there.count([])
        if not missing:
            return False
        new |= missing == 1 and bool(there[0]) and _is_whole_list([at for at in there if at], sentence)
    return new


def _is_whole_list(places: Sequence[Sequence[int]], sentence: Sentence) -> bool:
    """Whether things are all that stands in one list of a sentence."""
    return any(
        len(items) == len(places) and all(any(at in item for item in items for at in own) for own in places)
        for items in lists(sentence)
    )


def _joins_what_is_denied(items: Sequence[Sequence[int]], found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the sources have one item of a list, and only in clauses that deny something, and the others also in
    one that does not."""
    if any(len(item) > _LONGEST for item in items) or len(items) > _LIST:
        return False
    denied = [{_is_denied(at, sentence) for sentence, match in found for at in match.at[item[-1]]} for item in items]
    return {True} in denied and all(False in kinds for kinds in denied if kinds != {True})


def _is_denied(at: int, sentence: Sentence) -> bool:
    clause = [piece for piece in sentence.pieces if piece.clause == sentence.pieces[at].clause]
    return any(piece.denied or piece.governs for piece in clause)


_INCLUDING = re.compile(r"\b(?:including|einschließlich|inklusive|incluyendo|incluso|y compris)\b", re.IGNORECASE)


def _has_a_new_part(said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether nothing of what is included stands in the sources, or of an exception in the sentences by the rule."""
    for word in _INCLUDING.finditer(said.text):
        behind = _behind(said, word.end())
        if behind and not any(match.at[n] for n in behind for _, match in found):
            return True
    return any(_is_new_exception(said, word, found) for word in UNLESS.finditer(said.text))


def _is_new_exception(said: Sentence, word: re.Match[str], found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the sentence that has most of a rule has no exception, and nothing of the one that is made to it."""
    behind = _behind(said, word.end())
    if not behind or len(behind) == len(said.pieces):
        return False
    rule = [n for n in range(len(said.pieces)) if n not in behind]
    held = [(sum(bool(match.at[n]) for n in rule), sum(map(bool, match.at))) for _, match in found]
    at = held.index(max(held))
    near = found[at : at + 2]
    return not any(match.at[n] for n in behind for _, match in near) and not any(
        UNLESS.search(sentence.text) for sentence, _ in near
    )


def _behind(said: Sentence, at: int) -> list[int]:
    """The pieces of the clause that begins at `at`."""
    behind = [n for n, piece in enumerate(said.pieces) if piece.start >= at]
    return [n for n in behind if said.pieces[n].clause == said.pieces[behind[0]].clause]
