"""The HTTP side: what the routes promise, who may ask, and that document text stays text."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from pydantic import SecretStr

from assistant.assistant import Assistant
from assistant.settings import Settings, WebhookSettings
from assistant.web.indexing import events_of
from index.encoder import Encoder
from index.following import Follower
from index.types import BuildReport
from tests.conftest import LEAVE, TRAM, application

Write = Callable[[Mapping[str, str | bytes]], None]
Rebuild = Callable[[], BuildReport]

SECRET = "a secret of some length"

HOSTILE = """# <script>window.pwned=1</script> ${window.pwned=2} {{constructor}}

The <img src=x onerror="window.pwned=3"> turbine ${Object.assign(window,{pwned:4})} spins at 90 rounds. `${1}` \\u0041
[link](javascript:window.pwned=5)
"""


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with reached(assistant) as client:
        yield client


@contextlib.contextmanager
def reached(assistant: Assistant) -> Iterator[TestClient]:
    with (
        application(assistant) as app,
        TestClient(app, base_url="http://127.0.0.1", client=("127.0.0.1", 50000)) as client,
    ):
        yield client


def events(text: str) -> list[tuple[str, dict[str, object]]]:
    found = []
    for block in text.replace("\r\n", "\n").strip().split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        if "event" in fields:
            found.append((fields["event"], json.loads(fields["data"])))
    return found


def test_a_question_streams_its_events(client: TestClient) -> None:
    response = client.post("/api/ask", json={"question": "How much did the repairs cost?"})
    assert response.headers["content-type"].startswith("text/event-stream")
    found = events(response.text)
    assert [name for name, _ in found if name != "delta"] == ["status", "found", "answer"]
    assert "".join(str(data["text"]) for name, data in found if name == "delta") == found[-1][1]["text"]


def test_the_same_as_json(client: TestClient) -> None:
    answer = client.post(
        "/api/ask", json={"question": "What do dogs pay?"}, headers={"accept": "application/json"}
    ).json()
    assert answer["answered"]
    assert answer["citations"][0]["document"] == "news/tram.md"
    assert client.get("/api/search", params={"q": "dogs", "limit": 1}).json()["passages"][0]["heading"] == "Fares"
    assert client.get("/api/status").json()["documents"] == 2
    assert [d["document"] for d in client.get("/api/documents").json()["documents"]] == ["leave.txt", "news/tram.md"]
    assert client.get("/health").json() == {"ok": True}
    assert client.get("/ready").json()["ok"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"question": ""}, 422),
        ({"question": "😀"}, 422),
        ({"question": "x" * 5000}, 422),
        ({"question": "x" * 1_000_000}, 413),
        ({"question": 7}, 422),
        ({}, 422),
        ({"question": "a", "colour": "b"}, 422),
        ({"question": "a", "within": "x" * 1001}, 422),
        ({"question": "a", "page": "x" * 4001}, 422),
        ({"question": "a", "page": 7}, 422),
    ],
)
def test_bad_questions_are_a_sentence_and_a_remedy(client: TestClient, body: dict[str, object], status: int) -> None:
    response = client.post("/api/ask", json=body, headers={"accept": "application/json"})
    assert response.status_code == status
    assert set(response.json()) == {"error", "hint"}


@pytest.mark.parametrize("body", ['{"question": "café"}'.encode("latin-1"), b"[" * 50_000, b'{"question": '])
def test_a_body_that_cannot_be_read_is_a_sentence_and_a_remedy(client: TestClient, body: bytes) -> None:
    for path in ("/api/ask", "/api/feedback"):
        response = client.post(path, content=body, headers={"content-type": "application/json"})
        assert response.status_code in (400, 422)
        assert set(response.json()) == {"error", "hint"}
        assert response.json()["error"].endswith(".")


def test_what_there_is_none_of_is_a_sentence_and_a_remedy(client: TestClient) -> None:
    missing, posted = client.get("/ui/none.js"), client.post("/ui/chat.js")
    assert (missing.status_code, set(missing.json())) == (404, {"error", "hint"})
    assert (posted.status_code, set(posted.json())) == (405, {"error", "hint"})


def test_a_question_may_name_a_place_and_a_page(client: TestClient) -> None:
    def asked(**where: str) -> set[str]:
        body = {"question": "When must leave be requested?", **where}
        answer = client.post("/api/ask", json=body, headers={"accept": "application/json"}).json()
        return {passage["document"] for passage in answer["passages"]}

    assert "leave.txt" in asked(page="https://wiki.test/unknown")
    assert asked(within="news") == {"news/tram.md"}


def test_a_body_without_a_length_is_limited_too(client: TestClient) -> None:
    parts = iter([b'{"question": "', *[b"x" * 10_000] * 100, b'"}'])
    assert client.post("/api/ask", content=parts, headers={"content-type": "application/json"}).status_code == 413


def test_an_error_in_a_stream_is_an_event(client: TestClient) -> None:
    found = events(client.post("/api/ask", json={"question": ""}).text)
    assert [name for name, _ in found] == ["error"]


def test_without_an_index_the_server_is_alive_but_not_ready(settings: Settings) -> None:
    with reached(Assistant(settings)) as client:
        assert client.get("/health").status_code == 200
        assert client.get("/ready").status_code == 503
        assert client.get("/api/status").json()["hint"] == "Build it: assistant index"
        assert client.get("/").status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/status", "/source/leave.txt", "/ui/chat.js", "/health", "/nothing-here"])
def test_every_response_carries_the_policy(client: TestClient, path: str) -> None:
    headers = client.get(path).headers
    assert "default-src" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert "access-control-allow-origin" not in headers


def test_no_other_site_may_read(client: TestClient) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example"):
        response = client.get("/api/status", headers={"origin": origin})
        assert "access-control-allow-origin" not in response.headers
    assert client.get("/api/status", headers={"host": "evil.example"}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/gradio_api/upload",
        "/gradio_api/file=/etc/passwd",
        "/gradio_api/proxy=http://x.example/",
        "/docs",
        "/openapi.json",
    ],
)
def test_what_nothing_needs_is_closed(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404
    assert client.post(path).status_code in (404, 405)


def test_the_source_page_marks_the_cited_words(client: TestClient, assistant: Assistant) -> None:
    (citation, *_) = assistant.ask("What do dogs pay on the tram?").citations
    page = client.get(f"/source/{citation.document}", params={"start": citation.start, "end": citation.end})
    assert page.status_code == 200
    assert f'<mark id="cited" tabindex="-1" autofocus>{citation.quote}</mark>' in page.text
    assert "script" not in page.headers["content-security-policy"]


@pytest.mark.parametrize(
    "query",
    [
        "?start=9999999&end=99999999",
        "?start=5&end=2",
        "?start=-1&end=3",
        "?start=x&end=y",
        "?start=1",
        "?start=²&end=³",
    ],
)
def test_a_place_that_is_not_there_is_said(client: TestClient, query: str) -> None:
    page = client.get(f"/source/leave.txt{query}")
    assert page.status_code == 200
    assert "not in this document" in page.text
    assert "<mark" not in page.text


@pytest.mark.parametrize(
    "path",
    [
        "none.txt",
        "../settings.py",
        "%2e%2e/%2e%2e/etc/passwd",
        "/etc/passwd",
        "..%5c..%5cx",
        "leave.txt%00.md",
        "x" * 5000,
    ],
)
def test_no_path_leads_out_of_the_index(client: TestClient, path: str) -> None:
    response = client.get(f"/source/{path}")
    assert response.status_code == 404
    assert "root:" not in response.text


def test_a_document_that_changed_since_is_not_marked_wrongly(client: TestClient, assistant: Assistant) -> None:
    (citation, *_) = assistant.ask("What do dogs pay on the tram?").citations
    place = {"start": citation.start, "end": citation.end}
    now = client.get(f"/source/{citation.document}", params={**place, "digest": citation.digest}).text
    later = client.get(f"/source/{citation.document}", params={**place, "digest": "0" * 64}).text
    assert "<mark" in now
    assert "has changed since" not in now
    assert "has changed since" in later
    assert "<mark" not in later


def test_marks_may_start_and_end_anywhere(client: TestClient, assistant: Assistant) -> None:
    with assistant.published.reading() as generation:
        document = generation.catalog.document("news/tram.md")
    assert document is not None
    length = len(document.text)
    for start in range(0, length, 37):
        for end in (start + 1, min(start + 400, length), length):
            if start < end <= length:
                page = client.get("/source/news/tram.md", params={"start": start, "end": end}).text
                marked = "".join(part.split("</mark>")[0].split(">", 1)[1] for part in page.split("<mark")[1:])
                assert "".join(marked.split()) == "".join(document.text[start:end].replace("'", "&#39;").split())


def test_a_document_may_be_named_like_a_closed_route(
    own: Assistant,
    write: Callable[[Mapping[str, str | bytes]], None],
    rebuild: Callable[[], BuildReport],
) -> None:
    write({"gradio_api/upload notes.txt": "About uploads.", "proxy=/file=x.txt": "About proxies."})
    rebuild()
    with reached(own) as client:
        assert client.get("/source/gradio_api/upload notes.txt").status_code == 200
        assert client.get("/source/proxy=/file=x.txt").status_code == 200


def test_document_text_is_never_markup(
    own: Assistant,
    write: Callable[[Mapping[str, str | bytes]], None],
    rebuild: Callable[[], BuildReport],
    place: Path,
) -> None:
    write({"<b>x</b> & 'y'.txt": HOSTILE})
    rebuild()
    with reached(own) as client:
        page = client.get("/source/<b>x</b> & 'y'.txt")
        assert page.status_code == 200
        assert "<script>window" not in page.text
        assert "<img" not in page.text
        assert "<b>x</b>" not in page.text


# --- making the index follow -----------------------------------------------------------------------------------


@pytest.fixture
def secured(settings: Settings, encoder: Encoder, write: Write, rebuild: Rebuild) -> Iterator[TestClient]:
    """A server whose builds have to be asked for with a signature."""
    write({"tram.md": TRAM})
    rebuild()
    secret = WebhookSettings(secret=SecretStr(SECRET))
    assistant = Assistant(settings.model_copy(update={"webhook": secret}))
    with reached(assistant) as client:
        yield client
    assistant.close()


def signed(body: bytes, *, at: float | None = None, secret: str = SECRET) -> dict[str, str]:
    stamp = str(int(time.time() if at is None else at))
    digest = hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
    return {"x-assistant-signature": f"t={stamp},s={digest}"}


def test_a_build_is_asked_for_and_told(own: Assistant, write: Write, rebuild: Rebuild) -> None:
    write({"tram.md": TRAM})
    rebuild()
    with reached(own) as client:
        write({"leave.txt": LEAVE})
        assert client.get("/api/status").json()["stale"]
        assert client.post("/api/index").json() == {"build": "started"}
        deadline = time.monotonic() + 180
        while client.get("/api/status").json()["documents"] < 2:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        state = client.get("/api/status").json()
        assert state["history"][0]["added"] == {"count": 1, "names": ["leave.txt"]}
        assert (state["stale"], state["build_fault"]) == (False, None)


def test_who_may_not_ask_for_a_build(client: TestClient) -> None:
    for origin in ("https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1:81"):
        refused = client.post("/api/index", headers={"origin": origin})
        assert refused.status_code == 403
        assert "Other sites" in refused.json()["error"]
    for wish in ({"full": True}, {"allow_shrink": True}):
        assert client.post("/api/index", json=wish).status_code == 403
    assert client.post("/api/index", content=b"[").status_code == 422
    assert client.post("/api/index", json={"force": True}).status_code == 422


@pytest.mark.usefixtures("followed_here")
def test_only_a_signed_request_is_heeded(secured: TestClient) -> None:
    body = b'{"full": true}'
    now = time.time()
    wrong = [
        {},
        {"x-assistant-signature": ""},
        {"x-assistant-signature": "t=,s="},
        {"x-assistant-signature": f"t={int(now)}"},
        {"x-assistant-signature": "x" * 10_000},
        {"x-assistant-signature": "t=\xb2,s=\xe9".encode("latin-1")},
        signed(b"{}"),
        signed(body, secret="another secret of some length"),
        signed(body, at=now - 400),
        signed(body, at=now + 400),
        {"x-assistant-signature": signed(body)["x-assistant-signature"].replace("s=", "s=0")},
        {"x-assistant-signature": signed(body)["x-assistant-signature"].replace("t=", "t=1")},
    ]
    for headers in wrong:
        refused = secured.post("/api/index", content=body, headers=headers)
        assert (refused.status_code, "hint" in refused.json()) == (401, True), headers
    right = signed(body)
    assert secured.post("/api/index", content=body, headers=right).status_code == 202
    replayed = secured.post("/api/index", content=body, headers=right)
    assert replayed.status_code == 401
    assert "used before" in replayed.json()["error"]
    assert secured.post("/api/index", content=b"", headers=signed(b"")).status_code == 202


@pytest.mark.usefixtures("followed_here")
def test_whoever_listens_hears_of_a_build(own: Assistant, write: Write) -> None:
    write({"tram.md": TRAM})
    follower = Follower(own.settings, own.encoder.fingerprint, own.published)

    async def listen() -> list[tuple[str, dict[str, object]]]:
        heard = []
        stream = events_of(follower)
        async for event in stream:
            heard.append((event.event or "", json.loads(event.data or "")))
            if event.event == "following":
                follower.request()
            if event.event in ("report", "error"):
                break
        await stream.aclose()
        return heard

    with ThreadPoolExecutor(1) as aside:  # the browser's driver has a loop of its own in this thread
        heard = aside.submit(asyncio.run, asyncio.wait_for(listen(), 180)).result()
    follower.close()
    names = [name for name, _ in heard]
    assert (names[0], names[-1], set(names[1:-1])) == ("following", "report", {"progress"})
    assert heard[-1][1]["added"] == ["tram.md"]
    assert {"step", "done", "total", "rate", "seconds_left", "document"} == heard[1][1].keys()


# --- sources that changed since --------------------------------------------------------------------------------


def test_cited_words_are_shown_whatever_became_of_their_document(
    own: Assistant, write: Write, rebuild: Rebuild
) -> None:
    write({"tram.md": TRAM, "leave.txt": LEAVE})
    rebuild()
    (citation, *_) = own.ask("How much did the repairs cost?").citations
    link = f"/source/{citation.document}"
    query = {
        "start": citation.start,
        "end": citation.end,
        "digest": citation.digest,
        "words": citation.quote,
        "proof": citation.proof,
    }
    mark = f'<mark id="cited" tabindex="-1" autofocus>{citation.quote}</mark>'
    with reached(own) as client:
        assert mark in client.get(link, params=query).text
        write({"tram.md": TRAM.replace("Service began", "In this town, service began")})
        rebuild()
        moved = client.get(link, params=query)
        assert mark in moved.text
        assert "still stand in it" in moved.text
        write({"tram.md": TRAM.replace("38.6 million", "40 million")})
        rebuild()
        changed = client.get(link, params=query)
        assert "no longer holds the cited words" in changed.text
        assert f'<blockquote class="lost" dir="auto">{citation.quote}</blockquote>' in changed.text
        assert "<mark" not in changed.text
        write({"more.txt": "Other words."})
        (own.settings.documents / "tram.md").unlink()
        rebuild()
        gone = client.get(link, params=query)
        assert gone.status_code == 410
        assert citation.quote in gone.text
        for name, value in (("words", "We owe you money."), ("digest", "0" * 64), ("proof", "0" * 32), ("proof", "é")):
            forged = client.get(link, params={**query, name: value})
            assert forged.status_code == 404
            assert citation.quote not in forged.text
            assert "owe you" not in forged.text


def test_some_documents_are_asked_for_by_name(client: TestClient) -> None:
    found = client.get("/api/documents", params={"document": ["leave.txt", "none.txt"]}).json()["documents"]
    assert [(entry["document"], len(entry["digest"])) for entry in found] == [("leave.txt", 64)]


@pytest.mark.parametrize(
    "path", ["/health", "/ready", "/widget.js", "/embed", "/favicon.ico", "/ui/chat.js", "/source/leave.txt"]
)
def test_what_is_fetched_whole_may_be_looked_at_by_its_head(client: TestClient, path: str) -> None:
    whole, head = client.get(path), client.head(path)
    assert (whole.status_code, head.status_code) == (200, 200)
    same = ("content-type", "content-length", "etag", "content-encoding", "content-security-policy", "cache-control")
    assert [head.headers.get(name) for name in same] == [whole.headers.get(name) for name in same]


# --- what nobody needs -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", [f"/static/{'a' * 300}", f"/assets/{'a' * 300}", f"/{'a' * 300}", "/api/nope"])
def test_what_is_not_there_is_said_in_our_words(client: TestClient, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert set(response.json()) == {"error", "hint"}


@pytest.mark.parametrize(("path", "size"), [("/api/ask", 200_000), ("/gradio_api/queue/join", 5_000_000)])
def test_no_body_is_too_large_to_refuse(client: TestClient, path: str, size: int) -> None:
    assert client.post(path, json={"data": ["x" * size]}).status_code == 413
