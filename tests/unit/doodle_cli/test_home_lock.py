"""One `up` per home."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from doodle_cli.errors import HomeBusyError
from doodle_cli.home import Home
from doodle_cli.home_lock import await_end, find_running_up, hold_home

HOLDER = """
import sys, pathlib
from doodle_cli.home import Home
from doodle_cli.home_lock import hold_home
with hold_home(Home(pathlib.Path(sys.argv[1])), "http://localhost:1"):
    print("held", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def start_holder(home: Home) -> subprocess.Popen[bytes]:
    """Let another process hold the home."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(home.folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"held\n"
    return process


def test_two_do_not_hold_one_home(home: Home) -> None:
    """The second is told who the first is."""
    with start_holder(home) as holder:
        with pytest.raises(HomeBusyError, match=rf"in use by another `doodle up` \(process {holder.pid}\)"):
            hold_home(home, "http://localhost:2").__enter__()

        assert find_running_up(home) is not None
        holder.kill()


def test_a_killed_holder_holds_nothing(home: Home) -> None:
    """A lock file left behind keeps nobody from starting, and names nobody."""
    with start_holder(home) as holder:
        holder.kill()
        holder.wait()

    assert home.lock.read_text() != ""
    assert find_running_up(home) is None
    with hold_home(home, "http://localhost:2"):
        running = find_running_up(home)
        assert running is not None
        assert (running.process.pid, running.url) == (os.getpid(), "http://localhost:2")
    assert find_running_up(home) is None


def test_the_end_is_waited_for(home: Home) -> None:
    """`doodle down` looks again and again, and gives up at some time."""
    pauses: list[None] = []
    with hold_home(home, "http://localhost:2"):
        assert not await_end(home, attempts=3, pause=lambda: pauses.append(None))

    assert len(pauses) == 3
    assert await_end(home, attempts=3, pause=lambda: pauses.append(None))
