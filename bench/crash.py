"""Kills builders at chosen points and at random times, while a reader reads all the time, and races two builders.

Prints figures. Run: .venv/bin/python -m bench.crash --kills 200 --races 100
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import torch

from assistant.settings import Settings
from bench.builders import Documents, ReaderProcess, Touches, fork_build, open_once, open_settings, wait
from index.catalog import Catalog
from index.encoder import Encoder
from index.folder import current, generation_folder


@dataclass
class Crashes:
    """What became of a series of kills."""

    kills: int = 0
    at: Counter[str] = field(default_factory=Counter)
    published_before_the_kill: int = 0
    lost: int = 0
    left: list[str] = field(default_factory=list)
    not_followed: int = 0
    open_seconds: list[float] = field(default_factory=list)
    open_faults: list[str] = field(default_factory=list)
    reads: int = 0
    generations: int = 0
    read_faults: list[str] = field(default_factory=list)

    def harmless(self) -> bool:
        """Whether no kill did any harm."""
        return not (self.lost or self.left or self.not_followed or self.open_faults or self.read_faults)


def crash(folder: Path, encoder: Encoder, kills: int, seed: int = 1) -> Crashes:
    """Edit, build and kill `kills` times in `folder`; half of the kills at a point, half at a time."""
    chance = random.Random(seed)
    settings, documents = open_settings(folder), Documents(folder / "docs")
    touches = Touches(settings.data)
    started = time.monotonic()
    assert wait(fork_build(settings, encoder, touches.watch)) == 0
    points, seconds = touches.count(), time.monotonic() - started
    found = Crashes()
    reader = ReaderProcess(folder)
    while found.kills < kills:
        documents.edit_some(chance)
        number = _number(settings)
        if chance.random() < 0.5:
            point = chance.randint(1, points)
            code, where = wait(fork_build(settings, encoder, lambda: touches.watch(point))), "at a point"  # noqa: B023
        else:
            child, where = fork_build(settings, encoder, touches.watch), "at a time"
            time.sleep(chance.uniform(0, seconds))
            os.kill(child, signal.SIGKILL)
            code = wait(child)
        if code == -signal.SIGKILL:
            found.kills += 1
            found.at[where] += 1
            _examine(found, folder, settings, number)
        assert wait(fork_build(settings, encoder, touches.watch)) == 0
        points = max(100, touches.count())
        found.not_followed += not _follows(settings, documents)
        found.left += _left(settings)
    told = reader.stop()
    found.reads, found.generations, found.read_faults = told["reads"], told["generations"], told["faults"]
    return found


def _number(settings: Settings) -> int:
    pointer = current(settings.data)
    return pointer.number if pointer else 0


def _examine(found: Crashes, folder: Path, settings: Settings, before: int) -> None:
    found.published_before_the_kill += _number(settings) > before
    found.lost += _number(settings) < before
    opened = open_once(folder)
    found.open_seconds.append(opened["seconds"])
    found.open_faults += [opened["fault"]] if opened["fault"] else []


def _follows(settings: Settings, documents: Documents) -> bool:
    catalog = Catalog.open(generation_folder(settings.data, _number(settings)) / "catalog.sqlite")
    manifest = catalog.document("manifest.txt")
    catalog.close()
    return manifest is not None and manifest.text.split()[1:] == f"{' '.join(map(str, documents.versions))}.".split()


def _left(settings: Settings) -> list[str]:
    """What should not be there after a build: anything beside two generations, one more that is read, and the files."""
    generations = sorted(place.name for place in (settings.data / "generations").iterdir())
    unknown = [name for name in generations if not name.isdigit()]
    readers = len(list((settings.data / "readers").iterdir()))
    files = {place.name for place in settings.data.iterdir()} - {
        "LOCK", "CURRENT", "PREVIOUS", "KEY", "HISTORY.jsonl", "encodings.sqlite", "generations", "readers"
    }  # fmt: skip
    too_many = generations[:-4] + ([f"{readers} readers"] if readers > 3 else [])
    return [*unknown, *too_many, *files]


@dataclass
class Races:
    """What became of builders that started together."""

    races: int = 0
    codes: Counter[tuple[int, ...]] = field(default_factory=Counter)
    not_followed: int = 0


def race(folder: Path, encoder: Encoder, races: int, seed: int = 1) -> Races:
    """Start two builders at once, `races` times."""
    chance = random.Random(seed)
    settings, documents = open_settings(folder), Documents(folder / "docs")
    found = Races()
    for _ in range(races):
        documents.edit_some(chance)
        children = [fork_build(settings, encoder) for _ in range(2)]
        found.codes[tuple(sorted(wait(child) for child in children))] += 1
        found.races += 1
        found.not_followed += not _follows(settings, documents)
    return found


def main() -> None:
    """Run both and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--kills", type=int, default=200)
    options.add_argument("--races", type=int, default=100)
    wanted = options.parse_args()
    torch.set_num_threads(1)  # a forked process has no threads but the one that forked
    with tempfile.TemporaryDirectory() as place:
        settings = open_settings(Path(place))
        encoder = Encoder(settings.encoder)
        encoder.encode(["warm"])
        found = crash(Path(place) / "crash", encoder, wanted.kills)
        slowest = sorted(found.open_seconds)
        print(f"{found.kills} kills ({dict(found.at)}), {found.published_before_the_kill} of them after publishing")
        print(f"published generations lost: {found.lost}; leftovers after the next build: {found.left or 'none'}")
        print(f"next builds that did not follow the documents: {found.not_followed}")
        print(f"opening after a kill: median {slowest[len(slowest) // 2]:.2f} s, worst {slowest[-1]:.2f} s")
        print(f"faults found by it: {found.open_faults or 'none'}")
        print(
            f"reads meanwhile: {found.reads} of {found.generations} generations; faults: {found.read_faults or 'none'}"
        )
        races = race(Path(place) / "race", encoder, wanted.races)
        print(f"{races.races} races; exit codes: {dict(races.codes)}; not followed: {races.not_followed}")


if __name__ == "__main__":
    main()
