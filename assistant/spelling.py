"""A question with a slip of the pen, or a word written another way -> the question with the word that documents have.

"wifi" is asked of "Wi-Fi", "e-mail" of "email", "gun powder" of "gunpowder" (and the other way round) and "66s" of
"66", where the documents have only these.
"How many madrasahs are in Sinagapore?" is asked of Singapore. What stands in a document is never a slip, and neither is
what the encoder knows as a whole word: "police" is not meant for "policy", even if no document speaks of the police.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from rapidfuzz.distance import OSA

from assistant.words.frames import subject_words
from index.catalog import Catalog
from index.encoder import Encoder
from index.generation import Generation
from index.terms import folded, places, terms

_WORD = re.compile(r"(?<![\w.@/#-])[^\W\d_]{5,}(?![\w@/]|[.-]\w)")
_JOINED = re.compile(r"(?<![\w.@/#-])(?:[^\W\d_]{4,}|[^\W\d_]+-[^\W\d_]+|\d{1,3}s)(?![\w@/-]|[.]\w)")
_APART = re.compile(r"(?<![\w.@/#-])(?=(?P<one>[^\W\d_]{3,}) (?P<other>[^\W\d_]{3,})(?![\w@/-]|[.]\w))")
_SHORT = 5  # letters of a word that can only have lost one, or have two in the wrong order: else it may be another word
_LONG = 9  # letters of a word that may have another ending than the one that is meant
_PART = 3  # letters of each of two words at least that are one in a question
_STEM = 3  # letters of a stem at least
_ENDING = 6  # letters at most that a word has behind its stem
_TRIED = 6  # stems near to the beginning of a word, the longest first
_TEXTS = 20  # in which the forms of a stem are looked for
_POSSESSIVE = re.compile(r"['’]s?$")


def respelled(question: str, generation: Generation, encoder: Encoder) -> str:
    """`question` with each word that stands in no document, and is none that the encoder knows, put for one that a
    document has: with one letter more, less or other, or two that changed places (optimal string alignment), perhaps
    with another ending. The first letter is taken to be right. A word without such a neighbour stays. What they write
    as one word, as two or with a hyphen is put as they do."""
    question = _as_joined(question, generation.catalog)
    words = {word for word in _WORD.findall(question) if not word.isupper()}
    unknown = _unknown(words, generation.catalog)
    pieces = iter(encoder.count_tokens([form for word in unknown for form in (word, terms(word)[0])]))
    for word, count, stem in zip(unknown, pieces, pieces, strict=True):
        meant = _meant(word, generation.catalog) if count > 1 and stem > 1 else None
        question = re.sub(rf"(?<!\w){word}(?!\w)", meant, question) if meant else question
    return question


# --- hyphens and plurals of numbers ------------------------------------------------------------------------------


def _as_joined(question: str, catalog: Catalog) -> str:
    matches = [*_JOINED.finditer(question)]
    unknown = {*_unknown({found[0] for found in matches if "-" not in found[0]}, catalog)}
    for found in reversed(matches):
        word = found[0]
        written = _otherwise_joined(word, catalog) if "-" in word or word in unknown else None
        if written:
            question = question[: found.start()] + written + question[found.end() :]
    return _as_one(question, catalog)


def _as_one(question: str, catalog: Catalog) -> str:
    """`question` with two words as the one that they are in the documents, which nowhere have the two side by side."""
    subjects = {*subject_words(question)}
    every = _APART.finditer(question)
    pairs = [found for found in every if {found["one"], found["other"]} <= subjects and _may_be_one(found)]
    unknown = {*_unknown({found["one"] + found["other"] for found in pairs}, catalog)}
    rest = len(question)  # a word belongs to one pair only
    for found in reversed(pairs):
        one, other, end = found["one"], found["other"], found.end("other")
        if end <= rest and one + other not in unknown and not _side_by_side(one, other, catalog):
            question, rest = question[: found.start()] + one + other + question[end:], found.start()
    return question


def _may_be_one(pair: re.Match[str]) -> bool:
    """Whether two words would be one whose stem reaches into the second ("group fully" would be a form of "group"), and
    not a name before another word."""
    one, other = pair["one"], pair["other"]
    (stem, *_) = terms(one + other)
    is_name = pair.start() > 0 and one[0].isupper() and not other[0].isupper()
    return len(stem) > len(one) + 1 and not is_name


def _otherwise_joined(word: str, catalog: Catalog) -> str | None:
    """How the documents join the parts of `word`, which they do not have as it is if it has no hyphen, or the number
    that it is the plural of; None if they do not."""
    parts = word.split("-")
    if len(parts) == 2:
        whole = "".join(parts)
        return whole if _is_known(whole, catalog) and not _side_by_side(parts[0], parts[1], catalog, "-") else None
    if word[0].isdigit():
        return word[:-1] if _is_known(word[:-1], catalog) else None
    cuts = ((word[:cut], word[cut:]) for cut in range(1, len(word) - 1))
    return next(filter(None, (_side_by_side(*cut, catalog, _links(*cut)) for cut in cuts)), None)


def _links(one: str, other: str) -> str:
    """What may stand between the two parts of a word: "island" is not "is land"."""
    apart = min(len(one), len(other)) >= _PART and len(subject_words(f"{one} {other}")) > 1
    return "- " if apart else "-"


def _side_by_side(one: str, other: str, catalog: Catalog, between: str = "- ") -> str | None:
    """These two as they stand in a text with a hyphen or a space between them, whichever are named; None if they stand
    so in none."""
    sought = terms(f"{one} {other}")
    if len(catalog.frequencies(sought)) < len(set(sought)):
        return None
    chunks = catalog.chunks_by_id([chunk for chunk, _ in catalog.search(sought, _TEXTS)]).values()
    links = between.replace("-", "-‐‑").replace(" ", r"\s")
    form = re.compile(rf"(?<![\w-]){re.escape(one)}[{links}]{re.escape(other)}(?![\w-])", re.IGNORECASE)
    found = next(filter(None, (form.search(chunk.text) for chunk in chunks)), None)
    return found[0] if found else None


# --- slips of the pen --------------------------------------------------------------------------------------------


def _is_known(word: str, catalog: Catalog) -> bool:
    return not _unknown([word], catalog)


def _unknown(words: Collection[str], catalog: Catalog) -> list[str]:
    """Those of `words` of which some term stands in no document."""
    found = {word: terms(word) for word in words}
    known = catalog.frequencies({term for own in found.values() for term in own})
    return [word for word, own in found.items() if not known.keys() >= {*own}]


def _meant(word: str, catalog: Catalog) -> str | None:
    """The word of the documents that is nearest to `word`, if one is near; of several that with the longest stem."""
    bare = folded(word)
    near = [
        (-len(stem), slips, -count, stem)
        for stem, count in catalog.terms_like(bare[0], max(_STEM, len(bare) - _ENDING), len(bare) + 1)
        if (slips := _from_beginning(bare, stem)) <= 1
    ]
    for _, slips, _, stem in sorted(near)[:_TRIED]:
        written = _as_written(stem, word, catalog)
        most = 2 if slips and len(word) >= _LONG else 1
        # Letters that changed places, or one that was lost, are seldom another word.
        likely = written and (len(word) > _SHORT or len(written) > len(word) or sorted(folded(written)) == sorted(bare))
        if written and likely and _slips(word, written) <= most:
            return written if word[0].isupper() else written.lower()
    return None


def _from_beginning(word: str, stem: str) -> int:
    """The slips between the beginning of `word` and `stem`, in which a last "y" is an "i"."""
    forms = (stem, f"{stem[:-1]}y") if stem.endswith("i") else (stem,)
    return min(OSA.distance(word[: len(stem) + more], form, score_cutoff=1) for form in forms for more in (-1, 0, 1))


def _slips(one: str, other: str) -> int:
    return OSA.distance(one, other, processor=folded)


def _as_written(term: str, word: str, catalog: Catalog) -> str | None:
    """The form of a term that is most like `word`, in the texts that have it most; None where only titles have it."""
    found = catalog.search([term], _TEXTS)
    texts = [chunk.text for chunk in catalog.chunks_by_id([chunk for chunk, _ in found]).values()]
    written = [_POSSESSIVE.sub("", text[start:end]) for text in texts for start, end in places(text, {term})]
    return min(written, key=lambda one: _slips(one, word), default=None)
