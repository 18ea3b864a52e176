"""The commands in processes of their own: they contact nothing but this machine, and believe nobody on addresses."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from assistant.origins import in_address
from tests.conftest import ROOT, TRAM

# Runs in the server's process before anything else: refuses and writes down every connection and every name lookup
# that is not for this machine.
GUARD = """
import os, socket
LOCAL = ("127.0.0.1", "::1", "localhost", "0.0.0.0", "", None)
def refuse(what):
    with open(os.environ["OUTSIDE"], "a") as file:
        file.write(repr(what) + "\\n")
    raise OSError("refused: " + repr(what))
def guard(real):
    def connect(self, address):
        if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:
            refuse(address)
        return real(self, address)
    return connect
socket.socket.connect = guard(socket.socket.connect)
socket.socket.connect_ex = guard(socket.socket.connect_ex)
real_lookup = socket.getaddrinfo
def lookup(host, *rest, **more):
    name = host.decode() if isinstance(host, bytes) else host
    if name not in LOCAL:
        refuse(host)
    return real_lookup(host, *rest, **more)
socket.getaddrinfo = lookup
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


COMMAND = [sys.executable, "-m", "assistant"]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Processes with it are guarded, and have an index of their own, made by such a process."""
    place = tmp_path_factory.mktemp("process")
    (place / "docs").mkdir()
    (place / "docs" / "tram.md").write_text(TRAM)
    (place / "guard").mkdir()
    (place / "guard" / "sitecustomize.py").write_text(GUARD)
    made = {
        **os.environ,
        "PYTHONPATH": f"{place / 'guard'}{os.pathsep}{ROOT}",
        "OUTSIDE": str(place / "outside"),
        "ASSISTANT_DOCUMENTS": str(place / "docs"),
        "ASSISTANT_DATA": str(place / "data"),
        "ASSISTANT_LIMITS__QUESTIONS_OF_ADDRESS": "3",
    }
    made.pop("GRADIO_ANALYTICS_ENABLED", None)
    probe = [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80))"]
    assert subprocess.run(probe, env=made, capture_output=True).returncode == 1
    assert Path(made["OUTSIDE"]).read_text().strip(), "the guard does not guard"
    Path(made["OUTSIDE"]).unlink()
    subprocess.run([*COMMAND, "index"], env=made, check=True, cwd=place)
    return made


@pytest.fixture(scope="module", params=["127.0.0.1", "::1"])
def client(request: pytest.FixtureRequest, environment: dict[str, str]) -> Iterator[httpx.Client]:
    """A client of a server that listens on this address."""
    port = free_port()
    command = [*COMMAND, "serve", "--host", request.param, "--port", str(port)]
    place = Path(environment["OUTSIDE"]).parent
    with subprocess.Popen(command, env=environment, cwd=place) as server:
        try:
            with httpx.Client(base_url=f"http://{in_address(request.param)}:{port}", timeout=60) as client:
                wait_for(client)
                yield client
        finally:
            server.terminate()


def wait_for(client: httpx.Client) -> None:
    """Until the server is there."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if client.get("/health").status_code == 200:
                return
        time.sleep(0.2)
    raise AssertionError("the server did not come")


def test_it_answers_with_every_other_address_refused(client: httpx.Client, environment: dict[str, str]) -> None:
    asked = {"question": "How much did the repairs cost?"}
    answer = client.post("/api/ask", json=asked, headers={"accept": "application/json"}).json()
    assert "38.6 million crowns" in answer["text"]
    outside = Path(environment["OUTSIDE"])
    assert not outside.exists(), outside.read_text()


def test_it_believes_nobody_about_addresses(client: httpx.Client) -> None:
    forged = [{"x-forwarded-for": f"203.0.113.{n}", "forwarded": f"for=203.0.113.{n}"} for n in range(4)]
    found = [client.get("/api/search?q=dogs", headers=headers).status_code for headers in forged]
    assert found[0] == 200
    assert found[-1] == 429, "the fourth from one address"
    assert client.get("/health", headers={"host": "evil.example"}).status_code == 400
