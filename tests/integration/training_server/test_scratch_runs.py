"""Runs from scratch: trained on what was ordered, judged like any candidate, taken up again when their worker dies."""

import random
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import pytest
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.doodles import Doodle
from doodle_db.model_registry import get_live, get_model
from doodle_db.run_log import read_log
from doodle_db.run_orders import Dataset, RunOrder
from doodle_db.run_progress import read_epochs, read_points
from doodle_db.run_reports import get_report
from doodle_db.runs import record_plan
from doodle_db.splits import split_of
from doodle_db.training_sets import LabelledBitmaps
from doodle_db.watermark import read_horizon
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.missing import skip_or_fail
from doodle_testing.training_server import (
    BASE_MODELS,
    TFJS_RUNNER,
    make_live,
    order_run,
    read_run,
    running_worker,
    store,
    wait_for_state,
    wait_until,
)
from training_server.queue import TrainingQueue
from training_server.scratch import read_scratch_material
from training_server.seed import seed

NUM_DOODLES = 240


@cache
def base_drawings(num: int) -> list[Doodle]:
    return [
        replace(each, source="base", contributor=None) for each in generate_doodles(LABEL_SET, num, random.Random(5))
    ]


@cache
def users_drawings(num: int) -> list[Doodle]:
    return generate_doodles(LABEL_SET, num, random.Random(1), turn=0.25)


def scratch(**said: Any) -> RunOrder:
    told = {"trigger": "operator", "requested_by": "ada", "kind": "scratch", "dataset": "all", "network": "mlp"}
    return RunOrder(**(told | said))


@pytest.fixture
def artifacts(queue_engine: Engine, tmp_path: Path) -> ArtifactStore:
    """A store with the shipped version, which is live, and drawings of both kinds."""
    if not TFJS_RUNNER.is_file():
        skip_or_fail("needs frontend/dist-node/run_graph_model.mjs: run `make frontend`")
    made = ArtifactStore(str(tmp_path / "artifacts"))
    seed(queue_engine, made, BASE_MODELS, LABEL_SET)
    store(queue_engine, base_drawings(NUM_DOODLES))
    store(queue_engine, users_drawings(NUM_DOODLES))
    return made


def test_a_killed_run_is_taken_up_again_and_judged(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, artifacts: ArtifactStore, tmp_path: Path
) -> None:
    """Killed in the middle of its training: the worker's next life begins anew and leaves one curve, one verdict."""
    settings = {"ARTIFACT_URL": artifacts.url, "TFJS_RUNNER": str(TFJS_RUNNER), "DELTA_MIN_DOODLES": "1000000"}
    train_args = {"epochs": 100, "batch_size": 8, "seed": 7}
    key = order_run(queue_engine, queue, scratch(arguments={"train_args": train_args, "max_doodles": 200}))
    with running_worker(queue_url, tmp_path / "log", module="training_server.worker", **settings) as worker:
        wait_until(lambda: (read_run(queue_engine, key).progress or {}).get("epoch", 0) >= 2, "two epochs", seconds=60)
        worker.kill()
    with queue_engine.begin() as connection:
        assert read_points(connection, key)
        shorter = {"train_args": train_args | {"epochs": 3}, "max_doodles": 200}
        record_plan(connection, key, arguments=shorter)
    with running_worker(queue_url, tmp_path / "log", module="training_server.worker", **settings):
        run = wait_for_state(queue_engine, key, "finished", seconds=90)
        wait_until(lambda: read_events(queue_engine, key)[-1] == "run_finished", "the log's last line")

    assert (run.attempt, run.network) == (2, "mlp")
    assert [check["name"] for check in run.verdict["checks"]] == ["recent", "base", "labels", "exports"]
    assert run.num_new_doodles + run.num_replay_doodles <= 200 + len(LABEL_SET.names)
    assert {"train", "validation", "test", "candidate", "live", "seconds"} <= run.metrics.keys()
    assert run.metrics["test"]["num_doodles"] == sum(
        run.metrics["candidate"][name]["num_doodles"] for name in ("recent", "base")
    )
    with queue_engine.connect() as connection:
        points, epochs = read_points(connection, key), read_epochs(connection, key)
        model, live = get_model(connection, run.candidate_version), get_live(connection)
        report = get_report(connection, key)
    assert [epoch["epoch"] for epoch in epochs] == [1, 2, 3]
    assert [point.step for point in points] == list(range(1, len(points) + 1))
    events = read_events(queue_engine, key)
    assert (events[0], events.count("run_claimed"), events.count("epoch_ended") >= 5) == ("run_claimed", 2, True)
    assert (model.manifest["network"]["name"], model.manifest["parent_version"]) == ("mlp", None)
    assert (live.version == run.candidate_version) == (run.verdict["outcome"] == "published")
    assert (report["stage"], report["model"]["network"]) == ("judged", "mlp")


def test_held_out_drawings_are_never_trained_on(queue_engine: Engine) -> None:
    """Whatever the data set: its training rows are all of the train split of the sources it names, and no other."""
    make_live(queue_engine)
    drawn = {"user": users_drawings(NUM_DOODLES), "base": base_drawings(NUM_DOODLES)}
    for doodles in drawn.values():
        store(queue_engine, doodles)
    wanted: dict[Dataset, tuple[str, ...]] = {
        "base": ("base",),
        "users": ("user",),
        "all": ("user", "base"),
        "new": ("user",),
    }
    for dataset, sources in wanted.items():
        with queue_engine.connect() as connection:
            material = read_scratch_material(connection, dataset, LABEL_SET, 3, before=read_horizon(connection))

        read = {"user": as_bytes(material.new), "base": as_bytes(material.replay)}
        for source, doodles in drawn.items():
            assert read[source] == (bitmaps_of(doodles, "train") if source in sources else set()), dataset
        assert as_bytes(material.recent) == bitmaps_of(drawn["user"], "test")
        assert as_bytes(material.base) == bitmaps_of(drawn["base"], "test")


def test_fewer_drawings_are_spread_over_the_labels(queue_engine: Engine) -> None:
    """Drawn by the seed, evenly; what was not screened yet is left out where nobody says up to where."""
    make_live(queue_engine)
    store(queue_engine, base_drawings(NUM_DOODLES))
    store(queue_engine, users_drawings(NUM_DOODLES))
    with queue_engine.connect() as connection:
        before = read_horizon(connection)
        first, again, other = (
            read_scratch_material(connection, "all", LABEL_SET, seed, 120, before=before) for seed in (1, 1, 2)
        )
        unscreened = read_scratch_material(connection, "users", LABEL_SET, 1)

    assert (len(first.new), len(first.replay)) == (60, 60)
    assert np.bincount(first.new.labels).tolist() == [10] * 6
    assert as_bytes(first.new) == as_bytes(again.new) != as_bytes(other.new)
    assert len(unscreened.new) == 0


def read_events(engine: Engine, key: UUID) -> list[str]:
    """Read a run's log; its lines are counted without a gap."""
    with engine.connect() as connection:
        lines = read_log(connection, key)
    assert [line.line for line in lines] == list(range(1, len(lines) + 1))
    return [line.event for line in lines]


def as_bytes(rows: LabelledBitmaps) -> set[bytes]:
    return {bitmap.tobytes() for bitmap in rows.bitmaps}


def bitmaps_of(doodles: list[Doodle], split: str) -> set[bytes]:
    return {each.bitmap for each in doodles if split_of(each.id) == split}
