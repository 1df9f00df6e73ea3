"""Real training on drawings of our own: from doodles in the database to a live version, or to a verdict against it."""

import random
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, Row, text

from doodle_cli.commands.report import format_report
from doodle_cli.report_page import make_page
from doodle_db.artifacts import ArtifactStore
from doodle_db.doodles import Doodle
from doodle_db.manifest import Manifest
from doodle_db.model_registry import get_live, get_manifest
from doodle_db.run_reports import get_report
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.missing import skip_or_fail
from doodle_testing.training_server import (
    BASE_MODELS,
    TFJS_RUNNER,
    claim_for_test,
    order,
    read_run,
    running_worker,
    store,
    wait_for_state,
    wait_until,
    worker_states,
)
from training_server.config import worker_from_environment
from training_server.delta_steps import DeltaSteps
from training_server.errors import DivergedError
from training_server.export_check import Runner
from training_server.gate import GatePolicy
from training_server.heartbeat import WatchedRun
from training_server.interruption import Interruption
from training_server.observer import RunObserver
from training_server.pipeline import carry_out
from training_server.publish import Conclusion
from training_server.queue import TrainingQueue
from training_server.report_format import Report
from training_server.seed import seed
from training_server.training_room import TrainingRoom

NUM_DOODLES = 600
A_QUARTER_TURN = 0.25
THOROUGH = {"epochs": 12, "learning_rate": 0.002}
"""Enough to learn drawings that lie on their side, from the few hundred a test can wait for."""


@pytest.fixture
def artifacts(queue_engine: Engine, tmp_path: Path) -> ArtifactStore:
    """A store with the shipped version, which is live."""
    if not TFJS_RUNNER.is_file():
        skip_or_fail("needs frontend/dist-node/run_graph_model.mjs: run `make frontend`")
    made = ArtifactStore(str(tmp_path / "artifacts"))
    seed(queue_engine, made, BASE_MODELS, LABEL_SET)
    return made


@pytest.fixture
def room(queue_engine: Engine, artifacts: ArtifactStore) -> TrainingRoom:
    environment = {"DATABASE_URL": "postgresql://", "ARTIFACT_URL": "/", "TFJS_RUNNER": str(TFJS_RUNNER)}
    _, worker = worker_from_environment(environment)
    return TrainingRoom(queue_engine, artifacts, LABEL_SET, Runner(worker.node, worker.tfjs_runner))


def live_version(engine: Engine) -> str:
    with engine.connect() as connection:
        return get_live(connection).version


def train(room: TrainingRoom, queue: TrainingQueue, folder: Path, **arguments: Any) -> tuple[WatchedRun, Conclusion]:
    run = claim_for_test(room.engine, order(room.engine, queue, **arguments))
    interruption = Interruption()
    watched = WatchedRun(run, interruption, RunObserver(interruption))
    folder.mkdir()
    return watched, carry_out(DeltaSteps(room, watched, folder))


def test_doodles_of_a_new_kind_are_learnt_and_published(
    room: TrainingRoom, queue: TrainingQueue, queue_engine: Engine, tmp_path: Path
) -> None:
    """The candidate begins from the live version, is better on held-out doodles, and goes live with its record."""
    parent = live_version(queue_engine)
    store(queue_engine, generate_doodles(LABEL_SET, NUM_DOODLES, random.Random(1), turn=A_QUARTER_TURN))

    watched, conclusion = train(room, queue, tmp_path / "run", train_args=THOROUGH)

    assert conclusion.verdict["outcome"] == "published", conclusion.verdict["summary"]
    run = read_run(queue_engine, watched.run.key)
    assert (run.state, run.candidate_version) == ("finished", live_version(queue_engine))
    manifest = room.store.read_manifest(run.candidate_version)
    assert (manifest.parent_version, manifest.run) == (parent, run.key)
    assert manifest.training_data.watermark == watched.run.watermark_to
    assert manifest.training_data.num_new == run.num_new_doodles > NUM_DOODLES * 0.8
    assert manifest.rejection.ink is not None
    assert manifest.metrics["recent"].kept is not None
    assert run.metrics["candidate"]["recent"]["accuracy"] > run.metrics["live"]["recent"]["accuracy"]
    with queue_engine.connect() as connection:
        assert get_manifest(connection, run.candidate_version) == manifest
        epochs = connection.execute(text("SELECT count(*), min(seconds) FROM run_metrics")).one()
    assert 1 <= epochs[0] <= THOROUGH["epochs"]
    assert epochs[1] > 0
    report = read_report(queue_engine, watched.run.key)
    require_whole(report, run, manifest)
    document = report.model_dump(mode="json")
    assert run.candidate_version in format_report(document)
    assert len(make_page(document)) > 20_000


