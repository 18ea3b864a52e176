"""Who may use which route: every route, wrong origins, tokens and proxies, and how much is answered."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import http.client
import json
import re
import shutil
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import httpx
import hypothesis.strategies as st
import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from hypothesis import given
from starlette.routing import BaseRoute
from starlette.types import Message
from starlette.websockets import WebSocketDisconnect

from assistant.assistant import Assistant
from assistant.settings import AccessSettings, LimitSettings, Settings, WebhookSettings, load
from assistant.web.access import ROUTES, Rule, route_of
from assistant.web.limits import Gate, Limits, Rate
from assistant.web.tokens import AUDIENCE, Tokens
from index.errors import LimitError, SettingsError, TokenError
from tests.conftest import ROOT, altered, application, served

WIKI = "https://wiki.example.org"
OTHER = "https://handbook.example.org:8443"
SECRET = "a secret of more than thirty-two characters"
ASKED = {"question": "What do dogs pay?"}
JSON = {"accept": "application/json"}

_OPEN = [route for route in ROUTES if route.rule is not Rule.CLOSED]
_ABROAD = [route for route in _OPEN if route.rule in (Rule.PUBLIC, Rule.ENTRANCE, Rule.READER)]
_AT_HOME = [route for route in _OPEN if route not in _ABROAD]


def place(path: str) -> str:
    """A path that a route stands for."""
    return path.replace("/source/*", "/source/leave.txt").replace("/ui/*", "/ui/chat.js").replace("*", "x")


@contextlib.contextmanager
def reached(
    assistant: Assistant, client: tuple[str, int] = ("127.0.0.1", 50000), **settings: Any
) -> Iterator[TestClient]:
    """A server with these settings over `assistant`, asked from the address `client`."""
    changed = Assistant(load({**_given(assistant.settings), **settings}))
    changed.encoder, changed.published = assistant.encoder, assistant.published
    with application(changed) as app, TestClient(app, base_url="http://127.0.0.1", client=client) as asked:
        yield asked


def asked_from(address: str, server: TestClient) -> TestClient:
    """The same server, asked from another address."""
    return TestClient(server.app, base_url="http://127.0.0.1", client=(address, 40000))


def _given(settings: Settings) -> dict[str, Any]:
    return {"documents": settings.documents, "data": settings.data, "allowed_origins": [WIKI, OTHER]}


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    """A server that two other sites may show, where nobody has to say who he is."""
    with reached(assistant) as asked:
        yield asked


@pytest.fixture(scope="module")
def known(assistant: Assistant) -> Iterator[TestClient]:
    """The same where only known users are answered, known by a wiki's token."""
    with reached(assistant, access={"require_user": True, "token_secrets": [SECRET]}) as asked:
        yield asked


def token(secret: str = SECRET, algorithm: str = "HS256", headers: dict[str, Any] | None = None, **claims: Any) -> str:
    now = int(time.time())
    whole = {"sub": "ingrid", "aud": AUDIENCE, "iat": now, "exp": now + 120, "jti": f"{time.monotonic_ns()}", **claims}
    return jwt.encode({k: v for k, v in whole.items() if v is not None}, secret, algorithm, headers)


def session(client: TestClient, origin: str = WIKI, **claims: Any) -> str:
    given = client.post("/api/session", json={"token": token(**claims)}, headers={"origin": origin} if origin else {})
    assert given.status_code == 200, given.text
    return str(given.json()["session"])


def raw(
    client: TestClient, requests: Sequence[tuple[str, str, list[tuple[bytes, bytes]]]]
) -> list[tuple[int, dict[bytes, bytes]]]:
    """Statuses and headers of many requests, their headers sent byte for byte."""
    found: list[tuple[int, dict[bytes, bytes]]] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            found.append((message["status"], dict(message["headers"])))

    async def ask() -> None:
        for method, path, headers in requests:
            whole = [*headers, (b"host", b"127.0.0.1")]
            scope = {"type": "http", "method": method, "path": path, "headers": whole, "scheme": "http"}
            peer = client._transport.client  # type: ignore[attr-defined]
            await client.app({**scope, "query_string": b"", "root_path": "", "client": peer}, receive, send)  # type: ignore[arg-type]

    in_a_loop(ask)
    assert len(found) == len(requests)
    return found


# --- every route has a rule ------------------------------------------------------------------------------------


def paths(routes: list[BaseRoute], below: str = "") -> Iterator[str]:
    """Every path of an application, with those of what is mounted and included."""
    for route in routes:
        inner = getattr(route, "effective_candidates", None)
        if inner:
            yield from paths([*inner(), *route.effective_low_priority_routes()], below)  # type: ignore[attr-defined]
            continue
        path = f"{below}{route.path}"  # type: ignore[attr-defined]
        mounted = getattr(route, "routes", None)
        if mounted:
            yield from paths(mounted, path)
        else:
            yield path


def test_every_route_has_a_rule(client: TestClient) -> None:
    app = client.app
    assert isinstance(app, FastAPI)
    found = set(paths(app.routes))
    assert {"/api/ask", "/source/{document:path}", "/ui", "/gradio_api/queue/join", "/gradio_api/upload"} <= found
    assert len(found) > 50
    without = sorted(path for path in found if path != "/ui" and route_of(path) is None)
    assert without == []


def test_the_rules_are_these() -> None:
    """A change of who may use what is made here too."""
    assert {place(route.path): route.rule.name for route in _OPEN} == {
        "/health": "PUBLIC",
        "/ready": "PUBLIC",
        "/ui/chat.js": "PUBLIC",
        "/favicon.ico": "PUBLIC",
        "/robots.txt": "PUBLIC",
        "/widget.js": "PUBLIC",
        "/embed": "ENTRANCE",
        "/api/widget": "ENTRANCE",
        "/api/session": "ENTRANCE",
        "/api/ask": "READER",
        "/api/search": "READER",
        "/api/documents": "READER",
        "/api/feedback": "READER",
        "/source/leave.txt": "OWN",
        "/api/status": "OWN",
        "/api/index/events": "OWN",
        "/widget-demo": "OWN",
        "/api/index": "ADMINISTRATOR",
        "/v1/chat/completions": "OWN",
        "/v1/models": "OWN",
        "/v1/models/x": "OWN",
        "/mcp": "OWN",
        "/": "OWN",
        "/theme.css": "OWN",
        "/assets/x": "OWN",
        "/static/x": "OWN",
        "/gradio_api/queue/join": "OWN",
        "/gradio_api/queue/data": "OWN",
    }


