"""Words that open a sentence and claim nothing: "However, ", "Note: ", "According to the documents, ".

A document has them nowhere, and in a short sentence they would weigh as much as what is said. Names are none of them:
"According to Alice, " says who said it and is held to the sources. Nor are words of order ("Finally, ") or of reason
("Therefore, ").
"""

from __future__ import annotations

import re

from assistant.writing.lines import BULLET

_REMARKS = (
    r"(?:please )?note|(?:a )?hint|tip|important|(?:short |direct |final )?answer|remember|caution|warning"
    r"|(?:in )?summary|conclusion|in short|tl;dr"
    r"|(?:bitte )?(?:beachten|beachte)(?: sie)?|hinweis|wichtig|achtung|tipp|antwort"
    r"|zusammenfassung|zusammengefasst|fazit|kurz"
)
_ADVERBS = (
    r"however|unfortunately|additionally|in addition|also|furthermore|moreover"
    r"|in short|in summary|overall|for example|for instance|in particular|specifically"
    r"|allerdings|jedoch|leider|außerdem|zusätzlich|zudem|ferner|zum beispiel|insgesamt|kurz gesagt"
)
_SOURCE = r"documents?|passages?|sources?|texts?|information|context|excerpts?"
_QUELLE = r"dokumente?n?|quellen?|texte?n?|angaben|informationen|unterlagen"
_ACCORDING = (
    rf"(?:according to|based on|as stated in|per) (?:the |these |this )?(?:provided |given |available )?"
    rf"(?:{_SOURCE})(?: provided)?"
    rf"|(?:laut|gemäß|nach) (?:den |dem |der |diesen )?(?:{_QUELLE})"
)
_OPENING = re.compile(
    rf"((?:{BULLET} )?)(?:(?:{_REMARKS}) ?[:：]|(?:{_ADVERBS}|{_ACCORDING}),)\s+(?=\S)", re.IGNORECASE
)


def without_opening(sentence: str) -> str:
    """`sentence` without such words; itself if it has none, or nothing besides. A bullet before them stays."""
    opening = _OPENING.match(sentence)
    while opening:
        sentence = opening[1] + sentence[opening.end() :]
        opening = _OPENING.match(sentence)
    return sentence
