"""A sentence that says that the figure of an answer is another since: "The limit is raised to £190", "210 instead of
180 pounds", "From May a space costs £35 a month".

Rules and prices stand where they always stood, and what changed them in minutes or a newsletter. Held against each
other word by word (`conflicts`) two such sentences have little in common but the old figure, or what it is paid for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.quoting.near_misses import near, spoken_of
from assistant.types import Quote
from assistant.words.figures import Figure, figures
from index.terms import terms

_CHANGE = re.compile(
    r"\b(?:rais(?:e[sd]?|ing)|ris(?:es?|en|ing)|rose|increas(?:e[sd]?|ing)|lift(?:s|ed)?|lower(?:s|ed|ing)?"
    r"|reduc(?:e[sd]?|ing)|cuts?|decreas(?:e[sd]?|ing)|drop(?:s|ped)?|f[ae]ll(?:s|en)?"
    r"|(?:go(?:es|ne)?|went) (?:up|down)|chang(?:e[sd]?|ing)|extend(?:s|ed)?|shorten(?:s|ed)?"
    r"|mov(?:e[sd]?|ing)|postponed?|put (?:off|back)"
    r"|brought forward)\b",
    re.IGNORECASE,
)
_TO = re.compile(r"\bto (?:only |about |around )?")
_NO_MORE = re.compile(r"\b(?:instead of|rather than|up from|down from|formerly|previously|no longer|used to be|was) ")
_SINCE = re.compile(r"\b(?:[Ff]rom|[Ss]tarting|[Ee]ffective)(?: on)? (?=[\dA-Z])")
_LOOKED_AT = 20  # candidates, the best, among which the old figure is looked for
_RATE = re.compile(r"\b(?:an?|per|each|every) (\w+)")
_AS_MUCH = 0.5  # of what the answer, where it stands, speaks of the question
_MOST = 0.6  # of the question that both have to speak of where the old figure is not named


def changes(said: Candidate, weighed: Weighed) -> tuple[list[Candidate], Candidate | None]:
    """The candidate that says that a figure of `said` was changed, or `said` where it says that of another's, behind
    the sentence before it where only that has the old figure; and the one of another document that still has this.

    Nothing if there is none such, or something else than a figure is asked for. The two speak of about as much of the
    question, and of most of it where that does not say what it asks for, or the one follows the other.
    """
    if weighed.wanted is not None and not weighed.wanted.figure:
        return [], None
    new = next((c for c in weighed.candidates if c is not said and _is_changed(said, c, weighed)), None)
    if new is None and not _tells_of_change(said):
        return [], None
    if new is None or new.quote.chunk.document == said.quote.chunk.document:
        new = new or said
        old = next((c for c in weighed.candidates[:_LOOKED_AT] if _is_changed(c, new, weighed, apart=True)), None)
    else:
        old = said
    if new is said and old is None:
        return [], None
    before = weighed.beside(new, -1)
    leans = (
        before is not None and not any(_former(new.quote)) and any(_replaced(new.quote, _figures(before.quote.text)))
    )
    return [before, new] if before is not None and leans else [new], old


def _is_changed(said: Candidate, new: Candidate, weighed: Weighed, apart: bool = False) -> bool:
    """Whether a sentence says that a figure of `said` is another now; only of another document if `apart`."""
    one, other = said.quote.chunk, new.quote.chunk
    follows = not apart and (one.id, said.number + 1) == (other.id, new.number)
    if (one.document == other.document and not follows) or not _tells_of_change(new):
        return False
    old = _figures(said.quote.text)
    if not any(figure.unit or figure.kind != "number" for figure in old):
        return False
    before = weighed.beside(new, -1)
    former = (*_former(new.quote), *_replaced(new.quote, _figures(before.quote.text) if before else ()))
    if not any(_is_among(figure, old) for figure in former) and (follows or not _holds_from_then(said, new, weighed)):
        return False
    least = max(_AS_MUCH * spoken_of(said, weighed), 0.0 if weighed.wanted else _MOST)
    return spoken_of(new, weighed) >= least > 0


def _tells_of_change(candidate: Candidate) -> bool:
    return any(form.search(candidate.quote.text) for form in (_CHANGE, _SINCE, _NO_MORE))


@lru_cache(maxsize=4096)  # asked for each sentence beside each other one
def _figures(text: str) -> tuple[Figure, ...]:
    return tuple(figures(text))


def _former(quote: Quote) -> Iterator[Figure]:
    """The figures that a sentence says to hold no more."""
    own = _figures(quote.text)
    yield from _replaced(quote, own)
    for figure in own:
        if _stands_behind(_NO_MORE, quote.text, figure) and any(_is_other(figure, new) for new in own):
            yield figure


def _replaced(quote: Quote, among: Sequence[Figure]) -> Iterator[Figure]:
    """Those of some figures for which a sentence says that there is another now: "rises from 180 to 210 pounds"."""
    if not _CHANGE.search(quote.text):
        return
    for new in _figures(quote.text):
        if _stands_behind(_TO, quote.text, new):
            yield from (old for old in among if _is_other(old, new))


def _holds_from_then(said: Candidate, candidate: Candidate, weighed: Weighed) -> bool:
    """Whether a sentence has another figure for the same, from a date on that it names, and the other names no date."""
    text, others = candidate.quote.text, _figures(said.quote.text)
    found = _figures(text)
    dated = any(figure.kind == "date" and _stands_behind(_SINCE, text, figure) for figure in found)
    if not dated or any(figure.kind == "date" for figure in others):
        return False
    about = weighed.weights.keys() & {*terms(near(said))} & {*terms(near(candidate))}
    same_rate = {*_RATE.findall(text)} == {*_RATE.findall(said.quote.text)}
    return (
        share(about, weighed.weights) >= _MOST
        and same_rate
        and any(new.kind == "number" and _is_other(old, new) for new in found for old in others)
    )


def _stands_behind(words: re.Pattern[str], text: str, figure: Figure) -> bool:
    return any(found.end() == figure.start for found in words.finditer(text))


def _is_among(figure: Figure, others: Sequence[Figure]) -> bool:
    return any(_are_alike(figure, other) and figure.readings & other.readings for other in others)


def _is_other(one: Figure, other: Figure) -> bool:
    return _are_alike(one, other) and not one.readings & other.readings


def _are_alike(one: Figure, other: Figure) -> bool:
    """Whether two figures measure the same; numbers without a unit count anything."""
    return one.kind == other.kind and one.unit == other.unit and (bool(one.unit) or one.kind != "number")
