"""OpenAI's form of a question, as OpenAI's own client and LlamaIndex use it, on a real server."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import select
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import httpx
import openai
import pytest
from fastapi import FastAPI
from llama_index.core.llms import ChatMessage
from llama_index.llms.openai_like import OpenAILike

from assistant.assistant import Assistant
from assistant.contract import citation_json
from assistant.quoted import NOT_FOUND
from assistant.settings import Settings
from assistant.types import Answer, Delta, Draft, Event, Statement, Tokens, Turn
from assistant.web import completions
from assistant.web.completions import BROKEN_OFF, MODEL, Reply, _stream, _written
from assistant.web.limits import Gate
from assistant.web.plain import remarks
from assistant.web.walking import walked
from index.errors import IndexDamaged
from tests.conftest import ROOT, altered, application, served
from tests.model_server import ModelServer
from tests.test_access import SECRET, WIKI, in_a_loop, token

DOGS = "What do dogs pay on the tram?"


@pytest.fixture(scope="module")
def server(assistant: Assistant) -> Iterator[str]:
    with application(assistant) as app, served(app) as address:
        yield address


@pytest.fixture
def client(server: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{server}/v1", api_key="anything", max_retries=0) as client:
        yield client


def user(text: object) -> dict[str, Any]:
    return {"role": "user", "content": text}


def ask(client: openai.OpenAI, *messages: dict[str, Any], **more: Any) -> Any:
    return client.chat.completions.create(model=MODEL, messages=list(messages), **more)  # type: ignore[call-overload]


def same(citations: Any, answer: Answer) -> bool:
    return json.loads(json.dumps(citations)) == [citation_json(citation) for citation in answer.citations]


def test_an_answer_has_its_text_its_sources_and_its_citations(client: openai.OpenAI, assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    completion = ask(client, user(DOGS))
    (choice,) = completion.choices
    assert (completion.object, completion.model, choice.finish_reason) == ("chat.completion", MODEL, "stop")
    assert choice.message.content == answer.text + remarks(answer)
    assert choice.message.content.endswith("\n\nSources:\n[1] Harbour tram › Fares (news/tram.md)")
    assert choice.message.band == "answered"
    assert same(choice.message.citations, answer)
    (sentence,) = choice.message.sentences
    assert sentence == {"text": "Dogs pay half.", "citations": [1], "support": "supported"}
    assert (choice.message.fallback, choice.message.notice) == (None, None)
    assert completion.usage.prompt_tokens == len(DOGS.split())
    assert completion.usage.completion_tokens == len(choice.message.content.split())


def test_a_stream_has_the_same_in_pieces(client: openai.OpenAI, assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    pieces = list(ask(client, user(DOGS), stream=True))
    assert len({piece.id for piece in pieces}) == 1
    assert {piece.object for piece in pieces} == {"chat.completion.chunk"}
    deltas = [piece.choices[0].delta for piece in pieces]
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == answer.text + remarks(answer)
    assert [piece.choices[0].finish_reason for piece in pieces] == [None] * (len(pieces) - 1) + ["stop"]
    assert deltas[-1].band == "answered"
    assert same(deltas[-1].citations, answer)
    (*_, last) = ask(client, user(DOGS), stream=True, stream_options={"include_usage": True})
    assert (last.choices, last.usage.prompt_tokens) == ([], len(DOGS.split()))


def test_a_refusal_is_an_ordinary_message(client: openai.OpenAI) -> None:
    message = ask(client, user("Who painted the Mona Lisa?")).choices[0].message
    assert (message.content, message.band, message.citations) == (NOT_FOUND, "not_found", [])
    pieces = list(ask(client, user("Who painted the Mona Lisa?"), stream=True))
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == NOT_FOUND


def test_messages_before_are_the_conversation(client: openai.OpenAI) -> None:
    first = ask(client, user("How much did the repairs of the tram cost?")).choices[0].message.content
    turns = [user("How much did the repairs of the tram cost?"), {"role": "assistant", "content": first}]
    instructed = [{"role": "system", "content": "Speak of dogs."}, {"role": "developer", "content": "And of leave."}]
    after = ask(client, *instructed, *turns, user("Why was it shut?")).choices[0].message
    assert "cracks" in after.content
    # What follows the last message of the user is not the question, and of earlier ones only text is heeded.
    shown = user([{"type": "image_url", "image_url": {"url": "data:,"}}, {"type": "text", "text": "Look."}])
    parts = user([{"type": "text", "text": "What do dogs"}, {"type": "text", "text": "pay on the tram?"}])
    begun = {"role": "assistant", "content": "They pay"}
    assert "Dogs pay half" in ask(client, shown, parts, begun).choices[0].message.content


def test_a_long_conversation_is_no_trouble(client: openai.OpenAI) -> None:
    turns = [user(f"Question {n}? " + "x " * 1000) for n in range(200)]
    assert "Dogs pay half" in ask(client, *turns, user(DOGS)).choices[0].message.content


def test_a_place_may_be_named_and_what_is_strange_is_not_heeded(client: openai.OpenAI) -> None:
    found = ask(client, user("When must leave be requested?"), extra_body={"within": "leave.txt"})
    assert {citation["document"] for citation in found.choices[0].message.citations} == {"leave.txt"}
    strange = {
        "temperature": 0.7,
        "max_tokens": 5,
        "seed": 1,
        "user": "x",
        "tools": [],
        "logprobs": False,
        "stop": ["."],
    }
    assert (
        "Dogs pay half" in ask(client, user(DOGS), **strange, extra_body={"colour": "blue"}).choices[0].message.content
    )


def test_there_is_one_model(client: openai.OpenAI) -> None:
    (model,) = client.models.list().data
    assert model.id == MODEL
    assert abs(model.created - time.time()) < 3600
    assert client.models.retrieve(MODEL).id == MODEL
    for asked in (lambda: client.models.retrieve("gpt-4"),
                  lambda: client.chat.completions.create(model="gpt-4", messages=[user(DOGS)])):  # type: ignore[list-item]  # fmt: skip
        with pytest.raises(openai.NotFoundError) as refused:
            asked()
        assert (refused.value.code, refused.value.param) == ("model_not_found", "model")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(("body", "status"), [
    ({"messages": []}, 400), ({"messages": "x"}, 400), ({"messages": [7]}, 400), ({}, 400), ({"messages": [{}]}, 400),
    ({"messages": [{"role": "system", "content": "x"}]}, 400), ({"messages": [user("")]}, 400),
    ({"messages": [user(None)]}, 400), ({"messages": [user("😀")]}, 400), ({"messages": [user("x" * 5000)]}, 400),
    ({"messages": [user([{"type": "image_url"}])]}, 400), ({"messages": [user([])]}, 400),
    ({"messages": [user([{"text": "x"}])]}, 400), ({"messages": [user({"text": "x"})]}, 400),
    ({"messages": [user(DOGS)], "n": 2}, 400), ({"messages": [user(DOGS)], "model": None}, 400),
    ({"messages": [user(DOGS)], "response_format": {"type": "json_object"}}, 400),
    ({"messages": [user(DOGS)], "stream": "maybe"}, 400), ({"messages": [user(DOGS)], "stream_options": 7}, 400),
    ({"messages": [user(DOGS)], "within": "nowhere"}, 400), ({"messages": [user("x" * 2_000_000)]}, 413),
])  # fmt: skip
def test_bad_questions_are_errors_of_openais_form(server: str, body: dict[str, Any], status: int, stream: bool) -> None:
    refused = httpx.post(f"{server}/v1/chat/completions", json={"model": MODEL, "stream": stream, **body})
    assert refused.status_code == status
    error = refused.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    assert error["type"] == "invalid_request_error"
    assert error["message"].count(". ") >= 1  # a sentence and a remedy


@pytest.mark.parametrize(
    "content", [b"", b"[", b"null", b"[]", b'"x"', b"\xff", b"{" * 10_000, b'{"model": "documents"']
)
def test_what_is_no_json_is_an_error_too(server: str, content: bytes) -> None:
    by = {"content-type": "application/json"}
    refused = httpx.post(f"{server}/v1/chat/completions", content=content, headers=by)
    assert (refused.status_code, refused.json()["error"]["type"]) == (400, "invalid_request_error")


def test_other_routes_of_openai_are_not_there(client: openai.OpenAI, server: str) -> None:
    with pytest.raises(openai.NotFoundError) as refused:
        client.embeddings.create(model=MODEL, input="x")
    assert refused.value.type == "invalid_request_error"
    assert httpx.get(f"{server}/v1/chat/completions").json()["error"]["code"] == "not_found"


def test_an_error_of_whatever_form_is_said_in_openais(server: str) -> None:
    own = {"origin": server, "access-control-request-method": "POST"}
    for refused in (httpx.options(f"{server}/v1/models", headers=own), httpx.patch(f"{server}/v1/models")):
        assert refused.status_code in (400, 404)
        assert refused.json()["error"]["message"]
        assert refused.headers["content-type"] == "application/json"


def test_the_example_of_the_manual_asks(server: str, capsys: pytest.CaptureFixture[str]) -> None:
    part = (ROOT / "docs" / "api.md").read_text().split("## OpenAI's form")[1]
    (example, *_) = re.findall(r"```python\n(.*?)```", part, re.DOTALL)
    exec(example.replace("http://127.0.0.1:7860", server).replace("Who may approve a refund?", DOGS), {})
    assert "answered ['Dogs pay half.']" in capsys.readouterr().out


# --- who may use it, and how much ------------------------------------------------------------------------------


def test_a_session_is_the_key_where_users_have_to_be_known(assistant: Assistant) -> None:
    with (
        application(
            altered(assistant, access={"require_user": True, "token_secrets": [SECRET]}, allowed_origins=[WIKI])
        ) as app,
        served(app) as address,
    ):
        session = httpx.post(f"{address}/api/session", json={"token": token()}).json()["session"]
        of_page = httpx.post(f"{address}/api/session", json={"token": token()}, headers={"origin": WIKI}).json()[
            "session"
        ]
        with openai.OpenAI(base_url=f"{address}/v1", api_key=session, max_retries=0) as client:
            assert ask(client, user(DOGS)).choices[0].message.band == "answered"
        for key in ("anything", token(), of_page):
            with openai.OpenAI(base_url=f"{address}/v1", api_key=key, max_retries=0) as client:
                for refused in (client.models.list, lambda client=client: ask(client, user(DOGS), stream=True)):
                    with pytest.raises(openai.AuthenticationError) as error:
                        refused()
                    assert error.value.code == "invalid_api_key"
                    assert error.value.response.headers["www-authenticate"] == "Bearer"


def test_pages_of_other_sites_may_not_use_it(assistant: Assistant) -> None:
    with application(altered(assistant, allowed_origins=[WIKI])) as app, served(app) as address:
        for origin in (WIKI, "https://evil.example", "null"):
            body = {"model": MODEL, "messages": [user(DOGS)]}
            refused = httpx.post(f"{address}/v1/chat/completions", json=body, headers={"origin": origin})
            assert (refused.status_code, "Other sites" in refused.json()["error"]["message"]) == (403, True)
            assert not [name for name in refused.headers if name.startswith("access-control-")]
        rebound = httpx.get(f"{address}/v1/models", headers={"host": "evil.example"})
        assert (rebound.status_code, rebound.json()["error"]["type"]) == (400, "invalid_request_error")


def test_too_much_is_429_with_the_time_to_wait(assistant: Assistant) -> None:
    with (
        application(altered(assistant, limits={"questions_of_address": 2})) as app,
        served(app) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
    ):
        ask(client, user(DOGS))
        assert httpx.get(f"{address}/api/search?q=dogs").status_code == 200  # counted together
        for stream in (False, True):
            with pytest.raises(openai.RateLimitError) as refused:
                ask(client, user(DOGS), stream=stream)
            wait = refused.value.response.headers["retry-after"]
            assert 1 <= int(wait) <= 120
            assert wait in refused.value.message
            assert (refused.value.code, refused.value.type) == ("rate_limit_exceeded", "rate_limit_error")


# --- what cannot be taken back, and who goes ------------------------------------------------------------------


def pieces_of(events: Sequence[Event]) -> list[str]:
    """The text sent for these events."""
    found: list[str] = []

    async def read() -> None:
        found.extend([piece async for piece in _written(walked(iter(events))) if isinstance(piece, str)])

    in_a_loop(read)
    return found


def test_an_answer_that_no_delta_carried_is_sent_whole(assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    whole = answer.text + remarks(answer)
    assert "".join(pieces_of([answer])) == whole
    assert "".join(pieces_of([Delta(answer.text[:7]), answer])) == whole
    assert "".join(pieces_of([Delta(answer.text), answer])) == whole


def test_another_answer_than_was_begun_is_told_from_it(assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    sent = "".join(pieces_of([Delta("Cats may"), answer]))
    assert sent == f"Cats may\n\n{BROKEN_OFF}\n\n{answer.text}{remarks(answer)}"


def test_drafts_are_not_sent_while_another_answer_may_follow(assistant: Assistant) -> None:
    draft = assistant.ask(DOGS)
    end = remarks(draft)
    written = replace(draft, text="They pay half.")
    assert "".join(pieces_of([Draft(draft), draft])) == draft.text + end
    assert "".join(pieces_of([Draft(draft), Delta("They pay "), Delta("half."), written])) == written.text + end
    stopped = f"\n\n{BROKEN_OFF}\n\n{draft.text}"
    events = [Draft(draft), Delta("They pay "), Draft(draft), draft]
    assert pieces_of(events[:3]) == ["They pay ", stopped]
    assert "".join(pieces_of(events)) == "They pay " + stopped + end


def test_what_a_model_counted_and_what_is_not_borne_out_is_told(assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    (statement,) = answer.statements
    written = replace(answer, statements=(replace(statement, support="unsupported"),), tokens=Tokens(70, 8))
    told = Reply([DOGS]).whole(written)
    assert told["usage"] == {"prompt_tokens": 70, "completion_tokens": 8, "total_tokens": 78}
    assert "The sources do not bear out: “Dogs pay half.”" in told["choices"][0]["message"]["content"]
    assert "A sentence was left out that the sources do not bear out." in remarks(replace(answer, left_out=1))
    assert "The model is away." in remarks(replace(answer, fallback="The model is away."))
    partly = replace(written, statements=(replace(statement, support="partly"),))
    assert "The sources bear out only in part: “Dogs pay half.”" in remarks(partly)


def test_each_remark_has_a_paragraph_and_names_items_without_their_bullets(assistant: Assistant) -> None:
    answer = assistant.ask(DOGS)
    items = ("- Dogs pay half.", "2. Cats fly.")
    statements = (
        Statement(0, len(items[0]), (), "unsupported"),
        Statement(len(items[0]) + 2, len("\n\n".join(items)), (), "partly"),
    )
    said = remarks(replace(answer, text="\n\n".join(items), statements=statements, left_out=2, fallback="It is away."))
    assert said.split("\n\n")[1:5] == [
        "The sources do not bear out: “Dogs pay half.”",
        "The sources bear out only in part: “Cats fly.”",
        "2 sentences were left out that the sources do not bear out.",
        "It is away.",
    ]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("See ![it](https://evil.example/?q=1).", r"See !\[it](https://evil.example/?q=1)."),
        ("See <IMG src=//evil.example> now.", r"See \<IMG src=//evil.example> now."),
        (r"See \\<iframe src=//evil.example>.", r"See \\\<iframe src=//evil.example>."),
        (r"See !\[it] and \<img>.", r"See !\[it] and \<img>."),
        ("[1]: https://evil.example", r"\[1]: https://evil.example"),
        ("A List<String>, a < b, wow! [1] and [a](b).", "A List<String>, a < b, wow! [1] and [a](b)."),
    ],
)
def test_nothing_that_was_written_makes_a_client_fetch(assistant: Assistant, said: str, told: str) -> None:
    """Most clients show Markdown, and would send what an image's address holds to its server."""
    answer = replace(assistant.ask(DOGS), text=said, statements=(), citations=())
    assert Reply([DOGS]).whole(answer)["choices"][0]["message"]["content"] == told

    found: list[dict[str, Any]] = []

    async def read() -> None:
        stream = _stream(walked(iter([Delta(said), answer])), Reply([DOGS]), False)
        found.extend([json.loads(str(event.data)) async for event in stream if event.data != "[DONE]"])

    in_a_loop(read)
    assert "".join(piece["choices"][0]["delta"].get("content", "") for piece in found) == told


