"""LlamaIndex's clients of language models, and what their errors mean. The only file that knows them.

An OpenAI-compatible server, Ollama, or a GGUF file, which llama.cpp serves to this process alone: on a port of its own
of this machine, under a key that nobody else knows. So all three are asked, timed and stopped in one way.
"""

from __future__ import annotations

import asyncio
import re
import secrets
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Literal

from assistant.settings import LlmSettings
from assistant.types import Tokens
from assistant.writing.signs import without_signs
from index.errors import ModelError

if TYPE_CHECKING:
    import httpx
    from llama_index.core.llms import ChatResponse

End = Literal["", "stop", "length", "filter"]
"""How an answer has ended: not yet, by itself, at its greatest length, by the server's filter of contents."""

_SILENT_SECONDS = 5.0  # more than the limits of `model`, which come first and say more
_CONNECT_SECONDS = 5.0
_ENDS: dict[str, End] = {"length": "length", "content_filter": "filter"}


@dataclass(frozen=True, slots=True)
class Message:
    """One message to a language model."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Token:
    """The next words, perhaps none; `ended` says that they are the last and why, `tokens` what the server counted."""

    text: str
    ended: End = ""
    tokens: Tokens | None = None


class Client:
    """One language model, asked for streams of text in the event loop where it was made."""

    def __init__(self, settings: LlmSettings) -> None:
        self._settings = settings
        self._local = _serve(settings) if settings.kind == "gguf" else None
        self._llm = _client(settings, self._local)

    async def stream(self, messages: Sequence[Message], limit: int) -> AsyncGenerator[Token]:
        """The tokens of an answer of at most `limit` tokens. Raises whatever the client raises: see `fault`."""
        from llama_index.core.llms import ChatMessage

        asked = [ChatMessage(role=message.role, content=without_signs(message.text)) for message in messages]
        options = {} if self._settings.kind == "ollama" else {"max_tokens": limit}
        responses = await self._llm.astream_chat(asked, **options)
        try:
            async for response in responses:
                yield _token(response)
        finally:
            await _leave(responses)


async def _leave(responses: AsyncGenerator[ChatResponse]) -> None:
    """End the model's work if it still writes: closing LlamaIndex's stream leaves the connection open, a read that is
    cancelled closes it."""
    with suppress(Exception):
        async with asyncio.timeout(0):
            async for _ in responses:
                pass


def _token(response: ChatResponse) -> Token:
    raw = response.raw
    if isinstance(raw, dict):  # Ollama's
        ended = raw.get("done_reason") if raw.get("done") else None
        read, written = raw.get("prompt_eval_count"), raw.get("eval_count")
    else:
        choices = getattr(raw, "choices", None) or []
        ended = choices[0].finish_reason if choices else None
        usage = getattr(raw, "usage", None)
        read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    tokens = Tokens(read, written) if isinstance(read, int) and isinstance(written, int) else None
    return Token(response.delta or "", _ENDS.get(ended, "stop") if ended else "", tokens)


def _client(settings: LlmSettings, local: _Local | None) -> Any:
    seconds = settings.answer_seconds + _SILENT_SECONDS
    if settings.kind == "ollama":
        import ollama
        from llama_index.llms.ollama import Ollama

        address, key = str(settings.base_url or "http://127.0.0.1:11434"), settings.api_key
        return Ollama(
            model=settings.model,
            base_url=address,
            temperature=settings.temperature,
            context_window=settings.context_tokens,
            async_client=ollama.AsyncClient(
                host=address,
                timeout=seconds,
                event_hooks={"response": [_no_page]},
                headers={"authorization": f"Bearer {key.get_secret_value()}"} if key else None,
            ),
            additional_kwargs={"num_predict": settings.answer_tokens},
        )
    import httpx
    import openai.resources  # noqa: F401 - loaded at the first question otherwise, which would take a second longer
    from llama_index.llms.openai_like import OpenAILike

    known = settings.api_key.get_secret_value() if settings.api_key else "none"
    return OpenAILike(
        model="local" if local else settings.model,
        api_base=local.address if local else str(settings.base_url),
        api_key=local.key if local else known,
        is_chat_model=True,
        context_window=settings.context_tokens,
        temperature=settings.temperature,
        max_retries=0,
        timeout=seconds,
        async_http_client=httpx.AsyncClient(
            timeout=httpx.Timeout(seconds, connect=_CONNECT_SECONDS),
            event_hooks={"response": [_no_page, _no_whole_answer]},
            limits=httpx.Limits(max_connections=None, max_keepalive_connections=settings.answers_at_once),
        ),
        additional_kwargs={"stream_options": {"include_usage": True}},
    )


async def _no_page(response: httpx.Response) -> None:
    """Raises ModelError for a page where a model should answer: a proxy's sign-in, another program's front page."""
    if response.is_success and response.headers.get("content-type", "").startswith("text/html"):
        raise ModelError(
            "What answers is not a model server.",
            hint=f"{response.url} sends a page of HTML. Check llm.base_url, and whether a proxy wants a sign-in.",
        )


async def _no_whole_answer(response: httpx.Response) -> None:
    """Raises ModelError for one answer in JSON where a stream was asked for, in which its client sees nothing."""
    if response.is_success and response.headers.get("content-type", "").startswith("application/json"):
        raise ModelError(
            "The language model's server sends no stream.",
            hint=f"{response.url} answers in JSON. Switch streaming on there, or set llm.base_url to another.",
        )


@dataclass(frozen=True, slots=True)
class _Local:
    """A llama.cpp server inside this process; it ends with this object."""

    server: Any
    address: str
    key: str


def _serve(settings: LlmSettings) -> _Local:
    try:
        import xllamacpp
    except ImportError:
        raise ModelError(
            "The language model cannot be loaded here.",
            hint='llm.kind = "gguf" needs another package: .venv/bin/pip install "xllamacpp>=2026.10"',
        ) from None
    key = secrets.token_urlsafe(32)
    params = xllamacpp.CommonParams()
    params.model.path = settings.model
    params.hostnames, params.port, params.api_keys = ["127.0.0.1"], 0, [key]
    params.n_parallel = settings.answers_at_once
    params.n_ctx = settings.context_tokens * settings.answers_at_once
    params.verbosity = 0
    try:
        server = xllamacpp.Server(params)
    except Exception as error:  # llama.cpp's own, of no kind that it names
        raise ModelError(
            "The language model cannot be loaded.",
            hint=f"llama.cpp cannot read {settings.model} ({error}). It must be a GGUF file of a chat model.",
        ) from error
    return _Local(server, f"{server.listening_address}/v1", key)


@dataclass(frozen=True, slots=True)
class Fault:
    """What an error of a client means: `error` to tell, whether another try may go well, and after how many seconds
    the server asks for one, if it does."""

    error: ModelError
    passing: bool
    pause: float | None = None


_TOLD = {
    400: ("refused the question", "It may be too long for the model: lower llm.context_tokens or retrieval.passages."),
    401: ("does not let this assistant in", "Check llm.api_key."),
    403: ("does not let this assistant in", "Check llm.api_key and what it may do."),
    404: ("is not there", "Check llm.model and the path of llm.base_url, which mostly ends in /v1."),
    429: ("has too much to do", "Ask its provider for more, or lower llm.answers_at_once."),
}

_PULL = "Is it there (ollama pull {model})? llm.base_url is Ollama's own address, without /v1."
_SAID = 200  # characters of a server's own words that are told


def _said(raised: Exception, settings: LlmSettings) -> str:
    """A server's own words on what went wrong, for its keeper: without the key, which some servers say again."""
    body = getattr(raised, "body", None)
    words = (body.get("message") or body.get("error")) if isinstance(body, dict) else getattr(raised, "error", body)
    if not isinstance(words, str) or not words.strip() or words.lstrip().startswith("<"):
        return ""
    if settings.api_key:
        words = words.replace(settings.api_key.get_secret_value(), "…")
    return f", “{' '.join(words.split())[:_SAID]}”"


