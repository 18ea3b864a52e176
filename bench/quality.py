"""How well questions are found and answered, beside what the usual tutorials build. Prints one table a benchmark.

    python bench/quality.py FILE_OR_FOLDER ... [--data DIR] [--mix FILE] [--questions N] [--slips] [--whole]
                            [--no-baselines]

Asserts that every citation of every answer is sound; everything else is printed as it comes. `--data` keeps the
encodings, so that a second run is quick. Forms of benchmarks: bench/question_sets.py.
"""

from __future__ import annotations

import argparse
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

from baselines import Search, baselines
from question_sets import Asked, Benchmark, read, slipped

from assistant.assistant import Assistant
from assistant.evaluating import Figures, Judged, figures, judge, mean, retrieval_figures, shows
from assistant.quoting.reader import Page, Reader
from assistant.settings import load
from index.building import build
from index.encoder import Encoder, Vector
from index.encodings import EncodingsCache

_TIMED = 300  # questions whose processor time is taken
_CONTEXT = 1024  # tokens of passages within which an excerpt should be
_COLUMNS = (
    ("n", "questions"),
    ("R@1", "recall_at_1"),
    ("R@5", "recall_at_5"),
    ("R@10", "recall_at_10"),
    ("nDCG", "ndcg_at_10"),
    ("shown", "answer_recall"),
    ("F1", "answer_f1"),
    ("words", "words"),
    ("citP", "citation_precision"),
    ("citR", "citation_recall"),
    ("refused", "refusal_recall"),
    ("false ref.", "false_refusals"),
    ("p50 s", "p50_seconds"),
    ("p95 s", "p95_seconds"),
)


class _TimedEncoder(Encoder):
    """An encoder that counts the processor time it takes."""

    taken = 0.0

    def encode_one(self, text: str) -> Vector:
        """As the encoder does."""
        started = time.process_time()
        try:
            return super().encode_one(text)
        finally:
            self.taken += time.process_time() - started


class _TimedReader(Reader):
    """A reader that counts the processor time it takes."""

    taken = 0.0

    def read(self, question: str, page: Page) -> list[float | None]:
        """As the reader does."""
        started = time.process_time()
        try:
            return super().read(question, page)
        finally:
            self.taken += time.process_time() - started


