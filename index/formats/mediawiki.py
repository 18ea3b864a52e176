"""MediaWiki's XML export -> its pages; wikitext -> the text that a reader of the page sees.

Wikitext is parsed by mwparserfromhell and translated to plain HTML. What a page gets from templates is not in it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.formats.lists import nested
from index.formats.markup import html_text
from index.formats.plain import Extracted, FormatError, clean


def read_pages(path: Path) -> Iterator[tuple[str, bytes]]:
    """The pages of an export: title and newest wikitext in UTF-8, of the main namespace, without redirects.

    Reads page by page. Entities that a file declares are not resolved. Raises FormatError for what is no whole export.
    """
    from lxml import etree

    try:
        for _, page in etree.iterparse(str(path), tag="{*}page", resolve_entities=False, no_network=True):
            title, found = page.findtext("{*}title"), page.findall("{*}revision")
            if title and found and page.findtext("{*}ns", "0") == "0" and page.find("{*}redirect") is None:
                newest = max(found, key=lambda revision: revision.findtext("{*}timestamp", ""))
                if newest.findtext("{*}model", "wikitext") == "wikitext":
                    yield title, newest.findtext("{*}text", "").encode()
            page.clear()
            while page.getprevious() is not None:
                del page.getparent()[0]
    except etree.XMLSyntaxError as error:
        raise FormatError(f"it is not a whole XML export of MediaWiki ({error.msg})") from None


def read_wikitext(data: bytes) -> Extracted:
    """A page's wikitext as its reader sees it; without templates, pictures, categories and references."""
    import mwparserfromhell

    body = _Page().blocks(mwparserfromhell.parse(clean(data.decode("utf-8", "replace"))))
    return html_text(f"<html><body>{body}</body></html>") if body.strip() else Extracted("")


_NOT_SHOWN = {"ref", "references", "gallery", "style", "script", "includeonly", "templatestyles", "timeline", "hr"}
_SOURCE = {"pre", "syntaxhighlight", "source"}
_BLOCKS = {"div", "p", "blockquote", "center", "section", "noinclude", "onlyinclude", "poem"}
_NOT_LINKS = re.compile(
    r"(?:file|image|media|category|datei|bild|kategorie|fichier|catégorie|archivo|categoría|файл|категория)\s*:",
    re.IGNORECASE,
)
_MARK = re.compile("\x01[*#:;]")
_KEPT = re.compile("\x02(\\d+)\x03")  # as in a page of DokuWiki: `clean` leaves no control characters
_SPANS = ("colspan", "rowspan")
_MACRO = re.compile(r"__[A-Z]{3,}__")


@dataclass(slots=True)
class _Page:
    """One page while it is read: the blocks that are set as they are."""

    kept: list[str] = field(default_factory=list)

    def blocks(self, code: Any) -> str:
        """Parsed wikitext as HTML, paragraph by paragraph."""
        out: list[str] = []
        for part in re.split(r"\n\s*\n", self._inline(code)):
            lines = [line for line in part.split("\n") if line.strip()]
            running: list[str] = []
            items: list[tuple[int, str, str]] = []
            for line in lines:
                marks = "".join(mark[1] for mark in _MARK.findall(line))
                if marks and marks[-1] in "*#":
                    out += self._paragraph(running)
                    items.append((len(marks), "ol" if marks[-1] == "#" else "ul", _MARK.sub("", line).strip()))
                    continue
                # A line that is set in, or a term and what explains it; they may belong to the item above.
                parts = [f"<p>{part}</p>" for part in map(str.strip, _MARK.split(line)) if part] if marks else []
                if items and marks and marks[0] in "*#":
                    items[-1] = (*items[-1][:2], items[-1][2] + "".join(parts))
                    continue
                out.append(nested(items))
                items.clear()
                if marks:
                    out += [*self._paragraph(running), *parts]
                else:
                    running.append(line)
            out += [*self._paragraph(running), nested(items)]
        body = "\n".join(out)
        while _KEPT.search(body):  # what is kept may hold what was kept before
            body = _KEPT.sub(lambda found: self.kept[int(found[1])], body)
        return body

    def _paragraph(self, lines: list[str]) -> list[str]:
        text = "\n".join(lines)
        lines.clear()
        if not text.strip():
            return []
        return [text if _KEPT.fullmatch(text.strip()) else f"<p>{text}</p>"]

    def _block(self, content: str) -> str:
        self.kept.append(content)
        return f"\n\n\x02{len(self.kept) - 1}\x03\n\n"

    def _inline(self, code: Any) -> str:
        return "".join(self._node(node) for node in code.nodes) if code is not None else ""

    def _node(self, node: Any) -> str:
        from mwparserfromhell import nodes

        match node:
            case nodes.Text():
                return html.escape(_MACRO.sub("", str(node)))
            case nodes.HTMLEntity():
                return html.escape(node.normalize() or "")
            case nodes.Heading():
                level = min(max(node.level, 1), 6)
                return self._block(f"<h{level}>{self._inline(node.title).strip()}</h{level}>")
            case nodes.Wikilink():
                target = str(node.title).strip()
                shown = "" if _NOT_LINKS.match(target) else html.escape(target.removeprefix(":"))
                return self._inline(node.text) if node.text is not None and shown else shown
            case nodes.ExternalLink():
                return self._inline(node.title) if node.brackets else html.escape(str(node.url))
            case nodes.Argument():
                return self._inline(node.default)
            case nodes.Tag():
                return self._tag(node)
        return ""  # templates and comments

    def _tag(self, node: Any) -> str:
        name = str(node.tag).strip().lower()
        if name in _NOT_SHOWN:
            return ""
        if name in ("li", "dd", "dt") and node.self_closing:
            return f"\x01{node.wiki_markup}"
        if name == "br":
            return "<br>"
        if name == "nowiki":
            return html.escape(str(node.contents))
        if name in _SOURCE:
            return self._block(f"<pre>{html.escape(str(node.contents).strip(chr(10)))}</pre>")
        if name == "table":
            return self._block(f"<table>{self._rows(node)}</table>")
        if name in _BLOCKS:
            return self._block(_Page().blocks(node.contents))
        return self._inline(node.contents)

    def _rows(self, table: Any) -> str:
        """The rows of a table; cells may stand before the first mark of a row."""
        rows: list[list[str]] = [[]]
        caption = ""
        for node in table.contents.nodes:
            name = str(getattr(node, "tag", "")).strip().lower()
            if name in ("tr", "tbody", "thead"):
                rows.append([self._cell(cell) for cell in node.contents.filter_tags(recursive=False)])
            elif name == "td" and str(node).startswith("|+"):  # the parser takes it for a cell
                caption = f"<caption>{self._inline(node.contents).strip().removeprefix('+').strip()}</caption>"
            elif name in ("td", "th"):
                rows[-1].append(self._cell(node))
        return caption + "".join(f"<tr>{''.join(row)}</tr>" for row in rows if row)

    def _cell(self, cell: Any) -> str:
        name = str(cell.tag).strip().lower()
        if name not in ("td", "th"):
            return ""
        content = cell.contents.strip()
        inner = _Page().blocks(cell.contents) if "\n" in content else self._inline(cell.contents).strip()
        spans = "".join(
            f' {span}="{html.escape(str(cell.get(span).value).strip())}"' for span in _SPANS if cell.has(span)
        )
        return f"<{name}{spans}>{inner}</{name}>"
