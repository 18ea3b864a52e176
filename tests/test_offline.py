"""Nothing but this machine is contacted: every other address is refused, and none is asked for."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from tests.conftest import TRAM

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


def test_the_server_answers_with_every_other_address_refused(place: Path) -> None:
    (place / "docs" / "tram.md").write_text(TRAM)
    (place / "guard").mkdir()
    (place / "guard" / "sitecustomize.py").write_text(GUARD)
    outside = place / "outside"
    environment = {
        **os.environ,
        "PYTHONPATH": str(place / "guard"),
        "OUTSIDE": str(outside),
        "ASSISTANT_DOCUMENTS": str(place / "docs"),
        "ASSISTANT_DATA": str(place / "data"),
    }
    environment.pop("GRADIO_ANALYTICS_ENABLED", None)
    command = [sys.executable, "-m", "assistant.cli"]
    probe = [sys.executable, "-c", "import socket; socket.create_connection(('192.0.2.1', 80))"]
    assert subprocess.run(probe, env=environment, capture_output=True).returncode == 1
    assert outside.read_text().strip(), "the guard does not guard"
    outside.unlink()
    subprocess.run([*command, "index"], env=environment, check=True, cwd=place)
    port = free_port()
    server = subprocess.Popen([*command, "serve", "--port", str(port)], env=environment, cwd=place)
    try:
        answer = ask(f"http://127.0.0.1:{port}/api/ask", deadline=time.monotonic() + 60)
    finally:
        server.terminate()
        server.wait()
    assert "38.6 million crowns" in answer["text"]
    assert not outside.exists(), outside.read_text()


def ask(url: str, deadline: float) -> dict[str, str]:
    body = json.dumps({"question": "How much did the repairs cost?"}).encode()
    request = urllib.request.Request(url, body, {"content-type": "application/json", "accept": "application/json"})
    while True:
        try:
            with urllib.request.urlopen(request, timeout=20) as response:
                answer: dict[str, str] = json.load(response)
                return answer
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
