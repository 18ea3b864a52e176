"""Fit the weights of assistant/quoting/certainty.py: what tells answerable questions from others. Prints them.

    python bench/calibrate.py SQUAD.json ... [--questions N] [--small N] [--unread]

Uses the product's own evidence over the product's own index: of all documents together, and of N sets of three
paragraphs, so that the weights do not depend on the number of documents.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Iterator
from dataclasses import astuple, fields
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from question_sets import Asked, Benchmark, read
from scipy.optimize import minimize

from assistant.quoting.certainty import Evidence, evidence, read_in_doubt
from assistant.quoting.evidence import weigh
from assistant.quoting.reader import Reader
from assistant.retriever import retrieve
from assistant.settings import Settings, load
from index.building import build
from index.encoder import Encoder
from index.published import Published

Vector = NDArray[np.float64]

_FALSE_REFUSALS = 0.042  # of the answerable questions, at a certainty of 0.5
# Not fitted: the fit gives more than twice as much, which would count against what several documents say alike.
_STANDS_OUT = 3.0


def main() -> None:
    """Fit and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("benchmarks", nargs="+", type=Path)
    parser.add_argument("--questions", type=int, default=400, help="of each kind and set")
    parser.add_argument("--small", type=int, default=16, help="sets of three paragraphs, from each file")
    parser.add_argument("--unread", action="store_true", help="without the reader, as in other languages than English")
    options = parser.parse_args()
    draw, reader = random.Random(5), None if options.unread else Reader()
    rows: list[tuple[str, Evidence]] = []
    for path in options.benchmarks:
        whole = read(path)
        rows += _named(path.stem, _gathered(whole, options.questions, draw, reader))
        for small in _small(whole, options.small, draw):
            found = _gathered(small, options.questions // options.small, draw, reader)
            rows += _named(f"{path.stem}, three paragraphs", found)
    _fit(rows)


def _named(name: str, rows: list[tuple[str, Evidence]]) -> list[tuple[str, Evidence]]:
    """The rows of questions that count, each kind with the name of its set."""
    return [(f"{kind} ({name})", found) for kind, found in rows if kind != "adversarial"]


def _small(benchmark: Benchmark, count: int, draw: random.Random) -> Iterator[Benchmark]:
    folders = sorted({name.partition("/")[0] for name in benchmark.documents})
    for folder in draw.sample(folders, min(count, len(folders))):
        paragraphs = [name for name in benchmark.documents if name.startswith(f"{folder}/")]
        kept = draw.sample(paragraphs, min(3, len(paragraphs)))
        questions = []
        for asked in benchmark.questions:
            document = next(iter(asked.example.documents), "")
            if document in kept or asked.kind == "article absent":
                questions.append(asked)
            elif document.startswith(f"{folder}/"):
                questions.append(Asked("paragraph absent", asked.example))
        yield Benchmark(folder, {name: benchmark.documents[name] for name in kept}, questions)


def _gathered(
    benchmark: Benchmark, limit: int, draw: random.Random, reader: Reader | None
) -> list[tuple[str, Evidence]]:
    kinds: dict[str, list[str]] = {}
    for asked in benchmark.questions:
        kinds.setdefault(asked.kind, []).append(asked.example.question)
    with tempfile.TemporaryDirectory() as folder:
        benchmark.write(Path(folder) / "documents")
        settings = load({"documents": Path(folder) / "documents", "data": Path(folder) / "data"})
        drawn = [(kind, q) for kind, qs in kinds.items() for q in draw.sample(qs, min(limit, len(qs)))]
        return _evidence(settings, drawn, reader)


def _evidence(
    settings: Settings, questions: list[tuple[str, str]], reader: Reader | None
) -> list[tuple[str, Evidence]]:
    encoder = Encoder(settings.encoder)
    build(settings, encoder)
    published = Published(settings.data, encoder.fingerprint)
    rows = []
    with published.reading() as generation:
        for kind, question in questions:
            retrieval = retrieve(question, generation, encoder, settings.retrieval)
            weighed = weigh(question, retrieval, generation)
            if weighed.candidates:
                weighed = read_in_doubt(question, weighed, retrieval, reader) if reader else weighed
                rows.append((kind, evidence(question, weighed, retrieval)))
    published.close()
    return rows


def _fit(rows: list[tuple[str, Evidence]]) -> None:
    kinds = np.array([kind for kind, _ in rows])
    values = np.array([astuple(found) for _, found in rows])
    answerable = np.char.startswith(kinds, "answerable")
    # Answerable questions count as much as all others, and those of each kind and set the same.
    share = np.zeros(len(rows))
    for kind in set(kinds):
        share[kinds == kind] = (2 if kind.startswith("answerable") else 1) / (kinds == kind).sum()
    names = [field.name for field in fields(Evidence)]
    held = names.index("stands_out")

    def loss(weights: Vector) -> float:
        logits = values @ kept(weights[1:]) + weights[0]
        wrong = np.where(answerable, np.logaddexp(0, -logits), np.logaddexp(0, logits))
        return float(share @ wrong / share.sum() + 1e-3 * (weights[1:] ** 2).sum())

    def kept(weights: Vector) -> Vector:
        return np.where(np.arange(len(names)) == held, _STANDS_OUT, weights)

    # Nothing that speaks for an answer counts against it.
    bounds = [(None, None), *((None, 0) if name == "strange" else (0, None) for name in names)]
    fitted = kept(minimize(loss, np.zeros(len(names) + 1), method="L-BFGS-B", bounds=bounds).x[1:])
    logits = values @ fitted
    bias = -float(np.quantile(logits[answerable], _FALSE_REFUSALS))
    print(", ".join(f"{name}={weight:.2f}" for name, weight in zip(names, fitted, strict=True)), f"bias {bias:.2f}")
    for kind in sorted(set(kinds)):
        print(f"{kind}: {np.mean(logits[kinds == kind] + bias < 0):.3f} refused of {(kinds == kind).sum()}")


if __name__ == "__main__":
    main()
