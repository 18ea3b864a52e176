"""How well verdicts tell what passages say from what they do not. Prints a table, and with --fit the factors anew.

    python bench/verdicts.py FILE ... [--data DIR] [--names FILE] [--fit]

FILEs are conversation sets with written answers, and SQuAD files, whose sentences are taken as they stand; their bare
answers are short sentences. Half of the conversations and articles are for fitting, the table is of the other half.
`--data` keeps the index for a second run; `--names` is an English SQuAD file: what has a capital there is a name in a
file of another language too.
"""

from __future__ import annotations

import argparse
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from question_sets import read
from scipy.optimize import minimize
from short_answers import short_answers
from written import Case, Drawer, has_same_words, names_in

from assistant.settings import load
from assistant.verdict import likelihood, verdicts
from assistant.verdict.likelihood import FACTORS
from assistant.verdict.measures import Agreement
from assistant.verdict.verdicts import Judge
from index.building import build
from index.encoder import Encoder
from index.generation import Generation
from index.published import Published

Vector = NDArray[np.float64]

_TRUE = ("as written", "recast")
_FALSE_ALARMS = 0.14  # of the sentences of answers, on the half fitted on, at a score of 0.5


def main() -> None:
    """Draw the cases, judge them, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("benchmarks", nargs="+", type=Path)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--names", type=Path)
    parser.add_argument("--fit", action="store_true")
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        root = options.data or Path(folder)
        settings = load({"documents": root / "documents", "data": root / "data"})
        sets = [read(path, whole=True) for path in options.benchmarks]
        for benchmark in sets:
            benchmark.write(root / "documents" / benchmark.name)
        encoder = Encoder(settings.encoder)
        build(settings, encoder)
        names = read(options.names, whole=True).documents.values() if options.names else ()
        published = Published(settings.data, encoder.fingerprint)
        with published.reading() as generation:
            drawer = Drawer(generation, encoder, settings.retrieval, {n for text in names for n in names_in(text)})
            cases = [case for benchmark in sets for case in drawer.cases(benchmark)]
            cases += [case for benchmark in sets for case in short_answers(benchmark, drawer.passages)]
            judged = _judged(cases, generation, encoder)
            _sources(cases, generation, encoder)
        published.close()
    if options.fit:
        _fit(cases, judged)
    _print(cases, judged)


def _judged(cases: Sequence[Case], generation: Generation, encoder: Encoder) -> list[Agreement]:
    found, seconds, worst = [], 0.0, []
    encoder.warm()
    for case in cases:
        judge = Judge(case.question, case.offered, generation, encoder)
        started = time.process_time()
        judge.verdict(case.sentence, case.cited)
        worst.append(time.process_time() - started)
        seconds += worst[-1]
        found.append(judge.agreement(case.sentence, case.cited))
    print(f"{1000 * seconds / len(cases):.1f} ms of processor time a first verdict over its passages, ", end="")
    print(f"{1000 * float(np.quantile(worst, 0.95)):.1f} the 95th of 100")
    return found


def _sources(cases: Sequence[Case], generation: Generation, encoder: Encoder) -> None:
    draws = random.Random(3)
    for origin in dict.fromkeys(case.origin for case in cases if case.origin != "short"):
        rows = [c for c in cases if c.origin == origin and c.kind == "as written" and not c.first]
        right = assigned = 0
        for case in draws.sample(rows, min(300, len(rows))):
            passage = Judge(case.question, case.offered, generation, encoder).source(case.sentence)
            if passage:
                assigned += 1
                named = {p.chunk.document for p in case.cited}
                right += passage.chunk.document in named or any(has_same_words(passage, p) for p in case.cited)
        share = assigned / min(300, len(rows))
        print(f"source, {origin}: {share:.3f} assigned, {right / max(1, assigned):.3f} of them right")


def _fit(cases: Sequence[Case], judged: Sequence[Agreement]) -> None:
    """Fit the product of the factors, every way to be wrong counting the same; print it and use it from here on."""
    rows = [(c, a) for c, a in zip(cases, judged, strict=True) if c.first and c.origin in ("answers", "verbatim")]
    true = np.array([case.kind in _TRUE for case, _ in rows])
    labels = np.array([f"{case.origin} {case.kind in _TRUE or case.kind}" for case, _ in rows])
    share = np.zeros(len(rows))
    for label in set(labels):
        wrongs = 1 if label.endswith("True") else len({o for o in labels if o.split()[0] == label.split()[0]}) - 1
        share[labels == label] = 1 / wrongs / (labels == label).sum()
    parts = [np.array([[1.0, *(getattr(a, name) for name in f.weights)] for _, a in rows]) for f in FACTORS]
    ends = np.cumsum([part.shape[1] for part in parts])

    def logarithm(weights: Vector) -> Vector:
        found = zip(parts, np.split(weights, ends[:-1]), strict=True)
        return -sum((np.logaddexp(0, -part @ own) for part, own in found), np.zeros(len(rows)))

    def loss(weights: Vector) -> float:
        said = np.minimum(logarithm(weights), -1e-9)
        wrong = np.where(true, -said, -np.log1p(-np.exp(said)))
        return float(share @ wrong / share.sum() + 1e-4 * (weights**2).sum())

    start = np.concatenate([[2.0, *([0.0] * len(f.weights))] for f in FACTORS])
    fitted = np.split(minimize(loss, start, method="L-BFGS-B").x, ends[:-1])
    found = []
    for factor, weights in zip(FACTORS, fitted, strict=True):
        named = {name: round(float(w), 2) for name, w in zip(factor.weights, weights[1:], strict=True)}
        found.append(likelihood.Factor(round(float(weights[0]), 2), named))
        print(found[-1])
    likelihood.FACTORS = tuple(found)
    answers = [likelihood.likelihood(a) for c, a in rows if c.origin == "answers" and c.kind in _TRUE]
    print(
        f"{_FALSE_ALARMS:.0%} of the sentences of answers fitted on are below {np.quantile(answers, _FALSE_ALARMS):.3f}"
    )


def _print(cases: Sequence[Case], judged: Sequence[Agreement]) -> None:
    scores = np.array([likelihood.likelihood(found) for found in judged])
    print("| sentences | n | supported | partly | unsupported | recall | precision |")
    for origin in dict.fromkeys(case.origin for case in cases):

        def shares(chosen: Callable[[Case], bool], origin: str = origin) -> tuple[int, float, float, float]:
            own = scores[[c.origin == origin and not c.first and chosen(c) for c in cases]]
            low, high = np.mean(own < verdicts.UNSUPPORTED), np.mean(own >= verdicts.SUPPORTED)
            return len(own), float(high), max(0.0, float(1 - low - high)), float(low)

        alarms = shares(lambda case: case.kind in _TRUE)[3]
        for kind in dict.fromkeys(case.kind for case in cases if case.origin == origin):
            n, high, partly, low = shares(lambda case, kind=kind: case.kind == kind)
            told = "| |" if kind in _TRUE else f"{low:.2f} | {low / max(1e-9, low + alarms):.2f} |"
            print(f"| {origin}: {kind} | {n} | {high:.2f} | {partly:.2f} | {low:.2f} | {told}")


if __name__ == "__main__":
    main()