@pytest.mark.parametrize("path", [
    "//api/ask", "/api/ask/%2e%2e/index", "/API/ASK", "/api/", "/gradio_api/run/predict", "/gradio_api/call/answer",
    "/queue/join", "/config", "/login", "/nothing",
])  # fmt: skip
def test_what_is_not_in_the_table_is_closed(client: TestClient, path: str) -> None:
    for method in ("GET", "POST"):
        refused = client.request(method, f"http://127.0.0.1{path}")
        assert refused.status_code == 404
        assert set(refused.json()) == {"error", "hint"}


# --- faults ----------------------------------------------------------------------------------------------------


def _fail(*_: object) -> None:
    raise RuntimeError("as nobody thought of")


@pytest.mark.parametrize("route", _OPEN, ids=lambda route: route.path)
def test_a_fault_of_any_route_is_answered_with_all_headers(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, route: Any
) -> None:
    (method, *_) = route.methods
    by = {"origin": WIKI} if route in _ABROAD else {}
    well = client.put(place(route.path), headers=by)  # no route does anything then
    monkeypatch.setattr(client.app.router, "middleware_stack", _fail)  # type: ignore[attr-defined]
    failed = client.request(method, place(route.path), headers=by)
    form = {"error"} if route.path.startswith("/v1/") else {"error", "hint"}
    assert (failed.status_code, set(failed.json())) == (500, form)
    for name in ("x-content-type-options", "referrer-policy", "cross-origin-opener-policy", "permissions-policy",
                 "cross-origin-resource-policy", "access-control-allow-origin"):  # fmt: skip
        assert failed.headers.get(name) == well.headers.get(name), name
    assert (route in _ABROAD) == ("Origin" in failed.headers.get("vary", ""))
    framed_by = f"'self' {WIKI} {OTHER}" if route.shown else "'none'"
    assert failed.headers["content-security-policy"].endswith(f"frame-ancestors {framed_by}")
    assert "default-src" in failed.headers["content-security-policy"]


def test_a_fault_of_what_decides_about_routes_has_them_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.access.Headers", _fail)
    failed = client.get("/health")
    assert (failed.status_code, set(failed.json())) == (500, {"error", "hint"})
    assert failed.headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in failed.headers


# --- origins ---------------------------------------------------------------------------------------------------

WRONG_ORIGINS = [
    "null", "NULL", "*", "evil.example", "https://evil.example", "http://evil.example:8443", "file://", "about:blank",
    "http://wiki.example.org", "https://wiki.example.org:8443", "https://wiki.example.org:80",
    "https://wiki.example.org.", "https://wiki.example.org/", "https://wiki.example.org:443",
    "https://wiki.example.org.evil.example", "https://evil-wiki.example.org", "https://wiki.example.orgevil.example",
    "https://evil.example/https://wiki.example.org", "https://wiki.example.org@evil.example", "https://example.org",
    "https://x.wiki.example.org", "https://wiki-example.org", "https://wikiXexample.org", "https://wiki.example.com",
    "HTTPS://WIKI.EXAMPLE.ORG", "https://wiki.example.org ,https://evil.example", "https://*.example.org",
    "https://wiki.example.org#", "https://wiki.example.org?", "https://wiki.example.org\\.evil.example",
    "https://wiki.example.org%00.evil.example", "https://wiki.example.org%2eevil.example", "//wiki.example.org",
    "https:wiki.example.org", "https:///wiki.example.org", "ftp://wiki.example.org", "ws://wiki.example.org",
    "wss://wiki.example.org", "javascript://wiki.example.org", "data://wiki.example.org", "https://handbook.example.org",
    "https://handbook.example.org:8444", "http://handbook.example.org:8443", "https://handbook.example.org:08443",
    "https://handbook.example.org:8443/", "http://127.0.0.1:81", "https://127.0.0.1", "http://127.0.0.1.evil.example",
    "http://localhost", "http://localhost:7860", "http://127.0.0.2", "http://127.1", "http://[::1]", "http://2130706433",
    "http://0x7f000001", "http://0.0.0.0", "http://127.0.0.1/", "http://127.0.0.1@evil.example", "http://127.0.0.1:80:80",
    "chrome-extension://abcdef", "moz-extension://abcdef", "http://xn--wki-ema.example.org", "https://w\xefki.example.org",
    "https://wiki.example.org https://wiki.example.org", "https://wiki.example.org\thttps://evil.example", "null,null",
]  # fmt: skip


def test_sixty_wrong_origins_are_let_in_nowhere(client: TestClient, known: TestClient) -> None:
    assert len(set(WRONG_ORIGINS)) >= 60
    asked = [
        (
            method,
            place(route.path),
            [(b"origin", origin.encode("latin-1")), (b"access-control-request-method", b"POST")],
        )
        for origin in WRONG_ORIGINS
        for route in _OPEN
        for method in ("OPTIONS", "GET", "POST")
    ]
    for server in (client, known):
        for (method, path, headers), (status, answered) in zip(asked, raw(server, asked), strict=True):
            assert status == 403, (method, path, headers)
            assert not [name for name in answered if name.startswith(b"access-control-")]


def test_two_origins_are_none(client: TestClient) -> None:
    for pair in ((WIKI, WIKI), (WIKI, "https://evil.example"), ("https://evil.example", WIKI)):
        refused = client.post("/api/ask", json=ASKED, headers=[("origin", origin) for origin in pair])
        assert (refused.status_code, "twice" in refused.json()["error"]) == (403, True)


