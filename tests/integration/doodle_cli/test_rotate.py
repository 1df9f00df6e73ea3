"""Secrets are changed while the stack is down, and everything knows the new ones afterwards."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from doodle_cli.config import read_settings
from doodle_cli.home import Home, home_at
from doodle_cli.home_lock import hold_home
from doodle_cli.installation import open_installation
from doodle_cli.main import cli
from doodle_cli.screen import Screen
from doodle_db.engine import connect_to

SYSTEM = {"PATH": "/usr/bin:/bin"}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """A home that has been used: its database is there, and stopped."""
    made = home_at(tmp_path_factory.mktemp("rotate") / "home")
    ask_database(made, is_new=True)
    return made


def ask_database(home: Home, *, is_new: bool = False) -> int:
    """Start the home's database and ask it something, with the password that lies in the home."""
    with open_installation(read_settings(SYSTEM), home, Screen(), is_new=is_new) as installation:
        engine = connect_to(installation.database_url)
        with engine.connect() as connection:
            answer = int(connection.execute(text("SELECT 7")).scalar_one())
        engine.dispose()
    return answer


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
