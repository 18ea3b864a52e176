"""What passages have of a sentence, measure by measure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Agreement:
    """What passages have of a sentence; shares are of its terms and figures, weighted by rarity, those that
    the question has already by half.

    `held` the share that the passages hold, with their titles and headings; `near` the share that the best two
    sentences hold; `cosine` with the nearest sentence, or with these two together; `length` the logarithm of one more
    than the number of terms.

    `strange_figures` and `strange_names` count what stands nowhere in them. `stray_figure` and `stray_name` say how
    much less of the sentence is held where the figure or name stands than where most of it is. `other_figure` and
    `other_name` say how much more fits around another figure or name than around the one that is said. `turned` is
    the share of the common terms that one denies and the other does not, or has the opposite of. These three are square
    roots, as a little of them tells much.

    `broken` are the rules that the sentence breaks (`rules`); `misplaced` says that a figure is of another cell of a
    table, `replaced` and `reworded` how surely another word has taken a word's place (`Replaced`); `mislabelled` counts
    the labels ("room 12") that are wrong. The others are those of the question's `Placing`.
    """

    held: float
    near: float
    cosine: float
    length: float
    strange_figures: float
    other_figure: float
    stray_figure: float
    strange_names: float
    other_name: float
    stray_name: float
    turned: float
    broken: frozenset[str]
    misplaced: float
    replaced: float
    reworded: float
    mislabelled: float
    unasked: float
    elsewhere: float
    outdone: float
    nearer: float
    strange_subject: float
