"""A run's end is written as a whole or not at all: version, deployment, verdict; the files before them."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.errors import DeploymentPinnedError, LiveModelChangedError, UnknownVersionError
from doodle_db.model_registry import get_live, get_model, list_deployments, roll_back
from doodle_db.pins import find_pin, set_pin
from doodle_db.runs import cancel_run, claim_run
from doodle_testing.object_store import ObjectStore
from doodle_testing.training_server import LIVE, ROOT, claim_for_test, make_live, make_version, order, read_run
from training_server.claims import ClaimedRun
from training_server.clock import read_time
from training_server.interruption import RunInterrupted
from training_server.publish import Conclusion, conclude, hold_back, store_candidate
from training_server.queue import TrainingQueue

CANDIDATE = "c" * 12
METRICS = {"candidate": {"recent": {"accuracy": 0.9}}}


def conclusion(outcome: str, compared_with: str = LIVE) -> Conclusion:
    return Conclusion({"outcome": outcome, "summary": "a test", "checks": []}, METRICS, compared_with)


@pytest.fixture(params=["folder", "s3"])
def artifacts(
    request: pytest.FixtureRequest, tmp_path: Path, object_store: ObjectStore, monkeypatch: pytest.MonkeyPatch
) -> ArtifactStore:
    """Publishing is the same wherever versions lie."""
    if request.param == "folder":
        return ArtifactStore(str(tmp_path / "artifacts"))
    for name, value in object_store.environment.items():
        monkeypatch.setenv(name, value)
    return ArtifactStore(f"s3://{object_store.make_bucket()}/models")


@pytest.fixture
def run(queue_engine: Engine, queue: TrainingQueue) -> ClaimedRun:
    """A run that was claimed while LIVE was live."""
    make_live(queue_engine)
    return claim_for_test(queue_engine, order(queue_engine, queue))


def finish(engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun, end: Conclusion) -> None:
    folder = tmp_path / "version"
    folder.parent.mkdir(exist_ok=True)
    candidate = store_candidate(artifacts, folder, make_version(folder, CANDIDATE))
    with engine.begin() as connection:
        conclude(connection, run, candidate, end)


def live_version(engine: Engine) -> str:
    with engine.connect() as connection:
        return get_live(connection).version


def is_registered(engine: Engine, version: str) -> bool:
    with engine.connect() as connection:
        try:
            get_model(connection, version)
        except UnknownVersionError:
            return False
        return True


def test_a_published_candidate_is_live(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """Its files, its row, a line in the history that says which run and why, and the run's end."""
    finish(queue_engine, artifacts, tmp_path, run, conclusion("published"))

    with queue_engine.connect() as connection:
        deployment = list_deployments(connection)[0]
    assert (deployment.version, deployment.previous_version, deployment.kind) == (CANDIDATE, LIVE, "publish")
    assert (deployment.actor, deployment.reason) == (f"run {run.key}", "a test")
    ended = read_run(queue_engine, run.key)
    assert (ended.state, ended.candidate_version, ended.metrics) == ("finished", CANDIDATE, METRICS)
    assert artifacts.list_versions() == [CANDIDATE]


