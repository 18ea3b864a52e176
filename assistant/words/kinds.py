"""The kind of thing that a question asks for, by its words, and whether a sentence holds such a thing."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from assistant.words.numerals import ENGLISH
from assistant.words.reaching import ADDRESS, ASKS_ADDRESS, ASKS_TO_REACH, EITHER
from index.terms import terms

ASKS = re.compile(
    r"\b(?:wh(?:at|ich|o|om|ose|en|ere|y)|how|is|are|was|were|do|does|did|has|have|had|can|could|will|would|shall|should"
    r"|may|might|must)\b|\?",
    re.IGNORECASE,
)
"""What an English question has and a query of words alone has not."""

# The number of a step with its verb.
_STEP = re.compile(r"^\s*(?:[Ss]tep\s+)?\d{1,2}[.):]\s+[^\W\d_]+(?= [a-z])")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of thing asked for. `looks` is how it is written; of a `figure` (a date or a number) nothing without one
    can be the answer."""

    looks: re.Pattern[str]
    figure: bool = False

    def held_by(self, text: str, question: str) -> bool:
        """Whether `text` holds such a thing that the question did not already name; the verb of "1. Switch on the lamp"
        is no name for its capital."""
        asked, text = question.casefold(), _STEP.sub("", text)
        return any(found[0].casefold() not in asked for found in self.looks.finditer(text))


MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"

# Neither the word that opens a sentence nor a month is the name of anybody or any place.
_OPENS = (
    "The|An?|It|He|She|They|We|You|This|That|These|Those|There|In|On|At|By|For|From|After|Before|When|If|As|His|Her|Its"
    "|Our|Your|Because|Since|While|All|No"
)
# "Apologies: ..." names nobody by its first word.
_NO_NAME = rf"(?!\w+:)(?!(?:{MONTHS}|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|{_OPENS})\b)"
_NAME = rf"\b{_NO_NAME}[^\W\d_a-z][\w’'-]+(?:\s+[^\W\d_a-z][\w’'-]+)*"
# A half plot is no number of plots.
_PART = r"\b(?:half|thirds?|quarters?)\b(?! (?!(?:of|the|an?|its|their|all|as|that|are|were|is|was)\b)[a-z])"
_COUNT = (
    rf"\b\d[\d.,]*+|\b(?:{'|'.join(ENGLISH[1:12])}|dozens?|hundreds?|thousands?|millions?|billions?|single"
    rf"|none|several)\b|{_PART}"
)
_EXTENT = r"|\b(?:once|twice|daily|weekly|monthly|yearly|annually|every|each|majority|most|all|free|vast)\b"
# "Since 1964" counts nothing.
_YEAR = r"(?:(?<=\bin )|(?<=\bsince )|(?<=\buntil )|(?<=\bfrom )|(?<=\bby ))[12]\d{3}\b(?![.,]\d)"
# Nor does money, unless it is counted itself.
_MONEY = r"(?:euro|pound|dollar|cent|franc|crown|kron[aeo]r?|yen|peso|rupee|ruble)s?\b"
_NUMBER = Kind(
    re.compile(rf"(?!{_YEAR})(?<![£$€¥])(?<![£$€¥] )(?:{_COUNT})(?! ?(?:[£$€¥]|{_MONEY}))", re.IGNORECASE), figure=True
)
_MEASURE = Kind(re.compile(_COUNT + _EXTENT, re.IGNORECASE), figure=True)
_AGE = Kind(
    re.compile(
        r"\byears?[- ]old\b|\bcenturies old\b|\b(?:aged?|born|built|founded|established)\b"
        r"|\b(?:is|was|turn(?:s|ed)) \d+\b|\(\d{3,4}\b|, \d\d,",
        re.IGNORECASE,
    ),
    figure=True,
)
_DATE = Kind(
    re.compile(
        # "Bristol 3.01" is a room, and "9.30" a time.
        r"\b(?:1[0-9]|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b|\b\d{1,2}(?:[:/]\d\d|\.[0-5][05])\b|\b\d\d?\.\d\d?\.|\b\d\d?\s?[ap]\.?m\b"
        rf"|\b(?:{MONTHS})\b"
        r"|\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?\b|\b(?:today|yesterday|tomorrow|century|spring|summer|autumn)\b"
        r"|\b(?:winter|noon|midnight|o['’]clock|days?|weeks?|months?|years?|hours?|minutes?|decades?|mornings?)\b"
        r"|\b(?:evenings?|nights?|weekends?)\b"
    ),
    figure=True,
)
# Money is written with its unit, or in the cell of a table or beside a word for paying without.
_PRICE = Kind(
    re.compile(
        r"[£$€¥]|\b\d[\d.,]*\s?(?:p|c|ct|[kmb]n|million|billion|[A-Z]{3}|(?:euro|pound|dollar|cent|franc|crown|mark|peso|ruble"
        r"|rouble|rupee|krone|krona|zloty|lira|guilder|shilling)s?|kroner|kronor|pence|yen|yuan)\b|\b\d+[.,]\d\d\b"
        r"|\|\s*\d[\d.,]*\s*(?:\||$)"
        r"|(?i:\b(?:cost|pay|fee|price|charge|rent|fare|deposit)(?:s|d|ed)?\b[^.;]*\d|\bpaid\b[^.;]*\d"
        r"|\b(?:free|no charge|not charged|included|half price|nothing)\b)"
    ),
    figure=True,
)
# What was built or founded, was so in a year, and not at 8 am.
_DAY = Kind(
    re.compile(
        rf"\b(?:1[0-9]|20)\d\d\b|\b\d+(?:st|nd|rd|th)\b|\b(?:{MONTHS})\b|\bcentury\b"
        r"|\b(?:ago|yesterday|(?:day|year)s? (?:after|before|later))\b|\b\d\d0s\b|\b\d\d?[./]\d\d?[./]\d\d"
        r"|\b\d{2,4} (?:BC|BCE|AD|CE)\b"
    ),
    figure=True,
)
_BIRTH = Kind(re.compile(r"\bborn\b|\bbirth|\(\D{0,20}\d", re.IGNORECASE), figure=True)
_PLACE = Kind(re.compile(rf"\b(?:in|at|near|from|to|on)\s+(?:the\s+)?{_NAME}"))
_PERSON = Kind(re.compile(rf"{_NAME}|\b(?:unknown|anonymous|nobody|no one|none)\b"))
_REASON = Kind(
    re.compile(
        r"\b(?:because|due to|owing to|so that|in order to|since|as a result|caused?|reason|led to|a way to)\b",
        re.IGNORECASE,
    )
)
_MAIL = Kind(ADDRESS, figure=True)
_REACHED = Kind(EITHER)
_WORDS = Kind(re.compile(r"[“\"‘]|\b(?:said|says|told|stated)\b", re.IGNORECASE))

