"""Tokens that a wiki signs for its user, and the sessions that this assistant gives for them.

A token is a JWT of HS256 (RFC 7519, 8725) with `sub` (the user), `aud`, `iat`, `exp` and `jti`; it holds for minutes
and once. A session is one too, signed with a key derived from the secret that the token was signed with, and holds for
the user and the origin that brought the token. Nothing of either is kept but the `jti` of tokens, until they are too
old.
"""

from __future__ import annotations

import hashlib
import heapq
import hmac
import threading
import time
import uuid
from collections.abc import Sequence
from typing import Any

import jwt

from assistant.settings import AccessSettings
from index.errors import TokenError

AUDIENCE = "document-assistant"
_SESSION = f"{AUDIENCE} session"
_LONGEST = 4096  # characters of a token
_NAME = 200  # characters of a user's name or a token's id
_SKEW = 10  # seconds by which clocks may differ
_CLAIMS = ["sub", "aud", "iat", "exp", "jti"]
_AGAIN = "Load the wiki's page again to get a new one; docs/widget.md says how tokens are made."


class Tokens:
    """Checks tokens and sessions, and gives sessions for tokens. Safe from several threads.

    A token from before the start is refused, so that none can be used a second time over a restart.
    """

    def __init__(self, settings: AccessSettings) -> None:
        secrets = [secret.get_secret_value().encode() for secret in settings.token_secrets]
        self._keys = [(secret, hmac.digest(secret, _SESSION.encode(), hashlib.sha256)) for secret in secrets]
        self._token_seconds = settings.token_seconds
        self.session_seconds = settings.session_seconds
        self._started = int(time.time())
        self._lock = threading.Lock()
        self._used: set[str] = set()
        self._until: list[tuple[float, str]] = []  # a heap: when each used token is too old anyway

    def __bool__(self) -> bool:
        """Whether there are tokens at all."""
        return bool(self._keys)

    def exchange(self, token: str, origin: str) -> tuple[str, str]:
        """A new session for a token that came from `origin` (empty: our own pages), and its user. Raises TokenError."""
        claims, key = self._read(token, [pair[0] for pair in self._keys], AUDIENCE, "token")
        if claims["exp"] - claims["iat"] > self._token_seconds:
            raise TokenError(
                f"The token holds for more than {self._token_seconds} seconds.",
                hint="Let the wiki set exp nearer to iat; see docs/widget.md.",
            )
        if claims["iat"] < self._started:
            raise TokenError("The token is from before this server started.", hint=_AGAIN)
        self._use(claims)
        now = int(time.time())
        session = {
            "sub": claims["sub"],
            "aud": _SESSION,
            "iat": now,
            "exp": now + self.session_seconds,
            "jti": uuid.uuid4().hex,
            "origin": origin,
        }
        return jwt.encode(session, dict(self._keys)[key], "HS256"), claims["sub"]

    def user(self, session: str, origin: str) -> str:
        """Whose session it is. Raises TokenError unless it is whole, in time and used from its own origin."""
        claims, _ = self._read(session, [pair[1] for pair in self._keys], _SESSION, "session")
        if claims.get("origin") != origin:
            raise TokenError("The session was given to a page of another site.", hint=_AGAIN)
        user: str = claims["sub"]
        return user

    def _read(self, token: str, keys: Sequence[bytes], audience: str, kind: str) -> tuple[dict[str, Any], bytes]:
        """What a token says, and the key that it is signed with."""
        if not token or len(token) > _LONGEST:
            raise TokenError(f"There is no {kind}, or it is too long.", hint=_AGAIN)
        for key in keys:
            try:
                claims = jwt.decode(
                    token,
                    key,
                    algorithms=["HS256"],
                    audience=audience,
                    leeway=_SKEW,
                    options={"require": _CLAIMS, "strict_aud": True},
                )
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError as error:
                raise TokenError(f"The {kind} does not hold: {error}.", hint=_AGAIN) from None
            except (ValueError, RecursionError):  # not even the form of one
                raise TokenError(f"The {kind} does not hold.", hint=_AGAIN) from None
            _check(claims, kind)
            return claims, key
        raise TokenError(f"The {kind} is not signed with a secret of this assistant.", hint=_AGAIN)

    def _use(self, claims: dict[str, Any]) -> None:
        jti = claims["jti"]
        with self._lock:
            while self._until and self._until[0][0] < time.time():
                self._used.discard(heapq.heappop(self._until)[1])
            if jti in self._used:
                raise TokenError("The token was used before.", hint=_AGAIN)
            self._used.add(jti)
            heapq.heappush(self._until, (claims["exp"] + _SKEW, jti))


def _check(claims: dict[str, Any], kind: str) -> None:
    """What the library leaves open: whole seconds, and names of some length."""
    times, names = [claims["iat"], claims["exp"]], [claims["sub"], claims["jti"]]
    if any(type(at) is not int for at in times) or not all(
        isinstance(name, str) and 0 < len(name) <= _NAME and name.isprintable() for name in names
    ):
        raise TokenError(f"The {kind} lacks a user, an id or whole seconds.", hint=_AGAIN)