def test_a_line_of_versions_is_held_to_its_founder(
    room: TrainingRoom, queue: TrainingQueue, queue_engine: Engine, tmp_path: Path
) -> None:
    """The second run's candidate is judged beside the version that the installation began with, too."""
    store(queue_engine, [replace(each, source="base", contributor=None) for each in drawings(300, seed=5)])
    store(queue_engine, drawings(NUM_DOODLES, seed=1, turn=A_QUARTER_TURN))
    train(replace(room, policy=GatePolicy(base_margin=1.0, max_recall_loss=1.0)), queue, tmp_path / "first")
    store(queue_engine, drawings(NUM_DOODLES, seed=2, turn=A_QUARTER_TURN))

    _, conclusion = train(room, queue, tmp_path / "second")

    checks = {check["name"]: check for check in conclusion.verdict["checks"]}
    assert "the founder of its line on" in checks["base"]["words"]
    recent = checks["recent"]["numbers"]
    assert 0 < recent["num_fresh"] < recent["num_doodles"]
    assert recent["alpha"] == pytest.approx(room.policy.alpha / 2 * recent["num_fresh"] / recent["num_doodles"])


def drawings(num: int, *, seed: int, turn: float = 0.0) -> list[Doodle]:
    """Generate doodles; another seed gives others."""
    return generate_doodles(LABEL_SET, num, random.Random(seed), turn=turn)


def read_report(engine: Engine, key: UUID) -> Report:
    """Read a run's report; it must be one."""
    with engine.connect() as connection:
        return Report.model_validate(get_report(connection, key))


def require_whole(report: Report, run: Row[Any], manifest: Manifest) -> None:
    """Make sure that a report says what run and manifest say, and what they do not."""
    assert (report.run, report.stage, report.verdict) == (run.key, "judged", run.verdict)
    assert report.compared_with == run.parent_version
    assert {part.name: part.num_doodles for part in report.parts}["new"] == run.num_new_doodles
    assert report.training is not None
    assert len(report.training.epochs) <= THOROUGH["epochs"]
    assert 0 < (report.training.seconds_per_step or 0) < 10
    assert report.model is not None
    assert report.model.version == manifest.version
    assert [file.size_bytes for file in report.model.files] == [file.size_bytes for file in manifest.files]
    for holdout in report.holdouts:
        measured = manifest.metrics[holdout.name]
        assert holdout.live is not None
        assert holdout.candidate.accuracy == pytest.approx(measured.accuracy, rel=1e-5)
        assert holdout.candidate.kept == pytest.approx(measured.kept, abs=1e-5)
        theirs = run.metrics["live"][holdout.name]
        assert (holdout.live.accuracy, holdout.live.kept) == pytest.approx(
            (theirs["accuracy"], theirs["kept"]), abs=1e-5
        )
    assert {"reading", "training", "judging"} <= report.stage_seconds.keys()


