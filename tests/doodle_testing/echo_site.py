"""nginx, for real, in front of services that answer with what arrived: for tests of its configuration."""

import http.client
import json
import random
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from doodle_cli.config import FrontSettings
from doodle_cli.nginx import NginxAddresses, nginx_command, write_configuration
from doodle_cli.postgres import free_port
from doodle_cli.programs import find_nginx

TEMPLATES = Path(__file__).parents[2] / "nginx"
TEMPLATE = TEMPLATES / "doodle.conf.template"
GENEROUS = FrontSettings(writes_per_second=1000, writes_burst=1000)
VERSION = "0123456789ab"


class EchoHandler(BaseHTTPRequestHandler):
    """Answers with what arrived, and who it arrived at; of versions it has no files."""

    protocol_version = "HTTP/1.1"
    server: "EchoServer"

    def do_GET(self) -> None:
        if self.path == "/api/v1/events":
            self._stream()
            return
        self.server.seen.append(self.requestline)
        length = int(self.headers.get("Content-Length") or 0)
        self.rfile.read(length)
        if "held" in self.path:
            self.server.may_answer.wait(20)
        body = json.dumps(
            {
                "service": self.server.server_name,
                "method": self.command,
                "path": self.path,
                "length": length,
                "headers": {name.lower(): value for name, value in self.headers.items()},
                "peer": list(self.client_address),
                "padding": "x" * (20_000_000 if "large" in self.path else 2000),
            }
        ).encode()
        self.send_response(503 if "busy" in self.path else 404 if self.path.startswith("/models/") else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        if "busy" in self.path:
            self.send_header("Retry-After", "77")
        if "private" in self.path:
            self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # http.server finds them by these names

    def _stream(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(b"data: first\n\n")
        self.wfile.flush()
        self.server.stream_may_end.wait(20)

    def log_message(self, format: str, *args: object) -> None:
        pass


class EchoServer(ThreadingHTTPServer):
    """A service that stands in for a real one; `seen` holds the request lines that reached it."""

    daemon_threads = True

    def __init__(self, name: str) -> None:
        super().__init__(("127.0.0.1", 0), EchoHandler)
        self.server_name = name
        self.stream_may_end = threading.Event()
        self.may_answer = threading.Event()
        self.seen: list[str] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    def stop(self) -> None:
        self.stream_may_end.set()
        self.may_answer.set()
        self.shutdown()
        self.server_close()


@dataclass(frozen=True)
class Site:
    """A running nginx."""

    url: str
    folder: Path
    tls_port: int
    inner_port: int
    model_server: EchoServer

    @property
    def port(self) -> int:
        """Of plain HTTP."""
        return int(self.url.rpartition(":")[2])

    @property
    def log(self) -> str:
        """All that nginx has said so far."""
        return (self.folder / "nginx.log").read_text()

    def get_raw(self, target: str) -> tuple[int, bytes]:
        """Send a request target as it is: clients tidy paths up, attackers do not."""
        connection = http.client.HTTPConnection(self.url.removeprefix("http://"), timeout=10)
        connection.putrequest("GET", target, skip_accept_encoding=True)
        connection.endheaders()
        response = connection.getresponse()
        answer = response.status, response.read()
        connection.close()
        return answer


def make_files(folder: Path) -> None:
    """Write pages, and a version with its files."""
    pages, version = folder / "dist", folder / "artifacts" / "versions" / VERSION
    (pages / "assets").mkdir(parents=True)
    version.mkdir(parents=True)
    (pages / "index.html").write_text("<h1>draw</h1>" + " " * 2000)
    (pages / "console.html").write_text("<h1>console</h1>")
    (pages / "sw.js").write_text("/* keeps the page */")
    (pages / "sw_off.js").write_text("/* removes it */")
    (pages / "manifest.webmanifest").write_text("{}")
    (pages / "assets" / "main-a1b2c3.js").write_text("1;" * 2000)
    (pages / "assets" / "kernels-a1b2c3.wasm").write_bytes(b"\0asm" * 1000)
    (version / "model.json").write_text(json.dumps({"padding": "x" * 2000}))
    (version / "weights.bin").write_bytes(random.Random(1).randbytes(5000))
    (version / "weights.bin.77.part").write_bytes(b"half")
    (version / ".hidden").write_text("secret")
    (folder / "artifacts" / "secret").write_text("secret")
    (folder / "secret").write_text("secret")


def run_nginx(folder: Path, addresses: NginxAddresses, front: FrontSettings) -> subprocess.Popen[bytes]:
    """Start nginx and wait until it answers."""
    write_configuration(folder / "nginx", TEMPLATES, find_nginx(), addresses, front)
    command = nginx_command(find_nginx(), folder / "nginx")
    with (folder / "nginx.log").open("ab") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    host, port = addresses.listen.split(":")
    for _ in range(200):
        with socket.socket() as probe:
            if probe.connect_ex((host, int(port))) == 0:
                return process
        assert process.poll() is None, (folder / "nginx.log").read_text()
        time.sleep(0.02)
    raise AssertionError((folder / "nginx.log").read_text())


@contextmanager
def running_site(folder: Path, front: FrontSettings = GENEROUS, *, with_training_server: bool = True) -> Iterator[Site]:
    """
    Run nginx, with files of its own, until the block ends.

    Args:
        folder: an empty one.
        front: what its user has set.
        with_training_server: otherwise nobody listens where that should be.
    """
    make_files(folder)
    model_server, training_server = EchoServer("model_server"), EchoServer("training_server")
    training_address = training_server.address if with_training_server else f"127.0.0.1:{free_port()}"
    listen, inner_port = f"127.0.0.1:{free_port()}", free_port()
    tls_port = front.tls.port if front.tls else 0
    addresses = NginxAddresses(
        listen,
        model_server.address,
        training_address,
        folder / "dist",
        folder / "artifacts",
        tls_listen=f"127.0.0.1:{tls_port}",
        inner_listen=f"127.0.0.1:{inner_port}",
    )
    process = run_nginx(folder, addresses, front)
    try:
        yield Site(f"http://{listen}", folder, tls_port, inner_port, model_server)
    finally:
        process.terminate()
        process.wait(timeout=10)
        for server in (model_server, training_server):
            server.stop()
