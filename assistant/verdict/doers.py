"""Whether a sentence has something done by another than its sources: "Members change the bottles" where "the bottles
are changed by the caretaker"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.verdict.matching import Match, Matches
from assistant.verdict.sentences import Sentence, Source
from assistant.words.pieces import Piece

_BY = re.compile(r"\s+(?:by|por|par)\s+", re.IGNORECASE)
# Who does something, and not how or until when it is done: "by the caretaker", "by Ann"; not "by hand", "by Friday".
_SOMEBODY = re.compile(
    r"(?:the|an?|its|their|his|her|our|your|el|la|los|las|una?|le|les|une)\s+$",
    re.IGNORECASE,
)
_IS = re.compile(
    r"\b(?:is|are|was|were|be|been|being|gets?|got|es|son|fue|fueron|est|sont)(?:\s+(?:\w+ly|also|then|always|not))?\s+$",
    re.IGNORECASE,
)
_LOOKED_AT = 40  # characters before a word, in which "is" stands that makes it one of what is done
_DOES = re.compile(
    r"\s+(?:(?:will|must|may|can|should|shall|would|to|has|have|had|also|then|always|usually|\w+ly)\s+)*$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Done:
    """What is done (the piece `verb`), by whom, perhaps when, and to what: pieces, by number. `sure` says that who does
    it is somebody; `passive` that it is done by them."""

    verb: int
    doer: frozenset[int]
    thing: frozenset[int]
    passive: bool
    sure: bool

    @property
    def nearest(self) -> int:
        """The piece of the thing that stands nearest to what is done."""
        return max(self.thing) if self.passive else min(self.thing)


def done_by_another(matches: Matches, sources: Sequence[Source]) -> bool:
    """Whether what is said to be done to a thing is done to it by somebody else in the sources, who have the one named
    elsewhere. One of the two has to be told as what is done by somebody; else `replaced` sees it."""
    said = matches.said
    ours = [*_passive(said), *(done for verb in range(1, len(said.pieces)) for done in _active(verb, said))]
    rows = matches.beside(sources) if ours else []
    known = {n for _, match in rows for n in match.borne_out}
    for done in ours:
        told = [other for row in rows for other in _told(done, *row)]
        if done.doer <= known and "another" in told and "own" not in told:
            return not any(source.place_terms.issuperset(said.pieces[n].terms) for source in sources for n in done.doer)
    return False


def _told(done: _Done, sentence: Sentence, match: Match) -> Iterator[str]:
    """Whether a sentence has the same done by the same, its "own", or by "another"."""
    passive = list(_passive(sentence)) if match.at[done.verb] else []
    for at in match.at[done.verb]:
        others = [other for other in passive if other.verb == at]
        if done.passive and not others:
            others = list(_active(at, sentence))
        for other in others:
            if any(done.nearest in match.by[m] for m in other.thing):
                same = any(n in match.by[m] for m in other.doer for n in done.doer)
                if same or other.sure:
                    yield "own" if same else "another"


def _passive(sentence: Sentence) -> Iterator[_Done]:
    """What is done by somebody: "the minutes are written by the secretary and approved by the board"."""
    pieces, text = sentence.pieces, sentence.text
    if not _BY.search(text):
        return
    thing = frozenset[int]()
    done = [n for n, piece in enumerate(pieces) if _is_done(piece, text)]
    clauses: defaultdict[int, list[int]] = defaultdict(list)
    for n, piece in enumerate(pieces):
        clauses[piece.clause].append(n)
    for n in range(1, len(pieces)):
        by = _BY.match(text, pieces[n - 1].end)
        if not by or by.end() > pieces[n].start:
            continue
        clause = clauses[pieces[n].clause]
        verbs = (m for m in reversed(done) if m < n and pieces[m].clause == pieces[n].clause)
        verb = next(verbs, clause[0])
        thing = frozenset(m for m in clause if m < verb) or thing
        somebody = pieces[n].named or _SOMEBODY.search(text, by.end() - 1, pieces[n].start) is not None
        if verb < n and thing and not pieces[n].figure:
            yield _Done(verb, frozenset(m for m in clause if m >= n), thing, True, somebody)


def _is_done(piece: Piece, text: str) -> bool:
    return _IS.search(text, max(0, piece.start - _LOOKED_AT), piece.start) is not None


def _active(verb: int, sentence: Sentence) -> Iterator[_Done]:
    """What somebody does who stands right before that, a verb or not: "members change the bottles"."""
    pieces, text = sentence.pieces, sentence.text
    clause = [n for n, piece in enumerate(pieces) if piece.clause == pieces[verb].clause]
    before, thing = [n for n in clause if n < verb], frozenset(n for n in clause if n > verb)
    if before and thing and _DOES.fullmatch(text, pieces[before[-1]].end, pieces[verb].start):
        yield _Done(verb, frozenset(before), thing, False, True)
