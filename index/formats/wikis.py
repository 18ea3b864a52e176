"""Which files are pages of a wiki, how they are read, and what its addresses call them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from index.formats.choosing import READERS
from index.formats.dokuwiki import read_dokuwiki
from index.formats.markup import read_markdown
from index.formats.mediawiki import read_pages, read_wikitext
from index.formats.plain import Extracted
from index.settings import WikiKind

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_core import StateCore

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True)
class Wiki:
    """What the files of a document folder are.

    `readers` read them, by the end of their names; `page` gives the name of a document's page as it stands in an
    address (percent-encoded), None if it is no page; names that `ignored` finds are no documents. `holding` splits
    files that hold many documents, by the end of their names: the name of each and what its reader reads.
    """

    readers: Mapping[str, Callable[[bytes], Extracted]]
    page: Callable[[str], str | None]
    ignored: re.Pattern[str] = _NEVER
    holding: Mapping[str, Callable[[Path], Iterator[tuple[str, bytes]]]] = field(default_factory=dict)


# --- DokuWiki ----------------------------------------------------------------------------------------------------


def _dokuwiki_page(document: str) -> str | None:
    """`wiki/start.txt` -> `wiki:start`. Names of files may be percent-encoded, as DokuWiki's `fnencode` says."""
    if not document.endswith(".txt"):
        return None
    return quote(unquote(document.removesuffix(".txt")).replace("/", ":"), safe=":")


# --- MediaWiki ---------------------------------------------------------------------------------------------------


def _mediawiki_page(document: str) -> str | None:
    """`export.xml/Harbour tram` -> `Harbour_tram`."""
    found = re.match(r".*?\.xml/(.+)", document, re.IGNORECASE)
    return quote(found[1].replace(" ", "_"), safe=":/") if found else None


# --- MkDocs ------------------------------------------------------------------------------------------------------

_TAB = re.compile(r'^([ \t]*)===[!+]?[ \t]+(".*")[ \t]*$', re.MULTILINE)
_ATTRIBUTES = re.compile(r"[ \t]*\{(?::[^{}\n]*|[ ]*(?:[.#]\w|\w+=)[^{}\n]*)\}(?=[\s.,;!?)]|$)")
_ICON = re.compile(r":(?:material|fontawesome|octicons|simple)-[\w-]+:")


def read_mkdocs(data: bytes) -> Extracted:
    """Markdown as MkDocs shows it with its usual extensions: admonitions, details, tabs and footnotes are text,
    attribute lists and icons are not."""
    return read_markdown(data, _mkdocs_syntax)


def _mkdocs_syntax(markdown: MarkdownIt) -> None:
    from mdit_py_plugins.admon import admon_plugin
    from mdit_py_plugins.footnote import footnote_plugin

    def tabs(state: StateCore) -> None:
        state.src = _TAB.sub(r"\1!!! tab \2", state.src)

    def attributes(state: StateCore) -> None:
        for token in state.tokens:
            if token.type == "inline":
                content = _ICON.sub("", _ATTRIBUTES.sub("", token.content))
                token.content = "" if content.strip() == "[TOC]" else content

    markdown.use(admon_plugin).use(footnote_plugin)
    markdown.core.ruler.after("normalize", "tabs", tabs)
    markdown.core.ruler.before("inline", "attributes", attributes)
    for mark in ("footnote_ref", "footnote_anchor"):  # numbers and arrows that belong to no sentence
        markdown.add_render_rule(mark, lambda *_: "")


def _mkdocs_page(document: str) -> str:
    """`guide/index.md` -> `guide/`, `guide/start.md` -> `guide/start/`, as with MkDocs' `use_directory_urls`. What is
    not Markdown lies where it lay."""
    path = PurePosixPath(document)
    if path.suffix not in (".md", ".markdown"):
        return quote(document)
    place = path.parent if path.stem in ("index", "README") else path.with_suffix("")
    return "" if str(place) == "." else quote(f"{place}/")


# -----------------------------------------------------------------------------------------------------------------

_MARKDOWN = {".md": read_mkdocs, ".markdown": read_mkdocs}
WIKIS: Mapping[WikiKind | None, Wiki] = {
    None: Wiki(READERS, lambda _: None),
    "dokuwiki": Wiki({**READERS, ".txt": read_dokuwiki}, _dokuwiki_page, re.compile(r"(?:^|/)_[^/]*\.txt$")),
    "mediawiki": Wiki({**READERS, ".xml": read_wikitext}, _mediawiki_page, holding={".xml": read_pages}),
    "mkdocs": Wiki({**READERS, **_MARKDOWN}, _mkdocs_page),
}
"""By the setting `wiki`; None is a folder of files. DokuWiki keeps templates of pages under names in `_`."""
