"""What the widget costs a page: bytes, requests, and the time until a question can be typed, beside Gradio's own page.

Each is loaded by a fresh Chromium over a throttled connection, from a page on another origin; Gradio's page, which that
origin may not frame, is loaded by itself, as a frame of it would be. Prints figures; asserts nothing.
Run: python -m bench.widget
"""

from __future__ import annotations

import os
import shutil
import statistics
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from playwright.sync_api import Browser, Page, sync_playwright

from assistant.settings import load
from index.encoder import Encoder
from tests.browser.conftest import answering
from tests.browser.wiki import hosted

_TIMES = 5
_LINES = {"10 Mbit/s, 40 ms": (10_000_000 / 8, 40), "1.6 Mbit/s, 150 ms": (1_600_000 / 8, 150)}


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as data, hosted() as wiki, _server(Path(data), wiki.address) as server:
        wiki.write("/bare")
        wiki.write("/widget", f'<script src="{server}/widget.js" async></script>')
        wiki.write("/frame", page=f'<!doctype html><title>x</title><iframe src="{server}/embed"></iframe>')
        cases = {
            "the page alone": (f"{wiki.address}/bare", _drawn),
            "with the widget": (f"{wiki.address}/widget", _bubble),
            "with a frame of /embed": (f"{wiki.address}/frame", _framed),
            "Gradio's chat page": (server, _chat),
        }
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            for line, (bytes_per_second, latency) in _LINES.items():
                print(f"\n{line}, cold cache, median of {_TIMES}: kB received, requests, ms until usable")
                for name, (address, usable) in cases.items():
                    found = [_load(browser, address, usable, bytes_per_second, latency) for _ in range(_TIMES)]
                    size, requests, seconds = (statistics.median(values) for values in zip(*found, strict=True))
                    print(f"  {name:24} {size / 1000:8.1f} {requests:6.0f} {seconds * 1000:8.0f}")
            browser.close()


@contextmanager
def _server(data: Path, origin: str) -> Iterator[str]:
    settings = load({"data": data, "allowed_origins": (origin,)})
    with answering(settings, Encoder(settings.encoder)) as address:
        yield address


def _load(
    browser: Browser, address: str, usable: Callable[[Page], None], rate: float, latency: int
) -> tuple[int, int, float]:
    """Bytes received, requests, and seconds until `usable` has seen what it waits for."""
    page = browser.new_context().new_page()
    network = page.context.new_cdp_session(page)
    received = [0, 0]
    lock = threading.Lock()

    def finished(event: dict[str, float]) -> None:
        with lock:
            received[0] += int(event["encodedDataLength"])
            received[1] += 1

    network.on("Network.loadingFinished", finished)
    network.send("Network.enable")
    network.send(
        "Network.emulateNetworkConditions",
        {"offline": False, "latency": latency, "downloadThroughput": rate, "uploadThroughput": rate},
    )
    started = time.monotonic()
    page.goto(address, wait_until="commit")
    usable(page)
    seconds = time.monotonic() - started
    page.wait_for_load_state("networkidle")
    page.context.close()
    return received[0], received[1], seconds


def _drawn(page: Page) -> None:
    page.locator("h1").wait_for()


def _bubble(page: Page) -> None:
    page.locator(".da-bubble").click()
    page.locator("textarea").fill("?")


def _framed(page: Page) -> None:
    page.frame_locator("iframe").locator("textarea").fill("?")


def _chat(page: Page) -> None:
    page.locator(".da-welcome").wait_for()
    page.locator("#da-box textarea").fill("?")


if __name__ == "__main__":
    main()
