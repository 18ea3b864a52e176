"""The text that a language model streams -> words and the ids of passages in it.

Models write ids in many ways: "[b4k]", "【b4k】", "(b4k, m7t)", "[passage b4k]", "[^b4k]", "b4k", over several tokens.
A bracket that holds no id of ours, but numbers or what looks like an id and is no word that the model was told, is one
that it made up: it is left out and counted. Any other bracket is text, and within code a made-up one is too. With a
marker goes what is there for it only: ticks, "[b4k], [m7t] and [c2d]", "(see [b4k])", "Sources: [b4k]".
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

_OPEN, _SHUT = r"\[({【［⟦〔", r"\])}】］⟧〕"
_BETWEEN = r"(?:\s*(?:[,;/&+|]|and|und|y|et|-|–)\s*|\s+)"
_NAMES = r"(?:passages?|sources?|ids?|refs?|references?|docs?|documents?|quelle|fuente)"
_HELD = 60  # characters after an opening bracket within which it may turn out to be a marker
# Letters and figures together, or letters without a vowel.
_MADE_UP = r"(?=[a-z\d]*[a-z])(?=[a-z\d]*\d)[a-z\d]{2,6}|(?-i:[b-df-hj-np-tv-xz]{4,6})"
_JOINING = re.compile(r"[^\S\n]*(?:[;/&+–-]|,?(?:[^\S\n]*(?:and|or|und|oder|y|e|et|ou)\b)?)?[^\S\n]*")
_SEE = r"\((?i:see|sources?|from|per|cf\.?|siehe|quellen?|vgl\.?|véase|fuentes?|voir)[:,]?[^\S\n]*"
_SOURCES = r"(?<![^\W_])(?:Sources?|References?|Citations?|Quellen?|Belege?|Fuentes?)[^\S\n]*"
_LIST = r":[*_]{0,2}\s*(?:[-*•][^\S\n]*)?"
_LEADS = re.compile(rf"(?:{_SEE}|{_SOURCES}{_LIST})$")
_MAY_LEAD = re.compile(rf"(?:{_SEE}|{_SOURCES}(?:{_LIST})?)$")


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the model cites the passage `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Where the model cites what does not exist."""


Part = str | Mark | Unknown


