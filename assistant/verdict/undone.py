"""What a sentence says to be undone: the plan that was rejected, the party that was called off, "refused to sell"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.verdict.sentences import Sentence, terms_of

_WHAT = (
    r"(?:(?:the|an?|its|their|his|her|our|this|that|these|those|all|any|every|both|plans?|support|ms|mr|mrs)\b"
    r"|(?-i:[A-Z]))"
)
# The last ones undo something only with what they are said of right behind them, or as participles.
_UNDOES = re.compile(
    r"\b(?:reject(?:s|ed|ing)?|refus(?:es?|ed|ing)|den(?:y|ies|ied)|dismiss(?:es|ed)?|turn(?:s|ed|ing)? down"
    r"|vot(?:es?|ed|ing) (?:down|against)|(?:strikes?|struck) down|call(?:s|ed|ing)? off|cancel(?:s|l?ed|l?ing)?"
    r"|abandon(?:s|ed|ing)?|scrap(?:s|ped|ping)|shelved?|withdr(?:ew|awn|aws?)|block(?:s|ed)|veto(?:es|ed)?"
    r"|rescind(?:s|ed)?|repeal(?:s|ed)?|overturn(?:s|ed)?|annul(?:s|led)?|g(?:ave|iven?|iving) up|rul(?:es?|ed|ing) out"
    r"|fail(?:s|ed)?|decid(?:es?|ed) (?:against|not to)|declin(?:es?|ed|ing) to"
    rf"|(?:declin(?:es?|ed)|drop(?:s|ped))(?= {_WHAT})|(?<=was )declined|(?:(?<=was )|(?<=were )|(?<=been ))dropped"
    r"|abgelehnt|abgesagt|verworfen|verwarf(?:en)?|verweigert(?:e|en)?|gestrichen|zurückgezogen|verzichtet(?:e|en)?"
    r"|gescheitert|scheitert(?:e|en)?|aufgegeben"
    r"|lehn(?:t|te|ten)(?= [^.;,!?]*\bab\b)|sag(?:t|te|ten)(?= [^.;,!?]*\bab\b)|g(?:ibt|ab|aben)(?= [^.;,!?]*\bauf\b))"
    r"(?!\w)",
    re.IGNORECASE,
)
_PASSIVE = re.compile(
    r"\b(?:(?:was|were|is|are|been|being|be|got|gets?)(?: \w+ly| also| then| finally)?\s+"
    r"|(?:wurden?|w[ie]rd(?:en)?|ist|sind|hat|haben|hatten?)\s+(?:[^.;,!?]*\s)?)$",
    re.IGNORECASE,
)
_FAILS = re.compile(r"(?:fail(?:s|ed)?|scheitert\w*)(?! to\b)", re.IGNORECASE)
_PARTICIPLE = re.compile(r"\w+(?:ed|en|wn|elehnt|esagt|ert|ogen|orfen)(?: down| off| up| out| against)?", re.IGNORECASE)
_TO = re.compile(r"\bto\s+$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Undone:
    """The pieces, by number, of a sentence that are undone, and those of them that are verbs behind "to"."""

    pieces: frozenset[int]
    verbs: frozenset[int]


def undone(sentence: Sentence) -> Iterator[Undone]:
    """What each verb of a sentence that undoes something undoes: in its clause what stands behind it, or before it
    where that is done to it."""
    for word in _UNDOES.finditer(sentence.text):
        own = next((p.clause for p in sentence.pieces if word.start() <= p.start < word.end()), None)
        clause = [n for n, piece in enumerate(sentence.pieces) if piece.clause == own]
        before = [n for n in clause if sentence.pieces[n].end <= word.start()]
        behind = [n for n in clause if sentence.pieces[n].start >= word.end()]
        start = sentence.pieces[clause[0]].start if clause else 0
        passive = _PARTICIPLE.fullmatch(word[0]) and _PASSIVE.search(sentence.text, start, word.start())
        of = before if passive or _FAILS.match(sentence.text, word.start()) or not behind else behind
        if of:
            verbs = (n for n in of if not (p := sentence.pieces[n]).named and _TO.search(sentence.text, start, p.start))
            yield Undone(frozenset(of), frozenset(verbs))


def undone_terms(sentence: Sentence) -> Iterator[frozenset[str]]:
    """The terms of what each of these verbs undoes."""
    return (terms_of(sentence.pieces[n] for n in found.pieces) for found in undone(sentence))


def undoes(sentence: Sentence) -> bool:
    """Whether a sentence has such a verb."""
    return _UNDOES.search(sentence.text) is not None
