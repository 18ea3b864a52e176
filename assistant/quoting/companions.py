"""What a chosen sentence brings along, without which it says too little.

The sentence it leans on, what it announces, the rest of its list, the stored question that it answers, the names of a
table's columns. Knows nothing of how sentences were chosen.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.quoting.evidence import Candidate, Weighed, share
from assistant.quoting.headings import subject_above, telling_above
from assistant.quoting.near_misses import answers_another
from assistant.quoting.nesting import items_above
from assistant.quoting.steps import Listing, listing_of
from assistant.types import Quote
from assistant.words.pointing import opens_leaning, says_of_items
from index.generation import Generation
from index.tables import cells, headers
from index.terms import terms
from index.types import Chunk, Span
from index.wide import cell_spans, row_name

_LIST_WORDS = 150  # of a table, a stored answer or a part of a list
_SHORT = 75  # words of a list that is shown whole where most of it is
WHOLE = 300
"""Words up to which the steps or rows asked for are shown whole."""

_FEW_CELLS = 3  # of a wide table's row that are shown by themselves
_SAME_QUESTION = 0.6  # the share of a question's terms from which a stored one needs not be shown


def as_far_as_allowed(quotes: Sequence[Quote], around: Quote) -> list[Quote]:
    """All of a list or of a table's rows, or of many those around one of them."""
    return [*quotes] if words_of(quotes) <= WHOLE else within_words(quotes, around)


def words_of(quotes: Sequence[Quote]) -> int:
    """How many words quotes have together."""
    return sum(len(quote.text.split()) for quote in quotes)


def with_companions(
    question: str, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation, limit: int
) -> list[Quote]:
    """The chosen sentences with what they need; more than `limit` only where the best stands in a list or table or
    opens one."""
    result: list[Quote] = []
    for candidate in chosen:
        group = _in_table(candidate, chosen, weighed, generation) or _group(
            candidate, chosen, weighed, generation, limit
        )
        title = candidate.passage.title
        above = telling_above(question, candidate.quote, title) or subject_above(candidate.quote, title)
        group = [above, *group] if above else group
        group = [quote for quote in group if quote not in result]
        short = bool(group) and group[0].text.endswith(":") and words_of(group) <= _SHORT
        if result and len(result) + len(group) > limit and not short:
            # An item says too little without the one above it, and the first of several is not the answer to what a
            # document asks itself.
            alone = not _items_above(candidate) and (candidate.asked is None or len(group) <= limit)
            alone = alone and not candidate.quote.text.endswith(":")  # a lead-in says nothing without its list
            group = [candidate.quote] if alone and len(result) < limit and candidate.quote in group else []
        result += group
    return result


def _group(
    candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation, limit: int
) -> list[Quote]:
    """A sentence with those without which it says too little.

    These are the one it leans on ("He said ..."), those that it announces ("...:"), what leads into its list ("Not
    included are:"), what stands between it and another item of that which was chosen too, and, if it answers a stored
    question, the rest of that answer, and the question where that is another than the one asked and no heading.
    """
    quote, number = candidate.quote, candidate.number
    chunk = quote.chunk
    listing = listing_of(quote, generation)
    if listing and quote in listing.lead and quote.text.endswith(":"):
        # Where one item answers, the others are not asked for.
        return [] if chosen[0].quote in listing.items else within_words((quote, *listing.items), quote)
    whole = _whole(listing, chosen) if listing else []
    if quote in whole:
        return whole
    items = _items_above(candidate)
    in_list = listing is not None and quote in listing.items
    lead = [one for one in listing.lead[-1:] if says_of_items(one.text)] if listing and in_list else []
    if listing and in_list:
        beside = [c.quote for c in chosen if c.quote in listing.items and _items_above(c) == items]
        places = [listing.items.index(one) for one in beside]
        if len({*map(_line_of, beside)}) > 1:
            return [*lead, *items, *within_words(_shown(listing.items, min(places), max(places) + 1), quote)]
    if items:
        return [*lead, *items, quote]
    if quote.text.endswith(":"):
        return [Quote(chunk, span) for span in chunk.sentences[number : number + limit]]
    if candidate.asked:
        # An item may ask itself what it answers.
        whole_list = listing is not None and in_list and candidate.asked not in listing.items
        rest = within_words(listing.items if listing and whole_list else _of(chunk, _line_at(chunk, number)), quote)
        told = [candidate.asked, *rest] if _is_another(candidate, weighed) else rest
        return told if in_list else told[:limit]
    if opens_leaning(quote.text) and number:
        before = Quote(chunk, chunk.sentences[number - 1])
        return [quote, before] if len(before.text.split()) > 3 and limit > 1 else [quote]
    return [*lead, quote]


def _whole(listing: Listing, chosen: Sequence[Candidate]) -> list[Quote]:
    """A short list with what leads into it, where that and one of its items were chosen, the item not as the best."""
    whole = [*listing.lead[-1:], *listing.items]
    both = all(any(c.quote in part for c in chosen) for part in (listing.lead[-1:], listing.items))
    return whole if both and chosen[0].quote not in listing.items and words_of(whole) <= _SHORT else []


def _shown(items: Sequence[Quote], first: int, stop: int) -> Sequence[Quote]:
    """Those of a list from `first` to `stop`, or all of a short one of which these are the most."""
    return items if 2 * (stop - first) > len(items) and words_of(items) <= _SHORT else items[first:stop]


def _items_above(candidate: Candidate) -> list[Quote]:
    """The items of a list that a sentence of it stands under."""
    chunk = candidate.quote.chunk
    return [Quote(chunk, chunk.sentences[item]) for item in items_above(chunk)[candidate.number]]


