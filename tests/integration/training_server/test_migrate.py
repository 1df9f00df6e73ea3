"""A new installation, and every start after it: schema, queue, first version; done once, whoever starts at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.label_sets import load_label_set
from doodle_db.migrate import is_migrated
from doodle_db.model_registry import get_live, list_deployments
from doodle_testing.builders import LABEL_SET
from doodle_testing.training_server import BASE_MODELS, make_live
from training_server.errors import LabelsDifferError, NoBaseVersionError
from training_server.queue_schema import is_queue_migrated, migrate_queue
from training_server.seed import seed


def run_migrate(database_url: str, artifacts: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"DATABASE_URL": database_url, "ARTIFACT_URL": str(artifacts), "BASE_MODELS": str(BASE_MODELS)}
    return subprocess.run(
        [sys.executable, "-m", "training_server.migrate"],
        env={**os.environ, **environment, **settings},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_first_start_deploys_the_shipped_version_once(empty_database_url: str, tmp_path: Path) -> None:
    """Three starts at once and another later: one deployment, its files in the store, its author the installation."""
    with ThreadPoolExecutor(3) as starts:
        done = list(starts.map(lambda _: run_migrate(empty_database_url, tmp_path), range(3)))
    again = run_migrate(empty_database_url, tmp_path)

    assert [each.returncode for each in (*done, again)] == [0] * 4, [each.stderr for each in (*done, again)]
    engine = connect_to(empty_database_url)
    with engine.connect() as connection:
        assert is_migrated(connection)
        assert is_queue_migrated(connection)
        history = list_deployments(connection)
    engine.dispose()
    assert [(each.kind, each.actor, each.reason) for each in history] == [("publish", "installation", "first start")]
    assert ArtifactStore(str(tmp_path)).list_versions() == [history[0].version]


def test_a_start_without_settings_says_what_is_missing(tmp_path: Path) -> None:
    """A refusal on stderr and an exit status, no traceback."""
    refused = run_migrate("", tmp_path)

    assert refused.returncode == 1
    assert "DATABASE_URL is missing" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_lost_artifact_store_gets_the_shipped_version_back(engine: Engine, tmp_path: Path) -> None:
    """What the shipped folder can bring back, it does; nothing is deployed by that."""
    seed(engine, ArtifactStore(str(tmp_path / "first")), BASE_MODELS, LABEL_SET)
    empty = ArtifactStore(str(tmp_path / "second"))

    seed(engine, empty, BASE_MODELS, LABEL_SET)

    with engine.connect() as connection:
        assert empty.list_versions() == [get_live(connection).version]
        assert len(list_deployments(connection)) == 1


def test_a_lost_trained_version_does_not_stop_the_start(
    engine: Engine, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can bring it back, but an operator needs the running system to deploy another one."""
    make_live(engine)

    seed(engine, ArtifactStore(str(tmp_path)), BASE_MODELS, LABEL_SET)

    assert [record.message for record in caplog.records] == ["live_version_missing"]


def test_nothing_shipped_for_a_label_set_is_an_error(engine: Engine, tmp_path: Path) -> None:
    """The message says which folder was expected and what makes one."""
    with pytest.raises(NoBaseVersionError, match=r"digits/<version>/manifest.json"):
        seed(engine, ArtifactStore(str(tmp_path)), tmp_path, load_label_set("digits"))


def test_another_label_set_than_the_live_versions_is_refused(engine: Engine, tmp_path: Path) -> None:
    """Asked for digits, nobody draws what a version of animals can guess: the start ends with what to do instead."""
    store = ArtifactStore(str(tmp_path))
    seed(engine, store, BASE_MODELS, LABEL_SET)

    with pytest.raises(LabelsDifferError, match=r"of label set animals, and LABEL_SET is digits.*home or database"):
        seed(engine, store, BASE_MODELS, load_label_set("digits"))


def test_an_older_queue_is_brought_up_to_date(engine: Engine) -> None:
    """The scripts after the mark run, in order, once."""
    migrate_queue(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP TRIGGER procrastinate_trigger_status_events_update_v1 ON procrastinate_jobs"))
        connection.execute(
            text("COMMENT ON TABLE procrastinate_jobs IS '03.04.00_01_pre_add_retry_failed_job_procedure.sql'")
        )
        assert not is_queue_migrated(connection)

    migrate_queue(engine)

    with engine.connect() as connection:
        triggers = connection.execute(text("SELECT tgname FROM pg_trigger WHERE tgname LIKE '%events_update_v1'"))
        assert len(triggers.all()) == 1
        assert is_queue_migrated(connection)
