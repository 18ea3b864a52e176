"""The facts that travel through the index. Frozen data, no behaviour beyond what a field already says."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading's own line or lines, `start` to `end` in the text; `level` 1 is the highest."""

    start: int
    end: int
    level: int
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """One file, read.

    `path` is the posix path below the document folder and the document's name everywhere.
    `text` is the extracted text; every offset in the product counts its characters. A newline in it always
    ends a sentence (readers join wrapped lines), an empty line ends a paragraph.
    `digest` is the SHA-256 of the file's bytes. `pages` holds the start offset of each page, empty where the
    format has no pages. `url` is the document's own address, where it has one; `date` is the day it says it is of, as
    YYYY-MM-DD (`dating`).
    """

    path: str
    title: str
    text: str
    digest: str
    url: str | None = None
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    date: str | None = None


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of one section of a document: `document.text[start:end] == text`.

    `heading` is the path of headings above it, outermost first. `sentences` are the quotable spans inside it, in
    document offsets; each is encoded on its own. `header` are the names of the columns if the chunk goes on with a
    table that began in one before it, else empty. `row` is the name of the row if the chunk is a stretch of one, as
    the rows of wide tables are cut into (`wide`), else empty.
    """

    id: str
    document: str
    start: int
    end: int
    text: str
    heading: tuple[str, ...]
    page: int | None
    sentences: tuple[Span, ...]
    header: str = ""
    row: str = ""

    def sentence_id(self, number: int) -> str:
        """The id under which sentence `number` (from 0) is kept in the vector store."""
        return f"{self.id}:{number}"

    def sentence_texts(self) -> list[str]:
        """The words of each sentence, in order."""
        return [self.text[s.start - self.start : s.end - self.start] for s in self.sentences]


@dataclass(frozen=True, slots=True)
class Passage:
    """A chunk found for a query, with what a reader needs to place it. `score` is 0 to 1, comparable within a query;
    `digest` names the content of its document.

    Why it was found: `matched` are the words in it that the query asks for, `nearest` its sentence nearest in sense,
    None where it was not found by that; both in document offsets.
    """

    chunk: Chunk
    title: str
    url: str | None
    digest: str
    score: float
    matched: tuple[Span, ...] = ()
    nearest: Span | None = None


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the index, and why, in words for its owner. `digest` is its content's SHA-256 where it was
    looked at, else empty."""

    document: str
    reason: str
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a build is: `done` of `total` documents, sentences or vectors in `step`.

    Steps come in this order: "reading" documents, "encoding" the sentences that are new, "storing" vectors, "checking"
    the result; a step with nothing to do is left out. `rate` is what was done each second so far, `seconds_left` what
    that leaves; both None until something was done. `document` is the one just read.
    """

    step: str
    done: int
    total: int
    rate: float | None = None
    seconds_left: float | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """An added or changed document: how many passages it has, and how many of them hold words that are new to it."""

    document: str
    passages: int
    new: int


@dataclass(frozen=True, slots=True)
class Rename:
    """A document whose content is now found in another place; nothing of it had to be encoded."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What one build did, or, with `dry_run`, would do.

    A renamed document is in `added` and `removed` too. `edits` says more of each added or changed one. `encoded` counts
    sentences that the encoder had to encode; `seconds` is wall time.
    """

    generation: int
    published: bool
    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int
    skipped: tuple[Skipped, ...]
    documents: int
    chunks: int
    encoded: int
    seconds: float
    renamed: tuple[Rename, ...] = ()
    edits: tuple[Edit, ...] = ()
    dry_run: bool = False
