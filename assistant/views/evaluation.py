"""How well questions were answered, on the command line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from textwrap import shorten

from assistant.evaluating import Failure

_SHOWN = 160  # characters of a failed answer


def evaluated(figures: Mapping[str, float | None], failures: Iterable[Failure]) -> str:
    """The figures, a line each, and below them the questions that failed, with what was shown instead."""
    return "\n".join((*_told(figures), *(f"\n{_failed(failure)}" for failure in failures)))


def _told(figures: Mapping[str, float | None]) -> Iterator[str]:
    for name, value in figures.items():
        told = "not known" if value is None else f"{value:.3f}" if isinstance(value, float) else value
        yield f"{name.replace('_', ' '):20} {told}"


def _failed(failure: Failure) -> str:
    why = f"{failure.why}: {failure.question}"
    if not failure.shown:
        return why
    return f"{why}\n  {', '.join(failure.documents)}: {shorten(failure.shown, _SHOWN, placeholder=' …')}"
