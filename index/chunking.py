"""A Document -> its Chunks, along headings and sentences, measured in the encoder's own tokens.

Knows nothing of encoders: it is handed a function that counts. Offsets are exact by construction, since chunks are cut
from the text and never put together.
"""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import PurePosixPath

from sentencex import segment

from index.tables import Table, find_tables, headers, row_in
from index.types import Chunk, Document, Heading, Span
from index.wide import LONGEST_ROW, Stretch, stretches

CountTokens = Callable[[Sequence[str]], list[int]]

_BULLET = re.compile(r"[ \t]*(?:[•◦▪‣∙*+–—-]|>)[ \t]+")
# Chinese and Japanese sentences end at these whatever follows, a digit included.
_UNSPACED_END = re.compile(r"(?:[^。！？]*[。！？]+[”’」』）]*|[^。！？]+\Z)", re.DOTALL)
# Short for a word that never ends a sentence; those that the splitter does not know.
_ABBREVIATED = re.compile(
    r"(?<!\w)(?:[Aa]pprox|max|[Ii]ncl|[Ee]xcl|est|vs|[Tt]el|[Ii]nkl|[Zz]zgl|bzw|[Gg]gf|[Ee]vtl|sog|[Vv]gl|[Bb]spw|Ms|Std|Str)\.\s+\Z"
)
# The sign of a unit is no abbreviation, so a stop behind it ends the sentence where a capital follows.
_UNIT_END = re.compile(
    r"(?<=\d)[ \u00a0]?(?:[mcdk]?m|[mcd]?l|[mk]?g|k?V|k?Wh?|[kMGT]B|h)\.[\"”’»)]*\s+(?=[\"“„«(]?[A-ZÀ-ÖØ-Þ]\w)"
)
_RULE = re.compile(r"[\s\-=_*~#·.|+]+")
# A list number alone is no sentence, and a bracketed reference belongs to the sentence before it.
_ENUMERATOR = re.compile(r"\s*\(?(?:\d{1,3}|[A-Za-z])[.)]\s*")
_ONLY_REFERENCE = re.compile(r"(?:\[\w{1,12}\]\s*)+$")
_WORD = re.compile(r"\S{1,40}")
_CLAUSE_ENDS = ";:,–—|，；："
_PLACE = 80  # characters of a title or heading that the encoder reads before each sentence
_STRETCH = 240  # the same of the names of a stretch's columns, which tell most of it
_LONGEST_LINE = 20_000  # characters given to the sentence splitter at once


@dataclass(frozen=True, slots=True)
class _Piece:
    """A sentence or heading with what surrounds it on its line; pieces tile all non-blank characters. A `stretch` of a
    wide table's row is a chunk of its own."""

    start: int
    end: int
    sentence: Span | None
    opens_paragraph: bool
    tokens: int = 0
    stretch: Stretch | None = None


@dataclass(frozen=True, slots=True)
class _Tables:
    """Whose row starts where in a text, and the stretches that the rows of wide tables are cut into."""

    rows: Mapping[int, Table]
    stretches: Mapping[int, Sequence[Stretch]]


def split(document: Document, count_tokens: CountTokens, limit: int) -> list[Chunk]:
    """Cut `document` into chunks of at most `limit` tokens, as `count_tokens` counts them.

    Chunks end at sentence ends and never cross a heading; a sentence longer than `limit` is cut between words,
    behind a clause where that leaves enough of it.
    Every non-blank character is in exactly one chunk, and every chunk has at least one sentence. A table's row is one
    sentence, or, of a wide one, as many as it has stretches.
    """
    chunks: list[Chunk] = []
    found = list(find_tables(document.text))
    tables = _Tables({row.start: table for table in found for row in table.rows}, stretches(document.text, found))
    for section, path, headings in _sections(document):
        pieces = _measured(document.text, _pieces(document.text, section, headings, tables), count_tokens, limit)
        for group in _packed(pieces, limit):
            chunks.append(_chunk(document, group, path, tables))
    return chunks


