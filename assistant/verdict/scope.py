"""Whether a sentence is of more than its sources: of all where they are of some, always where they have a condition, or
only of one where they leave others open."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence
from assistant.words.pieces import EXCEPTING, Piece, says

_LONGEST = 3  # pieces behind "all", which may name what it is of

_ALL = re.compile(
    r"\b(?:all|every|any|each|alle[nr]?|jede[rsmn]?|tod[ao]s|cada)\s+(?:(?:of\s+)?(?:the|los|las)\s+)?$", re.IGNORECASE
)
_FOR = re.compile(r"\s*(?:for|per|je|für|por|pour)?\s*", re.IGNORECASE)
_ALWAYS = re.compile(
    r"\b(?:always|at (?:any|all) times?|immer|stets|jederzeit|siempre|en todo momento|toujours)\b", re.IGNORECASE
)
_UP_TO = re.compile(r"\b(?:up to|at most|no more than|bis zu|höchstens|maximal|hasta|como máximo)\s+$", re.IGNORECASE)
# What stands between a thing and a word that says which of its kind are meant; the last ones are pieces themselves.
_ARTICLE = r"(?:\s+(?:the|an?|d(?:er|ie|as|em|en)|eine[mnr]?|el|la|los|las|una?))?\s+"
_OF = re.compile(
    rf"\s+(?:with|without|of|worth|who|that|whose|mit|ohne|con|sin|de|del)(?:\s+(?:are|have|is|has|más de))?{_ARTICLE}",
    re.IGNORECASE,
)
_AT = re.compile(
    rf"\s+(?:on|in|at|from|for|within|between|auf|in|im|am|ab|bei|für|en|desde|para){_ARTICLE}", re.IGNORECASE
)
_OVER = re.compile(r"over|above|under|below|worth|more|less|older|longer|über|unter|mehr|más", re.IGNORECASE)
# The same of what is so under a condition, anywhere in a sentence.
_WHERE = re.compile(
    rf"(?:^|\s)(?:with|without|on|in|at|from|for|within|between|during|if|when|after|before|mit|ohne|auf|im|am|ab|bei|vom"
    rf"|bis|wenn|con|sin|en|desde|durante|si){_ARTICLE}$",
    re.IGNORECASE,
)
_ONLY = re.compile(r"(?:^|[,;:]\s+)(?:only|nur|sol[oa]|sólo|solamente)\s+", re.IGNORECASE)
_ALONE = re.compile(
    r"\b(?:only|solely|alone|exclusively|nobody|no one|none|else|others?|unless|must|nur|allein\w*|ausschließlich|sonst"
    rf"|niemand|sol[oa]|sólo|solamente|únicamente|nadie|seule?(?:ment)?|{EXCEPTING.pattern})\b",
    re.IGNORECASE,
)
_MAY = re.compile(
    r"\s+(?:can|may|could|is|are|will|kann|können|darf|dürfen|puede|pueden|peut|peuvent)\b", re.IGNORECASE
)


def widened(matches: Matches, best: Sentence, understood: Sequence[Piece]) -> bool:
    """Whether a sentence is of all of a thing, or of any time, where the sentence that supports it best limits it, by
    what is neither said nor `understood`."""
    match = matches.of(best)
    for first, *further in _of_all(matches.said, match):
        if all(_is_narrowed(at, best, match) or _is_limited(at, best, match, understood) for at in first):
            return True
        if any(all(_is_limited(at, best, match, understood) for at in places) for places in further):
            return True
    return _ALWAYS.search(matches.said.text) is not None and _has_a_condition(best, match, understood)


def _of_all(said: Sentence, match: Match) -> Iterator[list[tuple[int, ...]]]:
    """Of each thing of which all are said to be so, where each of its words stands, and perhaps the verb."""
    for n, piece in enumerate(said.pieces):
        word = _ALL.search(said.text, 0, piece.start)
        if piece.figure or not word or _is_of_a_rate(word.start(), said):
            continue
        own = [n]
        longest = 1 if word[0].casefold().startswith("any") else _LONGEST  # "any" may be one, "any necessary details"
        while own[-1] + 1 < len(said.pieces) and len(own) < longest:
            if said.text[said.pieces[own[-1]].end : said.pieces[own[-1] + 1].start] != " ":
                break
            own.append(own[-1] + 1)
        found = [match.at[number] for number in own if match.at[number]]
        if found:
            yield found


def _is_of_a_rate(start: int, said: Sentence) -> bool:
    """Whether "each", which begins at `start`, says what the figure before it is for: "£22 for each metre"."""
    before = next((piece for piece in reversed(said.pieces) if piece.end <= start), None)
    return bool(before and before.figure and _FOR.fullmatch(said.text, before.end, start))


def _is_narrowed(at: int, sentence: Sentence, match: Match) -> bool:
    """Whether a further word stands before a thing, or a limit to how many there are."""
    before = sentence.pieces[at - 1] if at else None
    thing = sentence.pieces[at]
    if before is None or match.by[at - 1] or _ALL.search(sentence.text, 0, thing.start):
        return False
    if before.figure:
        return _UP_TO.search(sentence.text, 0, before.start) is not None
    return sentence.text[before.end : thing.start] == " "


def _is_limited(at: int, sentence: Sentence, match: Match, understood: Sequence[Piece]) -> bool:
    """Whether the words behind a thing say which of its kind are meant: "staff on flexible contracts"."""
    pieces, clause = sentence.pieces, sentence.pieces[at].clause
    behind = at + 1
    over = behind < len(pieces) and _OVER.fullmatch(sentence.text, pieces[behind].start, pieces[behind].end)
    first = behind + bool(over)
    if first >= len(pieces) or pieces[first].clause != clause:
        return False
    between = sentence.text[pieces[at].end : pieces[behind].start]
    begins = any(match.by[n] for n in range(first + 1, len(pieces)) if pieces[n].clause == clause)
    limits = (bool(over) and between == " ") or _OF.fullmatch(between) or (begins and _AT.fullmatch(between))
    return bool(limits) and _is_new(first, sentence, match, understood)


def _is_new(at: int, sentence: Sentence, match: Match, understood: Sequence[Piece]) -> bool:
    piece = sentence.pieces[at]
    return not match.by[at] and not any(says(known, piece) for known in understood)


def _has_a_condition(best: Sentence, match: Match, understood: Sequence[Piece]) -> bool:
    """Whether a sentence has a condition of which nothing is said; where it has "always" itself, right behind that
    or at its beginning."""
    always = _ALWAYS.search(best.text)
    for n, piece in enumerate(best.pieces):
        where = _WHERE.search(best.text, 0, piece.start)
        if where and (not always or where.start() in (0, always.end())) and _is_new(n, best, match, understood):
            return True
    return False


def alone(matches: Matches, best: Sentence) -> bool:
    """Whether a sentence says only of one thing what the sentence that supports it best says of it, and of no other
    that it is not so."""
    said, match = matches.said, matches.of(best)
    only = _ONLY.search(said.text)
    if not only or best.denials or _ALONE.search(best.text):
        return False
    first = next((n for n, piece in enumerate(said.pieces) if piece.start >= only.end()), None)
    if first is None:
        return False
    last = first
    while last + 1 < len(said.pieces) and said.text[said.pieces[last].end : said.pieces[last + 1].start] == " ":
        last += 1
    things = range(first, last + 1)
    return _MAY.match(said.text, said.pieces[last].end) is not None and all(match.at[n] for n in things)


_PERMITS = re.compile(
    r"\b(?:may|can|permitted|allowed|possible|free|entitled|kostenlos|gratis|darf|dürfen|kann|können|erlaubt|gestattet|zulässig|möglich"
    r"|puede|pueden|permitid[oa]s?|peut|peuvent|permise?s?)\b",
    re.IGNORECASE,
)
_IF = re.compile(
    r"\b(?:if|unless|provided|as long as|on condition|subject to|wenn|falls|sofern|solange|es sei denn|siempre que"
    r"|à condition|(?:not|no|never|nobody|cannot|nicht|kein\w*|niemand|nie)\b[^.,;:]{0,80}\b(?:without|ohne))\b",
    re.IGNORECASE,
)
_LIMITED = re.compile(
    rf"{_IF.pattern}|\b(?:when|only|with|without|after|once|during|for|nur|mit|ohne|nach)\b", re.IGNORECASE
)
_MOST = 0.75  # of what is permitted, which stands in the sentence with the condition


def permitted_anyway(matches: Matches, best: Sentence, understood: Sequence[Piece]) -> bool:
    """Whether a sentence permits what the sentence that supports it best permits under a condition, of which nothing
    is said."""
    said, match = matches.said, matches.of(best)
    if said.denials or not _PERMITS.search(said.text) or _LIMITED.search(said.text):
        return False
    word = _IF.search(best.text)
    behind = [n for n, piece in enumerate(best.pieces) if word and piece.start >= word.end()]
    behind = [n for n in behind if best.pieces[n].clause == best.pieces[behind[0]].clause]
    if not behind or not all(_is_new(n, best, match, understood) for n in behind):
        return False
    return sum(map(bool, match.at)) >= _MOST * len(said.pieces)
