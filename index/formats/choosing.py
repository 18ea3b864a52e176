"""Which reader reads which file. Knows formats; knows no files or folders."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from index.formats.markup import read_html, read_markdown
from index.formats.pdf import read_pdf
from index.formats.plain import Extracted, read_plain

READERS: Mapping[str, Callable[[bytes], Extracted]] = {
    ".txt": read_plain,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
}
"""Which reader reads which file, by the end of its name in lower case."""
