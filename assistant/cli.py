"""The commands. Results go to stdout, messages to stderr; knows typer, and imports the rest when needed.

Exit: 0 done, 1 error, 2 usage, 3 done but some documents skipped, 75 another build runs.
"""

from __future__ import annotations

import json
import logging
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.views.builds import BuildView, print_state
from index.errors import UserError

if TYPE_CHECKING:
    from assistant.settings import Settings

app = typer.Typer(
    help="Ask your documents; every sentence of the answer cites its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

_Documents = Annotated[Path | None, typer.Option("--documents", metavar="DIR", help="The document folder.")]
_Data = Annotated[Path | None, typer.Option("--data", metavar="DIR", help="Where the index is kept.")]
_Within = Annotated[str | None, typer.Option("--in", metavar="PLACE", help="Only this document or folder.")]
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
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    watch: Annotated[bool, typer.Option("--watch", help="Follow the documents until stopped.")] = False,
    lines: Annotated[bool, typer.Option("--lines", help="Print progress and results as JSON lines.")] = False,
    as_json: _Json = False,
) -> None:
    """Make the index follow the documents."""
    if watch and (full or allow_shrink or dry_run or as_json):
        raise typer.BadParameter("--watch goes with --lines only.")
    from index.apart import stop_in_order

    stop_in_order()
    settings = _settings(documents, data)
    with BuildView(lines=lines, quiet=as_json) as view:
        if watch:
            _follow(settings, view)
            return
        from index.building import build
        from index.encoder import Encoder

        encoder = Encoder(settings.encoder)
        report = build(settings, encoder, full=full, allow_shrink=allow_shrink, dry_run=dry_run, tell=view.show)
        view.show(report)
    if as_json:
        from assistant.contract import report_json

        _print_json(report_json(report))
    if report.skipped:
        raise typer.Exit(_SKIPPED)


def _follow(settings: Settings, view: BuildView) -> None:
    """Build whenever the documents changed, until stopped."""
    import threading

    from index.encoder import Encoder
    from index.following import Event, Follower
    from index.planning import find_due

    fingerprint = Encoder(settings.encoder).fingerprint
    find_due(settings, fingerprint)  # a folder that is not there is said at once
    follower = Follower(settings, fingerprint)
    unheard = threading.Event()

    def show(event: Event) -> None:
        try:
            view.show(event)
        except BrokenPipeError:
            unheard.set()

    try:
        with follower.listening(show):
            follower.watch()
            print(f"Following {settings.documents}  (stop with Ctrl+C)", file=sys.stderr)
            unheard.wait()
    except (KeyboardInterrupt, SystemExit):
        print("Stopped.", file=sys.stderr)
    finally:
        follower.close()


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
    else:
        print_state(now)


@app.command()
def search(
    query: str,
    limit: Annotated[int, typer.Option("--limit", min=1, max=50, help="How many passages.")] = 8,
    within: _Within = None,
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
    from assistant.views.answers import print_passage

    for passage in result.passages:
        print_passage(passage)


@app.command()
def ask(question: str, within: _Within = None, data: _Data = None, as_json: _Json = False) -> None:
    """Ask a question and get an answer in which every sentence is cited."""
    from assistant.assistant import Assistant
    from assistant.contract import answer_json
    from assistant.views.answers import print_answer

    assistant = Assistant(_settings(None, data))
    answer = assistant.ask(question, within=within)
    assistant.close()
    if as_json:
        _print_json(answer_json(answer))
    else:
        print_answer(answer)


@app.command()
def evaluate(
    questions: Annotated[Path, typer.Argument(metavar="QUESTIONS.jsonl", help="Questions with known answers.")],
    data: _Data = None,
    as_json: _Json = False,
) -> None:
    """Ask questions whose answers are known, and print how well they were found, answered and refused."""
    from dataclasses import asdict

    from assistant.assistant import Assistant
    from assistant.evaluating import failures, figures, judge, read_examples
    from assistant.views.evaluation import evaluated

    examples = read_examples(questions)
    assistant = Assistant(_settings(None, data))
    judged = list(judge(assistant, examples))
    assistant.close()
    result, failed = asdict(figures(judged)), failures(judged)
    if not any(example.documents for example in examples):
        print('No question names its "documents", so recall and nDCG are not known.', file=sys.stderr)
    if as_json:
        _print_json({**result, "failures": [asdict(failure) for failure in failed]})
        return
    print(evaluated(result, failed))


@app.command()
def serve(
    host: Annotated[str | None, typer.Option("--host", help="The address to listen on.")] = None,
    port: Annotated[int | None, typer.Option("--port", help="The port to listen on.")] = None,
    watch: Annotated[bool | None, typer.Option("--watch/--no-watch", help="Follow the documents.")] = None,
    documents: _Documents = None,
    data: _Data = None,
) -> None:
    """Serve the chat page and the HTTP interface."""
    settings = _settings(documents, data, host=host, port=port, watch=watch)

    from assistant.web.server import serve as run

    run(settings)


@app.command()
def feedback(
    since: Annotated[datetime | None, typer.Option("--since", help="Only what was said since then.")] = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print a table for spreadsheets.")] = False,
    remove_before: Annotated[
        datetime | None, typer.Option("--remove-before", help="Remove for good what was said before then.")
    ] = None,
    data: _Data = None,
    as_json: _Json = False,
) -> None:
    """Show what readers said of answers, newest first."""
    if as_csv + as_json + (remove_before is not None) > 1:
        raise typer.BadParameter("--csv, --json and --remove-before do not go together.")
    from dataclasses import asdict

    from assistant.feedback import entries, remove
    from assistant.views.feedback import told, write_csv

    folder = _settings(None, data).data
    if remove_before:
        print(f"Removed: {remove(folder, remove_before)}.")
        return
    found = entries(folder, since)
    if as_json:
        _print_json({"feedback": [asdict(said) for said in found]})
    elif as_csv:
        write_csv(found, sys.stdout)
    else:
        print("\n\n".join(told(said) for said in found) or "Nobody has said anything yet.")


@app.command()
def rollback(data: _Data = None) -> None:
    """Serve the generation before this one again. The next build follows the documents as ever."""
    from index.folder import build_lock
    from index.generation import roll_back

    folder = _settings(None, data).data
    with build_lock(folder):
        number = roll_back(folder)
    print(f"Generation {number} is published again.")


@app.command()
def doctor(
    wiki: Annotated[str | None, typer.Argument(metavar="[URL]", help="A page of a wiki that shows it.")] = None,
    documents: _Documents = None,
    data: _Data = None,
    as_json: _Json = False,
) -> None:
    """Check the installation, or a wiki's page that shows it; each problem comes with its remedy."""
    from dataclasses import asdict

    from assistant.doctor.installation import examine
    from assistant.doctor.wiki import examine_wiki

    settings = _settings(documents, data)
    found = []
    for check in examine_wiki(settings, wiki) if wiki else examine(settings):
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


def _print_json(value: dict[str, Any]) -> None:
    print(json.dumps(value, ensure_ascii=False, indent=2))
