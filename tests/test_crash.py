"""Builders that are killed or raced, files that are damaged: the long series are in bench/, these are short ones."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.builders import open_settings
from bench.damage import damage
from index.building import build
from index.encoder import Encoder
from index.errors import BuildRefused
from index.folder import builder
from tests.conftest import ROOT, TRAM


def test_no_kill_harms_what_is_published(tmp_path: Path) -> None:
    # Forking wants a process without threads, which the tests' own is not.
    program = (
        "import sys, torch; from pathlib import Path; from bench.crash import crash, race, Races, Crashes; "
        "from bench.builders import open_settings; from index.encoder import Encoder; torch.set_num_threads(1); "
        "folder = Path(sys.argv[1]); encoder = Encoder(open_settings(folder).encoder); encoder.encode(['warm']); "
        "found = crash(folder / 'crash', encoder, kills=5, seed=int(sys.argv[2])); print(found); "
        "races = race(folder / 'race', encoder, races=2); print(races); "
        "sys.exit(not (found.harmless() and found.kills == 5 and found.reads > 100 "
        "and races.codes == {(0, 75): 2} and not races.not_followed))"
    )
    seed = int.from_bytes(os.urandom(2), "big")  # other kills each time; the number is in the output
    done = subprocess.run(
        [sys.executable, "-c", program, str(tmp_path), str(seed)], cwd=ROOT, capture_output=True, text=True
    )
    assert done.returncode == 0, (seed, done.stdout, done.stderr)


def test_all_damage_is_noticed_and_the_generation_before_serves(tmp_path: Path, encoder: Encoder) -> None:
    found = damage(tmp_path, encoder, damages=40, seed=int.from_bytes(os.urandom(2), "big"))
    assert found.damages == 40
    assert found.harmed == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a small disk")
@pytest.mark.parametrize("size_mb", [1, 3, 6])
def test_a_full_disk_refuses_the_build_and_the_old_index_serves(
    tmp_path: Path, encoder: Encoder, monkeypatch: pytest.MonkeyPatch, size_mb: int
) -> None:
    settings = open_settings(tmp_path)
    (tmp_path / "docs").mkdir()
    settings.data.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size_mb + 6}m", "tmpfs", str(settings.data)], capture_output=True
    )
    if mounted.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        (tmp_path / "docs" / "tram.md").write_text(TRAM)
        monkeypatch.setattr("index.folder._ROOM", 0)  # the check before would refuse it; here the disk fills under way
        build(settings, encoder)
        with (settings.data / "filler").open("wb") as filler:
            filler.write(bytes(4_000_000))
        for number in range(size_mb * 60):
            (tmp_path / "docs" / f"{number}.md").write_text(f"# {number}\n\n" + f"{TRAM} {number}." * 8)
        with pytest.raises(BuildRefused) as caught:
            build(settings, encoder)
        assert "room" in caught.value.hint or "space" in caught.value.hint
        assert builder(settings.data) is None
        assert not list((settings.data / "generations").glob("tmp-*"))
        (settings.data / "filler").unlink()
        for number in range(size_mb * 60):
            (tmp_path / "docs" / f"{number}.md").unlink()
        (tmp_path / "docs" / "leave.txt").write_text("Leave must be requested.")
        assert build(settings, encoder).published
    finally:
        subprocess.run(["umount", "--lazy", str(settings.data)], check=True)
