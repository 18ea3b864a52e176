"""The rules that make a sentence wrong whatever else speaks for it, and which of them it breaks."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.verdict.added import added
from assistant.verdict.days import on_other_days
from assistant.verdict.decided import decided_otherwise
from assistant.verdict.doers import done_by_another
from assistant.verdict.joined import joined, rejoined
from assistant.verdict.limits import across
from assistant.verdict.matching import Matches
from assistant.verdict.modality import of_another_force
from assistant.verdict.order import misordered
from assistant.verdict.others import of_the_others
from assistant.verdict.pairing import crossed
from assistant.verdict.planned import too_early
from assistant.verdict.portions import of_another_portion
from assistant.verdict.rates import of_another_rate
from assistant.verdict.recurring import of_another_frequency
from assistant.verdict.scope import alone, permitted_anyway, widened
from assistant.verdict.sense import overstated, swapped
from assistant.verdict.sentences import Sentence, Source


def broken(
    matches: Matches, sources: Sequence[Source], best: Sentence, asked: Sentence, outdone: bool
) -> frozenset[str]:
    """The names of the rules that a sentence breaks.

    `best` is the one of the sources that supports it best, `asked` is the question. `swapped`: two names have
    changed places. `outdone`, as `compared` found: a table has more or less than it says. `crossed`: two clauses
    have exchanged what belongs to them, or one has taken the other's. `forced`: what must be is what may be.
    `misordered`: what is before something is after it. `added`: the sources list less, or deny it. `joined`: they
    say something else of one that is joined to others. `rejoined`: they have "and" for "or". `days`: they name
    other days. `widened`: it is of all where they are of some, or always where they have a condition. `alone`: it
    is only of one where they leave others open. `overstated`: an exception is left out. `condition`: it permits
    what they permit under one. `recurring`: something is more or less often in them. `portion`: it is of another
    share of some things. `early`: it has done what they plan. `across`: it is on the other side of a limit.
    `decided`: what they say to be rejected is approved. `doer`: somebody else does it. `rate`: a figure is for
    another time. `others`: it is said of some what is said of all but these.
    """
    said = matches.said
    understood = [*asked.pieces, *(piece for source in sources for piece in source.place)]
    rules = {
        "swapped": swapped(said, [sentence for source in sources for sentence in source.sentences]),
        "outdone": outdone,
        "crossed": crossed(matches, sources),
        "forced": of_another_force(matches, sources),
        "misordered": misordered(matches, sources),
        "added": added(matches, sources),
        "days": on_other_days(matches, sources),
        "across": across(matches, sources),
        "decided": decided_otherwise(matches, sources),
        "doer": done_by_another(matches, sources),
        "joined": joined(matches, sources),
        "rejoined": rejoined(matches, sources),
        "widened": widened(matches, best, understood),
        "alone": alone(matches, best),
        "overstated": overstated(said, best),
        "condition": permitted_anyway(matches, best, understood),
        "recurring": of_another_frequency(matches, sources),
        "portion": of_another_portion(matches, sources),
        "others": of_the_others(matches, sources),
        "rate": of_another_rate(matches, sources),
        "early": too_early(matches, sources),
    }
    return frozenset(name for name, breaks in rules.items() if breaks)
