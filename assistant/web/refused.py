"""What a person sees who opens a page and is not known: the reason in words, where programs get JSON.

A link brings nobody's session along, and it must not: whoever has a copy of it would read the document.
"""

from __future__ import annotations

from pathlib import Path

from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, FileSystemLoader
from starlette.types import Scope

from assistant.web.errors import error_response
from index.errors import TokenError

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'"


def refused(error: TokenError, scope: Scope, accept: str, title: str) -> Response:
    """The answer to a request of somebody who is not known."""
    answer = error_response(error)
    path: str = scope["path"]
    if "text/html" not in accept or not (path == "/" or path.startswith("/source/")):
        return answer
    page = _TEMPLATES.get_template("refused.html")
    content = page.render(
        error=error, title=title, root=scope.get("root_path", ""), of_source=path.startswith("/source/")
    )
    headers = {"content-security-policy": _POLICY, "www-authenticate": answer.headers["www-authenticate"]}
    return HTMLResponse(content, answer.status_code, headers)
