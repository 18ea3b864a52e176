"""Whether what a short sentence says ("It opens at 8:00.", "25 days.") is said in its sources of what was asked about.

Such a sentence takes its subject from the question. So the words of the question have to stand where the sources say
the same: in that sentence, less surely beside it and in title and headings.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.verdict.sentences import Sentence, Source, terms_of
from assistant.words.names import is_known, missing_names, names_of
from assistant.words.pieces import OPPOSITES, Piece, says
from index.terms import terms

_SHORT = 5  # pieces up to which a sentence that begins with a pronoun speaks of what was asked about
_BARE = 4  # words up to which any does
_WHOLE = 3  # words from which a sentence can have a subject and say something of it
# Questions that an action, a reason or "yes" answers, which need not be said in the question's words.
_ASKS_HOW = re.compile(
    r"(?:.*\b)?(?:how (?!many|much|long|old|often|far|large|big|tall|high|fast|soon|late|early)|why\b)"
    r"|\W*(?:what (?:should|must|happens|can|do i)"
    r"|(?:can|could|may|must|should|shall|will|would|do|does|did|is|are|was|were|has|have)\b"
    r"|wie (?!viel|lang|alt|oft|weit|groß|hoch|schnell|früh|spät)|warum|wieso|weshalb|darf|dürfen|kann|können|muss"
    r"|müssen|soll|sollte|ist|sind|hat|haben|gibt|cómo|por qué|comment|pourquoi)",
    re.IGNORECASE,
)
_BESIDE = 0.6  # what a term of the question counts that stands above the sentence, in title or headings, of one in it


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, read; `weights` say how much each of its terms tells."""

    sentence: Sentence
    weights: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Placing:
    """Of the question, weighted by rarity: the share that is `unasked` where a short sentence is borne out; how much
    more another sentence holds (`elsewhere`), and one that holds all that this one does and could answer too
    (`outdone`, its square root); and the same of two clauses of that one sentence (`nearer`). `strange` says that its
    names stand nowhere, or the opposite thing in their place."""

    unasked: float = 0.0
    elsewhere: float = 0.0
    outdone: float = 0.0
    nearer: float = 0.0
    strange: float = 0.0


def is_short(said: Sentence) -> bool:
    """Whether a sentence says so little that it speaks of what was asked about."""
    return 0 < len(said.pieces) <= _SHORT and (said.leans or len(said.text.split()) <= _BARE)


def placing(said: Sentence, asked: Asked, sources: Sequence[Source]) -> Placing:
    """How the sources place what `said` says among what was `asked`."""
    strange = float(_is_strange(said, asked.sentence, sources))
    total = sum(asked.weights.values())
    if not is_short(said) or not total or _ASKS_HOW.match(asked.sentence.text) or _is_verbatim(said, sources):
        return Placing(strange=strange)
    new = [piece for piece in said.pieces if not asked.sentence.terms.issuperset(piece.terms or ("",))] or said.pieces
    rows = [
        (sum(sentence.has(piece) for piece in new), _held(n, said, asked.weights, source) / total, sentence)
        for source in sources
        for n, sentence in enumerate(source.sentences)
    ]
    most = max(count for count, _, _ in rows)
    here, best = max(((held, sentence) for count, held, sentence in rows if count == most), key=lambda row: row[0])
    other = max((held for count, held, _ in rows if count < most), default=0.0)
    rivals = [sentence for count, _, sentence in rows if count < most and _could_answer(new, sentence, asked)]
    outdone = max((_outdone(best, rival, said, asked) for rival in rivals), default=0.0)
    nearer = _nearer(new, best, asked)
    return Placing(1 - here, max(0.0, other - here), math.sqrt(outdone / total), nearer / total, strange)


def _is_verbatim(said: Sentence, sources: Sequence[Source]) -> bool:
    """Whether a whole sentence with a subject of its own stands in the sources as it is."""
    words = terms(said.text)
    if said.leans or len(words) < _WHOLE:
        return False
    whole = (sentence.text for source in sources for sentence in source.sentences if not sentence.row)
    return any(text.rstrip().endswith((".", "!")) and terms(text) == words for text in whole)


