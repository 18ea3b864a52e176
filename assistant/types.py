"""Answers and the events they arrive by. Frozen data; offsets of statements count the answer's text, offsets of
citations their document's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.types import Chunk, Passage, Span

Band = Literal["answered", "uncertain", "not_found", "no_question"]
"""How sure the assistant is: it answers; it shows the closest words, which may not answer; it found nothing; or nothing
was asked ("Thanks!"), and so nothing was searched for."""

Support = Literal["supported", "partly", "unsupported"]


@dataclass(frozen=True, slots=True)
class Turn:
    """Something said earlier in a conversation."""

    role: Literal["user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A numbered join between a statement and a passage: `quote` is the document's text from `start` to `end`.

    `passage` is the id of the passage it was taken from; `digest` names the document's content at that time. `proof`
    shows that this assistant cited these words, also when the document has changed since (`citing.prove`). `date` is
    the day that the document says it is of, as YYYY-MM-DD.
    """

    number: int
    document: str
    title: str
    heading: tuple[str, ...]
    page: int | None
    url: str | None
    quote: str
    start: int
    end: int
    passage: str
    digest: str
    proof: str
    date: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of the answer, `text[start:end]`, and the numbers it cites. Its markers follow at `end`."""

    start: int
    end: int
    citations: tuple[int, ...]
    support: Support


@dataclass(frozen=True, slots=True)
class Tokens:
    """What a language model read and wrote for an answer, in its own tokens."""

    read: int
    written: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole of an answer. `standalone` is the question as it was understood, with its topic where it leans on the
    conversation; `searched_for` are the words of it that were looked up; `seconds` is wall time.

    `text` with its statements cut out holds their markers and white space only, if there are statements. `conflict` has
    the numbers of citations that say the same but for a number or a date, in which they differ, or deny each other;
    `missing` is what was to be compared and is not in the documents.

    With a language model: `fallback` says why it did not write this answer, which quotes instead; `tokens` what it
    cost, None where nobody counted; `unknown_markers` how many of its citations named no passage and were dropped;
    `left_out` how many of its sentences were, since nothing bears them out; `notice` says that its answer is not whole.
    `suggestions` are questions to go on with.
    """

    question: str
    standalone: str
    searched_for: str
    generation: int
    band: Band
    text: str
    writer: str
    seconds: float
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    passages: tuple[Passage, ...]
    conflict: tuple[int, ...] = ()
    missing: str | None = None
    fallback: str | None = None
    tokens: Tokens | None = None
    unknown_markers: int = 0
    left_out: int = 0
    notice: str | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Status:
    """Something is being done, in words for the person who waits; `place` is that in a queue, 0 outside of any."""

    message: str
    place: int = 0


@dataclass(frozen=True, slots=True)
class Found:
    """The passages an answer will be written over."""

    searched_for: str
    generation: int
    passages: tuple[Passage, ...]


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer's text: words, or a marker if `citation` is set; or, without text, how far the
    statement that has just ended is borne out, where it is not."""

    text: str
    citation: Citation | None = None
    support: Support | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole answer that stands until the deltas after it replace it; what was streamed before it is void.

    It quotes; a language model writes over it. When that fails it comes once more, and the last event is its answer.
    """

    answer: Answer


Event = Status | Found | Draft | Delta | Answer
"""What a question yields: Status (at any time), Found, with a language model a Draft (both twice, where the question is
first understood by rules), Deltas, and last the complete Answer. The Deltas after the last Draft make up its text; if
there are none, that of the Draft stands."""


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence a writer chose: where it stands."""

    chunk: Chunk
    span: Span

    @property
    def text(self) -> str:
        """Its words."""
        return self.chunk.text[self.span.start - self.chunk.start : self.span.end - self.chunk.start]