class Slow(Assistant):
    """Writes an answer without end, one word every `pause` seconds, and tells when it is stopped."""

    def __init__(self, own: Assistant, pause: float) -> None:
        super().__init__(own.settings)
        self.encoder, self.published = own.encoder, own.published
        self.pause = pause
        self.asked, self.stopped = threading.Event(), threading.Event()

    def stream(
        self, question: str, history: Sequence[Turn] = (), within: str | None = None, page: str | None = None
    ) -> Iterator[Event]:
        if question != DOGS:  # the examples of the page are tried before anybody asks
            yield from super().stream(question, history, within, page)
            return
        self.asked.set()
        try:
            yield from (event for event in super().stream(question, history) if not isinstance(event, Delta | Answer))
            while True:
                yield Delta("and ")
                time.sleep(self.pause)
        finally:
            self.stopped.set()


def asks_and_goes(slow: Slow, url: str, body: object, headers: dict[str, str]) -> bytes:
    """Asks as a client does that goes half a second after its question has arrived. Gives what it heard by then."""
    address = httpx.URL(url)
    client = http.client.HTTPConnection(address.host, address.port)
    with contextlib.closing(client):
        client.request("POST", address.path, json.dumps(body), {"content-type": "application/json", **headers})
        assert slow.asked.wait(60)
        heard = select.select([client.sock], [], [], 0.5)[0]
        return client.sock.recv(1 << 16) if heard else b""


