"""A server of one file on loopback that misbehaves as told: cuts connections, ignores ranges, changes the file."""

import base64
import hashlib
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class FileServer:
    """
    What is served, and how.

    Attributes:
        content: of every file.
        etag: of it; None: none is given.
        headers: given besides.
        plan: how to answer the next requests: a status of an error, `cut <bytes>`, `whole` (ignores a range), `shift`
            (a range from elsewhere), `endless` (no length), anything else and then: as it should be.
        asked: path and range of every request.
        url: where it listens.
    """

    content: bytes
    etag: str | None = '"one"'
    headers: dict[str, str] = field(default_factory=dict)
    plan: list[str] = field(default_factory=list)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    url: str = ""

    def tell_hash(self) -> None:
        """Give the content's MD5 as Google's storage gives it."""
        digest = base64.b64encode(hashlib.md5(self.content, usedforsecurity=False).digest()).decode()
        self.headers["x-goog-hash"] = f"crc32c=AAAAAA==, md5={digest}"


class _QuietServer(ThreadingHTTPServer):
    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is no news."""


@contextmanager
def serving(content: bytes) -> Iterator[FileServer]:
    """Serve a content under every path until the block ends."""
    state = FileServer(content)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            wanted = self.headers.get("Range")
            state.asked.append((self.path, wanted))
            answer(self, state, state.plan.pop(0) if state.plan else "well", wanted)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = _QuietServer(("127.0.0.1", 0), Handler)
    state.url = f"http://127.0.0.1:{server.server_address[1]}/folder"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def answer(handler: BaseHTTPRequestHandler, state: FileServer, how: str, wanted: str | None) -> None:
    """Answer one request as planned."""
    if how.isdigit():
        handler.send_error(int(how))
        return
    start = int(re.findall(r"\d+", wanted)[0]) if wanted else 0
    is_part = wanted and how != "whole" and handler.headers.get("If-Range") == state.etag
    start = start if is_part else 0
    first = start + (how == "shift")
    handler.send_response(206 if is_part else 200)
    if is_part:
        handler.send_header("Content-Range", f"bytes {first}-{len(state.content) - 1}/{len(state.content)}")
    if how != "endless":
        handler.send_header("Content-Length", str(len(state.content) - start))
    for name, value in {**state.headers, **({"ETag": state.etag} if state.etag else {})}.items():
        handler.send_header(name, value)
    handler.end_headers()
    num_sent = int(how.split()[1]) if how.startswith("cut") else len(state.content)
    handler.wfile.write(state.content[start : start + num_sent])
