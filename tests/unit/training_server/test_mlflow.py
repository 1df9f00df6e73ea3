"""MLflow gets a run's figures from a server of our own that answers as it does; its troubles stay its own."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from training_server.errors import TrackerError
from training_server.mlflow import keep_in_mlflow
from training_server.report_format import Report

NOW = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "doodle_testing" / "report.json"
ROOT = "/api/2.0/mlflow"


@pytest.fixture
def report() -> Report:
    return Report.model_validate_json(SAMPLE.read_bytes())


class FakeMlflow(ThreadingHTTPServer):
    """Answers as MLflow does, and keeps what it was sent; may be told to misbehave."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.experiments: dict[str, str] = {}
        self.asked: list[tuple[str, Any]] = []
        self.behaviour = "well"
        self.stopped = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"

    def sent(self, path: str) -> list[Any]:
        """List the bodies sent to a path."""
        return [body for asked, body in self.asked if asked == ROOT + path]


class _Answers(BaseHTTPRequestHandler):
    server: FakeMlflow

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        name = self.path.partition("experiment_name=")[2].replace("%2F", "/")
        known = self.server.experiments.get(name)
        self._answer(200 if known else 404, {"experiment": {"experiment_id": known}} if known else {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.asked.append((self.path, body))
        if self.path.endswith("/experiments/create"):
            self.server.experiments[body["name"]] = "7"
            self._answer(200, {"experiment_id": "7"})
        else:
            self._answer(200, {"run": {"info": {"run_id": "abc"}}})

    def _answer(self, status: int, content: dict[str, Any]) -> None:
        if self.server.behaviour == "refuse":
            status, content = 500, {"error_code": "INTERNAL_ERROR"}
        text = b"<html>" if self.server.behaviour == "foreign" else json.dumps(content).encode()
        self.send_response(200 if self.server.behaviour == "foreign" else status)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.server.behaviour == "drip":
            while not self.server.stopped.wait(0.05):
                self.wfile.write(b" ")
                self.wfile.flush()
        self.wfile.write(text)


@pytest.fixture
def mlflow() -> Iterator[FakeMlflow]:
    """A server for one test."""
    with FakeMlflow() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield server
        server.stopped.set()
        server.shutdown()
        thread.join()


def test_a_run_arrives_whole(mlflow: FakeMlflow, report: Report) -> None:
    """Parameters, figures with their steps, and its end."""
    keep_in_mlflow(mlflow.url, report, NOW)

    (created,) = mlflow.sent("/runs/create")
    now_ms = round(NOW.timestamp() * 1000)
    assert (created["experiment_id"], created["run_name"]) == ("7", str(report.run)[:8])
    assert created["start_time"] == now_ms - 1550
    batches = mlflow.sent("/runs/log-batch")
    assert {batch["run_id"] for batch in batches} == {"abc"}
    parameters = {each["key"]: each["value"] for batch in batches for each in batch.get("params", [])}
    assert (parameters["batch_size"], parameters["network"]) == ("64", "mlp")
    metrics = {(each["key"], each["step"]): each["value"] for batch in batches for each in batch.get("metrics", [])}
    assert metrics["loss/training", 2] == 0.5
    assert metrics["recent_candidate/accuracy", 3] == report.holdouts[0].candidate.accuracy
    assert mlflow.sent("/runs/update") == [{"run_id": "abc", "status": "FINISHED", "end_time": now_ms}]


def test_an_experiment_is_made_once(mlflow: FakeMlflow, report: Report) -> None:
    """The second run finds it."""
    for _ in range(2):
        keep_in_mlflow(mlflow.url, report, NOW)

    assert mlflow.sent("/experiments/create") == [{"name": "doodle-loop/cat-dog-mouse"}]
    assert len(mlflow.sent("/runs/create")) == 2


def test_what_is_too_much_at_once_comes_in_parts(
    mlflow: FakeMlflow, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MLflow takes a bounded number in a request; nothing is lost by that."""
    monkeypatch.setattr("training_server.mlflow.MAX_METRICS", 10)
    monkeypatch.setattr("training_server.mlflow.MAX_PARAMETERS", 10)

    keep_in_mlflow(mlflow.url, report, NOW)

    sizes = [len(batch.get("metrics", batch.get("params"))) for batch in mlflow.sent("/runs/log-batch")]
    assert len(sizes) > 3
    assert max(sizes) == 10


@pytest.mark.parametrize(
    ("behaviour", "words"),
    [("refuse", "MLflow refused .*: 500"), ("foreign", "no MLflow"), ("drip", "within 0.3 s")],
)
def test_an_mlflow_in_trouble_is_an_error_in_time(
    mlflow: FakeMlflow, report: Report, behaviour: str, words: str
) -> None:
    """Refusing, not MLflow at all, or a byte at a time: the worker goes on."""
    mlflow.behaviour = behaviour
    began = time.monotonic()

    with pytest.raises(TrackerError, match=words):
        keep_in_mlflow(mlflow.url, report, NOW, patience_seconds=0.3)

    assert time.monotonic() - began < 2


def test_nobody_answers(report: Report) -> None:
    """The error names the host, never the password."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        url = f"http://ada:secret@127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(TrackerError, match="could not be reached") as failed:
            keep_in_mlflow(url, report, NOW)

    assert "secret" not in str(failed.value)