def fault(raised: Exception, settings: LlmSettings) -> Fault:
    """What went wrong, in words. Any error may come of an outside server that answers what it likes."""
    where = f"{settings.kind} {settings.base_url or ''} {settings.model}".replace("  ", " ")
    if isinstance(raised.__cause__, ModelError):  # as OpenAI's client tells what was found in a response
        raised = raised.__cause__
    if isinstance(raised, ModelError):
        return Fault(raised, False)
    status = getattr(raised, "status_code", None)
    if isinstance(status, int) and status > 0:
        told, hint = _TOLD.get(status, ("failed", "See the log of its server."))
        hint = _PULL.format(model=settings.model) if status == 404 and settings.kind == "ollama" else hint
        said = _said(raised, settings)
        return Fault(
            ModelError(f"The language model {told}.", hint=f"{hint} ({where}: status {status}{said})"),
            status in (408, 409, 429) or status >= 500,
            _retry_after(raised),
        )
    return _without_status(raised, where, _said(raised, settings))


def _without_status(raised: Exception, where: str, said: str) -> Fault:
    """What went wrong where no status tells; `said` are the server's own words on it."""
    import httpx
    import ollama
    import openai

    if isinstance(raised, (openai.APITimeoutError, httpx.TimeoutException)):
        return Fault(ModelError("The language model did not answer in time.", hint=f"Is it too slow? ({where})"), False)
    if isinstance(raised, (openai.APIConnectionError, httpx.ConnectError, ConnectionError)):
        hint = f"Is its server running, and is this its address? ({where}: {raised.__cause__ or raised})"
        return Fault(ModelError("The language model cannot be reached.", hint=hint), True)
    if isinstance(raised, httpx.TransportError):
        return Fault(ModelError("The language model broke off.", hint=f"See the log of its server. ({where})"), True)
    if isinstance(raised, (openai.APIError, ollama.ResponseError)):  # within a stream, as an event of its own
        hint = f"See the log of its server. ({where}{said})"
        return Fault(ModelError("The language model's server reported an error.", hint=hint), True)
    hint = f"See the log of its server. ({where}: {type(raised).__name__}: {raised})"
    return Fault(ModelError("The language model's answer cannot be read.", hint=hint), False)


def _retry_after(raised: BaseException) -> float | None:
    """In how many seconds a server wants to be asked again, which it says as a number or as a date."""
    response = getattr(raised, "response", None) or getattr(
        raised.__context__, "response", None
    )  # Ollama's stands behind
    said = response.headers.get("retry-after", "").strip() if response is not None else ""
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", said):
        return float(said)
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, when.timestamp() - time.time())
