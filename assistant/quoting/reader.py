"""Reads a question beside the sentences found: how far one of them seems to answer it.

The encoder makes a vector of each text alone, so it hardly tells "Who founded the club?" from "Who led the club?" in a
sentence that has the other words. The reader sees both at once. It is the packaged encoder with small updates of its
matrices (LoRA: Hu et al. 2021), trained by bench/train_reader.py to mark the answer in a text, or that there is none,
as Devlin et al. (2019) do for SQuAD 2.0. It reads English.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.encoder import PACKAGED_WEIGHTS, packaged_folder
from index.errors import EncoderError

if TYPE_CHECKING:
    import torch
    from torch import nn

ADAPTER = Path(__file__).parent / "reader.safetensors"
"""The updates, and the layer that marks the first and the last word of an answer."""

_QUESTION = 48  # word pieces of a question that are read
_WHOLE = 144  # word pieces of the question and the text beside it
_ANSWER = 30  # word pieces that an answer has at most


@dataclass(frozen=True, slots=True)
class Page:
    """Sentences that follow each other, and the title and headings that they stand under."""

    place: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A question and a page as word pieces.

    `text` is 1 for each piece behind the question, `spans` has the characters of each in the page's words (none of the
    question's), `sentences` those of each sentence there.
    """

    pieces: tuple[int, ...]
    text: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]
    sentences: tuple[tuple[int, int], ...]

    def of(self, start: int, end: int) -> list[int]:
        """The places of the pieces that lie in these characters of the page."""
        return [n for n, (a, b) in enumerate(self.spans) if a < end and b > start]


class Reader:
    """Loaded when first needed. Safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()

    def warm(self) -> None:
        """Load the model now rather than at the first question."""
        with self._lock:
            _ = self._parts

    def read(self, question: str, page: Page) -> list[float | None]:
        """For each sentence of the page, how far the best answer in it lies above there being none in the page.

        The figures are differences of logits: above 0 an answer is likelier than none. A sentence beyond what can be
        read has None. Raises EncoderError when the model cannot be loaded.
        """
        with self._lock:
            tokenizer, model, marks = self._parts
            read = tokens(tokenizer, question, page)
            logits = _logits(model, marks, read)
        return [_above_none(logits, read.of(*sentence)) for sentence in read.sentences]

    @cached_property
    def _parts(self) -> tuple[Any, nn.Module, nn.Module]:
        from safetensors import safe_open

        from index.packing import can_be_short, pack

        with safe_open(ADAPTER, framework="pt") as file:
            if (file.metadata() or {}).get("base") != PACKAGED_WEIGHTS:
                raise EncoderError(
                    "The reader was trained for other weights than the packaged encoder's.",
                    hint="Train it anew (bench/train_reader.py), or install the assistant again.",
                )
            kept = {name: file.get_tensor(name).float() for name in file.keys()}  # noqa: SIM118 - not a mapping
        tokenizer, model, marks = parts()
        _update(model, marks, kept)
        model = model.bfloat16() if can_be_short() else model  # which moves a logit by less than 0.1
        pack(model)
        return tokenizer, model, marks


def parts() -> tuple[Any, nn.Module, nn.Module]:
    """The tokenizer and the model of the packaged encoder, and a layer that is to mark answers."""
    import torch
    from transformers import AutoModel, AutoTokenizer
    from transformers.utils.logging import disable_progress_bar

    disable_progress_bar()  # type: ignore[no-untyped-call]
    folder = packaged_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
    model = AutoModel.from_pretrained(folder, local_files_only=True, use_safetensors=True)
    return tokenizer, model.eval(), torch.nn.Linear(model.config.hidden_size, 2)


def _update(model: nn.Module, marks: nn.Module, kept: Mapping[str, torch.Tensor]) -> None:
    import torch

    with torch.no_grad():
        for name, value in kept.items():
            owner, _, kind = name.rpartition(".")
            if owner == "marks":
                marks.get_parameter(kind).copy_(value)
            elif kind == "up":
                model.get_submodule(owner).get_parameter("weight").add_(value @ kept[f"{owner}.down"])
            elif kind != "down":
                model.get_submodule(owner).get_parameter(kind).copy_(value)


def tokens(tokenizer: Any, question: str, page: Page) -> Tokens:
    """What the reader reads: the question and the page beside it, as far as their lengths allow."""
    place = f"{page.place}: " if page.place else ""
    words = place + " ".join(page.sentences)
    starts = accumulate((len(sentence) + 1 for sentence in page.sentences), initial=len(place))
    asked = tokenizer(question, add_special_tokens=False, truncation=True, max_length=_QUESTION)["input_ids"]
    room = _WHOLE - len(asked) - 3
    found = tokenizer(words, add_special_tokens=False, truncation=True, max_length=room, return_offsets_mapping=True)
    pieces = (tokenizer.cls_token_id, *asked, tokenizer.sep_token_id, *found["input_ids"], tokenizer.sep_token_id)
    before = len(asked) + 2
    return Tokens(
        pieces,
        (0,) * before + (1,) * (len(pieces) - before),
        (*((0, 0),) * before, *map(tuple, found["offset_mapping"]), (0, 0)),
        tuple((start, start + len(sentence)) for start, sentence in zip(starts, page.sentences, strict=False)),
    )


def batch(read: Sequence[Tokens]) -> dict[str, torch.Tensor]:
    """What the model takes, a row for each page."""
    import torch

    length = max(len(one.pieces) for one in read)

    def rows(values: Sequence[tuple[int, ...]]) -> torch.Tensor:
        return torch.tensor([[*row, *(0,) * (length - len(row))] for row in values])

    return {
        "input_ids": rows([one.pieces for one in read]),
        "token_type_ids": rows([one.text for one in read]),
        "attention_mask": rows([(1,) * len(one.pieces) for one in read]),
    }


def _logits(model: nn.Module, marks: nn.Module, read: Tokens) -> NDArray[np.float32]:
    """How likely each piece is the first and the last of the answer: shape (pieces, 2); piece 0 means none."""
    import torch

    with torch.inference_mode():
        found: NDArray[np.float32] = marks(model(**batch([read])).last_hidden_state.float())[0].numpy()
    return found


def _above_none(logits: NDArray[np.float32], places: Sequence[int]) -> float | None:
    """The logit of the best answer within `places` above that of none; None without places."""
    if not places:
        return None
    starts, ends = logits[places, 0], logits[places, 1]
    best = max(float(start + ends[n : n + _ANSWER].max()) for n, start in enumerate(starts))
    return best - float(logits[0].sum())
