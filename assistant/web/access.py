"""Who may use which route. The one place that decides it, for every route, Gradio's included.

A request is looked at from the outside in: under which name the server is asked, from which site's page, for which
route (ROUTES; what is not in it is closed), by which user, how often. Nothing here is kept in cookies.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from fastapi.responses import JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.settings import Settings
from assistant.web.errors import error_response, nothing_here
from assistant.web.limits import Limits
from assistant.web.refused import refused
from assistant.web.tokens import Tokens
from assistant.web.visitor import Headers, Visitor
from index.errors import AccessError, TokenError, UserError


class Rule(Enum):
    """Who may use a route. An origin that is neither our own nor allowed may use none."""

    PUBLIC = "everybody; it says nothing about the documents"
    ENTRANCE = "our own pages, programs and allowed origins, before a user is known"
    READER = "the same, once a user is known where one is required"
    OWN = "our own pages and programs, once a user is known where one is required"
    ADMINISTRATOR = "our own pages and programs; with the webhook's signature, or on this machine where there is none"
    CLOSED = "nobody"


_ABROAD = (Rule.PUBLIC, Rule.ENTRANCE, Rule.READER)
_OF_USERS = (Rule.READER, Rule.OWN)


@dataclass(frozen=True, slots=True)
class Route:
    """A path, or all paths below it when it ends with "*".

    `methods` are those that a page of an allowed origin may use, `counted` what its requests are counted as, and
    `shown` tells that other sites may load it as a script, or frame it if they are allowed.
    """

    path: str
    rule: Rule
    methods: tuple[str, ...] = ("GET",)
    counted: str = ""
    shown: bool = False


ROUTES = (
    Route("/health", Rule.PUBLIC),
    Route("/ready", Rule.PUBLIC),
    Route("/ui/*", Rule.PUBLIC),
    Route("/favicon.ico", Rule.PUBLIC),
    Route("/robots.txt", Rule.PUBLIC),
    Route("/widget.js", Rule.PUBLIC, shown=True),
    Route("/embed", Rule.ENTRANCE, shown=True),
    Route("/api/widget", Rule.ENTRANCE),
    Route("/api/session", Rule.ENTRANCE, ("POST",)),
    Route("/api/ask", Rule.READER, ("POST",), counted="question"),
    Route("/api/search", Rule.READER, counted="question"),
    Route("/api/documents", Rule.READER),
    Route("/api/feedback", Rule.READER, ("POST",), counted="feedback"),
    Route("/source/*", Rule.OWN),
    Route("/api/status", Rule.OWN),
    Route("/api/index/events", Rule.OWN),
    Route("/widget-demo", Rule.OWN),
    Route("/api/index", Rule.ADMINISTRATOR),
    Route("/api/*", Rule.CLOSED),
    # Of programs; pages of other sites have the routes above. Of what comes to /mcp only uses of a tool are counted,
    # and that is done there.
    Route("/v1/chat/completions", Rule.OWN, ("POST",), counted="question"),
    Route("/v1/models", Rule.OWN),
    Route("/v1/models/*", Rule.OWN),
    Route("/v1/*", Rule.CLOSED),
    Route("/mcp", Rule.OWN, ("POST",)),
    # What the chat page needs of Gradio; its files, runs, proxy and descriptions of itself nobody does.
    Route("/", Rule.OWN),
    Route("/theme.css", Rule.OWN),
    Route("/assets/*", Rule.OWN),
    Route("/static/*", Rule.OWN),
    Route("/gradio_api/queue/join", Rule.OWN),
    Route("/gradio_api/queue/data", Rule.OWN),
    Route("/gradio_api/*", Rule.CLOSED),
    *(Route(path, Rule.CLOSED) for path in ("/config", "/config/", "/login", "/login/", "/logout", "/manifest.json")),
    *(Route(path, Rule.CLOSED) for path in ("/svelte/*", "/pwa_icon", "/pwa_icon/*", "/monitoring", "/monitoring/*")),
)

_EXACT = {route.path: route for route in ROUTES if not route.path.endswith("*")}
_BELOW = sorted((route for route in ROUTES if route.path.endswith("*")), key=lambda route: -len(route.path))
_LONGEST_NAME = 255  # bytes of one part of a path; no file system has longer ones

_SENT_HEADERS = {"accept", "authorization", "content-type"}  # what a page of an allowed origin may send
_PREFLIGHT_SECONDS = 600


def route_of(path: str) -> Route | None:
    """The route that decides about a path; None for a path that nobody thought of, which is closed."""
    return _EXACT.get(path) or next((route for route in _BELOW if path.startswith(route.path[:-1])), None)


def frame_ancestors(path: str, origins: Iterable[str]) -> str:
    """The directive of a security policy that says who may frame what stands at `path`."""
    route = route_of(path)
    return " ".join(["frame-ancestors", "'self'", *origins]) if route and route.shown else "frame-ancestors 'none'"


class Access:
    """Lets a request pass, with its Visitor in `scope["visitor"]`, or answers it with the reason why not."""

    def __init__(self, app: ASGIApp, settings: Settings, tokens: Tokens, limits: Limits) -> None:
        self._app = app
        self._settings = settings
        self._hosts = settings.served_hosts
        self._origins = frozenset(settings.allowed_origins)
        self._tokens = tokens
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":  # nothing here speaks it
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        route = _known(scope["path"])
        reader = ""

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start" and route.rule in _ABROAD:
                _add_cors(MutableHeaders(scope=message), reader)
            await send(message)

        answer: ASGIApp = self._app
        try:
            headers = Headers(scope, self._settings)
            self._check_host(headers)
            origin = self._origin(headers)
            if route.rule is Rule.CLOSED:
                answer = nothing_here()
            elif origin and route.rule not in _ABROAD:
                raise AccessError("Other sites may not use this.", hint="Open the assistant's own page.")
            elif origin and scope["method"] == "OPTIONS" and headers.one("access-control-request-method"):
                answer = _preflight(route, headers)
                reader = origin if answer.status_code < 400 else ""
            else:
                reader = origin
                _check_fetch(scope["method"], route, headers)
                scope["visitor"] = self._visitor(route, headers, origin)
        except _UnknownHost as error:
            answer = JSONResponse({"error": error.message, "hint": error.hint}, 400)
        except TokenError as error:
            answer = refused(error, scope, headers.one("accept"), self._settings.title)
        except UserError as error:
            answer = error_response(error)
        await answer(scope, receive, send_with_headers)

    def _check_host(self, headers: Headers) -> None:
        """A foreign name that resolves to this machine must not reach the documents (DNS rebinding)."""
        if headers.host not in self._hosts:
            raise _UnknownHost(
                "This server is not known by that name.",
                hint="Use a name it knows, as 127.0.0.1, or add this one to allowed_hosts.",
            )

    def _origin(self, headers: Headers) -> str:
        """The other site whose page asks; empty for our own pages and for programs."""
        origin = headers.one("origin")
        if not origin or headers.is_own(origin):
            return ""
        if origin not in self._origins:
            raise AccessError(
                "Other sites may not use this.",
                hint="Add the site to allowed_origins. If it is the assistant's own address, behind a proxy:"
                " name the proxy in access.trusted_proxies and let it send X-Forwarded-Host and X-Forwarded-Proto.",
            )
        return origin

    def _visitor(self, route: Route, headers: Headers, origin: str) -> Visitor:
        address = headers.address
        user = None
        if route.rule is Rule.ENTRANCE:
            user = headers.proxy_user
        elif route.rule in _OF_USERS:
            user = self._user(headers, origin, address)
        if route.counted:
            self._limits.ask(route.counted, user, address)
        return Visitor(address, user, origin, headers.local)

    def _user(self, headers: Headers, origin: str, address: str) -> str | None:
        user = headers.proxy_user
        kind, _, session = headers.one("authorization").partition(" ")
        if self._tokens and kind.lower() == "bearer":
            try:
                owner = self._tokens.user(session.strip(), origin)
                if user not in (None, owner):
                    raise TokenError("The session is somebody else's.", hint="Load the page again.")
            except TokenError:
                self._limits.wrong_token(address)
                raise
            return owner
        if user is None and self._settings.access.require_user:
            raise TokenError(
                "This assistant answers known users only.",
                hint="Sign in to the wiki and ask there; docs/widget.md says how a wiki makes its users known.",
            )
        return user


class _UnknownHost(AccessError):
    """The server is asked under a name that is not its own."""


def _known(path: str) -> Route:
    too_long = not path.startswith("/source/") and any(len(part.encode()) > _LONGEST_NAME for part in path.split("/"))
    return (None if too_long else route_of(path)) or Route(path, Rule.CLOSED)


def _check_fetch(method: str, route: Route, headers: Headers) -> None:
    """Other sites' pages load and frame nothing but what is shown to them, also where a browser sends no Origin.

    A link to a page of ours may be followed from anywhere.
    """
    if headers.one("origin") or headers.one("sec-fetch-site") not in ("cross-site", "same-site"):
        return
    followed = headers.one("sec-fetch-mode") == "navigate" and headers.one("sec-fetch-dest") == "document"
    if not (route.rule is Rule.PUBLIC or route.shown or (followed and method in ("GET", "HEAD"))):
        raise AccessError("Other sites may not load or frame this.", hint="Open the assistant's own page.")


def _preflight(route: Route, headers: Headers) -> Response:
    """What a browser asks before a request from a page of an allowed origin."""
    wanted = {name.strip().lower() for name in headers.one("access-control-request-headers").split(",")} - {""}
    if headers.one("access-control-request-method") not in route.methods or not wanted <= _SENT_HEADERS:
        return error_response(AccessError("Other sites may not ask like this.", hint="See docs/api.md."))
    allowed = {
        "access-control-allow-methods": ", ".join(route.methods),
        "access-control-allow-headers": ", ".join(sorted(_SENT_HEADERS)),
        "access-control-max-age": str(_PREFLIGHT_SECONDS),
    }
    # Where the page's network is wider than ours (Private Network Access), browsers want to hear that it is on purpose.
    if headers.one("access-control-request-private-network") == "true":
        allowed["access-control-allow-private-network"] = "true"
    return Response(status_code=204, headers=allowed)


def _add_cors(headers: MutableHeaders, reader: str) -> None:
    headers.add_vary_header("Origin")
    if reader:
        headers["access-control-allow-origin"] = reader
        headers["access-control-expose-headers"] = "Retry-After"