@pytest.mark.parametrize("route", _ABROAD, ids=lambda route: route.path)
def test_an_allowed_origin_may_use_and_read_what_readers_may(client: TestClient, route: Any) -> None:
    (method, *_) = route.methods
    asked = {"access-control-request-method": method, "access-control-request-headers": "Content-Type, authorization"}
    before = client.options(place(route.path), headers={"origin": WIKI, **asked})
    assert before.status_code == 204
    assert before.headers["access-control-allow-origin"] == WIKI
    assert before.headers["access-control-allow-methods"] == method
    assert "Origin" in before.headers["vary"]
    answered = client.request(method, place(route.path), headers={"origin": OTHER})
    assert answered.status_code != 403
    assert answered.headers["access-control-allow-origin"] == OTHER
    assert "Origin" in answered.headers["vary"]
    assert not {"access-control-allow-credentials", "set-cookie"} & set(answered.headers)
    assert "Origin" in client.request(method, place(route.path)).headers["vary"]


@pytest.mark.parametrize("route", _AT_HOME, ids=lambda route: route.path)
def test_an_allowed_origin_may_use_nothing_else(client: TestClient, route: Any) -> None:
    for method in ("GET", "POST", "OPTIONS"):
        headers = {"origin": WIKI, "access-control-request-method": "POST"}
        refused = client.request(method, place(route.path), headers=headers)
        assert refused.status_code == 403
        assert not [name for name in refused.headers if name.startswith("access-control-")]


def test_wrong_preflights_are_refused(client: TestClient) -> None:
    wrong = [
        {"access-control-request-method": method} for method in ("PUT", "DELETE", "GET", "post", "PATCH", "x", "*")
    ]
    right = {"access-control-request-method": "POST"}
    wrong += [{**right, "access-control-request-headers": names} for names in ("x-assistant-signature", "cookie", "*",
              "content-type, x-user", "x-forwarded-for", "authorization;x")]  # fmt: skip
    for headers in wrong:
        refused = client.options("/api/ask", headers={"origin": WIKI, **headers})
        assert refused.status_code == 403
        assert not [name for name in refused.headers if name.startswith("access-control-")]


def test_a_page_of_a_wider_network_is_let_in_on_purpose_only(client: TestClient) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-private-network": "true"}
    let_in = client.options("/api/ask", headers={"origin": WIKI, **asked})
    assert let_in.headers["access-control-allow-private-network"] == "true"
    refused = client.options("/api/ask", headers={"origin": "https://evil.example", **asked})
    assert "access-control-allow-private-network" not in refused.headers
    plain = client.options("/api/ask", headers={"origin": WIKI, "access-control-request-method": "POST"})
    assert "access-control-allow-private-network" not in plain.headers


def test_what_an_own_page_and_a_program_may_do(client: TestClient) -> None:
    for headers in ({}, {"origin": "http://127.0.0.1"}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}):
        for path in ("/", "/api/status", "/source/leave.txt", "/api/search?q=dogs", "/api/documents", "/theme.css"):
            assert client.get(path, headers=headers).status_code == 200, (path, headers)
        assert client.post("/api/ask", json=ASKED, headers={**JSON, **headers}).status_code == 200
    own = {"host": "localhost:8000", "origin": "http://localhost:8000"}  # as through a tunnel
    assert client.post("/api/ask", json=ASKED, headers={**JSON, **own}).status_code == 200


def test_other_sites_load_and_frame_only_what_is_shown(client: TestClient) -> None:
    loads = [("no-cors", "script"), ("no-cors", "image"), ("navigate", "iframe"), ("navigate", "object"), ("", "")]
    for route in _OPEN:
        for site in ("cross-site", "same-site"):
            for mode, dest in loads:
                headers = {"sec-fetch-site": site, "sec-fetch-mode": mode, "sec-fetch-dest": dest}
                (method, *_) = route.methods
                status = client.request(method, place(route.path), headers=headers).status_code
                assert (status == 403) != (route.rule is Rule.PUBLIC or route.shown), (route.path, site, mode)
    followed = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert client.get("/source/leave.txt", headers=followed).status_code == 200
    assert client.post("/api/ask", json=ASKED, headers=followed).status_code == 403


def test_who_may_frame_what(client: TestClient) -> None:
    for route in _OPEN:
        headers = client.put(place(route.path)).headers  # no route does anything then
        shown = f"frame-ancestors 'self' {WIKI} {OTHER}"
        assert headers["content-security-policy"].count("frame-ancestors") == 1
        assert headers["content-security-policy"].endswith(shown if route.shown else "frame-ancestors 'none'")
        assert headers["cross-origin-resource-policy"] == ("cross-origin" if route.shown else "same-origin")


@pytest.mark.parametrize("host", [
    "evil.example", "wiki.example.org", "", "127.0.0.1.evil.example", "127.0.0.2", "[::1]", "localhost.",
    "127.0.0.1@evil", "x:y", "localhost:99999999", "localhost localhost",
])  # fmt: skip
def test_a_foreign_name_of_the_server_is_an_error_in_json(client: TestClient, host: str) -> None:
    for path in ("/", "/health", "/api/ask", "/widget.js", "/nothing"):
        refused = client.get(path, headers={"host": host})
        assert (refused.status_code, set(refused.json())) == (400, {"error", "hint"})


def test_a_name_may_be_added(assistant: Assistant) -> None:
    with reached(assistant, allowed_hosts=["Chat.Corp"]) as client:
        own = {"host": "chat.corp:7860", "origin": "http://chat.corp:7860"}
        assert client.post("/api/ask", json=ASKED, headers={**JSON, **own}).status_code == 200
        assert client.get("/", headers={"host": "x.chat.corp"}).status_code == 400


def test_an_address_of_ipv6_is_a_name_like_any_other(assistant: Assistant) -> None:
    own = {"host": "[::1]:7860", "origin": "http://[::1]:7860"}
    with reached(assistant, host="0:0::1", client=("::1", 50000)) as client:
        assert client.post("/api/ask", json=ASKED, headers={**JSON, **own}).status_code == 200
        assert client.get("/", headers={"host": "[::2]:7860"}).status_code == 400
        assert client.post("/api/ask", json=ASKED, headers={**own, "origin": "http://[::2]:7860"}).status_code == 403
    with reached(assistant, allowed_hosts=["[2001:DB8:0::1]"]) as client:
        assert client.get("/health", headers={"host": "[2001:db8::1]"}).status_code == 200
        assert client.get("/health", headers={"host": "[::1]"}).status_code == 400


