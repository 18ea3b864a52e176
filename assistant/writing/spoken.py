"""What of a language model's stream is its answer: not what it thinks aloud first, nor tags or JSON that it is wrapped
in, nor characters that are none."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any, Literal

from index.errors import ModelError
from index.formats.plain import clean

_WRAPPED = re.compile(r"\s*(?:```\w*\s*)?(?:\{\s*[\"}]|\[\s*(?:\{\s*)?\")")
_MAY_BE_WRAPPED = re.compile(r"\s*(?:`{0,2}|(?:```\w*\s*)?(?:(?:\[\s*)?(?:\{\s*)?)?)")
_OPENED = re.compile(r"\s*(?:```\w*\s*)?")
_CLOSED = re.compile(r"\s*(?:```)?\s*")
_TAG = re.compile(r"<(?P<ends>/?)(?P<name>answer|final|final_answer|response|reply|output)>")
_MAY_BE_TAG = re.compile(r"<[/a-z_]{0,13}$")
# A template's sign that a turn ends, or another begins: <|im_end|>, </s>. The prompt has none (`signs`).
_TURN = re.compile(r"<[|｜][\w▁]{2,24}[|｜]>|</s>|<(?:eos|end_of_turn|start_of_turn)>")
_MAY_BE_TURN = re.compile(r"<(?:[|｜][\w▁]{0,24}[|｜]?|/s?|[a-z_]{0,13})$")
_TAG_OR_WORDS = re.compile(r"</?[a-z_]{5,12}>|\n|[^<\n]+|<")
_THINK = ("<think>", "<thinking>", "<thought>", "<reasoning>", "<reflection>", "[THINK]")
_THOUGHT = "</think>"  # the one that is known without its beginning
_ENDS_ALONE = re.compile(rf"\n[ \t]*{_THOUGHT}\s*|{_THOUGHT}[ \t]*\n[ \t]*\n\s*")
_BEGUN = "|".join(_THOUGHT[:end] for end in range(1, len(_THOUGHT)))
_MAY_END = re.compile(rf"(?:{_THOUGHT}[ \t]*(?:\n[ \t]*)?|{_BEGUN})$")
_FIELDS = ("answer", "text", "response", "content", "reply", "message", "output", "antwort", "respuesta", "réponse")
_FIELDS_OF_ITEMS = (*_FIELDS, "sentence", "statement", "claim", "satz")


class Spoken:
    """One stream, without its thoughts and its wrapping. `voided` says that what was given until the last feed was no
    answer, since it were thoughts of which only the end is marked."""

    def __init__(self) -> None:
        self.voided = False
        self._turn = Turn()
        self._thinking = Thinking()
        self._tags = Tags()
        self._held = ""
        self._is_plain = False

    @property
    def ended(self) -> bool:
        """Whether the model's turn has ended, by a sign of its template among its words."""
        return self._turn.ended

    @property
    def begun(self) -> bool:
        """Whether the model has done thinking."""
        return self._is_plain or bool(self._held)

    def feed(self, text: str) -> str:
        """What of the answer has come with `text`. An object of JSON comes at the end."""
        said = self._thinking.feed(self._turn.feed(text))
        self.voided = self._thinking.ended_unbegun
        if self.voided:
            self._tags, self._held, self._is_plain = Tags(), "", False
        return self._feed(self._tags.feed(said))

    def end(self) -> str:
        """The rest. Raises ModelError for an object that holds no text which is clearly the answer."""
        thought = self._thinking.feed(self._turn.end()) + self._thinking.end()
        said = self._feed(self._tags.feed(thought) + self._tags.end())
        held, self._held = self._held, ""
        return said + (_unwrapped(held) if _WRAPPED.match(held) else held)

    def _feed(self, text: str) -> str:
        if self._is_plain:
            return text
        self._held += text
        if _WRAPPED.match(self._held) or _MAY_BE_WRAPPED.fullmatch(self._held):
            return ""
        self._is_plain = True
        said, self._held = self._held, ""
        return said


def _unwrapped(text: str) -> str:
    """The answer within an object of JSON, and what is said behind that."""
    start = _OPENED.match(text).end()  # type: ignore[union-attr]  # it finds the empty beginning at least
    try:
        data, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except ValueError:
        data, end = None, start
    said = _answer(data)
    if said is None:
        raise ModelError(
            "The language model answered with data instead of sentences.",
            hint="It writes JSON. Check llm.instructions and whether its server asks it for a format.",
        )
    rest = text[_CLOSED.match(text, end).end() :]  # type: ignore[union-attr]  # the same
    return f"{said}\n\n{rest}" if rest else said


