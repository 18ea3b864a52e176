"""Train the reader (assistant/quoting/reader.py) on questions with the words that answer them: to mark the answer in a
few sentences, or that it has none.

    python bench/train_reader.py SQUAD.json FOLDER*3 ... [--start FILE] [--epochs N] [--rank N] [--rate R] [--out FILE]

Behind a set stands how many times it is read in a round. `--start` goes on from what was trained before, else from the
encoder.

It learns from what the product would give it: each question is asked of the product's own index of all documents, and
the sentences that come nearest are read with their neighbours. Those of other paragraphs answer nothing, so that it
learns to tell what only looks near. One and a half epochs of 9,000 questions take about 45 minutes on two cores.
"""

from __future__ import annotations

import argparse
import math
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from question_sets import Benchmark, read
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn import functional

from assistant.quoting.evidence import page_of, weigh
from assistant.quoting.reader import ADAPTER, Page, Tokens, batch, parts, tokens
from assistant.retriever import retrieve
from assistant.settings import load
from index.building import build
from index.encoder import PACKAGED_WEIGHTS, Encoder
from index.packing import can_be_short
from index.published import Published

_BATCH = 32
_WARM = 0.06  # the share of the steps in which the greatest learning rate is reached
_SCALE = 2.0  # of an update
_TITLED = 0.7  # the share of pages that are read with their title, so that it does not lean on it
_NEAR = 6  # the nearest sentences of other paragraphs, of which two are read
_SAME = 4  # sentences of the right document that do not answer, of which one is read
_UPDATED = ("query", "key", "value", "dense")


@dataclass(frozen=True, slots=True)
class Lesson:
    """A question, the pages that hold an answer, those of its paragraph that do not, and those of other ones."""

    question: str
    answers: tuple[str, ...]
    right: tuple[Page, ...]
    beside: tuple[Page, ...]
    other: tuple[Page, ...]


class Updated(nn.Module):
    """A linear layer whose matrix stays and gets an update of low rank."""

    def __init__(self, base: nn.Linear, rank: int) -> None:
        super().__init__()
        self.base = base
        self.down = nn.Parameter(torch.randn(rank, base.in_features) / math.sqrt(base.in_features))
        self.up = nn.Parameter(torch.zeros(base.out_features, rank))

    def forward(self, values: Tensor) -> Tensor:
        """What the layer says, with its update."""
        update = functional.linear(functional.linear(values, self.down), self.up)
        said: Tensor = self.base(values) + _SCALE * update
        return said


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("benchmarks", nargs="+", help="each with *N behind it to be read N times a round")
    parser.add_argument("--epochs", type=float, default=1.4)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--start", type=Path)
    parser.add_argument("--rate", type=float, default=6e-4, help="the greatest learning rate")
    parser.add_argument("--out", type=Path, default=ADAPTER)
    options = parser.parse_args()
    torch.manual_seed(1)
    lessons = [lesson for name in options.benchmarks for lesson in _repeated(name)]
    tokenizer, model, marks = parts()
    _prepare(model, options.rank)
    if options.start:
        _go_on_from(options.start, model, marks)
    _train(tokenizer, model, marks, lessons, options.epochs, options.rate)
    save_file(_kept(model, marks), options.out, metadata={"base": PACKAGED_WEIGHTS})
    print(f"{options.out}: {options.out.stat().st_size} bytes")


# --- what is read -----------------------------------------------------------------------------------------------


def _repeated(name: str) -> list[Lesson]:
    path, _, times = name.partition("*")
    return [*_lessons(read(Path(path), whole=True))] * int(times or 1)


def _lessons(benchmark: Benchmark) -> Iterator[Lesson]:
    with tempfile.TemporaryDirectory() as folder:
        benchmark.write(Path(folder) / "documents")
        settings = load({"documents": Path(folder) / "documents", "data": Path(folder) / "data"})
        encoder = Encoder(settings.encoder)
        build(settings, encoder)
        published = Published(settings.data, encoder.fingerprint)
        with published.reading() as generation:
            for asked in benchmark.questions:
                example = asked.example
                retrieval = retrieve(example.question, generation, encoder, settings.retrieval)
                candidates = weigh(example.question, retrieval, generation).candidates
                yield _lesson(example.question, example.answers or (), example.documents, candidates)
        published.close()


def _lesson(question: str, answers: tuple[str, ...], documents: Sequence[str], candidates: Sequence[Any]) -> Lesson:
    pages: dict[str, list[Page]] = {"right": [], "beside": [], "other": []}
    for candidate in candidates:
        _, page = page_of(candidate)
        holds = any(answer.casefold() in " ".join(page.sentences).casefold() for answer in answers)
        if candidate.quote.chunk.document in documents:
            pages["right" if holds else "beside"].append(page)
        elif not holds:  # what has the words may answer too, so nothing is learnt from it
            pages["other"].append(page)
    # Where the words that answer are not found, one of these may be the answer.
    beside = pages["beside"][:_SAME] if pages["right"] or not answers else []
    return Lesson(question, answers, tuple(pages["right"][:3]), tuple(beside), tuple(pages["other"][:_NEAR]))


