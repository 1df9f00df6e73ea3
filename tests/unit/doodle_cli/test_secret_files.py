"""Secrets: random, kept, for their owner only."""

from pathlib import Path

import pytest

from doodle_cli.errors import CliError
from doodle_cli.secret_files import find_secret, make_secrets


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "secrets"
    made.mkdir(mode=0o755)
    return made


def test_nobody_else_may_read_them(folder: Path) -> None:
    """The folder is its owner's only, and so is each file, whatever the umask."""
    make_secrets(folder)

    assert folder.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in folder.iterdir()} == {0o600}


def test_they_are_made_once(folder: Path) -> None:
    """A second start finds the same secrets: contributors stay who they are."""
    first = make_secrets(folder)

    assert make_secrets(folder) == first
    assert find_secret(folder, "operator_token") == first.operator_token


def test_each_is_256_random_bits(tmp_path: Path) -> None:
    """No two installations and no two secrets are alike."""
    made = [make_secrets(_make_folder(tmp_path / name)) for name in ("one", "two")]

    values = [value for each in made for value in vars(each).values()]
    assert len(set(values)) == 6
    assert all(len(bytes.fromhex(value)) == 32 for value in values)


def _make_folder(folder: Path) -> Path:
    folder.mkdir()
    return folder


def test_a_secret_left_open_is_closed_again(folder: Path) -> None:
    """A file copied back from a backup with the wrong rights is put right."""
    make_secrets(folder)
    (folder / "operator_token").chmod(0o644)

    make_secrets(folder)

    assert (folder / "operator_token").stat().st_mode & 0o777 == 0o600


def test_an_empty_secret_is_refused(folder: Path) -> None:
    """An empty password would be a default one."""
    make_secrets(folder)
    (folder / "contributor_key").write_text("\n")

    with pytest.raises(CliError, match="contributor_key is empty"):
        make_secrets(folder)


def test_they_are_not_shown(folder: Path) -> None:
    """A traceback that shows the object shows no secret."""
    assert repr(make_secrets(folder)) == "Secrets(...)"


def test_a_secret_that_was_never_made_is_not_found(tmp_path: Path) -> None:
    """Asking for a secret makes none."""
    assert find_secret(tmp_path / "nowhere", "operator_token") is None
