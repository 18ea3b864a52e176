"""The tools `search` and `ask` for agents, by the Model Context Protocol over HTTP, and nothing else of it.

Each request stands for itself: no session is kept. A result has the JSON of docs/api.md as its structured content, and
the same in words for those who read no other.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from importlib import metadata
from typing import Any

import anyio.to_thread
from fastapi.responses import JSONResponse
from mcp import MCPError, types
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from mcp.server.transport_security import TransportSecuritySettings
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.types import Receive, Scope, Send

from assistant.assistant import Assistant
from assistant.contract import answer_json, search_json
from assistant.types import Answer
from assistant.web.errors import FAILED
from assistant.web.limits import Limits
from assistant.web.plain import passages_in_words, remarks
from assistant.web.visitor import Visitor
from assistant.web.walking import walked
from index.errors import UserError

log = logging.getLogger(__name__)

_PACKAGE = "document-assistant"
_WITHIN = "The path of one document or folder to keep to, as in policies or policies/leave.md; empty for all documents."
_SEARCH = (
    "Find passages in the indexed documents, by sense and by words. Use it to read what the documents say and judge for"
    " yourself, or when `ask` found nothing. Passages come best first, those that adjoin in reading order; each has its"
    " document, title, headings, page and address for citing it, and a score that orders passages of one search only."
)
_ASK = (
    "Answer a question from the indexed documents, with numbered citations of the exact words. Ask one whole question"
    " at a time, as you would ask a colleague: nothing is remembered of earlier ones. `band` says how far to trust the"
    " answer: `answered`; `uncertain`, the closest words, which may not answer; `not_found`, the documents do not say,"
    " and then neither should you. Each of `sentences` tells by `support` whether its citations bear it out; pass none"
    " on that is `unsupported`. Keep the citations with what you make of the answer."
)


class Search(BaseModel):
    """The arguments of the tool search."""

    model_config = ConfigDict(extra="forbid")

    query: str = Field(min_length=1, description="What to look for: words or a question.")
    limit: int = Field(8, ge=1, le=50, description="How many passages at most.")
    within: str = Field("", max_length=1_000, description=_WITHIN)


class Ask(BaseModel):
    """The arguments of the tool ask."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, description="The question, which has to be understood by itself.")
    within: str = Field("", max_length=1_000, description=_WITHIN)


@dataclass(frozen=True, slots=True)
class Tool:
    """A tool as it is told of, and what does its work."""

    told: types.Tool
    use: Callable[[dict[str, Any]], Awaitable[types.CallToolResult]]


class Tools:
    """The ASGI application at /mcp. It answers while `running`."""

    def __init__(self, assistant: Assistant, limits: Limits) -> None:
        self._assistant = assistant
        self._limits = limits
        settings = assistant.settings
        longest = settings.limits.question_characters
        self._tools = {
            "search": Tool(_told("search", "Search the documents", _SEARCH, Search, longest, FOUND), self._search),
            "ask": Tool(_told("ask", "Ask the documents", _ASK, Ask, longest, ANSWER), self._ask),
        }
        self._server: Server[Any] = Server(
            _PACKAGE,
            version=metadata.version(_PACKAGE),
            title=settings.title,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )
        # Access has looked at both before; the second look costs nothing.
        self._security = TransportSecuritySettings(
            allowed_hosts=[form for name in settings.served_hosts for form in (name, f"{name}:*")],
            allowed_origins=[
                f"{scheme}://{name}{port}"
                for scheme in ("http", "https")
                for name in settings.served_hosts
                for port in ("", ":*")
            ],
        )
        self._manager: StreamableHTTPSessionManager | None = None

    @contextlib.asynccontextmanager
    async def running(self, _: object) -> AsyncIterator[None]:
        """The lifespan of an application that has this. A manager runs once, so each start makes its own."""
        self._manager = StreamableHTTPSessionManager(self._server, stateless=True, security_settings=self._security)
        async with self._manager.run():
            yield
        self._manager = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":  # nothing is pushed, and there is no session to listen to or to end
            told = {"error": "This is used by POST.", "hint": "Send messages of the Model Context Protocol."}
            await JSONResponse(told, 405, {"allow": "POST"})(scope, receive, send)
            return
        assert self._manager is not None, "the application has not been started"
        await self._manager.handle_request(_as_asked(scope), receive, send)

    async def _list(self, _: object, __: object) -> types.ListToolsResult:
        return types.ListToolsResult(tools=[tool.told for tool in self._tools.values()])

    async def _call(
        self, context: ServerRequestContext[Any, Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult:
        tool = self._tools.get(params.name)
        if tool is None:
            raise MCPError(types.INVALID_PARAMS, f"There is no tool {params.name!r}; there are search and ask.")
        visitor: Visitor = context.request.scope["visitor"]  # type: ignore[union-attr]
        try:
            self._limits.ask("question", visitor.user, visitor.address)
            async with self._limits.gate.passing_async():
                return await tool.use(params.arguments or {})
        except ValidationError as error:
            first = error.errors(include_url=False)[0]
            where = ".".join(str(part) for part in first["loc"])
            return _refused(f"The argument {where} is not valid: {first['msg']}.", "See the tool's input schema.")
        except UserError as error:
            return _refused(error.message, error.hint)
        except Exception:
            log.exception("the tool %s failed", params.name)
            return _refused(FAILED.message, FAILED.hint)

    async def _search(self, arguments: dict[str, Any]) -> types.CallToolResult:
        given = Search.model_validate(arguments)
        search = partial(self._assistant.search, given.query, given.limit, given.within)
        result = await anyio.to_thread.run_sync(search)
        return _result(passages_in_words(result.passages), search_json(result))

    async def _ask(self, arguments: dict[str, Any]) -> types.CallToolResult:
        given = Ask.model_validate(arguments)
        async with contextlib.aclosing(walked(self._assistant.stream(given.question, within=given.within))) as events:
            async for event in events:
                if isinstance(event, Answer):
                    return _result(event.text + remarks(event), answer_json(event))
        raise AssertionError("a stream ends in its answer")


def _told(
    name: str, title: str, description: str, given: type[BaseModel], longest: int, output: dict[str, Any]
) -> types.Tool:
    schema = given.model_json_schema()
    for argument in ("query", "question"):
        if argument in schema["properties"]:
            schema["properties"][argument]["maxLength"] = longest
    del schema["description"]
    only_reads = types.ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    return types.Tool(
        name=name,
        title=title,
        description=description,
        input_schema=schema,
        output_schema=output,
        annotations=only_reads,
    )


def _result(text: str, data: dict[str, Any]) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], structured_content=data)


