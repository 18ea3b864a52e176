"""Builds and the index on the command line: a bar with rate and time left on a terminal, sentences, or JSON lines."""

from __future__ import annotations

import json
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from index.errors import UserError
from index.history import BUILD_KINDS
from index.types import BuildReport, Progress, Skipped

if TYPE_CHECKING:
    import rich.progress

    from assistant.state import State

_SILENCE = 15.0  # seconds after which a long build is heard of where there is no terminal
_NAMED = 10  # documents of each kind that are named on a terminal


class BuildView:
    """Shows what is told of builds. `lines`: everything as JSON lines on stdout; `quiet`: nothing."""

    def __init__(self, *, lines: bool, quiet: bool) -> None:
        self._lines, self._quiet = lines, quiet
        self._told = time.monotonic()
        self._bar: rich.progress.Progress | None = None
        self._tasks: dict[str, rich.progress.TaskID] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end_bar()

    def show(self, event: Progress | BuildReport | UserError) -> None:
        """Show how far a build is, what it did, or what went wrong."""
        if self._lines:
            from assistant.contract import build_event_json

            name, data = build_event_json(event)
            print(json.dumps({"event": name, **data}, ensure_ascii=False), flush=True)
        elif isinstance(event, Progress):
            if sys.stderr.isatty() and not self._quiet:
                self._show_bar(event)
            elif not self._quiet and time.monotonic() - self._told > _SILENCE:
                self._told = time.monotonic()
                pace = f" ({_pace(event)})" if _pace(event) else ""
                print(f"{event.step} {event.done:,} of {event.total:,}{pace}", file=sys.stderr, flush=True)
        else:
            self._end_bar()
            if isinstance(event, BuildReport):
                self._show_report(event)
            else:
                print(f"{event.message}\n{event.hint}", file=sys.stderr, flush=True)

    def _show_report(self, report: BuildReport) -> None:
        warn_skipped(report.skipped)
        if not self._quiet:
            print("\n".join(_told(report)), flush=True)

    def _show_bar(self, progress: Progress) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        if self._bar is None:
            step, pace = TextColumn("{task.description:<9}"), TextColumn("{task.fields[pace]}")
            self._bar = Bar(step, BarColumn(), MofNCompleteColumn(), pace, console=Console(stderr=True), transient=True)
            self._bar.start()
        if progress.step not in self._tasks:
            self._tasks[progress.step] = self._bar.add_task(progress.step, total=progress.total, pace="")
        task = self._tasks[progress.step]
        self._bar.update(task, completed=progress.done, total=progress.total, pace=_pace(progress))

    def _end_bar(self) -> None:
        if self._bar:
            self._bar.stop()
        self._bar, self._tasks = None, {}


def _pace(progress: Progress) -> str:
    if not progress.rate or progress.seconds_left is None:
        return ""
    left = round(progress.seconds_left)
    return f"{progress.rate:,.0f}/s, {left // 60}:{left % 60:02d} left"


def _told(report: BuildReport) -> list[str]:
    """A report in sentences, and the documents it is about."""
    counts = ((len(report.added), "added"), (len(report.changed), "changed"), (len(report.removed), "removed"))
    what = ", ".join(f"{count} {kind}" for count, kind in counts if count)
    held = f"{counted(report.documents, 'document')}, {counted(report.chunks, 'passage')}"
    if report.dry_run:
        lines = [
            f"This would be done: {what or 'nothing'}.",
            f"{held}; {counted(report.encoded, 'sentence')} to encode.",
        ]
    elif report.published:
        lines = [f"Generation {report.generation} is published: {what or 'only what is skipped changed'}."]
        lines += [f"{held}; {counted(report.encoded, 'sentence')} encoded."]
    else:
        told = f"generation {report.generation} with {counted(report.documents, 'document')} is up to date"
        return [f"Nothing changed: {told}."]
    return [*lines, *_named(report)]


def _named(report: BuildReport) -> list[str]:
    renamed = {entry.after: entry.before for entry in report.renamed}
    gone = set(renamed.values())
    passages = {entry.document: entry for entry in report.edits}
    lines = [f"  renamed  {before} → {after}" for after, before in renamed.items()]
    lines += [
        f"  added    {name} ({counted(passages[name].passages, 'passage')})"
        for name in report.added
        if name not in renamed
    ]
    lines += [
        f"  changed  {name} ({passages[name].new} of {counted(passages[name].passages, 'passage')})"
        for name in report.changed
    ]
    lines += [f"  removed  {name}" for name in report.removed if name not in gone]
    more = len(lines) - _NAMED
    return lines if more <= 0 else [*lines[:_NAMED], f"  and {more} more (--json names all)"]


def told_build(entry: dict[str, Any]) -> str:
    """One build of the history, in a line."""
    if "error" in entry:
        return f"failed: {entry['error']}"
    what = ", ".join(f"{entry[kind]['count']} {kind}" for kind in BUILD_KINDS if entry[kind]["count"])
    return f"generation {entry['generation']}: {what or 'read anew'} ({entry['seconds']:.1f} s)"


def counted(number: int, thing: str) -> str:
    """A number of things, in words."""
    return f"{number} {thing}" + ("" if number == 1 else "s")


def warn_skipped(skipped: tuple[Skipped, ...]) -> None:
    """Name each file that is not in the index, with the reason."""
    for entry in skipped:
        print(f"Skipped {entry.document}: {entry.reason}.", file=sys.stderr)


def print_state(now: State) -> None:
    """Print what the index holds, and what is wrong with it."""
    held = f"{counted(now.documents, 'document')}, {counted(now.chunks, 'passage')}"
    print(f"Generation {now.generation}, built {now.built_at}: {held}.")
    print(f"Encoder {now.encoder}, writer {now.writer}.")
    if now.documents_fault:
        print(now.documents_fault, file=sys.stderr)
    elif now.held_back:
        print("The index was rolled back; it follows the next change of the documents, or: assistant index")
    else:
        print("The documents differ from the index; run: assistant index" if now.stale else "The index is up to date.")
    if now.builder:
        print(f"A build is running ({now.builder}).")
    if now.fault:
        print(f"The newest generation is damaged, an older one is served: {now.fault}", file=sys.stderr)
    warn_skipped(now.skipped)
    if now.history:
        print("\nThe last builds:")
    for entry in now.history[:5]:
        print(f"  {entry['at']}  {told_build(entry)}")
