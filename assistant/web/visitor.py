"""Who asks: the address behind the proxies that are trusted, the user, and the site whose page it is.

What a proxy says in headers is taken from trusted ones, and taken away where anyone else says it.
"""

from __future__ import annotations

import hashlib
import ipaddress
from dataclasses import dataclass

from starlette.types import Scope

from assistant.origins import own_origin, split
from assistant.settings import Settings
from index.errors import AccessError

_IPAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
_ONCE = (b"host", b"origin", b"authorization", b"x-forwarded-host", b"x-forwarded-proto")
_LONGEST_USER = 200


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who sent a request.

    `address` stands for whoever shares it (of IPv6 the network, /64); `user` is None while nobody said who it is;
    `origin` is the other site whose page asks, empty for our own pages and programs; `local` is said of this machine.
    """

    address: str
    user: str | None
    origin: str
    local: bool


def sign_of(user: str | None) -> str | None:
    """What stands for a user on a page, which keeps by it what they said apart from what another did."""
    return hashlib.sha256(user.encode("utf-8", "surrogatepass")).hexdigest()[:16] if user is not None else None


class Headers:
    """The headers of a request of which each may come once, by name. Raises AccessError for what cannot be right."""

    def __init__(self, scope: Scope, settings: Settings) -> None:
        access = settings.access
        self._header = access.user_header.encode() if access.user_header else b""
        self._proxies = access.trusted_proxies
        client = scope.get("client")
        self._peer = _address(client[0]) if client else None
        self.forwarded = any(_is_forwarding(name) for name, _ in scope["headers"])
        self._trusted = self._is_proxy(self._peer)
        if not self._trusted:
            scope["headers"] = [pair for pair in scope["headers"] if not self._is_of_proxy(pair[0])]
        self._all: list[tuple[bytes, bytes]] = scope["headers"]
        for name in (*_ONCE, self._header):
            if sum(known == name for known, _ in self._all) > 1:
                raise AccessError(f"The request has the header {name.decode()} twice.", hint="Send it once.")
        self.scheme = self.one("x-forwarded-proto") or scope["scheme"]
        self.authority = self.one("x-forwarded-host") or self.one("host")

    def one(self, name: str) -> str:
        """That header, empty when it did not come."""
        return next((value.decode("latin-1") for known, value in self._all if known == name.encode()), "")

    @property
    def host(self) -> str:
        """The name under which the server is asked; empty when it is not a name."""
        return split(self.authority, self.scheme)[0]

    def is_own(self, origin: str) -> bool:
        """Whether `origin` is that of our own pages, as this request reached them."""
        return origin == own_origin(self.authority, self.scheme)

    @property
    def proxy_user(self) -> str | None:
        """Who the trusted proxy says it is."""
        if not self._header:
            return None
        value = next((value for known, value in self._all if known == self._header), b"").strip()
        try:
            user = value.decode()
        except UnicodeDecodeError:
            raise AccessError("The proxy's name of the user is not UTF-8.", hint="Correct the proxy.") from None
        if len(user) > _LONGEST_USER or not user.isprintable():
            raise AccessError("The proxy's name of the user is not a name.", hint="Correct the proxy.")
        return user or None

    @property
    def address(self) -> str:
        """Where the request comes from, and not further back than the last hop that no trusted proxy vouches for."""
        nearest = self._peer
        if self._trusted:
            hops = ",".join(value.decode("latin-1") for known, value in self._all if known == b"x-forwarded-for")
            for hop in reversed(hops.split(",")):
                found = _address(hop.strip())
                if found is None:
                    break
                nearest = found
                if not self._is_proxy(found):
                    break
        return _shared(nearest)

    @property
    def local(self) -> bool:
        """Whether it comes straight from this machine, as far as can be told."""
        return self._peer is not None and self._peer.is_loopback and not self.forwarded

    def _is_proxy(self, address: _IPAddress | None) -> bool:
        return address is not None and any(address in network for network in self._proxies)

    def _is_of_proxy(self, name: bytes) -> bool:
        return _is_forwarding(name) or (bool(self._header) and name.replace(b"_", b"-") == self._header)


def _is_forwarding(name: bytes) -> bool:
    return name.startswith(b"x-forwarded-") or name in (b"forwarded", b"x-real-ip")


def _address(text: str) -> _IPAddress | None:
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _shared(address: _IPAddress | None) -> str:
    """What stands for an address in limits: of IPv6 its network, since one machine has all of it."""
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((address, 64), strict=False))
    return str(address) if address else "unknown"