_KINDS = tuple(
    (re.compile(asks, re.IGNORECASE), kind)
    for asks, kind in (
        (ASKS_ADDRESS, _MAIL),
        (ASKS_TO_REACH, _REACHED),
        (rf"how many (?:\w+ )?{_MONEY}", _MEASURE),
        (r"how many\b", _NUMBER),
        (r"how old\b", _AGE),
        (r"how much\b(?:(?!\bthan\b).)*\bcosts?\b|what (?:do|does|did|will|would)\b.*\bcosts?\b", _PRICE),
        (r"how much (?:is|was|would) it (?:be )?to\b", _PRICE),
        (r"how much (?:is|are) (?:the|an?|it|they|your|our)\b", _PRICE),
        (r"what(?:['’]s| is| are| was) the (?:(?!(?:of|for)\b)[\w-]+ ){0,3}(?:price|cost|fee|fare)s?\b", _PRICE),
        (r"how (?:much|long|far|often|large|big|tall|high|fast|wide|deep|heavy)\b", _MEASURE),
        (r"when (?:was|were)\b.*\b(?:built|founded|established|constructed|invented)\b", _DAY),
        (r"(?:when|(?:what|which|in what) (?:year|date|day|month)) (?:was|were)\b.*\bborn\b", _BIRTH),
        (r"when\b(?! (?:i|we|you|he|she|it|they)\b)|(?:what|which) (?:year|date|day|month|time)\b", _DATE),
        (r"where\b|(?:what|which) (?:city|country|place|town)\b", _PLACE),
        (r"who(?:m|se)?\b", _PERSON),
        (r"why\b", _REASON),
        (r"what (?:did|does|has|have|had)\b.*\b(?:say|said|state|claim|tell|think|believe)\b", _WORDS),
    )
)
_ASKS = re.compile(r"\b(?:what|which|who(?:m|se)?|when|where|why|how)\b", re.IGNORECASE)
_CLAUSE = re.compile(r"\W*(?:when|where|while)\b[^,]*,", re.IGNORECASE)  # "When it rains, who ...?"