def _answer(data: Any, fields: Sequence[str] = _FIELDS) -> str | None:
    """The text of an object that is clearly the answer: by its name, or as sentences that are all that there is; of a
    list the texts of all that it has."""
    if isinstance(data, list):
        texts = [item if isinstance(item, str) else _answer(item, _FIELDS_OF_ITEMS) for item in data]
        said = [text for text in texts if text]
        return " ".join(said) if said and len(said) == len(texts) else None
    if not isinstance(data, dict):
        return None
    named = [value for name, value in data.items() if name.casefold() in fields]
    found = named or (list(data.values()) if len(data) == 1 else [])
    if len(found) != 1:
        return None
    (one,) = found
    if isinstance(one, (dict, list)):
        return _answer(one)
    return one if isinstance(one, str) and one.strip() and (named or " " in one.strip()) else None


class Characters:
    """One stream's characters: halves of one that a server sent apart are joined, and what is no character to read is
    left out, as it is of documents."""

    def __init__(self) -> None:
        self._held = ""  # what the next characters may belong to

    def feed(self, text: str) -> str:
        """The characters that are whole with `text`."""
        text, self._held = self._held + text, ""
        if text[-1:] == "\r" or "\ud800" <= text[-1:] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        return clean(text.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))


class Turn:
    """Ends with the sign by which a template ends the model's turn, which a server with another gives as words: what
    follows is a turn that the model makes up. Such a sign before any word is left out."""

    def __init__(self) -> None:
        self.ended = False
        self._begun = False
        self._held = ""  # what may become a sign

    def feed(self, text: str) -> str:
        """What of the text so far belongs to the turn and was not yet given."""
        if self.ended:
            return ""
        self._held += text
        said = ""
        while sign := _TURN.search(self._held):
            said += self._held[: sign.start()]
            self._held = self._held[sign.end() :]
            self._begun = self._begun or bool(said.strip())
            if self._begun:
                self.ended, self._held = True, ""
                return said
        may_be = _MAY_BE_TURN.search(self._held)
        cut = may_be.start() if may_be else len(self._held)
        more, self._held = self._held[:cut], self._held[cut:]
        self._begun = self._begun or bool(more.strip())
        return said + more

    def end(self) -> str:
        """What was held back, when all has come."""
        held, self._held = self._held, ""
        return held


class Tags:
    """Leaves out the tags that a model puts around its answer: <answer> where it begins a line, and its end. Others
    are words."""

    def __init__(self) -> None:
        self._held = ""  # what may become a tag
        self._begins = True  # whether the line has no word yet
        self._open = ""

    def feed(self, text: str) -> str:
        """What of the text so far is no such tag and was not yet given."""
        text = self._held + text
        may_be = _MAY_BE_TAG.search(text)
        cut = may_be.start() if may_be else len(text)
        self._held = text[cut:]
        return "".join(part for part in _TAG_OR_WORDS.findall(text[:cut]) if self._stays(part))

    def end(self) -> str:
        """What was held back, when all has come."""
        held, self._held = self._held, ""
        return held

    def _stays(self, part: str) -> bool:
        tag = _TAG.fullmatch(part)
        if tag and not tag["ends"] and self._begins:
            self._open = tag["name"]
            return False
        if tag and tag["ends"] and self._open == tag["name"]:
            self._open = ""
            return False
        self._begins = part == "\n" or (self._begins and part.isspace())
        return True


class Thinking:
    """Leaves out what a model thinks aloud before it answers, as between <think> and </think>.

    Templates that open the thoughts themselves leave only their end to the model. It is known by the line that it
    begins, or the blank line behind it; what was given before it was no answer then, which `ended_unbegun` says until
    the next feed.
    """

    def __init__(self) -> None:
        self.ended_unbegun = False
        self._held = ""
        self._ends = _THOUGHT
        self._state: Literal["before", "in", "aloud", "after"] = "before"

    def feed(self, text: str) -> str:
        """What of the text so far is an answer and was not yet given."""
        self.ended_unbegun = False
        if self._state == "after":
            return text
        self._held += text
        if self._state == "before":
            begun = self._held.lstrip()
            opened = next((sign for sign in _THINK if begun.startswith(sign)), "")
            if not opened and any(sign.startswith(begun) for sign in _THINK):
                return ""
            self._state, self._ends = ("in", f"{opened[0]}/{opened[1:]}") if opened else ("aloud", _THOUGHT)
        if self._state == "aloud":
            return self._aloud()
        if self._ends in self._held:
            self._state = "after"
            self._held = self._held.partition(self._ends)[2].lstrip()
            return self.end()
        return ""

    def end(self) -> str:
        """What was held back, when all has come."""
        held, self._held = "" if self._state == "in" else self._held, ""
        self._state = "after"
        return held

    def _aloud(self) -> str:
        """Words that are the answer, unless thoughts end behind them."""
        ended = _ENDS_ALONE.search(self._held)
        if ended:
            self.ended_unbegun = True
            self._held = self._held[ended.end() :]
            return self.end()
        line = self._held.rfind("\n")
        tail = _MAY_END.search(self._held)
        cut = line if line >= 0 and _THOUGHT.startswith(self._held[line:].strip()) else len(self._held)
        cut = min(cut, tail.start()) if tail else cut
        said, self._held = self._held[:cut], self._held[cut:]
        return said
