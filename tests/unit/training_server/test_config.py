"""The service and its workers start with settings that can be used, or not at all."""

from pathlib import Path

import pytest

from doodle_db.errors import SettingsError
from training_server.config import from_environment, serving_from_environment, worker_from_environment

NEEDED = {"DATABASE_URL": "postgresql://doodle@localhost/doodle", "ARTIFACT_URL": "/somewhere"}


def test_what_is_needed_is_enough() -> None:
    """Everything else has a default that suits one machine."""
    settings = from_environment(NEEDED)

    assert (settings.label_set.name, settings.delta_min_doodles) == ("animals", 200)
    assert (settings.schedule_hours, settings.base_models, settings.log_level) == (0, None, "info")


def test_nothing_set_names_everything_needed() -> None:
    """A first start says at once all that it lacks."""
    with pytest.raises(SettingsError) as refusal:
        worker_from_environment({})

    for name in ("DATABASE_URL", "ARTIFACT_URL", "TFJS_RUNNER"):
        assert f"{name} is missing" in str(refusal.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://somewhere"),
        ("LABEL_SET", "plants"),
        ("DELTA_MIN_DOODLES", "0"),
        ("SCHEDULE_HOURS", "-1"),
        ("LOG_LEVEL", "loud"),
        ("WORKER_NAME", "a name with spaces"),
        ("TFJS_RUNNER", "/nowhere/run_graph_model.mjs"),
        ("PULSE_FILE", "/nowhere/pulse"),
        ("TENSORBOARD_DIR", "tensorboard"),
        ("MLFLOW_TRACKING_URI", "mlruns"),
    ],
)
def test_a_wrong_value_is_refused_by_name(name: str, value: str, tmp_path: Path) -> None:
    """The refusal names the variable."""
    runner = tmp_path / "run_graph_model.mjs"
    runner.touch()

    with pytest.raises(SettingsError) as refusal:
        worker_from_environment({**NEEDED, "TFJS_RUNNER": str(runner), name: value})

    assert f"{name} is wrong" in str(refusal.value)


def test_a_worker_is_named_after_its_machine(tmp_path: Path) -> None:
    """Two machines need no configuration to have two names."""
    runner = tmp_path / "run_graph_model.mjs"
    runner.touch()

    _, worker = worker_from_environment({**NEEDED, "TFJS_RUNNER": str(runner)})

    assert worker.name
    assert worker.node.endswith("node")
    assert (worker.pulse_file, worker.tensorboard_dir, worker.mlflow_url) == (None, None, None)


def test_gunicorn_has_defaults() -> None:
    """The API listens on this machine only; nginx is what the world sees."""
    assert serving_from_environment({}).bind == "127.0.0.1:8002"
