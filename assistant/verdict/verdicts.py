"""Whether each sentence that a language model writes is borne out by the passages it cites.

No language model judges: words, sentence vectors, numbers, names and negations are compared (`agreement`). What is
true but said quite otherwise may be called unsupported, and a wrong claim in the passages' own words supported;
docs/quality.md has how often.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.types import Quote, Support
from assistant.verdict.agreement import Comparison
from assistant.verdict.compared import Borne, compared
from assistant.verdict.likelihood import likelihood
from assistant.verdict.matching import Matches
from assistant.verdict.measures import Agreement
from assistant.verdict.restated import in_terms_of, spread
from assistant.verdict.sentences import Sentence, Source, read
from assistant.verdict.subject import Asked
from assistant.words.pieces import pieces
from index.encoder import Encoder
from index.generation import Generation
from index.terms import terms
from index.types import Passage

# On the half that the factors were fitted on (bench/verdicts.py): below the first are 14 % of the sentences of good
# answers; the second was set by hand, so that few of the wrong ones are above it.
UNSUPPORTED = 0.5
SUPPORTED = 0.75
SURE = 0.75  # from it a passage is cited that the sentence does not name

_LOOKED_AT = 3  # passages, the nearest ones, that a sentence without a marker may come from
_RARE = 0.6  # of the greatest weight a term can have: from it a word that opens a sentence can be a name


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the passages cited bear a sentence out.

    "unsupported" is what they more likely than not do not say, or what they say with another number, name or sense;
    "partly" what they say in part, or in words that leave a doubt. `quotes` has, for each passage cited, in their
    order, the sentence that supports best; `score` is how likely the sentence is supported, from 0 to 1.
    """

    support: Support
    quotes: tuple[Quote, ...]
    score: float


class Judge:
    """Holds one question's passages while an answer over them is written."""

    def __init__(self, question: str, passages: Sequence[Passage], generation: Generation, encoder: Encoder) -> None:
        self._catalog, self._encoder = generation.catalog, encoder
        self._asked_terms = frozenset(terms(question))
        own = {passage.chunk.id: passage for passage in passages}
        ids = [p.chunk.sentence_id(n) for p in own.values() for n in range(len(p.chunk.sentences))]
        vectors = generation.store.vectors(ids) if ids else {}
        self._sources = {
            identity: Source(p, np.stack([vectors[p.chunk.sentence_id(n)] for n in range(len(p.chunk.sentences))]))
            for identity, p in own.items()
        }
        self._chunks = self._catalog.counts()[1]
        asked = read(question)
        self._asked = Asked(asked, self._weights(asked.terms))
        self._inferred: dict[tuple[str, Borne], Source] = {}
        self._read: dict[str, tuple[Matches, NDArray[np.float32], dict[str, float]]] = {}

    def verdict(self, sentence: str, cited: Sequence[Passage]) -> Verdict:
        """How far `cited`, which are among the passages of the question, bear `sentence` out."""
        if not cited:
            return Verdict("unsupported", (), 0.0)
        compared = self._compared(sentence, [self._sources[passage.chunk.id] for passage in cited])
        quotes = tuple(
            Quote(passage.chunk, passage.chunk.sentences[compared.best(number)]) for number, passage in enumerate(cited)
        )
        score = likelihood(compared.agreement()) if _has_addresses(cited, sentence) else 0.0
        if not self._look(sentence)[0].said.pieces:  # "Yes." can be checked by nothing
            return Verdict("partly", quotes, score)
        support: Support = "supported" if score >= SUPPORTED else "partly" if score >= UNSUPPORTED else "unsupported"
        return Verdict(support, quotes, score)

    def agreement(self, sentence: str, cited: Sequence[Passage]) -> Agreement:
        """What a verdict on `sentence` by `cited`, at least one passage, rests on."""
        return self._compared(sentence, [self._sources[passage.chunk.id] for passage in cited]).agreement()

    def source(self, sentence: str) -> Passage | None:
        """For a sentence that cites nothing, the passage that clearly supports it, else None."""
        matches, vector, _ = self._look(sentence)
        nearest = sorted(self._sources.values(), key=lambda source: -float((source.vectors @ vector).max()))
        may = [source for source in nearest[:_LOOKED_AT] if _has_addresses([source.passage], sentence)]
        scored = [(likelihood(self._compared(sentence, [s]).agreement()), s.passage) for s in may]
        score, passage = max(scored, key=lambda pair: pair[0], default=(0.0, None))
        return passage if matches.said.pieces and score >= SURE else None

    def says_something(self, sentence: str) -> bool:
        """Whether `sentence` is more than a question, or a lead-in or polite word that adds nothing to the question."""
        said = terms(_bare(sentence))
        if not said or _ANSWERS & {*said}:
            return bool(said)
        new = {term for piece in pieces(_bare(sentence)) for term in piece.terms} - self._asked_terms - _LEADS
        leads = sentence.rstrip().endswith((":", "：")) or bool(_LEADS & {*said} - self._asked_terms)
        asks = sentence.rstrip().endswith(("?", "？"))
        return bool(new) or not (leads or asks) or any(piece.figure for piece in pieces(_bare(sentence)))

    def _compared(self, sentence: str, sources: Sequence[Source]) -> Comparison:
        matches, vector, weights = self._look(sentence)
        found = [compared(matches.said, source) for source in sources]
        sources = [
            self._inferring(borne, matches.said, vector, source) if isinstance(borne, Borne) else source
            for borne, source in zip(found, sources, strict=True)
        ]
        matches = in_terms_of(matches, sources)
        weights = weights | self._weights(matches.said.terms - weights.keys())
        weights = {term: weights[term] for term in matches.said.terms}
        cosines = [(source.vectors @ vector).tolist() for source in sources]
        rare, outdone = _RARE * self._weight(0), any(against is False for against in found)
        return Comparison(matches, self._asked, weights, sources, cosines, rare, outdone)

    def _inferring(self, found: Borne, said: Sentence, vector: NDArray[np.float32], source: Source) -> Source:
        """A source that says too what its tables bear out (`found`) of what a sentence, with this vector, compares."""
        known = (source.passage.chunk.id, found)
        if known not in self._inferred:
            vectors = source.vectors.copy()
            if found.text == said.text:
                vectors[found.row] = vector
            self._inferred[known] = Source(source.passage, vectors, {found.row: found.text})
        return self._inferred[known]

    def _look(self, sentence: str) -> tuple[Matches, NDArray[np.float32], dict[str, float]]:
        """A sentence with its matches, its vector, and how much each of its terms tells; read and encoded once."""
        if sentence not in self._read:
            bare = _bare(sentence)
            said = spread(read(bare))
            self._read[sentence] = Matches(said), self._encoder.encode_one(bare), self._weights(said.terms)
        return self._read[sentence]

    def _weights(self, found: Set[str]) -> dict[str, float]:
        frequencies = self._catalog.frequencies(found) if found else {}
        return {term: self._weight(frequencies.get(term, 0)) for term in found}

    def _weight(self, frequency: int) -> float:
        return math.log(1 + self._chunks / (frequency + 0.5))


