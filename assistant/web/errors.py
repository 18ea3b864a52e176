"""Errors as HTTP answers: a sentence, a remedy and a status."""

from __future__ import annotations

import logging

from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.contract import error_json
from index.errors import (
    AccessError,
    FeedbackError,
    IndexDamaged,
    IndexMissing,
    LimitError,
    QuestionError,
    SignatureError,
    TokenError,
    UserError,
)

log = logging.getLogger(__name__)

_STATUS: dict[type[UserError], int] = {
    QuestionError: 422,
    SignatureError: 401,
    TokenError: 401,
    AccessError: 403,
    LimitError: 429,
    IndexMissing: 503,
    IndexDamaged: 503,
    FeedbackError: 503,
}


FAILED = UserError("The assistant failed on this.", hint="Try again; the server's log says more.")
"""What is said of a fault that nobody thought of, at every door."""


def error_response(error: UserError) -> JSONResponse:
    """The answer to a request that failed so."""
    headers = {}
    if isinstance(error, LimitError):
        headers["retry-after"] = str(error.seconds)
    if isinstance(error, TokenError):
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(error_json(error), _STATUS.get(type(error), 500), headers)


def nothing_here() -> JSONResponse:
    """The answer where there is no route."""
    return JSONResponse(
        {"error": "There is nothing here.", "hint": "Go to the chat page; docs/api.md has the rest."}, 404
    )


class Faults:
    """Answers a request that failed as nobody thought of; an answer that was begun is broken off.

    It stands inside of whatever puts headers on answers, where the framework's own place for it is outside of all.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        begun = False

        async def watched(message: Message) -> None:
            nonlocal begun
            begun = begun or message["type"] == "http.response.start"
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            if begun:
                raise
            log.exception("%s %s failed", scope["method"], scope["path"])
            await error_response(FAILED)(scope, receive, send)
