"""gunicorn's gevent worker, which also ends what would not end by itself when it is asked to stop."""

import socket
from contextlib import suppress
from types import FrameType
from typing import Any

import gevent
from gunicorn.workers.ggevent import GeventWorker


class StreamingWorker(GeventWorker):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn waits for connections to end by themselves; an event stream never does, a kept connection late."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._idle: set[Any] = set()

    def handle(self, listener: Any, client: Any, addr: Any) -> None:
        """Serve a connection, request after request."""
        self._idle.add(client)
        try:
            super().handle(listener, client, addr)
        finally:
            self._idle.discard(client)

    def handle_request(self, listener_name: Any, req: Any, sock: Any, addr: Any) -> None:
        """Answer a request."""
        self._idle.discard(sock)
        try:
            super().handle_request(listener_name, req, sock, addr)
        finally:
            self._idle.add(sock)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Stop on SIGTERM: no new connections, no more events, what is being answered is answered."""
        super().handle_exit(sig, frame)
        gevent.spawn(self._hang_up)
        app = getattr(self, "wsgi", None)
        if app is None:  # asked to stop while the service was still being loaded
            return
        # Not through model_server.parts: gunicorn's parent loads this module before gevent has changed anything.
        gevent.spawn(app.extensions["model_server"].streams.close)

    def _hang_up(self) -> None:
        """End the connections nobody is being answered on; what has come in on one is still read."""
        for connection in [*self._idle]:
            with suppress(OSError):  # it may have been cut already
                connection.shutdown(socket.SHUT_RD)
