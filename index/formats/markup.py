"""HTML and Markdown -> text as a reader sees it, with its headings.

Markdown is rendered and read as HTML, so there is one reading of headings, lists and tables.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.dating import dated
from index.formats.grids import write_out
from index.formats.plain import SENTENCE_END, Extracted, FormatError, clean, decode, take_source_line
from index.types import Heading

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_META_CHARSET = re.compile(rb"<meta[^>]+charset=[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_FURNITURE = (
    "//script|//style|//noscript|//template|//nav|//footer|//aside|//iframe|//object|//svg|//button|//select"
    "|//*[@hidden]|//*[@aria-hidden='true']|//*[@role='navigation' or @role='search' or @role='contentinfo']"
    "|//*[contains(translate(@style,' ',''),'display:none')]|//body/header|//a[contains(@class,'headerlink')]"
    "|//*[contains(@class,'mw-editsection')]"
)
_BLOCKS = ("section", "details", "summary", "dl", "dt", "dd", "form", "fieldset", "legend", "caption", "menu")
_BOLD = "self::*[(strong or b) and count(*)=1 and not(normalize-space(text()))]"
_WITHIN = "ancestor::li|ancestor::td|ancestor::th"
_LABEL = 6  # words in bold that are a heading at most
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
    from inscriptis.html_properties import Display
    from inscriptis.model.config import ParserConfig
    from inscriptis.model.html_element import HtmlElement

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
    write_out(root)
    _raise_labels(root)
    for first in root.xpath(".//ol[@start]/li[1]"):
        first.set("value", first.get("value") or first.getparent().get("start"))
    css = STRICT_CSS_PROFILE | {tag: HtmlElement(display=Display.block) for tag in _BLOCKS}
    rules = ParserConfig(css=css, annotation_rules=_HEADING_TAGS, table_cell_separator=" | ")
    page = Inscriptis(root, rules)
    labels = [(a.start, a.end, int(a.metadata)) for a in page.get_annotations()]
    text, headings = _tidy(page.get_text(), labels)
    first = next((h.text for h in headings if h.level == 1), "")
    return Extracted(text, first or title, _web_address(canonical), headings, date=dated(facts))


def _raise_labels(root: Any) -> None:
    """Make headings of what stands as one: a question by itself above its answer, in bold, as a term or as what folds
    open, and a few words in bold above what they name or before it ("**Parking.** A space costs ..."), where there are
    two such at least.

    They stand under the heading before them; a question beside the one before it.
    """
    openings = [*filter(_opens_with_label, root.iter("p"))]
    for paragraph in openings if len(openings) > 1 else ():
        _set_apart(paragraph)
    labels = {*filter(_is_label, root.iter("p"))}
    level, above, asks = 1, 1, False
    for element in [*root.iter(*_HEADING_TAGS, "dt", "summary", "p")]:
        asked = element.text_content().strip().endswith(("?", "？"))
        if element.tag in _HEADING_TAGS:
            level = above = int(element.tag[1])
            asks = asked
        elif asked and (element.tag != "p" or element.xpath(_BOLD)) and not element.xpath(_WITHIN):
            level, asks = min(level + (not asks), 6), True
            element.tag = f"h{level}"
        elif element in labels and (len(labels) > 1 or len(openings) > 1):
            level, asks = min(above + 1, 6), False
            element.tag = f"h{level}"


def _opens_with_label(paragraph: Any) -> bool:
    """Whether a paragraph begins with a few words in bold and a stop, behind which it goes on."""
    bold = paragraph[0] if len(paragraph) else None
    if bold is None or bold.tag not in ("b", "strong") or (paragraph.text or "").strip():
        return False
    text = bold.text_content().strip()
    goes_on = "".join(paragraph.itertext()).strip() != text
    return text.endswith(".") and len(text.split()) <= _LABEL and goes_on and not paragraph.xpath(_WITHIN)


def _set_apart(paragraph: Any) -> None:
    """Put the bold words that open a paragraph into one of their own before it, without their stop."""
    bold = paragraph[0]
    rest, bold.tail = bold.tail, None
    label = paragraph.makeelement("p")
    paragraph.addprevious(label)
    label.append(bold)
    paragraph.text = (rest or "").lstrip()
    last = [one for one in bold.iter() if one.text or one.tail][-1]
    if last is not bold and last.tail:
        last.tail = last.tail.rstrip().removesuffix(".")
    elif last.text:
        last.text = last.text.rstrip().removesuffix(".")


def _is_label(paragraph: Any) -> bool:
    """Whether a paragraph is a few words in bold that end no sentence, with something else below them."""
    text = paragraph.text_content().strip()
    below = paragraph.getnext()
    return (
        bool(text)
        and len(text.split()) <= _LABEL
        and not SENTENCE_END.search(text.rstrip(":"))
        and bool(paragraph.xpath(_BOLD))
        and not paragraph.xpath(_WITHIN)
        and below is not None
        and below.tag not in _HEADING_TAGS
        and not below.xpath(_BOLD)
    )


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
