"""Feedback on the command line: in words, and as a table for other programs."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import asdict, fields
from typing import TextIO

from assistant.feedback import Feedback

_COLUMNS = [field.name for field in fields(Feedback)]
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")  # what a spreadsheet takes for one
_SHOWN = 300  # characters of an answer


def told(said: Feedback) -> str:
    """One entry as lines of text."""
    lines = [f"{said.at}  {said.verdict:4}  {_in_line(said.question)}"]
    answer = _in_line(said.text)
    lines.append(f"    {answer[:_SHOWN]}{'…' if len(answer) > _SHOWN else ''}")
    if said.comment:
        lines.append(f"    Comment: {_in_line(said.comment)}")
    if said.page:
        lines.append(f"    Page: {_in_line(said.page)}")
    return "\n".join(lines)


def write_csv(entries: Iterable[Feedback], to: TextIO) -> None:
    """All entries with a line of names before them. A cell that a spreadsheet would run starts with an apostrophe."""
    # All is quoted: with this end of line the writer leaves a carriage return bare, at which readers begin a new row.
    table = csv.writer(to, lineterminator="\n", quoting=csv.QUOTE_ALL)
    table.writerow(_COLUMNS)
    for said in entries:
        values = {**asdict(said), "passages": " ".join(said.passages)}
        table.writerow([_harmless(values[name]) for name in _COLUMNS])


def _harmless(value: object) -> object:
    if isinstance(value, str) and value.lstrip(" \xa0\ufeff").startswith(_FORMULAS):
        return f"'{value}"
    return value


def _in_line(text: str) -> str:
    """Text on one line and without control characters, which a terminal would obey."""
    return "".join(character if character.isprintable() else " " for character in " ".join(text.split()))
