"""Without a worker, the API itself sees to it that runs are queued, and says how many want a worker."""

import json
import logging

import pytest
from sqlalchemy import Engine

from doodle_testing.training_server import claim_for_test, make_live, order, store_new
from doodle_web.json_logs import JsonFormatter
from training_server.config import from_environment
from training_server.queue import TrainingQueue
from training_server.run_counts import RunCounts, count_runs, look_after_runs, start_counting

NEEDED = {"DATABASE_URL": "postgresql://nowhere/nothing", "ARTIFACT_URL": "/nowhere", "DELTA_MIN_DOODLES": "5"}


def test_a_lost_call_is_made_up_for(queue_engine: Engine, queue: TrainingQueue) -> None:
    """Nobody heard of the last doodle, and no worker is there to look: the run is queued all the same, once."""
    make_live(queue_engine)
    store_new(queue_engine, 5)
    settings = from_environment(NEEDED)

    counts = [look_after_runs(queue_engine, queue, settings) for _ in range(2)]

    assert [(each.num_open, each.num_waiting) for each in counts] == [(1, 1), (1, 1)]


def test_a_run_that_is_worked_on_wants_nobody(queue_engine: Engine, queue: TrainingQueue) -> None:
    """It keeps its worker, and starts no other."""
    make_live(queue_engine)
    store_new(queue_engine, 1)
    claim_for_test(queue_engine, order(queue_engine, queue))

    assert count_runs(queue_engine) == RunCounts(num_open=1, num_waiting=0, oldest_waiting_seconds=0)


def test_the_log_line_is_what_the_cloud_counts(
    queue_engine: Engine, queue: TrainingQueue, caplog: pytest.LogCaptureFixture
) -> None:
    """deploy/aws/worker.tf makes its metrics of these names: event, num_open, num_waiting, oldest_waiting_seconds."""
    make_live(queue_engine)
    with caplog.at_level(logging.INFO):
        look_after_runs(queue_engine, queue, from_environment(NEEDED))

    line = json.loads(JsonFormatter().format(caplog.records[-1]))

    assert (line["event"], line["num_open"], line["num_waiting"], line["oldest_waiting_seconds"]) == (
        "runs_counted",
        0,
        0,
        0,
    )


def test_nobody_counts_unless_asked_to(queue_engine: Engine, queue: TrainingQueue) -> None:
    """Where a worker is always there, its tick does all of this."""
    assert start_counting(queue_engine, queue, from_environment(NEEDED)) is None
