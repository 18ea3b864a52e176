"""The bytes of one file -> its text, headings, pages, title and address. Knows formats; knows no files or folders.

Every reader keeps the contract of `Document.text`: a newline ends a sentence, an empty line ends a paragraph.
Markdown is rendered and read as HTML, so there is one reading of headings, lists and tables.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.dating import dated
from index.tables import parting
from index.types import Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt


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
    """Bytes as text: by byte-order mark, else UTF-8, else the encoding that charset-normalizer finds."""
    for mark, encoding in _BOMS + _BOMS_16:
        if data.startswith(mark):
            return data.decode(encoding, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        from charset_normalizer import from_bytes

        best = from_bytes(data).best()
        if best is None:
            raise FormatError("its character encoding is not known; save it as UTF-8") from None
        return str(best)


def clean(text: str) -> str:
    """Uniform newlines, and no character that is a control, half a surrogate pair or invisible."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n\n").replace("\v", "\n")
    text = _INVISIBLE.sub("", text)
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))


# --- plain text ------------------------------------------------------------------------------------------------

_SOURCE_LINE = re.compile(r"\A\s*Source:[ \t]*\n?[ \t]*(?P<url>https?://\S+)[ \t]*(?:\n|\Z)", re.IGNORECASE)
_ITEM = re.compile(r"\s*(?:[•◦▪‣∙*+–—-]|\(?(?:\d{1,3}|[A-Za-z])[.)])\s")
_SENTENCE_END = re.compile(r"[.!?。！？…:;][\"'”’»)\]]*$")
_WIDEST_WRAP = 130  # characters; longer lines were not wrapped by an editor or a page
_BREAK = "\ufffe"  # PDFium's mark for a hyphen at the end of a line


def read_plain(data: bytes) -> Extracted:
    """Plain text: wrapped lines joined, a leading `Source:` address taken off, the headline found."""
    url, text = take_source_line(clean(decode(data)))
    text = join_wrapped(text).strip("\n")
    heading = _headline(text)
    return Extracted(text, heading.text if heading else "", url, (heading,) if heading else ())


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
    broken_word = before.endswith(_BREAK) or (before.endswith("-") and after[:1].islower())
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
        if _SENTENCE_END.search(line) or len(line) > 200 or (len(lines) > 1 and len(lines[0]) < len(lines[1]) / 8):
            break
        underlined = len(lines) == 2 and re.fullmatch(r"[=\-~*#]{3,}", lines[1].strip())
        if (len(lines) > 1 and not underlined) or _ITEM.match(block):
            break
        end = position + len(block.rstrip())
        if best is None or len(line) > len(best.text):
            best = Heading(0, end, 1, line)
        position += len(block) + 2
    return best if best and best.end < len(text.rstrip()) else None


# --- HTML and Markdown -----------------------------------------------------------------------------------------

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_FURNITURE = (
    "//script|//style|//noscript|//template|//nav|//footer|//aside|//iframe|//object|//svg|//button|//select"
    "|//*[@hidden]|//*[@aria-hidden='true']|//*[@role='navigation' or @role='search' or @role='contentinfo']"
    "|//*[contains(translate(@style,' ',''),'display:none')]|//body/header|//a[contains(@class,'headerlink')]"
    "|//*[contains(@class,'mw-editsection')]"
)
_HEADING_TAGS = {f"h{level}": [str(level)] for level in range(1, 7)}