def _sections(document: Document) -> Iterator[tuple[Span, tuple[str, ...], list[Heading]]]:
    """Stretches between headings, each with the path of headings above it and the headings in it.

    Headings without text of their own join the next one's stretch.
    """
    start = 0
    path: tuple[str, ...] = ()
    inside: list[Heading] = []
    position = 0  # up to where only headings and blanks were seen since `start`
    stack: list[Heading] = []
    for heading in document.headings:
        if document.text[position : heading.start].strip():
            yield Span(start, heading.start), path, inside
            start, inside = heading.start, []
        stack = [above for above in stack if above.level < heading.level] + [heading]
        path = tuple(above.text for above in stack if above.text != document.title)
        inside.append(heading)
        position = heading.end
    if document.text[start:].strip():
        yield Span(start, len(document.text)), path, inside


def _pieces(text: str, section: Span, headings: Sequence[Heading], tables: _Tables) -> Iterator[_Piece]:
    position = section.start
    for heading in headings:
        yield from _lines(text, position, heading.start, tables)
        yield _Piece(heading.start, heading.end, None, True)
        position = heading.end
    yield from _lines(text, position, section.end, tables)


def _lines(text: str, start: int, end: int, tables: _Tables) -> Iterator[_Piece]:
    opens = True
    for line in re.finditer(r"[^\n]*", text[start:end]):
        if not line[0].strip():
            opens = True
            continue
        left, right = start + line.start(), start + line.end()
        row = row_in(text, left, right)
        if row.start in tables.stretches:
            yield from _in_stretches(text, left, right, opens, tables.stretches[row.start])
        elif row.start in tables.rows and len(line[0]) <= LONGEST_ROW:
            yield _Piece(left, start + len(line[0].rstrip()) + line.start(), row, opens)
        else:
            yield from _sentences(text, left, right, opens)
        opens = False


def _in_stretches(text: str, left: int, right: int, opens: bool, cut: Sequence[Stretch]) -> Iterator[_Piece]:
    """The stretches of the row on a line; the bars and empty cells behind each belong to its piece."""
    for stretch, after in zip(cut, [*(one.start for one in cut[1:]), right], strict=True):
        end = left + len(text[left:after].rstrip())
        yield _Piece(left, end, Span(stretch.start, stretch.end), opens, stretch=stretch)
        left, opens = end, False


def _sentences(text: str, start: int, end: int, opens: bool) -> Iterator[_Piece]:
    """The sentences of one line. Its bullet belongs to the first piece but not to the sentence."""
    bullet = _BULLET.match(text, start, end)
    first = bullet.end() if bullet and bullet.end() < end else start
    held = position = first
    for part in segments(text[first:end]):
        position += len(part)
        rest = text[position:end]
        if position < end and (
            _ENUMERATOR.fullmatch(text, held, position) or not rest.strip() or _ONLY_REFERENCE.match(rest)
        ):
            continue
        left, right = _trimmed(text, held, position)
        if left < right:
            quotable = not _RULE.fullmatch(text, left, right)
            yield _Piece(start, right, Span(left, right) if quotable else None, opens)
            start, opens = right, False
        held = position


def segments(line: str) -> list[str]:
    """The sentences of one line, which they are when joined."""
    # Very long lines go in slices, cut at a space, so that one line of megabytes stays linear.
    parts: list[str] = []
    while line:
        cut = len(line) if len(line) <= _LONGEST_LINE else line.rfind(" ", 1, _LONGEST_LINE) + 1 or _LONGEST_LINE
        found = segment("en", line[:cut])
        for part in found if "".join(found) == line[:cut] else [line[:cut]]:
            if parts and _ABBREVIATED.search(parts[-1]):
                part = parts.pop() + part
            for piece in _behind_units(part):
                parts += re.findall(_UNSPACED_END, piece)
        line = line[cut:]
    return parts


def _behind_units(part: str) -> list[str]:
    ends = [0, *(end.end() for end in _UNIT_END.finditer(part)), len(part)]
    return [part[start:end] for start, end in pairwise(ends)]


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _measured(text: str, pieces: Iterator[_Piece], count_tokens: CountTokens, limit: int) -> list[_Piece]:
    """Pieces with their token counts; those over `limit` are cut between words (a long word between characters)."""
    found = list(pieces)
    counts = count_tokens([text[p.start : p.end] for p in found])
    measured: list[_Piece] = []
    for piece, tokens in zip(found, counts, strict=True):
        if tokens <= limit:
            measured.append(replace(piece, tokens=tokens))
        else:
            measured += _cut(text, piece, count_tokens, limit)
    return measured


