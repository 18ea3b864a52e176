"""OpenAI's form of a question and its answer, for programs that speak nothing else. What it promises is in docs/api.md.

The answer is text with its sources below it, and beside it the same for programs: `citations`, `band`, `sentences` with
their verdicts, `fallback`, `notice`.
"""

from __future__ import annotations

import json
import logging
import time
import uuid
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, Field
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.assistant import Assistant
from assistant.contract import citation_json
from assistant.conversation import LEANT_ON
from assistant.types import Answer, Delta, Draft, Event, Found, Turn
from assistant.web.api import TheAssistant, passing
from assistant.web.errors import FAILED
from assistant.web.plain import inert, remarks, without_sources
from assistant.web.walking import GONE, answered, walked
from index.errors import QuestionError, UserError

log = logging.getLogger(__name__)
router = APIRouter()

MODEL = "documents"
BROKEN_OFF = "The answer stopped here. Quoted from the documents instead:"

_BELOW = "/v1/"
_ALIVE = 5.0  # seconds between two signs of life in a stream, since clients give up on one that is silent
_LONGEST_TURN = 20_000  # characters of one that are read
_FAILED = f"{FAILED.message} {FAILED.hint}"
_KINDS = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}


class Part(BaseModel):
    """A part of a message."""

    type: str
    text: str = ""


class Said(BaseModel):
    """A message. Only those of the user and the assistant are heeded."""

    role: str
    content: str | list[Part] | None = None

    @property
    def text(self) -> str:
        """Its words."""
        parts = [self.content] if isinstance(self.content, str) else [part.text for part in self.content or ()]
        return "\n".join(parts)


class StreamOptions(BaseModel):
    """What a stream brings along."""

    include_usage: bool = False


class ResponseFormat(BaseModel):
    """The form in which the answer is wanted."""

    type: Literal["text"]


class Completion(BaseModel):
    """The body of POST /v1/chat/completions. What else OpenAI's clients may send is not heeded; `within` and `page` are
    ours, as in POST /api/ask."""

    model: str
    messages: list[Said] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    n: Literal[1] | None = 1
    response_format: ResponseFormat | None = None
    within: str | None = Field(None, max_length=1_000)
    page: str | None = Field(None, max_length=4_000)


class Reply:
    """The pieces of one answer in OpenAI's form."""

    def __init__(self, asked: Sequence[str]) -> None:
        self._id = f"chatcmpl-{uuid.uuid4().hex}"
        self._created = int(time.time())
        self._asked = asked

    def whole(self, answer: Answer) -> dict[str, Any]:
        """The answer at once."""
        text = inert(answer.text + remarks(answer))
        message = {"role": "assistant", "content": text, "refusal": None, **_structured(answer)}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
        return {**self._head("chat.completion"), "choices": [choice], "usage": self._usage(text, answer)}

    def piece(self, delta: dict[str, Any], *, finish: str | None = None) -> dict[str, Any]:
        """The next piece of a stream."""
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
        return {**self._head("chat.completion.chunk"), "choices": [choice]}

    def used(self, text: str, answer: Answer) -> dict[str, Any]:
        """The last piece of a stream for those who count."""
        return {**self._head("chat.completion.chunk"), "choices": [], "usage": self._usage(text, answer)}

    def _head(self, kind: str) -> dict[str, Any]:
        return {"id": self._id, "object": kind, "created": self._created, "model": MODEL}

    def _usage(self, text: str, answer: Answer) -> dict[str, int]:
        """What a language model read and wrote in tokens; words where none did, which costs nothing."""
        asked, said = sum(len(words.split()) for words in self._asked), len(text.split())
        if answer.tokens:
            asked, said = answer.tokens.read, answer.tokens.written
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@router.post("/v1/chat/completions", response_model=None, dependencies=[Depends(passing)])
async def complete(body: Completion, request: Request, assistant: TheAssistant) -> Response:
    """Answer the last message of the user: as a stream of pieces, or at once."""
    if body.model != MODEL:
        return _no_model(body.model)
    question, history = _conversation(body.messages)
    reply = Reply([*(turn.text for turn in history), question])
    events = walked(assistant.stream(question, history, body.within, body.page))
    await _begun(events)  # what is wrong with the question is said with its status, before a stream begins
    if body.stream:
        usage = bool(body.stream_options and body.stream_options.include_usage)
        return EventSourceResponse(_stream(events, reply, usage), headers={"x-accel-buffering": "no"}, ping=_ALIVE)
    answer = await answered(request, events)
    return JSONResponse(reply.whole(answer)) if answer else Response(status_code=GONE)


@router.get("/v1/models")
def models(assistant: TheAssistant) -> dict[str, Any]:
    """The one model there is: the documents."""
    return {"object": "list", "data": [_model(assistant)]}


@router.get("/v1/models/{model}", response_model=None)
def model(model: str, assistant: TheAssistant) -> Response:
    """The same by its name."""
    return JSONResponse(_model(assistant)) if model == MODEL else _no_model(model)


