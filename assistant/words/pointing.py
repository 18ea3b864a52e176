"""The words by which a question points back to what was said before, or goes on from it, by language."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.words.frames import language_of
from index.terms import terms

_VERB = r"is|was|are|were|does|did|has|have|one|mean|work|calculated"
_NO_NOUN = "auch|nicht|nur|für|immer|noch|schon|so|genau|wirklich|überhaupt|in|an|am|im|bei|mit|möglich|erlaubt|zu"
_BACK = {
    "en": re.compile(
        r"\b(?:it|its|itself|they|them|their|theirs|he|him|his|she|her|hers|this|these|those|ones?|such|former|latter"
        rf"|others?|another|else|that(?=\W*$|\s+(?:{_VERB})\b)|(?<=is )that)\b",
        re.IGNORECASE,
    ),
    # With a capital, "Sie" and "Ihre" are whoever is spoken to. "Das" is an article before most words.
    "de": re.compile(
        r"\b(?:[Ee]r|ihn|ihm|ihnen|sie|ihre?[mnrs]?|[Ss]eine[mnrs]?|[Ss]ein(?=\s+[A-ZÄÖÜ])|dessen|deren"
        r"|[Dd]iese[mnrs]?|[Dd]ies|jene[mnrs]?|solche[mnrs]?|andere[mnrs]?"
        rf"|[Dd]as(?=\W*$|\s+(?:{_NO_NOUN})\b)"
        r"|[Dd]a(?:von|für|bei|zu|gegen|nach|r(?:auf|an|über|aus|in|um))|damit(?=\W*$)|[Dd]ort)\b"
    ),
    "es": re.compile(
        r"\b(?:él|ellas?|ellos|lo(?!\s+que\b)|sus?|suy[oa]s?|es[oae]s?|est[oae]s?|allí|ahí|otr[oa]s?|los(?=\s+\w+o\W*$)"
        r"|\w+[aei]r(?:l[oa]s?|les?))\b(?<!\best[oa]s)",
        re.IGNORECASE,
    ),
    "fr": re.compile(
        r"\b(?:elles?|ils|lui|leurs?|son|sa|ses|cel(?:ui|les?|a)|ceux|ça|autres?"
        r"|(?<!t-)il(?!\s+(?:faut|y|est|existe|s['’]agit)\b))\b",
        re.IGNORECASE,
    ),
}
_GOES_ON = {
    "en": r"and\b|but\b|or\b|then\b|what about\b|how about\b|why(?: not)?\W*$|how so\b|how come\b|since when\b|more\b",
    "de": r"und\b|aber\b|oder\b|dann\b|was ist mit\b|wie (?:sieht|steht) es\b|warum(?: nicht)?\W*$|wieso\W*$|mehr\b",
    "es": r"y\b|pero\b|o\b|entonces\b|(?:y )?qué (?:hay|pasa) (?:de|con)\b|por qué(?: no)?\W*$|más\b",
    "fr": r"et\b|mais\b|ou\b|alors\b|qu['’]en est-il\b|pourquoi(?: pas)?\W*$|plus\b",
}
_STARTS = {language: re.compile(rf"\W*(?:{words})", re.IGNORECASE) for language, words in _GOES_ON.items()}


_NO = r"(?:(?:no|nope|sorry|oh|wait|actually|pardon)\b[,.;:!–—]*\s*)"
_MEANT = rf"{_NO}{{0,3}}i (?:actually |really )?(?:meant|mean)\b(?: to ask\b)?(?: about\b)?"
_CORRECTS = re.compile(rf"\W*(?:{_MEANT}|{_NO}{{1,3}}(?=(?:the|an?) ))[,:]?\s*(?P<meant>\w.*)", re.IGNORECASE)
_WHOLE = re.compile(r"(?:how|what|when|where|which|who|whose|why)\b", re.IGNORECASE)


def as_going_on(question: str) -> str:
    """What puts the question before right as what goes on from it: "no, I meant the big one" as "and the big one"; or
    as the question that was meant. Any other stays as it is."""
    found = _CORRECTS.fullmatch(question)
    if found is None:
        return question
    return found["meant"] if _WHOLE.match(found["meant"]) else f"and {found['meant']}"


_BEYOND = r"otherwise|if not|after (?:that|this)|afterwards|thereafter"
_OPENS_LEANING = re.compile(
    r"(?:(?:However|But|And|So|Then|Yet|Still|Also)[, ]+)?(?:he|she|it|they|this|these|those|such|his|her|their|its"
    rf"|(?:an?|the) \w+ ones?)\b|(?:{_BEYOND}),",
    re.IGNORECASE,
)


def opens_leaning(sentence: str) -> bool:
    """Whether a sentence begins with a pronoun for what the one before it speaks of, or goes on from that."""
    found = _OPENS_LEANING.match(sentence)
    return found is not None and not found[0].endswith("IT")  # "IT support" leans on nothing


_NO_SUBJECT = re.compile(
    r"(?:(?:no longer|not|never|still|already|only|now) )?\w+(?:ed|dden|ken|wn)\b,? (?:in|on|by|since|from|until|at"
    r"|with|for|because|as|to|when|after|before|of)\b",
    re.IGNORECASE,
)


def lacks_subject(sentence: str) -> bool:
    """Whether a sentence says something of what stands above it and does not name that ("Removed in May.")."""
    return bool(_NO_SUBJECT.match(sentence))


_OF_ITEMS = re.compile(
    r"\b(?:is|are|was|were|must|may|might|can|cannot|should|shall|will|would|do|does|did|has|have|had|need|needs|not|no"
    r"|never|nothing|nobody|without|except|only|unless|before|after|until|if|when|instead)\b.*:\W*\Z|n['’]t\b.*:\W*\Z",
    re.IGNORECASE | re.DOTALL,
)


def says_of_items(lead: str) -> bool:
    """Whether the words that lead into a list say something of its items, without which these say something else
    ("Not included are:"), and do not only name them ("Colours:")."""
    return bool(_OF_ITEMS.search(lead))


_ELSE = re.compile(
    rf"(?:{_BEYOND}|after then|later|from then on|beyond that|in (?:all )?other cases)\b",
    re.IGNORECASE,
)


def tells_what_else(sentence: str) -> bool:
    """Whether a sentence begins as one that says what holds where the one before it does not ("After that, ...")."""
    return bool(_ELSE.match(sentence))


def pointers_back(question: str) -> Iterator[re.Match[str]]:
    """The words of a question that may point to what was said before it."""
    back = _BACK.get(language_of(terms(question)))
    return back.finditer(question) if back else iter(())


def goes_on(question: str) -> bool:
    """Whether a question begins as one that goes on ("and in 2021?", "why?")."""
    starts = _STARTS.get(language_of(terms(question)))
    return bool(starts and starts.match(question))