def _cut(text: str, piece: _Piece, count_tokens: CountTokens, limit: int) -> list[_Piece]:
    words = [(piece.start + m.start(), piece.start + m.end()) for m in _WORD.finditer(text[piece.start : piece.end])]
    counts = count_tokens([text[left:right] for left, right in words])
    cut: list[_Piece] = []
    first = 0
    while first < len(words):
        stop, total = first + 1, counts[first]
        while stop < len(words) and total + counts[stop] <= limit:
            total += counts[stop]
            stop += 1
        if stop < len(words):
            # Where a clause ends, so that the next part does not begin in the middle of one.
            later_half = range(stop, first + (stop - first) // 2, -1)
            stop = next((n for n in later_half if text[words[n - 1][1] - 1] in _CLAUSE_ENDS), stop)
        left, right = words[first][0], words[stop - 1][1]
        tokens = min(sum(counts[first:stop]), limit)
        cut.append(_Piece(left, right, Span(left, right), piece.opens_paragraph and not cut, tokens))
        first = stop
    return cut


def _packed(pieces: list[_Piece], limit: int) -> Iterator[list[_Piece]]:
    """Groups of pieces that fill `limit`; a paragraph that no longer fits opens a new one if this is half full."""
    group: list[_Piece] = []
    total = 0
    for piece, paragraph in zip(pieces, _paragraph_tokens(pieces), strict=True):
        full = total + piece.tokens > limit
        better_whole = piece.opens_paragraph and total > limit / 2 and total + paragraph > limit
        has_text = any(p.sentence for p in group)
        alone = _is_alone(piece) or (group and _is_alone(group[-1]))
        if group and (full or alone or (better_whole and has_text)):
            yield group
            group, total = [], 0
        group.append(piece)
        total += piece.tokens
    if group:
        yield group


def _is_alone(piece: _Piece) -> bool:
    return piece.stretch is not None and piece.stretch.header is not None


def _paragraph_tokens(pieces: list[_Piece]) -> list[int]:
    """For each piece, the tokens from it to the end of its paragraph."""
    counts: list[int] = []
    total = 0
    for piece in reversed(pieces):
        total += piece.tokens
        counts.append(total)
        if piece.opens_paragraph:
            total = 0
    return counts[::-1]


def _chunk(document: Document, group: list[_Piece], path: tuple[str, ...], tables: _Tables) -> Chunk:
    start, end = group[0].start, group[-1].end
    start, end = _trimmed(document.text, start, end)
    text = document.text[start:end]
    sentences = tuple(piece.sentence for piece in group if piece.sentence) or (Span(start, end),)
    page = bisect_right(document.pages, sentences[0].start) if document.pages else None
    identity = f"{document.path}\0{start}\0{text}".encode("utf-8", "surrogatepass")
    stretch = group[0].stretch
    if stretch and stretch.header:
        header = document.text[stretch.header.start : stretch.header.end]
    else:
        table = tables.rows.get(sentences[0].start)
        goes_on = table and table.header and table.header.start < start
        header = document.text[table.header.start : table.header.end] if table and table.header and goes_on else ""
    name = hashlib.sha256(identity).hexdigest()[:32]
    return Chunk(name, document.path, start, end, text, path, page, sentences, header, stretch.row if stretch else "")


def in_place(chunk: Chunk, title: str) -> list[str]:
    """What the encoder reads for each sentence of a chunk: its words behind the place they stand in.

    "The line was shut." says little by itself; under "Harbour tram" it does, and so does a table's row behind the names
    of its columns. A title that is only the file's name is left out, so that a renamed file keeps its encodings; the
    name of a page in a file of many, which has no ending, is its title.
    """
    name = PurePosixPath(chunk.document)
    own = title != name.stem or not name.suffix
    place = (title if own else "", *chunk.heading, chunk.row)
    cut = [part[:_PLACE] for part in place if part]
    names = _STRETCH if chunk.row else _PLACE
    before = [". ".join([*cut, header[:names]] if header else cut) for header in headers(chunk)]
    return [f"{where}: {text}" if where else text for where, text in zip(before, chunk.sentence_texts(), strict=True)]
