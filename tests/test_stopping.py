"""Stopping answers: by whoever asked for them, and by nobody else."""

from __future__ import annotations

from assistant.web.stopping import Stops


def test_an_answer_is_stopped_by_whoever_asked_for_it() -> None:
    stops = Stops()
    with stops.writing("ada", "turn0001") as stopped, stops.writing("ada", "turn0002") as other:
        stops.stop("bob", ["turn0001"])
        stops.stop(None, ["turn0001"])
        assert not stopped()
        stops.stop("ada", ["turn0001", "of-nobody"])
        assert stopped()
        assert not other()
    with stops.writing("ada", "turn0001") as stopped:  # the same id again is another answer
        assert not stopped()
