"""What is no answer, however near it is: what keeps the best sentences from being called one."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence, Set
from itertools import pairwise

from assistant.quoting.evidence import SAME_QUESTION, Candidate, Weighed, share
from assistant.quoting.headings import is_named_by
from assistant.quoting.nesting import names_above
from assistant.words.definitions import says_what, thing_to_define
from assistant.words.frames import frame_terms, subject_terms
from assistant.words.kinds import asked_noun, asks_for_person, asks_for_reason, asks_to_reach
from assistant.words.labels import named
from assistant.words.names import is_said, missing_names, names_of, owner_of, written_out
from assistant.words.pointing import opens_leaning
from assistant.words.slots import groups_of, is_people, slots, thing_of
from index.tables import cells, empty_cells, headers
from index.terms import terms

_BEYOND_DOUBT = 0.9  # the certainty from which a name may be missing, as if in other words
_LIKELY = 0.83  # the same for the noun that is asked for
_DOUBTFUL = 0.7  # the certainty below which two words of the question may not be strange to all documents
_ABOUT = re.compile(r"\bwhat\b.*\babout\b|\b(?:tell|explain|describe)\b", re.IGNORECASE)
_NONE = -9.0  # the reading below which nothing answers
_SURELY_FOUND = 4.0  # the reading from which an answer is likely whatever else speaks against it
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d\b(?! ?(?:[ckm]?m|cc|k[gm]|miles?|people|members|euros?|pounds?|dollars?)\b)")
_FOUND = 2.5  # the reading from which an answer is rather likelier than none
_LITTLE = 0.3  # the share of the question below which words speak of hardly anything asked about
_FAR = 0.5  # the cosine below which they do not do so in other words
_HALF = 0.5  # the share of the question from which a stored one is the same
_AS_MUCH = 0.5  # the part of the share that the first sentence speaks of, which another that answers has to
_NEARER = 10  # sentences among which a row that speaks of as much as the answer may have an empty cell
_ONE_WORD = 0.35  # how near a sentence must come to a question that has one word to share
_ANY_ROW = frozenset(terms("next new first last best cheapest usual normal current other different many more"))
OF_ALL = frame_terms("en") | {*terms("all any each every most some few several both other such only also")}


def bears_out(question: str, chosen: Sequence[Candidate], weighed: Weighed, sure: float) -> bool:
    """Whether the sentences chosen (there must be one), best first, can be called an answer and not only close words.

    Unless the reader found an answer, they cannot if they have hardly a word of the question, or only its only word,
    or if a date or number is asked for and they hold none, or somebody and they name nobody, or if what is to be
    defined is only mentioned, or if the sentence that should answer, the one before it and the headings lack the name
    of whom the thing asked for belongs to. Neither can they if they lack too much else of the question (`_lacks`;
    `sure` is how certain they are). Nor can they where they speak of "Vault A" and "Vault B" is asked about, or of 2025
    and 2023 is, where they answer another stored question, have another's number or address, are a row of a table that
    does not have the one asked for, or are about full-time employees where part-time ones are asked for (in doubt about
    other things too, "used names" for "alternative names": there are more words for one sort of these), or where the
    answer, or what speaks of as much, is a row of a table whose cell is empty in the column asked for.
    """
    may_answer = (one for one in chosen if one.fits and _speaks_as_much(question, one, chosen[0], weighed))
    answering = next(may_answer, chosen[0])
    headings = (answering.passage.title, *answering.quote.chunk.heading)
    found = weighed.reading is not None and weighed.reading >= _FOUND
    clear = found if weighed.reading is not None else sure >= _BEYOND_DOUBT
    if weighed.wanted and weighed.wanted.figure and not answering.fits and not found:
        return False
    if asks_for_person(question) and not answering.fits and (weighed.reading or 0.0) < _FOUND:
        return False
    if (weighed.reading or 0.0) < _FOUND and _speaks_of_little(answering, weighed):
        return False
    names = names_of(question) & weighed.weights.keys()
    if len(weighed.weights) == 1 and not names and answering.cosine < _ONE_WORD and not found:
        return False
    missing = missing_names(question, near(answering))
    if (owner_of(question) & missing and not found) or _lacks(question, names & missing, answering, weighed, sure):
        return False
    if (
        _has_another_label(question, answering)
        or ((weighed.reading or 0.0) < _SURELY_FOUND and _have_another_year(question, chosen))
        or answers_another(answering, weighed.weights)
        or any(_is_of_others(group, answering) for group in groups_of(question) if not clear or is_people(group))
    ):
        return False
    if _reaches_another(question, answering) or (not found and _is_of_no_row(question, answering)):
        return False
    nearer = [other for other in weighed.candidates[:_NEARER] if other.terms >= answering.terms]
    if any(_is_empty_where_asked(candidate, weighed.weights) for candidate in (chosen[0], *nearer)):
        return False
    defined = None if any(is_named_by(question, heading) for heading in headings) else thing_to_define(question)
    if defined and answering.asked and set(terms(defined)) <= set(terms(answering.asked.text)):
        return True
    return found or not defined or _defines(defined, answering.quote.text, headings)


def is_rejected(question: str, weighed: Weighed) -> bool:
    """Whether the reader finds nothing at all in the best sentence and its neighbours that answers, whatever words they
    have; it was taught no questions that are answered by yes or no or by steps, and few for a reason, nor what is said
    about something."""
    rejected = weighed.reading is not None and weighed.reading < _NONE
    gives_reason = asks_for_reason(question) and weighed.candidates[0].fits
    return rejected and not gives_reason and not _ABOUT.search(question)


def _have_another_year(question: str, chosen: Sequence[Candidate]) -> bool:
    """Whether the best sentence tells of a year, and none of those chosen, nor what stands above them and before them,
    has one of those that the question names."""
    asked, said = {*_YEAR.findall(question)}, _YEAR.search(chosen[0].quote.text)
    known = {year for one in chosen for year in _YEAR.findall(written_out(near(one)))}
    return bool(asked and said) and asked.isdisjoint(known)


def _speaks_as_much(question: str, candidate: Candidate, first: Candidate, weighed: Weighed) -> bool:
    """Whether a sentence, where it stands, speaks of about as much of the question as the first one does, and of a
    thing that is asked about: what a house cost is not what a key costs."""
    if candidate is first:
        return True
    said = set(terms(near(candidate)))
    one, other = (spoken_of(c, weighed) for c in (candidate, first))
    things = weighed.weights.keys() & set(terms(" ".join(slot.text for slot in slots(question))))
    return one >= _AS_MUCH * other and (not things or bool(things & said))


def _speaks_of_little(candidate: Candidate, weighed: Weighed) -> bool:
    """Whether a sentence, where it stands, has hardly a word of the question and is not near to it in other words."""
    return spoken_of(candidate, weighed) < _LITTLE and candidate.cosine < _FAR


def _lacks(question: str, names: Set[str], answering: Candidate, weighed: Weighed, sure: float) -> bool:
    """Whether an answer lacks so much of the question that it must be one to another question.

    `names` are those that it lacks. One that stands in no document is not meant by other words. Those for whom it is
    asked ("interns") are not either, unless the reader found an answer. If it was read, no other name matters; the noun
    that is asked for does where the reader found none and no document has that noun, and in doubt any word that no
    document has. If it was not read, in doubt any name counts, two words that stand in no document, and the noun that
    is asked for.
    """
    chunk = answering.quote.chunk
    whole = " ".join((answering.passage.title, *chunk.heading, chunk.row, chunk.text))
    nowhere = {term for term in weighed.nowhere if not is_said(term, whole)}
    if (weighed.reading or 0.0) <= 0 and any(nowhere & {*terms(group.split()[-1])} for group in groups_of(question)):
        return True
    if weighed.reading is not None:
        if weighed.reading < 0 and sure < _DOUBTFUL and nowhere:
            return True
        noun = asked_noun(question) if weighed.reading < 0 else None
        return bool(names & weighed.nowhere) or bool(noun and nowhere & set(terms(noun)))
    if (sure < _BEYOND_DOUBT and names) or (sure < _DOUBTFUL and len(nowhere) > 1):
        return True
    noun = asked_noun(question) if sure < _LIKELY else None
    return noun is not None and not is_said(noun, whole)


def _has_another_label(question: str, candidate: Candidate) -> bool:
    """Whether a sentence speaks of "Vault A" where "Vault B" is asked about, of which its passage does not speak."""
    chunk = candidate.quote.chunk
    whole = " ".join((candidate.passage.title, *chunk.heading, chunk.text))
    asked = named(question)
    return candidate.other and bool(asked) and asked.isdisjoint(named(whole))


def _reaches_another(question: str, candidate: Candidate) -> bool:
    """Whether a number or an address is that of another than the one asked for; in a list of such the line before it is
    about somebody else."""
    asked = thing_of(question) if asks_to_reach(question) else None
    if asked is None or opens_leaning(candidate.quote.text):
        return False
    chunk = candidate.quote.chunk
    above = (candidate.passage.title, *chunk.heading, chunk.row, names_above(chunk)[candidate.number])
    return not is_said(asked.of, " ".join((*above, candidate.quote.text)))


def _is_of_others(group: str, candidate: Candidate) -> bool:
    """Whether a sentence says something of those of a sort ("full-time employees") who are not the group asked for
    ("part-time employees"), and of no others, nor what stands above it of these."""
    *sort, people = terms(group)
    words = candidate.quote.text.split()
    before = [terms(one) for one, word in pairwise(("", *words)) if terms(word)[-1:] == [people]]
    others = [one for one in before if one and not OF_ALL.issuperset(one) and not one[-1].isdigit()]
    is_other = bool(sort and others) and len(others) == len(before)
    return is_other and not {*terms(near(candidate))}.issuperset(sort)


def near(candidate: Candidate) -> str:
    """The words of a sentence with what stands above it (title, headings, names of columns) and just before it."""
    chunk, number = candidate.quote.chunk, candidate.number
    above = (candidate.passage.title, *chunk.heading, chunk.row, headers(chunk)[number], names_above(chunk)[number])
    return " ".join((*above, *chunk.sentence_texts()[max(0, number - 1) : number + 1]))


def spoken_of(candidate: Candidate, weighed: Weighed) -> float:
    """The share of the question that a sentence speaks of, where it stands."""
    return share(weighed.weights.keys() & {*terms(near(candidate))}, weighed.weights)


def answers_another(candidate: Candidate, weights: Mapping[str, float]) -> bool:
    """Whether a sentence answers a stored question that is another than the one asked, and says nothing of that itself:
    "Six months." under "How long is the probation period?", asked for parental leave. One that is near enough is the
    same in other words."""
    if (
        candidate.asked is None
        or candidate.cosine >= SAME_QUESTION
        or weights.keys() & set(terms(candidate.quote.text))
    ):
        return False
    return share(weights.keys() & set(terms(candidate.asked.text)), weights) < _HALF


def _is_of_no_row(question: str, candidate: Candidate) -> bool:
    """Whether a sentence is a table's row, "Learn to row | 11 April" of courses, where one is asked for ("the swimming
    course") of which neither the table nor its place speaks."""
    chunk = candidate.quote.chunk
    columns = headers(chunk)
    names = columns[candidate.number]
    kind = terms(cells(names)[0])[-1:] if names else []
    rows = (row for row, above in zip(chunk.sentence_texts(), columns, strict=True) if above == names)
    here = {*terms(" ".join((candidate.passage.title, *chunk.heading, chunk.row, names, *rows)))}
    which = [one for one, other in pairwise(subject_terms(question)) if [other] == kind]
    return bool(which) and here.isdisjoint(which) and not _ANY_ROW.issuperset(which)


def _is_empty_where_asked(candidate: Candidate, weights: Mapping[str, float]) -> bool:
    """Whether a sentence is a table's row that says nothing in the column asked for.

    That is the one whose name holds most of what the row itself lacks of the question; in "the late shift" the column
    with "late" is not asked for but given.
    """
    row, names = candidate.quote.text, headers(candidate.quote.chunk)[candidate.number]
    empty = empty_cells(row, names) if names else frozenset()
    if not empty:
        return False
    asked = weights.keys() - set(terms(row))
    named = [sum(weights[term] for term in asked & set(terms(name))) for name in cells(names)]
    given = {number for number, cell in enumerate(cells(row)) if weights.keys() & set(terms(cell))}
    open_ones = {number: weight for number, weight in enumerate(named) if weight and number not in given}
    most = max(open_ones.values(), default=0.0)
    return bool(open_ones) and all(number in empty for number, weight in open_ones.items() if weight == most)


def _defines(what: str, text: str, place: Sequence[str]) -> bool:
    """Whether `text` says what something is, or stands under a heading that names just that."""
    wanted = terms(what)
    return says_what(what, text) or any(terms(heading) == wanted for heading in place)
