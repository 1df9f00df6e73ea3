"""Runs and workers over HTTP: only for operators, checked field by field, and true to the rows."""

from typing import Any
from uuid import UUID, uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from doodle_db.operators import set_operator
from doodle_db.run_log import LogLine, write_log
from doodle_db.run_progress import Point, record_epoch, record_points
from doodle_db.run_reports import save_report
from doodle_db.runs import end_run
from doodle_db.workers import Worker, register_worker
from doodle_testing.builders import SOME_TIME
from doodle_testing.contract import watch_answers
from doodle_testing.training_server import claim_for_test, make_live, order, read_run, store_new
from training_server.app import create_app
from training_server.clock import read_time
from training_server.config import from_environment
from training_server.operations import OPERATIONS
from training_server.queue import TrainingQueue, place_of

TOKEN = "only-for-tests-only-for-tests-only-for-tests"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def app(queue_engine: Engine, queue_url: str) -> Flask:
    """The service, with something live, and an operator."""
    make_live(queue_engine)
    with queue_engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    settings = from_environment({"DATABASE_URL": queue_url, "ARTIFACT_URL": "/nowhere", "DELTA_MIN_DOODLES": "5"})
    return watch_answers(create_app(settings, queue_engine), OPERATIONS)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


def read(client: FlaskClient, path: str) -> Any:
    """Read a route's JSON as an operator."""
    return client.get(f"/api/v1/{path}", headers=OPERATOR).json


def ask_for_run(client: FlaskClient, **body: Any) -> Any:
    return client.post("/api/v1/train", json=body, headers=OPERATOR)


def test_an_ordered_run_waits(client: FlaskClient, queue_engine: Engine) -> None:
    """202 with the run's key and address; who ordered it, why and how stands in the row."""
    store_new(queue_engine, 1)

    answer = ask_for_run(client, network_args={"dropout": 0.3}, train_args={"epochs": 2}, reason="more dogs")

    assert (answer.status_code, answer.json["state"]) == (202, "waiting")
    assert answer.headers["Location"] == f"/api/v1/train/{answer.json['key']}"
    run = read_run(queue_engine, UUID(answer.json["key"]))
    assert (run.trigger, run.requested_by, run.reason) == ("operator", "ada", "more dogs")
    assert run.arguments == {"network_args": {"dropout": 0.3}, "train_args": {"epochs": 2}}


def test_a_run_that_waits_already_is_the_answer(client: FlaskClient, queue_engine: Engine) -> None:
    """Ordering twice gives the same key."""
    store_new(queue_engine, 1)

    assert ask_for_run(client).json == ask_for_run(client).json


def test_nothing_new_is_a_conflict(client: FlaskClient) -> None:
    """The problem says why there is nothing to train on."""
    answer = ask_for_run(client)

    assert answer.status_code == 409
    assert answer.content_type == "application/problem+json"
    assert "seen every doodle" in answer.json["detail"]


WRONG_ORDERS: list[tuple[dict[str, Any], str]] = [
    ({"train_args": {"epochs": 0}}, "train_args.epochs"),
    ({"train_args": {"epochs": "3"}}, "train_args.epochs"),
    ({"train_args": {"batch_size": 100_000}}, "train_args.batch_size"),
    ({"train_args": {"learning_rate": 10.0}}, "train_args.learning_rate"),
    ({"train_args": {"seed": -1}}, "train_args.seed"),
    ({"train_args": {"momentum": 0.9}}, "train_args.momentum"),
    ({"network_args": {"dropout": 2.0}}, "network_args.dropout"),
    ({"network_args": {"layers": 9}}, "network_args.layers"),
    ({"reason": "x" * 501}, "reason"),
    ({"now": True}, "now"),
    ({"dataset": "mine"}, "dataset"),
    ({"network": "vit"}, "network"),
    ({"network": "mlp", "network_args": {"layers": 9}}, "network_args.layers"),
    ({"priority": 11}, "priority"),
    ({"dataset": "base", "max_doodles": 3}, "max_doodles"),
    ({"max_doodles": 500}, "max_doodles"),
]


def test_a_wrong_argument_is_named(client: FlaskClient, queue_engine: Engine) -> None:
    """422, the field as its sender wrote it, and no run."""
    store_new(queue_engine, 1)
    for body, field in WRONG_ORDERS:
        answer = ask_for_run(client, **body)

        assert (answer.status_code, [error["field"] for error in answer.json["errors"]]) == (422, [field])
    assert read(client, "train") == {"runs": [], "next": None}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("post", "/api/v1/train"),
        ("get", "/api/v1/train"),
        ("get", f"/api/v1/train/{UUID(int=1)}"),
        ("delete", f"/api/v1/train/{UUID(int=1)}"),
        ("get", "/api/v1/workers"),
    ],
)
def test_only_operators(client: FlaskClient, method: str, path: str) -> None:
    """Everybody else gets 401, whatever they send."""
    assert getattr(client, method)(path, json={}).status_code == 401


