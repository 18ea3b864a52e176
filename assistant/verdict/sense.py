"""Whether a sentence has the sense of others: what it denies or says the opposite of, and who does it to whom."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from itertools import pairwise

from assistant.verdict.left_out import APART, ONLY, agrees_on_an_exception, excepted, explained
from assistant.verdict.sentences import Sentence, terms_of
from assistant.verdict.undone import undone_terms
from assistant.words.names import is_known
from assistant.words.pieces import ALIKE, EXCEPTING, Piece, opposites, says
from index.terms import terms

_SHORT = 3  # pieces of a clause of which a negation denies each
_FADES = 0.4  # how sure each further term behind a negation is to be what is denied


def turned(
    said: Sentence,
    asked: Sentence,
    near: Sequence[Sentence],
    sentences: Iterable[Sentence],
    weights: Mapping[str, float],
) -> float:
    """How much of what `said` has in common with `near` one of the two denies or has the opposite of, and the other
    does not. What the question denies ("What may visitors not bring?") need not be denied in its answer again, and what
    one of the `sentences` of the sources denies in the same words may be."""
    if all(piece.named or piece.figure for piece in said.pieces):
        return 0.0
    converse = _converse(said, near[0])
    converse = agrees_on_an_exception(said, near[0]) if converse is None else converse
    if converse is not None:
        return float(not converse)
    there = frozenset[str]().union(*(sentence.terms for sentence in near))
    denials = [scope for sentence in near for scope in sentence.denials]
    opposed = {term for term in said.terms if not said.terms & opposites(term) and _is_opposed(term, said, near)}
    opposed = {term for term in opposed if there.isdisjoint(ALIKE.get(term, ()))}  # "optional" for "voluntary"
    evened = {term for term in said.terms if opposites(term) and _is_evened(term, said, near)}
    opposed -= evened
    meant = [frozenset().union(evened, *map(opposites, evened))]  # "does not open" is "is closed"
    rejected = [scope for sentence in near for scope in undone_terms(sentence)]  # "was not approved" is "was rejected"
    otherwise = explained(said, near, sentences)
    ours = [scope for scope in said.denials if scope not in otherwise]
    others = [scope for sentence in near for scope in _but_of(said.denials, sentence) if scope not in otherwise]
    found = [
        *_alone(ours, [*denials, *meant, *_subjects(near), *rejected], there),
        *_alone(others, [*said.denials, *asked.denials, *meant, *_subjects([said]), *undone_terms(said)], said.terms),
    ]
    common = sum(weights.get(term, 0.0) for term in (said.terms & there) | opposed) or 1.0
    return (sum(weights.get(term, 0.0) * sure for term, sure in found) + sum(weights[t] for t in opposed)) / common


def _converse(said: Sentence, best: Sentence) -> bool | None:
    """Whether `said` is of all or none but some, and the sentence that supports it best of only these: "all but Ann
    need a pass" is "only Ann may enter without one"; None if they are not."""
    apart = APART.search(said.text)
    only = any(map(ONLY.fullmatch, _WORD.findall(best.text)))
    none = _NONE.search(said.text)
    one = excepted(said)
    if not one or not best.has(one):
        return None
    if not apart or not only or not (none or any(map(_ALL.fullmatch, _WORD.findall(said.text)))):
        return None
    if not all(said.terms.intersection(scope[:1]) for scope in best.denials):
        return None
    own = len(said.denials) - bool(none) - (EXCEPTING.fullmatch(apart[0]) is not None)
    return (own + (not none)) % 2 == len(best.denials) % 2


def _beside(term: str, said: Sentence, near: Sequence[Sentence]) -> tuple[int, int]:
    """How much of the rest stands in one sentence with a term, and how much with its opposite; -1 without either."""
    same, other = (
        max((len(said.terms & s.terms - {term}) for s in near if words & s.terms), default=-1)
        for words in ({term}, opposites(term))
    )
    return same, other


def _is_opposed(term: str, said: Sentence, near: Sequence[Sentence]) -> bool:
    """Whether the opposite of a term stands where most of the rest does, and not the term itself."""
    same, other = _beside(term, said, near)
    return other > same


def _is_evened(term: str, said: Sentence, near: Sequence[Sentence]) -> bool:
    """Whether the opposite of a term stands where most of the rest does, and just one of both is denied."""
    same, other = _beside(term, said, near)
    turned = [s for s in near if opposites(term) & s.terms]
    return other >= max(same, 0) and any(
        _is_denied(term, said.denials) != any(_is_denied(o, s.denials) for o in opposites(term)) for s in turned
    )


def _is_denied(term: str, denials: Iterable[Sequence[str]]) -> bool:
    return any(term in scope[:1] for scope in denials)


def _subjects(sentences: Iterable[Sentence]) -> Iterator[frozenset[str]]:
    """What the clauses with a negation are of, which it denies something of: "cheques are not accepted"."""
    for sentence in sentences:
        denied = {piece.clause for piece in sentence.pieces if piece.denied or piece.governs}
        for clause in denied:
            own = [piece for piece in sentence.pieces if piece.clause == clause]
            if len(own) <= _SHORT:
                yield terms_of(own)


def _but_of(denials: Iterable[Sequence[str]], sentence: Sentence) -> Iterator[Sequence[str]]:
    """What a sentence denies, but for short clauses that are of something denied in `denials` too: "cheques are not
    accepted" of "no cheques"."""
    denied = {term for scope in denials for term in scope}
    of_it = [own for own in _subjects([sentence]) if denied & own]
    return (scope for scope in sentence.denials if not any(own.issuperset(scope) for own in of_it))