def _read(tokenizer: Any, lessons: Sequence[Lesson], draw: random.Random) -> list[tuple[Tokens, int, int]]:
    """Pages as word pieces, with the places of the first and the last piece of the answer, 0 and 0 for none."""
    examples = []
    for lesson in lessons:
        right = [draw.choice(lesson.right)] if lesson.right else []
        wrong = draw.sample(lesson.other, min(2, len(lesson.other)))
        wrong += [draw.choice(lesson.beside)] if lesson.beside else []
        question = lesson.question if draw.random() < 0.85 else lesson.question.rstrip("? ")
        for page in (*right, *wrong):
            answers = lesson.answers if page in right else ()
            shown = page if draw.random() < _TITLED else Page("", page.sentences)
            read = tokens(tokenizer, question, shown)
            place = _place(shown, answers, read)
            examples.append((read, place[0], place[-1]) if place else (read, 0, 0))
    return examples


def _place(page: Page, answers: Sequence[str], read: Tokens) -> list[int]:
    """The pieces of the first answer that stands in the page."""
    words, first = " ".join(page.sentences).casefold(), read.sentences[0][0]
    found = ((words.find(answer.casefold()), len(answer)) for answer in answers)
    return next((read.of(first + at, first + at + length) for at, length in found if at >= 0), [])


# --- training ---------------------------------------------------------------------------------------------------


def _prepare(model: nn.Module, rank: int) -> None:
    """Leave everything as it is but for updates of the matrices, and the norms of the layers."""
    for name, parameter in model.named_parameters():
        parameter.requires_grad = "layer." in name and "LayerNorm" in name
    for name, module in list(model.named_modules()):
        owner, _, last = name.rpartition(".")
        if "layer." in name and last in _UPDATED and isinstance(module, nn.Linear):
            setattr(model.get_submodule(owner), last, Updated(module, rank))


def _go_on_from(file: Path, model: nn.Module, marks: nn.Module) -> None:
    kept = {name: value.float() for name, value in load_file(file).items()}
    with torch.no_grad():
        for name, value in kept.items():
            owner, _, kind = name.rpartition(".")
            trained = marks if owner == "marks" else model.get_submodule(owner)
            trained.get_parameter(kind).copy_(value / _SCALE if kind == "up" else value)


def _train(
    tokenizer: Any, model: nn.Module, marks: nn.Module, lessons: Sequence[Lesson], epochs: float, greatest: float
) -> None:
    draw = random.Random(2)
    examples = _read(tokenizer, lessons, draw)
    steps = int(epochs * len(examples) / _BATCH)
    trained = [p for p in (*model.parameters(), *marks.parameters()) if p.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=greatest, weight_decay=0.01)
    rate = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: min((step + 1) / (_WARM * steps), max(0.02, 1 - step / steps))
    )
    print(f"{len(lessons)} questions, {len(examples)} pages an epoch, {steps} steps")
    step, losses = 0, 0.0
    while step < steps:
        for part in _batches(examples, draw)[: steps - step]:
            loss = _loss(model, marks, part)
            loss.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(trained, 1.0)
            optimizer.step()
            rate.step()
            optimizer.zero_grad()
            step, losses = step + 1, losses + loss.item()
            if step % 50 == 0:
                print(f"step {step}: loss {losses / 50:.3f}", flush=True)
                losses = 0.0
        examples = _read(tokenizer, lessons, draw)


def _batches(examples: list[tuple[Tokens, int, int]], draw: random.Random) -> list[list[tuple[Tokens, int, int]]]:
    """Batches of about one length, in no order."""
    draw.shuffle(examples)
    batches = []
    for start in range(0, len(examples), 40 * _BATCH):
        near = sorted(examples[start : start + 40 * _BATCH], key=lambda example: len(example[0].pieces))
        batches += [near[n : n + _BATCH] for n in range(0, len(near), _BATCH)]
    draw.shuffle(batches)
    return batches


def _loss(model: nn.Module, marks: nn.Module, part: Sequence[tuple[Tokens, int, int]]) -> Tensor:
    inputs = batch([read for read, _, _ in part])
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=can_be_short()):
        logits = marks(model(**inputs).last_hidden_state).float()
    possible = inputs["token_type_ids"].bool()
    possible[:, 0] = True  # none
    logits = logits.masked_fill(~possible[..., None], -1e4)
    first, last = (torch.tensor([places[n] for places in part]) for n in (1, 2))
    loss: Tensor = functional.cross_entropy(logits[..., 0], first) + functional.cross_entropy(logits[..., 1], last)
    return loss


def _kept(model: nn.Module, marks: nn.Module) -> dict[str, Tensor]:
    """What was trained, by the names in the model that it is put into."""
    kept = {f"marks.{name}": value for name, value in marks.named_parameters()}
    for name, module in model.named_modules():
        if isinstance(module, Updated):
            kept |= {f"{name}.down": module.down, f"{name}.up": _SCALE * module.up}
        elif "layer." in name and name.endswith("LayerNorm"):
            kept |= {f"{name}.{kind}": value for kind, value in module.named_parameters()}
    return {name: value.detach().half().contiguous() for name, value in kept.items()}


if __name__ == "__main__":
    main()