def test_a_run_is_shown_as_the_contract_says(client: FlaskClient, queue_engine: Engine, queue: TrainingQueue) -> None:
    """What the worker needs for itself stays inside."""
    key = order(queue_engine, queue)

    shown = read(client, f"train/{key}")

    assert shown == read(client, "train")["runs"][0]
    assert (shown["key"], shown["state"], shown["progress"], shown["verdict"]) == (str(key), "waiting", None, None)
    assert not {"heartbeat_at", "watermark_from", "watermark_to"} & shown.keys()


def test_a_runs_report(client: FlaskClient, queue_engine: Engine, queue: TrainingQueue) -> None:
    """As it was written, for operators only; before there is one, the problem says so."""
    key = order(queue_engine, queue)
    run = claim_for_test(queue_engine, key)
    early: Any = client.get(f"/api/v1/train/{key}/report", headers=OPERATOR)
    with queue_engine.begin() as connection:
        save_report(connection, key, run.worker, run.attempt, {"format_version": 1, "stage": "read"})

    assert read(client, f"train/{key}/report") == {"format_version": 1, "stage": "read"}
    assert (early.status_code, "no report" in early.json["detail"]) == (404, True)
    assert client.get(f"/api/v1/train/{key}/report").status_code == 401
    assert client.get(f"/api/v1/train/{uuid4()}/report", headers=OPERATOR).status_code == 404


def test_a_network_is_ordered_from_scratch(client: FlaskClient, queue_engine: Engine) -> None:
    """Nothing has to be new; several wait, each with what was ordered, and are found by it."""
    body: dict[str, Any] = {"network": "cnn", "network_args": {"dense_units": 32}, "priority": 3, "max_doodles": 500}
    first = ask_for_run(client, **body, train_args={"epochs": 4, "augment": False})
    second = ask_for_run(client, dataset="base", priority=-1)

    assert (first.status_code, second.status_code) == (202, 202)
    shown = read(client, f"train/{first.json['key']}")
    assert (shown["kind"], shown["dataset"], shown["network"], shown["priority"]) == ("scratch", "all", "cnn", 3)
    assert (shown["network_args"], shown["train_args"]) == ({"dense_units": 32}, {"epochs": 4, "augment": False})
    assert shown["arguments"]["max_doodles"] == 500
    # That of the live version.
    assert read(client, f"train/{second.json['key']}")["network"] == "mlp"
    assert "mlp" in {network["name"] for network in read(client, "train/networks")["networks"]}
    page = read(client, "train?kind=scratch&sort=-priority&limit=1")
    assert [run["key"] for run in page["runs"]] == [first.json["key"]] == [page["next"]]
    rest = read(client, f"train?kind=scratch&sort=-priority&limit=1&cursor={page['next']}")
    assert ([run["key"] for run in rest["runs"]], rest["next"]) == ([second.json["key"]], None)


def test_a_wrong_query_is_named(client: FlaskClient) -> None:
    """422, by its name."""
    for query in ("state=done", "limit=0", "limit=101", "sort=colour", "cursor=first", "kind=all", "page=2"):
        answer: Any = client.get(f"/api/v1/train?{query}", headers=OPERATOR)

        assert (answer.status_code, answer.json["errors"][0]["field"]) == (422, query.partition("=")[0])
    assert client.get("/api/v1/train?q=" + "x" * 101, headers=OPERATOR).status_code == 422


def test_curve_and_log_are_read_on_from_where_one_was(
    client: FlaskClient, queue_engine: Engine, queue: TrainingQueue
) -> None:
    """Points behind a step, lines behind a line; numbers that are none are null."""
    key = order(queue_engine, queue)
    with queue_engine.begin() as connection:
        record_points(connection, key, [Point(step, 0, float("nan"), 0.5, 0.01) for step in (1, 2, 3)])
        record_epoch(connection, key, 1, {"loss": 0.5, "accuracy": 0.5, "seconds": 1.0})
        write_log(connection, key, [LogLine(SOME_TIME, "info", "run_claimed", {"n": n}) for n in range(1_200)])

    curve, log = read(client, f"train/{key}/curve?after=1"), read(client, f"train/{key}/log?after=998")

    point = {"epoch": 0, "loss": None, "accuracy": 0.5, "learning_rate": 0.01}
    assert curve["points"] == [{"step": 2, **point}, {"step": 3, **point}]
    assert [epoch["epoch"] for epoch in curve["epochs"]] == [1]
    assert [line["fields"]["n"] for line in log["lines"]] == [998, 999]
    assert (log["next"], read(client, f"train/{key}/log?after=1000")) == (1000, {"lines": [], "next": 1000})


def test_notes_and_priority(client: FlaskClient, queue_engine: Engine, queue: TrainingQueue) -> None:
    """Both are shown with the run; its job goes to its new place, and a run that was begun has none."""
    key = order(queue_engine, queue)
    for name, value in (("notes", "wide"), ("priority", 7)):
        answer: Any = client.put(f"/api/v1/train/{key}/{name}", json={name: value}, headers=OPERATOR)
        assert (answer.status_code, answer.json[name]) == (200, value)
    with queue_engine.connect() as connection:
        place = connection.execute(text("SELECT priority FROM procrastinate_jobs")).scalar_one()
    assert place == place_of("delta", 7)
    claim_for_test(queue_engine, key)

    late: Any = client.put(f"/api/v1/train/{key}/priority", json={"priority": 1}, headers=OPERATOR)
    wrong: Any = client.put(f"/api/v1/train/{key}/notes", json={"notes": "x" * 4_001}, headers=OPERATOR)

    assert (late.status_code, wrong.status_code, wrong.json["errors"][0]["field"]) == (409, 422, "notes")


