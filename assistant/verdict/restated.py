"""What a sentence says in the terms of its sources: "Leave of three weeks" where they speak of "more than two weeks".

Some inferences are drawn, none of which needs more than the words: each of a list has its own of as many figures, who
is there on some days is not there on the others, a figure is within a limit that is set as a condition, "a day" is one
day, what is open until a time closes then, and what is so much a month is twelve times as much a year (`rates`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from assistant.verdict.hours import closing
from assistant.verdict.listed import SEPARATOR
from assistant.verdict.matching import Match, Matches
from assistant.verdict.rates import in_other_words, rates_of
from assistant.verdict.sentences import Sentence, Source, read, sentence_of
from assistant.words.figures import Figure
from assistant.words.frequencies import frequencies
from assistant.words.pieces import Piece
from assistant.words.units import UNITS, measures
from assistant.words.weekdays import DAYS

_HALF = 0.5  # of the other words, which have to stand beside the days that are named


def spread(said: Sentence) -> Sentence:
    """A sentence that begins with a list with each item beside its own of as many figures: "A and B cost 5 and 9"."""
    joined = [n for n in range(1, len(said.pieces)) if _is_joined(n, said)]
    values = [n for n in joined if said.pieces[n - 1].figure and said.pieces[n].figure]
    if not values or values != [*range(values[0], values[0] + len(values))]:
        return said
    starts = [n for n in joined if n < values[0] - 1]
    if (
        len(starts) != len(values)
        or _SPANS.search(said.text, 0, said.pieces[values[0] - 1].start)
        or any(piece.figure for piece in said.pieces[: starts[-1] + starts[0]])
    ):
        return said
    things = [*pairwise((0, *starts)), (starts[-1], min(starts[-1] + starts[0], values[0] - 1))]
    return read(_distributed(said, things, range(values[0] - 1, values[-1] + 1)))


def _is_joined(number: int, said: Sentence) -> bool:
    """Whether a word joins a piece to the one before it."""
    before, piece = said.pieces[number - 1 : number + 1]
    between = said.text[before.end : piece.start]
    return SEPARATOR.fullmatch(between) is not None and any(map(str.isalpha, between))


_SPANS = re.compile(r"\b(?:between|both|either|zwischen|entre)\s+$", re.IGNORECASE)  # what one thing has two figures of


def _distributed(said: Sentence, things: Sequence[tuple[int, int]], values: Sequence[int]) -> str:
    pieces, text = said.pieces, said.text
    between = text[pieces[things[-1][1] - 1].end : pieces[values[0]].start]
    behind = text[pieces[values[-1]].end :].rstrip(" .")
    parts = (
        f"{text[pieces[start].start : pieces[end - 1].end]}{between}{text[pieces[n].start : pieces[n].end]}{behind}"
        for (start, end), n in zip(things, values, strict=True)
    )
    return "; ".join(parts) + "."


def in_terms_of(matches: Matches, sources: Sequence[Source]) -> Matches:
    """The matches of a sentence without the days that it denies where the sources name others, without "one" where they
    have "a", without how often something is where they say that in other words, with the limits that its figures are
    within, or the rates that they make, in their place, and with "is open" for "closes" (`hours`)."""
    matches = closing(matches, sources)
    said = matches.said
    days = [n for n, piece in enumerate(said.pieces) if piece.denied and DAYS.issuperset(piece.terms or ("",))]
    strange = [n for n, piece in enumerate(said.pieces) if piece.figure and piece.figure.kind == "number"]
    often = frequencies(said.text)
    if not (days or strange or often):
        return matches
    found = matches.beside(sources)
    repeated = {n for one in often for n in in_other_words(one, said, found)}
    strange = [n for n in strange if not any(match.at[n] for _, match in found)]
    single = {n for n in strange if _is_single(n, said, found)} | repeated
    limits = {n: limit for n in strange for limit in _limits(n, said, found)}
    rates = {n: rate for n in strange for rate in rates_of(n, said, found)}
    others = bool(days) and _names_other_days(days, said, found)
    if not (limits or others or single or rates):
        return matches
    limits |= {n: figure for n, (_, figure) in rates.items()}
    single |= {span for span, _ in rates.values()}
    pieces = [replace(piece, figure=limits.get(n, piece.figure)) for n, piece in enumerate(said.pieces)]
    denials = {said.pieces[n].denied for n in days} if others else set[int]()
    unsaid = single.union(days) if others else single
    pieces = [replace(p, denied=0) if p.denied in denials else p for n, p in enumerate(pieces) if n not in unsaid]
    return Matches(sentence_of(said.text, pieces))


def _is_single(number: int, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether a figure is the one in "for one day", where the sources have "a day" in the sentence that has most of the
    rest of its clause."""
    figure, behind = said.pieces[number].figure, said.pieces[number + 1 : number + 2]
    if not figure or not figure.unit or figure.readings != {Decimal(1)} or not behind:
        return False
    word = said.text[behind[0].start : behind[0].end].casefold()
    likely = [pair for pair in found if pair[1].at[number + 1]]
    sentence, match = max(likely, key=lambda pair: sum(map(bool, pair[1].at)), default=(said, None))
    return match is not None and all(
        not (at and sentence.pieces[at - 1].figure) and _is_one(sentence.pieces[at], sentence, word)
        for at in match.at[number + 1]
    )


