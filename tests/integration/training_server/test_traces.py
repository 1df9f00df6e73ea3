"""One trace from the request that stored the doodle to the run it started, and none where nobody collects them."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import Engine

from doodle_cli.postgres import free_port
from doodle_testing.builders import doodle, ids_of_split
from doodle_testing.model_server import running_server
from doodle_testing.trace_receiver import TraceReceiver, receiving_traces
from doodle_testing.training_server import make_live, running_worker, wait_until
from doodle_testing.wire import as_batches
from doodle_web.settings import SettingsReader
from doodle_web.tracing import NO_TRACING, make_tracing, read_endpoint

NUM_DOODLES = 5
REQUEST_ID = "an-id-as-nginx-gives-it"


@contextmanager
def running_training_server(database_url: str, log: Path, environment: dict[str, str]) -> Iterator[str]:
    """Run gunicorn with the service until the block ends; gives its address."""
    bind = f"127.0.0.1:{free_port()}"
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:training_server.gunicorn_conf",
        "training_server.wsgi:app",
    ]
    told = {"DATABASE_URL": database_url, "ARTIFACT_URL": str(log.parent), "BIND": bind, **environment}
    with log.open("wb") as lines:
        process = subprocess.Popen(command, stderr=lines, env={**os.environ, **told})
    try:
        wait_until(lambda: answers(f"http://{bind}/readyz"), "training_server")
        yield f"http://{bind}"
    finally:
        process.terminate()
        process.wait(timeout=30)


def answers(url: str) -> bool:
    try:
        return httpx.get(url, timeout=5, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False


@pytest.fixture
def receiver() -> Iterator[TraceReceiver]:
    with receiving_traces() as running:
        yield running


def test_a_trace_leads_from_the_request_to_the_run(
    queue_url: str, queue_engine: Engine, receiver: TraceReceiver, tmp_path: Path
) -> None:
    """Each part's span hangs on the span of the part that caused it, and bears the request's id."""
    make_live(queue_engine)
    told = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": receiver.url,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
        "DELTA_MIN_DOODLES": str(NUM_DOODLES),
    }
    (body,) = as_batches([doodle(each) for each in ids_of_split("train", NUM_DOODLES)])
    with (
        running_training_server(queue_url, tmp_path / "training_server.log", told) as url,
        running_server(queue_url, tmp_path / "model_server.log", TRAINING_SERVER_URL=url, **told) as server,
    ):
        answer = httpx.post(
            f"{server.url}/api/v1/doodles", json=body, headers={"X-Request-Id": REQUEST_ID}, trust_env=False
        )
        assert answer.status_code == 201
        wait_until(lambda: receiver.find("training_server", "POST /internal/trigger"), "the trigger's span")
        with running_worker(queue_url, tmp_path / "worker.log", **told):
            wait_until(lambda: receiver.find("worker", "run"), "the run's span")

    (stored,) = receiver.find("model_server", "POST /api/v1/doodles")
    (written,) = receiver.find("model_server", "store doodles")
    (asked,) = receiver.find("model_server", "ask for training")
    (triggered,) = receiver.find("training_server", "POST /internal/trigger")
    (run,) = receiver.find("worker", "run")
    assert [written.parent, asked.parent, triggered.parent, run.parent] == [
        stored.key,
        stored.key,
        asked.key,
        triggered.key,
    ]
    assert {span.trace for span in (stored, written, asked, triggered, run)} == {stored.trace}
    assert stored.attributes["doodle.request_id"] == triggered.attributes["doodle.request_id"] == REQUEST_ID
    assert (stored.attributes["http.route"], stored.attributes["http.response.status_code"]) == (
        "/api/v1/doodles",
        "201",
    )


def test_without_an_endpoint_nothing_is_imported() -> None:
    """Whoever wants no traces pays nothing for them."""
    words = "import sys, model_server.app, training_server.app, training_server.work; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", words], capture_output=True, text=True, check=True, timeout=120)

    assert [name for name in loaded.stdout.split() if name.startswith("opentelemetry")] == []
    assert make_tracing("anything", None) is NO_TRACING
    with NO_TRACING.span("anything", parent="nothing", about="nobody"):
        assert NO_TRACING.find_parent() is None


@pytest.mark.parametrize(
    ("value", "is_refused"), [("localhost:4318", True), ("http://localhost:4318", False), ("", False)]
)
def test_an_endpoint_is_an_address(value: str, is_refused: bool) -> None:
    """A wrong one is refused at the start, with all other settings that are wrong."""
    reader = SettingsReader({"OTEL_EXPORTER_OTLP_ENDPOINT": value})
    read_endpoint(reader, "OTEL_EXPORTER_OTLP_ENDPOINT")

    assert bool(reader._problems) == is_refused