def test_nothing_speaks_websocket(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/gradio_api/queue/join"):
        pass


# --- settings --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [
    "null", "*", "https://*.example.org", "https://wiki.example.org/", "https://wiki.example.org/x", "wiki.example.org",
    "https://wiki.example.org.", "ftp://wiki.example.org", "https://wiki.example.org:0", "https://wiki.example.org:65536",
    "https://a@wiki.example.org", "https://wiki.example.org?x", "https://wiki.example.org#x", "http://127.1", "http://1",
    "http://0x7f.0.0.1", "https://wïki.example.org", "https:// wiki.example.org", "https://wiki..example.org", "https://",
    "https://-wiki.example.org", "https://wiki.example.org\n", "https://[::1", "https://[zz]", "https://wiki.example.org:",
    "https://wiki.example.org, https://x.example", "file:///x", "https://wiki.example.org:０４", "",
])  # fmt: skip
def test_an_origin_that_is_none_is_refused_at_load(origin: str) -> None:
    with pytest.raises(SettingsError, match="allowed_origins"):
        load({"allowed_origins": [WIKI, origin]})


@pytest.mark.parametrize(("told", "meant"), [
    ("HTTPS://Wiki.Example.ORG", "https://wiki.example.org"), ("https://wiki.example.org:443", "https://wiki.example.org"),
    ("http://wiki:80", "http://wiki"), ("http://wiki:8080", "http://wiki:8080"), ("http://[0:0::1]:81", "http://[::1]:81"),
    ("http://10.0.0.1", "http://10.0.0.1"), ("http://my_wiki", "http://my_wiki"),
])  # fmt: skip
def test_an_origin_is_written_as_browsers_send_it(told: str, meant: str) -> None:
    assert load({"allowed_origins": [told]}).allowed_origins == (meant,)


@pytest.mark.parametrize("access", [
    {}, {"token_secrets": [SECRET]}, {"user_header": "x-user", "trusted_proxies": ["10.0.0.1"]}, {"require_user": True},
    {"require_user": True, "token_secrets": ["short"]}, {"require_user": True, "user_header": "x-user"},
    {"require_user": True, "user_header": "cookie", "trusted_proxies": ["10.0.0.1"]},
    {"require_user": True, "user_header": "x-user", "trusted_proxies": ["0.0.0.0/0"]},
])  # fmt: skip
def test_the_server_leaves_the_machine_only_where_users_are_known(access: dict[str, Any]) -> None:
    for host in ("0.0.0.0", "10.0.0.7"):
        with pytest.raises(SettingsError) as refused:
            load({"host": host, "access": access})
        assert refused.value.hint


def test_where_users_are_known_it_may() -> None:
    by_token = load({"host": "10.0.0.7", "access": {"require_user": True, "token_secrets": [SECRET]}})
    assert by_token.served_hosts == {"127.0.0.1", "localhost", "10.0.0.7"}
    proxies = {"require_user": True, "user_header": "X-Forwarded-User", "trusted_proxies": ["10.0.0.0/24"]}
    assert load({"host": "0.0.0.0", "access": proxies}).access.user_header == "x-forwarded-user"
    assert SECRET not in repr(by_token)


# --- tokens and sessions ---------------------------------------------------------------------------------------


def test_a_token_becomes_a_session_of_its_user(known: TestClient) -> None:
    given = known.post("/api/session", json={"token": token()}, headers={"origin": WIKI}).json()
    assert given["seconds"] == 3600
    by = {**JSON, "origin": WIKI, "authorization": f"Bearer {given['session']}"}
    assert known.post("/api/ask", json=ASKED, headers=by).json()["answered"]
    assert (
        known.get("/api/search?q=dogs", headers={**by, "authorization": f"bearer {given['session']}"}).status_code
        == 200
    )
    for path in ("/", "/source/leave.txt", "/api/status", "/api/documents", "/api/search?q=dogs", "/theme.css"):
        refused = known.get(path)
        assert (refused.status_code, refused.headers["www-authenticate"]) == (401, "Bearer")
    assert known.get("/health").status_code == 200


def test_a_person_who_is_not_known_is_told_so_on_a_page(known: TestClient) -> None:
    for path in ("/", "/source/leave.txt", "/source/not-there.txt"):
        page = known.get(path, headers={"accept": "text/html,*/*"})
        assert (page.status_code, page.headers["www-authenticate"]) == (401, "Bearer")
        assert "This assistant answers known users only." in page.text
        assert "script" not in page.headers["content-security-policy"]
        assert ("Whole passage" in page.text) == (path != "/")
        assert "annual leave" not in page.text
        assert known.get(path, headers={"accept": "application/json"}).json()["error"]
    asked = known.post("/api/ask", json=ASKED, headers={"accept": "text/html"})
    assert (asked.status_code, asked.headers["content-type"]) == (401, "application/json")


