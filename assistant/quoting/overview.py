"""Asked what a document is about, the sentences with which it opens."""

from __future__ import annotations

import re

from assistant.quoting.adding import WORDS
from assistant.quoting.headings import is_question
from assistant.retriever import Retrieval, opening
from assistant.types import Quote
from assistant.words.frames import subject_terms
from index.generation import Generation
from index.terms import terms
from index.types import Passage

_GENERAL = re.compile(
    r"\bsummar(?:y|ies|i[sz]e)\b|\b(?:overview|gist|tl;?dr)\b|\b(?:main|key) (?:points?|topics?|ideas?|messages?)\b"
    r"|\bwhat\b.*\b(?:about|cover(?:ed)?|deals? with|discuss(?:ed)?)\W*$",
    re.IGNORECASE,
)
_ANY_DOCUMENT = frozenset(
    terms(
        "article document documents text page file paper report story news content summary summarise summarize overview"
        " gist tl dr tldr main key point topic idea message short brief quick whole cover deal discuss subject"
    )
)
_FULL = 6  # terms that a sentence of a lead has; shorter ones are bylines, dates and the like


def overview(
    question: str, retrieval: Retrieval, generation: Generation, limit: int
) -> tuple[Passage, tuple[Quote, ...]] | None:
    """The first full sentences of the document that a general question ("What is this about?") means, behind the
    passage that they open.

    It is the one whose title holds all other words of the question, or the only one; None if there is none such.
    """
    if not _GENERAL.search(question):
        return None
    topic = set(subject_terms(question)) - _ANY_DOCUMENT
    documents = list(dict.fromkeys(passage.chunk.document for passage in retrieval.passages))
    if topic:
        titles = {passage.chunk.document: passage.title for passage in retrieval.passages}
        documents = [document for document in documents if topic <= set(terms(titles[document]))]
    elif generation.catalog.counts()[0] > 1:
        return None
    passage = opening(documents[0], generation) if documents else None
    if passage is None:
        return None
    chunk, title = passage.chunk, terms(passage.title)
    full = [
        Quote(chunk, span)
        for span, text in zip(chunk.sentences, chunk.sentence_texts(), strict=True)
        if len(said := terms(text)) >= _FULL and said != title and not is_question(text)
    ]
    kept = [quote for n, quote in enumerate(full) if sum(len(q.text.split()) for q in full[: n + 1]) <= WORDS]
    return passage, tuple(kept or full[:1])[:limit] or (Quote(chunk, chunk.sentences[0]),)
