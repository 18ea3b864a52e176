"""Asked what a document or a section of one is about, the sentences with which it opens."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.quoting.adding import WORDS
from assistant.quoting.companions import as_far_as_allowed, within_words
from assistant.quoting.headings import heading_above, is_dated_by, is_question
from assistant.quoting.steps import listing_of
from assistant.retriever import Retrieval, opening
from assistant.types import Quote
from assistant.words.frames import subject_terms
from index.generation import Generation
from index.terms import terms
from index.types import Passage

_GENERAL = re.compile(
    r"\bsummar(?:y|ies|i[sz]e)\b|\b(?:overview|gist|tl;?dr)\b|\b(?:main|key) (?:points?|topics?|ideas?|messages?)\b"
    r"|\bwhat\b.*\b(?:about|cover(?:ed)?|deals? with|discuss(?:ed)?)\W*$"
    r"|^\W*what(?:['’]s| is| was|s)? (?:new |changed |all )*(?:in|with) ",
    re.IGNORECASE,
)
_ANY_DOCUMENT = frozenset(
    terms(
        "article document documents text page file paper report story news content summary summarise summarize overview"
        " gist tl dr tldr main key point topic idea message short brief quick whole cover deal discuss subject"
        " new changed"
    )
)
_FULL = 6  # terms that a sentence of a lead has; shorter ones are bylines, dates and the like
# Asked in the words of what is suggested after an answer, too.
_SAYS = re.compile(
    r"(?:what (?:do|does) (?:the|our|your|this) [\w ]+ say (?:about|on)|tell me (?:more |all )?about"
    r"|was steht in (?:den|dem|der) [\w ]+ über) (?P<topic>.+)",
    re.IGNORECASE,
)


def overview(
    question: str, retrieval: Retrieval, generation: Generation, limit: int
) -> tuple[Passage, tuple[Quote, ...]] | None:
    """The first full sentences of the document that a general question ("What is this about?") means, or of the section
    that is asked for by its heading ("What does the handbook say about sick leave?"), behind the passage that they
    open. A list there is shown whole.

    The document is the one whose title holds all other words of the question, or the only one; None if there is none
    such. Asked when that came, it is its title, if this has the date.
    """
    section = _section(question, retrieval, generation)
    if section:
        return section, _section_opening(section, generation, limit)
    if not _GENERAL.search(question):
        return _dated(question, retrieval, generation)
    topic = set(subject_terms(question)) - _ANY_DOCUMENT
    documents = list(dict.fromkeys(passage.chunk.document for passage in retrieval.passages))
    if topic:
        titles = {passage.chunk.document: passage.title for passage in retrieval.passages}
        documents = [document for document in documents if topic <= set(terms(titles[document]))]
    elif generation.catalog.counts()[0] > 1:
        return None
    passage = opening(documents[0], generation) if documents else None
    return (passage, _opens(passage, limit)) if passage else None


def _dated(question: str, retrieval: Retrieval, generation: Generation) -> tuple[Passage, tuple[Quote, ...]] | None:
    """The title that has the date asked for, of the document that came then ("Version 3.6 – 24 June 2025")."""
    titles = {passage.chunk.document: passage.title for passage in retrieval.passages}
    document = next((name for name, title in titles.items() if is_dated_by(question, title)), None)
    passage = opening(document, generation) if document else None
    title = heading_above(passage.chunk, passage.title) if passage else None
    return (passage, (title,)) if passage and title else None


def _section(question: str, retrieval: Retrieval, generation: Generation) -> Passage | None:
    """The first passage of the document that is asked for by its title, or found under the heading that is, perhaps
    behind its title."""
    asked = _SAYS.fullmatch(question.strip())
    topic = terms(asked["topic"]) if asked else []
    if not topic:
        return None
    titled = next((p.chunk.document for p in retrieval.passages if topic == terms(p.title)), None)
    found = (p for p in retrieval.passages if p.chunk.heading and topic in _names(p))
    return (
        opening(titled, generation)
        if titled
        else min(found, key=lambda passage: (passage.chunk.document, passage.chunk.start), default=None)
    )


def _names(passage: Passage) -> Iterator[list[str]]:
    """What a section is called, in terms: by its heading, and behind its title."""
    heading = passage.chunk.heading[-1]
    yield terms(heading)
    yield terms(f"{passage.title} {heading}")


def _section_opening(passage: Passage, generation: Generation, limit: int) -> tuple[Quote, ...]:
    chunk = passage.chunk
    first = Quote(chunk, chunk.sentences[0])
    listing = listing_of(first, generation)
    if listing:
        return tuple(as_far_as_allowed(listing.quotes, first))
    if not chunk.heading:
        return _opens(passage, limit)
    return tuple(within_words([Quote(chunk, span) for span in chunk.sentences[:limit]], first))


def _opens(passage: Passage, limit: int) -> tuple[Quote, ...]:
    """The first full sentences of a passage."""
    chunk, title = passage.chunk, terms(passage.title)
    full = [
        Quote(chunk, span)
        for span, text in zip(chunk.sentences, chunk.sentence_texts(), strict=True)
        if len(said := terms(text)) >= _FULL and said != title and not is_question(text)
    ]
    kept = [quote for n, quote in enumerate(full) if sum(len(q.text.split()) for q in full[: n + 1]) <= WORDS]
    return tuple(kept or full[:1])[:limit] or (Quote(chunk, chunk.sentences[0]),)
