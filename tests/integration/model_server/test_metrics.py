"""Several processes, one answer: what any of them tells Prometheus is what all of them did."""

from pathlib import Path
from uuid import uuid4

import httpx
import psutil
from prometheus_client.parser import text_string_to_metric_families

from doodle_testing.builders import doodle
from doodle_testing.model_server import Server, running_server, wait_until
from doodle_testing.wire import as_json

NUM_DOODLES = 20


def read_sum(server: Server, name: str) -> float:
    """Ask for a metric on a connection of its own, so by whichever process takes it; gives the sum of its series."""
    families = text_string_to_metric_families(httpx.get(f"{server.url}/metrics", trust_env=False).text)
    return sum(sample.value for family in families for sample in family.samples if sample.name == name)


def store_doodles(server: Server) -> None:
    for _ in range(NUM_DOODLES):
        answer = httpx.post(f"{server.url}/api/v1/doodles", json=as_json(doodle(uuid4())), trust_env=False)
        assert answer.status_code == 201


def test_any_process_tells_of_all(database_url: str, tmp_path: Path) -> None:
    """Counts are sums, also over a process that has died; what it had open is forgotten; nothing is left behind."""
    settings = {"MODEL_SERVER_PROCESSES": "2", "MAX_STREAMS": "50", "TMPDIR": str(tmp_path)}
    with running_server(database_url, tmp_path / "log", **settings) as server:
        store_doodles(server)
        assert {read_sum(server, "doodle_doodles_total") for _ in range(10)} == {NUM_DOODLES}
        wait_until(lambda: read_sum(server, "doodle_event_streams_max") == 100)

        victim: psutil.Process = server.workers()[0]
        victim.kill()
        wait_until(lambda: len(server.workers()) == 2 and victim.pid not in {each.pid for each in server.workers()})
        wait_until(lambda: {read_sum(server, "doodle_event_streams_max") for _ in range(6)} == {100})

        assert {read_sum(server, "doodle_doodles_total") for _ in range(10)} == {NUM_DOODLES}
    assert list(tmp_path.glob("doodle-metrics-*")) == []