def inside(app: FastAPI) -> int:
    """How many are being answered."""
    gate: Gate = app.state.limits.gate
    return gate._inside


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize("path", ["/v1/chat/completions", "/api/ask"])
def test_who_goes_ends_the_work(assistant: Assistant, path: str, stream: bool) -> None:
    slow = Slow(assistant, 0.01)
    ours = path == "/api/ask"
    body = {"question": DOGS} if ours else {"model": MODEL, "messages": [user(DOGS)], "stream": stream}
    accept = {"accept": "text/event-stream" if stream else "application/json"}
    with application(slow) as app, served(app) as address:
        if stream:
            with httpx.stream("POST", address + path, json=body, headers=accept, timeout=60) as answer:
                assert any("and " in line for line in answer.iter_lines())
        else:
            heard = asks_and_goes(slow, address + path, body, accept)
            assert heard == b"", "an answer that is not complete was sent"
        assert slow.stopped.wait(10)
        deadline = time.monotonic() + 10
        while inside(app):
            assert time.monotonic() < deadline
            time.sleep(0.01)


def test_a_stream_is_kept_alive_while_nothing_is_said(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completions, "_ALIVE", 0.05)
    body = {"model": MODEL, "messages": [user(DOGS)], "stream": True}
    with (
        application(Slow(assistant, 0.3)) as app,
        served(app) as address,
        httpx.stream("POST", f"{address}/v1/chat/completions", json=body) as answer,
    ):
        lines = iter(line for line in answer.iter_lines() if line)
        while "and " not in next(lines):
            pass
        assert [next(lines).startswith(": ping") for _ in range(3)] == [True] * 3


