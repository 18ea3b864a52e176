"""A question that compares two things -> what is asked of each. Knows nothing of documents."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.words.frames import subject_terms, subject_words

_MORE = r"(?:(?:more|less|fewer)(?: \w+)?|better|worse|\w{2,}er)"
_VERB = r"(?: (?:have|has|get|gets|need|cost|take|last|earn|pay))?"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        r"(?P<rest>.*)\b(?:differences?|comparison|distinction)\b(?P<of>.*)\bbetween (?P<a>.+?) and (?P<b>.+)",
        r"(?P<rest>.*)\bcompar(?:e|ing|ison of) (?P<a>.+?) (?:and|with|to|against|versus|vs\.?) (?P<b>.+)",
        r"(?P<rest>.*)\bdistinguish(?:es)? (?P<a>.+?) from (?P<b>.+)",
        r"how (?:do|does|did|is|are) (?P<a>.+?) (?:differ(?:ent)? from|compared? (?:to|with)) (?P<b>.+)",
        rf"(?:is|are|was|were|do|does|did|has|have|will) (?P<a>.+?){_VERB} (?P<more>{_MORE}(?: \w+)?) than (?P<b>.+)",
        rf"(?:is|are|was|were) (?P<rest>.+?) (?P<more>{_MORE}) (?P<at>for|in|at|on|with) (?P<a>.+?) or"
        r" (?:(?P=at) )?(?P<b>.+)",
        rf"(?:which|who|what)(?P<rest>\b.*?)\b(?P<more>{_MORE})\b(?P<of>[^,:]*)[,:] ?(?P<a>.+?),? or (?P<b>.+)",
        r"(?P<a>[^,?]+?) (?:vs\.?|versus) (?P<b>[^,?]+)",
    )
)
# What is older, cheaper or larger is told by a date or a number.
_MEASURED = re.compile(
    r"(?:old|young|new|earli|lat|long|short|bigg|larg|small|cheap|tall|high|low|fast|slow|heavi|light|deep|wid|clos|near)er"
    r"|(?:more|less|fewer)\b.*",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?P<head>.+) (?P<at>in|at|for|of|on|under|with|from) (?P<a>.+) than (?P=at) (?P<b>.+)", re.IGNORECASE
)
_DEARER = re.compile(r"cheaper|dearer|(?:more|less) (?:expensive|costly)", re.IGNORECASE)
_PRICE = re.compile(r"\b(?:price|cost|fee|rate|charge|fare)s?\b", re.IGNORECASE)
_OF_WHAT = re.compile(r"^(?:more|less|fewer|\w+er)\b|\b(?:expensive|costly)\b", re.IGNORECASE)
# "How do wages compare to the average?" asks about wages alone.
_NOTHING = re.compile(
    r"(?:the )?(?:rest|most|average|norm|usual|others?)\b.*|(?:all |any |most |the )*other \w+"
    r"|(?:their|its|his|her) \w+",
    re.IGNORECASE,
)
_SORT = re.compile(r"(?!the\b|an?\b)[a-z][\w-]*[^\Ws]")
_SORT_OF = re.compile(r"(?!the\b|an?\b)[a-z][\w-]* [a-z][\w-]*")
_CONTRAST = re.compile(
    r"\b(?:than|whereas|while|unlike|but|instead|differs?|different(?:ly)?|difference|distinctions?|both|either|compared"
    r"|contrast)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared: its name, what to ask of it, and the terms that the other has not."""

    name: str
    question: str
    own: frozenset[str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """A question that compares. `by_degree` says that it asks which has more of something, not how they differ, and
    `dearer` that this is the price."""

    sides: tuple[Side, Side]
    by_degree: bool
    dearer: bool = False

    def measures(self, column: str) -> bool:
        """Whether a column tells which side is cheaper or dearer, if that is asked."""
        return self.dearer and bool(_PRICE.search(column))

    def is_settled_by(self, text: str, said: frozenset[str]) -> bool:
        """Whether a sentence with these terms speaks of both sides, and holds them against each other."""
        both = all(side.own <= said for side in self.sides)
        return both and (self.by_degree or bool(_CONTRAST.search(text)))


def comparison(question: str) -> Comparison | None:
    """What `question` compares; None if it does not, or its two sides have no words of their own, or it is one
    with whatever else there is."""
    for form in _FORMS:
        found = form.fullmatch(question.strip().rstrip("?!. "))
        if found:
            return _comparison({name: part or "" for name, part in found.groupdict().items()})
    return None


def _comparison(parts: dict[str, str]) -> Comparison | None:
    about = f"{parts.get('rest', '')} {parts.get('of', '')}"
    names = [parts[side].strip(" ,;:\"“”'") for side in ("a", "b")]
    shared = _SHARED.fullmatch(" than ".join(names))  # "the limit in Paris", "in Berlin"
    if shared:
        about, names = f"{about} {shared['head']}", [shared["a"], shared["b"]]
    if _SORT.fullmatch(names[0]) and _SORT_OF.fullmatch(names[1]):  # "staff and visitor parking"
        names[0] += f" {names[1].split()[-1]}"
    terms = [frozenset(subject_terms(name)) for name in names]
    if _NOTHING.fullmatch(names[1]) or not (terms[0] - terms[1] and terms[1] - terms[0]):
        return None
    more = parts.get("more", "")
    about = " ".join(subject_words(f"{about} {_OF_WHAT.sub('', more)}"))
    kind = "How much:" if _MEASURED.fullmatch(more) else ""
    a, b = (
        Side(name, " ".join(f"{kind} {about} {name}".split()), own)
        for name, own in zip(names, (terms[0] - terms[1], terms[1] - terms[0]), strict=True)
    )
    return Comparison((a, b), bool(more), bool(_DEARER.match(more)))
