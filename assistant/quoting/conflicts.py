"""Sentences of different documents that say the same but for a number or a date, in which they differ, or of which one
denies what the other says.

Only what can be held against each other word by word is: the same words in the same order once frame words, numbers and
dates are taken out, or the same row and columns of two tables, about the same thing by title and headings. A paraphrase
that `claims` does not see through is never called a conflict.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.quoting.changes import changes
from assistant.quoting.evidence import Candidate, Weighed
from assistant.types import Quote
from assistant.words.claims import FIGURE, Claim, Figure, claim, figures
from assistant.words.frames import subject_terms
from assistant.words.kinds import MONTHS, asks_for_date
from index.generation import Generation
from index.tables import cells, headers
from index.terms import terms

_WORDS = 2  # of content that a sentence must have to be held against another
_FEW = 3  # with fewer words of content, a title must speak of the same
_MANY = 5  # words of content that say by themselves what they are about, whatever heading they stand under

_LEANS = re.compile(r"(?:he|she|it|they|this|that|these|those|his|her|their|its|we|there)\b", re.IGNORECASE)
# What titles say of a document's form and not of its topic.
_FORMS = frozenset(
    terms(
        "policy policies handbook guide manual memo minutes meeting board news faq notes page rules version overview"
        " information info update updated draft final old new copy archive general index wiki document report summary"
        " project programme program circular letter bulletin leaflet brochure staff employee the of and for our in on"
    )
)
_LABELS = re.compile(r"\b\d+\b|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", re.IGNORECASE)
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_DATED = re.compile(
    rf"(?:\b{_DAY} (?:of )?(?:{MONTHS})|\b(?:{MONTHS})(?: {_DAY},?)?|\b\d{{1,2}}\.\d{{1,2}}\.)"
    r"(?: ?(?P<year>\d{4})\b)?"
    r"|\b(?P<first>\d{4})-\d\d-\d\d\b"
)
_PAST = re.compile(r"\b(?:was|were|had)\b")
_A_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR = re.compile(rf"\b{_A_YEAR.pattern}\b")
_NAMED = re.compile(r"(?<=\s)[^\W\d_a-z]")
# Columns whose value tells which thing or time a row is of.
_KEYS = frozenset(terms("year date month quarter season day valid since from until version number no id code period"))


def with_rivals(
    question: str, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation, limit: int
) -> tuple[list[Candidate], tuple[Quote, ...]]:
    """The candidates, the first that others contradict in a number or date together with those, and these quotes.

    What says that a figure was changed comes before the old one, unless its document is the older one; of others the
    newest comes first where all are dated.
    """
    for place, candidate in enumerate(chosen):
        found = _changed(candidate, weighed, generation) or _newest_first(
            [candidate, *rivals(question, candidate, weighed.candidates, limit - 1)], generation
        )
        if len(found) > 1:
            kept = [one for one in chosen[:place] if one not in found][: limit - len(found)]
            others = [one for one in chosen[place + 1 :] if one not in found]
            apart = len({one.quote.chunk.document for one in found}) > 1
            return [*kept, *found, *others][:limit], tuple(one.quote for one in found) if apart else ()
    return list(chosen), ()


def _changed(candidate: Candidate, weighed: Weighed, generation: Generation) -> list[Candidate]:
    """What says that a figure was changed with the candidate or with what still has the old one; nothing where nothing
    newer does."""
    new, old = changes(candidate, weighed)
    if not new or (old and "" < _date(new[-1], generation) < _date(old, generation)):
        return []
    goes_on = [] if candidate is old or candidate in new else [candidate]
    return [*goes_on, *new, *([old] if old else [])]


def _newest_first(found: list[Candidate], generation: Generation) -> list[Candidate]:
    """Those candidates, the newest first where all are dated."""
    dates = [_date(one, generation) for one in found]
    order = sorted(range(len(found)), key=lambda n: dates[n], reverse=True) if all(dates) else range(len(found))
    return [found[n] for n in order]


def _date(candidate: Candidate, generation: Generation) -> str:
    return generation.catalog.entry(candidate.quote.chunk.document).date or ""


def rivals(question: str, said: Candidate, candidates: Sequence[Candidate], limit: int) -> list[Candidate]:
    """At most `limit` of `candidates` that contradict `said`, each in another number or date, or by denying it."""
    found: list[Candidate] = []
    values = {_value(said)}
    for other in candidates:
        if len(found) < limit and _differ(question, said, other) and _value(other) not in values:
            values.add(_value(other))
            found.append(other)
    return found


def _differ(question: str, one: Candidate, other: Candidate) -> bool:
    if one.quote.chunk.document == other.quote.chunk.document or _LEANS.match(one.quote.text):
        return False
    terms_of = {*one.said}, {*other.said}
    if 2 * len(set.intersection(*terms_of)) < min(map(len, terms_of)) or _are_labelled_apart(question, one, other):
        return False
    if _are_of_other_years(one, other):
        return False
    if all(map(_header, (one, other))):
        return _rows_differ(question, one, other)
    said, others = _claim(one), _claim(other)
    words = max(said.words, others.words, key=len)
    if min(len(said.words), len(others.words)) < _WORDS or not _is_same_topic(one, other, words):
        return False
    if _denies(said, others) or _denies(others, said):
        return len(words) >= _FEW or _is_tied(one, other, words)
    if not (_completes(said, others, one) or _completes(others, said, other)):
        return False
    enough = len(words) >= _FEW or _is_tied(one, other, words)
    return enough and _figures_differ(question, said.figures, others.figures)


def _completes(short: Claim, long: Claim, candidate: Candidate) -> bool:
    """Whether a claim says what the longer one does but for figures, with what its candidate's title says."""
    rest = iter(short.content)
    awaited = next(rest, None)
    missing = []
    for term in long.content:
        if term == awaited:
            awaited = next(rest, None)
        else:
            missing.append(term)
    return awaited is None and set(missing) <= _topic(candidate)


