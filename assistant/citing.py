"""Quotes, or written sentences with the quotes that support them -> the answer's text, its statements and its numbered
citations, piece by piece.

A citation is a join: its quote is cut from the document as the generation holds it, never written. Knows nothing of
how quotes were chosen.
"""

from __future__ import annotations

import hashlib
import hmac
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from assistant.types import Citation, Delta, Quote, Statement, Support
from index.generation import Generation


class Citing:
    """Gathers an answer as it is written; `text`, `statements` and `citations` are complete when its source is."""

    def __init__(self, generation: Generation) -> None:
        self._generation = generation
        self.text = ""
        self.statements: list[Statement] = []
        self.citations: list[Citation] = []
        self._begun: int | None = None  # where in the text the statement being written begins
        self._numbers: dict[Quote, int] = {}

    def quotes(self, quotes: Sequence[Quote]) -> Iterator[Delta]:
        """Each quote as a statement with its marker; neighbours on a line of a document share a paragraph."""
        for before, quote in zip((None, *quotes), quotes, strict=False):
            if before:
                yield self._piece(" " if _adjacent(before, quote) else "\n\n")
            yield self.words(quote.text)
            yield from self.close((quote,), "supported")

    def gap(self, between: str) -> Delta:
        """White space between two statements."""
        return self._piece(between)

    def words(self, text: str) -> Delta:
        """The next words of a statement."""
        if self._begun is None:
            self._begun = len(self.text)
        return self._piece(text)

    def close(self, quotes: Sequence[Quote], support: Support) -> Iterator[Delta]:
        """End the statement; how far it is borne out follows, where it is not, and the quotes that it cites as numbers,
        one cited before under its old number."""
        assert self._begun is not None
        cited = [self._cited(quote) for quote in quotes]
        numbers = tuple(dict.fromkeys(citation.number for citation in cited))
        self.statements.append(Statement(self._begun, len(self.text), numbers, support))
        self._begun = None
        if support != "supported":
            yield Delta("", None, support)
        for number in numbers:
            yield self._piece(f" [{number}]", self.citations[number - 1])

    def _cited(self, quote: Quote) -> Citation:
        if quote not in self._numbers:
            self.citations.append(self._citation(quote))
            self._numbers[quote] = len(self.citations)
        return self.citations[self._numbers[quote] - 1]

    def _piece(self, text: str, citation: Citation | None = None) -> Delta:
        self.text += text
        return Delta(text, citation)

    def _citation(self, quote: Quote) -> Citation:
        document = self._generation.catalog.document(quote.chunk.document)
        if document is None:
            raise LookupError(f"{quote.chunk.document} is cited but not in generation {self._generation.number}")
        start, end = quote.span.start, quote.span.end
        words = document.text[start:end]
        return Citation(
            number=len(self.citations) + 1,
            document=document.path,
            title=document.title,
            heading=quote.chunk.heading,
            page=bisect_right(document.pages, start) if document.pages else None,
            url=document.url,
            quote=words,
            start=start,
            end=end,
            passage=quote.chunk.id,
            digest=document.digest,
            proof=prove(self._generation.key, document.path, document.digest, words),
            date=document.date,
        )


def prove(key: bytes, document: str, digest: str, words: str) -> str:
    """A proof that a document with this digest held these words, which only who has the data folder's key can make.

    So a link can bring the words of a citation along, and the source page shows no others as cited.
    """
    return hmac.new(key, "\0".join((document, digest, words)).encode(), hashlib.sha256).hexdigest()[:32]


def _adjacent(before: Quote, after: Quote) -> bool:
    """Whether only a space stands between the two in their document."""
    between = after.chunk.text[before.span.end - after.chunk.start : after.span.start - after.chunk.start]
    return before.chunk.id == after.chunk.id and 0 <= after.span.start - before.span.end <= 1 and between != "\n"