# Of the web and of mail: whoever follows an invented one lands with somebody else.
# Letters before an at sign are looked through once, from where they begin, however many they are.
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]{}\"“”|`*]+|(?<![\w.+-])[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.IGNORECASE
)
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?", re.IGNORECASE)


def _has_addresses(cited: Sequence[Passage], sentence: str) -> bool:
    """Whether every address in `sentence` stands in what it cites, in whole or as the beginning of one."""
    addresses = [_SCHEME.sub("", found.rstrip(".,;:!?…/'’»")) for found in _ADDRESS.findall(sentence)]
    if not addresses:
        return True
    texts = (" ".join((p.title, *p.chunk.heading, p.chunk.header, p.chunk.text)) for p in cited)
    known = " ".join("".join(text.split()).casefold() for text in texts)  # an address may go over the end of a line
    return all(address.casefold() in known for address in addresses)


# Marks of a list, of citations and of emphasis, which say nothing.
_MARKS = re.compile(r"^\s*(?:[-*•#]+|\d{1,2}[.)])\s+|\s*\[\d+(?:\s*[,–-]\s*\d+)*\]|\*\*|__|`")

_ANSWER = re.compile(
    r"(?:yes|no|ja|nein|sí|oui|non)\s*[,;:.!–—-]+\s*", re.IGNORECASE
)  # what follows has to bear it out


def _bare(sentence: str) -> str:
    bare = _MARKS.sub("", sentence).strip()
    answer = _ANSWER.match(bare)
    return (bare[answer.end() :] if answer else bare) or bare


# Words of which lead-ins and polite ends are made, and those that answer by themselves.
_LEADS = frozenset(
    terms(
        "here following follow follows below steps step list overview summary answer answers question questions based"
        " according passages passage sources source documents document information provided given found find details"
        " detail points more main key certainly sure course glad happy help helps hope let know further need anything"
        " else feel free ask thanks thank regarding concerning relevant"
        " hier folgenden folgende folgt schritte antwort laut quellen dokumenten gerne überblick zusammenfassung"
        " aquí siguientes siguiente pasos respuesta según fuentes documentos continuación resumen"
        " voici suivantes suivants étapes réponse selon sources documents résumé"
    )
)
_ANSWERS = frozenset(terms("yes no not never none nothing cannot ja nein nicht kein keine sí no nunca oui non jamais"))