def test_what_a_version_has_learnt_is_the_runs_to_say(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """After a restore the very weights may lie in the store already, with a watermark of the cluster that was lost."""
    folder = tmp_path / "before"
    store_candidate(artifacts, folder, make_version(folder, CANDIDATE))

    finish(queue_engine, artifacts, tmp_path, run, conclusion("published"))

    with queue_engine.connect() as connection:
        assert get_model(connection, CANDIDATE).watermark == run.watermark_to


def test_a_rejected_candidate_is_kept_but_not_live(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """An operator who disagrees with the gate can deploy it by hand."""
    finish(queue_engine, artifacts, tmp_path, run, conclusion("rejected"))

    assert live_version(queue_engine) == LIVE
    assert is_registered(queue_engine, CANDIDATE)
    assert artifacts.has_version(CANDIDATE)
    assert read_run(queue_engine, run.key).verdict["outcome"] == "rejected"


def test_a_verdict_on_an_older_live_model_publishes_nothing(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """Compare-and-set: what somebody made live meanwhile stays, and the run goes on to judge again."""
    make_live(queue_engine, "1" * 12, before=LIVE)

    with pytest.raises(LiveModelChangedError):
        finish(queue_engine, artifacts, tmp_path, run, conclusion("published"))

    assert live_version(queue_engine) == "1" * 12
    assert not is_registered(queue_engine, CANDIDATE)
    assert read_run(queue_engine, run.key).state == "running"


def pin(engine: Engine, pinned: bool = True) -> None:
    with engine.begin() as connection:
        set_pin(connection, pinned, actor="ada", reason="a fair")


def held_back(engine: Engine, compared_with: str = LIVE) -> Conclusion:
    with engine.connect() as connection:
        return hold_back(conclusion("published", compared_with), find_pin(connection))


def test_while_pinned_a_candidate_that_passes_is_kept_but_not_live(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """It is stored and registered; the verdict says that it passed, and why it is not live."""
    pin(queue_engine)

    finish(queue_engine, artifacts, tmp_path, run, held_back(queue_engine))

    ended = read_run(queue_engine, run.key)
    assert (ended.state, ended.verdict["outcome"], live_version(queue_engine)) == ("finished", "passed", LIVE)
    assert ended.verdict["summary"] == "Passed, not deployed: ada has paused automatic deployment (a fair). a test"
    assert is_registered(queue_engine, CANDIDATE)
    assert artifacts.has_version(CANDIDATE)


def test_a_pin_that_comes_during_the_verdict_counts(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """A run that does not know of it writes nothing, and judges again; then it knows."""
    unaware = held_back(queue_engine)
    pin(queue_engine)

    with pytest.raises(DeploymentPinnedError):
        finish(queue_engine, artifacts, tmp_path, run, unaware)

    assert (live_version(queue_engine), read_run(queue_engine, run.key).state) == (LIVE, "running")
    assert not is_registered(queue_engine, CANDIDATE)


def test_while_pinned_better_than_live_means_better_than_what_is_live_now(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """Somebody deploys by hand meanwhile: the verdict on the version before is no verdict any more."""
    pin(queue_engine)
    make_live(queue_engine, "1" * 12, before=LIVE)

    with pytest.raises(LiveModelChangedError):
        finish(queue_engine, artifacts, tmp_path, run, held_back(queue_engine, LIVE))

    assert read_run(queue_engine, run.key).state == "running"


def test_after_a_rollback_better_than_live_means_better_than_what_is_live_now(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """A verdict against the version that was rolled back publishes nothing; one against what is live again does."""
    make_live(queue_engine, "1" * 12, before=LIVE)
    with queue_engine.begin() as connection:
        roll_back(connection, actor="ada", reason="a test")

    with pytest.raises(LiveModelChangedError):
        finish(queue_engine, artifacts, tmp_path, run, conclusion("published", "1" * 12))
    assert live_version(queue_engine) == LIVE
    finish(queue_engine, artifacts, tmp_path / "again", run, conclusion("published", LIVE))

    assert live_version(queue_engine) == CANDIDATE


def test_once_let_go_runs_publish_again(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """Pinned and let go is as if it had never been."""
    pin(queue_engine)
    pin(queue_engine, False)

    finish(queue_engine, artifacts, tmp_path, run, held_back(queue_engine))

    assert live_version(queue_engine) == CANDIDATE


def test_a_cancelled_run_publishes_nothing(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """Cancelling counts up to the last moment, even if the heartbeat has not told the run yet."""
    with queue_engine.begin() as connection:
        cancel_run(connection, run.key, read_time(connection))

    with pytest.raises(RunInterrupted) as interrupted:
        finish(queue_engine, artifacts, tmp_path, run, conclusion("published"))

    assert (interrupted.value.reason, live_version(queue_engine)) == ("cancelled", LIVE)


def test_a_run_another_worker_has_taken_up_publishes_nothing(
    queue_engine: Engine, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun
) -> None:
    """A worker that was thought dead and comes back finds that its run is not its own any more."""
    with queue_engine.begin() as connection:
        assert claim_run(connection, run.key, worker=run.worker, now=read_time(connection)) == "claimed"

    with pytest.raises(RunInterrupted) as interrupted:
        finish(queue_engine, artifacts, tmp_path, run, conclusion("published"))

    assert (interrupted.value.reason, live_version(queue_engine)) == ("lost", LIVE)


@pytest.mark.parametrize(
    "point",
    [
        "before the first file",
        "before the manifest",
        "before the version's row",
        "before the deployment",
        "before the run's end",
        "before the commit",
    ],
)
def test_a_killed_publish_leaves_no_live_trace(
    queue_engine: Engine, queue_url: str, artifacts: ArtifactStore, tmp_path: Path, run: ClaimedRun, point: str
) -> None:
    """Killed anywhere: the live version is untouched, no half version is visible, and doing it again succeeds."""
    folder = tmp_path / "made"
    manifest = make_version(folder, CANDIDATE)
    environment = {"PYTHONPATH": str(ROOT / "tests"), "DATABASE_URL": queue_url, "ARTIFACT_URL": artifacts.url}
    command = [sys.executable, "-m", "doodle_testing.killed_publisher", point, str(folder), str(run.key)]

    killed = subprocess.run(command, env={**os.environ, **environment}, check=False)

    assert killed.returncode == -signal.SIGKILL
    assert live_version(queue_engine) == LIVE
    assert not is_registered(queue_engine, CANDIDATE)
    assert read_run(queue_engine, run.key).state == "running"
    assert artifacts.has_version(CANDIDATE) == ("file" not in point and "manifest" not in point)
    again = store_candidate(artifacts, folder, manifest)
    with queue_engine.begin() as connection:
        conclude(connection, run, again, conclusion("published"))
    assert live_version(queue_engine) == CANDIDATE
