"""Whether a language model goes round in circles: it says the same words, or the same sentences, over and over."""

from __future__ import annotations

import re

_PERIOD = 24  # words; what is longer is a sentence or more
_ROUNDS = 3  # of the same words
_WORDS = 12  # and so many of them after the first round, as of a word that stands alone
_SENTENCES = 2  # said before, one after the other
_SHORT = 3  # words; a list may hold the same "Yes." in many places


class Circling:
    """Watches one answer, word by word and sentence by sentence."""

    def __init__(self) -> None:
        self._words: list[str] = []  # the last ones
        self._runs = [0] * (_PERIOD + 1)  # by period: how many of the last words are those of so many words before
        self._said: set[str] = set()
        self._repeats = 0
        self.is_endless = False

    def word(self, word: str) -> None:
        """Take the next word into account."""
        bare = "".join(filter(str.isalnum, word)).casefold()
        if not bare:
            return
        for period in range(1, min(_PERIOD, len(self._words)) + 1):
            self._runs[period] = self._runs[period] + 1 if self._words[-period] == bare else 0
            if self._runs[period] >= max((_ROUNDS - 1) * period, _WORDS):
                self.is_endless = True
        self._words = [*self._words[1 - _PERIOD :], bare]

    def sentence(self, sentence: str) -> None:
        """Take a sentence into account that has ended."""
        words = re.findall(r"\w+", sentence.casefold())
        if len(words) < _SHORT:
            return
        said = " ".join(words)
        self._repeats = self._repeats + 1 if said in self._said else 0
        self._said.add(said)
        self.is_endless = self.is_endless or self._repeats >= _SENTENCES
