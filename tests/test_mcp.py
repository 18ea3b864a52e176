"""The tools for agents, as the protocol's own client uses them, on a real server."""

from __future__ import annotations

import contextlib
import http.client
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any, get_args

import httpx
import httpx2
import pytest
from fastapi import FastAPI
from mcp import Client, MCPError, types
from mcp.client.streamable_http import streamable_http_client

from assistant.assistant import Assistant
from assistant.contract import answer_json, search_json
from assistant.quoted import NOT_FOUND
from assistant.settings import Settings
from assistant.types import Support
from assistant.web.limits import Limits
from assistant.web.mcp import Tools
from tests.conftest import altered, application, served
from tests.test_access import SECRET, WIKI, in_a_loop, token, until
from tests.test_completions import DOGS, Failing, Slow, asks_and_goes, inside

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}},
}
ASK = {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": DOGS}}}
BOTH = {"accept": "application/json, text/event-stream"}


@contextlib.contextmanager
def running(assistant: Assistant) -> Iterator[tuple[str, FastAPI]]:
    with application(assistant) as app, served(app) as address:
        yield address, app


@pytest.fixture(scope="module")
def server(assistant: Assistant) -> Iterator[str]:
    with running(assistant) as (address, _):
        yield address


@contextlib.asynccontextmanager
async def connected(address: str, mode: str = "auto", **headers: str) -> AsyncIterator[Client]:
    async with (
        httpx2.AsyncClient(headers=headers, timeout=30) as http,
        Client(streamable_http_client(f"{address}/mcp", http_client=http), mode=mode) as client,
    ):
        yield client


def use(address: str, work: Callable[[Client], Awaitable[Any]], mode: str = "auto", **headers: str) -> Any:
    """What `work` makes of a client of that server, in a loop of its own."""
    found: list[Any] = []

    async def all_of_it() -> None:
        async with connected(address, mode, **headers) as client:
            found.append(await work(client))

    in_a_loop(all_of_it)
    return found[0]


def words(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_there_are_two_tools_that_only_read(server: str, mode: str) -> None:
    tools = {tool.name: tool for tool in use(server, lambda client: client.list_tools(), mode).tools}
    assert set(tools) == {"search", "ask"}
    for tool in tools.values():
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint
        assert tool.description
        assert tool.input_schema["additionalProperties"] is False
        for argument in tool.input_schema["properties"].values():
            assert argument["description"]
            assert argument.keys() & {"maximum", "maxLength"}
    assert tools["search"].input_schema["required"] == ["query"]
    told = tools["ask"].output_schema
    assert told is not None
    assert told["properties"]["sentences"]["items"]["properties"]["support"]["enum"] == list(get_args(Support))


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_an_answer_is_the_json_of_the_api(server: str, assistant: Assistant, mode: str) -> None:
    result = use(server, lambda client: client.call_tool("ask", {"question": DOGS}), mode)
    answer = assistant.ask(DOGS)
    assert not result.is_error
    assert {**result.structured_content, "seconds": 0} == json.loads(json.dumps({**answer_json(answer), "seconds": 0}))
    assert words(result).startswith(answer.text)
    assert words(result).endswith("[1] Harbour tram › Fares (news/tram.md)")


def test_a_refusal_is_an_answer(server: str) -> None:
    result = use(server, lambda client: client.call_tool("ask", {"question": "Who painted the Mona Lisa?"}))
    assert (result.is_error, words(result), result.structured_content["band"]) == (False, NOT_FOUND, "not_found")


def test_what_asks_nothing_is_no_error(server: str) -> None:
    result = use(server, lambda client: client.call_tool("ask", {"question": "Thanks!"}))
    assert not result.is_error
    assert result.structured_content["band"] == "no_question"


def test_passages_are_the_json_of_the_api(server: str, assistant: Assistant) -> None:
    given = {"query": "dogs", "limit": 2, "within": "news"}
    result = use(server, lambda client: client.call_tool("search", given))
    found = assistant.search("dogs", 2, "news")
    assert result.structured_content == json.loads(json.dumps(search_json(found)))
    assert words(result).startswith("[1] Harbour tram › ")
    assert "Dogs pay half." in words(result)


@pytest.mark.parametrize(("name", "arguments", "said"), [
    ("ask", {}, "question"), ("ask", {"question": ""}, "question"), ("ask", {"question": 7}, "question"),
    ("ask", {"question": "😀"}, "no words"), ("ask", {"question": "x" * 5000}, "longer than 4000"),
    ("ask", {"question": DOGS, "within": "nowhere"}, "no document or folder nowhere"),
    ("ask", {"question": DOGS, "history": []}, "history"), ("search", {"query": "dogs", "limit": 0}, "limit"),
    ("search", {"query": "dogs", "limit": 51}, "limit"), ("search", {"query": "dogs", "within": "x" * 1001}, "within"),
    ("search", {"question": "dogs"}, "query"), ("search", None, "query"),
])  # fmt: skip
def test_a_wrong_use_is_told_to_the_agent(server: str, name: str, arguments: dict[str, Any], said: str) -> None:
    result = use(server, lambda client: client.call_tool(name, arguments))
    assert result.is_error
    assert said in words(result)
    assert words(result).count(". ") >= 1  # a sentence and a remedy


def test_another_tool_is_not_there(server: str) -> None:
    async def call(client: Client) -> MCPError:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("delete", {})
        return refused.value

    assert "search and ask" in use(server, call).message


@pytest.mark.parametrize(("content", "status"), [
    (b"", 400), (b"[", 400), (b"null", 400), (b"[]", 400), (b'{"jsonrpc": "2.0"}', 400), (b"\xff", 400),
    (json.dumps([ASK]).encode(), 400), (b'{"x": "' + b"x" * 200_000 + b'"}', 413),
])  # fmt: skip
def test_what_is_no_message_is_refused(server: str, content: bytes, status: int) -> None:
    for version in ({}, {"mcp-protocol-version": "2025-06-18"}, {"mcp-protocol-version": "2026-07-28"}):
        headers = {**BOTH, "content-type": "application/json", **version}
        assert httpx.post(f"{server}/mcp", content=content, headers=headers).status_code == status


def test_only_messages_come_in_and_no_session_is_kept(server: str) -> None:
    for method in ("GET", "DELETE", "PUT"):
        refused = httpx.request(method, f"{server}/mcp", headers=BOTH)
        assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    begun = httpx.post(f"{server}/mcp", json=INITIALIZE, headers=BOTH)
    assert (begun.status_code, "mcp-session-id" in begun.headers) == (200, False)
    assert "Dogs pay half" in httpx.post(f"{server}/mcp", json=ASK, headers=BOTH).text  # without one before it


# --- who may use it, and how much ------------------------------------------------------------------------------


def test_a_session_is_needed_where_users_have_to_be_known(assistant: Assistant) -> None:
    secured = altered(assistant, access={"require_user": True, "token_secrets": [SECRET]}, allowed_origins=[WIKI])
    with running(secured) as (address, _):
        session = httpx.post(f"{address}/api/session", json={"token": token()}).json()["session"]
        by = {"authorization": f"Bearer {session}"}
        assert not use(address, lambda client: client.call_tool("ask", {"question": DOGS}), **by).is_error
        for wrong in (
            {},
            {"authorization": "Bearer x"},
            {"authorization": f"Bearer {token()}"},
            {**by, "origin": WIKI},
        ):
            refused = httpx.post(f"{address}/mcp", json=ASK, headers={**BOTH, **wrong})
            assert refused.status_code == (403 if "origin" in wrong else 401)
            assert set(refused.json()) == {"error", "hint"}


def test_pages_of_other_sites_may_not_use_it(assistant: Assistant) -> None:
    with running(altered(assistant, allowed_origins=[WIKI])) as (address, _):
        for origin in (WIKI, "https://evil.example", "null"):
            for method in ("POST", "OPTIONS", "GET"):
                refused = httpx.request(method, f"{address}/mcp", json=ASK, headers={**BOTH, "origin": origin})
                assert refused.status_code == 403
                assert not [name for name in refused.headers if name.startswith("access-control-")]
        assert httpx.post(f"{address}/mcp", json=ASK, headers={**BOTH, "host": "evil.example"}).status_code == 400
        own = {**BOTH, "origin": address}
        assert "Dogs pay half" in httpx.post(f"{address}/mcp", json=ASK, headers=own).text


def test_the_protocols_own_library_looks_at_names_too(assistant: Assistant) -> None:
    tools = Tools(assistant, Limits(assistant.settings.limits))
    found = []

    async def ask() -> None:
        async with tools.running(None), httpx2.AsyncClient(transport=httpx2.ASGITransport(app=tools)) as client:
            for host, origin in (
                ("evil.example", ""),
                ("127.0.0.1:7860", "https://evil.example"),
                ("localhost", "null"),
            ):
                headers = {**BOTH, **({"origin": origin} if origin else {})}
                found.append((await client.post(f"http://{host}/mcp", json=INITIALIZE, headers=headers)).status_code)
            own = {**BOTH, "origin": "http://localhost:7860"}
            found.append((await client.post("http://localhost:7860/mcp", json=INITIALIZE, headers=own)).status_code)

    in_a_loop(ask)
    assert found == [421, 403, 403, 200]


def test_behind_a_proxy_the_name_that_it_tells_is_the_servers(assistant: Assistant) -> None:
    behind = altered(assistant, allowed_hosts=["chat.corp"], access={"trusted_proxies": ["127.0.0.1"]})
    with running(behind) as (address, _):
        public = {**BOTH, "x-forwarded-host": "Chat.Corp", "x-forwarded-proto": "https", "host": "upstream.internal"}
        asked = httpx.post(f"{address}/mcp", json=ASK, headers={**public, "origin": "https://chat.corp"})
        assert "Dogs pay half" in asked.text


def test_uses_of_a_tool_are_counted_and_nothing_else(assistant: Assistant) -> None:
    async def twice(client: Client) -> list[types.CallToolResult]:
        await client.list_tools()
        found = [await client.call_tool(name, {argument: DOGS}) for name, argument in
                 (("search", "query"), ("ask", "question"), ("ask", "question"), ("search", "query"))]  # fmt: skip
        await client.list_tools()
        return found

    with running(altered(assistant, limits={"questions_of_address": 2})) as (address, _):
        found = use(address, twice, mode="legacy")
        assert [result.is_error for result in found] == [False, False, True, True]
        assert "That was a lot in a short time. Wait " in words(found[2])
        assert httpx.get(f"{address}/api/search?q=dogs").status_code == 429


def test_an_overload_is_told(assistant: Assistant) -> None:
    with (
        running(altered(assistant, limits={"answers_at_once": 1, "answers_waiting": 0})) as (address, app),
        app.state.limits.gate.passing(),
    ):
        result = use(address, lambda client: client.call_tool("ask", {"question": DOGS}))
        assert "Many questions are being answered just now." in words(result)


def test_a_failure_says_nothing_of_its_cause(assistant: Assistant) -> None:
    with running(Failing(assistant, ValueError("a secret"))) as (address, app):
        result = use(address, lambda client: client.call_tool("ask", {"question": DOGS}))
        assert (result.is_error, "secret" in words(result), inside(app)) == (True, False, 0)


def test_without_an_index_the_remedy_is_told(settings: Settings) -> None:
    with running(Assistant(settings)) as (address, _):
        assert "assistant index" in words(use(address, lambda client: client.call_tool("ask", {"question": DOGS})))


VERSIONS = pytest.mark.parametrize("version", ["2025-06-18", "2026-07-28"])


def asked_by(version: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The body and the headers of a use of the tool, as a client of that version of the protocol sends them."""
    headers = {**BOTH, "mcp-protocol-version": version, "mcp-method": "tools/call", "mcp-name": "ask"}
    client = {"io.modelcontextprotocol/protocolVersion": version,
              "io.modelcontextprotocol/clientInfo": {"name": "test", "version": "1"},
              "io.modelcontextprotocol/clientCapabilities": {}}  # fmt: skip
    return {**ASK, "params": {**ASK["params"], "_meta": client}}, headers  # type: ignore[dict-item]


@VERSIONS
def test_who_goes_ends_the_work(assistant: Assistant, version: str) -> None:
    slow = Slow(assistant, 0.01)
    with running(slow) as (address, app):
        assert b'"result"' not in asks_and_goes(slow, f"{address}/mcp", *asked_by(version))
        assert slow.stopped.wait(10)
        until(lambda: not inside(app))


@VERSIONS
def test_who_goes_waits_no_longer(assistant: Assistant, version: str) -> None:
    limited = altered(assistant, limits={"answers_at_once": 1, "waiting_seconds": 60})
    with running(limited) as (address, app), app.state.limits.gate.passing():
        body, headers = asked_by(version)
        client = http.client.HTTPConnection(httpx.URL(address).host, httpx.URL(address).port)
        client.request("POST", "/mcp", json.dumps(body), {"content-type": "application/json", **headers})
        until(lambda: len(app.state.limits.gate._queue) == 1)
        client.close()
        until(lambda: not app.state.limits.gate._queue)
