"""Whether a sentence says to be done what its sources say to be undone, or the other way round: "approved the party" of
"cancelled the party", "will charge for entry" of "dropped its plan to charge for entry"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.verdict.matching import Match, Matches, having_most
from assistant.verdict.sentences import Sentence, Source
from assistant.verdict.undone import Undone, undoes, undone

_HALF = 0.5  # of the rest of a sentence, which has to stand where what it speaks of is undone

# That something is done or is decided to be, whatever was asked for before.
_DOES = re.compile(
    r"\b(?:approv(?:e[ds]?|ing)|accept(?:s|ed)?|adopt(?:s|ed)?|grant(?:s|ed)?|endors(?:es?|ed)|ratif(?:y|ies|ied)"
    r"|agree[ds]? (?:to|on)|(?:was|were|been) agreed|decid(?:es?|ed) (?:to|on|for|in favou?r)|resolved to"
    r"|vot(?:es?|ed) for|g(?:o|oes|one) ahead|went ahead|t(?:ook|akes?|aken|aking) place"
    r"|(?:is|are|was|were|be|been|being) held|carried out|organi[sz]e[ds]?|hosts?|hosted|staged|implemented"
    r"|beschl(?:oss|ossen|ießt)|genehmigt(?:e|en)?|bewilligt(?:e|en)?|angenommen|zugestimmt|stattgefunden"
    r"|stimmt(?:e|en)?(?= [^.;,!?]*\bzu\b)|n(?:immt|ahm|ahmen)(?= [^.;,!?]*\ban\b)"
    r"|f(?:indet|and|inden|anden)(?= [^.;,!?]*\bstatt\b))"
    r"(?!\w)",
    re.IGNORECASE,
)
# The same, if nothing is said of a mere wish.
_WILL = re.compile(
    r"\b(?:will|(?:is|are) going to|plans? (?:to|an?|the)|(?:is|are) planning|intends? to|g[eo]ts?|receive[ds]?"
    r"|obtain(?:s|ed)?|w[io]ns?|pass(?:es|ed)?|introduce[ds]?|wird|werden|bekam(?:en)?|bekommt|erh(?:ält|ielt|ielten)|plant)\b",
    re.IGNORECASE,
)
_WISHED = re.compile(
    r"\b(?:propos\w+|request\w*|consider\w*|discuss\w*|debat\w+|suggest\w*|motions?|want(?:s|ed)?|wish\w*|ask(?:s|ed)?"
    r"|appl(?:y|ied|ies|ications?)|planned|(?:the|a|its|their|had|of) plans?(?! to| an?)|ideas?|bids?|offer\w*"
    r"|vot(?:es?|ed|ing)|tr(?:y|ied|ies)|attempt\w*|talks?|hop(?:ed|es|ing)|would|could|might|if|whether|antr[aä]g\w*|vorschl[aä]g\w*|geplant"
    r"|woll(?:en|te|ten)|pläne?|sollten?|ob|wenn)\b",
    re.IGNORECASE,
)
_NEGATIVE = re.compile(
    r"\b(?:against|instead|unsuccessful(?:ly)?|in vain|lack(?:s|ed)?|stop(?:s|ped)?|ceased?|no longer|gegen|stattdessen"
    r"|vergeblich|nicht mehr)\b",
    re.IGNORECASE,
)


def decided_otherwise(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether a sentence says to be done what is undone in each sentence of the sources that has most of it, or to be
    undone what is done there."""
    said = matches.said
    undoing = undoes(said)
    if said.denials or _NEGATIVE.search(said.text):
        return False
    found = matches.beside(sources)
    if not undoing and not any(undoes(sentence) for sentence, _ in found):
        return False
    rest = [n for n, piece in enumerate(said.pieces) if not _says_so(said.text, piece.start)]
    rows = having_most(rest, found, max(1, _HALF * len(rest)))
    against = _is_done_there if undoing else _is_undone_there
    return bool(rows) and all(against(said, *row) for row in rows)


def _says_so(text: str, start: int) -> bool:
    """Whether a word that says that something is done begins here."""
    return any(kind.match(text, start) for kind in (_DOES, _WILL))


def _is_undone_there(said: Sentence, sentence: Sentence, match: Match) -> bool:
    """Whether `said` says to be done, or wants or does itself, what a sentence of the sources says to be undone."""
    return not sentence.denials and any(_is_claimed(part, said, sentence, match) for part in undone(sentence))


def _is_claimed(part: Undone, said: Sentence, sentence: Sentence, match: Match) -> bool:
    shared = {n for at in part.pieces for n in match.by[at]}
    if not shared:
        return False
    own = {said.pieces[n].clause for n in shared}
    clause = [piece for piece in said.pieces if piece.clause in own]
    start, end = clause[0].start, max(clause[-1].end, len(said.text) * (clause[-1] is said.pieces[-1]))
    done = _DOES.search(said.text, _begins(start, said), end)
    if done:
        return not _DOES.search(sentence.text)
    if _WISHED.search(said.text):
        return False
    will = _WILL.search(said.text, _begins(start, said), end)
    return bool(will) or any(match.by[at] for at in part.verbs)


def _begins(start: int, said: Sentence) -> int:
    """Where the clause begins that has its first piece at `start`: small words before it belong to it."""
    return max((piece.end for piece in said.pieces if piece.end <= start), default=0)


def _is_done_there(said: Sentence, sentence: Sentence, match: Match) -> bool:
    """Whether a sentence of the sources says to be done what `said` says to be undone."""
    if sentence.denials or undoes(sentence) or not _DOES.search(sentence.text) or _DOES.search(said.text):
        return False
    return any(match.at[n] for part in undone(said) for n in part.pieces)
