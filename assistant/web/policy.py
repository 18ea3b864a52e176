"""What holds for every response and every body: the security headers, and how large a request may be."""

from __future__ import annotations

from collections.abc import Sequence

from fastapi.responses import JSONResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.access import frame_ancestors, route_of

_LARGEST_BODY = 64_000  # bytes, besides the longest question
_LARGEST_CONVERSATION = 1_000_000  # bytes below /v1/, where programs send all that was said before
_LARGEST_EVENT = 4_000_000  # bytes of an event of the chat page, which is told of a question that is too long
# Gradio builds its components with `new Function` and inline styles; nothing may come from or go to another host.
CHAT_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; media-src 'self' blob: data:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'"
)
_HEADERS = {
    "content-security-policy": CHAT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
}


class SecurityHeaders:
    """Puts the security headers on every response. A route may have a policy of its own; who may frame it is added."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._origins = origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._secure(MutableHeaders(scope=message), scope["path"])
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _secure(self, headers: MutableHeaders, path: str) -> None:
        for name, value in _HEADERS.items():
            headers.setdefault(name, value)
        directives = [part.strip() for part in headers["content-security-policy"].split(";")]
        kept = [part for part in directives if part and not part.startswith("frame-ancestors")]
        headers["content-security-policy"] = "; ".join([*kept, frame_ancestors(path, self._origins)])
        route = route_of(path)
        headers["cross-origin-resource-policy"] = "cross-origin" if route and route.shown else "same-origin"


class BodyLimit:
    """Reads the body of a POST request, and refuses one that is too large."""

    def __init__(self, app: ASGIApp, longest_question: int) -> None:
        self._app = app
        self._largest_body = _LARGEST_BODY + 12 * longest_question  # as JSON a character is up to 12 bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        body = await _body(receive, self._largest(scope["path"]))
        if body is None:
            refusal = JSONResponse({"error": "The request is too large.", "hint": "Ask a shorter question."}, 413)
            await refusal(scope, receive, send)
        else:
            await self._app(scope, _replayed(body, receive), send)

    def _largest(self, path: str) -> int:
        if path.startswith("/v1/"):
            return _LARGEST_CONVERSATION + self._largest_body
        return self._largest_body if path.startswith(("/api/", "/mcp")) else _LARGEST_EVENT


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
