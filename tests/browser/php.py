"""PHP's own server over a wiki's program, on this machine only and until it is left."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

_WORKERS = "3"


def free_address() -> str:
    """An address of this machine at which nothing answers yet."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


@contextmanager
def serving(
    program: Path, address: str, log: Path, *options: str, environment: Mapping[str, str] | None = None
) -> Iterator[None]:
    """PHP with these options answers at `address` with what lies in `program`; what it says goes into `log`."""
    place = urlsplit(address)
    command = ["php", *options, "-S", place.netloc, "-t", str(program)]
    with log.open("wb") as said:
        php = subprocess.Popen(
            command,
            stdout=said,
            stderr=said,
            env={**os.environ, **(environment or {}), "PHP_CLI_SERVER_WORKERS": _WORKERS},
            process_group=0,
        )
    try:
        _wait(place.port or 80, php, log)
        yield
    finally:
        os.killpg(php.pid, 15)  # its workers too
        php.wait(10)


def _wait(port: int, php: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(200):
        if php.poll() is not None:
            break
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise RuntimeError(f"PHP's server did not start: {log.read_text()}")
