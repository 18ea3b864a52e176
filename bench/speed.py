"""How long a person waits: the first answer of a fresh process, each further one, and a build.

Prints figures for the documents of the settings (seeds/ by default); asserts nothing. Run: make bench
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from assistant.assistant import Assistant
from assistant.examples import Topics
from assistant.settings import load
from assistant.suggesting import TOPIC_QUESTION
from index.building import build
from index.encoder import Encoder


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as data:
        settings = load({"data": Path(data)})
        encoder = Encoder(settings.encoder)
        encoder.encode(["warm"])
        report = build(settings, encoder)
        print(
            f"build of {report.documents} documents, {report.encoded} sentences, encoder loaded: {report.seconds:.2f} s"
        )
        print(f"build again, nothing changed: {build(settings, encoder).seconds:.3f} s")
        command = [sys.executable, "-m", "assistant", "ask", "What is this about?", "--data", data]
        firsts = [_timed(command) for _ in range(5)]
        print(
            f"first answer of a fresh process: median {statistics.median(firsts):.1f} s, worst {max(firsts):.1f} s of 5"
        )
        assistant = Assistant(settings)
        questions = [TOPIC_QUESTION.format(topic=topic) for topic in Topics(assistant).now()] or ["What is this about?"]
        seconds = sorted(assistant.ask(question).seconds for question in questions * 40)
        middle, late = seconds[len(seconds) // 2], seconds[len(seconds) * 95 // 100]
        print(f"each further answer: p50 {middle * 1000:.0f} ms, p95 {late * 1000:.0f} ms of {len(seconds)}")
        assistant.close()


def _timed(command: list[str]) -> float:
    started = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - started


if __name__ == "__main__":
    main()