def _held(number: int, said: Sentence, weights: Mapping[str, float], source: Source) -> float:
    """How much of the question `said` has itself, and sentence `number` of a source, and what this one belongs to."""
    sentence = source.sentences[number]
    own, beside = sentence.terms | said.terms, source.place_terms
    if sentence.leans and number:
        beside |= source.sentences[number - 1].terms
    return sum(w if is_known(t, own) else _BESIDE * w if is_known(t, beside) else 0.0 for t, w in weights.items())


def _could_answer(new: Sequence[Piece], sentence: Sentence, asked: Asked) -> bool:
    return any(_is_alike(known, piece, asked, sentence.row) for known in sentence.pieces for piece in new)


def _outdone(best: Sentence, rival: Sentence, said: Sentence, asked: Asked) -> float:
    """How much more of the question `rival` holds than `best`, if it holds all that `best` does."""
    held, more = ({t for t in asked.weights if is_known(t, s.terms | said.terms)} for s in (best, rival))
    return sum(asked.weights[t] for t in more - held) if held < more else 0.0


def _nearer(new: Sequence[Piece], found: Sentence, asked: Asked) -> float:
    """How much more of the question another clause of a sentence holds that holds all that the answer's does, and has
    another piece that could answer: "Guests pay 9 euros, employees pay 5 euros"."""
    clauses: dict[int, list[Piece]] = {}
    for piece in found.pieces:
        clauses.setdefault(piece.clause, []).append(piece)
    held = {n: {t for t in asked.weights if is_known(t, terms_of(clause))} for n, clause in clauses.items()}
    said = {n: sum(any(says(piece, ours) for piece in clause) for ours in new) for n, clause in clauses.items()}
    own = {n for n, count in said.items() if count == max(said.values(), default=0)}
    others = {  # in a row of a table its name, which may be the answer's own, stands in each clause
        n: [piece for piece in clause if not any(says(piece, ours) for ours in new)] for n, clause in clauses.items()
    }
    rivals = {
        n for n, clause in others.items() if any(_is_alike(piece, ours, asked) for piece in clause for ours in new)
    }
    return min(
        (
            max(
                (sum(asked.weights[t] for t in held[r] - held[o]) for r in rivals - own if held[o] < held[r]),
                default=0.0,
            )
            for o in own
        ),
        default=0.0,
    )


def _is_alike(piece: Piece, other: Piece, asked: Asked, cell: bool = False) -> bool:
    """Whether a piece that the question does not name is of the kind of `other`; a number in a `cell` of a table may
    have its unit above."""
    if piece.figure and other.figure:
        alone = cell and not (piece.figure.unit and other.figure.unit)
        return piece.figure.kind == other.figure.kind and (alone or piece.figure.unit == other.figure.unit)
    if piece.figure or other.figure:
        return False
    return piece.named and other.named and asked.sentence.terms.isdisjoint(piece.terms)


def _is_strange(said: Sentence, asked: Sentence, sources: Sequence[Source]) -> bool:
    """Whether what the question singles out stands nowhere, though the sentence singles out nothing of it itself."""
    if is_short(said):
        names = names_of(asked.text) & terms_of(piece for piece in asked.pieces if piece.named)
        text = "\n".join(
            part
            for source in sources
            for part in (source.passage.title, *source.passage.chunk.heading, source.passage.chunk.text)
        )
        if names and not said.terms & names and names <= missing_names(asked.text, text):
            return True
    pool = frozenset[str]().union(*(source.terms for source in sources))
    ours = [
        (kind, thing)
        for kind, thing in _kinds(asked)
        if kind in OPPOSITES and not (is_known(kind, pool) or is_known(kind, said.terms)) and is_known(thing, pool)
    ]
    return bool(ours) and any(
        thing == same and other in OPPOSITES[kind] and not is_known(other, asked.terms | said.terms)
        for source in sources
        for sentence in (*source.sentences, *source.headings)
        for other, thing in _kinds(sentence)
        for kind, same in ours
    )


def _kinds(sentence: Sentence) -> Iterator[tuple[str, str]]:
    """Each word that stands right before another, as "north" before "garage"."""
    for one, other in pairwise(sentence.pieces):
        if one.terms and other.terms and sentence.text[one.end : other.start] in (" ", "-"):
            yield one.terms[-1], other.terms[0]
