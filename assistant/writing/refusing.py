"""Whether a sentence says only that the documents do not say something, which is no claim that they could bear out.

Who does not say it decides: "The documents do not mention dogs" tells nothing of the world, "The warranty does not
include water damage" does. A pronoun may mean either, so behind one only what texts do counts: to mention, to say, to
hold information. In English, German, Spanish and French. Sentences are read in small letters.
"""

from __future__ import annotations

import re


def is_refusal(sentence: str) -> bool:
    """Whether all that `sentence` says is that the sources, or who writes, do not say something."""
    said = " ".join(sentence.replace("’", "'").casefold().split())
    found = _REFUSAL.match(said)
    return bool(found) and not _MORE.search(said, found.end() if found else 0)


def _either(*ways: str) -> str:
    return f"(?:{'|'.join(ways)})"


_KINDS = "documents? documentation passages? sources? texts? excerpts? extracts? context materials? information"
_WHICH = "provided given available above retrieved cited supplied following existing relevant"
_SOURCE = (
    r"(?:(?:the|these|those|this|any|any of the|all of the|your|our|my) )?"
    rf"(?:{_either(*_WHICH.split())} )*{_either(*_KINDS.split())}"
    rf"(?: (?:{_either(*_WHICH.split())}|here|that i have|i have|i was given))*"
)
_SAY = (
    r"(?:say|state|mention|contain|provide|specif|give|includ|answer|address|discuss|describ|cover|indicat|explain|tell"
    r"|name|list|detail|disclos|clarif|reveal|defin|offer|speak|refer|have(?! to\b)|show|report|identif|elaborat)\w*"
)
_SAID = (
    r"(?:mentioned|stated|specified|given|provided|described|included|covered|discussed|addressed|named|listed"
    r"|explained|disclosed|indicated|answered|found|contained|available|clear)"
)
_NOT = r"(?:(?:do|does|did|can|could)(?: not|n't)|cannot|can't)"
_BE_NOT = r"(?:is|are|was|were)(?: not|n't)"
_CANNOT = r"(?:cannot|can not|can't|could not|couldn't)"
_HOW = r"(?: (?:\w+ly|seem to|appear to|even|further|any|themselves|itself))*"
_NEWS = r"(?:[\w-]+ )?(?:information|mention|details?|data|answers?|statements?|references?|specifics|word)"
_OF_WHAT = r"(?:on|about|of|for|to|regarding|concerning|as to|in|that|whether|how|who|what|when|where|why|which)\b"
_CLAUSE = r"[^,;:.]{1,120}? "
_THEY = r"(?:they|it|these|those|this|that)"
_TELL = r"(?:mention|say|state|specif|indicat|explain|describ|clarif)\w*"
_TOLD = r"(?:mentioned|stated|specified|indicated|explained|described|said|clarified)"
_HOLD = r"(?:contain|provid|give|includ|offer|hold|have)\w*"
_ON = r"(?: (?:about|on|regarding|concerning|as to|whether|how|who|what|when|where|why|which)\b|\W*$)"
_PLACE = rf"(?:here|there|anywhere|explicitly|directly|clearly|(?:in|by) (?:them|it|these|those|any of them|{_SOURCE}))"
_ENGLISH = _either(
    rf"{_THEY} {_NOT}{_HOW} (?:{_TELL}|answer (?:the|this|that|your|my) question|{_HOLD} (?:an? |the )?{_NEWS}{_ON})",
    rf"{_THEY} (?:simply )?(?:{_TELL} nothing\b|{_HOLD} no {_NEWS}{_ON}|mentions? no )",
    rf"(?:none|neither)(?: of (?:them|these|those))? {_TELL}",
    rf"(?:it|this|that)(?: {_BE_NOT}|'s not){_HOW} {_TOLD}(?: {_PLACE})*"
    r"(?:\W*$| (?:whether|how|who|what|when|where|why|which|if|that)\b)",
    rf"(?:it|this|that) {_CANNOT} be (?:answered|determined|said|told)\W*$",
    rf"there(?: is|'s| was) nothing (?:about|on|regarding) [^,;.]*\b(?:in|by) (?:them|{_SOURCE})",
    rf"{_SOURCE} {_NOT}{_HOW} {_SAY}",
    rf"{_SOURCE} (?:simply )?{_SAY} (?:nothing|no {_NEWS})\b",
    rf"(?:none|neither) of {_SOURCE} {_SAY}",
    rf"no (?:passage|document|source) {_SAY}",
    rf"there(?: (?:is|are|was|were) no|'s no| {_BE_NOT} any) {_NEWS}(?: {_OF_WHAT}|\W*$)",
    rf"no {_NEWS}\b[^,;.]*\b(?:(?:is|are|was|were) (?:available|found|given|provided)\W*$|(?:in|by) {_SOURCE})",
    rf"{_CLAUSE}{_BE_NOT}{_HOW} {_SAID} (?:\w+ )?(?:in|by|within|from|of) (?:any of )?{_SOURCE}",
    rf"(?:the|this|that|such) (?:specific )?(?:answers?|information|details?) {_BE_NOT}{_HOW} {_SAID}\b(?! to\b)",
    rf"{_CLAUSE}{_CANNOT} be \w+ (?:from|in|with|by|based on) {_SOURCE}",
    rf"(?:the|this|that|your) question {_CANNOT} be answered",
    rf"i (?:do not|don't|did not|didn't|{_CANNOT}|am unable to|am not able to|was unable to){_HOW}"
    r" (?:know|find|answer|say|tell|locate|determine|see|provide|have)\b",
    r"unable to (?:find|answer|determine|locate)\b",
    rf"it is (?:unclear|not (?:clear|known|possible to (?:say|tell|determine))) from {_SOURCE}",
    r"(?:(?:this|that|it) is )?not (?:found|mentioned|specified|stated|available|given|known)\W*$",
    r"(?:none|n/?a|unknown)\W*$",
)