def test_a_request_waits_for_the_end(client: FlaskClient, queue_engine: Engine, queue: TrainingQueue) -> None:
    """An ended run is shown at once; nobody may wait longer than nginx."""
    key = order(queue_engine, queue)
    with queue_engine.begin() as connection:
        end_run(connection, key, "cancelled", now=read_time(connection))

    assert read(client, f"train/{key}?wait=25")["state"] == "cancelled"
    assert client.get(f"/api/v1/train/{key}?wait=26", headers=OPERATOR).status_code == 422
    assert client.get(f"/api/v1/train/{uuid4()}?wait=25", headers=OPERATOR).status_code == 404


def test_an_unknown_run_is_not_found(client: FlaskClient) -> None:
    """Neither a well-formed key nor a malformed one."""
    for key in (uuid4(), "latest"):
        assert client.get(f"/api/v1/train/{key}", headers=OPERATOR).status_code == 404
        assert client.delete(f"/api/v1/train/{key}", headers=OPERATOR).status_code == 404


def test_cancelling(client: FlaskClient, queue_engine: Engine, queue: TrainingQueue) -> None:
    """A waiting run has ended by that; a running one is asked; one that has ended is a conflict."""
    waiting, path = order(queue_engine, queue), "/api/v1/train"
    first: Any = client.delete(f"{path}/{waiting}", headers=OPERATOR)
    running = order(queue_engine, queue)
    claim_for_test(queue_engine, running)
    second: Any = client.delete(f"{path}/{running}", headers=OPERATOR)

    assert (first.status_code, first.json["state"]) == (202, "cancelled")
    assert (second.status_code, second.json["state"]) == (202, "running")
    assert client.delete(f"{path}/{waiting}", headers=OPERATOR).status_code == 409


def test_the_trigger_decides_on_what_the_database_counts(client: FlaskClient, queue_engine: Engine) -> None:
    """Not enough, queued, already waiting: by rows, never by calls."""
    store_new(queue_engine, 4)
    early: Any = client.post("/internal/trigger").json
    store_new(queue_engine, 1, start=10_000)
    enough: Any = client.post("/internal/trigger").json
    late = client.post("/internal/trigger").json

    assert early == {"decision": "not_enough", "num_new": 4}
    assert (enough["decision"], enough["num_new"]) == ("queued", 5)
    assert read_run(queue_engine, UUID(enough["key"])).state == "waiting"
    assert late == {"decision": "already_waiting", "num_new": 5}


def test_workers_are_listed(client: FlaskClient, queue_engine: Engine) -> None:
    """One that fell silent without a farewell is lost."""
    with queue_engine.begin() as connection:
        for name in ("first", "second"):
            register_worker(connection, Worker(name, "here", "CPU (2 cores)", 2, uuid4()), read_time(connection))
        connection.execute(
            text("UPDATE workers SET heartbeat_at = now() - interval '31 seconds' WHERE name = 'second'")
        )

    listed = read(client, "workers")["workers"]

    assert [(worker["name"], worker["state"]) for worker in listed] == [("first", "idle"), ("second", "lost")]
    assert listed[0]["device"] == "CPU (2 cores)"


def test_health(client: FlaskClient) -> None:
    """Alive, and ready on a migrated database."""
    assert [client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]


@pytest.mark.parametrize(
    ("method", "path", "body", "field"),
    [
        ("POST", "train", {"reason": "a\x00"}, "reason"),
        ("POST", "train", {"network_args": {"a\x00": 1}}, "network_args"),
        ("PUT", f"train/{UUID(int=1)}/notes", {"notes": "a\nb\x00"}, "notes"),
        ("POST", "search", {"configuration": {"EPOCHS": 1}, "name": "\x00"}, "name"),
        ("POST", "search", {"configuration": {"EPOCHS": 1}, "reason": "\x00"}, "reason"),
        ("POST", "search", {"configuration": {"EPOCHS": 1}, "previous": {"NETWORK": [{"\x00": 1}]}}, "previous"),
        ("GET", "train?q=%00", None, "q"),
        ("GET", "train?network=%00", None, "network"),
    ],
)
def test_what_postgresql_cannot_keep_is_refused(
    client: FlaskClient, method: str, path: str, body: dict[str, Any] | None, field: str
) -> None:
    """It has no text with a NUL in it: 422 and the field's name, not a fault of ours."""
    answer: Any = client.open(f"/api/v1/{path}", method=method, json=body, headers=OPERATOR)

    assert (answer.status_code, [each["field"] for each in answer.json["errors"]]) == (422, [field])