def _model(assistant: Assistant) -> dict[str, Any]:
    with assistant.published.reading() as generation:
        made = int(datetime.fromisoformat(generation.seal.built_at).timestamp())
    return {"id": MODEL, "object": "model", "created": made, "owned_by": "document-assistant"}


def _no_model(name: str) -> Response:
    return JSONResponse(
        _error(f"There is no model {name!r}. Use the model {MODEL!r}.", 404, param="model", code="model_not_found"), 404
    )


def _conversation(messages: Sequence[Said]) -> tuple[str, list[Turn]]:
    """The question, which is the last message of the user, and what was said before it. Raises QuestionError."""
    last = max((n for n, said in enumerate(messages) if said.role == "user"), default=None)
    if last is None:
        raise QuestionError("There is no message of the user.", hint="Ask in a message with the role user.")
    asked = messages[last]
    if isinstance(asked.content, list) and any(part.type != "text" for part in asked.content):
        raise QuestionError("The question holds something else than text.", hint="Ask in words.")
    turns = []
    for said in messages[:last]:
        if said.role == "user":
            turns.append(Turn("user", said.text[:_LONGEST_TURN]))
        elif said.role == "assistant":
            turns.append(Turn("assistant", without_sources(said.text)[:_LONGEST_TURN]))
    return asked.text, turns[-LEANT_ON:]


async def _begun(events: AsyncIterator[Event]) -> None:
    """Go on until the passages are found. Raises what is wrong with the question or the index."""
    async for event in events:
        if isinstance(event, Found):
            return


async def _stream(events: AsyncGenerator[Event, None], reply: Reply, usage: bool) -> AsyncIterator[ServerSentEvent]:
    """The pieces of an answer, as Server-Sent Events without names."""
    sent, answer = "", None
    try:
        async with aclosing(events):
            yield _event(reply.piece({"role": "assistant", "content": ""}))
            async for piece in _written(events):
                if isinstance(piece, Answer):
                    answer = piece
                    yield _event(reply.piece(_structured(piece), finish="stop"))
                elif piece:
                    sent += piece
                    yield _event(reply.piece({"content": inert(piece)}))
        if usage and answer:
            yield _event(reply.used(sent, answer))
        yield ServerSentEvent("[DONE]")
    except UserError as error:
        yield _event(_error(f"{error.message} {error.hint}", 500))
    except Exception:
        log.exception("answering failed")
        yield _event(_error(_FAILED, 500))


async def _written(events: AsyncIterator[Event]) -> AsyncIterator[str | Answer]:
    """The text of an answer for those from whom nothing can be taken back, and last the Answer."""
    sent = ""
    async for event in events:
        match event:
            case Delta(text) if text:
                sent += text
                yield text
            case Draft(answer) if sent:
                yield _rest(sent, answer.text)
                sent = answer.text
            case Answer():
                yield _rest(sent, event.text)
                yield remarks(event)
                yield event


def _rest(sent: str, text: str) -> str:
    """What is to be sent so that `text` is the last that was said, whatever was sent of it or of another."""
    return text[len(sent) :] if text.startswith(sent) else f"\n\n{BROKEN_OFF}\n\n{text}"


def _structured(answer: Answer) -> dict[str, Any]:
    sentences = [
        {"text": answer.text[said.start : said.end], "citations": list(said.citations), "support": said.support}
        for said in answer.statements
    ]
    return {
        "citations": [citation_json(citation) for citation in answer.citations],
        "band": answer.band,
        "sentences": sentences,
        "fallback": answer.fallback,
        "notice": answer.notice,
    }


def _event(data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False))


def _error(message: str, status: int, *, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    kind = "server_error" if status >= 500 else "rate_limit_error" if status == 429 else "invalid_request_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code or _KINDS.get(status)}}


class Errors:
    """Says every error below /v1/, whoever found it, as OpenAI's clients read it: 422 as 400, the remedy behind the
    sentence. Stands around all that answers with errors of our own form."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(_BELOW):
            await self._app(scope, receive, send)
            return
        start: Message | None = None
        body = b""

        async def told(message: Message) -> None:
            nonlocal start, body
            if message["type"] == "http.response.start" and message["status"] >= 400:
                start = message
            elif start is None:
                await send(message)
            else:
                body += message.get("body", b"")
                if not message.get("more_body", False):
                    await _said_again(start, body)(scope, receive, send)

        await self._app(scope, receive, told)


def _said_again(start: Message, body: bytes) -> Response:
    status = 400 if start["status"] == 422 else start["status"]
    try:
        said = json.loads(body)
    except ValueError:  # as from a library that answers in plain text
        said = {"error": body.decode(errors="replace")}
    if not isinstance(said.get("error"), dict):
        sentence, remedy = said.get("error") or said.get("detail") or _FAILED, said.get("hint") or ""
        said = _error(f"{sentence} {remedy}".strip(), status)
    response = JSONResponse(said, status)
    dropped = (b"content-length", b"content-type")
    response.raw_headers += [pair for pair in start["headers"] if pair[0] not in dropped]
    return response
