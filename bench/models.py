"""What a language model costs beside its own time: our share of the time to the first word, and many streams at once.

The model is the tests' fake server in a process of its own, at a set pace; `assistant serve` runs in another.
Prints figures; asserts nothing. Run: python -m bench.models [streams at once[@tokens a second of each] ...]
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

import httpx

from assistant.assistant import Assistant
from assistant.settings import load
from assistant.types import Delta, Draft
from index.building import build
from index.encoder import Encoder
from tests.conftest import LEAVE, TRAM
from tests.model_server import ModelServer

_QUESTION = "Why was the harbour tram closed, asks reader {n}?"
_LOADS = "50@50", "200@5"
_SENTENCES = 12  # of an answer
_TOKENS = 190  # of so many sentences


@dataclass(frozen=True, slots=True)
class Seen:
    """One stream as its reader saw it: when it was `begun`, the seconds until the quotes, the first word and the end,
    and the `fault` if it failed."""

    begun: float
    quotes: float
    first: float
    end: float
    fault: str


def main() -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "docs").mkdir()
        (place / "docs" / "tram.md").write_text(TRAM)
        (place / "docs" / "leave.txt").write_text(LEAVE)
        settings = load({"documents": place / "docs", "data": place / "data"})
        build(settings, Encoder(settings.encoder))
        _own_share(place)
        for load_ in sys.argv[1:] or _LOADS:
            streams, _, pace = load_.partition("@")
            _many(place, int(streams), int(pace or 50))


def _own_share(place: Path) -> None:
    server = ModelServer()
    llm = {"base_url": server.address, "model": "m"}
    assistant = Assistant(
        load({"documents": place / "docs", "data": place / "data", "writer": "generative", "llm": llm})
    )
    shares = []
    for n in range(60):
        drafted = 0.0
        for event in assistant.stream(_QUESTION.format(n=n)):
            if isinstance(event, Draft):
                drafted = time.monotonic()
            elif isinstance(event, Delta):
                shares.append(time.monotonic() - drafted)
                break
    assistant.close()
    server.close()
    shares = sorted(1000 * share for share in shares[10:])
    middle, late = statistics.median(shares), shares[len(shares) * 95 // 100]
    print(
        "from the quotes to the first word, with a model that answers at once:"
        f" median {middle:.0f} ms, p95 {late:.0f} ms of {len(shares)}"
    )


def _many(place: Path, streams: int, pace: int) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = subprocess.Popen(
        [sys.executable, "-m", "tests.model_server", str(pace), str(_SENTENCES)], stdout=subprocess.PIPE, text=True
    )
    assert model.stdout
    address = model.stdout.readline().strip()
    variables = {
        "DOCUMENTS": place / "docs",
        "DATA": place / "data",
        "WRITER": "generative",
        "LLM__BASE_URL": address,
        "LLM__MODEL": "m",
        "LLM__ANSWERS_AT_ONCE": streams,
        "LIMITS__QUESTIONS_OF_ADDRESS": 100_000,
        "WATCH": "false",
    }
    environment = {**os.environ, **{f"ASSISTANT_{name}": str(value) for name, value in variables.items()}}
    command = [sys.executable, "-m", "assistant", "serve", "--port", str(port)]
    serving = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        seen = asyncio.run(_read_all(f"http://127.0.0.1:{port}", streams, _spread(pace)))
    finally:
        serving.send_signal(signal.SIGINT)
        serving.wait()
        model.kill()
        model.wait()
    faults = [one.fault for one in seen if one.fault]
    print(
        f"{streams} streams begun within {_spread(pace):.0f} s, {pace} tokens a second each: {len(faults)} errors,"
        f" {_at_once(seen)} open at once"
    )
    for fault in sorted(set(faults)):
        print(f"    {fault}")
    for name in ("quotes", "first", "end"):
        values = sorted(getattr(one, name) for one in seen if not one.fault)
        if values:
            late = values[len(values) * 95 // 100]
            print(f"    seconds to {name}: p50 {statistics.median(values):.2f}, p95 {late:.2f}, worst {values[-1]:.2f}")


def _spread(pace: int) -> float:
    """Seconds within which readers come: while the model writes half an answer, so that all are answered at once."""
    return _TOKENS / pace / 2


def _at_once(seen: list[Seen]) -> int:
    """The most streams that were open at the same time."""
    steps = sorted([(one.begun, 1) for one in seen] + [(one.begun + one.end, -1) for one in seen])
    return max(accumulate(step for _, step in steps))


async def _read_all(address: str, streams: int, spread: float) -> list[Seen]:
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=httpx.Limits(max_connections=None)) as client:
        for _ in range(600):
            try:
                await client.get("/ready")
                break
            except httpx.TransportError:
                await asyncio.sleep(0.1)
        await _read(client, -1, 0)
        return await asyncio.gather(*(_read(client, n, n * spread / streams) for n in range(streams)))


async def _read(client: httpx.AsyncClient, number: int, delay: float) -> Seen:
    await asyncio.sleep(delay)
    started = time.monotonic()
    times: dict[str, float] = {}
    name, fault = "", "the stream ended without an answer"
    try:
        async with client.stream("POST", "/api/ask", json={"question": _QUESTION.format(n=number)}) as response:
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ").strip()
                elif line.startswith("data: ") and name:
                    times.setdefault(name, time.monotonic() - started)
                    if name in ("answer", "error"):
                        told = json.loads(line.removeprefix("data: "))
                        fault = told.get("error") or told.get("fallback") or ""
                elif not line:
                    name = ""
    except httpx.HTTPError as error:
        fault = repr(error)
    return Seen(started, times.get("draft", 0), times.get("delta", 0), time.monotonic() - started, fault)


if __name__ == "__main__":
    main()
