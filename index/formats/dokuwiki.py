"""DokuWiki's markup -> the text that a reader of the page sees. Knows markup; knows no files or addresses.

Pages are translated to plain HTML and read like it, so there is one reading of headings, lists and tables. What only
dresses a text (bold, links) leaves its words; arrows and dashes become the characters that DokuWiki shows, or the
browser would not find a quote on its page. The markup is described at https://www.dokuwiki.org/wiki:syntax.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from index.formats.lists import nested
from index.formats.markup import html_text
from index.formats.plain import Extracted, clean, decode


def read_dokuwiki(data: bytes) -> Extracted:
    """A page's source as its reader sees it, but for quotation marks, which stay straight.

    Pictures, macros and what plugins include are left out; a footnote stands behind the block that it belongs to.
    """
    body = "\n".join(_Page().blocks(clean(decode(data))))
    return html_text(f"<html><body>{body}</body></html>") if body.strip() else Extracted("")


# --- within a line -----------------------------------------------------------------------------------------------

_KEPT = re.compile("\x02(\\d+)\x03")  # a number between control characters, which `clean` leaves in no page
_VERBATIM = re.compile(
    r"^(?: {2}| *\t)(?![ \t]*[*-])[^\n]*$"  # an indented line: code, whatever stands in it
    r"|<nowiki>(?P<nowiki>.*?)</nowiki>|%%(?P<percent>.*?)%%"
    r"|<(?P<kind>code|file|html|php)\b[^>\n]*>(?P<code>.*?)</(?P=kind)>",
    re.DOTALL | re.IGNORECASE | re.MULTILINE,
)
_NOTE = re.compile(r"\(\(((?:(?!\(\().)+?)\)\)", re.DOTALL)
_LINK = re.compile(r"\[\[([^\[\]|\n]+)(?:\|([^\[\]]*))?\]\]")
_MEDIA = re.compile(r"\{\{([^{}|]*)(?:\|([^{}]*))?\}\}")
_ADDRESS = re.compile(r"\b(?:https?|ftp)://[^\s<>\"|^\[\]\x02\x03]+|<([\w.+-]+@[\w.-]+\.\w+)>", re.IGNORECASE)
_DRESS = re.compile(
    r"~~[A-Z][^~\n]*~~|</?(?:sub|sup|del|wrap|block|div|inline|span|note|hidden)\b[^<>\n]*>", re.IGNORECASE
)
_PAIRS = [re.compile(f"{mark}(.+?){mark}", re.DOTALL) for mark in (r"\*\*", "(?<!:)//", "__", "''")]
_ARROWS = {"<->": "↔", "->": "→", "<-": "←", "<=>": "⇔", "=>": "⇒", "<=": "⇐", ">>": "»", "<<": "«"}
_SHOWN = _ARROWS | {"---": "—", "--": "–", "(c)": "©", "(tm)": "™", "(r)": "®", "...": "…"}
_SIGNS = re.compile("|".join(re.escape(sign) for sign in sorted(_SHOWN, key=len, reverse=True)), re.IGNORECASE)
_SMILEY = re.compile(r"(?<!\w)(?:8-[)O]|[:;=]-?\)|:-[(/\\?DPOX|]|\^_\^|m\(|:[?!]:|LOL|FIXME|DELETEME)(?!\w)[ \t]*")
_TIMES = re.compile(r"\b([1-9]|\d{2,})[xX](?=([1-9]|\d{2,})\b)")
_PICTURE = re.compile(r"\.(?:png|jpe?g|gif|svg|webp|ico|swf|mp3|ogg|wav|mp4|webm|ogv)$", re.IGNORECASE)


def _named(target: str) -> str:
    """What DokuWiki shows of a link that has no words of its own."""
    target = target.strip()
    if re.match(r"[a-z]+://|\\\\|[\w.+-]+@[\w.-]+$", target, re.IGNORECASE):
        return target
    if ">" in target:  # a page of another wiki
        return target.partition(">")[2]
    page, _, section = target.partition("#")
    return section or re.split("[:;]", page.split("?")[0].rstrip(":;"))[-1]


def _media(found: re.Match[str]) -> str:
    """A file is shown by its words or its name; pictures and what plugins include are not read."""
    file, _, how = found[1].strip().partition("?")
    if ">" in file or (_PICTURE.search(file) and "linkonly" not in how):
        return ""
    return (found[2] or re.split("[:/]", file)[-1]).strip()


# --- line by line ------------------------------------------------------------------------------------------------

_ITEM = re.compile(r"(?P<indent>(?: {2}| *\t)[ \t]*)(?P<mark>[*-])(?P<text>.*)")
_KINDS = {
    "blank": re.compile(r"\s*$|[ \t]*-{4,}[ \t]*$"),
    "list": _ITEM,
    "code": re.compile(r" {2}| *\t"),
    "heading": re.compile(r"[ \t]*==.+==[ \t]*$"),
    "table": re.compile(r"[ \t]*[|^]"),
    "quote": re.compile(r">"),
    "text": re.compile(""),
}


def _kind(line: str) -> str:
    return next(kind for kind, begins in _KINDS.items() if begins.match(line))


@dataclass(slots=True)
class _Page:
    """One page while it is read: what is taken out of its text as it stands, and footnotes not yet set."""

    kept: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def blocks(self, source: str) -> Iterator[str]:
        """The page as HTML, block by block."""
        writers = {
            "heading": self._headings,
            "list": self._list,
            "code": self._code,
            "table": self._table,
            "quote": self._quote,
            "text": self._paragraph,
        }
        for kind, lines in groupby(_VERBATIM.sub(self._verbatim, source).split("\n"), _kind):
            if kind != "blank":
                yield self._restored(writers[kind](list(lines)))
            while self.notes:
                yield self._restored(f"<p>{self._words(self.notes.pop(0))}</p>")

    def _keep(self, content: str) -> str:
        self.kept.append(content)
        return f"\x02{len(self.kept) - 1}\x03"

    def _restored(self, content: str) -> str:
        while _KEPT.search(content):  # what is kept may hold what was kept before
            content = _KEPT.sub(lambda found: self.kept[int(found[1])], content)
        return content

    def _verbatim(self, found: re.Match[str]) -> str:
        if found.lastgroup is None:
            return found[0]
        if found["code"] is not None:
            return self._keep(f"<pre>{html.escape(found['code'].strip(chr(10)))}</pre>")
        return self._keep(html.escape(found["nowiki"] if found["percent"] is None else found["percent"]))

    def _words(self, text: str) -> str:
        """Running text as HTML. Its footnotes are set aside."""

        def aside(found: re.Match[str]) -> str:
            self.notes.append(found[1])
            return ""

        def link(found: re.Match[str]) -> str:
            shown = found[2] if found[2] is not None and found[2].strip() else _named(found[1])
            return self._keep("" if _MEDIA.fullmatch(shown.strip()) else html.escape(shown.strip()))

        text = _LINK.sub(link, _NOTE.sub(aside, text))
        text = _MEDIA.sub(lambda found: self._keep(html.escape(_media(found))), text)
        text = _ADDRESS.sub(lambda found: self._keep(html.escape(found[1] or found[0])), _DRESS.sub("", text))
        text = _SMILEY.sub("", text)
        for pair in _PAIRS:
            text = pair.sub(r"\1", text)
        text = _TIMES.sub(r"\1×", _SIGNS.sub(lambda found: _SHOWN[found[0].lower()], text))
        return re.sub(r"\\\\(?=\s|$)", lambda _: self._keep("<br>"), html.escape(text))

    def _headings(self, lines: list[str]) -> str:
        out = []
        for line in map(str.strip, lines):
            level = min(max(7 - (len(line) - len(line.lstrip("="))), 1), 5)
            out.append(f"<h{level}>{html.escape(line.strip('= '))}</h{level}>")
        return "".join(out)

    def _paragraph(self, lines: list[str]) -> str:
        return f"<p>{self._words(chr(10).join(lines))}</p>"

    def _quote(self, lines: list[str]) -> str:
        return "".join(f"<p>{self._words(line.lstrip('>'))}</p>" for line in lines)

    def _code(self, lines: list[str]) -> str:
        source = "\n".join(re.sub("^(?:  | *\t)", "", line) for line in lines)
        return f"<pre>{html.escape(source)}</pre>"

    def _table(self, lines: list[str]) -> str:
        above: list[tuple[str, str]] = []
        rows: list[str] = []
        for line in lines:
            above = self._row(line.strip(), above)
            rows.append("".join(f"<{tag}>{text}</{tag}>" for tag, text in above))
        return f"<table>{''.join(f'<tr>{row}</tr>' for row in rows)}</table>"

    def _row(self, line: str, above: list[tuple[str, str]]) -> list[tuple[str, str]]:
        """The cells of a row. What spans rows or columns stands in each of them."""
        parts = re.split(r"([|^])", self._words(line))
        cells = list(zip(parts[1::2], parts[2::2], strict=True))
        if not cells[-1][1].strip():
            cells.pop()  # what follows the last bar
        row: list[tuple[str, str]] = []
        for number, (bar, text) in enumerate(cells):
            spanned = above[number][1] if text.strip() == ":::" and number < len(above) else text
            spanned = row[-1][1] if not text and row else spanned  # two bars without a blank
            row.append(("th" if bar == "^" else "td", spanned))
        return row

    def _list(self, lines: list[str]) -> str:
        return nested(
            (
                len(item["indent"].replace("\t", "  ")) // 2,
                "ol" if item["mark"] == "-" else "ul",
                self._words(item["text"].strip()),
            )
            for item in map(_ITEM.match, lines)
            if item
        )