_QUELLE = (
    r"(?:dokument\w*|passagen?|quellen?|text(?:e|en|es)?|textstellen|abschnitt\w*|unterlagen|auszüge\w*|kontext"
    r"|informationen|angaben)"
)
_DIE = (
    r"(?:(?:die|der|den|das|dem|diese[nrms]?|ihre[nr]?|(?:vorliegend|vorhanden|bereitgestellt|gegeben|angegeben"
    r"|genannt|verfügbar)e[nrms]?) )*"
)
_SAGT = (
    r"(?:(?:enth|erwähn|nenn|sag|g[ei]b|beantwort|beschreib|mach|biet|steh|find|liefer|besag|lieg|geh)\w+|wird|werden"
    r"|ist|sind|habe|kann)"
)
_DAZU = rf"(?:(?:in|aus|laut|nach) {_DIE}{_QUELLE}|dazu|hierzu|darüber|hierüber)"
_BIS = r"\b[^,;.:]{0,60}?\b"
_KEIN = r"(?:nichts?|kein\w*|nirgends|weder)\b"
_ES = r"(?:sie|diese|dies|es|das|davon)"
_ERWÄHNT = r"(?:erwähnt|genannt|angegeben|gesagt|beschrieben|erklärt)"
_GERMAN = _either(
    rf"{_ES} (?:erwähn|sag|besag)\w*{_BIS}{_KEIN}",
    rf"{_ES} (?:enth|mach|g[ei]b|biet|liefer)\w+ (?:\w+ )?kein\w* (?:\w+ )?"
    r"(?:information|angabe|hinweis|auskunft|antwort)",
    r"keine[rs]? (?:davon|von ihnen) (?:erwähn|nenn|sag)\w*",
    rf"{_ES} (?:wird|werden|ist|sind) (?:\w+ )?(?:nicht|nirgends) (?:\w+ )?{_ERWÄHNT}"
    rf"(?: (?:in|von) {_DIE}{_QUELLE})?\W*$",
    rf"{_ES} (?:steht|stehen|findet sich|finden sich|geht)(?: \w+)?? {_KEIN} (?:\w+ )?"
    rf"(?:darin|daraus|(?:in|aus) {_DIE}{_QUELLE})",
    rf"{_ES} geht (?:daraus|aus {_DIE}{_QUELLE}) (?:\w+ )?nicht hervor|(?:darin|dort) steht nichts\b",
    rf"(?:{_DIE}{_QUELLE}|{_DAZU}) {_SAGT}{_BIS}{_KEIN}",
    rf"{_SAGT} {_DIE}{_QUELLE}{_BIS}{_KEIN}",
    r"das weiss ich nicht|ich weiss (?:es |das )?nicht",
    rf"ich (?:kann|konnte|finde|fand|habe){_BIS}{_KEIN}{_BIS}(?:find|gefund|beantwort|sag|information|angabe|hinweis)",
    rf"es (?:gibt|liegen|finden sich) (?:{_DAZU} )?keine (?:\w+ )?(?:informationen|angaben|hinweise|aussagen)",
    rf"keine (?:angaben?|informationen?|antwort)\b\W*(?:$|{_DAZU}|zu\b|über\b)",
    rf"{_CLAUSE}(?:wird|werden|ist|sind) {_DAZU} {_KEIN} (?:\w+ )?(?:erwähnt|genannt|angegeben|beschrieben|enthalten)",
    rf"die frage (?:kann|lässt sich){_BIS}nicht beantwort",
)
_ELLOS = r"(?:(?:ellos|ellas|estos|estas|esto|eso|ello) )?"
_ILS = r"(?:ils?|elles?|cela|ça|ceci|ce) n(?:e |')"
_ROMANCE = _either(
    rf"(?:{_ELLOS}no|ninguno de ellos) (?:lo |la |los |las |se )?(?:mencion|indic|especific|dicen?\b)",
    rf"{_ELLOS}no (?:contien|ofrec|proporcion|dan?\b)\w*(?: ninguna)? información",
    r"(?:esto|eso|ello) no (?:está|es|aparece|figura) (?:\w+ )?(?:mencionad|indicad|especificad"
    r"|en (?:los|las|el) (?:docu|pasa|fuen|text))",
    rf"{_ILS}(?:le |la |les |l'|en )?(?:mention|indiqu|précis|dis|spécifi|évoqu)\w* (?:\w+ )?(?:pas|rien|aucune?)\b",
    rf"{_ILS}(?:dit|contien|donn|fourni)\w* (?:rien|(?:pas|aucune?) (?:d'|de )?information)",
    rf"{_ILS}(?:en )?(?:est|sont) (?:pas|nulle part) (?:\w+ )?"
    r"(?:(?:mentionn|précis|indiqu|spécifi)ée?s?|dite?s?|fait mention)\b",
    r"aucun d'(?:eux|entre eux) n(?:e |')(?:le )?(?:mention|indiqu|précis|dit)",
    r"(?:en )?(?:los|las|el|la|estos|estas) (?:documentos?|pasajes?|fuentes?|textos?|información)\b[^,;.:]{0,30}?\bno"
    r" (?:se |lo )?(?:mencion|dic|indic|contien|especific|proporcion|inclu|explic|respond|ofrec|hay|figur|encuentr)",
    r"no (?:se (?:menciona|indica|especifica|dice)|lo sé|sé|(?:hay|encuentro|encontré) (?:\w+ )?información)\b",
    r"(?:dans )?(?:les|le|ces|la) (?:documents?|passages?|sources?|textes?|informations?)\b[^,;.:]{0,30}?\bn(?:e |')"
    r"[^,;.:]{0,30}?\b(?:pas|rien|aucune?)\b",
    r"je ne (?:sais|trouve|peux)\b[^,;.:]{0,20}?\b(?:pas|rien|aucune?)\b",
    r"il n'y a (?:pas d'|aucune )information",
)
_OPENS = (
    r"\W*(?:(?:unfortunately|sorry|however|but|also|(?:so|as) far as [^,]{1,30}|i(?:'m| am) (?:sorry|afraid)(?:,? but|"
    r" that)?|leider|allerdings|jedoch|lamentablemente|lo siento|malheureusement|désolé"
    rf"|(?:based on|according to|from|in) {_SOURCE}),? )*"
)
_REFUSAL = re.compile(f"{_OPENS}{_either(_ENGLISH, _GERMAN, _ROMANCE)}")
# Behind a refusal, what opens another clause, which may claim something.
_MORE = re.compile(
    r"[;:] *\w|[.!?] +\w|\b(?:but|however|although|though|while|whereas|except|only|instead|so|therefore|thus|hence"
    r"|because|since|meaning|which means|aber|jedoch|sondern|obwohl|während|also|daher|nur|pero"
    r"|aunque|sino|mais|sauf|donc)\b"
)
