"""How long builds of real documents take, how much memory, and how little the next day costs.

Prints figures. Run: .venv/bin/python -m bench.rebuild FOLDER [NEXT_DAY]
"""

from __future__ import annotations

import resource
import shutil
import sys
import tempfile
import threading
import time
from pathlib import Path

from assistant.settings import load
from index.background import BackgroundBuild
from index.settings import IndexSettings
from index.types import BuildReport


def measure(name: str, settings: IndexSettings) -> None:
    """Build in a process of its own, as a server does, and print what it took."""
    peak, done = [0], threading.Event()
    steps: dict[str, float] = {}
    build = BackgroundBuild(settings)
    sampler = threading.Thread(target=_sample, args=(build.process_id, peak, done))
    sampler.start()
    started = time.monotonic()
    for event in build.events():
        if isinstance(event, BuildReport):
            report = event
        else:
            steps[event.step] = time.monotonic() - started
    done.set()
    sampler.join()
    print(
        f"{name}: {report.documents} documents, {report.chunks} passages, {len(report.edits)} read, "
        f"{report.encoded} sentences encoded, {time.monotonic() - started:.1f} s, peak memory {peak[0] / 1e6:.0f} MB; "
        f"+{len(report.added)} ~{len(report.changed)} -{len(report.removed)}, {len(report.renamed)} renamed, "
        f"{len(report.skipped)} skipped"
    )
    ends = ", ".join(f"{step} {seconds:.1f} s" for step, seconds in steps.items())
    print(f"    steps ended after: {ends}")


def _sample(process: int, peak: list[int], done: threading.Event) -> None:
    while not done.wait(0.1):
        try:
            status = Path(f"/proc/{process}/status").read_text()
        except OSError:
            return
        peak[0] = max(peak[0], int(status.split("VmHWM:")[1].split()[0]) * 1024 if "VmHWM:" in status else 0)


def main() -> None:
    """Build the folders given, one over the other."""
    with tempfile.TemporaryDirectory() as place:
        settings = load({"documents": Path(place) / "docs", "data": Path(place) / "data"})
        for number, folder in enumerate(sys.argv[1:]):
            shutil.rmtree(settings.documents, ignore_errors=True)
            shutil.copytree(folder, settings.documents)
            measure("full build" if not number else "the next day over it", settings)
        measure("nothing changed", settings)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"CPU of all builds and what they started: {children.ru_utime + children.ru_stime:.1f} s")


if __name__ == "__main__":
    main()
