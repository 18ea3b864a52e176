"""Damages every kind of file of the data folder, at rest and while it is served, and looks who notices.

Prints figures. Run: .venv/bin/python -m bench.damage --damages 200
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from assistant.settings import Settings
from bench.builders import Documents, fault_of, open_settings
from index.building import build
from index.encoder import Encoder
from index.errors import UserError
from index.folder import generation_folder
from index.published import Published

KINDS = ("cut", "flip", "delete", "zero", "swap")


@dataclass
class Damages:
    """What became of a series of damages to the newest of two generations."""

    damages: int = 0
    of: Counter[str] = field(default_factory=Counter)
    harmed: list[str] = field(default_factory=list)


def spoil(path: Path, other: Path, kind: str, chance: random.Random) -> bool:
    """Damage a file; False when that kind changes nothing of it. `other` is the same file of another generation."""
    before = data = bytearray(path.read_bytes())
    if kind == "delete":
        path.unlink()
        return True
    if kind == "cut":
        data = data[: chance.randrange(len(data))]
    elif kind == "zero":
        start = chance.randrange(len(data))
        data = data[:start] + bytes(min(4096, len(data) - start)) + data[start + 4096 :]
    elif kind == "flip":
        place = chance.randrange(len(data))
        data = data[:place] + bytes((data[place] ^ 1 << chance.randrange(8),)) + data[place + 1 :]
    elif other.is_file():
        data = bytearray(other.read_bytes())
    if data == before:
        return False
    path.write_bytes(data)
    return True


def damage(folder: Path, encoder: Encoder, damages: int, seed: int = 1) -> Damages:
    """Build two generations below `folder`, and damage copies of the data folder `damages` times."""
    chance = random.Random(seed)
    settings, documents = open_settings(folder), Documents(folder / "docs")
    build(settings, encoder)
    documents.edit([1])
    build(settings, encoder)
    victims = sorted(
        path.relative_to(settings.data) for path in generation_folder(settings.data, 2).rglob("*") if path.is_file()
    )
    victims.append(Path("CURRENT"))
    found = Damages()
    while found.damages < damages:
        victim, kind = chance.choice(victims), chance.choice(KINDS)
        copy = settings.model_copy(update={"data": folder / f"copy-{found.damages}"})
        shutil.copytree(settings.data, copy.data)
        served = chance.random() < 0.5
        what = f"{'_'.join(victim.parts[-1:])} {kind} {'while served' if served else 'at rest'}"
        noticed = _notice(copy, encoder, victim, kind, served, chance)
        if noticed is not None:
            found.damages += 1
            found.of[f"{kind} {'while served' if served else 'at rest'}"] += 1
            found.harmed += [f"{what}: {noticed}"] if noticed else []
        shutil.rmtree(copy.data)
    return found


def _notice(
    settings: Settings, encoder: Encoder, victim: Path, kind: str, served: bool, chance: random.Random
) -> str | None:
    """What went wrong when it was damaged: empty if it was noticed and PREVIOUS serves, None if nothing changed."""
    published = Published(settings.data, encoder.fingerprint)
    if served:
        with published.reading() as generation:
            assert generation.number == 2
    path = settings.data / victim
    twins = list(generation_folder(settings.data, 1).rglob(victim.name))
    other = twins[0] if twins else settings.data / "PREVIOUS"
    try:
        if not spoil(path, other, kind, chance):
            return None
        with published.reading() as generation:
            if fault := fault_of(generation):
                return fault
            if generation.number == 2:
                return "it was not noticed"
            # A CURRENT that points to the whole generation before is that generation, published.
            pointed = victim.name == "CURRENT" and kind == "swap"
            return "" if published.fault or pointed else "the generation before serves, but nothing is said"
    except UserError as error:
        return f"nothing serves: {error.message}"
    finally:
        published.close()


def main() -> None:
    """Run and print."""
    options = argparse.ArgumentParser()
    options.add_argument("--damages", type=int, default=200)
    wanted = options.parse_args()
    with tempfile.TemporaryDirectory() as place:
        encoder = Encoder(open_settings(Path(place)).encoder)
        found = damage(Path(place), encoder, wanted.damages)
    print(f"{found.damages} damages: {dict(found.of)}")
    print(f"not noticed, or not served from the generation before: {found.harmed or 'none'}")


if __name__ == "__main__":
    main()