def kind_of_answer(question: str) -> Kind | None:
    """The kind of thing that the question asks for, if its words say: those of its first question word.

    In "How did he react when it rained?" nothing is asked by "when".
    """
    clause = _CLAUSE.match(question)
    later = _ASKS.search(question, clause.end()) if clause else None
    first = later or _ASKS.search(question)
    if first is None:
        return None
    return next((kind for asks, kind in _KINDS if asks.match(question, first.start())), None)


_ASKING = re.compile(
    r"\b(?:how(?: (?:many|much|long|far|often|old|large|big|tall|high|fast|wide|deep|heavy))?"
    r"|what|which|who|when|where|why)\b",
    re.IGNORECASE,
)


def asks_alike(question: str, other: str) -> bool:
    """Whether two questions ask in the same words ("how do I", "how many"), or both for yes or no."""
    asking = (_ASKING.search(one) for one in (question, other))
    return len({found[0].casefold() if found else "" for found in asking}) == 1


def asks_for_person(question: str) -> bool:
    """Whether somebody's name is wanted."""
    return kind_of_answer(question) is _PERSON


def asks_for_reason(question: str) -> bool:
    """Whether a reason is wanted."""
    return kind_of_answer(question) is _REASON


def asks_to_reach(question: str) -> bool:
    """Whether it is asked how somebody is reached, for which a number or an address is enough."""
    return kind_of_answer(question) in (_MAIL, _REACHED)


def asks_for_date(question: str) -> bool:
    """Whether a date is wanted."""
    return kind_of_answer(question) in (_DATE, _DAY, _BIRTH)


_DECISIVE = frozenset(terms(f"{MONTHS}|not|no|never|cannot|isn't|aren't|don't|doesn't|can't|won't"))


def may_contradict(words: Iterable[str]) -> bool:
    """Whether one of these terms is a number, the name of a month or a denial."""
    return any(term in _DECISIVE or any(map(str.isdigit, term)) for term in words)


# --- the thing itself -------------------------------------------------------------------------------------------

_IS = r"(?:'s|’s| is| are| was| were)"
_ENDS = r"(?= (?:of|for|in|to|at|on|from|between|that|who|which)\b|\W*$)"
_VERB = r"(?=(?:is|are|was|were|did|does|do|has|have|had|can|could|would|will|\w+ed)\b)"
_NOUN = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"\b(?:what|who|which){_IS} the (?:(?!(?:of|for|in|to|that)\b)[\w-]+ ){{0,3}}?([\w-]+){_ENDS}",
        rf"\b(?:what|which) (?!(?:is|are|was|were|did|does|do|has|have|had|can|could|would|will)\b)"
        rf"(?:[\w-]+ ){{0,2}}?([\w-]+) {_VERB}",
    )
)
# Nouns and other words in their place that need not be said of what they ask for.
_ANY = re.compile(
    r"(?:name|term|word|type|kind|sort|form|way|thing|result|use|reason|purpose|example|part|role|effect|year|date|day"
    r"|month|time|period|country|city|place|town|state|person|people|group|percent|percentage|number|amount|rate|size"
    r"|company|one|two|three|other|else|often|most|more|first|last|important|difference|point|idea|case|extent|decade|century"
    r"|\w+ed|\w+ing)s?",
    re.IGNORECASE,
)


def asked_noun(question: str) -> str | None:
    """The noun that stands for what is asked ("devices" in "What devices were used?", "ambassador" in "Who is the
    ambassador in Berlin?"), unless it is one that an answer need not say ("name", "year")."""
    for pattern in _NOUN:
        found = pattern.search(question)
        if found:
            return None if _ANY.fullmatch(found[1]) else found[1]
    return None
