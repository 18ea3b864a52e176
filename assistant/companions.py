"""What a chosen sentence brings along, without which it says too little.

The sentence it leans on, what it announces, the rest of its list, the stored question that it answers, the names of a
table's columns. Knows nothing of how sentences were chosen.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.evidence import Candidate, Weighed, share
from assistant.types import Quote
from index.generation import Generation
from index.tables import headers
from index.terms import terms
from index.types import Chunk

_LIST_WORDS = 150  # of a list, a table or a stored answer, which are kept whole
_SAME_QUESTION = 0.75  # the share of a question's terms from which a stored one needs not be shown

_LEANS = re.compile(
    r"(?:(?:However|But|And|So|Then|Yet|Still|Also)[, ]+)?(?:he|she|it|they|this|these|those|such|his|her|their|its)\b",
    re.IGNORECASE,
)
_HOW_TO = re.compile(
    r"\bhow (?:do|can|could|should|must|shall|to)\b|\b(?:steps?|procedure|instructions)\b", re.IGNORECASE
)
_BULLET = re.compile(r"[•◦▪‣∙*+–—>-][ \t]+\Z")
_ENUMERATED = re.compile(r"\(?(?:\d{1,3}|[a-z])[.)]\s")
_FIRST = re.compile(r"\(?[1a][.)]\s")


def with_companions(
    question: str, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation, limit: int
) -> list[Quote]:
    """The chosen sentences with what they need; more than `limit` only where the best stands in a list or table or
    opens one."""
    result: list[Quote] = []
    for candidate in chosen:
        group = _in_table(candidate, chosen, generation) or _group(question, candidate, chosen, weighed, limit)
        group = [quote for quote in group if quote not in result]
        if result and len(result) + len(group) > limit:
            group = [candidate.quote] if len(result) < limit and candidate.quote in group else []
        result += group
    return result


def _group(
    question: str, candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed, limit: int
) -> list[Quote]:
    """A sentence with those without which it says too little.

    These are the one it leans on ("He said ..."), those that it announces ("...:"), the rest of its list where the
    question asks how to do something or another item of it was chosen too, and, if it answers a stored question, the
    rest of that answer, and the question where that is another than the one asked.
    """
    quote, number = candidate.quote, candidate.number
    chunk = quote.chunk
    others = [c.number for c in chosen if c.quote.chunk.id == chunk.id and c is not candidate]
    how_to = bool(_HOW_TO.search(question))
    items = _list_at(chunk, number)
    if items and (how_to or any(other in items for other in others)):
        return _within_words(chunk, number, items if how_to else _spanned(number, items, others))
    following = _list_at(chunk, number + 1)
    if following and following.start == number + 1 and (how_to or quote.text.endswith(":")):
        return _within_words(chunk, number, range(number, following.stop))
    if quote.text.endswith(":"):
        return [Quote(chunk, span) for span in chunk.sentences[number : number + limit]]
    if candidate.asked:
        rest = _within_words(chunk, number, _line_at(chunk, number))[:limit]
        asked = frozenset(terms(candidate.asked.text)) & weighed.weights.keys()
        return rest if share(asked, weighed.weights) >= _SAME_QUESTION else [candidate.asked, *rest][:limit]
    if _LEANS.match(quote.text) and number:
        before = Quote(chunk, chunk.sentences[number - 1])
        return [quote, before] if len(before.text.split()) > 3 and limit > 1 else [quote]
    return [quote]


def _in_table(candidate: Candidate, chosen: Sequence[Candidate], generation: Generation) -> list[Quote]:
    """A table's row behind the names of its columns; those names, or words that announce them, with their rows.

    A row that holds no word of the question but what its columns' names hold is one of many: a short table is shown
    whole then. Nothing if there is no table, or other sentences chosen are its rows.
    """
    chunk, number, text = candidate.quote.chunk, candidate.number, candidate.quote.text
    names = headers(chunk)
    if names[number]:
        header = _header(chunk, number, names[number], generation)
        rows = range(names.index(names[number]), len(names) - names[::-1].index(names[number]))
        whole = _within_words(chunk, number, rows)
        if not candidate.terms <= set(terms(names[number])) or len(whole) < len(rows):
            whole = [candidate.quote]
        return [header, *whole] if header else []
    first = number + 1
    if text.endswith(":") and first + 1 < len(names) and names[first + 1] == chunk.sentence_texts()[first]:
        first, text = first + 1, chunk.sentence_texts()[first]
    stop = next((n for n in range(first, len(names)) if names[n] != text), len(names))
    shown = any(c.quote.chunk.id == chunk.id and first <= c.number < stop for c in chosen)
    return _within_words(chunk, number, range(number, stop)) if first < stop and not shown else []


def _header(chunk: Chunk, number: int, header: str, generation: Generation) -> Quote | None:
    """Where the names of the columns stand: in the row's own chunk or, if the table is long, in an earlier one."""
    earlier = generation.catalog.chunks(chunk.document) if chunk.header == header else ()
    before = [c for c in earlier if c.start < chunk.start]
    spans = [(c, s) for c in (*before, chunk) for s in c.sentences if s.start < chunk.sentences[number].start]
    return next((Quote(c, s) for c, s in reversed(spans) if Quote(c, s).text == header), None)


def _spanned(number: int, items: range, others: Sequence[int]) -> range:
    both = [number, *(other for other in others if other in items)]
    return range(min(both), max(both) + 1)


def _within_words(chunk: Chunk, number: int, wanted: range) -> list[Quote]:
    """The sentences of `wanted` around `number`, first those before it, as far as the words allow."""
    quotes = {n: Quote(chunk, chunk.sentences[n]) for n in (*wanted, number)}
    kept = [number]
    room = _LIST_WORDS - len(quotes[number].text.split())
    for steps in (range(number - 1, wanted.start - 1, -1), range(number + 1, wanted.stop)):
        for n in steps:
            room -= len(quotes[n].text.split())
            if room < 0:
                break
            kept.append(n)
    return [quotes[n] for n in sorted(kept)]


def _line_at(chunk: Chunk, number: int) -> range:
    """The numbers of the sentence and of those after it on its line."""
    stop = number + 1
    while stop < len(chunk.sentences) and "\n" not in _gap(chunk, stop):
        stop += 1
    return range(number, stop)


def _list_at(chunk: Chunk, number: int) -> range:
    """The numbers of the sentences of the list that sentence `number` stands in; empty if it stands in none."""
    first, items = 0, 0
    for n, text in enumerate(chunk.sentence_texts()):
        gap = _gap(chunk, n)
        opens_line = not n or "\n" in gap
        item = opens_line and bool(_BULLET.search(gap) or _ENUMERATED.match(text))
        if opens_line and (not item or _FIRST.match(text)):  # the list before ends here
            if items > 1 and first <= number < n:
                return range(first, n)
            items = 0
        if item:
            first, items = n if not items else first, items + 1
    return range(first, len(chunk.sentences)) if items > 1 and first <= number < len(chunk.sentences) else range(0)


def _gap(chunk: Chunk, number: int) -> str:
    """What stands before sentence `number`, after the one before it."""
    start = chunk.sentences[number - 1].end if number else chunk.start
    return chunk.text[start - chunk.start : chunk.sentences[number].start - chunk.start]