def _denies(one: Claim, other: Claim) -> bool:
    """Whether `one` denies just what `other` says."""
    return one.denied is not None and one.denied == other.plain


def _figures_differ(question: str, one: Sequence[Figure], other: Sequence[Figure]) -> bool:
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if not a.agrees(b)]
    asked = {figure.value for figure in figures(question)}
    if not pairs or any({a.value, b.value} & asked or _is_finer(a, b) for a, b in pairs):
        return False
    if any(a.kind == "number" for a, _ in pairs):
        return not any(a.condition for a, _ in pairs)
    # Where only dates differ it is mostly two events, unless a date is asked for, or the same lasts until either.
    return asks_for_date(question) or all(map(_are_ends, *zip(*pairs, strict=True)))


def _are_ends(a: Figure, b: Figure) -> bool:
    """Whether two dates say until when something lasts, in the same year if they name it."""
    years = [found[0] for date in (a, b) if (found := _YEAR.search(date.value))]
    return not (a.condition or b.condition) and len(years) != 1 and len(set(years)) < 2


def _is_finer(a: Figure, b: Figure) -> bool:
    """Whether one date only says more of the other ("May", "4 May 2026")."""
    parts, others = set(a.value.split()), set(b.value.split())
    return a.kind == "date" and (parts <= others or others <= parts)


# --- rows of tables ----------------------------------------------------------------------------------------------


