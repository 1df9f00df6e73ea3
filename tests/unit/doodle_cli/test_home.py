"""The home: its owner's only, and its notes whole or not there."""

from pathlib import Path

import pytest

from doodle_cli.errors import CliError
from doodle_cli.home import Home, empty_scratch, home_at, read_json, write_json


def test_only_its_owner_looks_into_it(tmp_path: Path) -> None:
    """The database, the secrets and the logs of everybody's drawings lie there."""
    home = Home(tmp_path / "deep" / "home")

    home.prepare()
    home.prepare()

    assert {folder.stat().st_mode & 0o777 for folder in [home.folder, *home.folder.iterdir()]} == {0o700}


def test_somebody_elses_home_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Root's database cannot be opened by another user, nor the other way round."""
    monkeypatch.setattr("os.geteuid", lambda: 12345)

    with pytest.raises(CliError, match="belongs to another user"):
        Home(tmp_path).prepare()


def test_a_home_is_the_same_from_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Children work elsewhere, so its path is absolute."""
    monkeypatch.chdir(tmp_path)

    assert home_at(Path(".doodle")) == Home(tmp_path / ".doodle")


def test_a_note_is_whole_and_private(tmp_path: Path) -> None:
    """Written aside, then renamed; what is damaged counts as not there."""
    note = tmp_path / "note.json"

    assert read_json(note) is None
    write_json(note, {"a": 1})
    assert (read_json(note), note.stat().st_mode & 0o777) == ({"a": 1}, 0o600)
    note.write_text('{"a": ')
    assert read_json(note) is None


def test_what_killed_workers_left_is_emptied(tmp_path: Path) -> None:
    """A run's files would otherwise stay for ever; nothing else of the home is touched."""
    home = Home(tmp_path / "home")
    home.prepare()
    kept = home.artifacts / "kept"
    kept.touch()
    empty_scratch(home)
    (home.scratch / "doodle-run-1").mkdir()

    empty_scratch(home)

    assert list(home.scratch.iterdir()) == []
    assert kept.exists()