def wrong_tokens() -> list[str]:
    now = int(time.time())

    def part(value: Any) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()

    whole = {"sub": "ingrid", "aud": AUDIENCE, "iat": now, "exp": now + 120, "jti": "1"}
    right = token()
    head, body, signature = right.split(".")
    none = part({"alg": "none", "typ": "JWT"})
    return [
        *(token(**{claim: None}) for claim in ("sub", "aud", "iat", "exp", "jti")),
        *(token(aud=aud) for aud in ("another", "document-assistant session", [AUDIENCE], "", "DOCUMENT-ASSISTANT")),
        *(token(iat=now - 400, exp=now - past) for past in (100, 60, 30, 11)),
        *(token(iat=now + ahead, exp=now + ahead + 60) for ahead in (30, 120, 86_400)),
        *(token(exp=exp) for exp in (now + 301, now + 86_400, 2**60, now - 1000)),
        token(iat=now - 301, exp=now),
        token(iat=now - 200, exp=now + 60),
        token(iat=now + 0.5),
        *(token(exp=exp) for exp in (f"{now + 60}", now + 60.5, True, [now + 60])),
        token(iat=f"{now}"),
        token(nbf=now + 100),
        *(token(sub=sub) for sub in ("", "x" * 201, "a\nb", "\x00")),
        *(token(jti=jti) for jti in ("", "x" * 201, "a\nb")),
        token(secret="another secret of more than thirty-two characters"),
        token(secret=SECRET[:-1]),
        token(secret=SECRET.upper()),
        token(algorithm="HS384", secret=SECRET + SECRET),
        token(algorithm="HS512", secret=SECRET + SECRET),
        token(headers={"crit": ["exp"], "exp": 1}),
        f"{none}.{part(whole)}.",
        f"{none}.{part(whole)}",
        f"{none}.{part(whole)}.{signature}",
        f"{part({'alg': 'None'})}.{body}.",
        f"{part({'alg': 'NONE'})}.{body}.{signature}",
        f"{part({'alg': 'RS256'})}.{body}.{signature}",
        f"{part({'alg': 'ES256'})}.{body}.{signature}",
        f"{part({'alg': 'HS256', 'b64': False, 'crit': ['b64']})}.{body}.{signature}",
        f"{part({})}.{body}.{signature}",
        f"{part([])}.{body}.{signature}",
        f"{part({'alg': ['HS256']})}.{body}.{signature}",
        f"{part({'alg': None})}.{body}.{signature}",
        f"{head}.{part({**whole, 'sub': 'admin'})}.{signature}",
        f"{head}.{body}.",
        f"{head}.{body}.{signature[:-2]}",
        f"{head}.{body}.{signature[::-1]}",
        f"{head}.{body}.{signature}.{signature}",
        f"{head}{body}{signature}",
        f".{body}.{signature}",
        f"{head}..{signature}",
        "", ".", "..", "...", "garbage", "x" * 4096, "x" * 4097, "a.b.c", "\x00", "é.é.é", "null", "{}", "🔑",
        base64.urlsafe_b64encode(b"[" * 2000).decode() + ".e30.",
        base64.urlsafe_b64encode(b'{"alg":' * 400).decode() + ".e30.",
        token(more="x" * 4096),
    ]  # fmt: skip


def test_wrong_tokens_are_exchanged_for_nothing(assistant: Assistant) -> None:
    wrong = wrong_tokens()
    assert len(set(wrong)) >= 60
    access = {"require_user": True, "token_secrets": [SECRET]}
    with reached(assistant, access=access, limits={"wrong_tokens": 100_000}) as server:
        for text in wrong:
            refused = server.post("/api/session", json={"token": text}, headers={"origin": WIKI})
            assert (refused.status_code, set(refused.json())) == (401, {"error", "hint"}), text[:200]
            assert SECRET not in refused.text
            with contextlib.suppress(UnicodeEncodeError):
                said = {**JSON, "authorization": f"Bearer {text}".encode("latin-1"), "origin": WIKI}
                assert server.post("/api/ask", json=ASKED, headers=said).status_code == 401, text[:200]
        for body in ({}, {"token": None}, {"token": 5}, {"token": ["x"]}, {"token": token(), "more": 1}, []):
            assert server.post("/api/session", json=body).status_code == 422
        assert server.post("/api/session", json={"token": "x" * 1_000_000}).status_code == 413


def test_no_wrong_token_is_let_in_at_any_route(known: TestClient) -> None:
    """A token is no session, a session of others or of another time is none, and no other form of them is one."""
    now = int(time.time())
    given = session(known)
    claims = jwt.decode(given, options={"verify_signature": False})
    stolen = [
        token(), "", "x", given[:-3], given + "x", given.upper(), " ".join([given, given]), SECRET,
        jwt.encode({**claims, "exp": now + 86_400}, SECRET, "HS256"),
        jwt.encode({**claims, "sub": "admin"}, "x" * 64, "HS256"),
        jwt.encode(claims, None, "none"),  # type: ignore[arg-type]
    ]  # fmt: skip
    for route in [route for route in _OPEN if route.rule in (Rule.READER, Rule.OWN)]:
        origin = {"origin": WIKI} if route.rule is Rule.READER else {}
        for said in [*(f"Bearer {text}" for text in stolen), "Basic aW5ncmlkOng=", "Bearer", "", given, "Token x"]:
            answered = known.request(route.methods[0], place(route.path), headers={**origin, "authorization": said})
            assert answered.status_code in (401, 429), (route.path, said)
    assert known.get("/api/documents", headers={"origin": WIKI, "authorization": f"Bearer {given}"}).status_code == 200


def test_a_token_is_used_once(known: TestClient) -> None:
    once = token()
    assert known.post("/api/session", json={"token": once}).status_code == 200
    for origin in ({}, {"origin": WIKI}, {"origin": OTHER}):
        again = known.post("/api/session", json={"token": once}, headers=origin)
        assert again.status_code in (401, 429)
    assert known.post("/api/session", json={"token": token(jti="the same")}).status_code == 200
    assert known.post("/api/session", json={"token": token(jti="the same", sub="olaf")}).status_code in (401, 429)


def test_used_tokens_are_remembered_no_longer_than_they_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    tokens = Tokens(AccessSettings(token_secrets=(SECRET,)))  # type: ignore[arg-type]
    for _ in range(50):
        tokens.exchange(token(exp=int(time.time()) + 20), "")
    assert len(tokens._used) == 50
    later = time.time() + 40
    monkeypatch.setattr("assistant.web.tokens.time.time", lambda: later)
    tokens._use({"jti": "another", "exp": later})
    assert (len(tokens._used), len(tokens._until)) == (1, 1)