def _refused(message: str, hint: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=f"{message} {hint}")], is_error=True)


def _as_asked(scope: Scope) -> Scope:
    """The request under the name by which it reached us, which a trusted proxy may have told; see visitor.Headers."""
    headers = dict(scope["headers"])
    host = (headers.get(b"x-forwarded-host") or headers[b"host"]).lower()
    return {**scope, "headers": [(b"host", host), *(pair for pair in scope["headers"] if pair[0] != b"host")]}


def _object(required: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "properties": required, "required": list(required)}


def _of(*kinds: str, said: str = "") -> dict[str, Any]:
    return {"type": kinds[0] if len(kinds) == 1 else list(kinds), **({"description": said} if said else {})}


_PLACE = {
    "document": _of("string", said="The document's path below the document folder."),
    "title": _of("string"),
    "heading": _of("string", "null"),
    "page": _of("integer", "null"),
    "url": _of("string", "null", said="The address of the document's own page."),
    "start": _of("integer", said="Where the words begin, in characters of the document's text."),
    "end": _of("integer"),
}
_PASSAGES = {
    "type": "array",
    "items": _object({"id": _of("string"), **_PLACE, "text": _of("string"), "score": _of("number")}),
}
_CITATIONS = {
    "type": "array",
    "items": _object({"number": _of("integer"), **_PLACE, "quote": _of("string", said="The cited words, exactly.")}),
}
_SUPPORT = {
    "enum": ["supported", "partly", "unsupported"],
    "description": "How far the citations bear the sentence out; a quoted one is supported, being their words.",
}
_SENTENCE = {
    "start": _of("integer", said="Where the sentence begins, in characters of the answer's text."),
    "end": _of("integer"),
    "citations": {"type": "array", "items": _of("integer")},
    "support": _SUPPORT,
}
FOUND = _object({"query": _of("string"), "generation": _of("integer"), "passages": _PASSAGES})
"""The JSON of a search as a schema: what agents need of docs/api.md, and more may come."""
ANSWER = _object(
    {
        "question": _of("string"),
        "band": {"enum": ["answered", "uncertain", "not_found", "no_question"]},
        "answered": _of("boolean"),
        "text": _of("string", said="The answer; [1] stands behind what citation 1 is for."),
        "sentences": {"type": "array", "items": _object(_SENTENCE)},
        "citations": _CITATIONS,
        "conflict": {
            "type": "array",
            "items": _of("integer"),
            "description": "Numbers of the citations that differ from each other in a number or a date.",
        },
        "missing": _of("string", "null", said="What was to be compared and is not in the documents."),
        "left_out": _of("integer", said="How many sentences were left out since nothing bears them out."),
        "notice": _of("string", "null", said="That the answer is not whole, and why."),
        "fallback": _of("string", "null", said="Why the language model did not write it, so that it quotes."),
        "passages": _PASSAGES,
    }
)
"""The JSON of an answer in the same way."""
