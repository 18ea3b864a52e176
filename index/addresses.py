"""The address of a page -> the form in which two spellings of it are one."""

from __future__ import annotations

from urllib.parse import unquote, urlsplit


def canonical(address: str) -> str | None:
    """`address` without scheme, fragment, percent signs and the last slash, its host in small letters; None if it is no
    address of a page."""
    try:
        parts = urlsplit(address.strip())
        host = parts.hostname
        port = f":{parts.port}" if parts.port not in (None, 80, 443) else ""
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not host:
        return None
    query = f"?{unquote(parts.query)}" if parts.query else ""
    return f"{host}{port}{unquote(parts.path).rstrip('/')}{query}"
