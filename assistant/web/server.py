"""Starting the server: the port first, then the index and the encoder, then the page."""

from __future__ import annotations

import contextlib
import os
import socket
import sys

from assistant.origins import in_address
from assistant.settings import Settings
from index.apart import stop_in_order
from index.errors import ServerError, UserError


def serve(settings: Settings) -> None:
    """Serve until interrupted. Raises ServerError for a busy port, IndexMissing or IndexDamaged for no index."""
    listening = _bind(settings.host, settings.port)
    print("Loading the encoder and the index.", file=sys.stderr, flush=True)
    # Gradio looks up its vendor at start unless told not to, and only the environment can tell it.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

    import uvicorn

    from assistant.assistant import Assistant
    from assistant.web.app import create_app
    from index.following import Follower

    assistant = Assistant(settings)
    try:
        assistant.warm()
    except UserError:
        listening.close()
        raise
    follower = Follower(settings, assistant.encoder.fingerprint, assistant.published)
    # Whom to believe about the address of who asks is decided in web/visitor.py; uvicorn would believe this machine.
    server = uvicorn.Server(
        uvicorn.Config(create_app(assistant, follower), log_level="warning", access_log=False, proxy_headers=False)
    )
    name = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(settings.host, settings.host)
    address = f"http://{in_address(name)}:{settings.port}"
    print(f"Ask your documents at {address}  (stop with Ctrl+C)", file=sys.stderr, flush=True)
    if settings.watch:
        follower.watch()
    # uvicorn hands a signal on when it has ended its own work; then ours is ended in order too.
    stop_in_order()
    with (
        contextlib.suppress(KeyboardInterrupt, SystemExit),
        contextlib.closing(assistant),
        contextlib.closing(follower),
    ):
        server.run(sockets=[listening])


def _bind(host: str, port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(128)
    except OSError as error:
        listening.close()
        raise ServerError(
            f"Port {port} on {host} cannot be used ({error.strerror}).",
            hint=f"Stop what runs there, or take another port: assistant serve --port {port % 65535 + 1}",
        ) from None
    return listening
