"""Bytes -> characters, and plain text -> what it says: its text, headline and address.

Every reader keeps the contract of `Document.text`: a newline ends a sentence, an empty line ends a paragraph.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.tables import parting
from index.types import Heading


class FormatError(Exception):
    """The bytes are not what their name says, or hold no text. The message is for the file's owner."""


@dataclass(frozen=True, slots=True)
class Extracted:
    """What a file says, before it has a place in the document set. An empty `title` means that none was found;
    `date` is what describes the text, not what stands in it."""

    text: str
    title: str = ""
    url: str | None = None
    headings: tuple[Heading, ...] = ()
    pages: tuple[int, ...] = ()
    date: str | None = None


# --- characters ------------------------------------------------------------------------------------------------

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"))
_BOMS_16 = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# Never meant to be read: soft hyphens, zero-width marks, bidirectional controls, Unicode tags. They hide text from
# people or split words for the search. Joiners (200C, 200D) stay: some scripts and emoji need them.
_INVISIBLE = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\U000e0000-\U000e007f]")


def decode(data: bytes) -> str:
    """Bytes as text: by byte-order mark, else UTF-8, else the encoding that charset-normalizer finds.

    UTF-8 with a few broken bytes is still UTF-8, with a mark in the place of each: no guess takes them for letters.
    """
    for mark, encoding in _BOMS + _BOMS_16:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd") - data.count("\ufffd".encode())
    # In other encodings bytes that make a character of UTF-8 stand together by chance alone, and seldom.
    if not broken or sum(not c.isascii() for c in text) > 2 * broken:
        return text
    from charset_normalizer import from_bytes

    best = from_bytes(data).best()
    if best is None:
        raise FormatError("its character encoding is not known; save it as UTF-8")
    return str(best)


def clean(text: str) -> str:
    """Uniform newlines, and no character that is a control, half a surrogate pair or invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n")
    text = _INVISIBLE.sub("", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


# --- plain text ------------------------------------------------------------------------------------------------

_SOURCE_LINE = re.compile(r"\A\s*Source:[ \t]*\n?[ \t]*(?P<url>https?://\S+)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[•◦▪‣∙*+–—-]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_BULLET = re.compile(r"[•◦▪‣∙*+–—-]\s")
_LABEL = 6  # words of a line that names what stands below it, with its number
_NUMBERED = re.compile(r"\d{1,2}(?:\.\d{1,2})*[.)]? [^\W\d_]")
_ENDS = re.compile(r"(?:[.!?。！？…:;,]|https?:\S*)[\"'”’»)\]]*$")
_STOP = re.compile(r"[.!?。！？][\"'”’»)\]]*$")
SENTENCE_END = re.compile(r"[.!?。！？…:;][\"'”’»)\]]*$")
_WIDEST_WRAP = 130  # characters; longer lines were not wrapped by an editor or a page
BREAK = "\ufffe"  # PDFium's mark for a hyphen at the end of a line


def read_plain(data: bytes) -> Extracted:
    """Plain text: wrapped lines joined, a leading `Source:` address taken off, the headline and the lines found that
    name what stands below them."""
    url, text = take_source_line(clean(decode(data)))
    text = join_wrapped(text).strip("\n")
    headline = _headline(text)
    labels = [*_labels(text, headline.end if headline else 0)]
    if headline is None and labels and labels[0].start == 0:
        headline = replace(labels.pop(0), level=1)
    title = headline.text if headline else ""
    return Extracted(text, title, url, (headline, *labels) if headline else tuple(labels))


def take_source_line(text: str) -> tuple[str | None, str]:
    """A document may start with `Source:` and an address; that is its address and not part of its text."""
    found = _SOURCE_LINE.match(text)
    return (found["url"], text[found.end() :]) if found else (None, text)


def join_wrapped(text: str) -> str:
    """Join lines that were broken only because the next word did not fit; keep the breaks that were meant."""
    joined: list[str] = []
    for block in re.split(r"\n(?:[ \t]*\n)+", text):
        joined.append("\n".join(_unwrap(block.split("\n"))))
    return "\n\n".join(part for part in joined if part.strip())


def _unwrap(lines: list[str]) -> list[str]:
    out: list[str] = []
    for number, line in enumerate(lines):
        near = lines[max(0, number - 5) : number + 4]
        width = max(len(other.rstrip()) for other in near)
        if number and width <= _WIDEST_WRAP and _continues(lines[number - 1].rstrip(), line, width):
            out[-1] = _glue(out[-1].rstrip(), line.strip())
        else:
            out.append(line.rstrip())
    return out


def _continues(before: str, line: str, width: int) -> bool:
    """Whether `line` only goes on with `before`: its first word would not have fitted there."""
    if not before.strip() or not line.strip() or _ITEM.match(line):
        return False
    if parting(before) and parting(before) == parting(line):  # rows of a table
        return False
    if re.search(r"[^\W\d_]-$", before) and line.strip()[0].islower():
        return True
    first_word = line.split(maxsplit=1)[0]
    return len(before) + 1 + len(first_word) > 0.86 * width and len(before) > 20


def _glue(before: str, after: str) -> str:
    broken_word = before.endswith(BREAK) or (before.endswith("-") and after[:1].islower())
    return before + after if broken_word else f"{before} {after}"


def _headline(text: str) -> Heading | None:
    """The headline of a plain text: the longest of the single lines that stand before the first paragraph of prose.

    What stands above it (a section, a byline) belongs to it, so that no answer ever quotes it.
    """
    best: Heading | None = None
    position = 0
    for block in text.split("\n\n")[:4]:
        lines = block.strip().split("\n")
        line = lines[0].strip()
        if SENTENCE_END.search(line) or len(line) > 200 or (len(lines) > 1 and len(lines[0]) < len(lines[1]) / 8):
            break
        underlined = len(lines) == 2 and re.fullmatch(r"[=\-~*#]{3,}", lines[1].strip())
        if (len(lines) > 1 and not underlined) or _ITEM.match(block):
            break
        end = position + len(block.rstrip())
        if best is None or len(line) > len(best.text):
            best = Heading(0, end, 1, line)
        position += len(block) + 2
    return best if best and best.end < len(text.rstrip()) else None


def _labels(text: str, start: int) -> Iterator[Heading]:
    """The short lines behind `start` that open a paragraph and stand above a sentence: those with a number or in
    capitals ("4. On-call pay"), as others may be the head of a list or a table, and the first of all."""
    lines = [(found.start(), found[0].strip()) for found in re.finditer(r"^.*$", text, re.MULTILINE)]
    opens = True
    for number, (position, line) in enumerate(lines):
        below = next((other for _, other in lines[number + 1 : number + 3] if other), "")
        names = position == 0 or line.isupper() or _NUMBERED.match(line)
        if position >= start and opens and names and _is_label(line) and _is_prose(below):
            at = text.index(line, position)
            yield Heading(at, at + len(line), 2, line)
        opens = not line


def _is_label(line: str) -> bool:
    words = line.split()
    plain = not _ENDS.search(line) and not parting(line) and not _BULLET.match(line)
    return 0 < len(words) <= _LABEL and plain and any(map(str.isalpha, line))


def _is_prose(line: str) -> bool:
    return len(line.split()) > 3 and bool(_STOP.search(line)) and not _ITEM.match(line) and not parting(line)
