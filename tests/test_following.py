"""The index follows its documents by itself: noticed, built apart, one build at a time, and never forced."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.settings import Settings
from index import following
from index.background import BackgroundBuild
from index.encoder import Encoder
from index.errors import BuildRefused, BuildStopped, UserError
from index.folder import build_lock, builder, current
from index.following import Event, Follower
from index.generation import roll_back
from index.history import read_history
from index.types import BuildReport, Progress
from tests.conftest import LEAVE, TRAM, BuildHere

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]


class Heard:
    """Everything that a follower told, in order."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self._come = threading.Condition()

    def __call__(self, event: Event) -> None:
        with self._come:
            self.events.append(event)
            self._come.notify_all()

    def results(self) -> list[BuildReport | UserError]:
        return [event for event in self.events if not isinstance(event, Progress)]

    def wait(self, count: int, seconds: float = 180) -> list[BuildReport | UserError]:
        """The first `count` reports and errors."""
        with self._come:
            assert self._come.wait_for(lambda: len(self.results()) >= count, seconds), self.events
            return self.results()


@pytest.fixture
def heard(
    own: Assistant,
    settings: Settings,
    encoder: Encoder,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> Iterator[tuple[Follower, Heard]]:
    """A follower that is quick to notice, and what it tells."""
    for name, seconds in {"_QUIET": 0.1, "_RESTLESS": 1.0, "_SWEEP": 0.5, "_OTHERS": 0.05}.items():
        monkeypatch.setattr(following, name, seconds)
    if "apart" not in request.keywords:
        request.getfixturevalue("followed_here")
    follower = Follower(settings, encoder.fingerprint, own.published)
    told = Heard()
    with follower.listening(told):
        yield follower, told
    follower.close()


@pytest.mark.apart
def test_an_edit_is_served_soon_after(
    write: Write, heard: tuple[Follower, Heard], own: Assistant, rebuild: Rebuild
) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    rebuild()
    follower.watch()
    write({"tram.md": TRAM.replace("38.6 million", "99 million")})
    (report,) = told.wait(1)
    assert isinstance(report, BuildReport)
    assert (report.generation, report.changed) == (2, ("tram.md",))
    steps = [event for event in told.events if isinstance(event, Progress)]
    assert list(dict.fromkeys(step.step for step in steps)) == ["reading", "encoding", "storing", "checking"]
    assert all(0 <= step.done <= step.total for step in steps)
    assert "tram.md" in {step.document for step in steps}
    assert steps[-1].seconds_left == 0
    assert "99 million" in own.ask("How much did the repairs cost?").text
    deadline = time.monotonic() + 20
    while follower.now() != following.Following(False, None, False, None):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_however_a_document_changes_the_index_follows(
    write: Write, heard: tuple[Follower, Heard], own: Assistant, place: Path
) -> None:
    follower, told = heard
    write({"tram.md": TRAM, "leave.txt": LEAVE, "more.txt": "One more document."})
    follower.watch()
    told.wait(1)
    docs = place / "docs"
    (place / "aside").write_text(TRAM.replace("1911", "1912"))
    (place / "aside").replace(docs / "tram.md")  # an editor's atomic save
    (report,) = told.wait(2)[1:]
    assert isinstance(report, BuildReport)
    assert (report.changed, report.edits[0].new) == (("tram.md",), 1)
    (docs / "leave.txt").rename(docs / "days off.txt")
    (report,) = told.wait(3)[2:]
    assert isinstance(report, BuildReport)
    assert [(r.before, r.after) for r in report.renamed] == [("leave.txt", "days off.txt")]
    assert report.encoded == 0
    (docs / "more.txt").unlink()
    (report,) = told.wait(4)[3:]
    assert isinstance(report, BuildReport)
    assert report.removed == ("more.txt",)
    docs.rename(place / "old")
    (place / "new").mkdir()
    (place / "new" / "days off.txt").write_text(LEAVE.replace("25 days", "30 days"))
    (place / "new" / "tram.md").write_text(TRAM)
    (place / "new").rename(docs)  # another folder takes its place, as a mount or a switched link
    told.wait(5)
    assert "30 days" in own.ask("How many days of annual leave are there?").text


def test_a_file_that_is_being_written_is_indexed_whole_in_the_end(
    write: Write, heard: tuple[Follower, Heard], own: Assistant, place: Path
) -> None:
    follower, told = heard
    write({"leave.txt": LEAVE})
    follower.watch()
    told.wait(1)
    with (place / "docs" / "slow.txt").open("w") as file:
        for number in range(30):  # longer than a restless folder is waited for
            file.write(f"Entry {number} of the log was written. ")
            file.flush()
            time.sleep(0.05)
    deadline = time.monotonic() + 30
    while "Entry 29" not in own.ask("Was entry 29 of the log written?").text:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_while_one_builds_all_that_ask_share_the_next(write: Write, heard: tuple[Follower, Heard]) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    BuildHere.gate.clear()
    assert follower.request() == "started"
    while not follower.now().building:
        time.sleep(0.01)
    assert {follower.request() for _ in range(50)} == {"waiting"}
    assert follower.now().waiting
    write({"leave.txt": LEAVE})
    BuildHere.gate.set()
    told.wait(2)
    time.sleep(0.5)
    assert len(told.results()) == 2
    assert not follower.now().waiting


def test_a_build_elsewhere_is_waited_for(write: Write, heard: tuple[Follower, Heard], settings: Settings) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    with build_lock(settings.data):
        follower.request()
        time.sleep(0.4)
        assert told.results() == []
    assert isinstance(told.wait(1)[0], BuildReport)


def test_a_refused_build_is_told_and_not_forced(
    write: Write, heard: tuple[Follower, Heard], own: Assistant, place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    follower, told = heard
    write({f"{n}.txt": f"Document number {n} says this." for n in range(5)})
    follower.watch()
    told.wait(1)
    for n in range(4):
        (place / "docs" / f"{n}.txt").unlink()
    assert isinstance(told.wait(2)[1], BuildRefused)
    time.sleep(1.5)  # three sweeps
    assert len(told.results()) == 2
    fault = follower.now().fault
    assert fault is not None
    assert "Only 1 of the 5" in fault.message
    assert "number 2" in own.ask("What does document number 2 say?").text
    assert read_history(own.settings.data)[0]["error"] == fault.message
    write({f"{n}.txt": f"Document number {n} says this." for n in range(4)})
    deadline = time.monotonic() + 20
    while follower.now().fault:
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_folder_that_went_away_is_told_and_followed_when_it_is_back(
    write: Write, heard: tuple[Follower, Heard], place: Path
) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    follower.watch()
    told.wait(1)
    (place / "docs").rename(place / "away")
    deadline = time.monotonic() + 20
    while not follower.now().fault:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    (place / "away" / "leave.txt").write_text(LEAVE)
    (place / "away").rename(place / "docs")
    told.wait(2)
    assert follower.now().fault is None


def test_what_was_rolled_back_does_not_come_again_by_itself(
    write: Write, heard: tuple[Follower, Heard], settings: Settings, rebuild: Rebuild
) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    rebuild()
    write({"tram.md": TRAM.replace("38.6 million", "99 million")})
    rebuild()
    with build_lock(settings.data):
        roll_back(settings.data)
    follower.watch()
    time.sleep(1.5)
    assert told.results() == []
    write({"tram.md": TRAM.replace("38.6 million", "39 million")})
    assert told.wait(1)[0].generation == 3  # type: ignore[union-attr]


def test_a_damaged_generation_is_replaced(
    write: Write, heard: tuple[Follower, Heard], own: Assistant, settings: Settings
) -> None:
    follower, told = heard
    write({"tram.md": TRAM})
    follower.watch()
    told.wait(1)
    deadline = time.monotonic() + 180
    while follower._tried:  # until it sees that the build did it, a damage would wait half a minute for another one
        assert time.monotonic() < deadline
        time.sleep(0.05)
    (victim,) = settings.data.rglob("catalog.sqlite")
    victim.write_bytes(victim.read_bytes()[:-100])
    told.wait(2)
    while (pointer := current(settings.data)) is None or pointer.number < 2:  # a slow first build was tried twice
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert "38.6 million" in own.ask("How much did the repairs cost?").text
    assert own.published.fault is None


@pytest.mark.apart
def test_a_stopped_build_leaves_nothing(write: Write, settings: Settings) -> None:
    write({f"{n}.txt": f"Document number {n} says this. It has {n} words more." for n in range(200)})
    started = BackgroundBuild(settings)
    events = started.events()
    next(event for event in events if isinstance(event, Progress) and event.step == "encoding" and event.done)
    assert builder(settings.data)
    started.stop()
    with pytest.raises(BuildStopped):
        list(events)
    assert builder(settings.data) is None
    assert list((settings.data / "generations").iterdir()) == []
    again = list(BackgroundBuild(settings).events())[-1]
    assert isinstance(again, BuildReport)
    assert (again.generation, len(again.added)) == (1, 200)
    assert again.encoded < again.documents * 2, "what was encoded before the stop is kept"


@pytest.mark.apart
def test_a_build_ends_with_whoever_started_it(write: Write, settings: Settings, place: Path) -> None:
    write({f"{n}.txt": f"Document number {n} says this. It has {n} words more." for n in range(400)})
    program = (
        "import sys; from pathlib import Path; from index.background import BackgroundBuild; "
        "from index.settings import IndexSettings; "
        f"build = BackgroundBuild(IndexSettings(documents=Path({str(settings.documents)!r}), "
        f"data=Path({str(settings.data)!r})));\n"
        "for event in build.events(): print(event, flush=True)"
    )
    starter = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert starter.stdout
    assert "reading" in starter.stdout.readline()
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    starter.stdout.close()
    deadline = time.monotonic() + 15
    while builder(settings.data):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    assert list((settings.data / "generations").iterdir()) == []