def test_one_of_many_at_once_gets_the_session() -> None:
    tokens = Tokens(AccessSettings(token_secrets=(SECRET,)))  # type: ignore[arg-type]
    once, got = token(), []

    def take() -> None:
        with contextlib.suppress(TokenError):
            got.append(tokens.exchange(once, ""))

    threads = [threading.Thread(target=take) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_session_holds_for_its_origin_and_its_time(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    access = {"require_user": True, "token_secrets": [SECRET], "session_seconds": 60}
    with reached(assistant, access=access) as server:
        by = {"authorization": f"Bearer {session(server)}"}
        assert server.get("/api/documents", headers={**by, "origin": WIKI}).status_code == 200
        for origin in ({}, {"origin": OTHER}, {"origin": "http://127.0.0.1"}):
            refused = server.get("/api/documents", headers={**by, **origin})
            assert (refused.status_code, "another site" in refused.json()["error"]) == (401, True)
        own = {"authorization": f"Bearer {session(server, origin='')}"}
        assert server.get("/api/documents", headers={**own, "origin": "http://127.0.0.1"}).status_code == 200
        assert server.get("/api/documents", headers={**own, "origin": WIKI}).status_code == 401
        old = {"sub": "ingrid", "aud": f"{AUDIENCE} session", "iat": 1, "exp": int(time.time()) - 30, "jti": "1"}
        key = dict(server.app.state.tokens._keys)[SECRET.encode()]  # type: ignore[attr-defined]
        by = {"authorization": f"Bearer {jwt.encode({**old, 'origin': ''}, key, 'HS256')}"}
        assert "expired" in server.get("/api/documents", headers=by).json()["error"]


def test_sessions_end_with_their_secret_and_not_with_the_server(assistant: Assistant) -> None:
    new = "a newer secret of more than thirty-two characters"

    def status(secrets: list[str], by: str) -> int:
        with reached(assistant, access={"require_user": True, "token_secrets": secrets}) as server:
            headers = {"origin": WIKI, "authorization": f"Bearer {by}"}
            return server.get("/api/documents", headers=headers).status_code

    with reached(assistant, access={"token_secrets": [SECRET]}) as server:
        given = session(server)
    assert status([SECRET], given) == 200
    assert status([new, SECRET], given) == 200
    assert status([new], given) == 401


def test_without_secrets_there_are_no_sessions(client: TestClient) -> None:
    assert client.post("/api/session", json={"token": token()}).status_code == 403
    assert client.get("/api/documents", headers={"authorization": "Bearer x"}).status_code == 200


def test_a_thousand_wrong_tokens_are_too_many(assistant: Assistant) -> None:
    with reached(assistant, access={"require_user": True, "token_secrets": [SECRET]}) as server:
        wrong = token(secret="another secret of more than thirty-two characters")
        found = [server.post("/api/session", json={"token": wrong}).status_code for _ in range(500)]
        by = {"authorization": f"Bearer {wrong}"}
        found += [server.get("/api/documents", headers=by).status_code for _ in range(500)]
        assert (found[:30], set(found[31:])) == ([401] * 30, {429})
        refused = server.post("/api/session", json={"token": wrong}, headers={"origin": WIKI})
        assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert refused.headers["access-control-allow-origin"] == WIKI
        assert session(server)  # who shares the address with them and has a right one is let in


def test_the_example_of_the_manual_makes_a_token(known: TestClient) -> None:
    (example,) = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "widget.md").read_text(), re.DOTALL)
    made: dict[str, Any] = {}
    exec(example, made)
    given = known.post("/api/session", json={"token": made["assistant_token"]("ingrid", SECRET)})
    assert given.status_code == 200


@pytest.mark.skipif(not shutil.which("php"), reason="there is no php; install Debian's php-cli to run this")
@pytest.mark.parametrize("user", ["ingrid", "Ingrid Sölheim", 'o\'neil "x" </script>', "伊"])
def test_the_example_in_php_makes_the_same_token(known: TestClient, user: str) -> None:
    manual = (ROOT / "docs" / "widget.md").read_text()
    (example,) = re.findall(r"```php\n(function assistant_token.*?)```", manual, re.DOTALL)
    command = ["php", "-r", f"{example} echo assistant_token($argv[1], $argv[2]);", "--", user, SECRET]
    made = subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout
    claims = jwt.decode(made, SECRET, ["HS256"], audience=AUDIENCE)
    assert (claims.keys(), claims["sub"]) == ({"sub", "aud", "iat", "exp", "jti"}, user)
    given = known.post("/api/session", json={"token": made}, headers={"origin": WIKI})
    assert given.status_code == 200
    assert jwt.decode(given.json()["session"], options={"verify_signature": False})["sub"] == user


# --- proxies ---------------------------------------------------------------------------------------------------

PROXY = ("10.0.0.1", 40000)
BY_PROXY = {"require_user": True, "user_header": "X-User", "trusted_proxies": ["10.0.0.0/30"]}


def test_a_trusted_proxy_says_who_asks_and_nobody_else(assistant: Assistant) -> None:
    said = {
        "x-user": "ingrid",
        "x-forwarded-for": "10.0.0.1",
        "x-forwarded-user": "ingrid",
        "forwarded": "for=10.0.0.1",
    }
    with reached(assistant, PROXY, access=BY_PROXY) as server:
        assert server.get("/", headers={"x-user": "ingrid"}).status_code == 200
        for none in ({}, {"x-user": ""}, {"x-user": " "}, {"x_user": "ingrid"}, {"user": "ingrid"}):
            assert server.get("/api/status", headers=none).status_code == 401
        wrong = ([("x-user", "a"), ("x-user", "b")], {"x-user": "x" * 201}, {"x-user": "a\tb"})
        for headers in wrong:
            assert server.get("/api/status", headers=headers).status_code == 403  # type: ignore[arg-type]
        assert raw(server, [("GET", "/api/status", [(b"x-user", b"\xff")])])[0][0] == 403
        for outsider in ("10.0.0.4", "127.0.0.1", "::1", "::ffff:10.0.0.5", "203.0.113.9"):
            other = asked_from(outsider, server)
            for route in [route for route in _OPEN if route.rule in (Rule.READER, Rule.OWN)]:
                assert other.request(route.methods[0], place(route.path), headers=said).status_code == 401


def test_a_session_is_for_the_user_the_proxy_names(assistant: Assistant) -> None:
    with reached(assistant, PROXY, access={**BY_PROXY, "token_secrets": [SECRET]}) as server:
        by = {"authorization": f"Bearer {session(server, sub='ingrid')}", "origin": WIKI}
        assert server.get("/api/documents", headers=by).status_code == 200
        assert server.get("/api/documents", headers={**by, "x-user": "ingrid"}).status_code == 200
        assert server.get("/api/documents", headers={**by, "x-user": "olaf"}).status_code == 401
        assert server.post("/api/session", json={"token": token()}, headers={"x-user": "olaf"}).status_code == 401