class Markers:
    """Parts the words of one stream from the ids in it. `names` are the ids there are, `told` what the model read."""

    def __init__(self, names: Collection[str], told: str = "") -> None:
        any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
        one = rf"[\"'`*]*(?:{_NAMES}\s*[:#]?\s*)?[\^#§]?(?:{any_name}|{_MADE_UP}|\d{{1,3}})[\"'`*]*"
        self._bracket = re.compile(
            rf"(?P<tick>`?)\\?(?P<open>[{_OPEN}]+)\s*(?:{_NAMES}\s*[:#]?\s*)?(?P<names>{one}(?:{_BETWEEN}{one})*)"
            rf"(?P<place>\s*[,;:]\s[^{_OPEN}{_SHUT}\n]*)?\s*\\?(?P<shut>[{_SHUT}]+)(?P=tick)",
            re.IGNORECASE,
        )
        bare = "|".join(re.escape(name) for name in names if re.search(r"\d", name)) or r"(?!)"  # "none" is a word too
        self._bare = re.compile(rf"(?<![^\W_])(?:{bare})(?![^\W_])", re.IGNORECASE)
        self._found = re.compile(rf"(?<![^\W_])({any_name}|{_MADE_UP}|\d{{1,3}})(?![^\W_])", re.IGNORECASE)
        self._names = {name.casefold() for name in names}
        self._told = {*re.findall(r"\w+", told.casefold())}
        opens = rf"`?\\?[{_OPEN}]+[^{_OPEN}{_SHUT}\n]*"
        self._opened = re.compile(rf"{opens}(?:[{_SHUT}]+`?\\?)?$")
        self._chained = re.compile(rf"(?:{opens}[{_SHUT}]+)+{self._opened.pattern}")  # whose ticks are they?
        self._word = re.compile(r"(?:`?\\?|[^\W_]{0,40})$")
        self._held = ""
        self._pending = ""  # words that may be there for a marker only
        self._after = False  # whether they stand behind one
        self._see = ""  # "(see ", whose marker has come
        self._ticks = 0  # of code; within it while they are odd

    def feed(self, text: str) -> Iterator[Part]:
        """What `text` adds, as far as it cannot become part of a marker."""
        self._held += text
        ready = self._ready()
        done, self._held = self._held[:ready], self._held[ready:]
        yield from self._joined(self._parts(done))

    def end(self) -> Iterator[Part]:
        """The rest."""
        done, self._held = self._held, ""
        yield from self._joined(self._parts(done))
        if not self._after or not _JOINING.fullmatch(self._pending):
            yield from filter(None, (self._pending,))

    def _joined(self, parts: Iterator[Part]) -> Iterator[Part]:
        """`parts` without what is there for their markers only."""
        for part in parts:
            if isinstance(part, str):
                yield from self._text(part)
                continue
            leads = None if self._after else _LEADS.search(self._pending)
            if leads:
                self._see = leads[0] if leads[0].startswith("(") else ""
                self._pending = self._pending[: leads.start()]
            if not self._after:
                yield from filter(None, (self._pending,))
            self._pending, self._after = "", True
            yield part

    def _text(self, text: str) -> Iterator[str]:
        self._pending += text
        if self._after and _JOINING.fullmatch(self._pending):
            return
        if self._see:
            closed = self._pending.startswith(")")
            self._pending = self._pending[1:] if closed else f"{self._see}{self._pending.lstrip()}"
        self._after, self._see = False, ""
        may_lead = _MAY_LEAD.search(self._pending)
        cut = may_lead.start() if may_lead else len(self._pending)
        ready, self._pending = self._pending[:cut], self._pending[cut:]
        yield from filter(None, (ready,))

    def _ready(self) -> int:
        """How much of what is held is certain: up to a bracket that may still become a marker, or the last word."""
        for opened in (self._chained.search(self._held), self._opened.search(self._held)):
            if opened and len(self._held) - opened.start() <= _HELD:
                return opened.start()
        return self._word.search(self._held).start()  # type: ignore[union-attr]  # it finds the empty end at least

    def _parts(self, text: str) -> Iterator[Part]:
        last = 0
        for found in self._bracket.finditer(text):
            names = [name.casefold() for name in self._found.findall(found["names"])]
            code = (self._ticks + text.count("`", 0, found.start())) % 2 == 1
            if len(found[0]) >= _HELD or not self._cites(found, names, code):
                continue
            yield from self._words(text[last : found.start()])
            yield from (Mark(name) if name in self._names else Unknown() for name in names)
            last = found.end() - _surplus(found)
        yield from self._words(text[last:])
        self._ticks += text.count("`")

    def _cites(self, found: re.Match[str], names: Sequence[str], code: bool) -> bool:
        """Whether a bracket with these names is a marker, of ours or made up, and not text."""
        if any(name in self._names and (_is_square(found["open"]) or re.search(r"\d", name)) for name in names):
            return True
        if code or found["place"] or not _is_square(found["open"]):
            return False
        words = [name for name in names if not name.isdigit()]
        return not self._told.intersection(words) and (bool(words) or "`" not in found["tick"])

    def _words(self, text: str) -> Iterator[Part]:
        """Words, and ids that stand among them without brackets."""
        last = 0
        for found in self._bare.finditer(text):
            yield from filter(None, (text[last : found.start()],))
            yield Mark(found[0].casefold())
            last = found.end()
        yield from filter(None, (text[last:],))


def _surplus(found: re.Match[str]) -> int:
    """How many of the closing brackets belong to others that were opened before."""
    return 0 if found["tick"] else max(0, len(found["shut"]) - len(found["open"]))


def _is_square(bracket: str) -> bool:
    """Whether a bracket without an id of ours is a marker at all: "(12)" and "{12}" are words, as is "[1923]"."""
    return bracket[0] in "[【［⟦〔"
