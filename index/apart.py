"""A function in a fresh process: one JSON task in, JSON lines out.

Fresh processes build and check: what they hold ends with them, and what kills them harms nobody else. The child's
standard input stays open as long as its parent lives; when it ends, the child is asked to stop.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import IO, Any, Self

Json = dict[str, Any]

_PATIENCE = 10.0  # seconds for a process to end in order


class Child:
    """`main(task)` of `module` in a fresh process; ended with the `with` block."""

    def __init__(self, module: str, task: Json) -> None:
        command = [sys.executable, "-P", "-c", f"from index.apart import run; from {module} import main; run(main)"]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1)
        with contextlib.suppress(BrokenPipeError):  # it ended at once; its exit code will say so
            self._input.write(json.dumps(task) + "\n")
            self._input.flush()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()
        self._process.stdout.close()  # type: ignore[union-attr]
        with contextlib.suppress(BrokenPipeError):
            self._input.close()

    def lines(self, deadline: float | None = None) -> Iterator[Json]:
        """What it says, until it ends. After `deadline` seconds it is ended, and TimeoutError raised."""
        late = threading.Event()

        def end() -> None:
            late.set()
            self._process.kill()

        timer = threading.Timer(deadline, end) if deadline else None
        if timer:
            timer.start()
        try:
            for line in self._process.stdout or ():
                yield json.loads(line)
        finally:
            if timer:
                timer.cancel()
        if late.is_set():
            raise TimeoutError

    def wait(self) -> str:
        """Wait until it has ended; how it did, in words."""
        code = self._process.wait()
        return f"it was ended by {signal.Signals(-code).name}" if code < 0 else f"it ended with code {code}"

    def stop(self) -> None:
        """End it: in order, and if that takes too long, at once. From any thread."""
        self._process.terminate()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def process_id(self) -> int:
        """Its process."""
        return self._process.pid

    @property
    def _input(self) -> IO[str]:
        assert self._process.stdin
        return self._process.stdin


def run(main: Callable[[Json], None]) -> None:
    """The child: call `main` with the task and end. SIGTERM ends it in order before, and so does the parent's end."""
    stop_in_order()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is the parent's to handle
    task: Json = json.loads(sys.stdin.readline())
    threading.Thread(target=_watch_parent, daemon=True).start()
    code = 1
    try:
        main(task)
        code = 0
    except SystemExit as stopped:
        code = stopped.code if isinstance(stopped.code, int) else 1
    except BrokenPipeError:
        pass  # the parent is gone
    except BaseException:
        traceback.print_exc()
    finally:
        with contextlib.suppress(BrokenPipeError):
            sys.stdout.flush()
        os._exit(code)  # at once: what is open by now needs no order, and a late SIGTERM finds nobody


def write_line(line: Json) -> None:
    """In the child: tell the parent something."""
    print(json.dumps(line, ensure_ascii=False), flush=True)


def stop_in_order() -> None:
    """Let SIGTERM end this process as an exception does, so that what is open is closed and removed."""
    signal.signal(signal.SIGTERM, _stop)


def _stop(*_: object) -> None:
    sys.exit(128 + signal.SIGTERM)


def _watch_parent() -> None:
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