def test_a_stream_begins_while_a_follow_up_is_being_understood(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client with a read timeout hears something all the time, and is told by the status what is wrong."""
    model = ModelServer()
    model.first_pause = 2.5
    llm = {"base_url": model.address, "model": "m", "first_token_seconds": 5}
    written = altered(assistant, writer="generative", llm=llm)
    monkeypatch.setattr(completions, "_ALIVE", 0.1)
    turns = [
        user("How much did the repairs cost?"),
        {"role": "assistant", "content": "Much."},
        user("Why was it shut?"),
    ]
    body = {"model": MODEL, "messages": turns, "stream": True}
    with application(written) as app, served(app) as address:
        with httpx.stream("POST", f"{address}/v1/chat/completions", json=body, timeout=2.0) as answer:
            lines = [line for line in answer.iter_lines() if line]
        nowhere = httpx.post(f"{address}/v1/chat/completions", json={**body, "within": "nowhere"}, timeout=5)
    model.close()
    assert sum(line.startswith(": ping") for line in lines) >= 5
    assert lines[-1] == "data: [DONE]"
    assert any('"finish_reason": "stop"' in line for line in lines)
    assert nowhere.status_code == 400
    assert len(model.asked) == 2, "nothing is asked of a model for a place that is not there"


class Failing(Assistant):
    """Fails after the first words."""

    def __init__(self, own: Assistant, error: Exception) -> None:
        super().__init__(own.settings)
        self.encoder, self.published = own.encoder, own.published
        self.error = error

    def stream(
        self, question: str, history: Sequence[Turn] = (), within: str | None = None, page: str | None = None
    ) -> Iterator[Event]:
        for event in super().stream(question, history, within, page):
            yield event
            if isinstance(event, Delta) and question == DOGS:
                raise self.error


@pytest.mark.parametrize("error", [IndexDamaged("The index is damaged.", hint="Build it."), ValueError("a secret")])
def test_a_failure_in_a_stream_is_an_error_of_the_client(assistant: Assistant, error: Exception) -> None:
    with (
        application(Failing(assistant, error)) as app,
        served(app) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
    ):
        heard = []
        with pytest.raises(openai.APIError) as failed:
            heard.extend(ask(client, user(DOGS), stream=True))
        assert failed.value.type == "server_error"
        assert "secret" not in failed.value.message
        with pytest.raises(openai.InternalServerError) as failed:
            ask(client, user(DOGS))
        assert failed.value.type == "server_error"
        assert "secret" not in failed.value.message
        assert inside(app) == 0


def test_an_overload_is_429_too(assistant: Assistant) -> None:
    crowded = altered(assistant, limits={"answers_at_once": 1, "answers_waiting": 0})
    with (
        application(crowded) as app,
        served(app) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
    ):
        with app.state.limits.gate.passing(), pytest.raises(openai.RateLimitError) as refused:
            ask(client, user(DOGS), stream=True)
        assert refused.value.response.headers["retry-after"] == "5"
        assert ask(client, user(DOGS)).choices[0].message.band == "answered"


def test_without_an_index_it_is_not_available(settings: Settings) -> None:
    with (
        application(Assistant(settings)) as app,
        served(app) as address,
        openai.OpenAI(base_url=f"{address}/v1", api_key="x", max_retries=0) as client,
    ):
        for asked in (client.models.list, lambda: ask(client, user(DOGS), stream=True)):
            with pytest.raises(openai.InternalServerError) as refused:
                asked()
            assert (refused.value.status_code, refused.value.type) == (503, "server_error")
            assert "assistant index" in refused.value.message


# --- LlamaIndex ------------------------------------------------------------------------------------------------


def test_llama_index_takes_it_for_a_model(server: str, assistant: Assistant) -> None:
    model = OpenAILike(model=MODEL, api_base=f"{server}/v1", api_key="x", is_chat_model=True, max_retries=0)
    answer = assistant.ask(DOGS)
    whole = answer.text + remarks(answer)
    messages = [ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content=DOGS)]
    assert model.chat(messages).message.content == whole
    (*_, last) = model.stream_chat(messages)
    assert last.message.content == whole
    assert model.complete(DOGS).text == whole

    async def ask_in_a_loop() -> None:
        assert (await model.achat(messages)).message.content == whole

    in_a_loop(ask_in_a_loop)
