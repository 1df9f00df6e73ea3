"""Logs: small, and read from their ends."""

from pathlib import Path

import pytest

from doodle_cli.log_files import read_tail, rotate_log, shorten_line


def test_a_long_log_moves_aside_and_its_writer_goes_on(tmp_path: Path) -> None:
    """The process keeps its file open; what it writes next stands in the emptied one."""
    log = tmp_path / "x.log"
    with log.open("ab", buffering=0) as writer:
        writer.write(b"old\n" * 100)
        assert rotate_log(log, max_bytes=50)
        writer.write(b"new\n")

    assert log.read_bytes() == b"new\n"
    assert (tmp_path / "x.log.1").read_bytes() == b"old\n" * 100


def test_a_log_that_cannot_be_copied_stays_whole(tmp_path: Path) -> None:
    """Half a copy is of no use, and takes the room that others wait for."""
    log = tmp_path / "x.log"
    log.write_bytes(b"old\n" * 100)
    (tmp_path / "x.log.1").symlink_to("/dev/full")

    with pytest.raises(OSError, match="No space left"):
        rotate_log(log, max_bytes=50)

    assert log.read_bytes() == b"old\n" * 100
    assert [path.name for path in tmp_path.iterdir()] == ["x.log"]


def test_a_short_log_stays(tmp_path: Path) -> None:
    """Nothing is moved for nothing, and a log that does not exist is no error."""
    (tmp_path / "x.log").write_text("short\n")

    assert not rotate_log(tmp_path / "x.log")
    assert not rotate_log(tmp_path / "nothing.log")


def test_the_end_of_a_life_is_read(tmp_path: Path) -> None:
    """Only what was written since the process started; all of it if the log was rotated meanwhile."""
    log = tmp_path / "x.log"
    log.write_text("earlier\nlater\nlast\n")

    assert read_tail(log, 2) == ["later", "last"]
    assert read_tail(log, 9, since=8) == ["later", "last"]
    assert read_tail(log, 9, since=999) == ["earlier", "later", "last"]
    assert read_tail(tmp_path / "nothing.log", 9) == []


@pytest.mark.parametrize("line", ["x" * 500, '{"event": "' + "x" * 500 + '"}', "[1]", "{}", '"text"', "7"])
def test_any_line_fits_on_a_screen(line: str) -> None:
    """Whatever a process writes before it dies can be shown."""
    assert 0 < len(shorten_line(line)) <= 200