def _is_another(candidate: Candidate, weighed: Weighed) -> bool:
    """Whether the stored question that a sentence answers has to be shown: a citation names the headings anyway."""
    asked = candidate.asked.text if candidate.asked else ""
    if asked in candidate.quote.chunk.heading:
        return answers_another(candidate, weighed.weights)
    return share(frozenset(terms(asked)) & weighed.weights.keys(), weighed.weights) < _SAME_QUESTION


def _in_table(
    candidate: Candidate, chosen: Sequence[Candidate], weighed: Weighed, generation: Generation
) -> list[Quote]:
    """A table's row behind the names of its columns; those names, or words that announce them, with their rows.

    A row that holds no word of the question but what its columns' names hold is one of many: a short table is shown
    whole then. Nothing if there is no table, or other sentences chosen are its rows.
    """
    chunk, number, text = candidate.quote.chunk, candidate.number, candidate.quote.text
    names = headers(chunk)
    if names[number]:
        header = header_of(chunk, number, generation)
        row = row_of(chunk, generation) if header else None
        if header and row:
            return _cells_asked(candidate.quote, header, row, weighed)
        rows = range(names.index(names[number]), len(names) - names[::-1].index(names[number]))
        whole = within_words(_of(chunk, rows), candidate.quote)
        if not candidate.terms <= set(terms(names[number])) or len(whole) < len(rows):
            whole = [candidate.quote]
        return [header, *whole] if header else []
    first = number + 1
    if text.endswith(":") and first + 1 < len(names) and names[first + 1] == chunk.sentence_texts()[first]:
        first, text = first + 1, chunk.sentence_texts()[first]
    stop = next((n for n in range(first, len(names)) if names[n] != text), len(names))
    shown = any(c.quote.chunk.id == chunk.id and first <= c.number < stop for c in chosen)
    return within_words(_of(chunk, range(number, stop)), candidate.quote) if first < stop and not shown else []


def row_of(chunk: Chunk, generation: Generation) -> Quote | None:
    """The name of the row that a chunk is a stretch of, where it stands in the first one; None if it is none."""
    if not chunk.row:
        return None
    for one in generation.catalog.chunks(chunk.document):
        if one.row != chunk.row or one.start > chunk.start or not one.header:
            continue
        columns, own = cells(one.header), _cells(Quote(one, one.sentences[0]))
        name, count = row_name(columns, [cell.text for cell in own])
        if name == chunk.row:
            return Quote(one, Span(own[0].span.start, own[count - 1].span.end))
    return None


def _cells_asked(quote: Quote, header: Quote, row: Quote, weighed: Weighed) -> list[Quote]:
    """Of a stretch the cells whose columns are named by most of what the question asks besides the row, behind the
    names of these and of the row; all of it, if it asks about no column or many."""
    asked = weighed.weights.keys() - set(terms(quote.chunk.row))
    pairs = list(zip(_cells(header), _cells(quote), strict=False))
    held = [share(asked & set(terms(name.text)), weighed.weights) for name, _ in pairs]
    most = max(held)
    chosen = [pair for pair, own in zip(pairs, held, strict=True) if own == most and pair[1].text]
    if not most or not 0 < len(chosen) <= _FEW_CELLS:
        return [header, row, quote]
    return [*(name for name, _ in chosen), row, *(cell for _, cell in chosen)]


def header_of(chunk: Chunk, number: int, generation: Generation) -> Quote | None:
    """Where the names of the columns of row `number` stand: in its own chunk or, if the table is long, in an earlier
    one; None if they have none."""
    header = headers(chunk)[number]
    earlier = generation.catalog.chunks(chunk.document) if chunk.header == header else ()
    before = [c for c in earlier if c.start < chunk.start]
    spans = [(c, s) for c in (*before, chunk) for s in c.sentences if s.start < chunk.sentences[number].start]
    return next((Quote(c, s) for c, s in reversed(spans) if Quote(c, s).text == header), None)


def within_words(quotes: Sequence[Quote], around: Quote) -> list[Quote]:
    """Those of `quotes` around one of them, first those before it, as far as the words allow."""
    at = quotes.index(around)
    kept = {at}
    room = _LIST_WORDS - len(around.text.split())
    for steps in (range(at - 1, -1, -1), range(at + 1, len(quotes))):
        for n in steps:
            room -= len(quotes[n].text.split())
            if room < 0:
                break
            kept.add(n)
    return [quotes[n] for n in sorted(kept)]


def _cells(quote: Quote) -> list[Quote]:
    """The cells of a row, the empty ones too."""
    shift = quote.chunk.start
    spans = cell_spans(quote.chunk.text, Span(quote.span.start - shift, quote.span.end - shift))
    return [Quote(quote.chunk, Span(span.start + shift, span.end + shift)) for span in spans]


def _of(chunk: Chunk, numbers: range) -> list[Quote]:
    return [Quote(chunk, chunk.sentences[n]) for n in numbers]


def _line_of(quote: Quote) -> tuple[str, int]:
    """The passage and the first character of the line that a sentence stands on."""
    return quote.chunk.id, quote.chunk.text.rfind("\n", 0, quote.span.start - quote.chunk.start)


def _line_at(chunk: Chunk, number: int) -> range:
    """The numbers of the sentence and of those after it on its line."""
    stop = number + 1
    while stop < len(chunk.sentences) and "\n" not in _gap(chunk, stop):
        stop += 1
    return range(number, stop)


def _gap(chunk: Chunk, number: int) -> str:
    """What stands before sentence `number`, after the one before it."""
    start = chunk.sentences[number - 1].end if number else chunk.start
    return chunk.text[start - chunk.start : chunk.sentences[number].start - chunk.start]
