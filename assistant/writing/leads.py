"""Which lead-ins and headings go when what they lead to was left out.

"To request a refund:" without its steps says nothing, or worse. So they wait, and are written before the first of their
own that is kept; where none is, they go too. Their own are: of a heading all below it up to the next of its level; of a
lead-in the bullets below it, or else the next paragraph; of one with a bullet those further in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.verdict.verdicts import Verdict
from assistant.words.pieces import pieces

_NUMBERED = re.compile(r"\W*\d{1,3}(?:\.\d{1,3})*[.)]?\s+")
_ANNOUNCES = re.compile(r"\W*(?:here|below|hier|voici|aquí|a continuación|ci-dessous)\b", re.IGNORECASE)
_PLAIN = 10  # the depth of a lead-in without a bullet; headings are above it, bullets below


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence, what parts it from the one before, and its verdict.

    `level` is that of a heading, 0 of anything else; `indent` how far in a bullet stands, None where there is none.
    """

    text: str
    between: str
    verdict: Verdict
    level: int = 0
    indent: int | None = None

    @property
    def leads(self) -> bool:
        """Whether it is worth nothing without what follows."""
        return bool(self.level) or _leads_in(self.text)

    @property
    def depth(self) -> int:
        """What is deeper may belong to it."""
        return self.level or (_PLAIN if self.indent is None else _PLAIN + 1 + self.indent)


def is_label(text: str, level: int, is_cited: bool) -> bool:
    """Whether a heading or a lead-in only names what is below it: it holds no figure and no denial, and no citation
    unless all it does is to announce."""
    if not (level or _leads_in(text)) or (is_cited and not _ANNOUNCES.match(text)):
        return False
    return not any(piece.figure or piece.denied for piece in pieces(_NUMBERED.sub("", text)))


def _leads_in(text: str) -> bool:
    return text.rstrip("*_\"'”’») ").endswith((":", "："))


class Leads:
    """Those of one answer that wait."""

    def __init__(self) -> None:
        self._waiting: list[Said] = []
        self._had = False  # whether the last of them had something of its own, which was left out

    def take(self, said: Said, kept: bool) -> list[Said]:
        """What is to be written now that `said` has come, which is `kept` or not."""
        self._forget(said)
        if not kept:
            self._had = True
            return []
        if said.leads:
            self._waiting.append(said)
            self._had = False
            return []
        ready, self._waiting = [*self._waiting, said], []
        return ready

    def _forget(self, said: Said) -> None:
        """Let those go that `said` does not belong to."""
        opens_a_line = "\n" in said.between
        while self._waiting:
            last = self._waiting[-1]
            below = said.depth > last.depth
            follows = said.depth == last.depth == _PLAIN and not said.leads and not (self._had and opens_a_line)
            if below or follows:
                return
            self._waiting.pop()
            self._had = True
