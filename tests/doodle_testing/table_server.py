"""A server that answers the commands from a table."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from click.testing import CliRunner, Result

from doodle_cli.main import cli


class TableServer(ThreadingHTTPServer):
    """Answers each route with the next of its answers, the last one again and again; keeps what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), TableHandler)
        self.answers: dict[str, list[tuple[int, Any]]] = {}
        self.asked: list[tuple[str, Any, str | None]] = []
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    def answer(self, route: str, *answers: Any, status: int = 200) -> None:
        self.answers[route] = [(status, answer) for answer in answers]

    def run(self, *arguments: str) -> Result:
        """Type a command."""
        environment = {"DOODLE_TOKEN": "t0ken", "DOODLE_URL": f"http://127.0.0.1:{self.server_port}"}
        return CliRunner().invoke(cli, arguments, env=environment)


class TableHandler(BaseHTTPRequestHandler):
    """Looks the answer up."""

    server: TableServer

    def do_GET(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body: Any = self.rfile.read(length) or None
        if body and self.headers.get_content_type() == "application/json":
            body = json.loads(body)
        route = f"{self.command} {self.path}"
        self.server.asked.append((route, body, self.headers.get("Authorization")))
        answers = self.server.answers.get(route, [(404, {"detail": "There is nothing here."})])
        status, content = answers.pop(0) if len(answers) > 1 else answers[0]
        self.send_response(status)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815  # http.server finds them by these names

    def log_message(self, format: str, *args: object) -> None:
        pass
