"""Secrets are changed while the stack is down, and everything knows the new ones afterwards."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from doodle_cli.home import Home, home_at
from doodle_cli.home_lock import hold_home
from doodle_cli.main import cli
from doodle_testing.homes import ask_database, used_home


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that has been used: its database is there, and stopped."""
    return used_home(tmp_path_factory.mktemp("rotate") / "home")


def rotate(home: Home, name: str) -> Result:
    return CliRunner().invoke(cli, ["rotate", name, "--home", str(home.folder)])


def read(home: Home) -> dict[str, str]:
    return {path.name: path.read_text() for path in home.secrets.iterdir()}


@pytest.mark.parametrize("name", ["operator_token", "contributor_key", "postgres_password"])
def test_one_secret_changes_and_all_works(home: Home, name: str) -> None:
    """The others stay, nobody else can read it, and the database takes what lies in the home."""
    before = read(home)

    done = rotate(home, name)

    assert done.exit_code == 0, done.output
    after = read(home)
    assert {each for each in after if after[each] != before.get(each)} == {name}
    assert (home.secrets / name).stat().st_mode & 0o777 == 0o600
    assert after[name].strip() not in done.output
    assert ask_database(home) == 7


def test_a_stack_that_runs_is_left_alone(home: Home) -> None:
    """Its processes have the old secret."""
    before = read(home)

    with hold_home(home, "http://localhost:1"):
        refused = rotate(home, "operator_token")

    assert refused.exit_code == 1
    assert "stop it with `doodle down` first" in refused.output
    assert read(home) == before


def test_a_home_without_secrets_is_no_home(tmp_path: Path) -> None:
    """A wrong --home makes nothing."""
    refused = rotate(home_at(tmp_path / "nowhere"), "operator_token")

    assert refused.exit_code == 1
    assert "nothing has been started on this home yet" in refused.output
    assert not (tmp_path / "nowhere").exists()
