"""The date that a document gives itself: when it was written, or last changed. Never that of its file, which a copy or
a checkout changes.

It is looked for in what describes the document (front matter, meta tags), else in a short line near its head that names
it ("Updated: 3 March 2025"), else in its title or the name of its file.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

_FIELDS = ("updated", "last_updated", "lastmod", "modified", "last_modified", "date", "published")
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = r"(?P<month>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = tuple(
    re.compile(rf"(?<!\d)(?<!\d[.-]){form}(?![.-]?\d)", re.IGNORECASE)
    for form in (
        r"(?P<year>\d{4})-(?P<number>\d\d)-(?P<day>\d\d)",
        rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\.? {_MONTH},? (?P<year>\d{{4}})",
        rf"{_MONTH} (?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<year>\d{{4}})",
        r"(?P<day>\d{1,2})\.(?P<number>\d{1,2})\.(?P<year>\d{4})",
    )
)
_NAMES_IT = (
    r"(?:(?:last |date )?(?:updated|revised|changed|modified|reviewed|published)(?: on)?|date|as of"
    r"|effective(?: from)?|valid from|in force (?:from|since)|status|stand"
    r"|(?:agreed|adopted|approved|passed|decided)(?: (?:on|by [^\d\n]{1,40}))?)\b"
)
_LABEL = re.compile(rf"\W*{_NAMES_IT}", re.IGNORECASE)
# Also behind other words: "Procedure 7, version 4, in force since 1 March 2025".
_LABELLED = re.compile(rf"\b(?:(?:version|edition|revision|rev\.|v) ?\d[\d.]*|{_NAMES_IT})[\s:,(–-]*\Z", re.IGNORECASE)
_HEAD = 6  # lines among which a dated one is looked for
_SHORT = 60  # characters of such a line
_LONGER = 120  # of one where such words stand right before the date


def dated(matter: Mapping[str, Any]) -> str | None:
    """The date, as YYYY-MM-DD, among named facts about a document; when it was changed goes before when it was made."""
    known = {str(name).lower().replace("-", "_"): value for name, value in matter.items()}
    return next((found for field in _FIELDS if field in known and (found := _date(str(known[field])))), None)


def stated(title: str, text: str, name: str) -> str | None:
    """The date that a document's head, its title or the name of its file states, as YYYY-MM-DD."""
    lines = [line.strip() for line in text[:2000].split("\n") if line.strip()][:_HEAD]
    labelled = [line for line in lines if len(line) <= _SHORT and (_LABEL.match(line) or _is_bare(line))]
    labelled += [found for line in lines if len(line) <= _LONGER for found in _behind_label(line)]
    return _first((*labelled, title, name))


def _behind_label(line: str) -> list[str]:
    """The only date of a line, if it stands right behind words which say that it is the document's."""
    if _date(line) is None:
        return []
    return [date[0] for form in _FORMS for date in form.finditer(line) if _LABELLED.search(line[: date.start()])]


def _is_bare(line: str) -> bool:
    return any(form.fullmatch(line) for form in _FORMS)


def _first(texts: Iterable[str]) -> str | None:
    return next((found for text in texts if (found := _date(text))), None)


def _date(text: str) -> str | None:
    """The only date in `text`; two of them are a span, which dates nothing."""
    found = [match for form in _FORMS for match in form.finditer(text)]
    if len(found) != 1:
        return None
    parts = found[0].groupdict()
    word = parts.get("month")
    month = _MONTHS.index(word[:3].lower()) + 1 if word else parts["number"]
    try:
        return datetime.date(int(parts["year"]), int(month), int(parts["day"])).isoformat()
    except ValueError:
        return None
