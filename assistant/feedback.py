"""What readers say of answers: kept in a SQLite file of its own beside the generations, which no build touches.

Who said it is not kept, but people write into questions and comments what they like: it is personal data.
"""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from index.errors import FeedbackError

KEPT = 100_000
"""How many entries are kept; the oldest make room for new ones."""

_FILE = "feedback.sqlite3"
_PATIENCE = 10.0  # seconds that a writer waits for another one
_TABLE = """
CREATE TABLE IF NOT EXISTS feedback (
    number INTEGER PRIMARY KEY, id TEXT UNIQUE, at TEXT NOT NULL, verdict TEXT NOT NULL, comment TEXT NOT NULL,
    question TEXT NOT NULL, text TEXT NOT NULL, passages TEXT NOT NULL, generation INTEGER, page TEXT NOT NULL
)
"""
_COLUMNS = "at, verdict, comment, question, text, passages, generation, page"


@dataclass(frozen=True, slots=True)
class Feedback:
    """What was said of one answer. `text` is the answer's, `passages` are the ids of what was found for it, `page` is
    the address of the wiki's page it was asked on, if any; `at` is the time as ISO 8601 in UTC."""

    at: str
    verdict: Literal["up", "down"]
    comment: str
    question: str
    text: str
    passages: tuple[str, ...]
    generation: int | None
    page: str


def now() -> str:
    """This moment, in the form of `Feedback.at`."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def add(data: Path, said: Feedback, identity: str | None = None) -> None:
    """Keep it in the data folder; under the same identity it takes the place of what was said before.

    Several processes may do so at once. Raises FeedbackError.
    """
    passages = json.dumps(said.passages)
    words = (said.comment, said.question, said.text)
    values = (identity, said.at, said.verdict, *words, passages, said.generation, said.page)
    with _opened(data, "kept") as connection:
        connection.execute(
            f"INSERT OR REPLACE INTO feedback (id, {_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values
        )
        connection.execute("DELETE FROM feedback WHERE number <= (SELECT max(number) FROM feedback) - ?", (KEPT,))


def entries(data: Path, since: datetime | None = None) -> list[Feedback]:
    """What was said since then, newest first. Raises FeedbackError."""
    if not (data / _FILE).exists():
        return []
    with _opened(data, "read") as connection:
        rows = connection.execute(
            f"SELECT {_COLUMNS} FROM feedback WHERE at >= ? ORDER BY number DESC", (_in_utc(since) if since else "",)
        ).fetchall()
    return [
        Feedback(at, verdict, comment, question, text, tuple(json.loads(passages)), generation, page)
        for at, verdict, comment, question, text, passages, generation, page in rows
    ]


def remove(data: Path, before: datetime) -> int:
    """Remove what was said before then, its words included; how many entries that were. Raises FeedbackError."""
    if not (data / _FILE).exists():
        return 0
    with _opened(data, "removed") as connection:
        return connection.execute("DELETE FROM feedback WHERE at < ?", (_in_utc(before),)).rowcount


def _in_utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")


@contextlib.contextmanager
def _opened(data: Path, done: str) -> Iterator[sqlite3.Connection]:
    """The file for one transaction, made if there is none."""
    try:
        data.mkdir(parents=True, exist_ok=True)
        os.close(os.open(data / _FILE, os.O_CREAT | os.O_WRONLY, 0o600))
        with contextlib.closing(sqlite3.connect(data / _FILE, timeout=_PATIENCE)) as connection, connection:
            connection.execute("PRAGMA secure_delete = ON")
            connection.execute("BEGIN IMMEDIATE")
            connection.execute(_TABLE)
            yield connection
    except (OSError, sqlite3.Error) as error:
        raise FeedbackError(
            f"The feedback could not be {done} ({error}).",
            hint=f"Check {data / _FILE}: its disk, its rights, and whether it is damaged.",
        ) from error
