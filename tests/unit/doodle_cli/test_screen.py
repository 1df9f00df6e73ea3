"""What `doodle up` shows: lines that stay, and on a terminal one that moves."""

import io

import pytest

from doodle_cli.screen import Screen


class Terminal(io.StringIO):
    """An output that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_step_is_one_line_with_its_seconds() -> None:
    """In a log file there is no spinner, and nothing to erase."""
    output = io.StringIO()
    screen = Screen(output)

    with screen.step("PostgreSQL"):
        screen.tick()

    assert output.getvalue() == f"  + {'PostgreSQL':<34}    0.0 s\n"


def test_a_step_that_fails_is_marked() -> None:
    """Where it stopped is visible above the message."""
    output = io.StringIO()

    with pytest.raises(ValueError, match="no"), Screen(output).step("Services"):
        raise ValueError("no")

    assert output.getvalue() == "  - Services\n"


def test_a_terminal_shows_what_is_under_way() -> None:
    """The moving line is erased before the next one is written, so that none is torn."""
    output = Terminal()
    screen = Screen(output)

    with screen.step("Services"):
        screen.say("worker died")

    moving, said, done = output.getvalue().split("\r\x1b[2K")[1:]
    assert moving.startswith("  | Services")
    assert said == "worker died\n"
    assert done == f"  + {'Services':<34}    0.0 s\n"
