"""The routes by which the index is made to follow its documents, and the check of who may ask for that."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import re
import threading
import time
from collections.abc import AsyncGenerator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from pydantic import BaseModel, ConfigDict, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent

from assistant.contract import build_event_json, following_json
from assistant.web.api import TheVisitor
from index.errors import AccessError, QuestionError, SignatureError
from index.following import Event, Follower

router = APIRouter()

_SIGNED_FOR = 300  # seconds around its time for which a signature holds
_SECONDS = re.compile(r"\d{1,12}(?:\.\d{1,9})?", re.ASCII)
_FORM = "X-Assistant-Signature: t=<seconds since 1970>,s=<hex of HMAC-SHA256 over '<t>.<body>'>"


def _follower(request: Request) -> Follower:
    follower: Follower = request.app.state.follower
    return follower


TheFollower = Annotated[Follower, Depends(_follower)]


class Wish(BaseModel):
    """The body of POST /api/index; an empty body asks for neither."""

    model_config = ConfigDict(extra="forbid")

    full: bool = False
    allow_shrink: bool = False


class Signatures:
    """Checks that a request was signed with the secret, now, and for the first time. Safe from several threads."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()
        self._seen: dict[str, float] = {}
        self._lock = threading.Lock()

    def check(self, header: str, body: bytes, now: float) -> None:
        """Raises SignatureError unless `header` signs `body`."""
        parts = dict(part.partition("=")[::2] for part in header.replace(" ", "").split(","))
        signed_at, signature = parts.get("t", ""), parts.get("s", "")
        expected = hmac.new(self._secret, signed_at.encode() + b"." + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected.encode(), signature.encode()):
            raise SignatureError("The request is not signed with the secret of this assistant.", hint=f"Send {_FORM}.")
        if not _SECONDS.fullmatch(signed_at) or abs(now - float(signed_at)) > _SIGNED_FOR:
            raise SignatureError(
                f"The signature is more than {_SIGNED_FOR} seconds old or ahead.", hint="Sign anew; compare the clocks."
            )
        with self._lock:
            self._seen = {known: at for known, at in self._seen.items() if abs(now - at) <= 2 * _SIGNED_FOR}
            if signature in self._seen:
                raise SignatureError("The signature was used before.", hint="Sign each request anew.")
            self._seen[signature] = now


@router.post("/api/index", status_code=202)
async def index(request: Request, visitor: TheVisitor, follower: TheFollower) -> dict[str, str]:
    """Make the index follow the documents; while a build runs, all that ask share the one after it."""
    body = await request.body()
    signatures: Signatures | None = request.app.state.signatures
    if signatures:
        signatures.check(request.headers.get("x-assistant-signature", ""), body, time.time())
    elif not visitor.local:
        raise AccessError(
            "Only somebody on the assistant's own machine may ask for a build.", hint="Set webhook.secret and sign."
        )
    try:
        wish = Wish.model_validate_json(body or b"{}")
    except ValidationError as error:
        raise QuestionError(
            f"The request is not valid: {error.errors()[0]['msg']}.", hint='Send nothing, or {"full": true}.'
        ) from None
    if (wish.full or wish.allow_shrink) and not signatures:
        raise AccessError(
            "Only a signed request may ask for more than following the documents.", hint="Set webhook.secret and sign."
        )
    return {"build": follower.request(full=wish.full, allow_shrink=wish.allow_shrink)}


@router.get("/api/index/events", response_model=None)
async def events(follower: TheFollower) -> EventSourceResponse:
    """What is done to the index, from now on: `following`, then `progress`, `report` and `error` of each build."""
    return EventSourceResponse(events_of(follower), headers={"x-accel-buffering": "no"})


async def events_of(follower: Follower) -> AsyncGenerator[ServerSentEvent, None]:
    """The events of that route, without end."""
    queue: asyncio.Queue[Event] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def listener(event: Event) -> None:
        with contextlib.suppress(RuntimeError):  # the server is stopping
            loop.call_soon_threadsafe(queue.put_nowait, event)

    with follower.listening(listener):
        yield _sse("following", following_json(follower.now()))
        while True:
            yield _sse(*build_event_json(await queue.get()))


def _sse(name: str, data: dict[str, Any]) -> ServerSentEvent:
    return ServerSentEvent(json.dumps(data, ensure_ascii=False), event=name)
