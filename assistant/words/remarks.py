"""What is said in a conversation without asking anything: greeting, thanks, praise, assent, farewell; in English and
German."""

from __future__ import annotations

import re

_THANKS = (
    r"thanks?(?: you| u)?(?: (?:so|very) much| a (?:lot|million|bunch)| again| for (?:your|the) (?:help|answer))?"
    r"|thx|many thanks|much appreciated|cheers|dankeschön"
    r"|(?:vielen |besten |herzlichen )?danke?(?: (?:schön|dir|ihnen|sehr|vielmals))?"
)
_ASSENT = (
    r"ok(?:ay)?|great|perfect|excellent|awesome|wonderful|nice(?: one)?|well done|good(?: (?:answer|job|to know))?"
    r"|very (?:good|helpful)|super|alright|all right|got it|understood|i (?:see|understand)|makes sense|sounds good"
    r"|(?:that|this|it)(?:['’]s| is| was| has been) (?:very |really |all |so )?(?:helpful|great|perfect|good|all|enough"
    r"|clear|useful|fine|it)|(?:that|this|it)(?: really)? (?:helps|helped)(?: a lot)?"
    r"|no(?:thing)? (?:more|further) questions|alles klar|verstanden|prima|toll|klasse"
    r"|sehr (?:gut|schön|hilfreich)|in ordnung|passt|das (?:hilft|war alles|reicht)"
)
_FAREWELL = r"(?:good)?bye(?: bye)?|see you|have a (?:nice|good|great) (?:day|evening|weekend)|tschüss|auf wiedersehen"
_GREETING = (
    r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen|abend)|liebes?|grüezi|moin)"
    r"(?: (?:there|all|everyone|everybody|team|assistant|zusammen))?"
)
_ANNOUNCED = (
    r"(?:(?:and|but|just) )?(?:i have|i['’]ve got|here is) (?:a|another|one more|one) (?:quick )?question(?: for you)?"
)
_REGARDS = (
    r"(?:(?:kind|best|warm) (?:regards|wishes)|regards|yours(?: sincerely)?"
    r"|(?:mit )?(?:freundlichen|viele|liebe)n? grüßen?)(?:[,\s]++\w++){0,3}+"
)
_SAID = rf"(?:{_THANKS}|{_ASSENT}|{_FAREWELL})"
_GREETS = re.compile(rf"\W*{_GREETING}\W*", re.IGNORECASE)
_REMARK = re.compile(rf"\W*(?:{_SAID}(?:[^\w?]+(?:(?:and|und) )?|$))+", re.IGNORECASE)
_ASKING = "can|could|how|what|when|where|which|who|why|wie|was|wann|wo|wer|do|does|is|are|may"
_BEFORE = re.compile(
    rf"\W*(?:(?:{_SAID}(?: {_SAID})?|{_ANNOUNCED})[,.!;:–—]+\s*"
    rf"|{_GREETING}(?:[,.!;:–—]+\s*|\s+(?=(?:{_ASKING})\b)))+(?=\w)",
    re.IGNORECASE,
)
_AFTER = re.compile(rf"(?<=[?.!])(?:\W*+(?:{_SAID}|{_REGARDS}))++\W*+\Z", re.IGNORECASE)


def is_remark(said: str) -> bool:
    """Whether `said` asks nothing; what ends in a question mark always asks."""
    return bool(_REMARK.fullmatch(said.strip()) or is_greeting(said))


def is_greeting(said: str) -> bool:
    """Whether `said` only greets."""
    return bool(_GREETS.fullmatch(said.strip()))


def without_remark(said: str) -> str:
    """`said` without what a question stands behind and before ("Thanks! And the headset?", "Hi, ...? Many thanks!")."""
    if is_remark(said):
        return said
    before = _BEFORE.match(said)
    asked = said[before.end() :] if before else said
    after = _AFTER.search(asked)
    return asked[: after.start()] if after else asked
