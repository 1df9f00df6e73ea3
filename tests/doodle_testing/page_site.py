"""The built pages behind the real nginx, and a service without a database: for how the draw page feels."""

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from queue import Queue
from typing import Any

from doodle_cli.nginx import NginxAddresses
from doodle_cli.postgres import free_port
from doodle_testing.echo_site import GENEROUS, run_nginx
from doodle_testing.missing import skip_or_fail

PAGES = Path(__file__).parents[2] / "frontend" / "dist"
MODELS = Path(__file__).parents[2] / "models" / "animals"
GOODBYE = ""
"""Ends a stream of events."""


class PageHandler(BaseHTTPRequestHandler):
    """Answers what the draw page asks."""

    protocol_version = "HTTP/1.1"
    server: "PageService"

    def do_GET(self) -> None:
        if self.path == "/api/v1/events":
            self._stream()
        elif self.path == "/api/v1/models/live":
            self._answer_live()
        elif self.path == "/api/v1/labels":
            self._answer(200, {"labels": self.server.live["manifest"]["labels"]})
        elif self.path.startswith("/api/v1/labels/"):
            bitmap = self.server.live["manifest"]["self_check"]["bitmap"]
            self._answer(200, {"drawings": [{"bitmap": bitmap, "strokes": None}] * 12})
        else:
            self._answer(404, {"status": 404, "title": "Not found", "detail": f"no {self.path} here"})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)))
        self.server.stored.append(body)
        self.server.may_answer.wait()
        self._answer(201, {"id": body["id"], "outcome": "stored"})

    def _answer_live(self) -> None:
        live = self.server.live
        etag = f'"{live["deployment"]}"'
        if self.headers.get("If-None-Match") == etag:
            self._answer(304, None, etag)
        else:
            self._answer(200, live, etag)

    def _answer(self, status: int, body: object, etag: str = "") -> None:
        content = b"" if body is None else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        if etag:
            self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(content)

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        events = self.server.listen()
        while (event := events.get()) != GOODBYE:
            try:
                self.wfile.write(event.encode())
                self.wfile.flush()
            except OSError:
                return

    def log_message(self, format: str, *args: object) -> None:
        pass


class PageService(ThreadingHTTPServer):
    """
    Stands in for model_server: one version is live, and what is stored is kept in a list.

    Attributes:
        live: what `GET /api/v1/models/live` answers.
        stored: bodies of `POST /api/v1/doodles`.
        may_answer: set; while it is not, what is sent arrives and is not answered.
    """

    daemon_threads = True

    def __init__(self, manifest: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), PageHandler)
        self.stored: list[dict[str, Any]] = []
        self.may_answer = threading.Event()
        self.may_answer.set()
        self._streams: list[Queue[str]] = []
        self._lock = threading.Lock()
        self.live = _describe(manifest, 1)
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def listen(self) -> "Queue[str]":
        """Open a stream; its first event says what is live."""
        events: Queue[str] = Queue()
        with self._lock:
            self._streams.append(events)
            events.put(self._event())
        return events

    def deploy(self, manifest: dict[str, Any]) -> None:
        """Make a version live, and say so in every stream."""
        with self._lock:
            self.live = _describe(manifest, self.live["deployment"] + 1)
            for events in self._streams:
                events.put(self._event())

    def stop(self) -> None:
        for events in self._streams:
            events.put(GOODBYE)
        self.may_answer.set()
        self.shutdown()
        self.server_close()

    def _event(self) -> str:
        deployment = self.live["deployment"]
        data = json.dumps({"deployment": deployment, "version": self.live["version"]})
        return f"event: deployment\nid: {deployment}\ndata: {data}\n\n"


def _describe(manifest: dict[str, Any], deployment: int) -> dict[str, Any]:
    version = manifest["version"]
    base_url = f"/models/{version}/"
    return {"deployment": deployment, "version": version, "base_url": base_url, "manifest": manifest}


@dataclass(frozen=True)
class PageSite:
    """The pages, to be opened at `url`; more versions under other names can be deployed."""

    url: str
    folder: Path
    service: PageService
    manifest: dict[str, Any]

    def deploy_copy(self, number: int) -> str:
        """Make a copy of the shipped version live, under a name of its own; give the name."""
        version = f"{number:012x}"
        _copy_version(self.folder, MODELS / self.manifest["version"], version)
        self.service.deploy({**self.manifest, "version": version})
        return version


def _copy_version(folder: Path, source: Path, version: str) -> None:
    shutil.copytree(source, folder / "artifacts" / "versions" / version, dirs_exist_ok=True)


@contextmanager
def running_page_site(folder: Path, pages: Path = PAGES) -> Iterator[PageSite]:
    """
    Serve the built pages until the block ends.

    Args:
        folder: an empty one.
        pages: what `make frontend` built.
    """
    if not (pages / "index.html").exists():
        skip_or_fail("needs the built pages: make frontend")
    (source,) = (path.parent for path in MODELS.glob("*/manifest.json"))
    manifest = json.loads((source / "manifest.json").read_text())
    _copy_version(folder, source, manifest["version"])
    service = PageService(manifest)
    listen = f"127.0.0.1:{free_port()}"
    address = f"127.0.0.1:{service.server_port}"
    process = run_nginx(folder, NginxAddresses(listen, address, address, pages, folder / "artifacts"), GENEROUS)
    try:
        yield PageSite(f"http://{listen}", folder, service, manifest)
    finally:
        _stop(process)
        service.stop()


def _stop(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    process.wait(timeout=10)
