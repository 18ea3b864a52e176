"""The source page: a document's text, readable, with the cited words marked and in view.

The document is looked up by its name in the index; no path of the request ever reaches the file system. Text goes
through an escaping template, and the page needs no script. A link may bring the cited words along, with a proof that
this assistant cited them: they are shown also when the document has changed since or is gone.
"""

from __future__ import annotations

import hmac
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader

from assistant.citing import prove
from assistant.web.api import READ, TheAssistant
from index.types import Document, Heading

router = APIRouter()

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or heading of the page: runs of text, each marked or not. `level` 0 is a paragraph."""

    level: int
    runs: tuple[tuple[str, bool], ...]
    page: int | None


@dataclass(frozen=True, slots=True)
class _Cited:
    """What a link says of the words it leads to. `words` are empty unless they are proven."""

    start: str
    end: str
    digest: str
    words: str


@router.api_route("/source/{document:path}", methods=READ, response_model=None)
def source(
    document: str,
    assistant: TheAssistant,
    request: Request,
    start: str = "",
    end: str = "",
    digest: str = "",
    words: str = "",
    proof: str = "",
) -> Response:
    """A document's text with the characters `start` to `end` marked.

    If its content is no longer that of `digest`, the cited `words` are marked where they stand now, or shown apart.
    """
    with assistant.published.reading() as generation:
        found = generation.catalog.document(document)
        proven = hmac.compare_digest(prove(generation.key, document, digest, words).encode(), proof.encode())
    cited = _Cited(start, end, digest, words if proven else "")
    shared = {"root": request.scope.get("root_path", ""), "title": assistant.settings.title}
    if found is None:
        status = 410 if cited.words else 404
        return _page("missing.html", status, name=document, words=cited.words, **shared)
    span, note = _place(found, cited)
    blocks = list(_blocks(found, *(span or (0, 0))))
    lost = "" if span else cited.words
    return _page("source.html", 200, document=found, blocks=blocks, note=note, words=lost, marked=bool(span), **shared)


def _place(document: Document, cited: _Cited) -> tuple[tuple[int, int] | None, str]:
    """Where the cited words stand now, if they do, and what is to be said about that."""
    span = _span(cited.start, cited.end, len(document.text))
    if not cited.digest or cited.digest == document.digest:
        asked = cited.start or cited.end
        return span, "" if span or not asked else "The cited place is not in this document as it is now."
    if not cited.words:
        return None, "This document has changed since it was cited, so the cited words are not marked. Ask again."
    position = _nearest(document.text, cited.words, span[0] if span else 0)
    if position is None:
        return None, "This document has changed since it was cited. It no longer holds the cited words:"
    return (
        (position, position + len(cited.words)),
        "This document has changed since it was cited. The cited words still stand in it, and are marked.",
    )


def _nearest(text: str, words: str, place: int) -> int | None:
    """Where `words` stand in `text`, nearest to `place`."""
    after, before = text.find(words, place), text.rfind(words, 0, place + len(words))
    found = [position for position in (before, after) if position >= 0]
    return min(found, key=lambda position: abs(position - place), default=None)


def _page(template: str, status: int, **values: object) -> HTMLResponse:
    content = _TEMPLATES.get_template(template).render(**values)
    return HTMLResponse(content, status, headers={"content-security-policy": _POLICY})


def _span(start: str, end: str, length: int) -> tuple[int, int] | None:
    if not (start.isascii() and start.isdigit() and end.isascii() and end.isdigit()):
        return None
    if max(len(start), len(end)) > 12 or not 0 <= int(start) < int(end) <= length:
        return None
    return int(start), int(end)


def _blocks(document: Document, start: int, end: int) -> Iterator[Block]:
    headings = list(document.headings)
    position, page = 0, 0
    text = document.text
    while position < len(text):
        heading = headings[0] if headings and headings[0].start <= position else None
        stop = heading.end if heading else _paragraph_end(text, position, headings)
        if heading:
            headings.pop(0)
        if text[position:stop].strip():
            now = bisect_right(document.pages, position) if document.pages else 0
            runs = tuple(_runs(text, position, stop, start, end))
            yield Block(min(heading.level + 1, 6) if heading else 0, runs, now if now != page else None)
            page = now
        position = max(stop, position + 1)


def _paragraph_end(text: str, position: int, headings: list[Heading]) -> int:
    blank = text.find("\n\n", position)
    stop = len(text) if blank < 0 else blank + 2
    return min(stop, headings[0].start) if headings else stop


def _runs(text: str, left: int, right: int, start: int, end: int) -> Iterator[tuple[str, bool]]:
    first, last = min(max(start, left), right), max(min(end, right), left)
    if first >= last:
        yield text[left:right].strip("\n"), False
        return
    yield text[left:first].lstrip("\n"), False
    yield text[first:last], True
    yield text[last:right].rstrip("\n"), False