def _alone(
    denials: Iterable[Collection[str]], others: Iterable[Collection[str]], terms: Set[str]
) -> Iterator[tuple[str, float]]:
    """What is denied by none of `others`, though their sentence has it, and how sure it is that it is denied."""
    matched = {term for other in others for term in other}
    for scope in denials:
        known = [(n, term) for n, term in enumerate(scope) if term in terms]
        if known and not any(is_known(term, matched) for term in scope):  # "cannot take" is "may not be taken"
            yield known[0][1], _FADES ** known[0][0]


def overstated(said: Sentence, best: Sentence) -> bool:
    """Whether `said` is of all, where the sentence that supports it best makes an exception, is of most, or is only of
    some that `said` does not name."""
    words = _WORD.findall(said.text)
    if said.denials or any(map(_ONLY.fullmatch, words)) or not any(map(_ALL.fullmatch, words)):
        return False
    some = [after for piece, after in pairwise(best.pieces) if _ONLY.fullmatch(best.text[piece.start : piece.end])]
    others = _WORD.findall(best.text)
    excepts = any(map(EXCEPTING.fullmatch, others))
    fewer = any(map(_MOST.fullmatch, others)) and not any(map(_ALL.fullmatch, others))
    return (
        excepts
        or (fewer and not any(map(_MOST.fullmatch, words)))
        or any(said.terms.isdisjoint(piece.terms) for piece in some if piece.terms)
    )


def swapped(said: Sentence, sentences: Iterable[Sentence]) -> bool:
    """Whether two names of `said` stand in a sentence with the same words between them, each in the other's place, and
    in none as they are said; "was beaten by" is "beat" with the names exchanged."""
    ours = dict(_between_names(said))
    turned_round = False
    for sentence in sentences if ours else ():
        for (first, last), words in _between_names(sentence):
            for (one, other), same in ours.items():
                if not _are_alike(words, same):
                    continue
                if says(first, one) and says(last, other):
                    return False
                turned_round |= says(first, other) and says(last, one)
    return turned_round


def _between_names(sentence: Sentence) -> Iterator[tuple[tuple[Piece, Piece], tuple[str, ...]]]:
    """Each two names on end with the words between them that say what one does to the other, the one who does it
    first."""
    names = [piece for piece in sentence.pieces if piece.named]
    for first, last in pairwise(names):
        between = _APPOSITION.sub("", sentence.text[first.end : last.start])
        words = tuple(term for term in terms(between) if term not in _ARTICLES)
        if words and not _PARTS.search(between) and _MUTUAL.isdisjoint(words):
            content = [piece for piece in sentence.pieces if first.end <= piece.start < last.start]
            passive = words[0] in _PASSIVE and words[-1] in _BY
            bare = tuple(word for word in words[: -1 if passive else None] if word not in _AUXILIARY)
            if content and bare:
                yield (last, first) if passive else (first, last), bare


def _are_alike(words: Sequence[str], others: Sequence[str]) -> bool:
    """Whether words are the same but for the ending of what is done: "beat", "beaten"."""
    return len(words) == len(others) and all(map(_is_alike, words, others))


def _is_alike(word: str, other: str) -> bool:
    return is_known(word, {other}) or is_known(other, {word})


_WORD = re.compile(r"\w+")
_ALL = re.compile(
    r"all|every|everyone|everybody|everything|each|any|anyone|alle[nr]?|jede[rsmn]?|tod[ao]s?|tou(?:s|te?s?)", re.I
)
_ONLY = re.compile(r"only|solely|but|nur|sólo|solo|solamente|seulement", re.IGNORECASE)
_MOST = re.compile(
    r"most|some|many|several|nearly|almost|meisten|einige[nr]?|manche[nr]?|viele[nr]?|fast|algun[ao]s|muchos|mayoría|casi",
    re.IGNORECASE,
)
_NONE = re.compile(r"\b(?:nobody|no one|none|niemand|keiner|nadie|personne)\b", re.IGNORECASE)
_ARTICLES = frozenset(terms("the a an der die das den dem el la le"))
# What the second name is: "the law firm Holt".
_APPOSITION = re.compile(
    r"\b(?:the|an?) (?!(?:\S+ )?(?:of|to|about|for|in|on|at|by|with|from|as|and|than) $)"
    r"[^\W\dA-Z][\w-]* (?:[^\W\dA-Z][\w-]* )?$"
)
_PASSIVE = frozenset(terms("is are was were has have had been being wird werden wurde wurden"))
_BY = frozenset(terms("by von vom por par"))
_AUXILIARY = _PASSIVE | frozenset(terms("against be do does did will would hat haben hatte worden ha fue"))
_PARTS = re.compile(r"[,;:.!?()\n–—|/]")
# Words of what holds both ways round, and of lists.
_MUTUAL = frozenset(
    terms(
        "and or und oder y o et ou than as like between both each other together versus vs"
        " meet met meets marry married marries border borders equal equals match matches differ differs resemble"
        " resembles meeting join joined joins cooperate collaborate work works worked share shares shared connect"
        " connects connected link links linked touch touches near next beside adjacent opposite parallel same similar"
        " play plays played playing fight fights fought match game"
        " different identical equivalent friend colleague partner sibling brother sister cousin twin neighbour neighbor"
        " compete competes distance correlate intersect intersects alongside with"
        " trifft traf heiratete grenzt neben nahe gleich ähnlich mit con avec"
    )
)
