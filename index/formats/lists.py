"""The lines of a list, each with its depth -> HTML."""

from __future__ import annotations

from collections.abc import Iterable


def nested(items: Iterable[tuple[int, str, str]]) -> str:
    """HTML of a list and the lists within it. An item is how deep it is, `ol` or `ul`, and its content as HTML."""
    out: list[str] = []
    within: list[tuple[int, str]] = []  # the open lists: how deep, and of which kind
    for deep, kind, content in items:
        while within and (within[-1][0] > deep or (within[-1][0] == deep and within[-1][1] != kind)):
            out.append(f"</li></{within.pop()[1]}>")
        if within and within[-1][0] == deep:
            out.append("</li>")
        else:
            within.append((deep, kind))
            out.append(f"<{kind}>")
        out.append(f"<li>{content}")
    return "".join([*out, *(f"</li></{kind}>" for _, kind in reversed(within))])
