"""A build in a process of its own: what it needs, and what may kill it, ends with it; who waits stays responsive."""

from __future__ import annotations

import dataclasses
import logging
import os
from collections.abc import Iterator
from typing import Any

from index import apart, errors
from index.errors import BuildStopped, UserError
from index.settings import IndexSettings
from index.types import BuildReport, Edit, Progress, Rename, Skipped

_NICE = 10


class BackgroundBuild:
    """A build that runs apart. Walk `events`; `stop` ends it from any thread and leaves nothing of it."""

    def __init__(self, settings: IndexSettings, *, full: bool = False, allow_shrink: bool = False) -> None:
        shape = settings.model_dump(mode="json", include=set(IndexSettings.model_fields))
        self._child = apart.Child("index.background", {"settings": shape, "full": full, "allow_shrink": allow_shrink})

    def events(self) -> Iterator[Progress | BuildReport]:
        """How far it is, and last its report. Raises what `build` raises, or BuildStopped."""
        with self._child:
            for line in self._child.lines():
                match line:
                    case {"progress": fields}:
                        yield Progress(**fields)
                    case {"report": fields}:
                        yield _report(fields)
                        return
                    case {"error": kind, "message": message, "hint": hint}:
                        raise getattr(errors, kind)(message, hint=hint)
            how = self._child.wait()
        raise BuildStopped(f"The build stopped before it was done ({how}).", hint="Run it again: assistant index")

    @property
    def process_id(self) -> int:
        """The process that builds."""
        return self._child.process_id

    def stop(self) -> None:
        """End it; what was encoded so far is kept for the next one."""
        self._child.stop()


def _report(fields: dict[str, Any]) -> BuildReport:
    names = {name: tuple(fields[name]) for name in ("added", "changed", "removed")}
    facts = {
        "skipped": tuple(Skipped(**entry) for entry in fields["skipped"]),
        "renamed": tuple(Rename(**entry) for entry in fields["renamed"]),
        "edits": tuple(Edit(**entry) for entry in fields["edits"]),
    }
    return BuildReport(**{**fields, **names, **facts})


def main(task: dict[str, Any]) -> None:
    """The building process."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    os.nice(_NICE)
    settings = IndexSettings(**task["settings"])

    from index.building import build
    from index.encoder import Encoder

    def tell(progress: Progress) -> None:
        apart.write_line({"progress": dataclasses.asdict(progress)})

    try:
        report = build(
            settings, Encoder(settings.encoder), full=task["full"], allow_shrink=task["allow_shrink"], tell=tell
        )
        apart.write_line({"report": dataclasses.asdict(report)})
    except UserError as error:
        apart.write_line({"error": type(error).__name__, "message": error.message, "hint": error.hint})
