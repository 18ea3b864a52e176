"""The route where a wiki's signed token becomes a session of this assistant."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict

from assistant.web.api import TheLimits, TheVisitor
from assistant.web.tokens import Tokens
from assistant.web.visitor import sign_of
from index.errors import AccessError, TokenError

router = APIRouter()


class Token(BaseModel):
    """The body of POST /api/session."""

    model_config = ConfigDict(extra="forbid")

    token: str


@router.post("/api/session")
def session(body: Token, request: Request, visitor: TheVisitor, limits: TheLimits) -> dict[str, Any]:
    """A session for a token; it holds for the token's user and for pages of the origin that brought it."""
    tokens: Tokens = request.app.state.tokens
    if not tokens:
        raise AccessError("This assistant takes no tokens.", hint="Ask without one, or set access.token_secrets.")
    try:
        given, user = tokens.exchange(body.token, visitor.origin)
        if visitor.user not in (None, user):
            raise TokenError("The token is somebody else's.", hint="Load the page again.")
    except TokenError:
        limits.wrong_token(visitor.address)
        raise
    return {"session": given, "seconds": tokens.session_seconds, "known_as": sign_of(user)}
