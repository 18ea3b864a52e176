"""The list of its sources that a language model writes below its answer -> nothing: the assistant shows them itself.

Such a list is what a line "Sources:" leads to, as far as its lines hold only what passages are called: the names of
documents, headings, pages, addresses. Any other words are the answer's, also below such a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from assistant.writing.lines import Line, Lines
from assistant.writing.markers import Mark, Part, Unknown
from index.terms import terms
from index.types import Passage

_HEADS = (
    *("sources", "source", "references", "reference", "citations", "sources used", "sources cited", "source passages"),
    *("quellen", "quelle", "belege", "quellenangaben", "fuentes", "referencias", "références", "bibliography"),
)
_SIGNS = " \t\n*_#:：()[]-•,;."
_HEAD = re.compile(rf"(?:{'|'.join(_HEADS)})(?:[*_]*[:：]|$)", re.IGNORECASE)
_GENERAL = "page pages p section sections chapter passage passages document documents source sources id file see and"
_LONGEST = 300  # characters of a line of such a list


class Listing:
    """The lines of one stream without such lists, where `passages` are the sources."""

    def __init__(self, passages: Iterable[Passage]) -> None:
        self._lines = Lines()
        chunks = [(passage.title, passage.chunk) for passage in passages]
        names = (name for title, chunk in chunks for name in (title, chunk.document, *chunk.heading))
        self._names = {term for name in (*names, _GENERAL) for term in terms(name)}
        self._head: list[Part | Line] = []  # "Sources:" and empty lines, of which it is not certain what they lead to
        self._line: list[Part | Line] = []  # the line so far, as long as it may be of such a list
        self._is_words = False  # whether it is none
        self._within = False  # whether the line stands below "Sources:"

    def feed(self, parts: Iterable[Part]) -> Iterator[Part | Line]:
        """What `parts` add, as far as it is certain."""
        yield from self._kept(self._lines.feed(parts))

    def end(self) -> Iterator[Part | Line]:
        """The rest. "Sources:" that leads to nothing goes."""
        yield from self._kept(self._lines.end())
        if self._line:
            yield from self._ended()

    def _kept(self, parts: Iterator[Part | Line]) -> Iterator[Part | Line]:
        for part in parts:
            if self._is_words:
                yield part
                self._is_words = part != "\n"
                continue
            self._line.append(part)
            if part == "\n":
                yield from self._ended()
            elif not self._may_be_listed():
                self._is_words = True
                yield from self._released()

    def _text(self) -> str:
        return "".join(part for part in self._line if isinstance(part, str)).strip(_SIGNS)

    def _may_be_listed(self) -> bool:
        text = self._text()
        if len(text) > _LONGEST or any(isinstance(part, Line) and part.kind in ("row", "code") for part in self._line):
            return False
        return self._within or bool(_HEAD.match(text)) or any(head.startswith(text.casefold()) for head in _HEADS)

    def _ended(self) -> Iterator[Part | Line]:
        """The line is whole."""
        text = self._text()
        marks = [part for part in self._line if isinstance(part, (Mark, Unknown))]
        head = _HEAD.match(text)
        said = text[head.end() :].strip(_SIGNS) if head else text
        if not (head or self._within) or not self._calls(said):
            yield from self._released()
            return
        line, self._line, self._within = self._line, [], True
        if marks and not said:  # they are cited by the sentence above
            self._head = []
            yield from (part for part in line if not isinstance(part, str) or part == "\n")
        elif said:
            self._head = []
        else:
            self._head += line

    def _calls(self, text: str) -> bool:
        """Whether a text says only what passages are called."""
        return all(term in self._names or term.isdigit() for term in terms(text))

    def _released(self) -> Iterator[Part | Line]:
        """The line is words, and so is the head above it."""
        parts = [*self._head, *self._line]
        self._head, self._line, self._within = [], [], False
        yield from parts