def read_html(data: bytes) -> Extracted:
    """HTML as a reader sees it: the main content, without scripts, menus and hidden parts."""
    declared = _META_CHARSET.search(data[:4096])
    if declared and not data.startswith((b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")):
        try:
            return html_text(data.decode(declared[1].decode("ascii")))
        except (LookupError, UnicodeDecodeError):
            pass  # a wrong declaration; the bytes decide
    return html_text(decode(data))


def html_text(source: str) -> Extracted:
    """HTML that is text already, as a reader sees it. Raises FormatError when it cannot be read as HTML."""
    import lxml.etree
    import lxml.html
    from inscriptis.css_profiles import STRICT_CSS_PROFILE
    from inscriptis.html_engine import Inscriptis
    from inscriptis.model.config import ParserConfig

    try:
        tree = lxml.html.document_fromstring(_DECLARATION.sub("", clean(source)), lxml.html.HTMLParser(huge_tree=True))
    except (lxml.etree.ParserError, ValueError) as error:
        raise FormatError(f"it is not readable as HTML ({error})") from None
    title = " ".join((tree.findtext(".//title") or "").split())
    canonical = tree.xpath("string(//link[@rel='canonical']/@href)")
    metas = [(str(m.get("property") or m.get("name")), m.get("content")) for m in tree.xpath("//meta[@content]")]
    facts = {re.split("[.:]", name)[-1].removesuffix("_time"): content for name, content in metas}
    for element in tree.xpath(_FURNITURE):
        if element.getparent() is not None:
            element.drop_tree()
    mains = tree.xpath("//main|//*[@role='main']|//article[count(//article)=1]")
    root = next((main for main in mains if main.text_content().strip()), tree)
    for element in root.xpath(".//pre//*[not(self::br)]"):
        element.drop_tag()  # else inscriptis would fold the lines of highlighted code
    rules = ParserConfig(css=STRICT_CSS_PROFILE.copy(), annotation_rules=_HEADING_TAGS, table_cell_separator=" | ")
    page = Inscriptis(root, rules)
    labels = [(a.start, a.end, int(a.metadata)) for a in page.get_annotations()]
    text, headings = _tidy(page.get_text(), labels)
    first = next((h.text for h in headings if h.level == 1), "")
    return Extracted(text, first or title, _web_address(canonical), headings, date=dated(facts))


_EDITS = re.compile(r"[ \t]+(?=\n)|(?<=\S)[ \t]+(?= \| )|(?<= \| )[ \t]+|\n{3,}")


def _tidy(text: str, labels: list[tuple[int, int, int]]) -> tuple[str, tuple[Heading, ...]]:
    """Squeeze the padding of tables and empty lines, and move the heading labels along."""
    pieces: list[str] = []
    moved = 0
    shifts: list[tuple[int, int]] = [(0, 0)]  # (offset in the old text, how far everything after it moved)
    last = 0
    for edit in _EDITS.finditer(text):
        new = "\n\n" if edit[0].startswith("\n") else ""
        pieces += [text[last : edit.start()], new]
        last = edit.end()
        moved += len(new) - len(edit[0])
        shifts.append((last, moved))
    tidy = "".join([*pieces, text[last:]])

    def shift(offset: int) -> int:
        return offset + next(by for start, by in reversed(shifts) if start <= offset)

    headings = []
    for start, end, level in labels:
        raw = text[start:end]
        line = raw.strip()
        if line:
            begin = shift(start + len(raw) - len(raw.lstrip()))
            headings.append(Heading(begin, begin + len(" ".join(line.split())), level, " ".join(line.split())))
    headings = [h for h in headings if tidy[h.start : h.end] == h.text]
    return tidy, tuple(sorted(headings, key=lambda h: h.start))


def _web_address(value: object) -> str | None:
    return value if isinstance(value, str) and re.match(r"https?://[^\s<>\"]+$", value) else None


def read_markdown(data: bytes, extend: Callable[[MarkdownIt], None] = lambda _: None) -> Extracted:
    """Markdown: rendered and read as HTML; `title` and `url` of the front matter win. `extend` adds to its syntax."""
    from markdown_it import MarkdownIt
    from mdit_py_plugins.front_matter import front_matter_plugin

    address, source = take_source_line(clean(decode(data)))
    markdown = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).use(front_matter_plugin)
    extend(markdown)
    front = next((t.content for t in markdown.parse(source) if t.type == "front_matter"), "")
    matter = _front_matter(front)
    markdown.add_render_rule("html_inline", _shown_tag)
    closed = {name.casefold() for name in re.findall(r"</([\w.-]+)", source)}
    rendered = markdown.render(source, {"closed": closed})
    body = html_text(f"<html><body>{rendered}</body></html>") if source.strip() else Extracted("")
    title = matter.get("title")
    url = _web_address(matter.get("url")) or address or body.url
    return Extracted(body.text, str(title).strip() if title else body.title, url, body.headings, date=dated(matter))


def _shown_tag(_: Any, tokens: Sequence[Any], number: int, __: Any, env: Mapping[str, Any]) -> str:
    """A tag within Markdown; one that is no element of HTML and is closed nowhere is words ("Clone <repository>")."""
    from lxml.html import defs

    tag: str = tokens[number].content
    name = re.fullmatch(r"<([A-Za-z][\w.-]*)>", tag)
    is_words = name and name[1].casefold() not in defs.tags | env["closed"]
    return html.escape(tag) if is_words else tag


def _front_matter(source: str) -> Mapping[str, Any]:
    import yaml

    try:
        matter = yaml.safe_load(source)
    except yaml.YAMLError:
        return {}  # not front matter then, only a ruled-off block; nothing of it is text
    return matter if isinstance(matter, dict) else {}


# --- PDF -------------------------------------------------------------------------------------------------------


def read_pdf(data: bytes) -> Extracted:
    """A PDF's text page by page, its outline as headings. A PDF of pictures is named as such."""
    import pypdfium2
    from pypdfium2 import PdfiumError

    try:
        pdf = pypdfium2.PdfDocument(data)
    except PdfiumError as error:
        reason = (
            "it is encrypted; save it without a password" if "assword" in str(error) else "it is not a readable PDF"
        )
        raise FormatError(reason) from None
    texts = _mend_words([_page_text(page) for page in pdf])
    if not any(text.strip() for text in texts):
        raise FormatError("it holds no text (a scan?); run it through text recognition first")
    pages, length = [], 0
    for text in texts:
        pages.append(length)
        length += len(text) + 2
    whole = "\n\n".join(texts)
    outline = [(item.get_title(), item.level, item.get_dest()) for item in pdf.get_toc()]
    places = [(title, level, dest.get_index()) for title, level, dest in outline if title and dest]
    headings = _outline_headings(whole, pages, [(t, lv, p) for t, lv, p in places if p is not None])
    title = " ".join(clean(pdf.get_metadata_value("Title") or "").split())
    if not title or re.search(
        r"^\(?(untitled|anonymous|unspecified)|^microsoft word|\.(docx?|pdf|tex|indd)$", title, re.IGNORECASE
    ):
        first = next((line.strip() for line in whole.split("\n") if line.strip()), "")
        title = first if 3 <= len(first) <= 150 and not _SENTENCE_END.search(first) else ""
    return Extracted(whole, title, None, headings, tuple(pages))


def _page_text(page: Any) -> str:
    from pypdfium2 import PdfiumError

    try:
        raw = page.get_textpage().get_text_range()
    except PdfiumError:
        return ""  # one broken page does not cost the others
    broken = re.sub(r"(?<=[^\W\d_])-(?=\r?\n[^\W\d_A-Z])", _BREAK, raw.replace("\x02", _BREAK))
    return join_wrapped(clean(re.sub(rf"{_BREAK}(?!\r?\n)", _BREAK + "\n", broken)))


def _mend_words(texts: list[str]) -> list[str]:
    """Take the hyphen out of words broken at the end of a line, but not out of compounds.

    Where the first half stands in the document as a word of its own and the joined word does not, it was meant.
    """
    words = {word.lower() for text in texts for word in re.findall(rf"(?<!{_BREAK})\b[^\W\d_]+\b(?!{_BREAK})", text)}

    def mend(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        compound = len(before) > 2 and before.lower() in words and (before + after).lower() not in words
        return f"{before}-{after}" if compound else before + after

    return [re.sub(rf"(\w+){_BREAK}(\w+)", mend, text).replace(_BREAK, "-") for text in texts]


def _outline_headings(text: str, pages: list[int], outline: list[tuple[str, int, int]]) -> tuple[Heading, ...]:
    """The outline's entries that stand on a line of their own on the page they point to."""
    headings: list[Heading] = []
    for title, level, page in outline:
        words = [re.escape(word) for word in clean(title).split()]
        start = pages[page] if page < len(pages) else len(text)
        end = pages[page + 1] if page + 1 < len(pages) else len(text)
        line = re.compile(
            r"^[ \t]*(?:[\d.]+[ \t]+)?" + r"[ \t]+".join(words) + r"[ \t]*$", re.MULTILINE | re.IGNORECASE
        )
        found = line.search(text, max(start, headings[-1].end if headings else 0), end)
        if words and found:
            headings.append(Heading(found.start(), found.end(), level + 1, " ".join(found[0].split())))
    return tuple(headings)


READERS: Mapping[str, Callable[[bytes], Extracted]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
}
"""Which reader reads which file, by the end of its name in lower case."""
