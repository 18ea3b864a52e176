"""What a language model writes -> statements with numbered citations, while it streams.

Words go out as they come. A marker is kept until its sentence has ended, wherever in it the model put it; then the
sentence is judged against the passages that it cites, and its numbers follow it. A sentence without a marker gets the
passage that clearly supports it. Lead-ins, headings and refusals claim nothing and are not judged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from assistant.citing import Citing
from assistant.types import Delta
from assistant.verdict.verdicts import Judge, Verdict
from assistant.writing.circling import Circling
from assistant.writing.leads import Leads, Said, is_label
from assistant.writing.lines import BULLET, Line
from assistant.writing.listing import Listing
from assistant.writing.markers import Mark, Markers, Part, Unknown
from assistant.writing.openings import without_opening
from assistant.writing.prompt import NONE, Prompt
from assistant.writing.refusing import is_refusal
from index.chunking import segments
from index.types import Passage

_ENDS = re.compile(r"[.!?…:。！？][\"'”’»)\]*_」』）]*$")
_UNSPACED = "。！？"  # end a sentence without a space behind them
_TOKEN = re.compile(rf"\s+|[^\s{_UNSPACED}]*[{_UNSPACED}]+[”」』）]*|[^\s{_UNSPACED}]+")
_BULLET = re.compile(rf"{BULLET} ?")
_SIGNS = re.compile(r"#+|>+|\*+|_+|=+|~+|`+|[|:-]+")  # of Markdown, when nothing else is in a word
_EMPHASIS = re.compile(r"\*{2,3}|__|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])")
_AROUND = re.compile(r"^(?:[*_`]{1,3}|</?su[bp]>)")  # of a marker, and not of words
_TAG = re.compile(r"</?(?:b|i|u|em|strong|sup|sub|small|mark|p)>")
_CLOSING = re.compile(r"[.,;:!?…)\]»”]")  # written behind a marker, they belong to the word before it
_GLUED = re.compile(r"([.!?…]+)([^\W\d_].*)", re.DOTALL)
# Names of columns that say what any table says.
_COLUMNS = re.compile(
    r"(?<=- |; )(?:items?|categor(?:y|ies)|types?|kinds?|descriptions?|details?|notes?|values?|names?|features?"
    r"|aspects?|topics?|fields?|information|amounts?|prices?|costs?|fees?|steps?|actions?|answers?|what"
    r"|art|beschreibung|bezeichnung|merkmal|wert|preis|kosten|betrag|hinweise?|schritt): ",
    re.IGNORECASE,
)
_NO_CLAIM = Verdict("supported", (), 1.0)


class Writing:
    """One answer as it is written, into `citing`. `drop` leaves out sentences that nothing supports, and lead-ins of
    which nothing is left.

    `unknown` counts markers that named no passage, `sentences` those said, `left_out` those that were; `fragments`
    is 1 if the last statement is the beginning of a sentence that the model was stopped in; `is_refusal`
    says that the model found no answer, `is_circling` that it repeats itself and may be stopped.
    """

    def __init__(self, citing: Citing, prompt: Prompt, judge: Judge, drop: bool) -> None:
        self.citing = citing
        self._passages = prompt.passages
        self._judge = judge
        self._leads = Leads() if drop else None
        # A model that repeats the key cites nothing.
        self._markers = Markers({*prompt.passages, prompt.key, NONE}, prompt.messages[-1].text)
        self._lines = Listing(prompt.passages.values())
        self._begins = self._line = Line("text")  # the line that begins, and that of the sentence
        self._margin = ""  # white space before the first word of the line
        self._indent: int | None = None  # how far in the bullet of the line stands
        self._tail = ""  # words that have come but not gone
        self._gap = ""  # the white space before the next word
        self._between = ""  # what parts the sentence from the one before
        self._opening = ""  # a bullet or a sign whose words are still to come
        self._marked = False  # whether a marker stands between the last word and the next
        self._adjoins = False  # and nothing behind it yet
        self._sentence = ""
        self._names: list[str] = []
        self._ahead: list[str] = []  # cited at the beginning of a line, of which no word has come yet
        self._cites_first = False  # whether this model puts its markers before its sentences
        self._circling = Circling()
        self._refused = False
        self.unknown = self.sentences = self.fragments = self.left_out = 0

    @property
    def is_circling(self) -> bool:
        """Whether the model says again what it has said."""
        return self._circling.is_endless

    @property
    def is_refusal(self) -> bool:
        """Whether the model said that nothing answers, and nothing that is cited."""
        return self._refused and not self.citing.citations

    def feed(self, text: str) -> Iterator[Delta]:
        """What the next piece of the model's text adds."""
        yield from self._parts(self._lines.feed(self._markers.feed(text)))

    def end(self, cut: bool) -> Iterator[Delta]:
        """The rest; `cut` says that the model was stopped within a sentence."""
        yield from self._parts(self._lines.feed(self._markers.end()))
        yield from self._parts(self._lines.end())
        yield from self._words(self._tail, last=True)
        said = bool(self._names) and not self._cites_first  # it cites behind what it has said
        self._cite(*self._ahead)
        begun = cut and bool(self._sentence) and not _ENDS.search(self._sentence)
        if begun:
            yield from self._say(" …")
        self._line = replace(self._line, level=0)  # a heading of nothing is a sentence
        left_out = self.left_out
        yield from self._close()
        self.fragments = int(begun and not said and self.left_out == left_out)

    def _parts(self, parts: Iterator[Part | Line]) -> Iterator[Delta]:
        for part in parts:
            if isinstance(part, str):
                yield from self._words(self._tail + part, last=False)
                continue
            if isinstance(part, Line):
                yield from self._words(self._tail, last=True)
                self._begins = part
                continue
            yield from self._words("" if _AROUND.fullmatch(self._tail) else self._tail, last=True)
            yield from self._mark(part)

    def _mark(self, mark: Mark | Unknown) -> Iterator[Delta]:
        self._marked = self._adjoins = True
        if isinstance(mark, Unknown):
            self.unknown += 1
        elif mark.name == NONE:
            self._refused = True
        elif mark.name in self._passages:
            if not self._sentence and not self.sentences:
                self._cites_first = True
            if self._sentence and "\n" in self._gap:
                self._ahead.append(mark.name)
                return
            if self._cites_first and self._gap and _ENDS.search(self._sentence):
                yield from self._close()
            self._cite(mark.name)

    def _cite(self, *names: str) -> None:
        self._names = list(dict.fromkeys((*self._names, *names)))

    def _words(self, text: str, last: bool) -> Iterator[Delta]:
        """The words of `text`, but for one at its end that may go on, unless it is `last`."""
        tokens = _TOKEN.findall(text)
        self._tail = ""
        if tokens and not last and not tokens[-1].isspace():
            self._tail = tokens.pop()
        for token in tokens:
            if self.is_circling:
                return
            if not token.isspace():
                yield from self._word(token)
                continue
            self._gap += token
            self._adjoins = False
            if "\n" in token:
                self._opening = ""
                self._cite(*self._ahead)  # they had the line for themselves
                self._ahead = []

    def _word(self, word: str) -> Iterator[Delta]:
        if "\n" in self._gap or not (self._sentence or self.sentences or self._opening):
            yield from self._line_begins()
        glued = _GLUED.fullmatch(word) if self._adjoins and self._sentence else None
        if glued:
            yield from self._word(glued[1])
            self._gap, self._adjoins = " ", False
            yield from self._word(glued[2])
            return
        code = self._line.kind == "code"
        bare = word if code else self._bare(word)
        if not bare or (not code and not any(map(str.isalnum, bare)) and self._is_sign(bare)):
            return
        parted = bool(self._gap) or self._marked
        if self._line.kind in ("text", "heading") and self._sentence and _is_end(self._sentence, bare, parted):
            yield from self._close()
        if not code:
            self._circling.word(bare)
        if self.is_circling:
            return
        if not self._sentence and self._between == "\n\n" and _BULLET.fullmatch(bare):
            self._indent = len(self._margin)
        yield from self._say(f"{self._space(bare)}{self._opening}{bare}")
        self._gap, self._opening = "", ""
        self._marked = self._adjoins = False

    def _bare(self, word: str) -> str:
        """A word without emphasis, in Markdown or HTML; a tag that stands alone is a word."""
        if self._adjoins:
            word = _AROUND.sub("", word, count=1)
        if "`" in word:
            return word
        bare = _EMPHASIS.sub("", word)
        return bare if _TAG.fullmatch(bare) else _TAG.sub("", bare)

    def _line_begins(self) -> Iterator[Delta]:
        yield from self._close()
        self._cite(*self._ahead)
        self._ahead = []
        self._line, self._indent, self._between = self._begins, None, "\n\n"
        self._margin, self._gap = self._gap.rpartition("\n")[2], ""

    def _is_sign(self, word: str) -> bool:
        """Whether a word without letters is none: a sign of Markdown, or a second stop behind a marker.

        A bullet, or another sign that opens a sentence, is kept if words follow.
        """
        if self._sentence:
            return self._marked and bool(re.fullmatch(r"[.!?…。]+", word) and _ENDS.search(self._sentence))
        if _BULLET.fullmatch(word):
            self._indent = len(self._margin)
            self._opening = f"{word} "
        elif not _SIGNS.fullmatch(word):
            self._opening += f"{word} "
        return True

    def _space(self, word: str) -> str:
        """What stands before a word: nothing if it was written to the one before, or belongs to it behind a marker."""
        if not self._sentence:
            return self._margin if self._line.kind == "code" else ""
        if self._marked and _CLOSING.match(word):
            return ""
        if self._gap:
            return self._gap if self._line.kind == "code" else " "
        parted = word[0].isdigit() or word[0].islower() or word[0].isupper()
        return " " if self._marked and parted else ""

    def _say(self, text: str) -> Iterator[Delta]:
        if not self._leads:
            if not self._sentence and self.citing.text:
                yield self.citing.gap(self._between)
            yield self.citing.words(text)
        self._sentence += text

    def _close(self) -> Iterator[Delta]:
        """End the sentence: judge it and put its numbers behind it."""
        sentence, names = self._sentence, self._names
        self._sentence, self._names = "", []
        if not sentence:
            self._names = names
            return
        self.sentences += 1
        if self._line.kind != "code":
            self._circling.sentence(sentence)
        verdict = self._verdict(sentence, [self._passages[name] for name in names])
        between, self._between = self._between, " "
        if not self._leads:
            yield from self.citing.close(verdict.quotes, verdict.support)
            return
        kept = verdict.support != "unsupported"
        if not kept:
            self.left_out += 1
            self._between = between  # the next takes its place
        for said in self._leads.take(Said(sentence, between, verdict, self._line.level, self._indent), kept):
            if self.citing.text:
                yield self.citing.gap(said.between)
            yield self.citing.words(said.text)
            yield from self.citing.close(said.verdict.quotes, said.verdict.support)

    def _verdict(self, sentence: str, cited: list[Passage]) -> Verdict:
        """How far what a sentence cites bears it out. Without a marker it cites what clearly does.

        A passage that adds nothing to another that bears the sentence out alone is not cited. No other passage ever
        takes the place of one that does not bear it out: it would be found for a wrong name as well.
        """
        if self._line.kind == "row":
            sentence = _COLUMNS.sub("", sentence)
        if self._line.kind != "code" and is_refusal(sentence):
            self._refused = True
            return _NO_CLAIM
        if is_label(sentence, self._line.level, bool(cited)) or not self._judge.says_something(sentence):
            return _NO_CLAIM
        sentence = without_opening(sentence)
        if not cited:
            source = self._judge.source(sentence)
            return self._judge.verdict(sentence, [source]) if source else Verdict("unsupported", (), 0.0)
        if len(cited) > 1:
            alone = [(self._judge.verdict(sentence, [passage]).support, passage) for passage in cited]
            if any(support == "supported" for support, _ in alone):
                cited = [passage for support, passage in alone if support != "unsupported"]
        return self._judge.verdict(sentence, cited)


def _is_end(sentence: str, following: str, spaced: bool) -> bool:
    """Whether a sentence has ended before the word `following`."""
    if _BULLET.fullmatch(sentence) or not _ENDS.search(sentence):
        return False
    if sentence.rstrip("”」』）")[-1:] in _UNSPACED:
        return True
    if not spaced or sentence[-1] == ":":
        return False
    length = 0
    for part in segments(f"{sentence} {following}"):
        length += len(part)
        if length in (len(sentence), len(sentence) + 1):
            return True
    return False
