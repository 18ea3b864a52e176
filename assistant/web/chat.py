"""The chat page: Gradio's blocks, its events and its streaming, around our own drawing (ui/chat.js).

Document text reaches the page as data and is drawn with textContent; no template ever holds it. The page decides and
remembers nothing: each event redraws one turn from what it carries.
"""

from __future__ import annotations

import html
import logging
import re
import time
import uuid
from collections.abc import Callable, Iterator
from typing import Any

import gradio as gr
from fastapi import FastAPI

from assistant.assistant import Assistant
from assistant.contract import citation_json, event_json
from assistant.conversation import LEANT_ON
from assistant.examples import Topics
from assistant.types import Delta, Draft, Event, Status, Turn
from assistant.web.errors import FAILED
from assistant.web.limits import Limits
from assistant.web.stopping import Stops
from assistant.web.visitor import Visitor, sign_of
from index.errors import UserError

log = logging.getLogger(__name__)

_Stream = Callable[[str, list[Turn]], Iterator[Event]]
_TURN = re.compile(r"[a-z0-9]{8,40}")  # the id of a turn

_REDRAW = 0.12  # seconds between two redraws while text streams
_CONCURRENT = 32
_SHOWN_QUESTION = 4000  # characters of a question that are shown back

_HEAD = """
<meta name="color-scheme" content="light dark">
<link rel="icon" href="ui/icon.svg">
<link rel="stylesheet" href="ui/theme.css">
<link rel="stylesheet" href="ui/parts/answers.css">
<link rel="stylesheet" href="ui/chat.css">
<script src="ui/theme.js"></script>
<script src="ui/sending.js"></script>
"""
_HINTS = {
    "extractive": "Answers quote the documents word for word. Every number opens its source.",
    "generative": "Each sentence is checked against what it cites. Every number opens the exact words of its source.",
}
_MOUNT = "import(new URL('ui/chat.js', document.baseURI)).then((page) => page.{part}(element, props, watch, trigger));"


def mount(app: FastAPI, assistant: Assistant, topics: Topics, limits: Limits) -> None:
    """Mount the page at the root of `app`, behind every route that is already there."""
    gr.mount_gradio_app(
        app,
        _page(assistant, topics, limits),
        path="/",
        theme=gr.themes.Base(
            font=["ui-sans-serif", "system-ui", "sans-serif"], font_mono=["ui-monospace", "monospace"]
        ),
        head=_HEAD,
        app_kwargs={"docs_url": None, "redoc_url": None, "openapi_url": None},
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        enable_monitoring=False,
    )


def _page(assistant: Assistant, offered: Topics, limits: Limits) -> gr.Blocks:
    settings = assistant.settings
    title = _literal(html.escape(settings.title))
    stops = Stops()
    offered.now()  # found before the first visitor waits for them
    with gr.Blocks(title=settings.title, analytics_enabled=False, fill_height=True, fill_width=True) as page:
        _part("header", f'<header class="da-header"><h1>{title}</h1></header>')
        with gr.Row(elem_id="da-main"):
            with gr.Column(elem_id="da-talk"):
                talk = _part("log", '<div class="da-log"></div>')
                with gr.Column(elem_id="da-foot"):
                    _question_box(_HINTS[settings.writer])
            _part("sources", '<aside class="da-sources" aria-label="Sources"></aside>')

        def welcome(request: gr.Request) -> dict[str, Any]:
            known_as = sign_of(_visitor(request).user)
            return {"topics": offered.now(), "examples": list(settings.examples), "known_as": known_as}

        def answer(event: gr.EventData, request: gr.Request) -> Iterator[dict[str, Any]]:
            visitor = _visitor(request)
            turn, question, history = _asked(event)
            known_as = sign_of(visitor.user)
            if _data(event).get("known_as") != known_as:
                history = []  # what another said is none of this conversation

            def stream(question: str, history: list[Turn]) -> Iterator[Event]:
                limits.ask("question", visitor.user, visitor.address)
                with stops.writing(visitor.user, turn) as stopped, limits.gate.entered() as place:
                    # Gradio can end this only where it yields.
                    for number in limits.gate.waited(place, stopped):
                        yield Status(f"Waiting until others are answered, place {number}", number)
                    if not stopped():
                        yield from assistant.stream(question, history, stopped=stopped)

            for state in _turn(stream, turn, question, history):
                yield {**state, "known_as": known_as}

        async def stop(event: gr.EventData, request: gr.Request) -> None:
            stops.stop(_visitor(request).user, _stopped(event))

        page.load(welcome, outputs=[talk], show_progress="hidden", api_visibility="private")
        # The page takes the question out of the box itself, so that nothing typed meanwhile is lost, and triggers this.
        talk.submit(
            answer,
            outputs=[talk],
            concurrency_limit=_CONCURRENT,
            trigger_mode="multiple",
            show_progress="hidden",
            api_visibility="private",
        )
        talk.stop(
            stop, concurrency_limit=None, trigger_mode="multiple", show_progress="hidden", api_visibility="private"
        )
        # Does nothing but make Gradio's page listen again where it missed that its stream of messages had ended.
        talk.retry(lambda: None, trigger_mode="multiple", show_progress="hidden", api_visibility="private")
    assert isinstance(page, gr.Blocks)
    return page