def test_a_run_that_fails_leaves_its_report(
    room: TrainingRoom, queue: TrainingQueue, queue_engine: Engine, tmp_path: Path
) -> None:
    """What was found out until then stays: a training that diverged shows its curves."""
    store(queue_engine, generate_doodles(LABEL_SET, 30, random.Random(1)))
    run = claim_for_test(queue_engine, order(queue_engine, queue, train_args={"epochs": 2, "learning_rate": 1e12}))
    interruption = Interruption()
    watched = WatchedRun(run, interruption, RunObserver(interruption))

    with pytest.raises(DivergedError):
        carry_out(DeltaSteps(room, watched, tmp_path))

    report = read_report(queue_engine, run.key)
    assert (report.stage, report.verdict) == ("trained", None)
    assert report.training is not None
    assert (report.training.plan["learning_rate"], report.training.epochs[-1].loss) == (1e12, None)


def test_scrambled_labels_are_rejected(
    room: TrainingRoom, queue: TrainingQueue, queue_engine: Engine, tmp_path: Path
) -> None:
    """Drawings under wrong names make no better model: a verdict with reasons, the live version untouched."""
    parent, shuffle = live_version(queue_engine), random.Random(2)
    doodles = generate_doodles(LABEL_SET, NUM_DOODLES, random.Random(1))
    names = [doodle.label for doodle in doodles]
    shuffle.shuffle(names)
    store(queue_engine, [replace(doodle, label=name) for doodle, name in zip(doodles, names, strict=True)])

    watched, conclusion = train(room, queue, tmp_path / "run")

    run = read_run(queue_engine, watched.run.key)
    assert (conclusion.verdict["outcome"], run.verdict["outcome"]) == ("rejected", "rejected")
    assert [check["name"] for check in run.verdict["checks"] if not check["passed"]] == ["recent"]
    assert live_version(queue_engine) == parent
    assert room.store.has_version(run.candidate_version)


def test_nothing_new_ends_with_words(
    room: TrainingRoom, queue: TrainingQueue, queue_engine: Engine, tmp_path: Path
) -> None:
    """A run whose doodles were withdrawn finishes, and says why nothing came of it."""
    watched, conclusion = train(room, queue, tmp_path / "run")

    run = read_run(queue_engine, watched.run.key)
    assert (run.state, run.num_new_doodles, run.candidate_version) == ("finished", 0, None)
    assert run.verdict == conclusion.verdict
    report = read_report(queue_engine, run.key)
    assert (report.verdict, report.samples, report.model) == (run.verdict, [], None)


def test_the_worker_from_start_to_end(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, artifacts: ArtifactStore, tmp_path: Path
) -> None:
    """The real program: it trains, cancels within a step, hands back on SIGTERM and ends with 0."""
    store(queue_engine, generate_doodles(LABEL_SET, NUM_DOODLES, random.Random(1)))
    settings = {"ARTIFACT_URL": artifacts.url, "TFJS_RUNNER": str(TFJS_RUNNER), "DELTA_MIN_DOODLES": "1000000"}
    # Nobody listens at port 9: an MLflow that is down must not be noticed by a run.
    settings |= {"TENSORBOARD_DIR": str(tmp_path / "tensorboard"), "MLFLOW_TRACKING_URI": "http://127.0.0.1:9"}
    short = order(queue_engine, queue, train_args={"epochs": 1})
    with running_worker(queue_url, tmp_path / "log", module="training_server.worker", **settings) as worker:
        finished = wait_for_state(queue_engine, short, "finished", seconds=90)
        # Whatever the verdict was: if the candidate is live, the doodles of before are not new any more.
        store(queue_engine, generate_doodles(LABEL_SET, NUM_DOODLES, random.Random(2)))
        # Small batches make long epochs: early stopping must not end the run before it is told to.
        endless = order(queue_engine, queue, train_args={"epochs": 100_000, "batch_size": 8})
        wait_until(lambda: (read_run(queue_engine, endless).progress or {}).get("step", 0) > 1, "a step", seconds=30)

        assert worker.terminate() == 0

    assert finished.verdict["summary"]
    assert [each.parent.name for each in (tmp_path / "tensorboard").rglob("events.*")] == [str(short)]
    assert "tracker_failed" in (tmp_path / "log").read_text()
    assert (read_run(queue_engine, endless).state, worker_states(queue_engine)) == ("waiting", {"first": "stopped"})
