"""The widget: one script for any page, the same element alone on a page for frames, and what it shows at first.

The script is built from static/parts and static/widget (tools/build_widget.py) and is the same for everybody.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import HTMLResponse, JSONResponse, Response
from jinja2 import Environment, FileSystemLoader
from zopfli.gzip import compress

from assistant.examples import Topics
from assistant.web.api import READ, TheAssistant, TheVisitor
from assistant.web.visitor import sign_of

router = APIRouter()

_HERE = Path(__file__).parent
LANGUAGES = _HERE / "static" / "parts"
BUILT = _HERE / "static" / "widget.js"
_TEMPLATES = Environment(loader=FileSystemLoader(_HERE / "templates"), autoescape=True)
_FRESH = "public, max-age=600, stale-while-revalidate=86400"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self'; base-uri 'none'; "
    "form-action 'none'"
)


@dataclass(frozen=True, slots=True)
class Script:
    """The widget's script: plain, compressed, and a tag that changes with it."""

    plain: bytes
    packed: bytes
    tag: str


@lru_cache(maxsize=8)  # compressing takes a fifth of a second, so it waits for whoever asks first
def script(title: str | None, source_pages: bool = True) -> Script:
    """The script for a server with this title, if it has one of its own, whose source pages a link opens, or not."""
    built = BUILT.read_text().partition("\n")[2]  # its first line is for whoever builds it
    served: dict[str, object] = {"languages": sorted(file.stem for file in LANGUAGES.glob("*.json"))}
    if title:
        served["title"] = title
    if not source_pages:
        served["sourcePages"] = False
    plain = built.replace('"__SERVED__"', json.dumps(served, ensure_ascii=False)).encode()
    return Script(plain, compress(plain), f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


@router.api_route("/widget.js", methods=READ, response_model=None)
def widget_js(request: Request, assistant: TheAssistant) -> Response:
    """The script that a site takes in by one line."""
    settings = assistant.settings
    known_by_link = not settings.access.require_user or bool(settings.access.user_header)
    whole = script(settings.title if "title" in settings.model_fields_set else None, known_by_link)
    headers = {
        "cache-control": _FRESH,
        "etag": whole.tag,
        "vary": "accept-encoding",
    }
    known = [tag.strip().removeprefix("W/") for tag in request.headers.get("if-none-match", "").split(",")]
    if whole.tag in known:
        return Response(status_code=304, headers=headers)
    packs = "gzip" in request.headers.get("accept-encoding", "")
    if packs:
        headers["content-encoding"] = "gzip"
    return Response(whole.packed if packs else whole.plain, media_type="text/javascript", headers=headers)


def _topics(request: Request) -> Topics:
    topics: Topics = request.app.state.topics
    return topics


@router.get("/api/widget")
def first_shown(
    assistant: TheAssistant, visitor: TheVisitor, topics: Annotated[Topics, Depends(_topics)], response: Response
) -> dict[str, Any]:
    """What the widget shows before the first question. A user whom a proxy names is known, and told. Topics are of the
    documents: where users must be known, they are for those alone.
    """
    settings = assistant.settings
    response.headers["cache-control"] = "no-store"  # another may be here the next time
    return {
        "title": settings.title,
        "greeting": settings.greeting,
        "examples": list(settings.examples),
        "topics": [] if settings.access.require_user and visitor.user is None else topics.now(),
        "known_as": sign_of(visitor.user),
    }


@router.api_route("/embed", methods=READ, response_model=None)
def embed(
    assistant: TheAssistant,
    lang: Annotated[str, Query(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)] = "en",
    theme: Annotated[str, Query(pattern="^(auto|light|dark)$")] = "auto",
    accent: Annotated[str, Query(max_length=40)] = "",
    title: Annotated[str, Query(max_length=80)] = "",
) -> Response:
    """The widget alone on a page, for frames."""
    settings = assistant.settings
    asked = {"language": lang, "theme": theme, "accent": accent, "title": title, "about-page": "off"}
    return _page("embed.html", lang=lang, title=title or settings.title, asked={k: v for k, v in asked.items() if v})


@router.api_route("/widget-demo", methods=READ, response_model=None)
def demo(assistant: TheAssistant) -> Response:
    """A small wiki page with the widget, while developing."""
    if not assistant.settings.development:
        return JSONResponse(
            {"error": "There is no demonstration here.", "hint": "Set development = true to see it."}, 404
        )
    return _page("demo.html", asked={"accent": "#0b6464"})


def _page(template: str, *, asked: Mapping[str, str], **values: object) -> HTMLResponse:
    content = _TEMPLATES.get_template(template).render(asked=asked, **values)
    return HTMLResponse(content, headers={"content-security-policy": _POLICY})
