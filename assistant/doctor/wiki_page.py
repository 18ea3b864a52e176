"""A wiki's page as it shows an assistant: where the widget comes from, and what the page's security policy allows.

Policies are read by Content Security Policy Level 3: each of several must allow; the most exact directive counts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any
from urllib.parse import SplitResult, urljoin, urlsplit

_FALLBACKS = {
    "script-src": ("script-src-elem", "script-src", "default-src"),
    "connect-src": ("connect-src", "default-src"),
    "frame-src": ("frame-src", "child-src", "default-src"),
}
_PORTS = {"http": 80, "https": 443}
_IN_SCRIPT = re.compile(r"""["'`]([^"'`\s]*/widget\.js)(?:[?#][^"'`\s]*)?["'`]""")


@dataclass(frozen=True, slots=True)
class Embedding:
    """How a page shows the assistant: the address of `/widget.js`, or `framed`, of `/embed`.

    `nonce` is that of the script, or, where it is `loaded`, that of the script in the page that loads it.
    """

    address: str
    framed: bool = False
    nonce: str = ""
    loaded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """What matters of a page: its address, how it shows the assistant, if it does, and its policies."""

    address: str
    embedding: Embedding | None
    policies: tuple[str, ...]


def read_page(address: str, html: str, headers: Sequence[str]) -> Page:
    """Read a page that came from `address` with these Content-Security-Policy headers."""
    reader = _Reader(address)
    reader.feed(html)
    reader.close()
    policies = [policy for header in headers for policy in header.split(",")]
    return Page(address, next(iter(reader.found), None), (*policies, *reader.policies))


def blocked(page: Page, directive: str, address: str) -> str:
    """The first policy of the page that does not allow `address` for `directive`; empty when all do."""
    script = page.embedding if directive == "script-src" else None
    for policy in page.policies:
        sources = _sources(policy, directive)
        if sources is not None and not _allows(sources, address, page.address, script):
            return policy.strip()
    return ""


class _Reader(HTMLParser):
    """Finds scripts, frames and policies; also a script's address in an inline script, by which many wikis load it."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._base = address
        self._nonce: str | None = None  # that of the inline script we are in
        self.found: list[Embedding] = []
        self.policies: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        named = {name: value or "" for name, value in attributes}
        source = named.get("src", "")
        if tag == "base" and "href" in named:
            self._base = urljoin(self._base, named["href"])
        elif tag == "meta" and named.get("http-equiv", "").lower() == "content-security-policy":
            self.policies.append(named.get("content", ""))
        elif tag == "script" and source:
            self._add(source, "/widget.js", nonce=named.get("nonce", ""))
        elif tag == "script":
            self._nonce = named.get("nonce", "")
        elif tag == "iframe":
            self._add(source, "/embed", framed=True)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script":
            self._nonce = None

    def handle_data(self, data: str) -> None:
        if self._nonce is not None:
            for match in _IN_SCRIPT.finditer(data.replace("\\/", "/")):
                self._add(match[1], "/widget.js", nonce=self._nonce, loaded=True)

    def _add(self, source: str, ending: str, **how: Any) -> None:
        try:
            address = urljoin(self._base, source.strip())
            path = urlsplit(address).path
        except ValueError:
            return
        if path.endswith(ending):
            self.found.append(Embedding(address, **how))


def _sources(policy: str, directive: str) -> list[str] | None:
    """The sources that a policy gives for a directive; None when it says nothing about it."""
    given: dict[str, list[str]] = {}
    for part in policy.split(";"):
        name, *sources = part.split() or [""]
        given.setdefault(name.lower(), sources)
    return next((given[name] for name in _FALLBACKS[directive] if name in given), None)


def _allows(sources: Sequence[str], address: str, page: str, script: Embedding | None) -> bool:
    handed_on = script is not None and "'strict-dynamic'" in (source.lower() for source in sources)
    by_nonce = script is not None and bool(script.nonce) and f"'nonce-{script.nonce}'" in sources
    if script and by_nonce and (handed_on or not script.loaded):
        return True
    return not handed_on and any(_matches(source, urlsplit(address), urlsplit(page)) for source in sources)


def _matches(source: str, address: SplitResult, page: SplitResult) -> bool:
    """Whether a source expression matches an address (CSP 3, section 6.7.2.8)."""
    if source.lower() == "'self'":
        return _same(address, page)
    if source == "*":
        return address.scheme in ("http", "https") or address.scheme == page.scheme
    if re.fullmatch(r"[a-z][a-z0-9+.-]*:", source, re.IGNORECASE):
        return _scheme_allows(source[:-1].lower(), address.scheme)
    parts = re.fullmatch(r"(?:([a-z][a-z0-9+.-]*)://)?([^/:'?#]+)(?::([0-9]+|\*))?(/[^?#]*)?", source, re.IGNORECASE)
    if not parts:
        return False
    scheme, host, port, path = parts.groups()
    return (
        _scheme_allows((scheme or page.scheme).lower(), address.scheme)
        and _host_allows(host.lower(), (address.hostname or "").lower())
        and _port_allows(port, address)
        and (not path or (address.path.startswith(path) if path.endswith("/") else address.path == path))
    )


def _same(address: SplitResult, page: SplitResult) -> bool:
    same_host = address.hostname == page.hostname
    return same_host and _scheme_allows(page.scheme, address.scheme) and _port(address) in (_port(page), 443)


def _scheme_allows(allowed: str, scheme: str) -> bool:
    return scheme == allowed or (allowed, scheme) == ("http", "https")


def _host_allows(allowed: str, host: str) -> bool:
    return host.endswith(allowed[1:]) if allowed.startswith("*.") else host == allowed


def _port_allows(allowed: str | None, address: SplitResult) -> bool:
    if allowed is None:
        return _port(address) == _PORTS.get(address.scheme)
    return allowed == "*" or int(allowed) == _port(address) or (allowed, _port(address)) == ("80", 443)


def _port(address: SplitResult) -> int | None:
    return address.port or _PORTS.get(address.scheme)
