"""The HTTP side: what the routes promise, who may ask, and that document text stays text."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from assistant.assistant import Assistant
from assistant.settings import Settings
from index.types import BuildReport
from tests.conftest import application

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
    with application(assistant) as app, TestClient(app, base_url="http://127.0.0.1") as client:
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
    ],
)
def test_bad_questions_are_a_sentence_and_a_remedy(client: TestClient, body: dict[str, object], status: int) -> None:
    response = client.post("/api/ask", json=body, headers={"accept": "application/json"})
    assert response.status_code == status
    assert set(response.json()) == {"error", "hint"}


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
