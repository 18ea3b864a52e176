"""What is said in a conversation without asking anything: thanks, praise, assent, farewell; in English and German."""

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
_SAID = rf"(?:{_THANKS}|{_ASSENT}|{_FAREWELL})"
_REMARK = re.compile(rf"\W*(?:{_SAID}(?:[^\w?]+(?:(?:and|und) )?|$))+", re.IGNORECASE)
_BEFORE = re.compile(rf"\W*(?:{_SAID}[,.!;:–—]+\s*)+(?=\w)", re.IGNORECASE)


def is_remark(said: str) -> bool:
    """Whether `said` asks nothing; what ends in a question mark always asks."""
    return bool(_REMARK.fullmatch(said.strip()))


def without_remark(said: str) -> str:
    """`said` without the thanks or assent before a question ("Thanks! And the headset?")."""
    before = None if is_remark(said) else _BEFORE.match(said)
    return said[before.end() :] if before else said
