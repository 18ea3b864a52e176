"""The writer that needs no language model: it chooses the sentences that answer and quotes them.

The evidence for each sentence is weighed in `evidence`; here the fewest are chosen that answer together, with the
neighbours without which they cannot be understood.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from assistant.quoting.abbreviations import spelled_out
from assistant.quoting.adding import adds, told_next
from assistant.quoting.certainty import certainty, read_in_doubt
from assistant.quoting.columns import columns_compared
from assistant.quoting.companions import header_of, with_companions, within_words
from assistant.quoting.conflicts import with_rivals
from assistant.quoting.deciding import decided_next, deciding, is_decided, is_yes_or_no, may_decide
from assistant.quoting.enumerating import every_row
from assistant.quoting.evidence import Candidate, Weighed, weigh
from assistant.quoting.following_up import Before, following_up
from assistant.quoting.instructions import instructions, tells_how
from assistant.quoting.near_misses import bears_out, is_rejected
from assistant.quoting.other_sorts import Encode, is_of_another_sort, is_of_no_column
from assistant.quoting.overview import overview
from assistant.quoting.reader import Reader
from assistant.quoting.rows import rows_asked_for
from assistant.retriever import Retrieval
from assistant.settings import AnswerSettings
from assistant.types import Band, Quote
from assistant.words.comparing import Comparison, Side, comparison
from assistant.words.frames import language_of, subject_terms
from assistant.words.kinds import ASKS
from assistant.words.names import names_of
from index.generation import Generation
from index.terms import terms
from index.types import Passage

_HOPELESS, _CERTAIN = 0.15, 0.97  # the certainty below and above which nothing is read


@dataclass(frozen=True, slots=True)
class Choice:
    """What the writer decided: the band, the quotes in the order to read them (none if nothing was found), the passages
    that it looked at, among them those of the quotes, which quotes of an answer contradict each other, and what was to
    be compared and is `missing`."""

    band: Band
    quotes: tuple[Quote, ...]
    passages: tuple[Passage, ...]
    conflict: tuple[Quote, ...] = ()
    missing: str | None = None


Find = Callable[[str], Retrieval]


@dataclass(frozen=True, slots=True)
class Sources:
    """Where an answer is looked for: `find` gives the passages of `generation` for a query, `reader` reads the best,
    `encode` gives the vector of an expression. `before` is what the question leans on."""

    find: Find
    generation: Generation
    reader: Reader
    encode: Encode
    before: Before | None = None

    def weigh(self, question: str, retrieval: Retrieval) -> Weighed:
        """The sentences found for `question`, best first; for an English one that asks in words the best are read,
        unless there is no hope, or no doubt."""
        weighed = weigh(question, retrieval, self.generation)
        weighed = following_up(weighed, self.before) if self.before else weighed
        if retrieval.spelled or language_of(terms(question)) != "en" or not ASKS.search(question):
            return weighed
        sure = certainty(question, weighed, retrieval)
        # Of a question's only word any sentence that has it holds all.
        by_one = len(weighed.weights) == 1 and weighed.wanted is not None
        clear = sure > _CERTAIN and weighed.candidates[0].fits and not by_one
        if sure < _HOPELESS or clear:
            return weighed
        return read_in_doubt(question, weighed, retrieval, self.reader)


def choose(question: str, sources: Sources, settings: AnswerSettings) -> Choice:
    """The one to `settings.sentences` sentences that together answer `question`, or more if they are of one list.

    Asked what a document is about, it is the lead of that document; asked to
    compare, what answers for each side.
    """
    retrieval = sources.find(question)
    spelled = spelled_out(question, lambda: sources.weigh(question, retrieval))
    if spelled != question:
        question, retrieval = _surer((question, retrieval), (spelled, sources.find(spelled)), sources)
    about = overview(question, retrieval, sources.generation, settings.sentences)
    if about:
        passage, quotes = about
        others = (other for other in retrieval.passages if other.chunk.id != passage.chunk.id)
        return Choice("answered", quotes, (passage, *others))
    return _compared(question, retrieval, sources, settings) or _sentences(question, retrieval, sources, settings)


def _surer(one: tuple[str, Retrieval], other: tuple[str, Retrieval], sources: Sources) -> tuple[str, Retrieval]:
    """Of two wordings of a question with what was found for them, the one whose best sentence is surer to answer."""
    sure = [certainty(query, sources.weigh(query, found), found) for query, found in (one, other)]
    return one if sure[0] >= sure[1] else other


def _sentences(question: str, retrieval: Retrieval, sources: Sources, settings: AnswerSettings) -> Choice:
    generation = sources.generation
    weighed = sources.weigh(question, retrieval)
    yes_or_no = is_yes_or_no(question)
    asked_for = None if yes_or_no else rows_asked_for(question, weighed, generation)
    if asked_for:
        return Choice(asked_for.band, asked_for.quotes, _passages_of(asked_for.quotes, retrieval))
    weighed = deciding(question, weighed) if yes_or_no else weighed
    sure = certainty(question, weighed, retrieval)
    # What the reader takes for no answer stays among the closest words.
    is_far = sure < settings.uncertain_from and (
        certainty(question, replace(weighed, readings={}), retrieval) < settings.uncertain_from
    )
    if is_far or not weighed.candidates or not subject_terms(question):
        return Choice("not_found", (), retrieval.passages)
    told = instructions(question, weighed, generation)
    if not told and not yes_or_no:
        told = every_row(question, weighed, generation)
    if told:
        candidate, listed = told
        telling = bears_out(question, [candidate], weighed, sure) and tells_how(candidate, listed, weighed)
        band: Band = "answered" if sure >= settings.answer_from and telling else "uncertain"
        return Choice(band, tuple(listed), _passages_of(listed, retrieval))
    chosen = _chosen(question, weighed, settings.sentences)
    chosen, conflict = with_rivals(question, chosen, weighed, generation, settings.sentences)
    answered = sure >= settings.answer_from and _is_answer(question, chosen, weighed, sure, sources.encode)
    band = "answered" if answered else "uncertain"
    quotes = with_companions(question, chosen, weighed, generation, settings.sentences)
    shown = tuple(quote for quote in conflict if quote in quotes)
    conflict = shown if answered and len(shown) > 1 else ()
    first = with_companions(question, chosen[:1], weighed, generation, settings.sentences) if yes_or_no else []
    ordered = (*_in_reading_order(first), *_in_reading_order([quote for quote in quotes if quote not in first]))
    return Choice(band, ordered, _passages_of(quotes, retrieval), conflict)


def _is_answer(question: str, chosen: Sequence[Candidate], weighed: Weighed, sure: float, encode: Encode) -> bool:
    """Whether the sentences chosen, best first, are an answer by all that keeps near ones from being one."""
    if not bears_out(question, chosen, weighed, sure):
        return False
    if is_yes_or_no(question):
        return is_decided(question, chosen[0], weighed)
    return not (
        is_rejected(question, weighed)
        or is_of_another_sort(question, chosen[0], encode)
        or is_of_no_column(question, chosen[0], weighed.reading, encode)
    )


def _chosen(question: str, weighed: Weighed, limit: int) -> list[Candidate]:
    """The best sentence with those, up to `limit` in all, that it needs or that say more."""
    best, yes_or_no = weighed.candidates[0], is_yes_or_no(question)
    follower = told_next(question, best, weighed) or (decided_next(best, weighed) if yes_or_no else None)
    chosen = [best, *([follower] if follower and limit > 1 else [])]
    for candidate in weighed.candidates[1:20]:
        if yes_or_no and not may_decide(candidate, weighed):
            continue
        if candidate not in chosen and len(chosen) < limit and adds(question, candidate, chosen, weighed):
            chosen.append(candidate)
    return chosen


def _passages_of(quotes: Sequence[Quote], retrieval: Retrieval) -> tuple[Passage, ...]:
    """The passages found, and those besides that a quote comes from: a long table is named in an earlier one."""
    passages = {passage.chunk.id: passage for passage in retrieval.passages}
    by_document = {passage.chunk.document: passage for passage in reversed(retrieval.passages)}
    for quote in quotes:
        passages.setdefault(quote.chunk.id, replace(by_document[quote.chunk.document], chunk=quote.chunk))
    return tuple(passages.values())


# --- two things compared ----------------------------------------------------------------------------------------


def _compared(question: str, retrieval: Retrieval, sources: Sources, settings: AnswerSettings) -> Choice | None:
    """What answers for each side of a question that compares two things, which may stand in two documents.

    None if it compares nothing, if one sentence speaks of both sides, or if nothing is found of either. Of one side
    alone it is no answer, and the other is named. Where both sides are columns of one table, its rows answer.
    """
    compared = comparison(question)
    if compared is None:
        return None
    weighed = sources.weigh(question, retrieval)
    in_table = _by_columns(question, compared, weighed, retrieval, sources.generation, settings)
    if in_table:
        return in_table
    best = weighed.candidates[0] if weighed.candidates else None
    if best and compared.is_settled_by(best.quote.text, frozenset(best.said)):
        return None
    each = settings.model_copy(update={"sentences": 1 if compared.by_degree else (settings.sentences + 1) // 2})
    choices = [_sentences(side.question, sources.find(side.question), sources, each) for side in compared.sides]
    found = [_speaks_of(side, choice) for side, choice in zip(compared.sides, choices, strict=True)]
    if not any(found):
        return None
    told = [choice for choice, speaks in zip(choices, found, strict=True) if speaks]
    quotes = tuple(dict.fromkeys(quote for choice in told for quote in choice.quotes))
    passages = {passage.chunk.id: passage for choice in choices for passage in choice.passages}
    answered = all(found) and all(choice.band == "answered" for choice in choices)
    missing = None if all(found) else compared.sides[found.index(False)].name
    conflict = tuple(quote for choice in told for quote in choice.conflict) if answered else ()
    return Choice("answered" if answered else "uncertain", quotes, tuple(passages.values()), conflict, missing)


def _by_columns(
    question: str,
    compared: Comparison,
    weighed: Weighed,
    retrieval: Retrieval,
    generation: Generation,
    settings: AnswerSettings,
) -> Choice | None:
    """The rows of a table in which the two sides are columns, behind the names of these."""
    columns = columns_compared(compared, weighed)
    if columns is None:
        return None
    nearest = max(columns.rows, key=lambda row: row.score)
    header = header_of(nearest.quote.chunk, nearest.number, generation)
    rows = within_words([row.quote for row in columns.rows], nearest.quote)
    quotes = [header, *rows] if header else rows
    sure = columns.named or certainty(question, weighed, retrieval) >= settings.answer_from
    answered = columns.filled and sure
    return Choice("answered" if answered else "uncertain", tuple(quotes), _passages_of(quotes, retrieval))


def takes_up(question: str, topical: str, choice: Choice) -> bool:
    """Whether the words chosen are an answer to `question`, asked as it is or with a topic, `topical`: then with the
    place they stand in they hold half of what itself is about, and half of the topic or its name."""
    own = set(subject_terms(question))
    topic = set(subject_terms(topical)) - own
    names = names_of(topical) & topic
    fits = any(
        2 * len(own & said) >= len(own) and (2 * len(topic & said) >= len(topic) or (len(names) > 1 and names <= said))
        for said in _said(choice)
    )
    return choice.band == "answered" and (fits or not topic)


def _speaks_of(side: Side, choice: Choice) -> bool:
    """Whether the words chosen, with the place they stand in, name that side."""
    return any(side.own <= said for said in _said(choice))


def _said(choice: Choice) -> list[set[str]]:
    """The terms of each quote, with those of the place it stands in."""
    titles = {passage.chunk.document: passage.title for passage in choice.passages}
    return [
        {*terms(" ".join((titles[q.chunk.document], *q.chunk.heading, q.chunk.row, q.chunk.header, q.text)))}
        for q in choice.quotes
    ]


def _in_reading_order(quotes: Sequence[Quote]) -> tuple[Quote, ...]:
    """The best first, together with the others of its passage in their order; then the next passage's."""
    order: dict[str, int] = {}
    for quote in quotes:
        order.setdefault(quote.chunk.id, len(order))
    return tuple(sorted(quotes, key=lambda q: (order[q.chunk.id], q.span.start)))