def _rows_differ(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether two rows of the same name have other figures in a column of the same name, which is one that the question
    names if it names any. What else the tables say of the rows must be the same."""
    row, others = _row(one), _row(other)
    if not row or not others or next(iter(row.items())) != next(iter(others.items())):
        return False
    if not _is_same_topic(one, other, [*one.said, *other.said]):
        return False
    shared = row.keys() & others.keys()
    differing = {name for name in shared if row[name] != others[name]}
    alone = {name: cell for name, cell in (row | others).items() if name not in shared}
    if any(_KEYS & {*name} for name in (*differing, *alone)) or not all(map(figures, alone.values())):
        return False
    claims = {name: (claim(row[name]), claim(others[name])) for name in differing}
    if any(a.content != b.content for a, b in claims.values()):
        return False
    asked = {name for name in shared if {*name} & {*subject_terms(question)}} - {next(iter(row))}
    return any(
        _figures_differ(question, *(of.figures for of in claims[name])) for name in differing & (asked or shared)
    )


def _row(candidate: Candidate) -> dict[tuple[str, ...], str]:
    """The cells of a row by the terms of their columns' names; empty if they do not fit each other."""
    names, values = cells(_header(candidate)), cells(candidate.quote.text)
    row = {tuple(terms(name)): value for name, value in zip(names, values, strict=False)}
    return row if len(names) == len(values) == len(row) and values[0] else {}


def _header(candidate: Candidate) -> str:
    return headers(candidate.quote.chunk)[candidate.number]


# --- what they are about -----------------------------------------------------------------------------------------


def _is_same_topic(one: Candidate, other: Candidate, said: Sequence[str]) -> bool:
    """Whether not each of the two stands under words that are strange to the other: in its title, and in its headings
    where these name something or the sentence is not long enough to say what it is about."""
    known = {*said}
    place, others = _topic(one), _topic(other)
    if not (place - others - known and others - place - known):
        return True
    if len(said) < _MANY or any(_NAMED.search(heading) for c in (one, other) for heading in c.quote.chunk.heading):
        return False
    titles, other_titles = _title(one), _title(other)
    return not (titles - others - known or other_titles - place - known)


def _is_tied(one: Candidate, other: Candidate, said: Sequence[str]) -> bool:
    """Whether the titles and headings of both speak of the same, or those of one of what the sentence says."""
    place, others = _topic(one), _topic(other)
    return bool(place & others or (place | others) & {*said})


def _are_labelled_apart(question: str, one: Candidate, other: Candidate) -> bool:
    """Whether the titles tell two things apart: by numbers or days of the week, or by years, which may also be those of
    two versions of one thing, where the question names one of them."""
    labels, others = _labels(one), _labels(other)
    apart = (labels - others) | (others - labels)
    if apart & {found[0].casefold() for found in _LABELS.finditer(question)}:
        return True
    return any(not _A_YEAR.fullmatch(label) for label in labels - others) and bool(others - labels)


def _are_of_other_years(one: Candidate, other: Candidate) -> bool:
    """Whether both tell of the past, and the last years named before them in their passages are others, or the dates of
    their titles."""
    if not all(_PAST.search(candidate.quote.text) for candidate in (one, other)):
        return False
    dates, other_dates = ({found[0] for found in _DATED.finditer(c.passage.title)} for c in (one, other))
    if dates and other_dates and dates != other_dates:
        return True
    year, others = _year_before(one), _year_before(other)
    return bool(year and others and year != others)


def _year_before(candidate: Candidate) -> str | None:
    chunk, span = candidate.quote.chunk, candidate.quote.span
    years = _YEAR.findall(chunk.text[: span.start - chunk.start])
    return years[-1] if years else None


def _labels(candidate: Candidate) -> set[str]:
    """The numbers and days of a place; of a date only the year, as another day may be another version of one thing."""
    return {found[0].casefold() for found in _LABELS.finditer(_DATED.sub(r"\g<year>\g<first>", _place(candidate)))}


def _topic(candidate: Candidate) -> set[str]:
    return _without_forms(_place(candidate))


def _title(candidate: Candidate) -> set[str]:
    return _without_forms(candidate.passage.title)


def _without_forms(place: str) -> set[str]:
    return {term for term in terms(FIGURE.sub(" ", place)) if not any(map(str.isdigit, term))} - _FORMS


def _place(candidate: Candidate) -> str:
    return " ".join((candidate.passage.title, *candidate.quote.chunk.heading))


def _claim(candidate: Candidate) -> Claim:
    """What a sentence claims, or a row with the names of its columns."""
    return claim(f"{_header(candidate)} {candidate.quote.text}".strip())


def _value(candidate: Candidate) -> tuple[tuple[Figure, ...], bool]:
    said = _claim(candidate)
    return said.figures, said.denied is not None
