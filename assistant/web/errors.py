"""Errors as HTTP answers: a sentence, a remedy and a status."""

from __future__ import annotations

from fastapi.responses import JSONResponse

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
