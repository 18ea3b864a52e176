"""The text that a language model streams -> words and the ids of passages in it.

Models write ids in many ways: "[b4k]", "【b4k】", "(b4k, m7t)", "[passage b4k]", "[^b4k]", "b4k", over several tokens.
A bracket that holds no id of ours, but numbers or what looks like an id, is one that the model made up: it is left out
and counted. Any other bracket is text. Within code a made-up one is text too, since code is full of brackets.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

_OPEN, _SHUT = r"\[({【［⟦〔", r"\])}】］⟧〕"
_ID = r"[a-z]\d[a-z]"
_BETWEEN = r"(?:\s*(?:[,;/&+|]|and|und|y|et|-|–)\s*|\s+)"
_NAMES = r"(?:passages?|sources?|ids?|refs?|references?|docs?|documents?|quelle|fuente)"
_HELD = 60  # characters after an opening bracket within which it may turn out to be a marker


@dataclass(frozen=True, slots=True)
class Mark:
    """Where the model cites the passage `name`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Where the model cites what does not exist."""


Part = str | Mark | Unknown


class Markers:
    """Parts the words of one stream from the ids in it. `names` are the ids there are."""

    def __init__(self, names: Collection[str]) -> None:
        any_name = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True)) or r"(?!)"
        one = rf"[\"'`*]*(?:{_NAMES}\s*[:#]?\s*)?[\^#§]?(?:{any_name}|{_ID}|\d{{1,3}})[\"'`*]*"
        self._bracket = re.compile(
            rf"[{_OPEN}]+\s*(?:{_NAMES}\s*[:#]?\s*)?({one}(?:{_BETWEEN}{one})*)"
            rf"(?P<place>\s*[,;:]\s[^{_OPEN}{_SHUT}\n]*)?\s*[{_SHUT}]+",
            re.IGNORECASE,
        )
        bare = "|".join(re.escape(name) for name in names if re.search(r"\d", name)) or r"(?!)"  # "none" is a word too
        self._bare = re.compile(rf"(?<![^\W_])(?:{bare})(?![^\W_])", re.IGNORECASE)
        self._found = re.compile(rf"(?<![^\W_])({any_name}|{_ID}|\d{{1,3}})(?![^\W_])", re.IGNORECASE)
        self._names = {name.casefold() for name in names}
        self._opened = re.compile(rf"[{_OPEN}]+(?:[^{_OPEN}{_SHUT}\n]*|[^{_OPEN}{_SHUT}\n]*[{_SHUT}]+)$")
        self._word = re.compile(r"\w{0,40}$")
        self._held = ""
        self._ticks = 0  # of code; within it while they are odd

    def feed(self, text: str) -> Iterator[Part]:
        """What `text` adds, as far as it cannot become part of a marker."""
        self._held += text
        ready = self._ready()
        done, self._held = self._held[:ready], self._held[ready:]
        yield from self._parts(done)

    def end(self) -> Iterator[Part]:
        """The rest."""
        done, self._held = self._held, ""
        yield from self._parts(done)

    def _ready(self) -> int:
        """How much of what is held is certain: up to a bracket that may still become a marker, or the last word."""
        opened = self._opened.search(self._held)
        if opened and len(self._held) - opened.start() <= _HELD:
            return opened.start()
        return self._word.search(self._held).start()  # type: ignore[union-attr]  # it finds the empty end at least

    def _parts(self, text: str) -> Iterator[Part]:
        last = 0
        for found in self._bracket.finditer(text):
            names = [name.casefold() for name in self._found.findall(found[1])]
            square = _is_square(found[0])
            known = [name for name in names if name in self._names and (square or re.search(r"\d", name))]
            code = (self._ticks + text.count("`", 0, found.start())) % 2 == 1
            if len(found[0]) >= _HELD or (not known and (code or found["place"] or not square)):
                continue
            yield from self._words(text[last : found.start()])
            yield from (Mark(name) if name in self._names else Unknown() for name in names)
            last = found.end()
        yield from self._words(text[last:])
        self._ticks += text.count("`")

    def _words(self, text: str) -> Iterator[Part]:
        """Words, and ids that stand among them without brackets."""
        last = 0
        for found in self._bare.finditer(text):
            yield from filter(None, (text[last : found.start()],))
            yield Mark(found[0].casefold())
            last = found.end()
        yield from filter(None, (text[last:],))


def _is_square(bracket: str) -> bool:
    """Whether a bracket without an id of ours is a marker at all: "(12)" and "{12}" are words, as is "[1923]"."""
    return bracket[0] in "[【［⟦〔"
