"""Checks of a wiki's page that shows this assistant, from the page to a question, each with the remedy.

Asked are the page that is named, and the assistant under the address that the page has for it, if that is a name of
this assistant by its settings. Nothing else is contacted, and no redirect to another place is followed.
"""

from __future__ import annotations

import email.message
import http.client
import ipaddress
import json
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

from assistant import origins
from assistant.doctor.installation import Check
from assistant.doctor.wiki_page import Embedding, Page, blocked, read_page
from assistant.settings import Settings

_TIMEOUT = 10  # seconds
_LARGEST = 5_000_000  # bytes of a page
_REDIRECTS = 5
_NO_ANSWER = (OSError, ValueError, http.client.HTTPException)
_NO_LINE = (
    "Put the line into the wiki's pages; docs/widget.md says where. If a script of the wiki loads the widget, name a"
    " page that has the address in itself."
)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: email.message.Message
    body: bytes
    address: str


def examine_wiki(settings: Settings, address: str) -> Iterator[Check]:
    """All checks of the page at `address`, in the order in which one needs the one before."""
    for check in _examine(settings, address):  # what a page or server says is shown and commands no terminal
        yield replace(check, message=_printable(check.message), remedy=_printable(check.remedy))


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else " " for character in text)


def _examine(settings: Settings, address: str) -> Iterator[Check]:
    origin = _origin(address)
    if not origin:
        told = f"{address} is no address of a page"
        yield Check("address", False, told, "Name one, as https://wiki.example.org/start")
        return
    known = ", ".join(settings.allowed_origins) or "nothing"
    yield _check(
        "origin",
        f"{origin} is in allowed_origins",
        "" if origin in settings.allowed_origins else f"{origin} is not in allowed_origins, which holds {known}",
        f'Add it, and start the server anew: allowed_origins = ["{origin}"]',
    )
    try:
        answer = _get(address)
    except _NO_ANSWER as error:
        told = f"{address} does not answer ({_reason(error)})"
        yield Check("page", False, told, "Check the address, and that this machine reaches it.")
        return
    yield (readable := _readable(answer))
    if not readable.ok:
        return
    text = answer.body.decode(answer.headers.get_content_charset() or "utf-8", "replace")
    page = read_page(answer.address, text, answer.headers.get_all("content-security-policy") or [])
    if page.embedding is None:
        told = "the page holds neither the line that loads /widget.js nor a frame of /embed"
        yield Check("script", False, told, _NO_LINE)
        return
    yield Check("script", True, f"the page shows {page.embedding.address}")
    yield from _policies(page, page.embedding)
    yield from _reach(settings, page, page.embedding, origin)


def _check(name: str, well: str, wrong: str, remedy: str) -> Check:
    return Check(name, not wrong, wrong or well, remedy if wrong else "")


def _readable(answer: _Answer) -> Check:
    place = answer.headers.get("location")
    if 300 <= answer.status < 400 and place:
        told = f"{answer.address} leads on to another place, {_origin(urljoin(answer.address, place))}"
        return Check("page", False, told, "Name a page that is shown without signing in, or where it leads to.")
    if answer.status in (401, 403):
        told = f"{answer.address} asks to sign in ({answer.status})"
        return Check("page", False, told, "Name a page that is shown without, as the sign-in page, if it has the line.")
    wrong = "" if answer.status == 200 else f"{answer.address} answers {answer.status}"
    return _check("page", f"{answer.address} answers", wrong, "Check the address.")


def _policies(page: Page, embedding: Embedding) -> Iterator[Check]:
    """What the page's Content-Security-Policy has to allow. For its styles the widget needs nothing of it."""
    address = embedding.address
    asked = urljoin(address, "api/ask")
    for directive, needed in (
        [("frame-src", address)]
        if embedding.framed
        else [
            ("script-src", address),
            ("connect-src", asked),
        ]
    ):
        policy = blocked(page, directive, needed)
        yield _check(
            directive,
            f"the page's Content-Security-Policy allows {needed}"
            + (", and the widget's styles need nothing of it" if directive == "connect-src" else ""),
            f"the page's Content-Security-Policy does not allow {needed}: {policy[:300]}" if policy else "",
            f"Let the wiki add {_origin(address)} to {directive}.",
        )


