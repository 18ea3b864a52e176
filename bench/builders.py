"""Documents that tell whether a generation is of one piece, builders that may be killed, and readers that check.

Every document names the version it was last written in, and `manifest.txt` says which version that must be. A builder
is forked from a process that has loaded the encoder, so that a build costs what it costs and not the loading.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from assistant.settings import Settings, load
from index.building import build
from index.encoder import Encoder
from index.errors import UserError
from index.generation import Generation
from index.published import Published

PAGES = 40
_NICE = 10  # of the process that reads without a pause, so that it takes only what the builders leave of the machine
_EVENTS = frozenset(
    ("open", "os.rename", "os.mkdir", "os.remove", "os.rmdir", "shutil.copyfile", "shutil.rmtree", "sqlite3.connect",
     "subprocess.Popen", "os.utime", "shutil.copytree", "os.listdir", "os.scandir")
)  # fmt: skip


class Documents:
    """A folder of pages whose versions are known."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.versions = [0] * PAGES
        self._next = 0
        folder.mkdir(parents=True)
        self.edit(range(PAGES))

    def edit(self, pages: Any) -> None:
        """Write these pages anew, and the manifest."""
        self._next += 1
        for page in pages:
            self.versions[page] = self._next
            (self.folder / f"{page}.md").write_text(
                f"# Page {page}\n\nPage {page} is of version {self._next}. It was written with care.\n\n"
                f"## Details\n\nThe harbour tram number {page} stops here {self._next} times a day."
            )
        (self.folder / "manifest.txt").write_text("Manifest: " + " ".join(map(str, self.versions)) + ".")

    def edit_some(self, chance: random.Random) -> None:
        """One page, a few, or all of them."""
        self.edit(chance.sample(range(PAGES), chance.choice((1, 1, 3, PAGES))))


def open_settings(folder: Path) -> Settings:
    """Settings for documents and data below `folder`."""
    return load({"documents": folder / "docs", "data": folder / "data"})


def fault_of(generation: Generation) -> str | None:
    """What is wrong with a generation: anything missing, or pages of other versions than its manifest says."""
    manifest = generation.catalog.document("manifest.txt")
    if manifest is None:
        return "no manifest"
    expected = [int(version) for version in re.findall(r"\d+", manifest.text)]
    vector = np.random.default_rng().normal(size=384).astype(np.float32)
    near = generation.store.nearest(vector / np.linalg.norm(vector), 20)
    ids = [sentence.rpartition(":")[0] for sentence, _ in near]
    ids += [chunk for chunk, _ in generation.catalog.search(["version", "page"], 20)]
    chunks = generation.catalog.chunks_by_id(list(dict.fromkeys(ids)))
    if len(near) < 20 or set(ids) != chunks.keys():
        return f"{len(set(ids) - chunks.keys())} passages are missing"
    for chunk in chunks.values():
        if said := re.search(r"Page (\d+) is of version (\d+)", chunk.text):
            page, version = map(int, said.groups())
            if expected[page] != version:
                return f"page {page} is of version {version}, not {expected[page]}"
    return None


def fork_build(settings: Settings, encoder: Encoder, before: Callable[[], object] = lambda: None) -> int:
    """Build in a forked process, after `before` was called there. Its process id."""
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        os.setpgid(0, 0)
        before()
        build(settings, encoder)
        code = 0
    except UserError as error:
        code = error.exit_code
    except BaseException as error:
        print(f"a builder failed: {error!r}", file=sys.stderr)
    finally:
        os._exit(code)


def wait(child: int) -> int:
    """A builder's exit code, negative for the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


class Touches:
    """How often a forked builder touched the data folder, counted in memory that is shared with it."""

    def __init__(self, data: Path) -> None:
        self._data = str(data)
        self._count = mmap.mmap(-1, 8)

    def count(self) -> int:
        """How often so far."""
        return int.from_bytes(self._count[:8], "big")

    def watch(self, kill_at: int = 0) -> None:
        """In the builder: count from now on, and end the process at the `kill_at`-th time."""
        self._count[:8] = bytes(8)

        def touch(event: str, arguments: tuple[object, ...]) -> None:
            if event == "subprocess.Popen" or (event in _EVENTS and self._data in str(arguments[:2])):
                self._count[:8] = (self.count() + 1).to_bytes(8, "big")
                if self.count() == kill_at:
                    os.kill(os.getpid(), signal.SIGKILL)

        sys.addaudithook(touch)


class ReaderProcess:
    """A process that reads all the time and checks what it reads; once it reads, it gives way to what computes."""

    def __init__(self, folder: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.builders", "read", str(folder)], stdout=subprocess.PIPE, text=True
        )
        assert self._process.stdout
        self._process.stdout.readline()  # it reads

    def stop(self) -> dict[str, Any]:
        """End it: how many reads of how many generations, and what was wrong."""
        self._process.terminate()
        out, _ = self._process.communicate(timeout=60)
        found: dict[str, Any] = json.loads(out)
        return found


def open_once(folder: Path) -> dict[str, Any]:
    """What a fresh process finds: how long it takes to open the index, once everything is imported, and any fault."""
    command = [sys.executable, "-m", "bench.builders", "open", str(folder)]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def _open(published: Published) -> None:
    started = time.monotonic()
    with published.reading() as generation:
        seconds = time.monotonic() - started
        fault = fault_of(generation) or (published.fault.message if published.fault else None)
        print(json.dumps({"seconds": seconds, "generation": generation.number, "fault": fault}))


def _read(published: Published) -> None:
    stopped = threading.Event()
    signal.signal(signal.SIGTERM, lambda *_: stopped.set())
    reads, faults, generations = 0, [], set()
    print("reading", flush=True)
    os.nice(_NICE)
    while not stopped.is_set():
        try:
            with published.reading() as generation:
                generations.add(generation.number)
                fault = fault_of(generation) or (published.fault.message if published.fault else None)
        except Exception as error:
            fault = repr(error)
        faults += [fault] if fault else []
        reads += 1
    published.close()
    print(json.dumps({"reads": reads, "generations": len(generations), "faults": faults}))


if __name__ == "__main__":
    what, folder = sys.argv[1:]
    opened = open_settings(Path(folder))
    {"read": _read, "open": _open}[what](Published(opened.data, Encoder(opened.encoder).fingerprint))
