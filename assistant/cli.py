"""The commands. Results go to stdout, messages to stderr; knows typer and rich, and imports the rest when needed.

Exit: 0 done, 1 error, 2 usage, 3 done but some documents skipped, 75 another build runs.
"""

from __future__ import annotations

import json
import logging
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import UserError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.types import Answer, Citation
    from index.types import Skipped

app = typer.Typer(
    help="Ask your documents; every sentence of the answer cites its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Documents = Annotated[Path | None, typer.Option("--documents", metavar="DIR", help="The document folder.")]
_Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where the index is kept.")]
_Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]

_SKIPPED = 3


def main() -> None:
    """Run a command. The command line's door: the only place here that catches everything."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except UserError as error:
        print(f"{error.message}\n{error.hint}", file=sys.stderr)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(1)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        sys.exit(130)
    except Exception as error:
        logging.getLogger("assistant").exception("the command failed")
        print(f"This is a fault of the assistant: {error}\nPlease report it with the lines above.", file=sys.stderr)
        sys.exit(1)


@app.command()
def index(
    documents: _Documents = None,
    data: _Data = None,
    full: Annotated[bool, typer.Option("--full", help="Read every document anew.")] = False,
    allow_shrink: Annotated[bool, typer.Option("--allow-shrink", help="Let many documents go at once.")] = False,
    as_json: _Json = False,
) -> None:
    """Make the index follow the documents."""
    from assistant.contract import report_json
    from index.building import build
    from index.encoder import Encoder

    settings = _settings(documents, data)
    with _BuildProgress(quiet=as_json or not sys.stderr.isatty()) as progress:
        report = build(settings, Encoder(settings.encoder), full=full, allow_shrink=allow_shrink, tell=progress.tell)
    _warn_skipped(report.skipped)
    if as_json:
        _print_json(report_json(report))
    elif report.published:
        counts = ((len(report.added), "added"), (len(report.changed), "changed"), (len(report.removed), "removed"))
        told = ", ".join(f"{count} {what}" for count, what in counts if count) or "only what is skipped changed"
        print(f"Generation {report.generation} is published: {told}.")
        held = f"{_count(report.documents, 'document')}, {_count(report.chunks, 'passage')}"
        print(f"{held}; {_count(report.encoded, 'sentence')} encoded.")
    else:
        held = _count(report.documents, "document")
        print(f"Nothing changed: generation {report.generation} with {held} is up to date.")
    if report.skipped:
        raise typer.Exit(_SKIPPED)


@app.command()
def status(documents: _Documents = None, data: _Data = None, as_json: _Json = False) -> None:
    """Show what the index holds and whether it is up to date."""
    from assistant.contract import state_json
    from assistant.state import state
    from index.encoder import Encoder
    from index.published import Published

    settings = _settings(documents, data)
    published = Published(settings.data, Encoder(settings.encoder).fingerprint)
    now = state(settings, published)
    published.close()
    if as_json:
        _print_json(state_json(now))
        return
    held = f"{_count(now.documents, 'document')}, {_count(now.chunks, 'passage')}"
    print(f"Generation {now.generation}, built {now.built_at}: {held}.")
    print(f"Encoder {now.encoder}, writer {now.writer}.")
    if now.documents_fault:
        print(now.documents_fault, file=sys.stderr)
    else:
        print("The documents differ from the index; run: assistant index" if now.stale else "The index is up to date.")
    if now.building:
        print("A build is running.")
    if now.fault:
        print(f"The newest generation is damaged, an older one is served: {now.fault}", file=sys.stderr)
    _warn_skipped(now.skipped)


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="How many passages.")] = 8,
    within: Annotated[str | None, typer.Option("--in", metavar="PLACE", help="Only this document or folder.")] = None,
    data: _Data = None,
    as_json: _Json = False,
) -> None:
    """Find passages, without an answer."""
    from assistant.assistant import Assistant
    from assistant.contract import search_json

    assistant = Assistant(_settings(None, data))
    result = assistant.search(query, limit, within)
    assistant.close()
    if as_json:
        _print_json(search_json(result))
        return
    for passage in result.passages:
        chunk = passage.chunk
        place = " › ".join((chunk.document, *chunk.heading)) + (f", page {chunk.page}" if chunk.page else "")
        print(f"{passage.score:.2f}  {passage.title}  ({place})\n{chunk.text}\n")


@app.command()
def ask(question: str, data: _Data = None, as_json: _Json = False) -> None:
    """Ask a question and get an answer in which every sentence is cited."""
    from assistant.assistant import Assistant
    from assistant.contract import answer_json

    assistant = Assistant(_settings(None, data))
    answer = assistant.ask(question)
    assistant.close()
    if as_json:
        _print_json(answer_json(answer))
    else:
        _print_answer(answer)


@app.command()
def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Questions with known answers.")],
    data: _Data = None,
    as_json: _Json = False,
) -> None:
    """Ask questions whose answers are known, and print how well they were found, answered and refused."""
    from dataclasses import asdict

    from assistant.assistant import Assistant
    from assistant.evaluating import figures, judge, read_examples

    examples = read_examples(questions)
    assistant = Assistant(_settings(None, data))
    result = asdict(figures(list(judge(assistant, examples))))
    assistant.close()
    if as_json:
        _print_json(result)
        return
    for name, value in result.items():
        told = "not known" if value is None else f"{value:.3f}" if isinstance(value, float) else value
        print(f"{name.replace('_', ' '):20} {told}")


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port to listen on.")] = None,
    documents: _Documents = None,
    data: _Data = None,
) -> None:
    """Serve the chat page and the HTTP interface."""
    settings = _settings(documents, data, host=host, port=port)

    from assistant.web.server import serve as run

    run(settings)


@app.command()
def rollback(data: _Data = None) -> None:
    """Serve the generation before this one again. The next build follows the documents as ever."""
    from index.generation import build_lock, roll_back

    folder = _settings(None, data).data
    with build_lock(folder):
        number = roll_back(folder)
    print(f"Generation {number} is published again.")


@app.command()
def doctor(documents: _Documents = None, data: _Data = None, as_json: _Json = False) -> None:
    """Check the installation; each problem comes with its remedy."""
    from dataclasses import asdict

    from assistant.doctor import examine

    settings = _settings(documents, data)
    found = []
    for check in examine(settings):
        found.append(check)
        if not as_json:
            print(f"{'ok  ' if check.ok else 'BAD '} {check.name}: {check.message}")
            if check.remedy:
                print(f"     {check.remedy}")
    if as_json:
        _print_json({"ok": all(check.ok for check in found), "checks": [asdict(check) for check in found]})
    if not all(check.ok for check in found):
        raise typer.Exit(1)


def _settings(documents: Path | None, data: Path | None, **others: Any) -> Settings:
    from assistant.settings import load

    return load({"documents": documents, "data": data, **others})


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" + ("" if number == 1 else "s")


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))


def _warn_skipped(skipped: tuple[Skipped, ...]) -> None:
    for entry in skipped:
        print(f"Skipped {entry.document}: {entry.reason}.", file=sys.stderr)


_BANDS = {
    "answered": "Quoted from the documents",
    "uncertain": "The documents may not answer this; the closest words are",
    "not_found": "Not in the documents",
}


def _print_answer(answer: Answer) -> None:
    from rich.console import Console
    from rich.text import Text

    console = Console(highlight=False, soft_wrap=True)
    style = {"answered": "cyan", "uncertain": "yellow", "not_found": "bright_black"}[answer.band]
    console.print(
        Text(_BANDS[answer.band], style=style), Text(f"(searched for: {answer.searched_for})", style="bright_black")
    )
    console.print()
    console.print(Text(answer.text))
    if answer.citations:
        console.print()
    for citation in answer.citations:
        console.print(Text(f"[{citation.number}] {citation.title}", style="bold"))
        console.print(Text(f"    {_place(citation)}", style="bright_black"))
    if answer.band == "not_found" and answer.passages:
        console.print(Text("\nThe closest passages are in:", style="bright_black"))
        for title in dict.fromkeys(f"{p.title} ({p.chunk.document})" for p in answer.passages):
            console.print(Text(f"    {title}", style="bright_black"))


def _place(citation: Citation) -> str:
    place = " › ".join((citation.document, *citation.heading)) + (f", page {citation.page}" if citation.page else "")
    return f"{place}  {citation.url}" if citation.url else place


class _BuildProgress:
    """A progress bar on a terminal, nothing elsewhere."""

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._bar: Any = None
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _BuildProgress:
        if not self._quiet:
            from rich.console import Console
            from rich.progress import Progress

            self._bar = Progress(console=Console(stderr=True), transient=True)
            self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._bar:
            self._bar.stop()

    def tell(self, progress: Any) -> None:
        """Show how far the build is."""
        if self._bar:
            if progress.step not in self._tasks:
                self._tasks[progress.step] = self._bar.add_task(progress.step, total=progress.total)
            self._bar.update(self._tasks[progress.step], completed=progress.done, total=progress.total)


if __name__ == "__main__":
    main()
