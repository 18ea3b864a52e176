"""Answers and passages on the command line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console
from rich.text import Text

from assistant.types import Answer, Citation
from assistant.web.plain import doubts, notes
from index.types import Passage

_BANDS = {
    "answered": "Quoted from the documents",
    "uncertain": "The documents may not answer this; the closest words are",
    "not_found": "Not in the documents",
}
_SUPPORT = {"supported": "", "partly": "underline bright_black", "unsupported": "underline yellow"}


def print_answer(answer: Answer) -> None:
    """An answer with its sources, in the colour of its band."""
    console = _console()
    if answer.band == "no_question":
        console.print(Text(answer.text))
        return
    style = {"answered": "cyan", "uncertain": "yellow", "not_found": "bright_black"}[answer.band]
    console.print(
        Text(_band(answer), style=style), Text(f"(searched for: {answer.searched_for})", style="bright_black")
    )
    console.print()
    text = Text(answer.text)
    for said in answer.statements:
        text.stylize(_SUPPORT[said.support], said.start, said.end)
    console.print(text)
    # Named, since a pipe shows no underline.
    for doubt in doubts(answer, "partly"):
        console.print(Text(f"\n{doubt}", style="bright_black"))
    for remark in doubts(answer, "unsupported") + notes(answer):
        console.print(Text(f"\n{remark}", style="yellow"))
    if answer.citations:
        console.print()
    for (title, place), numbers in _places(answer.citations).items():
        console.print(Text(f"{''.join(f'[{number}]' for number in numbers)} {title}", style="bold"))
        console.print(Text(f"    {place}", style="bright_black"))
    if answer.band == "not_found" and answer.passages:
        console.print(Text("\nThe closest passages are in:", style="bright_black"))
        for title in dict.fromkeys(f"{p.title} ({p.chunk.document})" for p in answer.passages):
            console.print(Text(f"    {title}", style="bright_black"))


def _band(answer: Answer) -> str:
    written = answer.band == "answered" and answer.writer == "generative"
    return "Written from the documents" if written else _BANDS[answer.band]


def _places(citations: Sequence[Citation]) -> dict[tuple[str, str], list[int]]:
    """Each place once, with the numbers that cite it."""
    places: dict[tuple[str, str], list[int]] = {}
    for citation in citations:
        places.setdefault((citation.title, _place(citation)), []).append(citation.number)
    return places


def _place(citation: Citation) -> str:
    place = " › ".join((citation.document, *citation.heading)) + (f", page {citation.page}" if citation.page else "")
    place += f", {citation.date}" if citation.date else ""
    return f"{place}  {citation.url}" if citation.url else place


def print_passage(passage: Passage) -> None:
    """A passage with the words in bold that it was found by."""
    chunk = passage.chunk
    place = " › ".join((chunk.document, *chunk.heading)) + (f", page {chunk.page}" if chunk.page else "")
    text = Text(chunk.text)
    for span in passage.matched:
        text.stylize("bold", span.start - chunk.start, span.end - chunk.start)
    _console().print(Text(f"{passage.score:.2f}  {passage.title}  ({place})"), text, "", sep="\n")


def _console() -> Console:
    return Console(highlight=False, soft_wrap=True)
