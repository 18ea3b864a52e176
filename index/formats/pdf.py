"""A PDF with text -> its text page by page, its outline as headings."""

from __future__ import annotations

import re
from typing import Any

from index.formats.plain import BREAK, SENTENCE_END, Extracted, FormatError, clean, join_wrapped
from index.types import Heading


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
        title = first if 3 <= len(first) <= 150 and not SENTENCE_END.search(first) else ""
    return Extracted(whole, title, None, headings, tuple(pages))


def _page_text(page: Any) -> str:
    from pypdfium2 import PdfiumError

    try:
        raw = page.get_textpage().get_text_range()
    except PdfiumError:
        return ""  # one broken page does not cost the others
    broken = re.sub(r"(?<=[^\W\d_])-(?=\r?\n[^\W\d_A-Z])", BREAK, raw.replace("\x02", BREAK))
    return join_wrapped(clean(re.sub(rf"{BREAK}(?!\r?\n)", BREAK + "\n", broken)))


def _mend_words(texts: list[str]) -> list[str]:
    """Take the hyphen out of words broken at the end of a line, but not out of compounds.

    Where the first half stands in the document as a word of its own and the joined word does not, it was meant.
    """
    words = {word.lower() for text in texts for word in re.findall(rf"(?<!{BREAK})\b[^\W\d_]+\b(?!{BREAK})", text)}

    def mend(found: re.Match[str]) -> str:
        before, after = found[1], found[2]
        compound = len(before) > 2 and before.lower() in words and (before + after).lower() not in words
        return f"{before}-{after}" if compound else before + after

    return [re.sub(rf"(\w+){BREAK}(\w+)", mend, text).replace(BREAK, "-") for text in texts]


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
