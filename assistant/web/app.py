"""The application: access and policy around all, our routes, and the chat page mounted after them."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import anyio.to_thread
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route
from starlette.staticfiles import StaticFiles

from assistant.assistant import Assistant
from assistant.examples import Topics
from assistant.state import ServedState
from assistant.web import api, chat, completions, feedback, indexing, session, source, widget
from assistant.web.access import Access
from assistant.web.errors import Faults, error_response, nothing_here
from assistant.web.limits import Limits
from assistant.web.mcp import Tools
from assistant.web.policy import BodyLimit, SecurityHeaders
from assistant.web.tokens import Tokens
from assistant.web.walking import GONE
from index.errors import UserError
from index.following import Follower

STATIC = Path(__file__).parent / "static"


def create_app(assistant: Assistant, follower: Follower) -> FastAPI:
    """The whole application over one assistant and the follower of its index.

    Routes of ours come first; the chat page takes what is left.
    """
    settings = assistant.settings
    limits = Limits(settings.limits)
    tools = Tools(assistant, limits)

    @contextlib.asynccontextmanager
    async def running(app: FastAPI) -> AsyncIterator[None]:
        if settings.writer == "generative":  # a stream that waits for the model holds a thread meanwhile
            anyio.to_thread.current_default_thread_limiter().total_tokens += settings.limits.answers_at_once
        async with tools.running(app):
            yield

    app = FastAPI(title=settings.title, docs_url=None, redoc_url=None, openapi_url=None, lifespan=running)
    app.state.assistant = assistant
    app.state.follower = follower
    app.state.served = ServedState(settings, assistant.published, follower)
    app.state.topics = Topics(assistant)
    app.state.tokens = Tokens(settings.access)
    app.state.limits = limits
    secret = settings.webhook.secret
    app.state.signatures = indexing.Signatures(secret.get_secret_value()) if secret else None
    app.add_exception_handler(UserError, _user_error)
    app.add_exception_handler(RequestValidationError, _not_valid)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.include_router(api.router)
    app.include_router(indexing.router)
    app.include_router(session.router)
    app.include_router(feedback.router)
    app.include_router(source.router)
    app.include_router(widget.router)
    app.include_router(completions.router)
    app.router.routes.append(Route("/mcp", tools))
    # What the routes of ours do not know is not for the page behind them to answer.
    for rest in ("/api/{rest:path}", "/v1/{rest:path}"):
        app.add_api_route(rest, nothing_here, methods=["GET", "POST", "PUT", "DELETE"], include_in_schema=False)
    icon = STATIC / "icon.svg"
    app.add_api_route("/favicon.ico", lambda: FileResponse(icon), methods=api.READ, include_in_schema=False)
    app.mount("/ui", StaticFiles(directory=STATIC), name="ui")
    chat.mount(app, assistant, app.state.topics, limits)
    # From the inside out. With a CORS policy in the application, Gradio adds none of its own, which lets any site read
    # answers; this one lets none, and those that may are answered by Access.
    app.add_middleware(CORSMiddleware, allow_origins=[])
    app.add_middleware(BodyLimit, longest_question=settings.limits.question_characters)
    app.add_middleware(Faults)  # of the routes: who may read their answers may read these
    app.add_middleware(Access, settings=settings, tokens=app.state.tokens, limits=limits)
    app.add_middleware(Faults)  # of what decides that
    app.add_middleware(completions.Errors)
    app.add_middleware(SecurityHeaders, origins=settings.allowed_origins)
    return app


_Handler = Callable[[Request, Exception], Awaitable[Response]]


async def _user_error(_: Request, error: Exception) -> Response:
    assert isinstance(error, UserError)
    return error_response(error)


async def _gone(_: Request, __: Exception) -> Response:
    return Response(status_code=GONE)


async def _not_valid(_: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"] if part != "body")
    told = first["msg"].removeprefix("Value error, ")
    return JSONResponse(
        {"error": f"The request is not valid: {where or 'body'}: {told}.", "hint": "See docs/api.md."}, 422
    )


async def _refused(_: Request, error: Exception) -> Response:
    """What the framework refuses by itself: a body that is no text in UTF-8, a file of /ui that is not there."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return nothing_here()
    told = {"error": f"The request is not valid: {error.detail}.", "hint": "See docs/api.md; a body is JSON in UTF-8."}
    return JSONResponse(told, error.status_code, error.headers)