def _question_box(hint: str) -> None:
    with gr.Row(elem_id="da-ask"):
        gr.Textbox(
            label="Your question",
            show_label=False,
            placeholder="Ask a question",
            lines=1,
            max_lines=6,
            container=False,
            autofocus=True,
            elem_id="da-box",
        )
        gr.Button("Stop", elem_id="da-stop")
        gr.Button("Ask", elem_id="da-go")
    gr.HTML(html_template=f'<p class="da-hint">{hint}</p>', js_on_load=None, elem_id="da-hint", apply_default_css=False)


def _part(name: str, template: str) -> gr.HTML:
    """A part of the page that static/chat.js draws by its function `name`."""
    drawn_by = _MOUNT.format(part=name)
    return gr.HTML(html_template=template, js_on_load=drawn_by, elem_id=f"da-{name}", apply_default_css=False)


def _literal(text: str) -> str:
    """Text for a template of gr.HTML, which is run as a JavaScript template after Handlebars."""
    return "".join(f"&#{ord(c)};" if c in "$`\\{}" else c for c in text)


def _added(pieces: list[dict[str, Any]], delta: Delta) -> list[dict[str, Any]]:
    """The pieces with one more, or with more words in the last, or how far that is borne out."""
    last = pieces[-1] if pieces else None
    if delta.support and last:
        return [*pieces[:-1], {**last, "support": delta.support}]
    goes_on = last and last["citation"] is None and "support" not in last and last["text"].strip()
    if goes_on and delta.citation is None and delta.text.strip():
        return [*pieces[:-1], {"text": pieces[-1]["text"] + delta.text, "citation": None}]
    return [*pieces, {"text": delta.text, "citation": citation_json(delta.citation) if delta.citation else None}]


def _visitor(request: gr.Request) -> Visitor:
    assert request.request is not None
    visitor: Visitor = request.request.scope["visitor"]
    return visitor


def _data(event: gr.EventData) -> dict[str, Any]:
    return event._data if isinstance(event._data, dict) else {}


def _stopped(event: gr.EventData) -> list[str]:
    """The ids of the turns to stop. What a browser sends is not believed to be of this form."""
    turns = _data(event).get("turns")
    return [turn for turn in turns if isinstance(turn, str)] if isinstance(turns, list) else []


def _asked(event: gr.EventData) -> tuple[str, str, list[Turn]]:
    """The turn's id, made by the page, the question and what was said before.

    What a browser sends is not believed to be of this form.
    """
    data = _data(event)
    turn, question = data.get("turn"), data.get("question")
    if not isinstance(turn, str) or not _TURN.fullmatch(turn):
        turn = uuid.uuid4().hex
    return turn, question if isinstance(question, str) else "", _history(data.get("history"))


def _history(said: object) -> list[Turn]:
    turns = []
    for part in said[-LEANT_ON:] if isinstance(said, list) else []:
        role, text = (part.get("role"), part.get("text")) if isinstance(part, dict) else (None, None)
        if role in ("user", "assistant") and isinstance(text, str):
            turns.append(Turn(role, text[:_SHOWN_QUESTION]))
    return turns


def _turn(stream: _Stream, identity: str, question: str, history: list[Turn]) -> Iterator[dict[str, Any]]:
    """The states of one turn, for the page to draw."""
    turn: dict[str, Any] = {"turn": identity, "question": question.strip()[:_SHOWN_QUESTION], "pieces": []}
    drawn = time.monotonic()
    try:
        for event in stream(question, history):
            if isinstance(event, Draft):
                turn["pieces"] = []
            if isinstance(event, Delta):
                turn["pieces"] = _added(turn["pieces"], event)
                if time.monotonic() - drawn < _REDRAW:
                    continue
            else:
                name, data = event_json(event)
                turn[name] = data
            yield dict(turn)
            drawn = time.monotonic()
    except UserError as error:
        yield {**turn, "error": _told(error)}
    except Exception:
        log.exception("answering failed")
        yield {**turn, "error": _told(FAILED)}


def _told(error: UserError) -> dict[str, str]:
    return {"message": error.message, "hint": error.hint}