def _reach(settings: Settings, page: Page, embedding: Embedding, origin: str) -> Iterator[Check]:
    """Whether readers' browsers reach the assistant, and then, asked as the page would ask it, what it says."""
    address, wiki = urlsplit(embedding.address), urlsplit(page.address)
    name = (address.hostname or "").lower()
    mixed = wiki.scheme == "https" and address.scheme == "http" and not _is_here(address)
    yield _check(
        "mixed content",
        f"the page comes by {wiki.scheme}, the assistant by {address.scheme}",
        "the page comes by https and the assistant by http, which browsers block" if mixed else "",
        "Serve the assistant by https too, behind a proxy.",
    )
    foreign = origins.in_address(name) not in settings.served_hosts
    yield _check(
        "name",
        f"{name} is a name of this assistant",
        f"{name} is no name of this assistant, so it was not asked there" if foreign else "",
        f'If it is one, add it: allowed_hosts = ["{name}"]',
    )
    lost = _is_here(address) and not _is_here(wiki)
    if lost:
        told = f"{name} is each reader's own machine, not the assistant's"
        yield Check("reach", False, told, "Give the page the assistant's public address.")
    elif not foreign:
        yield from _asked(embedding, origin)


def _asked(embedding: Embedding, origin: str) -> Iterator[Check]:
    wanted = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization, content-type"}
    for name, method, place, headers in (
        ("health", "GET", "health", {}),
        ("widget", "GET", embedding.address, {}),
        ("question", "OPTIONS", "api/ask", {"Origin": origin, **wanted}),
    ):
        address = urljoin(embedding.address, place)
        try:
            answer = _ask(method, address, headers)
        except _NO_ANSWER as error:
            told = f"{address} does not answer ({_reason(error)})"
            yield Check(name, False, told, "Start the assistant, or correct the address or the proxy in front of it.")
            return
        if answer.status not in (200, 204):
            yield Check(name, False, f"{address} answers {answer.status}: {_told(answer)}", _hint(answer))
            return
        silent = headers and answer.headers.get("access-control-allow-origin") != origin
        yield _check(
            name,
            f"{address} answers{f', and lets {origin} ask' if headers else ''}",
            f"{address} does not let {origin} read its answers" if silent else "",
            "Let the proxy in front of the assistant pass its headers Access-Control-… on.",
        )


def _told(answer: _Answer) -> str:
    return str(_error(answer).get("error", "not an answer of this assistant"))[:300]


def _hint(answer: _Answer) -> str:
    return str(_error(answer).get("hint", "Check that the assistant runs there, and the proxy in front of it."))[:300]


def _error(answer: _Answer) -> Mapping[str, Any]:
    try:
        said = json.loads(answer.body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


# --- asking ----------------------------------------------------------------------------------------------------


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Follow none."""


_OPENER = urllib.request.build_opener(_NoRedirects, urllib.request.ProxyHandler({}))


def _get(address: str) -> _Answer:
    """The page at an address, also where it leads on within its own origin."""
    answer = _ask("GET", address, {})
    for _ in range(_REDIRECTS):
        place = urljoin(answer.address, answer.headers.get("location") or answer.address)
        if not 300 <= answer.status < 400 or _origin(place) != _origin(address):
            break
        answer = _ask("GET", place, {})
    return answer


def _ask(method: str, address: str, headers: dict[str, str]) -> _Answer:
    request = urllib.request.Request(address, method=method, headers={"User-Agent": "assistant doctor", **headers})
    try:
        with _OPENER.open(request, timeout=_TIMEOUT) as response:
            return _Answer(response.status, response.headers, response.read(_LARGEST), address)
    except urllib.error.HTTPError as error:
        with error:
            return _Answer(error.code, error.headers, error.read(_LARGEST), address)


def _origin(address: str) -> str:
    """The origin of an address, empty when it has none."""
    try:
        parts = urlsplit(address)
        port = f":{parts.port}" if parts.port else ""
        host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
        return origins.origin(f"{parts.scheme}://{host}{port}")
    except ValueError:
        return ""


def _is_here(address: SplitResult) -> bool:
    host = address.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _reason(error: Exception) -> str:
    reason = getattr(error, "reason", None) or error
    return str(getattr(reason, "strerror", None) or reason or type(error).__name__)
