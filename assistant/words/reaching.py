"""How somebody is reached: the telephone numbers and e-mail addresses in a text, and whether a question asks for one.

A line of a contact list says them without a word for them: "Store: Ida Roth, 0711 4430, roth@example.org".
"""

from __future__ import annotations

import re

_ADDRESS = r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"
_NUMBER = (
    r"\b(?:ext(?:ension)?|tel(?:ephone)?|(?:tele)?phone|mobile|call)\b[.:]?(?: on)? ?\+?\d[\d ()/-]*"
    r"|(?<![\w./-])(?:\+|0)\d[\d ()/-]{5,}\d\b|(?<![\w./-])\d{3}-\d{4}\b"
)
ADDRESS, NUMBER, EITHER = (
    re.compile(pattern, re.IGNORECASE) for pattern in (_ADDRESS, _NUMBER, f"{_ADDRESS}|{_NUMBER}")
)
_MAY_HOLD = re.compile(r"[@\d]")  # quick to look for, and most sentences have neither
_MAIL, _CALL, _REACH = "e mail email address", "phone telephone number call ring", "reach contact get hold touch"

_WHAT = r"(?:what|which)(?:['’]s| is| are) (?:[^?]* )?"
_END = r"(?= (?:of|for)\b|\W*$)"
_HOW = r"how (?:do|can|could|should|may) (?:i|we|you|one)"
ASKS_ADDRESS = rf"{_WHAT}e-?mail(?: address(?:es)?)?{_END}|{_HOW} (?:reach|contact)\b.*\bby e-?mail"
ASKS_TO_REACH = rf"{_HOW} (?:reach|contact|call|phone|ring|get hold of|get in touch with)\b"


def unsaid(text: str) -> str:
    """The words for what `text` holds of numbers and addresses, which it need not say."""
    may = ((ADDRESS, _MAIL), (NUMBER, _CALL)) if _MAY_HOLD.search(text) else ()
    found = (words for looks, words in may if looks.search(text))
    words = " ".join(found)
    return f"{words} {_REACH}" if words else ""
