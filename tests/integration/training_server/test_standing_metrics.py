"""What training_server tells Prometheus of the database is what stands there."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Engine, create_engine

from doodle_db.drift import list_checks
from doodle_db.drift_samples import NUM_WANTED
from doodle_db.run_orders import RunOrder
from doodle_db.runs import end_run, finish_run
from doodle_db.workers import Worker, register_worker
from doodle_testing.drifting import draw, keep, watch_of
from doodle_testing.training_server import LIVE, claim_for_test, make_live, order, order_run, store_new
from training_server.app import create_app
from training_server.clock import read_time
from training_server.config import from_environment
from training_server.queue import TrainingQueue
from training_server.standing_metrics import Kept

REJECTED = {"outcome": "rejected", "summary": "no", "checks": [{"name": "base", "passed": False}]}
METRICS = {"seconds": {"reading": 0.5, "training": 2.0}, "candidate": {"base": {"accuracy": 0.8}}, "live": {}}


def make_client(url: str, engine: Engine) -> FlaskClient:
    settings = from_environment({"DATABASE_URL": url, "ARTIFACT_URL": "/nowhere", "DELTA_MIN_DOODLES": "5"})
    return create_app(settings, engine).test_client()


def read_metrics(client: FlaskClient) -> dict[str, Any]:
    """Give every sample: by name, or by name and the values of its labels, sorted."""
    families = text_string_to_metric_families(client.get("/metrics").get_data(as_text=True))
    samples = [sample for family in families for sample in family.samples if not sample.name.startswith("doodle_http")]
    return {"|".join([each.name, *sorted(each.labels.values())]): each.value for each in samples}


def test_a_new_database_has_nothing_to_tell_but_that(queue_url: str, queue_engine: Engine) -> None:
    """Counts are there from the start, at zero: a series that appears with its first event hides that event."""
    told = read_metrics(make_client(queue_url, queue_engine))

    assert told["doodle_database_up"] == 1
    assert told["doodle_live"] == 0
    assert told["doodle_runs_last_day|failed"] == told["doodle_workers|lost"] == told["doodle_new_doodles"] == 0
    assert told["doodle_quarantined_doodles|label"] == told["doodle_quarantined_doodles|contributor"] == 0
    assert told["doodle_database_size_bytes"] > 1_000_000


def test_how_runs_stand(queue_url: str, queue_engine: Engine, queue: TrainingQueue) -> None:
    """Each run is counted once; the last verdict on a delta is described, whatever became of an experiment after it."""
    make_live(queue_engine)
    store_new(queue_engine, 3)
    with queue_engine.begin() as connection:
        now = read_time(connection)
        register_worker(connection, Worker("first", "here", "cpu", 2, uuid4()), now)
    rejected = order(queue_engine, queue)
    claim_for_test(queue_engine, rejected)
    with queue_engine.begin() as connection:
        finish_run(connection, rejected, now=now, verdict=REJECTED, metrics=METRICS, candidate_version=None)
    failed = order(queue_engine, queue)
    with queue_engine.begin() as connection:
        end_run(connection, failed, "failed", now=now, error="it broke")
    claim_for_test(queue_engine, order(queue_engine, queue))
    order(queue_engine, queue)
    experiment = order_run(queue_engine, queue, RunOrder("operator", "ada", kind="scratch", dataset="base"))
    with queue_engine.begin() as connection:
        finish_run(connection, experiment, now=now, verdict=REJECTED, metrics={}, candidate_version=None)

    told = read_metrics(make_client(queue_url, queue_engine))

    states = {state: told[f"doodle_runs_last_day|{state}"] for state in ("finished", "failed", "running", "waiting")}
    assert states == {"finished": 2, "failed": 1, "running": 1, "waiting": 1}
    assert (told["doodle_runs_running"], told["doodle_runs_waiting"]) == (1, 1)
    assert told["doodle_verdicts_last_day|rejected"] == told["doodle_failed_checks_last_day|base"] == 1
    assert told["doodle_last_run_stage_seconds|training"] == 2
    assert told["doodle_last_run_accuracy_ratio|base|candidate"] == 0.8
    assert told[f"doodle_live_info|{LIVE}|mlp"] == 1
    assert told["doodle_workers|idle"] == 1
    assert told["doodle_worker_silent_seconds|first"] < 30


def test_a_database_that_is_away_is_all_there_is_to_tell() -> None:
    """The answer comes all the same, and says so."""
    nowhere = create_engine("postgresql+psycopg2://nobody@127.0.0.1:1/none")

    told = read_metrics(make_client("postgresql://nobody@127.0.0.1:1/none", nowhere))

    assert told["doodle_database_up"] == 0
    assert "doodle_runs_waiting" not in told


def test_asking_often_asks_the_database_seldom() -> None:
    """An answer is kept for as long as it was said to hold, and a failure is not kept at all."""
    now, asked = [0.0], []

    def fetch() -> int:
        asked.append(now[0])
        if len(asked) == 1:
            raise RuntimeError
        return len(asked)

    kept = Kept(2.0, fetch, lambda: now[0])
    with pytest.raises(RuntimeError):
        kept.get()
    answers = [kept.get() for now[0] in (0.0, 1.0, 1.9, 2.0, 3.0)]

    assert answers == [2, 2, 2, 3, 3]


def test_what_was_found_about_drift_is_told(queue_url: str, queue_engine: Engine, tmp_path: Path) -> None:
    """Before anybody has looked there is nothing to tell; then state, indices and thresholds are those of the check."""
    assert not any("drift" in name for name in read_metrics(make_client(queue_url, queue_engine)))
    keep(queue_engine, draw(NUM_WANTED, seed=1))
    assert watch_of(queue_engine, tmp_path).turn()

    told = read_metrics(make_client(queue_url, queue_engine))

    with queue_engine.connect() as connection:
        (check,) = list_checks(connection, at_most=1)
    assert told["doodle_drift_state"] == 0
    assert told["doodle_drift_sample_doodles"] == check.num_present
    assert told["doodle_drift_index|ink"] == pytest.approx(check.measures[1].value)
    assert (told["doodle_drift_threshold|labels|watch"], told["doodle_drift_threshold|alert|labels"]) == (0.1, 0.25)


def test_only_the_live_versions_own_guesses_are_counted(queue_url: str, queue_engine: Engine) -> None:
    """Drawings that nobody guessed, or another version did, say nothing about it."""
    make_live(queue_engine)
    drawn = draw(8, seed=1)
    own = [replace(each, guess=each.label if place else "cow", model_version=LIVE) for place, each in enumerate(drawn)]
    keep(queue_engine, [*own[:4], replace(own[4], model_version="1" * 12), *drawn[5:]])

    told = read_metrics(make_client(queue_url, queue_engine))

    assert told[f"doodle_recent_accuracy_ratio|{LIVE}"] == 0.75
    assert told[f"doodle_recent_guesses|{LIVE}"] == 4
