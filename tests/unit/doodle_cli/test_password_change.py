"""Of two passwords, the home keeps the one its database has taken."""

from pathlib import Path

import pytest

from doodle_cli.password_change import NAME, NEXT, settle_password
from doodle_cli.secret_files import find_secret, write_secret


@pytest.mark.parametrize("taken", ["old", "new"])
def test_the_one_the_database_takes_stays(tmp_path: Path, taken: str) -> None:
    """It lies under its name, for its owner only, and the other one is gone."""
    write_secret(tmp_path / NAME, "old")
    write_secret(tmp_path / NEXT, "new")

    settle_password(tmp_path, taken)

    assert {path.name: path.read_text() for path in tmp_path.iterdir()} == {NAME: f"{taken}\n"}
    assert (tmp_path / NAME).stat().st_mode & 0o777 == 0o600


def test_without_a_change_nothing_changes(tmp_path: Path) -> None:
    """Every start asks."""
    write_secret(tmp_path / NAME, "old")

    settle_password(tmp_path, "old")

    assert find_secret(tmp_path, NAME) == "old"
