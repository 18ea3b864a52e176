"""The JSON and event-stream routes. What they promise is in docs/api.md."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.assistant import Assistant
from assistant.contract import answer_json, error_json, event_json, search_json, state_json
from assistant.state import ServedState
from assistant.types import Event, Turn
from assistant.web.errors import FAILED
from assistant.web.limits import Limits
from assistant.web.visitor import Visitor
from assistant.web.walking import GONE, answered, walked
from index.errors import UserError

log = logging.getLogger(__name__)
router = APIRouter()

READ = ["GET", "HEAD"]  # of what is fetched whole and changes nothing; the server leaves the body of a HEAD away
_PATH = 1_000  # characters of a document's or folder's path
_ADDRESS = 4_000  # characters of a page's address


def _assistant(request: Request) -> Assistant:
    assistant: Assistant = request.app.state.assistant
    return assistant


def _visitor(request: Request) -> Visitor:
    visitor: Visitor = request.scope["visitor"]
    return visitor


def _limits(request: Request) -> Limits:
    limits: Limits = request.app.state.limits
    return limits


TheAssistant = Annotated[Assistant, Depends(_assistant)]
TheVisitor = Annotated[Visitor, Depends(_visitor)]
TheLimits = Annotated[Limits, Depends(_limits)]


async def passing(request: Request, limits: TheLimits) -> AsyncIterator[None]:
    """Be among those that are answered at once, until the answer is sent; who goes waits no longer to be."""

    async def gone() -> None:
        while (await request.receive())["type"] != "http.disconnect":
            pass

    async with limits.gate.passing_async(gone):
        yield


class Said(BaseModel):
    """An earlier turn of the conversation."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    text: str = Field(max_length=20_000)


class Question(BaseModel):
    """The body of POST /api/ask."""

    model_config = ConfigDict(extra="forbid")

    question: str
    history: list[Said] = Field([], max_length=100)
    within: str | None = Field(None, max_length=_PATH)
    page: str | None = Field(None, max_length=_ADDRESS)


@router.post("/api/ask", response_model=None, dependencies=[Depends(passing)])
async def ask(body: Question, request: Request, assistant: TheAssistant) -> Response:
    """Answer a question: as a stream of events, or at once for those who accept JSON."""
    events = walked(assistant.stream(body.question, _history(body), body.within, body.page))
    if "application/json" in request.headers.get("accept", ""):
        answer = await answered(request, events)
        return JSONResponse(answer_json(answer)) if answer else Response(status_code=GONE)
    return EventSourceResponse(_told(events), headers={"x-accel-buffering": "no"})


def _history(body: Question) -> list[Turn]:
    return [Turn(said.role, said.text) for said in body.history]


async def _told(events: AsyncGenerator[Event, None]) -> AsyncIterator[ServerSentEvent]:
    try:
        async with aclosing(events):
            async for event in events:
                name, data = event_json(event)
                yield _event(name, data)
    except UserError as error:
        yield _event("error", error_json(error))
    except Exception:
        log.exception("answering failed")
        yield _event("error", error_json(FAILED))


def _event(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)


@router.get("/api/search", dependencies=[Depends(passing)])
def search(
    q: str,
    assistant: TheAssistant,
    limit: Annotated[int, Query(ge=1, le=50)] = 8,
    within: Annotated[str | None, Query(max_length=_PATH)] = None,
) -> dict[str, Any]:
    """Passages for a query, in one document or folder if it is named."""
    return search_json(assistant.search(q, limit, within))


@router.get("/api/status")
def status(request: Request, assistant: TheAssistant) -> dict[str, Any]:
    """The state of the index."""
    served: ServedState = request.app.state.served
    return {**state_json(served.now()), "watching": assistant.settings.watch}


@router.get("/api/documents")
def documents(
    assistant: TheAssistant, document: Annotated[list[str] | None, Query(max_length=100)] = None
) -> dict[str, Any]:
    """Every document of the served generation, or those of the names given that are in it."""
    with assistant.published.reading() as generation:
        entries = [
            {"document": entry.path, "title": entry.title, "url": entry.url, "digest": entry.digest}
            for entry in generation.catalog.entries()
            if document is None or entry.path in document
        ]
        return {"generation": generation.number, "documents": entries}


@router.api_route("/health", methods=READ)
def health() -> dict[str, bool]:
    """Whether the process answers."""
    return {"ok": True}


@router.api_route("/ready", methods=READ)
def ready(assistant: TheAssistant) -> dict[str, Any]:
    """Whether a verified generation is served; 503 otherwise."""
    with assistant.published.reading() as generation:
        return {"ok": True, "generation": generation.number}