def test_addresses_are_believed_from_trusted_proxies_only(assistant: Assistant) -> None:
    def asks(server: TestClient, chains: list[str]) -> list[int]:
        return [
            server.get("/api/search?q=dogs", headers={"x-forwarded-for": chain, "x-user": "u"}).status_code
            for chain in chains
        ]

    limits = {"questions_of_address": 2, "questions_of_user": 1000}
    with reached(assistant, PROXY, access=BY_PROXY, limits=limits) as server:
        assert asks(server, ["203.0.113.1"] * 3 + ["203.0.113.2"]) == [200, 200, 429, 200]
        # What stands before the last hop that no trusted proxy vouches for may be invented.
        assert asks(server, [f"198.51.100.{n}, 203.0.113.3" for n in range(3)]) == [200, 200, 429]
        assert asks(server, [f"198.51.100.{n}, 203.0.113.4, 10.0.0.2" for n in range(3)]) == [200, 200, 429]
        assert asks(server, [f"198.51.100.{n}, garbage" for n in range(3)]) == [200, 200, 429]
        assert asks(server, [f"2001:db8:1:1::{n}" for n in range(3)] + ["2001:db8:1:2::1"]) == [200, 200, 429, 200]
    with reached(assistant, ("203.0.113.9", 1), limits=limits) as server:
        assert asks(server, [f"198.51.100.{n}" for n in range(3)]) == [200, 200, 429]


def test_the_address_that_a_page_has_is_believed_from_trusted_proxies_only(assistant: Assistant) -> None:
    public = {"x-forwarded-host": "chat.corp", "x-forwarded-proto": "https", "x-user": "ingrid"}
    with reached(assistant, PROXY, access=BY_PROXY, allowed_hosts=["chat.corp"]) as server:
        page = server.get("/", headers=public)
        assert page.status_code == 200
        assert server.post("/api/ask", json=ASKED, headers={**JSON, **public, "origin": "https://chat.corp"}).json()
        for origin in ("http://chat.corp", "http://127.0.0.1", "https://chat.corp:444"):
            assert server.post("/api/ask", json=ASKED, headers={**public, "origin": origin}).status_code == 403
        evil = {**public, "x-forwarded-host": "evil.example"}
        assert server.get("/", headers=evil).status_code == 400
    with reached(assistant, allowed_hosts=["chat.corp"]) as server:
        page = server.get("/", headers={"x-forwarded-host": "evil.example", "x-forwarded-proto": "https"})
        assert (page.status_code, "evil.example" in page.text) == (200, False)
        assert server.get("/api/status", headers={**public, "origin": "https://chat.corp"}).status_code == 403


# --- the administrator's route ---------------------------------------------------------------------------------


def test_a_build_is_asked_for_on_this_machine_or_signed(assistant: Assistant, client: TestClient) -> None:
    for address, headers in (("203.0.113.9", {}), ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}), ("testclient", {})):
        assert asked_from(address, client).post("/api/index", headers=headers).status_code == 403
    webhook = WebhookSettings(secret="a secret of some length")  # type: ignore[arg-type]
    with reached(assistant, ("203.0.113.9", 1), webhook=webhook.model_dump(),
                 access={"require_user": True, "token_secrets": [SECRET]}) as server:  # fmt: skip
        assert server.post("/api/index").status_code == 401
        by = {"authorization": f"Bearer {session(server, origin='')}"}
        assert server.post("/api/index", headers=by).status_code == 401


# --- how much is answered --------------------------------------------------------------------------------------


def test_who_asks_too_much_is_told_when_to_ask_again(assistant: Assistant) -> None:
    limits = {"questions_of_user": 3, "questions_of_address": 5}
    with reached(assistant, access={"token_secrets": [SECRET]}, limits=limits) as server:
        ingrid, olaf = (
            {"origin": WIKI, "authorization": f"Bearer {session(server, sub=sub)}", **JSON}
            for sub in ("ingrid", "olaf")
        )
        found = [server.post("/api/ask", json=ASKED, headers=ingrid).status_code for _ in range(4)]
        assert found == [200, 200, 200, 429]
        refused = server.post("/api/ask", json=ASKED, headers=ingrid)
        assert 1 <= int(refused.headers["retry-after"]) <= 120
        assert refused.headers["access-control-expose-headers"] == "Retry-After"
        assert refused.headers["retry-after"] in refused.json()["hint"]
        assert server.get("/api/search?q=dogs", headers=ingrid).status_code == 429
        assert server.get("/api/documents", headers=ingrid).status_code == 200
        found = [server.post("/api/ask", json=ASKED, headers=olaf).status_code for _ in range(3)]
        assert found == [200, 200, 429]  # five from this address


@given(st.integers(1, 20), st.lists(st.floats(0, 40), min_size=1, max_size=60))
def test_no_minute_holds_more_than_allowed_and_waiting_helps(limit: int, pauses: list[float]) -> None:
    now = 1000.0
    rate = Rate(limit, lambda: now)
    passed = []
    for pause in pauses:
        now += pause
        wait = rate.count("a")
        if wait:
            now += wait
            assert rate.count("a") == 0, wait
        passed.append(now)
        # The last minute's are counted as if they had come evenly, so twice as many is the bound in any minute.
        assert sum(now - 60 < at for at in passed) <= 2 * limit
        assert rate.count("b") == 0 or limit <= sum(now - 120 < at for at in passed)


def test_rates_forget_whoever_is_gone() -> None:
    now = 1000.0
    rate = Rate(5, lambda: now)
    for n in range(1000):
        rate.count(f"address {n}")
    now += 200
    rate.count("another")
    assert len(rate._now) + len(rate._last) == 1


