"""The application: one policy for every response, our routes, and the chat page mounted after them."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.middleware.cors import CORSMiddleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.assistant import Assistant
from assistant.contract import error_json
from assistant.examples import Topics
from assistant.state import ServedState
from assistant.web import api, chat, indexing, source, widget
from index.errors import AccessError, IndexDamaged, IndexMissing, QuestionError, SignatureError, UserError
from index.following import Follower

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"

_LARGEST_BODY = 64_000  # bytes, besides the longest question
_LARGEST_EVENT = 4_000_000  # bytes of an event of the chat page, which is told of a question that is too long
_LONGEST_NAME = 255  # bytes of one part of a path; no file system has longer ones
# Gradio builds its components with `new Function` and inline styles; nothing may come from or go to another host.
CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": CHAT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}
# Gradio's routes for files, for fetching other addresses and for describing itself; nothing here needs them.
_CLOSED = (
    *(
        f"{root}/{name}"
        for root in ("", "/gradio_api")
        for name in ("upload", "proxy=", "file=", "file/", "openapi.json")
    ),
    "/manifest.json",
)


def create_app(assistant: Assistant, follower: Follower) -> FastAPI:
    """The whole application over one assistant and the follower of its index.

    Routes of ours come first; the chat page takes what is left.
    """
    app = FastAPI(title=assistant.settings.title, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.assistant = assistant
    app.state.follower = follower
    app.state.served = ServedState(assistant.settings, assistant.published, follower)
    app.state.widget = widget.script(assistant.settings)
    app.state.topics = Topics(assistant)
    secret = assistant.settings.webhook.secret
    app.state.signatures = indexing.Signatures(secret.get_secret_value()) if secret else None
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(Exception, _fault)
    app.include_router(api.router)
    app.include_router(indexing.router)
    app.include_router(source.router)
    app.include_router(widget.router)
    # What the routes of ours do not know is not for the page behind them to answer.
    app.add_api_route(
        "/api/{rest:path}", _nothing_here, methods=["GET", "POST", "PUT", "DELETE"], include_in_schema=False
    )
    app.add_api_route("/favicon.ico", lambda: FileResponse(STATIC / "icon.svg"), include_in_schema=False)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    chat.mount(app, assistant, app.state.topics)
    app.add_middleware(_Policy, longest_question=assistant.settings.limits.question_characters)
    # With a CORS policy of our own, Gradio adds none; its default would let any site read answers.
    app.add_middleware(
        CORSMiddleware,
        allow_origins=assistant.settings.allowed_origins,
        allow_methods=["GET", "POST"],
        allow_headers=["authorization", "content-type"],
        expose_headers=["retry-after"],
    )
    # A foreign name that resolves to this machine must not reach the documents (DNS rebinding).
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=["127.0.0.1", "localhost"])
    return app


class _Policy:
    """Puts the security headers on every response, and closes the routes and bodies that nothing here needs."""

    def __init__(self, app: ASGIApp, longest_question: int) -> None:
        self._app = app
        self._largest_body = _LARGEST_BODY + 12 * longest_question  # as JSON a character is up to 12 bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        refusal = _refusal(scope)
        if refusal is None and scope["method"] == "POST":
            largest = self._largest_body if scope["path"].startswith("/api/") else _LARGEST_EVENT
            body = await _body(receive, largest)
            if body is None:
                refusal = JSONResponse({"error": "The request is too large.", "hint": "Ask a shorter question."}, 413)
            else:
                receive = _replayed(body, receive)

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(message)
            await send(message)

        await (refusal or self._app)(scope, receive, send_with_headers)


def _refusal(scope: Scope) -> Response | None:
    path: str = scope["path"]
    too_long = not path.startswith("/source/") and any(len(part.encode()) > _LONGEST_NAME for part in path.split("/"))
    return _nothing_here() if path.startswith(_CLOSED) or too_long else None


def _nothing_here() -> Response:
    return JSONResponse(
        {"error": "There is nothing here.", "hint": "Go to the chat page; docs/api.md has the rest."}, 404
    )


async def _body(receive: Receive, largest: int) -> bytes | None:
    """The whole body of a request, or None when it is larger than that."""
    body = b""
    while len(body) <= largest:
        message = await receive()
        body += message.get("body", b"")
        if not message.get("more_body", False):
            return body if len(body) <= largest else None
    return None


def _replayed(body: bytes, receive: Receive) -> Receive:
    """`receive` with the body that was already read put back in front."""
    first = True

    async def replay() -> Message:
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": body, "more_body": False}
        return await receive()

    return replay


def _add_headers(message: MutableMapping[str, Any]) -> None:
    present = {name for name, _ in message["headers"]}
    for name, value in _HEADERS.items():
        if name.encode() not in present:
            message["headers"].append((name.encode(), value.encode()))


_STATUS: dict[type[UserError], int] = {
    QuestionError: 422,
    SignatureError: 401,
    AccessError: 403,
    IndexMissing: 503,
    IndexDamaged: 503,
}

_Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _user_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, UserError)
    return JSONResponse(error_json(error), _STATUS.get(type(error), 500))


async def _not_valid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    return JSONResponse(
        {"error": f"The request is not valid: {where or 'body'}: {first['msg']}.", "hint": "See docs/api.md."}, 422
    )


async def _fault(request: Request, error: Exception) -> Response:
    log.error("%s %s failed", request.method, request.url.path, exc_info=error)
    return JSONResponse(
        {"error": "The assistant failed on this.", "hint": "Try again; the server's log says more."}, 500
    )
