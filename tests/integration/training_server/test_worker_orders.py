"""What may be asked of a worker over HTTP: faults are told by name, and who is lost or gone is not taken for there."""

from pathlib import Path
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.workers import Worker, register_worker, report_worker
from doodle_testing.training_api import OPERATOR, ask, order_run_for, read
from doodle_testing.training_server import jobs, make_silent, running_worker, store_new, wait_for_worker
from training_server.clock import read_time


class TestOrders:
    """What the API takes."""

    def test_a_run_for_a_worker_nobody_knows(self, client: FlaskClient, queue_engine: Engine) -> None:
        """404, naming the field, and no run."""
        store_new(queue_engine, 1)

        answer = order_run_for(client, "nobody")

        assert (answer.status_code, answer.json["errors"][0]["field"]) == (404, "worker")
        assert read(client, "train") == {"runs": [], "next": None}

    @pytest.mark.parametrize("worker", ["", "a b", "x" * 61, 7])
    def test_what_is_no_name(self, client: FlaskClient, worker: object) -> None:
        """422, naming the field."""
        answer = order_run_for(client, worker)

        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, "worker")

    def test_a_run_for_a_lost_worker_says_so(
        self, client: FlaskClient, queue_engine: Engine, queue_url: str, log: Path
    ) -> None:
        """It is accepted, waits without a job, and can be cancelled."""
        with running_worker(queue_url, log):
            wait_for_worker(queue_engine, "first")
        make_silent(queue_engine, "workers.heartbeat_at")
        store_new(queue_engine, 1)

        answer = order_run_for(client, "first")

        assert (answer.status_code, answer.json["state"], answer.json["sent_to"]) == (202, "waiting", "first")
        assert answer.json["note"].startswith("first is lost")
        assert jobs(queue_engine) == []
        assert client.delete(f"/api/v1/train/{answer.json['key']}", headers=OPERATOR).status_code == 202
        assert read(client, f"train/{answer.json['key']}")["state"] == "cancelled"

    @pytest.mark.parametrize("wish", ["drain", "stop"])
    def test_a_worker_nobody_knows(self, client: FlaskClient, wish: str) -> None:
        """404, naming the field."""
        answer = ask(client, "nobody", wish)

        assert (answer.status_code, answer.json["errors"][0]["field"]) == (404, "name")

    def test_only_operators_ask(self, client: FlaskClient) -> None:
        """And only with JSON, which no other site's form can send."""
        assert client.post("/api/v1/workers/first/stop", json={}).status_code == 401
        assert client.post("/api/v1/workers/first/stop", headers=OPERATOR).status_code == 415

    def test_a_worker_that_has_ended(self, client: FlaskClient, queue_engine: Engine) -> None:
        """409: there is nobody to ask."""
        worker = Worker("first", "here", "paper", 1, uuid4())
        with queue_engine.begin() as connection:
            now = read_time(connection)
            register_worker(connection, worker, now)
            report_worker(connection, worker, "stopped", None, now)

        assert ask(client, "first", "stop").status_code == 409