def test_what_waits_is_let_in_in_order_and_no_more_than_allowed() -> None:
    gate = Gate(2, 3, 5)
    inside, most, order, refused = 0, 0, [], []

    async def ask(n: int) -> None:
        nonlocal inside, most
        try:
            async with gate.passing_async():
                order.append(n)
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.02)
                inside -= 1
        except LimitError as error:
            refused.append((n, error.seconds))

    async def all_at_once() -> None:
        await asyncio.gather(*(ask(n) for n in range(7)))

    in_a_loop(all_at_once)
    assert (most, order, refused) == (2, [0, 1, 2, 3, 4], [(5, 5), (6, 5)])
    assert (gate._inside, len(gate._queue)) == (0, 0)


def test_who_waits_in_vain_or_goes_leaves_his_place() -> None:
    gate = Gate(1, 5, 0.05)

    async def wait() -> None:
        with gate.passing():
            with pytest.raises(LimitError):
                async with gate.passing_async():
                    pass
            with pytest.raises(LimitError), gate.passing():
                pass
            gone = asyncio.create_task(gate.passing_async().__aenter__())
            await asyncio.sleep(0.01)
            gone.cancel()
            with pytest.raises(asyncio.CancelledError):
                await gone
            assert len(gate._queue) == 0
        async with gate.passing_async():
            pass

    in_a_loop(wait)
    assert (gate._inside, len(gate._queue)) == (0, 0)


def test_a_place_in_the_queue_is_told_and_given_up_by_who_is_stopped_or_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.web.limits._STEP", 0.001)
    gate = Gate(1, 5, 60)
    with gate.passing(), contextlib.ExitStack() as second:
        second.enter_context(gate.entered())
        with gate.entered() as last, gate.entered() as third:
            told = gate.waited(last)
            assert [next(told), next(told), *gate.waited(third, lambda: True)] == [2, 2]
            second.close()
            assert next(told) == 1
        assert len(gate._queue) == 0
    assert gate._inside == 0


@pytest.mark.parametrize(("method", "path", "body"), [
    ("POST", "/api/ask", ASKED), ("GET", "/api/search?q=dogs", None),
    ("POST", "/v1/chat/completions", {"model": "documents", "messages": [{"role": "user", "content": "Dogs?"}]}),
])  # fmt: skip
def test_who_goes_waits_no_longer(
    assistant: Assistant, method: str, path: str, body: object, caplog: pytest.LogCaptureFixture
) -> None:
    limited = altered(assistant, limits={"answers_at_once": 1, "waiting_seconds": 60})
    with application(limited) as app, served(app) as address, app.state.limits.gate.passing():
        waiting = app.state.limits.gate._queue
        client = http.client.HTTPConnection(httpx.URL(address).host, httpx.URL(address).port)
        client.request(method, path, json.dumps(body) if body else None, {"content-type": "application/json"})
        until(lambda: len(waiting) == 1)
        client.close()
        until(lambda: len(waiting) == 0)
    assert caplog.messages == []


def until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def in_a_loop(work: Callable[[], Any]) -> None:
    """Run a coroutine in a thread of its own: the browser's driver has a loop in this one."""
    thread = threading.Thread(target=lambda: asyncio.run(work()))
    thread.start()
    thread.join()


def test_threads_and_coroutines_share_a_gate() -> None:
    gate = Gate(3, 100, 10)
    inside, most, lock = 0, 0, threading.Lock()

    def step(change: int) -> None:
        nonlocal inside, most
        with lock:
            inside += change
            most = max(most, inside)

    def in_thread() -> None:
        with gate.passing():
            step(1)
            time.sleep(0.005)
            step(-1)

    async def coroutine() -> None:
        async with gate.passing_async():
            step(1)
            await asyncio.sleep(0.005)
            step(-1)

    async def coroutines() -> None:
        await asyncio.gather(*(coroutine() for _ in range(30)))

    threads = [threading.Thread(target=in_thread) for _ in range(30)]
    for thread in threads:
        thread.start()
    in_a_loop(coroutines)
    for thread in threads:
        thread.join()
    assert (most, inside, gate._inside) == (3, 0, 0)


def test_an_overload_is_said_at_once(assistant: Assistant) -> None:
    with reached(assistant, limits={"answers_at_once": 1, "answers_waiting": 0}) as server:
        limits: Limits = server.app.state.limits  # type: ignore[attr-defined]
        with limits.gate.passing():
            for stream in ({}, JSON):
                refused = server.post("/api/ask", json=ASKED, headers={"origin": WIKI, **stream})
                assert (refused.status_code, refused.headers["retry-after"]) == (429, "5")
                assert refused.headers["access-control-allow-origin"] == WIKI
                assert "Try again" in refused.json()["hint"]
        for stream in ({}, JSON):
            assert server.post("/api/ask", json=ASKED, headers=stream).status_code == 200
        assert limits.gate._inside == 0


def test_who_is_answered_is_inside_until_the_answer_is_sent(assistant: Assistant) -> None:
    arriving: list[Message] = [{"type": "http.request", "body": json.dumps(ASKED).encode(), "more_body": False}]
    inside: list[int] = []

    async def receive() -> Message:
        while not arriving:
            await asyncio.sleep(60)
        return arriving.pop()

    with reached(assistant) as server:
        gate: Gate = server.app.state.limits.gate  # type: ignore[attr-defined]

        async def send(message: Message) -> None:
            if message["type"] == "http.response.body" and message.get("body"):
                inside.append(gate._inside)
                if len(inside) == 3:
                    raise OSError("the reader has gone")

        headers = [(b"host", b"127.0.0.1"), (b"content-type", b"application/json")]
        scope = {"type": "http", "method": "POST", "path": "/api/ask", "headers": headers, "scheme": "http"}

        async def ask() -> None:
            with contextlib.suppress(OSError, BaseExceptionGroup):
                await server.app({**scope, "query_string": b"", "root_path": "", "client": ("::1", 1)}, receive, send)

        in_a_loop(ask)
        assert inside == [1, 1, 1]
        assert gate._inside == 0


def test_limits_have_room_for_an_ordinary_day() -> None:
    limits = Limits(LimitSettings())
    for _ in range(30):
        limits.ask("question", "ingrid", "10.0.0.1")
    with pytest.raises(LimitError):
        limits.ask("question", "ingrid", "10.0.0.1")
    limits.ask("feedback", "ingrid", "10.0.0.1")
