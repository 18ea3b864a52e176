"""Whatever is done to the documents, in whatever order, the index that followed equals one that was made clean.

Run a long series with: python -m pytest tests/test_edits.py --hypothesis-profile=long
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from unittest import mock

import numpy as np
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from assistant.settings import load
from index.building import build
from index.encoder import Encoder
from index.types import BuildReport
from tests.conftest import LEAVE, TRAM
from tests.test_building import contents

TEXTS = (
    TRAM,
    LEAVE,
    "One sentence only.",
    "# Head\n\nText under it. And more.",
    TRAM.replace("crowns", "euros"),
    f"{LEAVE}\n\n# Added\n\n{TRAM}",
)
NAMES = ("a.txt", "b.md", "c/d.md", "E.txt", "e.txt", "c/f g.txt")


class Edits(RuleBasedStateMachine):
    """A document folder under edits, and the index that follows it."""

    encoder: Encoder

    @initialize()
    def start(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        self.docs = self.folder / "docs"
        self.docs.mkdir()
        self.settings = load({"documents": self.docs, "data": self.folder / "data"})
        self.history: list[dict[str, str]] = []
        self.write("a.txt", TRAM)
        self.follow()

    def files(self) -> dict[str, str]:
        return {p.relative_to(self.docs).as_posix(): p.read_text() for p in self.docs.rglob("*") if p.is_file()}

    def several(self) -> bool:
        return len(self.files()) > 1

    @rule(name=st.sampled_from(NAMES), text=st.sampled_from(TEXTS))
    def write(self, name: str, text: str) -> None:
        """Add, edit, or duplicate content."""
        (self.docs / name).parent.mkdir(exist_ok=True)
        (self.docs / name).write_text(text)

    @rule(name=st.sampled_from(NAMES), words=st.sampled_from(["Words were added here.", "More were added."]))
    def append(self, name: str, words: str) -> None:
        """Edit a part."""
        if (self.docs / name).is_file():
            (self.docs / name).write_text(f"{(self.docs / name).read_text()}\n\n{words}\n")

    @precondition(several)
    @rule(data=st.data())
    def delete(self, data: st.DataObject) -> None:
        (self.docs / data.draw(st.sampled_from(sorted(self.files())))).unlink()

    @rule(data=st.data(), to=st.sampled_from(NAMES))
    def rename(self, data: st.DataObject, to: str) -> None:
        """Rename, onto another or by case only too."""
        (self.docs / to).parent.mkdir(exist_ok=True)
        (self.docs / data.draw(st.sampled_from(sorted(self.files())))).rename(self.docs / to)

    @precondition(lambda self: self.history)
    @rule(data=st.data())
    def revert(self, data: st.DataObject) -> None:
        """Make the folder what it was at an earlier build."""
        before = data.draw(st.sampled_from(self.history))
        shutil.rmtree(self.docs)
        self.docs.mkdir()
        for name, text in before.items():
            self.write(name, text)

    @rule(edit_share=st.sampled_from([0.2, 100.0]))
    def follow(self, edit_share: float = 0.2) -> None:
        """Build; small sets would always be filled anew, so sometimes they are forced not to be."""
        with mock.patch("index.building._EDIT_SHARE", edit_share):
            self.check_report(build(self.settings, self.encoder, allow_shrink=True))
        self.history = [*self.history, self.files()][-4:]

    def check_report(self, report: BuildReport) -> None:
        before, now = (self.history or [{}])[-1], self.files()
        assert set(report.added) == now.keys() - before.keys()
        assert set(report.removed) == before.keys() - now.keys()
        assert set(report.changed) == {name for name in now.keys() & before.keys() if now[name] != before[name]}
        assert report.unchanged == len(now) - len(report.added) - len(report.changed)
        assert report.published == (now != before)
        for entry in report.renamed:
            assert before[entry.before] == now[entry.after]

    def teardown(self) -> None:
        if not hasattr(self, "folder"):
            return
        self.follow()
        clean = self.settings.model_copy(update={"data": self.folder / "clean"})
        build(clean, self.encoder)
        one, other = contents(self.settings, self.encoder), contents(clean, self.encoder)
        shutil.rmtree(self.folder)
        assert one.keys() == other.keys()
        for identity, (text, vectors) in one.items():
            assert other[identity][0] == text
            for name, vector in vectors.items():
                # Batches of other make-up differ in the last bits of a float.
                np.testing.assert_allclose(vector, other[identity][1][name], atol=2e-6)


def test_the_index_that_followed_equals_a_clean_one(encoder: Encoder) -> None:
    Edits.encoder = encoder
    run_state_machine_as_test(Edits)
