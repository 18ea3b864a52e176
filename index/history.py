"""The last builds that published something or failed, as HISTORY.jsonl in the data folder keeps them, newest last."""

from __future__ import annotations

import contextlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import UserError
from index.folder import replace_file
from index.types import BuildReport

BUILD_KINDS = ("added", "changed", "removed", "renamed", "skipped")
"""What is counted of a build, each as `{"count", "names"}`."""

_KEPT = 20
_NAMED = 20  # names of each kind


def read_history(data: Path) -> list[dict[str, Any]]:
    """The last builds, newest first; empty when none is known."""
    try:
        lines = (data / "HISTORY.jsonl").read_text("utf-8").splitlines()
        return [entry for line in reversed(lines) if _is_build(entry := json.loads(line))]
    except (OSError, ValueError):
        return []  # a damaged history is no reason to fail; the next build starts it anew


def remember_build(data: Path, outcome: BuildReport | UserError) -> None:
    """Add a build, or the error that it ended with. A fault that goes on is kept once.

    Where it cannot be written, as on a full disk, the build is not remembered.
    """
    told = _counts(outcome) if isinstance(outcome, BuildReport) else {"error": outcome.message, "hint": outcome.hint}
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), **told}
    before = read_history(data)
    if before and entry.get("error") and before[0].get("error") == entry["error"]:
        before = before[1:]
    entries = [entry, *before][:_KEPT]
    with contextlib.suppress(OSError):
        replace_file(
            data / "HISTORY.jsonl", "".join(f"{json.dumps(e, ensure_ascii=False)}\n" for e in reversed(entries))
        )


def _counts(report: BuildReport) -> dict[str, object]:
    lists: dict[str, tuple[str, ...]] = {
        "added": report.added,
        "changed": report.changed,
        "removed": report.removed,
        "skipped": tuple(entry.document for entry in report.skipped),
        "renamed": tuple(f"{entry.before} → {entry.after}" for entry in report.renamed),
    }
    counts = {name: {"count": len(names), "names": names[:_NAMED]} for name, names in lists.items()}
    return {"generation": report.generation, **counts, "encoded": report.encoded, "seconds": report.seconds}


def _is_build(entry: object) -> bool:
    done = {"generation", "seconds", *BUILD_KINDS}
    return isinstance(entry, dict) and "at" in entry and ("error" in entry or done <= entry.keys())
