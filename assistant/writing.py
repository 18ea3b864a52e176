"""What a language model writes -> statements with numbered citations, while it streams.

Words go out as they come. A marker is kept until its sentence has ended, wherever in it the model put it; then the
sentence is judged against the passages that it cites, and its numbers follow it. A sentence without a marker gets the
passage that clearly supports it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.citing import Citing
from assistant.markers import Mark, Markers, Unknown
from assistant.prompt import NONE, Prompt
from assistant.types import Delta
from assistant.verdicts import Judge, Verdict
from index.chunking import segments
from index.types import Passage

_ENDS = re.compile(r"[.!?…:。！？][\"'”’»)\]*_」』）]*$")
_UNSPACED = "。！？"  # end a sentence without a space behind them
_TOKEN = re.compile(rf"\s+|[^\s{_UNSPACED}]*[{_UNSPACED}]+[”」』）]*|[^\s{_UNSPACED}]+")
_BULLET = re.compile(r"(?:[-*•–·]|\(?\d{1,3}[.)]) ?")
_EMPHASIS = re.compile(r"\*\*|__|(?<![\w*])\*(?=\w)|(?<=\w)\*(?![\w*])")
_CLOSING = re.compile(r"[.,;:!?…)\]»”]")  # written behind a marker, they belong to the word before it
_REPEATS = 2  # sentences said before, after which a model is taken to be going round in circles


class Writing:
    """One answer as it is written, into `citing`. `drop` leaves out sentences that nothing supports.

    `unknown` counts markers that named no passage, `is_refusal` says that the model found no answer, `is_circling` that
    it repeats itself and may be stopped.
    """

    def __init__(self, citing: Citing, prompt: Prompt, judge: Judge, drop: bool) -> None:
        self._citing = citing
        self._passages = prompt.passages
        self._judge = judge
        self._drop = drop
        self._markers = Markers({*prompt.passages, prompt.key, NONE})  # a model that repeats the key cites nothing
        self._tail = ""  # words that have come but not gone
        self._gap = ""  # the white space before the next word
        self._between = ""  # what parts the sentence from the one before
        self._opening = ""  # a bullet whose words are still to come
        self._marked = False  # whether a marker stands between the last word and the next
        self._sentence = ""
        self._names: list[str] = []
        self._said: set[str] = set()
        self._repeats = 0
        self._refused = False
        self.unknown = 0

    @property
    def is_circling(self) -> bool:
        """Whether the model says again what it has said."""
        return self._repeats >= _REPEATS

    @property
    def is_refusal(self) -> bool:
        """Whether all that the model said is that nothing answers."""
        return self._refused and not self._citing.citations

    def feed(self, text: str) -> Iterator[Delta]:
        """What the next piece of the model's text adds."""
        yield from self._parts(self._markers.feed(text))

    def end(self, cut: bool) -> Iterator[Delta]:
        """The rest; `cut` says that the model was stopped within a sentence."""
        yield from self._parts(self._markers.end())
        yield from self._words(self._tail, last=True)
        if (cut or self.is_circling) and self._sentence and not _ENDS.search(self._sentence):
            yield from self._say(" …")
        yield from self._close()

    def _parts(self, parts: Iterator[str | Mark | Unknown]) -> Iterator[Delta]:
        for part in parts:
            if isinstance(part, str):
                yield from self._words(self._tail + part, last=False)
                continue
            yield from self._words(self._tail, last=True)
            self._marked = True
            if isinstance(part, Unknown):
                self.unknown += 1
            elif part.name == NONE:
                self._refused = True
            elif part.name in self._passages and part.name not in self._names:
                self._names.append(part.name)

    def _words(self, text: str, last: bool) -> Iterator[Delta]:
        """The words of `text`, but for one at its end that may go on, unless it is `last`."""
        tokens = _TOKEN.findall(text)
        self._tail = ""
        if tokens and not last and not tokens[-1].isspace():
            self._tail = tokens.pop()
        for token in tokens:
            if self.is_circling:
                return
            if token.isspace():
                self._gap += token
                self._opening = "" if "\n" in token else self._opening
            else:
                yield from self._word(token)

    def _word(self, word: str) -> Iterator[Delta]:
        bare = word if "`" in word else _EMPHASIS.sub("", word)
        if "\n" in self._gap:
            yield from self._close()
        if not any(map(str.isalnum, bare)) and (not self._sentence or self._is_second_stop(bare)):
            # Signs of Markdown, of which a bullet is kept if words follow, or a second stop, behind a marker.
            self._opening = f"{bare} " if not self._sentence and _BULLET.fullmatch(bare) else ""
            return
        if self._sentence and _is_end(self._sentence, bare, bool(self._gap) or self._marked):
            yield from self._close()
        if self.is_circling:
            return
        if not self._sentence:
            self._between = "\n\n" if "\n" in self._gap else " "
        joined = not self._gap or (self._marked and _CLOSING.match(bare))
        yield from self._say(f"{'' if joined or not self._sentence else ' '}{self._opening}{bare}")
        self._gap, self._marked, self._opening = "", False, ""

    def _is_second_stop(self, word: str) -> bool:
        return self._marked and bool(re.fullmatch(r"[.!?…。]+", word) and _ENDS.search(self._sentence))

    def _say(self, text: str) -> Iterator[Delta]:
        if not self._drop:
            if not self._sentence and self._citing.text:
                yield self._citing.gap(self._between)
            yield self._citing.words(text)
        self._sentence += text

    def _close(self) -> Iterator[Delta]:
        """End the sentence: judge it and put its numbers behind it."""
        sentence, names = self._sentence, self._names
        self._sentence, self._names = "", []
        if not sentence:
            return
        said = " ".join(re.findall(r"\w+", sentence.casefold()))
        self._repeats = self._repeats + 1 if said in self._said else 0
        self._said.add(said)
        verdict = self._verdict(sentence, [self._passages[name] for name in names])
        if self._drop:
            if verdict.support == "unsupported":
                return
            if self._citing.text:
                yield self._citing.gap(self._between)
            yield self._citing.words(sentence)
        yield from self._citing.close(verdict.quotes, verdict.support)

    def _verdict(self, sentence: str, cited: list[Passage]) -> Verdict:
        """How far what a sentence cites bears it out. Without a marker it cites what clearly does.

        A passage that adds nothing to another that bears the sentence out alone is not cited. No other passage ever
        takes the place of one that does not bear it out: it would be found for a wrong name as well.
        """
        if not self._judge.says_something(sentence):
            return Verdict("supported", (), 1.0)
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
