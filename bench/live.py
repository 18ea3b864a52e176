"""Reads all the time while the index is rebuilt again and again, as people go on asking while documents change.

Prints figures. Run: .venv/bin/python -m bench.live --rebuilds 50 --reads 20000
and for long use: .venv/bin/python -m bench.live --soak 1000
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assistant.assistant import Assistant
from assistant.settings import Settings
from bench.builders import Documents, fault_of, fork_build, open_settings, wait
from index import building
from index.encoder import Encoder
from index.following import Follower
from index.published import Published
from index.types import BuildReport
from index.verifying import verify

QUESTION = "How many times a day does harbour tram number {page} stop?"
READERS = 3
PAUSE = 0.05  # seconds between two questions of a reader, as people think


@dataclass
class Reads:
    """What readers saw: seconds of each read, and what was wrong."""

    seconds: list[float] = field(default_factory=list)
    generations: set[int] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def told(self) -> str:
        """The middle and the slow ones."""
        p50, p99 = np.percentile(self.seconds, (50, 99)) * 1000
        return f"{len(self.seconds)} reads, p50 {p50:.1f} ms, p99 {p99:.1f} ms"

    def p99(self) -> float:
        """Seconds that one in a hundred reads takes longer than."""
        return float(np.percentile(self.seconds, 99))


def read(assistant: Assistant, done: threading.Event, reads: Reads) -> None:
    """Search and check until `done`."""
    chance = random.Random()
    while not done.is_set():
        started = time.monotonic()
        try:
            found = assistant.search(QUESTION.format(page=chance.randrange(40)))
            reads.seconds.append(time.monotonic() - started)
            reads.generations.add(found.generation)
            with assistant.published.reading() as generation:
                fault = fault_of(generation)
        except Exception as error:
            fault = repr(error)
        reads.faults += [fault] if fault else []
        time.sleep(PAUSE)


@contextlib.contextmanager
def reading(assistant: Assistant) -> Iterator[Reads]:
    """Readers that read while the `with` block lasts."""
    found, done = Reads(), threading.Event()
    readers = [threading.Thread(target=read, args=(assistant, done, found)) for _ in range(READERS)]
    for reader in readers:
        reader.start()
    yield found
    done.set()
    for reader in readers:
        reader.join()


def idle(assistant: Assistant, reads: int) -> Reads:
    """So many reads while nothing is built."""
    with reading(assistant) as found:
        while len(found.seconds) < reads:
            time.sleep(0.1)
    return found


def rebuild(assistant: Assistant, follower: Follower, documents: Documents, rebuilds: int, reads: int) -> Reads:
    """Rebuild `rebuilds` times, one after the other, and go on until there are `reads`."""
    chance = random.Random(1)
    built = threading.Semaphore(0)
    with (
        follower.listening(lambda event: built.release() if isinstance(event, BuildReport) else None),
        reading(assistant) as found,
    ):
        count = 0
        while count < rebuilds or len(found.seconds) < reads:
            documents.edit_some(chance)
            follower.request()
            built.acquire()
            count += 1
    print(f"{count} rebuilds, each in a process of its own")
    return found


def live(folder: Path, rebuilds: int, reads: int) -> None:
    """Compare reads during builds with reads while nothing is built."""
    settings, documents = open_settings(folder), Documents(folder / "docs")
    assistant = Assistant(settings)
    follower = Follower(settings, assistant.encoder.fingerprint, assistant.published)
    built = threading.Event()
    with follower.listening(lambda event: built.set() if isinstance(event, BuildReport) else None):
        follower.request()
        built.wait()
    assistant.warm()
    quiet = idle(assistant, reads // 8)
    print(f"nothing built: {quiet.told()}; faults: {quiet.faults or 'none'}")
    busy = rebuild(assistant, follower, documents, rebuilds, reads)
    print(f"while building: {busy.told()}; of {len(busy.generations)} generations; faults: {busy.faults or 'none'}")
    print(f"p99 while building / idle: {busy.p99() / quiet.p99():.2f}")
    follower.close()
    assistant.close()


def soak(folder: Path, rebuilds: int) -> None:
    """Follow `rebuilds` small builds, and look at disk, files and memory of the process that reads.

    Each build is checked in its own process and not in one more, which saves a second or two each time.
    """
    import torch

    torch.set_num_threads(1)  # builders are forked
    settings, documents = open_settings(folder), Documents(folder / "docs")
    encoder = Encoder(settings.encoder)
    encoder.encode(["warm"])
    building.verify_apart = lambda folder, settings, _: verify(folder, settings.data, encoder)
    assert wait(fork_build(settings, encoder)) == 0
    ready, go = os.pipe()
    watcher = os.fork()
    if watcher == 0:
        os.close(go)
        _follow(settings, ready)
    os.close(ready)
    chance = random.Random(1)
    for number in range(1, rebuilds + 1):
        documents.edit(chance.sample(range(40), 1))
        assert wait(fork_build(settings, encoder)) == 0
        os.write(go, b"x" if number % max(1, rebuilds // 10) else b"p")
    os.close(go)
    os.waitpid(watcher, 0)


def _follow(settings: Settings, ready: int) -> None:
    """Read after each build; print what this process and the data folder hold when told to."""
    published = Published(settings.data, Encoder(settings.encoder).fingerprint)
    count = 0
    while said := os.read(ready, 1):
        with published.reading() as generation:
            assert fault_of(generation) is None
        count += 1
        if said == b"p":
            disk = sum(p.stat().st_size for p in settings.data.rglob("*") if p.is_file() and not p.is_symlink())
            memory = int(Path("/proc/self/statm").read_text().split()[1]) * 4096
            files = len(list(Path("/proc/self/fd").iterdir()))
            print(
                f"after {count} rebuilds: {disk / 1e6:.1f} MB on disk, {files} open files, "
                f"{threading.active_count()} threads, {memory / 1e6:.0f} MB of memory",
                flush=True,
            )
    os._exit(0)


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--rebuilds", type=int, default=50)
    options.add_argument("--reads", type=int, default=20_000)
    options.add_argument("--soak", type=int, default=0)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        if wanted.soak:
            soak(Path(place), wanted.soak)
        else:
            live(Path(place), wanted.rebuilds, wanted.reads)


if __name__ == "__main__":
    main()
