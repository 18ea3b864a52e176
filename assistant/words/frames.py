"""The words that frame a question rather than say what it is about, by language.

A question's language is the one whose frame words it has most of, so that "die" frames a German question and not an
English one. Where no list fits, every word counts; rare words weigh more anyway. A word whose capitals mark it as a
name ("May", "US", "IT") frames nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from index.terms import terms

_WORDS = {
    "en": (
        "a an the this that these those it its he she they them his her their we our you your i me my us"
        " is are was were be been being am do does did done doing have has had having can could will would shall should"
        " may might must of in on at by for with from to into about as and or but if than then so"
        " under over between during while after before many much"
        " what which who whom whose when where why how there here not no"
        " tell say said says show give explain describe please know mean document documents"
        " something anything someone somebody anyone anybody"
    ),
    "de": (
        "der die das den dem des ein eine einen einem einer eines und oder aber von vom zu zum zur in im an am auf aus"
        " bei beim mit nach für über unter um durch gegen ohne vor als wie was wer wen wem wessen wann wo woher wohin"
        " warum weshalb wieso welche welcher welches welchen welchem wieviel viele viel ist sind war waren wird wurde"
        " wurden werden worden sein hat haben hatte hatten habe kann können konnte konnten soll sollte muss musste es"
        " er sie ihr ihre ihren ihrer sich dass nicht noch auch so diese dieser dieses diesem man bitte gibt"
        " sagen sagt steht stehen erkläre erklären dokument dokumente dokumenten"
        " ich mich mir mein meine meinen meiner meinem wir uns unser unsere unseren unserer unserem"
    ),
    "es": (
        "el la los las un una unos unas de del al y o u e pero en con por para sin sobre entre hasta desde a ante según"
        " que qué quién quiénes cuál cuáles cuándo cuánto cuánta cuántos cuántas dónde cómo es son era eran fue fueron"
        " ser sido está están estaba ha han había hay hizo hace puede pueden podía se su sus lo le les no más este esta"
        " estos estas ese esa esos como si porque muy mi mis me yo nos nuestro nuestra nuestros nuestras"
    ),
    "fr": (
        "le la les un une des du de d l et ou mais à au aux en dans par pour sans sur sous entre avec vers chez que qu"
        " qui quoi quel quelle quels quelles quand combien où comment pourquoi est sont était étaient fut furent être a"
        " ont avait avaient il elle ils elles on se sa son ses leur leurs ce cette ces ne pas plus y ainsi si"
        " je me mon ma mes nous notre nos votre vos"
    ),
    "ru": (
        "и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по ее её из о об от для при до"
        " кто кого кому кем чем чего какой какая какое какие каких каком какого какую когда где куда откуда почему"
        " зачем сколько был была было были быть есть это эти этот эта этого их ли или если после через над под между"
    ),
    "ar": (
        "ما ماذا من متى أين كيف لماذا كم أي أية هل هو هي هم هما التي الذي الذين اللذان في على إلى عن مع و أو ثم أم"
        " أن إن أنه أنها كان كانت كانوا يكون تكون ليس ليست قد لقد لم لن لا هذا هذه ذلك تلك هؤلاء كل بعد قبل بين عند"
        " منذ حتى خلال فيها فيه منها منه عليها عليه لها له بها به يتم تم يمكن حول اسم"
    ),
    "zh": (
        "什么 多少 哪个 哪些 哪里 哪位 哪种 哪年 何时 谁的 怎么 怎样 如何 为何 为什 么时 时候 么是 是什 的是 是谁 在哪"
        " 是哪 有多 几个"
    ),
}
_FRAMES = {language: frozenset(terms(words)) for language, words in _WORDS.items()}


def language_of(question: Sequence[str]) -> str:
    """The language whose frame words these terms of a question hold most of; English if none has more."""
    return max(_FRAMES, key=lambda language: sum(map(_FRAMES[language].__contains__, question)))


def frame_terms(language: str) -> frozenset[str]:
    """The terms of the words that frame in a language ("en")."""
    return _FRAMES[language]


def is_english(text: Sequence[str]) -> bool:
    """Whether these terms of a passage are English: it frames them, and more than any other language does."""
    return language_of(text) == "en" and 6 * sum(term in _FRAMES["en"] for term in text) >= len(text)


def subject_words(question: str) -> list[str]:
    """The words of a question that say what it is about, without punctuation around them; there may be none."""
    return [word for word, found in _subjects(question) if found]


def subject_terms(question: str) -> list[str]:
    """The terms of a question that say what it is about, which may be none."""
    return [term for _, found in _subjects(question) for term in found]


_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
# "In case of fire" asks about fire, and "how long" about nothing that is called long.
_PHRASES = re.compile(
    r"\b(?:(?<=in )|(?<=in the ))(?:case|event)(?= of\b)"
    r"|(?<=\bhow )(?:long|often|old|far|large|big|tall|high|fast|wide|deep|heavy|soon|early|late|quickly)\b",
    re.IGNORECASE,
)
_ENDS = re.compile(r"(?:[?!:]|[^\W\d_]{4}\.)[\"”’»)]*$")  # of a sentence; "Mr." and "St." end none
_POSSESSIVE = re.compile(r"['’]s?$")


@lru_cache(maxsize=256)  # asked ten times for each question
def _subjects(question: str) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Each word of a question with those of its terms that do not frame it."""
    language = language_of(terms(question))
    frame = _FRAMES[language]
    tokens = _PHRASES.sub("", question).split()
    words = [_EDGES.sub("", token) for token in tokens]
    opens = [not before or bool(_ENDS.search(before)) for before in ("", *tokens)]
    named = [_is_named(word, first, language) for word, first in zip(words, opens, strict=False)]
    # In a question that is all capitals, or a headline, they name nothing.
    raised = sum(name and any(term in frame for term in terms(word)) for word, name in zip(words, named, strict=True))
    if raised > sum(word[:1].islower() for word in words):
        named = [False] * len(words)
    return tuple(
        (word, tuple(terms(word) if name else [term for term in terms(word.casefold()) if term not in frame]))
        for word, name in zip(words, named, strict=True)
    )


def _is_named(word: str, opens: bool, language: str) -> bool:
    """Whether a word's capitals mark a name, given whether it opens a sentence (then only capitals throughout do).

    In German every noun has a capital, and so has the polite "Sie".
    """
    bare = _POSSESSIVE.sub("", word)
    if len(bare) < 2:  # "I"; in "Hall A" the letter is the name
        return bare == "A" and not opens and language == "en"
    return bare.isupper() or (not opens and language != "de" and bare[0].isupper() and bare[1:].islower())
