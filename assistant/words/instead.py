"""A question that names another thing ("and the headset?") -> the question before, asked of that thing."""

from __future__ import annotations

import re

from assistant.words.frames import subject_terms
from assistant.words.frequencies import Frequency, frequencies
from assistant.words.kinds import MONTHS
from assistant.words.slots import Slot, head, is_people, named_thing, slots, thing_of

_INSTEAD = re.compile(
    r"\W*(?:(?:and|but|or|so) )?(?:what about|how about|and|or)(?: what)? (?P<thing>[^?!;:]+?)[\s?!.]*", re.IGNORECASE
)
# "Basic" after "the Team plan" is the Basic plan.
_KIND = re.compile(r"(?<![^\s])[^\W\d_a-z][\w-]*(?P<head> [a-z]\w+)$")
_ONE = re.compile(r"((?:an?|the) .+) ones?", re.IGNORECASE)
_TIME = re.compile(
    r"(?:.* )?(?:morning|afternoon|evening|night|noon|day|week|weekend|month|year"
    rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|{MONTHS})s?",
    re.IGNORECASE,
)


def asked_instead(question: str, before: str) -> str | None:
    """The question `before`, asked of the thing that `question` names and nothing else; None if it says more, or it is
    not clear what the thing takes the place of."""
    found = _INSTEAD.fullmatch(question)
    often = (frequencies(found["thing"]), frequencies(before)) if found else ((), ())
    if found and len(often[0]) == len(often[1]) == 1 and not subject_terms(_without(found["thing"], often[0][0])):
        now, then = often[0][0], often[1][0]  # "and for monthly?" after one about a yearly plan
        return before[: then.start] + found["thing"][now.start : now.end] + before[then.end :]
    thing = named_thing(found["thing"]) if found else None
    one = _ONE.fullmatch(found["thing"]) if found else None
    if one:
        return _asked_of_one(before, one[1])
    place = _place_of(thing, before) if thing else None
    if found is None or thing is None or place is None:
        return None if thing is None or thing.preposition != "for" else _for_whom(before, thing)
    kept = _KIND.search(place.text) if not thing.determined and " " not in thing.text else None
    text = f"{place.text[: kept.start()]}{thing.text}{kept['head']}" if kept else thing.text
    return before[: place.start] + text + before[place.end :]


def _without(text: str, one: Frequency) -> str:
    return text[: one.start] + text[one.end :]


def _asked_of_one(before: str, sort: str) -> str | None:
    """The question before, asked of another `sort` of its thing: "a full one" after "a half plot"; of the only thing
    without a sort that it speaks of, or of those people for the ones there."""
    things = [slot for slot in slots(before) if not slot.named or _KIND.search(slot.text)]
    thing = next((slot for slot in things if " " in slot.text), things[0] if len(things) == 1 else None)
    if thing is None:
        return None
    people = " " not in thing.text and is_people(thing.text)
    text = sort.partition(" ")[2] if people else f"{sort} {thing.text.split()[-1]}"
    return before[: thing.start] + text + before[thing.end :]


def _for_whom(before: str, thing: Slot) -> str:
    """The question before with those for whom it is asked now."""
    asked = before.rstrip("?!. ")
    return f"{asked} for {thing.text}{before[len(asked) :]}"


def _place_of(thing: Slot, before: str) -> Slot | None:
    """Which place a thing takes in the question before: of people the one of people, else that behind the same
    preposition, or that is of the same sort by its last word, by being a name, or by its determiner; of names, the
    first, which mostly stands for who does something. "For trainees" says of whom something is only where that was said
    ("the pay of clerks")."""
    # "In the morning" gives way to another time only.
    places = [place for place in slots(before) if not _TIME.fullmatch(place.text) or _TIME.fullmatch(thing.text)]
    groups = [place for place in places if not place.determined and is_people(place.text)]
    if is_people(thing.text) and not thing.determined and len(groups) == 1:
        return groups[0]
    whose = thing.preposition == "of" or (thing.preposition == "for" and thing_of(before) is not None)
    if thing.preposition and not whose:
        places = [place for place in places if place.preposition == thing.preposition]
        return places[-1] if places else None
    alike = (
        [place for place in places if thing.preposition and place.preposition == thing.preposition],
        [place for place in places if head(place.text) == head(thing.text)],
        [place for place in places if place.named == thing.named],
        [place for place in places if (place.named, place.determined) == (thing.named, thing.determined)],
        [place for place in places if _article(place) and _article(place) == _article(thing)],
        places if len(places) == 1 else [],
        [place for place in places if place.named and thing.named][:1],
    )
    return next((found[0] for found in alike if len(found) == 1), None)


def _article(thing: Slot) -> str:
    return thing.text.split()[0].casefold() if thing.determined else ""
