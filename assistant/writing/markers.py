"""The text that a language model streams -> words and the ids of passages in it.

Models write ids in many ways: "[b4k]", "【b4k】", "(b4k, m7t)", "[passage b4k]", "[^b4k]", "【b4k†source】", "b4k",
over several tokens. A bracket that holds no id of ours, but numbers or what looks like an id and is no word that the
model was told, is one that it made up: it is left out and counted. Any other bracket is text, and within code a made-up
one is too. With a marker goes what is there for it only: ticks, "[b4k], [m7t] and [c2d]", "(see [b4k])",
"Sources: [b4k]", a comma before the last one of a sentence, an address as in "[b4k](http://...)". Empty brackets cite
nothing and go too.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

_OPEN, _SHUT = r"\[({【［⟦〔", r"\])}】］⟧〕"
_BETWEEN = r"(?:\s*(?:[,;/&+|]|and|und|y|et|-|–)\s*|\s+)"
_NAMES = r"(?:passages?|sources?|ids?|refs?|references?|docs?|documents?|quelle|fuente)"
_STEP = 200  # characters looked at in one go: a server may send many, of which each could open a marker
_HELD = 60  # characters after an opening bracket within which it may turn out to be a marker
# What a link in Markdown leads to, with the brackets that stand in it; and as far as that has come.
_LINKED = r"\((?=[^\s()]*[./#:])(?:[^\s()]|\([^\s()]{0,60}\)){1,300}\)"
_MAY_LINK = r"\((?:[^\s()]|\([^\s()]{0,60}\)){0,300}(?:\([^\s()]{0,60})?\)?"
# Letters and figures together, or letters without a vowel.
_MADE_UP = r"(?=[a-z\d]*[a-z])(?=[a-z\d]*\d)[a-z\d]{2,6}|(?-i:[b-df-hj-np-tv-xz]{4,6})"
_JOINING = re.compile(r"[^\S\n]*(?:[;/&+–-]|,?(?:[^\S\n]*(?:and|or|und|oder|y|e|et|ou)\b)?)?[^\S\n]*")
_SEE = rf"[{_OPEN}]+[^\S\n]*(?:(?i:see|{_NAMES}|from|per|cf\.?|siehe|quellen|vgl\.?|véase|fuentes|voir)[:,]?[^\S\n]*)?"
_SOURCES = r"(?<![^\W_])(?:Sources?|References?|Citations?|Quellen?|Belege?|Fuentes?)[^\S\n]*"
_LIST = r":[*_]{0,2}\s*(?:[-*•][^\S\n]*)?"
_COMMA = r"(?:(?:(?<=\S)|(?<=\S[^\S\n]))[,;]|(?<=\S[^\S\n])[–—-])[^\S\n]*"  # behind a word
_LEADS = re.compile(rf"(?P<comma>{_COMMA})?(?P<see>{_SEE}|{_SOURCES}{_LIST})?$")
_MAY_LEAD = re.compile(rf"(?:[,;–—-][^\S\n]*)?(?:{_SEE}|{_SOURCES}(?:{_LIST})?)?$")
_LINE_BEGINS = re.compile(r"(?:^|\n)[\s*_#>-]*$")
_SEE_OPENS = re.compile(rf"[{_OPEN}]")
_STOPS = re.compile(r"[^\S\n]*(?:[.!?…。,;:\n]|$)")
_CLOSED = re.compile(rf"[^\S\n]*[,;]?[^\S\n]*[{_SHUT}]+")
_EMPTY = r"[(（][^\S\n]*[)）]|[\[【][\]】]"  # but "main()" is a word


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
            rf"(?P<tick>`)?\\?(?P<open>[{_OPEN}]+)\s*(?:{_NAMES}\s*[:#]?\s*)?(?P<names>{one}(?:{_BETWEEN}{one})*)"
            rf"(?P<place>\s*(?:[,;:]\s|†)[^{_OPEN}{_SHUT}\n]*)?\s*\\?(?P<shut>[{_SHUT}]+)"
            rf"(?(tick)`|(?P<address>(?<=\]){_LINKED})?)",
            re.IGNORECASE,
        )
        bare = "|".join(re.escape(name) for name in names if re.search(r"\d", name)) or r"(?!)"  # "none" is a word too
        self._bare = re.compile(rf"(?<![^\W_])(?:(?:{bare})(?![^\W_])|(?P<empty>{_EMPTY}))", re.IGNORECASE)
        self._found = re.compile(rf"(?<![^\W_])({any_name}|{_MADE_UP}|\d{{1,3}})(?![^\W_])", re.IGNORECASE)
        self._names = {name.casefold() for name in names}
        self._told = {*re.findall(r"\w+", told.casefold())}
        opens = rf"`?\\?[{_OPEN}]+[^{_OPEN}{_SHUT}\n]*"
        self._opened = re.compile(rf"{opens}(?:[{_SHUT}]+`?\\?)?$")
        self._chained = re.compile(rf"(?:{opens}[{_SHUT}]+)+{self._opened.pattern}")  # whose ticks are they?
        self._linked = re.compile(
            rf"(?P<marker>\\?[{_OPEN}]+[^{_OPEN}{_SHUT}\n]{{0,{_HELD}}}[{_SHUT}]*(?<=\])){_MAY_LINK}$"
        )
        self._word = re.compile(r"(?:`?\\?|[^\W_]{0,40})$")
        self._held = ""
        self._pending = ""  # words that may be there for a marker only
        self._after = False  # whether they stand behind one
        self._comma = ""  # before a marker that has come: it parts nothing if the sentence ends behind it
        self._see = ""  # "(see ", whose marker has come
        self._before = ""  # the last character that was parted
        self._said = ""  # the last of the words that went
        self._ticks = 0  # of code; within it while they are odd

    def feed(self, text: str) -> Iterator[Part]:
        """What `text` adds, as far as it cannot become part of a marker."""
        for start in range(0, len(text), _STEP):
            self._held += text[start : start + _STEP]
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
            if not self._after:
                self._leads()
                self._said = (self._said + self._pending)[-9:]
                yield from filter(None, (self._pending,))
            self._pending, self._after = "", True
            yield part

    def _leads(self) -> None:
        """Take from what is pending what leads to the marker that has come."""
        said = self._said + self._pending
        leads = _LEADS.search(said, len(self._said))
        assert leads is not None  # it finds the empty end at least
        see = leads["see"] or ""
        if see[:1].isalpha() and _LINE_BEGINS.search(said, 0, leads.start()):  # a list, or the line of one: `listing`
            self._comma = self._see = ""
            return
        self._comma, self._see = leads["comma"] or "", see if _SEE_OPENS.match(see) else ""
        self._pending = said[len(self._said) : leads.start()]

    def _text(self, text: str) -> Iterator[str]:
        self._pending += text
        if self._after:
            closed = _CLOSED.match(self._pending) if self._see else None
            if closed:
                self._see, self._pending = "", self._pending[closed.end() :]
            if _JOINING.fullmatch(self._pending):
                return
            if self._see:
                self._pending = f"{self._see}{self._pending.lstrip()}"
            if self._comma and not _STOPS.match(self._pending):
                self._pending = f"{self._comma.rstrip()}{self._pending}"
            self._after, self._see, self._comma = False, "", ""
        may_lead = _MAY_LEAD.search(self._pending)
        cut = may_lead.start() if may_lead else len(self._pending)
        ready, self._pending = self._pending[:cut], self._pending[cut:]
        self._said = (self._said + ready)[-9:]
        yield from filter(None, (ready,))

    def _ready(self) -> int:
        """How much of what is held is certain: up to a bracket that may still become a marker, or the last word."""
        chained, opened = self._chained.search(self._held), self._opened.search(self._held)
        linked = self._linked.search(self._held)
        if chained and len(self._held) - chained.start() <= _HELD:
            return chained.start()
        if linked and len(linked["marker"]) < _HELD:
            return linked.start()
        if opened and len(self._held) - opened.start() <= _HELD:
            return opened.start()
        return self._word.search(self._held).start()  # type: ignore[union-attr]  # it finds the empty end at least

    def _parts(self, done: str) -> Iterator[Part]:
        text, last = self._before + done, len(self._before)
        ticks, self._ticks = self._ticks - self._before.count("`"), self._ticks + done.count("`")
        self._before = text[-1:]

        def words(start: int, stop: int) -> Iterator[Part]:
            """Words, and what cites among them: ids without brackets, and brackets without ids."""
            for found in self._bare.finditer(text, start, stop):
                if found["empty"] and (ticks + text.count("`", 0, found.start())) % 2:
                    continue
                yield from filter(None, (text[start : found.start()],))
                yield Unknown() if found["empty"] else Mark(found[0].casefold())
                start = found.end()
            yield from filter(None, (text[start:stop],))

        for found in self._bracket.finditer(text, last):
            names = [name.casefold() for name in self._found.findall(found["names"])]
            code = (ticks + text.count("`", 0, found.start())) % 2 == 1
            length = (found.start("address") if found["address"] else found.end()) - found.start()
            if length >= _HELD or not self._cites(found, names, code):
                continue
            yield from words(last, found.start() + _surplus(found, "open", "shut"))
            yield from (Mark(name) if name in self._names else Unknown() for name in names)
            last = found.end() - (0 if found["address"] else _surplus(found, "shut", "open"))
        yield from words(last, len(text))

    def _cites(self, found: re.Match[str], names: Sequence[str], code: bool) -> bool:
        """Whether a bracket with these names is a marker, of ours or made up, and not text."""
        if any(name in self._names and (_is_square(found["open"]) or re.search(r"\d", name)) for name in names):
            return True
        if code or found["place"] or not _is_square(found["open"]):
            return False
        words = [name for name in names if not name.isdigit()]
        return not self._told.intersection(words) and (bool(words) or not found["tick"])


def _surplus(found: re.Match[str], many: str, few: str) -> int:
    """How many of the brackets on one side belong to others than those on the other side."""
    return 0 if found["tick"] else max(0, len(found[many]) - len(found[few]))


def _is_square(bracket: str) -> bool:
    """Whether a bracket without an id of ours is a marker at all: "(12)" and "{12}" are words, as is "[1923]"."""
    return any(sign in "[【［⟦〔" for sign in bracket)
