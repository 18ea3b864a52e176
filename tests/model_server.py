"""A small server of a language model with a memory, OpenAI-compatible or like Ollama, which can be told to misbehave.

As a program it prints its address: python -m tests.model_server [tokens a second] [sentences]
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Write = Callable[["Exchange"], None]


class ModelServer:
    """`asked` are the bodies of the requests so far, `left` counts those who went before they had all.

    `reply` is the text of the next answers, or what makes it of a request; `misbehave` takes the place of an ordinary
    answer, `times` is how often, after which answers are ordinary again.
    """

    def __init__(self, port: int = 0) -> None:
        self.asked: list[dict[str, Any]] = []
        self.left = 0
        self.pause = 0.0  # seconds between two tokens
        self.first_pause = 0.0
        self.reply: str | Callable[[dict[str, Any]], str] = quoting
        self._misbehave: Write | None = None
        self._times = 0
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 0
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                body["authorization"] = self.headers.get("authorization")
                outer.asked.append(body)
                exchange = Exchange(self, body, outer)
                try:
                    outer._answer(exchange)
                except OSError:
                    outer.left += 1
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            request_queue_size = 512

        self._server = Server(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/v1"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def misbehave(self, write: Write, times: int = 1_000_000) -> None:
        """Answer the next so many requests by `write`."""
        self._misbehave, self._times = write, times

    def close(self) -> None:
        """Stop listening."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _answer(self, exchange: Exchange) -> None:
        if self._misbehave and self._times:
            self._times -= 1
            self._misbehave(exchange)
        else:
            exchange.ordinary()


class Exchange:
    """One request and what is written back. Raises OSError when who asked has gone."""

    def __init__(self, handler: BaseHTTPRequestHandler, body: dict[str, Any], server: ModelServer) -> None:
        self.body, self.server = body, server
        self.is_ollama = handler.path == "/api/chat"
        self._handler = handler

    def status(self, code: int, body: bytes = b"", **headers: str) -> None:
        """A whole response that is no stream."""
        self._handler.send_response(code)
        told = {"content_type": "application/json", "content_length": str(len(body)), **headers}
        for name, value in told.items():
            self._handler.send_header(name.replace("_", "-"), value)
        self._handler.end_headers()
        self._handler.wfile.write(body)

    def begin(self) -> None:
        """The head of a stream, which ends with the connection."""
        self._handler.send_response(200)
        self._handler.send_header("content-type", "text/event-stream; charset=utf-8")
        self._handler.send_header("connection", "close")
        self._handler.end_headers()
        self._handler.close_connection = True

    def raw(self, data: bytes) -> None:
        """Any bytes."""
        self._handler.wfile.write(data)

    def chunk(self, delta: dict[str, Any], finish: str | None = None, **more: Any) -> None:
        """One chunk of a stream."""
        if self.is_ollama:
            message = {"role": "assistant", "content": "", **delta}
            counts = {"done_reason": finish, "prompt_eval_count": 123, "eval_count": 45} if finish else {}
            self.raw(json.dumps({"model": "m", "message": message, "done": bool(finish), **counts}).encode() + b"\n")
            return
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        data = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [choice], **more}
        self.raw(f"data: {json.dumps(data)}\n\n".encode())

    def words(self, text: str) -> None:
        """Text as one chunk a token, at the server's pace."""
        for token in re.findall(r"\s*\w{1,4}|\s*\W", text):
            self.chunk({"content": token})
            time.sleep(self.server.pause)

    def finish(self, reason: str = "stop") -> None:
        """The end of a stream, with what it cost."""
        self.chunk({}, reason)
        if self.is_ollama:
            return
        usage = {"prompt_tokens": 123, "completion_tokens": 45, "total_tokens": 168}
        last = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", "choices": [], "usage": usage}
        self.raw(f"data: {json.dumps(last)}\n\n".encode())
        self.raw(b"data: [DONE]\n\n")

    def ordinary(self) -> None:
        """An answer as it should be."""
        reply = self.server.reply
        text = reply if isinstance(reply, str) else reply(self.body)
        time.sleep(self.server.first_pause)
        self.begin()
        self.chunk({"role": "assistant", "content": ""})
        self.words(text)
        self.finish()

    def vanish(self) -> None:
        """Close the connection at once."""
        self._handler.close_connection = True
        self._handler.connection.close()


def passages_of(body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """The id and the text of each passage in a prompt."""
    key = re.search(r"begins with a line of (\w+)", body["messages"][0]["content"])
    if key:
        for found in re.finditer(
            rf"{key[1]} (\w+) [^\n]*\n(.*?)\n{key[1]}", body["messages"][-1]["content"], re.DOTALL
        ):
            yield found[1], found[2]


def quoting(body: dict[str, Any]) -> str:
    """The first sentence of the first passage, with its id; a question asked again for a rewriting stays as it is."""
    for name, text in passages_of(body):
        sentence = re.split(r"(?<=[.!?])\s", text.strip().splitlines()[-1])[0]
        return f"{sentence} [{name}]"
    return str(body["messages"][-1]["content"]).rpartition("Last question: ")[2]


def sentences(body: dict[str, Any]) -> Iterator[str]:
    """Each sentence of the passages, with its id."""
    for name, text in passages_of(body):
        for sentence in re.findall(r"[A-Z][^.\n]*\.", text):
            yield f"{sentence} [{name}]"


if __name__ == "__main__":
    server = ModelServer()
    server.pause = 1 / float(sys.argv[1]) if sys.argv[1:] else 0.0
    most = int(sys.argv[2] if sys.argv[2:] else 1)
    server.reply = lambda body: " ".join(list(sentences(body))[:most])
    print(server.address, flush=True)
    threading.Event().wait()
