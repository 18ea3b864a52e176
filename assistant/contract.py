"""Our types as the JSON that commands and HTTP promise (docs/api.md).

Names here are a contract: more may come, none may change.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from assistant.assistant import SearchResult
from assistant.state import State
from assistant.types import Answer, Citation, Delta, Draft, Event, Found, Status
from index.errors import UserError
from index.following import Following
from index.types import BuildReport, Passage, Progress

Json = dict[str, Any]


def report_json(report: BuildReport) -> Json:
    """What `assistant index --json` prints."""
    return asdict(report)


def build_event_json(event: Progress | BuildReport | UserError) -> tuple[str, Json]:
    """The name and data of what is told of a build: `progress`, `report` or `error`."""
    match event:
        case Progress():
            return "progress", asdict(event)
        case BuildReport():
            return "report", report_json(event)
        case UserError():
            return "error", error_json(event)


def following_json(following: Following) -> Json:
    """What is going on when somebody starts to listen."""
    return {
        "building": following.building,
        "progress": asdict(following.progress) if following.progress else None,
        "waiting": following.waiting,
        "build_fault": following.fault.message if following.fault else None,
    }


def state_json(state: State) -> Json:
    """What `assistant status --json` prints and GET /api/status answers."""
    return asdict(state)


def search_json(result: SearchResult) -> Json:
    """What `assistant search --json` prints and GET /api/search answers."""
    return {"query": result.query, "generation": result.generation, "passages": [_passage(p) for p in result.passages]}


def answer_json(answer: Answer) -> Json:
    """What `assistant ask --json` prints and POST /api/ask answers."""
    return {
        "question": answer.question,
        "standalone": answer.standalone,
        "searched_for": answer.searched_for,
        "generation": answer.generation,
        "answered": answer.band == "answered",
        "band": answer.band,
        "text": answer.text,
        "writer": answer.writer,
        "seconds": answer.seconds,
        "sentences": [asdict(statement) for statement in answer.statements],
        "citations": [citation_json(citation) for citation in answer.citations],
        "conflict": list(answer.conflict),
        "missing": answer.missing,
        "fallback": answer.fallback,
        "tokens": asdict(answer.tokens) if answer.tokens else None,
        "unknown_markers": answer.unknown_markers,
        "left_out": answer.left_out,
        "notice": answer.notice,
        "suggestions": list(answer.suggestions),
        "passages": [_passage(passage) for passage in answer.passages],
    }


def citation_json(citation: Citation) -> Json:
    """One citation, as in an answer."""
    return {**asdict(citation), "heading": _heading(citation.heading)}


def event_json(event: Event) -> tuple[str, Json]:
    """An event's name and data, as they are streamed."""
    match event:
        case Status(message, place):
            return "status", {"message": message, "place": place}
        case Found(searched_for, generation, passages):
            found = [_passage(passage) for passage in passages]
            return "found", {"searched_for": searched_for, "generation": generation, "passages": found}
        case Draft(answer):
            return "draft", answer_json(answer)
        case Delta(text, citation, support):
            cited = citation_json(citation) if citation else None
            return "delta", {"text": text, "citation": cited, "support": support}
        case Answer():
            return "answer", answer_json(event)


def error_json(error: UserError) -> Json:
    """An error as HTTP and streams give it."""
    return {"error": error.message, "hint": error.hint}


def _passage(passage: Passage) -> Json:
    chunk = passage.chunk
    return {
        "id": chunk.id,
        "document": chunk.document,
        "title": passage.title,
        "heading": _heading(chunk.heading),
        "page": chunk.page,
        "url": passage.url,
        "start": chunk.start,
        "end": chunk.end,
        "text": chunk.text,
        "score": passage.score,
        "digest": passage.digest,
        "highlights": [[span.start, span.end] for span in passage.matched],
        "nearest": [passage.nearest.start, passage.nearest.end] if passage.nearest else None,
    }


def _heading(path: tuple[str, ...]) -> str | None:
    return " › ".join(path) or None
