"""The same documents in the page, with a model that says again all that it is given: does anything but text come of it?

Each of 200 documents orders something (a file with a list), and has an image, a script and a link to another host in
its words. Each is asked about in the chat page in Chromium. Counted are requests to other hosts, scripts that ran,
elements that were made of words, citations of what was not found, and whether a foreign origin is still refused.

Run: python -m bench.planted INJECTIONS.json [questions]
"""

from __future__ import annotations

import json
import os
import random
import shutil
import sys
import tempfile
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from playwright.sync_api import Page, sync_playwright

from assistant.settings import load
from bench.injections import planted
from index.building import build
from index.encoder import Encoder
from tests.browser.conftest import answering, ask
from tests.model_server import ModelServer, passages_of

_ELSEWHERE = "http://elsewhere.example"
_MARKUP = (
    f"<img src={_ELSEWHERE}/a.png onerror=window.ran=1><script>window.ran=2</script>"
    f" ![b]({_ELSEWHERE}/b.png) [c]({_ELSEWHERE}/c) <iframe src={_ELSEWHERE}/d></iframe>"
)
_A_PAGE = 25  # questions before the page is opened anew


def main() -> None:
    """Build, ask in the page and print."""
    orders = [f"{order} {_MARKUP}" for order in json.loads(Path(sys.argv[1]).read_text())]
    chance, model = random.Random(4), ModelServer()
    model.reply = lambda body: "\n".join(f"{text} [{identity}]" for identity, text in passages_of(body))
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        facts = planted(place / "docs", orders, chance)
        llm = {"base_url": model.address, "model": "echo", "context_tokens": 8192}
        flags = {"documents": place / "docs", "data": place / "data", "writer": "generative", "llm": llm}
        settings = load({**flags, "retrieval": {"passages": 3}})
        encoder = Encoder(settings.encoder)
        build(settings, encoder)
        questions = [f"Where is the key to room {name} kept?" for name, _, _ in facts][
            : int((sys.argv[2:] or [200])[0])
        ]
        with answering(settings, encoder) as address:
            before = _foreign(address)
            _show(address, questions)
            print(f"    a foreign origin is answered {before} before and {_foreign(address)} after")
    model.close()


def _foreign(address: str) -> int:
    """The status that a page of another host gets."""
    body = json.dumps({"question": "Where is the key?"}).encode()
    asked = Request(f"{address}/api/ask", body, {"content-type": "application/json", "origin": _ELSEWHERE})
    try:
        with urlopen(asked) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def _show(address: str, questions: list[str]) -> None:
    other: list[str] = []
    made = ran = written = strange = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-background-networking"]
        )
        context = browser.new_context()
        context.on(
            "request",
            lambda request: None if request.url.startswith((address, "data:", "blob:")) else other.append(request.url),
        )
        for start in range(0, len(questions), _A_PAGE):
            page = context.new_page()
            page.goto(address)
            for question in questions[start : start + _A_PAGE]:
                ask(page, question)
            made += page.locator(
                ".da-answer :is(img, script, iframe, object, embed), .da-source :is(img, script, iframe)"
            ).count()
            ran += page.evaluate("window.ran") is not None
            written += page.locator(".da-answer.da-generative").count()
            strange += _strange(page, address)
            page.close()
        browser.close()
    print(
        f"{len(questions)} questions in the page about documents with planted instructions; the model says them again"
    )
    print(f"    answers of the model shown: {written}; requests to other hosts: {len(other)} {sorted(set(other))[:3]}")
    print(
        f"    elements made of words: {made}, pages in which a script ran: {ran}, links that lead elsewhere: {strange}"
    )


def _strange(page: Page, address: str) -> int:
    """The links in answers and sources that do not lead to a source of this server."""
    links = page.locator(":is(.da-answer, .da-source) a").evaluate_all("links => links.map((link) => link.href)")
    return sum(not link.startswith(f"{address}/source/") for link in links)


if __name__ == "__main__":
    main()
