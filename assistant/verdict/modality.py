"""Whether a sentence says that something must, may or should be where its sources have another of these words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from assistant.verdict.matching import Match, Matches, having_most
from assistant.verdict.sentences import Sentence, Source

_HALF = 0.5  # of the rest of its clause, which has to stand where a duty is none
_MODAL = re.compile(
    r"\b(?:(?P<must>must|(?:has|have) to|(?:is|are) (?:required|obliged) to"
    r"|muss|müssen|deben?|tienen? que|doit|doivent)"
    r"|(?P<may>may|can|(?:is|are) (?:allowed|permitted|free) to|darf|dürfen|kann|können|pueden?|peut|peuvent)"
    r"|(?P<should>should|ought to|(?:is|are) advised to|soll(?:en|te|ten)?|deberían?|devrai(?:t|ent)))\b"
)
_GERMAN = re.compile("mu?ü?ss|d[aü]rf|k[aö]nn|soll")
# Which of them stands for which of the sources: who should do something, may; what must be done, one may say should be.
_OTHER = {("must", "may"), ("must", "should"), ("may", "must"), ("may", "should")}
_LIMITED = re.compile(r"\b(?:only|just|nur|solo|sólo|seulement|needs?|brauch\w*|wheth?er|if|ob)\b", re.IGNORECASE)


def of_another_force(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what `must`, `may` or `should` be done is something else of these in every sentence that has most of it.

    Nothing is told of what is denied or limited: "may only" is near to "must", and "must not" to "may not".
    """
    said = matches.said
    forces = _forces(said)
    if not forces or _LIMITED.search(said.text):
        return False
    found = matches.beside(sources)
    return any(_is_other(n, force, said, found) for n, force in forces.items())


def _is_other(number: int, force: str, said: Sentence, found: Sequence[tuple[Sentence, Match]]) -> bool:
    clause = said.pieces[number].clause
    beside = [n for n in range(len(said.pieces)) if n != number]
    rest = [n for n in beside if said.pieces[n].clause == clause] or beside
    rows = having_most(rest, [row for row in found if row[1].at[number]], max(1, _HALF * len(rest)))
    return bool(rows) and all(_has_other(number, force, *row) for row in rows)


def _has_other(number: int, force: str, sentence: Sentence, match: Match) -> bool:
    if _LIMITED.search(sentence.text):
        return False
    forces = _forces(sentence)
    return all((force, forces.get(at, force)) in _OTHER for at in match.at[number])


def _forces(sentence: Sentence) -> Mapping[int, str]:
    """The pieces, by number, that must, may or should be: in German the last of the clause, else the next one."""
    forces: dict[int, str] = {}
    for word in _MODAL.finditer(sentence.text):
        behind = [n for n, piece in enumerate(sentence.pieces) if piece.start >= word.end()]
        clause = [n for n in behind if sentence.pieces[n].clause == sentence.pieces[behind[0]].clause]
        at = (clause[-1] if _GERMAN.match(word[0]) else clause[0]) if clause else None
        if at is not None and not sentence.pieces[at].denied:
            forces[at] = word.lastgroup or ""
    return forces
