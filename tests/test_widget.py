"""The widget's script, texts and routes, without a browser."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from assistant.assistant import GREETED, NO_QUESTION, Assistant
from index.encoder import Encoder
from tests.test_access import SECRET, token
from tests.test_access import reached as reached_with
from tests.test_web import reached
from tools import build_widget

LARGEST = 12 * 1024  # bytes, compressed


@pytest.fixture(scope="module")
def client(assistant: Assistant) -> Iterator[TestClient]:
    with reached(assistant) as client:
        yield client


def test_the_script_is_built_from_these_sources() -> None:
    first = build_widget.BUILT.read_text().partition("\n")[0]
    assert first == f"/* {build_widget.digest()} */", "the widget's sources have changed; run: make widget"


def test_the_script_is_one_small_classic_file(client: TestClient) -> None:
    response = client.get("/widget.js")
    assert response.headers["content-type"].startswith("text/javascript")
    assert int(response.headers["content-length"]) <= LARGEST
    for forbidden in (
        "eval(",
        "new Function",
        "innerHTML",
        "outerHTML",
        "insertAdjacentHTML",
        "document.write",
        "import(",
    ):
        assert forbidden not in response.text
    assert set(re.findall(r"https?://[\w.]+", response.text)) == {"http://www.w3.org"}  # the name space of SVG


def test_the_script_is_sent_again_only_when_it_changed(client: TestClient) -> None:
    first = client.get("/widget.js")
    again = client.get("/widget.js", headers={"if-none-match": f"W/{first.headers['etag']}"})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get("/widget.js", headers={"if-none-match": '"other"'}).status_code == 200
    plain = client.get("/widget.js", headers={"accept-encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert plain.content == first.content
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"


def test_a_title_that_was_set_goes_along(assistant: Assistant, encoder: Encoder) -> None:
    title = '</script> "Ask" ${the} \u2028 wiki'
    named = Assistant(assistant.settings.model_copy(update={"title": title}))
    named.encoder = encoder
    with reached(named) as client:
        assert json.dumps(title, ensure_ascii=False) in client.get("/widget.js").text
    named.close()


@pytest.mark.parametrize(("access", "leads"), [
    ({}, True), ({"token_secrets": [SECRET]}, True), ({"token_secrets": [SECRET], "require_user": True}, False),
    ({"token_secrets": [SECRET], "require_user": True, "user_header": "X-User", "trusted_proxies": ["::1"]}, True),
])  # fmt: skip
def test_links_to_source_pages_are_there_where_their_readers_are_known(
    assistant: Assistant, access: dict[str, object], leads: bool
) -> None:
    with reached_with(assistant, access=access) as client:
        assert ('"sourcePages": false' in client.get("/widget.js").text) != leads


def test_who_is_known_is_told_by_a_sign(assistant: Assistant) -> None:
    access = {"token_secrets": [SECRET], "user_header": "X-User", "trusted_proxies": ["10.0.0.1"]}
    with reached_with(assistant, ("10.0.0.1", 1), access=access) as client:
        nobody, ada, bob = (
            client.get("/api/widget", headers={"x-user": name} if name else {}).json()["known_as"]
            for name in ("", "ada", "bob")
        )
        assert nobody is None
        assert len({ada, bob, "ada", "bob"}) == 4
        assert client.post("/api/session", json={"token": token(sub="ada")}).json()["known_as"] == ada


def test_every_language_has_the_same_texts() -> None:
    source = (build_widget.STATIC / "parts" / "texts.js").read_text()
    english = dict(re.findall(r'^  (\w+): "(.*)",$', source, re.MULTILINE))
    assert len(english) > 40
    for file in (build_widget.STATIC / "parts").glob("*.json"):
        texts = json.loads(file.read_text())
        assert texts.keys() == english.keys() | {GREETED, NO_QUESTION}, file.name
        for name, text in texts.items():
            said = english.get(name, name)
            assert re.findall(r"\{\w+\}", text) == re.findall(r"\{\w+\}", said), (file.name, name)


def test_what_is_shown_first(client: TestClient) -> None:
    response = client.get("/api/widget")
    assert response.headers["cache-control"] == "no-store"
    shown = response.json()
    assert shown.keys() == {"title", "greeting", "examples", "topics", "known_as"}
    assert "Harbour tram" in shown["topics"]


def test_topics_wait_for_who_must_be_known(assistant: Assistant) -> None:
    access = {"require_user": True, "user_header": "x-user", "trusted_proxies": ["10.0.0.1"]}
    with reached_with(assistant, ("10.0.0.1", 1), access=access) as client:
        assert client.get("/api/widget").json()["topics"] == []
        assert "Harbour tram" in client.get("/api/widget", headers={"x-user": "ada"}).json()["topics"]


def test_the_page_for_frames(client: TestClient) -> None:
    page = client.get("/embed", params={"lang": "de", "theme": "dark", "title": '"><b>x</b>'})
    policy = page.headers["content-security-policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy
    assert policy.endswith("frame-ancestors 'self'")
    assert "<b>" not in page.text
    assert 'data-theme="dark"' in page.text
    assert len(page.content) < 2000
    for wrong in ({"lang": "x y"}, {"theme": "pink"}, {"title": "x" * 100}):
        assert client.get("/embed", params=wrong).status_code == 422


def test_the_demonstration_is_for_developing(client: TestClient, assistant: Assistant, encoder: Encoder) -> None:
    assert client.get("/widget-demo").status_code == 404
    developing = Assistant(assistant.settings.model_copy(update={"development": True}))
    developing.encoder = encoder
    with reached(developing) as developer:
        page = developer.get("/widget-demo")
        assert '<script src="widget.js"' in page.text
        assert "unsafe" not in page.headers["content-security-policy"]
    developing.close()
