"""Asked how something is done, or what to do in a case, the list that tells it: which one, and whether it does."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.quoting.companions import WHOLE, as_far_as_allowed, within_words, words_of
from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.quoting.headings import LIST, is_named_by
from assistant.quoting.steps import Listing, Stages, listing_of, stages_of
from assistant.types import Quote
from assistant.words.kinds import ASKS, asks_to_reach
from index.generation import Generation
from index.terms import terms

_BEHIND = 0.6  # how far behind the best sentence one of the steps may lie
_HALF = 0.5  # the share of the question that the place of a list speaks of if it tells what to do in that case
_MUCH = 0.3  # of what the best sentence speaks of, from which a list whose lead-in has the verb of the question does
_FAR = 0.5  # the cosine from which a step says what is asked in other words
_LOOKED_AT = 12  # the best sentences, among which one of the steps has to be

_HOW_TO = re.compile(
    r"\bhow (?:do|can|could|should|must|shall|to)\b|\b(?:steps?|procedure|instructions)\b|\b(?:which|what) order\b",
    re.IGNORECASE,
)
_DO = re.compile(r"\bhow (?:(?:do|can|could|should|must|shall) (?:i|we|you|one)|to) (?P<verb>\w+)", re.IGNORECASE)
# "... when it breaks?"
_IN_CASE = re.compile(
    r"\bwhat (?:(?:do|should|must|can|shall) (?:i|we|you|one) (?:(?:have|need) to )?do|to do)\b", re.IGNORECASE
)


def instructions(question: str, weighed: Weighed, generation: Generation) -> tuple[Candidate, list[Quote]] | None:
    """Asked how to do something, or for just what the heading above a list says, the best sentence of the list that
    tells it, and that list with what leads in and closes it, one of steps before one of things; None if nothing of that
    is asked, or what no list says speaks of more that is asked about.

    Of steps that are headings the place of all has to speak of that; what stands under them is shown if it is short.
    """
    for candidate, under in _listings_under(question, weighed, generation):
        return candidate, as_far_as_allowed(under.quotes, candidate.quote)
    in_case = bool(_IN_CASE.search(question))
    if not weighed.candidates or not (in_case or _HOW_TO.search(question)):
        return None
    best = weighed.candidates[0]
    if best.fits and asks_to_reach(question):  # a list of numbers and addresses is no list of steps
        return None
    least = _spoken_of(best, (best.quote,), weighed)
    found: list[tuple[Candidate, Listing]] = []
    for candidate in weighed.candidates[:_LOOKED_AT]:
        if candidate.score < best.score - _BEHIND:
            continue
        for stages in stages_of(candidate.quote, generation, in_case):
            if _share_in(stages.above, weighed) >= max(least, _HALF if in_case else 0.0):
                return candidate, _as_far_as_short(stages, candidate.quote)
        listing = listing_of(candidate.quote, generation)
        if not listing or (in_case and _spoken_of(candidate, listing.lead, weighed) < _HALF):
            continue
        # A step of something else may speak of it, too: then what stands above the list has to.
        telling = listing.lead if best.quote not in listing.quotes else (*listing.lead, candidate.quote)
        # "How to claim:" tells how to claim back money, though "We pay back what you spend" has more of these words.
        enough = _MUCH * least if _tells_how_to(question, listing) else least
        if _spoken_of(candidate, telling, weighed) >= enough:
            found.append((candidate, listing))
    if not found:
        return None
    candidate, listing = next((one for one in found if one[1].is_of_steps), found[0])
    return candidate, as_far_as_allowed(listing.quotes, candidate.quote)


def _listings_under(question: str, weighed: Weighed, generation: Generation) -> Iterator[tuple[Candidate, Listing]]:
    """The lists, each with its best sentence, under a heading that names all that is asked for, and those of steps
    under one that begins with the same verb as a query that does ("connect a printer")."""
    query = terms(question)
    for candidate in weighed.candidates:
        heading = candidate.quote.chunk.heading[-1] if candidate.quote.chunk.heading else ""
        named = bool(heading) and is_named_by(question, heading, candidate.passage.title)
        begins = bool(heading) and terms(heading)[:1] == query[:1] and not ASKS.search(question)
        listing = listing_of(candidate.quote, generation) if named or begins else None
        if listing and (listing.alone or LIST.match(question) if named else listing.is_of_steps):
            yield candidate, listing


def _tells_how_to(question: str, listing: Listing) -> bool:
    """Whether what leads into a list of steps has the verb of a question for how to do something."""
    asked = _DO.search(question)
    said = terms(" ".join(quote.text for quote in listing.lead))
    return listing.is_of_steps and asked is not None and {*terms(asked["verb"])} <= {*said}


def tells_how(told: Candidate, listed: Sequence[Quote], weighed: Weighed) -> bool:
    """Whether a list tells what is asked and not something else of what its document is about: "Adding a user" in the
    "Database manual" is not how to delete a database."""
    title = set(terms(told.passage.title))
    besides = weighed.weights.keys() - title
    said = terms(" ".join((*told.quote.chunk.heading, *(quote.text for quote in listed))))
    reading = weighed.readings.get(told.id, -1.0)
    return not besides or bool(besides.intersection(said)) or reading >= 0 or told.cosine >= _FAR


def _as_far_as_short(stages: Stages, around: Quote) -> list[Quote]:
    """All of the steps, else what leads in and their headings, else the headings before and after `around`."""
    for quotes in (stages.quotes, stages.headings):
        if words_of(quotes) <= WHOLE:
            return [*quotes]
    at = next((n for n, step in enumerate(stages.steps) if around in step), 0)
    return within_words(stages.headings, stages.steps[at][0])


def _spoken_of(candidate: Candidate, quotes: Sequence[Quote], weighed: Weighed) -> float:
    """The share of the question that these words speak of, with title and headings."""
    place = (candidate.passage.title, *candidate.quote.chunk.heading, *(quote.text for quote in quotes))
    return _share_in(" ".join(place), weighed)


def _share_in(text: str, weighed: Weighed) -> float:
    return share(set(terms(text)) & weighed.weights.keys(), weighed.weights)
