"""Of how many of some things a sentence is: "all", "most of the", "some", "few", "half of the".

Each has a share that it is about, and those that it may be said of: "some" of half and of all, "most" not of some.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from assistant.words.pieces import Piece


@dataclass(frozen=True, slots=True)
class Quantity:
    """A share of the things that piece `number` begins to name: what it is about, and what it may be said of at
    `least` and at `most`."""

    number: int
    about: float
    least: float
    most: float

    def covers(self, other: Quantity) -> bool:
        """Whether it may be said of what another is said of."""
        return self.least <= other.about <= self.most


# For each kind what it is about, what it may be said of at least and at most, and its words.
_KINDS = {
    "nearly": (
        *(0.93, 0.8, 1.0),
        r"(?:nearly|almost|virtually|practically) (?:all|every)|fast alle[rn]?|casi todos|presque tous",
    ),
    "every": (
        *(1.0, 0.98, 1.0),
        r"(?<!not )(?<!nicht )(?:all|every|each|alle[rn]?|jede[rsmn]?|tod[ao]s|cada|tous|toutes|chaque)",
    ),
    "greater": (
        *(0.7, 0.5, 1.0),
        r"(?<!at )(?<!the )most|(?:the|a) (?:vast |great |large )?majority|d(?:ie|er) meisten|die mehrheit|la mayoría"
        r"|la plupart",
    ),
    "many": (0.4, 0.1, 1.0, r"(?<!as )(?<!so )(?<!how )many|numerous|viele[rn]?|much[ao]s|beaucoup"),
    "few": (0.05, 0.0, 0.2, r"(?<!a )few|hardly any|wenige[rn]?|kaum|poc[ao]s|peu"),
    "some": (
        *(0.3, 0.01, 1.0),
        r"some|several|certain|a few|a (?:small )?(?:number|part|minority)|einige[rn]?|manche[rn]?|mehrere[rn]?"
        r"|ein teil|algun[ao]s|vari[ao]s|quelques|certaine?s|plusieurs",
    ),
}
_OF = r"(?:\s+(?:of|de|der|des))?(?:\s+(?:the|its|our|their|his|her|these|those|die|den|dieser?|las?|los|les))?\s+"
_QUANTITY = re.compile(
    rf"\b(?:{'|'.join(f'(?P<{name}>{words})' for name, (*_, words) in _KINDS.items())}){_OF}", re.IGNORECASE
)
_SHARE = re.compile(_OF, re.IGNORECASE)
_EXACT = 0.03  # by which a share may be another: a third is 33 percent


def quantities(text: str, pieces: Sequence[Piece]) -> Iterator[Quantity]:
    """The things of which a text with these pieces has a share."""
    starts = {piece.start: n for n, piece in enumerate(pieces) if not piece.figure}
    for word in _QUANTITY.finditer(text):
        if word.end() in starts:
            about, least, most, _ = _KINDS[word.lastgroup or ""]
            yield Quantity(starts[word.end()], about, least, most)
    for n, (before, piece) in enumerate(pairwise(pieces), 1):
        figure = before.figure
        if figure and figure.unit == "%" and not piece.figure and _SHARE.fullmatch(text, before.end, piece.start):
            share = max(float(reading) for reading in figure.readings if isinstance(reading, Decimal)) / 100
            yield Quantity(n, share, share - _EXACT, share + _EXACT)
