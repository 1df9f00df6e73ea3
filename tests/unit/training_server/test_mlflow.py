"""MLflow gets a run's report from us; a server of our own answers as it does, and its troubles stay its own."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from training_server.errors import TrackerError
from training_server.mlflow import keep_in_mlflow, log
from training_server.pictures import list_pictures
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
        self.files: dict[str, bytes] = {}
        self.keeps_files_at = "mlflow-artifacts:/7/abc/artifacts"
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
            self._answer(200, {"run": {"info": {"run_id": "abc", "artifact_uri": self.server.keeps_files_at}}})

    def do_PUT(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        if self.server.behaviour == "no room":
            return self._answer(507, {})
        self.server.files[unquote(self.path).removeprefix("/api/2.0/mlflow-artifacts/artifacts/")] = content
        return self._answer(200, {})

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


def test_its_files_arrive_where_mlflow_shows_them(mlflow: FakeMlflow, report: Report) -> None:
    """The report as it is, and every picture of it, under names that every file system takes."""
    keep_in_mlflow(mlflow.url, report, NOW)

    files = {path.removeprefix("7/abc/artifacts/"): content for path, content in mlflow.files.items()}
    assert Report.model_validate_json(files.pop("report.json")) == report
    assert len(files) == len(list_pictures(report))
    assert all(re.fullmatch(r"pictures/[a-z_]+/[\w.-]+\.png", path) for path in files)
    assert all(content.startswith(b"\x89PNG") for content in files.values())
    (mistake, *_) = report.holdouts[0].mistakes
    assert f"pictures/recent_mistakes/01_{mistake.label}_taken_for_{mistake.guess}.png" in files


@pytest.mark.parametrize("place", ["s3://bucket/7/abc/artifacts", "mlflow-artifacts://elsewhere/7/abc", "/srv/mlruns"])
def test_an_mlflow_that_takes_no_files_is_named_in_the_log(
    mlflow: FakeMlflow, report: Report, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The figures are there all the same, and the line says what to change."""
    mlflow.keeps_files_at = place

    keep_in_mlflow(mlflow.url, report, NOW)

    assert mlflow.files == {}
    assert mlflow.sent("/runs/update")
    assert [record.message for record in caplog.records if record.name == log.name] == ["mlflow_takes_no_files"]


def test_files_without_room_leave_the_figures(mlflow: FakeMlflow, report: Report) -> None:
    """What breaks while files are sent comes after the run's end."""
    mlflow.behaviour = "no room"

    with pytest.raises(TrackerError, match=r"report\.json: 507"):
        keep_in_mlflow(mlflow.url, report, NOW)

    assert [update["status"] for update in mlflow.sent("/runs/update")] == ["FINISHED"]


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
    ("behaviour", "patience_seconds", "words"),
    [("refuse", 60, "MLflow refused .*: 500"), ("foreign", 60, "no MLflow"), ("drip", 0.3, "within 0.3 s")],
)
def test_an_mlflow_in_trouble_is_an_error_in_time(
    mlflow: FakeMlflow, report: Report, behaviour: str, patience_seconds: float, words: str
) -> None:
    """Refusing, not MLflow at all, or a byte at a time: the worker goes on."""
    mlflow.behaviour = behaviour
    with pytest.raises(TrackerError, match=words):
        keep_in_mlflow(mlflow.url, report, NOW, patience_seconds)


def test_nobody_answers(report: Report) -> None:
    """The error names the host, never the password."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # nobody listens there
        url = f"http://ada:secret@127.0.0.1:{taken.getsockname()[1]}"

        with pytest.raises(TrackerError, match="could not be reached") as failed:
            keep_in_mlflow(url, report, NOW)

    assert "secret" not in str(failed.value)