def main() -> None:
    """Measure and print."""
    options = _options()
    for path in options.benchmarks:
        benchmark = read(path, options.whole)
        for other in options.mix:
            mixed = {f"mixed/{other.stem}/{name}": text for name, text in read(other).documents.items()}
            benchmark = Benchmark(benchmark.name, {**benchmark.documents, **mixed}, benchmark.questions)
        with tempfile.TemporaryDirectory() as place:
            _run(benchmark, Path(place), options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("benchmarks", nargs="+", type=Path)
    parser.add_argument("--data", type=Path, help="a data folder whose encodings are kept between runs")
    parser.add_argument("--mix", type=Path, action="append", default=[], help="another benchmark's documents beside")
    parser.add_argument("--questions", type=int, default=500, help="of each kind, drawn at random; 0 for all")
    parser.add_argument("--slips", action="store_true", help="with a slip of the pen in a long word of each question")
    parser.add_argument("--whole", action="store_true", help="leave nothing of a SQuAD file out of the index")
    parser.add_argument("--baselines", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args()


def _run(benchmark: Benchmark, place: Path, options: argparse.Namespace) -> None:
    benchmark.write(place / "documents")
    settings = load({"documents": place / "documents", "data": options.data or place / "data"})
    encoder = _TimedEncoder(settings.encoder)
    report = build(settings, encoder, allow_shrink=True)
    print(
        f"\n{benchmark.name}: {report.documents} documents, {report.chunks} passages, built in {report.seconds:.0f} s"
    )
    assistant = Assistant(settings)
    assistant.encoder = encoder
    assistant.warm()
    kinds = _by_kind(benchmark.questions, options.questions)
    if options.slips:
        draw = random.Random(9)
        kinds = {kind: [slipped(asked, draw) for asked in part] for kind, part in kinds.items()}
    judged = {kind: list(judge(assistant, (asked.example for asked in part))) for kind, part in kinds.items()}
    _print_header()
    answered = [j for part in judged.values() for j in part if j.example.answers is not None]
    for kind, part in judged.items():
        _print_row(kind, figures(part))
        nowhere = [j for j, asked in zip(part, kinds[kind], strict=True) if not _stands_elsewhere(asked, j)]
        if len(nowhere) < len(part):
            _print_row(" and in no passage found", figures(nowhere))
    if answered and len(answered) < sum(map(len, judged.values())):
        _print_row("all together", figures([j for part in judged.values() for j in part]))
    _assert_sound([j for part in judged.values() for j in part])
    asked = [a for part in kinds.values() for a in part if a.example.documents]
    searches: dict[str, Search] = {}
    if options.baselines and asked:
        encodings = EncodingsCache(settings.data / "encodings.sqlite", encoder)
        searches = baselines(benchmark.documents, encodings, place / "chroma")
        for name, search in searches.items():
            _print_baseline(name, search, asked)
    if any(a.example.history for a in asked):
        _print_follow_ups(assistant, asked)
    if any(a.excerpts for a in asked):
        _print_excerpts(assistant, encoder, searches, asked)
    _print_work(assistant, encoder, kinds)
    assistant.close()


def _by_kind(questions: Iterable[Asked], limit: int) -> dict[str, list[Asked]]:
    kinds: dict[str, list[Asked]] = {}
    for asked in questions:
        kinds.setdefault(asked.kind, []).append(asked)
    draw = random.Random(7)
    return {k: draw.sample(v, limit) if limit and len(v) > limit else v for k, v in sorted(kinds.items())}


def _stands_elsewhere(asked: Asked, judged: Judged) -> bool:
    """Whether an answer whose paragraph was left out stands in another passage found: the question may have an answer
    all the same."""
    return shows("\n".join(passage.chunk.text for passage in judged.answer.passages), asked.gone)


def _assert_sound(judged: Sequence[Judged]) -> None:
    for j in judged:
        assert j.sound == len(j.answer.citations), f"a citation is not sound: {j.example.question}"
        assert j.cited == len(j.answer.statements), f"a statement is not cited: {j.example.question}"


# --- printing --------------------------------------------------------------------------------------------------


def _print_header() -> None:
    print(f"{'':26}" + "".join(f"{head:>11}" for head, _ in _COLUMNS))


def _print_row(name: str, row: Figures) -> None:
    _print_values(name, {field: getattr(row, field) for _, field in _COLUMNS})


def _print_values(name: str, values: Mapping[str, float | None]) -> None:
    def told(value: float | None) -> str:
        return "" if value is None else f"{value:.3f}" if isinstance(value, float) else str(value)

    print(f"{name:26}" + "".join(f"{told(values.get(field)):>11}" for _, field in _COLUMNS), flush=True)


def _print_baseline(name: str, search: Search, asked: Sequence[Asked]) -> None:
    """A baseline's row: it shows its best passage."""
    pairs, seen, lengths, seconds = [], [], [], []
    for a in asked:
        started = time.monotonic()
        found = search(a.example.question, 50)
        seconds.append(time.monotonic() - started)
        pairs.append((a.example.documents, tuple(dict.fromkeys(f.document for f in found))))
        best = found[0].text if found else ""
        lengths.append(len(best.split()))
        if a.example.answers:
            seen.append(shows(best, a.example.answers))
    seconds.sort()
    values: dict[str, float | None] = {"questions": len(asked), **retrieval_figures(pairs), "answer_recall": mean(seen)}
    values |= {"words": statistics.median(lengths), "p50_seconds": seconds[len(seconds) // 2]}
    _print_values(name, values | {"p95_seconds": seconds[len(seconds) * 95 // 100]})


def _print_follow_ups(assistant: Assistant, asked: Sequence[Asked]) -> None:
    """What a last turn finds alone, with its conversation, and as a person rewrote it."""
    forms: dict[str, Callable[[Asked], str]] = {
        "last turn alone": lambda a: a.example.question,
        "with its conversation": lambda a: assistant.ask(a.example.question, a.example.history).standalone,
        "rewritten by a person": lambda a: a.rewrite or a.example.question,
    }
    for name, form in forms.items():
        pairs = []
        for a in asked:
            found = assistant.search(form(a), 50).passages
            pairs.append((a.example.documents, tuple(dict.fromkeys(p.chunk.document for p in found))))
        _print_values(name, {"questions": len(pairs), **retrieval_figures(pairs)})


def _print_excerpts(
    assistant: Assistant, encoder: Encoder, searches: Mapping[str, Search], asked: Sequence[Asked]
) -> None:
    """How much of the exact excerpts stands in the passages that fill the first tokens of a context."""

    def of_product(query: str) -> list[str]:
        return [passage.chunk.text for passage in assistant.search(query, 50).passages]

    rows = {"assistant": of_product}
    for name, search in searches.items():
        rows[name] = lambda query, search=search: [found.text for found in search(query, 50)]
    print(
        f"excerpts within {_CONTEXT} tokens of passages: share of excerpts that stand there whole; all of a question's"
    )
    for name, passages in rows.items():
        single: list[float] = []
        every: list[float] = []
        for a in asked:
            text = _squeezed(_filled(passages(a.example.question), encoder))
            held = [_squeezed(excerpt) in text for excerpt in a.excerpts]
            single += held
            every.append(all(held))
        print(f"{name:26}{mean(single):11.3f}{mean(every):11.3f}")


def _filled(passages: Sequence[str], encoder: Encoder) -> str:
    kept, room = [], _CONTEXT
    for passage in passages:
        (tokens,) = encoder.count_tokens([passage])
        if tokens > room:
            words = passage.split()
            kept.append(" ".join(words[: int(len(words) * room / tokens)]))
            break
        kept.append(passage)
        room -= tokens
    return "\n".join(kept)


def _squeezed(text: str) -> str:
    return "".join(c for c in text.casefold() if c.isalnum())


def _print_work(assistant: Assistant, encoder: _TimedEncoder, kinds: Mapping[str, Sequence[Asked]]) -> None:
    """Processor time of answering by quotes, without what is suggested after it: of the two models, and of all else."""
    reader = assistant.reader = _TimedReader()
    assistant.warm()
    times: list[tuple[float, float, float]] = []
    every = [asked for part in kinds.values() for asked in part]
    for asked in random.Random(5).sample(every, min(_TIMED, len(every))):
        encoder.taken = reader.taken = 0.0
        before = time.process_time()
        assistant.quote(asked.example.question)
        taken = time.process_time() - before
        times.append((encoder.taken, reader.taken, taken - encoder.taken - reader.taken))
    print(f"processor time of {len(times)} questions, ms: p50, p95, mean")
    for name, part in zip(("encoding", "reading", "all else"), zip(*times, strict=True), strict=True):
        late = sorted(part)[len(part) * 95 // 100]
        told = (statistics.median(part), late, statistics.fmean(part))
        print(f"{name:26}" + "".join(f"{seconds * 1000:11.1f}" for seconds in told))


if __name__ == "__main__":
    main()
