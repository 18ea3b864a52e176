"""Origins and names of hosts, in the one form in which browsers send them. Anything else is refused, never guessed."""

from __future__ import annotations

import ipaddress
import re

_ORIGIN = re.compile(r"(https?)://(\[[0-9a-f:.]+\]|[^/\[\]:@?#\\]+)(?::([1-9][0-9]{0,4}))?")
_LABEL = "[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}$){_LABEL}(?:\.{_LABEL})*")
_DEFAULT = {"http": "80", "https": "443"}
_FORM = "must be scheme://host or scheme://host:port, as https://wiki.example.org, without a path and without wildcards"


def origin(text: str) -> str:
    """`text` as browsers send it in the header Origin: small letters, no default port. Raises ValueError."""
    found = _ORIGIN.fullmatch(text.lower())
    if not found:
        raise ValueError(f"{_FORM}; {text!r} is not of this form")
    scheme, host, port = found.groups()
    if port and int(port) > 65535:
        raise ValueError(f"{_FORM}; there is no port {port}")
    return f"{scheme}://{host_name(host)}{f':{port}' if port and port != _DEFAULT[scheme] else ''}"


def host_name(text: str) -> str:
    """A host's name or address (of IPv6 in brackets) in small letters. Raises ValueError for what browsers would write
    otherwise."""
    name = text.lower()
    if name.startswith("[") and name.endswith("]"):
        return in_address(ipaddress.IPv6Address(name[1:-1]).compressed)
    if not name.isascii():
        raise ValueError(f"{text!r} must be written in its ASCII form (xn--…)")
    if not _NAME.fullmatch(name):
        raise ValueError(f"{text!r} is not the name of a host: no port, path, wildcard or final dot")
    if re.fullmatch(r"[0-9]+|0x[0-9a-f]*", name.rpartition(".")[2]):  # then browsers read it as an address
        ipaddress.IPv4Address(name)
    return name


def in_address(host: str) -> str:
    """A host as it stands in an address: an IPv6 address in brackets."""
    return f"[{host}]" if ":" in host else host


def split(authority: str, scheme: str) -> tuple[str, str]:
    """The name and the port in a Host header, ("", "") when it is none."""
    found = re.fullmatch(r"(\[[0-9a-f:.]+\]|[^\[\]:@/\\?#\s]+)(?::([0-9]{1,5}))?", authority.lower())
    return (found[1], found[2] or _DEFAULT.get(scheme, "")) if found else ("", "")


def own_origin(authority: str, scheme: str) -> str:
    """The origin of a page that was loaded by this Host header and scheme; empty when there is none."""
    name, port = split(authority, scheme)
    if not name:
        return ""
    return f"{scheme}://{name}{f':{port}' if port != _DEFAULT.get(scheme) else ''}"
