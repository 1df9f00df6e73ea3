"""What `doodle worker` tells the worker it becomes."""

from pathlib import Path

import pytest

from doodle_cli.commands.workers import worker_environment
from doodle_cli.config import read_settings
from doodle_cli.errors import CliError
from doodle_cli.home import Home

ELSEWHERE = {
    "DATABASE_URL": "postgresql://a:b@c/d?sslmode=verify-full",
    "ARTIFACT_URL": "s3://bucket/prefix",
    "AWS_REGION": "eu-central-1",
    "TFJS_RUNNER": "/runner.mjs",
    "WORKER_NAME": "from-the-environment",
    "UNRELATED_SECRET": "not for the worker",
}


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def test_everything_it_needs_and_nothing_else(home: Home) -> None:
    """Addresses, who asks the store, name, runner; what else is in the shell's environment stays there."""
    told = worker_environment(read_settings(ELSEWHERE), home, "colab-1", until_idle=True)

    expected = {**ELSEWHERE, "WORKER_NAME": "colab-1", "WORKER_UNTIL_IDLE": "yes", "LABEL_SET": "animals"}
    del expected["UNRELATED_SECRET"]
    assert {name: told.get(name) for name in expected} == expected
    assert "UNRELATED_SECRET" not in told


def test_a_name_need_not_be_given(home: Home) -> None:
    """Then the environment's is meant, or else the worker takes the machine's."""
    assert worker_environment(read_settings(ELSEWHERE), home, None, until_idle=False)["WORKER_NAME"] == (
        "from-the-environment"
    )


def test_a_database_without_a_place_for_versions(home: Home) -> None:
    """A folder of the worker's own would hold versions nobody else can read: it is not guessed."""
    settings = read_settings({**ELSEWHERE, "ARTIFACT_URL": ""})

    with pytest.raises(CliError, match="ARTIFACT_URL is missing"):
        worker_environment(settings, home, None, until_idle=False)


def test_without_a_stack_there_is_no_database(home: Home) -> None:
    """The message says what to do."""
    with pytest.raises(CliError, match="set DATABASE_URL"):
        worker_environment(read_settings({}), home, None, until_idle=False)
