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


def test_an_answer_may_be_stopped_before_it_is_begun() -> None:
    stops = Stops()
    stops.stop("ada", ["turn0001"])
    with stops.writing("bob", "turn0001") as stopped:
        assert not stopped()
    with stops.writing("ada", "turn0001") as stopped:
        assert stopped()
    stops.stop("ada", (f"turn{n:04}" for n in range(3000)))
    assert len(stops._before) < 3000