def _is_one(piece: Piece, sentence: Sentence, word: str) -> bool:
    """Whether a word for a time stands for one of it: "a day", "daily"."""
    text = sentence.text[piece.start : piece.end].casefold()
    return text == word or not UNITS.keys() & {text}


def _names_other_days(days: Sequence[int], said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    """Whether the sentences that have most of the rest name days, and none of these."""
    rest = [n for n in range(len(said.pieces)) if n not in days]
    likely = [match for sentence, match in found if sentence.terms & DAYS]
    held = [sum(bool(match.at[n]) for n in rest) for match in likely]
    most = max(held, default=0)
    if not rest or most < _HALF * len(rest):
        return False
    return not any(match.at[n] for count, match in zip(held, likely, strict=True) if count == most for n in days)


_MORE = r"more than|over|above|exceeding|longer than|mehr als|länger als|über"
_LEAST = r"at least|mindestens|wenigstens"
_LESS = r"less than|fewer than|under|below|shorter than|weniger als|kürzer als|unter"
_MOST = r"up to|at most|no more than|bis zu|höchstens|maximal"
_LIMIT = re.compile(
    r"\b(?:of|with|for|from|if|when|last|lasts|bei|ab|von|mit|für)\s+"
    rf"(?:(?P<more>{_MORE})|(?P<least>{_LEAST})|(?P<less>{_LESS})|(?P<most>{_MOST}))\s+$",
    re.IGNORECASE,
)
_LIMITED = re.compile(rf"\b(?:{_MORE}|{_LEAST}|{_LESS}|{_MOST})\s+$", re.IGNORECASE)
_LOOKED_AT = 30  # characters before a figure, in which a limit stands


def _limits(number: int, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> Iterator[Figure]:
    """The figures that limit what the sources speak of, within which a figure is, if all that stands with it in its
    clause and there stands with the limit too."""
    figure, start = said.pieces[number].figure, said.pieces[number].start
    if _LIMITED.search(said.text, max(0, start - _LOOKED_AT), start):
        return
    with_it = [n for n, p in enumerate(said.pieces) if p.clause == said.pieces[number].clause and n != number]
    for sentence, match in found:
        for at, piece in enumerate(sentence.pieces):
            limit = _LIMIT.search(sentence.text, max(0, piece.start - _LOOKED_AT), piece.start)
            if not (figure and piece.figure and limit and _is_within(figure, piece.figure, limit.lastgroup or "")):
                continue
            if not piece.figure.unit and not _is_of_the_same(number, at, said, sentence, match):
                continue
            places = [match.at[n] for n in with_it if match.at[n]]
            if places and all(any(sentence.pieces[p].clause == piece.clause for p in own) for own in places):
                yield piece.figure


def _is_of_the_same(number: int, at: int, said: Sentence, sentence: Sentence, match: Match) -> bool:
    """Whether two numbers count the same, by the word behind them."""
    return at + 1 < len(sentence.pieces) and number + 1 in match.by[at + 1] and number + 1 < len(said.pieces)


def _is_within(figure: Figure, limit: Figure, kind: str) -> bool:
    ours, theirs = _sizes(figure), _sizes(limit)
    shared = ours.keys() & theirs.keys()
    if figure.kind != limit.kind or not shared:
        return False
    over = {"more": ">", "least": ">=", "less": "<", "most": "<="}[kind]
    return all(_holds(ours[unit], over, theirs[unit]) for unit in shared)


def _holds(size: Decimal, over: str, limit: Decimal) -> bool:
    return (size > limit if ">" in over else size < limit) or ("=" in over and size == limit)


def _sizes(figure: Figure) -> dict[str, Decimal]:
    """How much a figure is, by the smallest unit of its kind."""
    return dict(measures((n for n in figure.readings if isinstance(n, Decimal)), figure.unit))
