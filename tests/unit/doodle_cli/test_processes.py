"""Processes: never mistaken for others."""

import os
import signal
import subprocess
import sys
from pathlib import Path

from doodle_cli.processes import ProcessId, find_session, identify, is_running, kill_all, parse_process


def test_a_process_is_itself_and_no_later_one() -> None:
    """The same number with another start time is somebody else."""
    me = identify(os.getpid())

    assert me is not None
    assert is_running(me)
    assert not is_running(ProcessId(me.pid, me.started + 1))
    assert parse_process(me.as_json()) == me


def test_a_dead_process_does_not_run() -> None:
    """Not even while it waits for its parent to notice."""
    with subprocess.Popen(["sleep", "60"]) as process:
        identity = identify(process.pid)
        process.kill()
        os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)

        assert identity is not None
        assert not is_running(identity)


def test_a_session_outlives_its_leader() -> None:
    """What a dead process left running is found, and nothing else."""
    script = "import subprocess, sys; p = subprocess.Popen(['sleep', '60']); print(p.pid, flush=True); sys.stdin.read()"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, start_new_session=True
    ) as leader:
        assert leader.stdout is not None
        member = int(leader.stdout.readline())
        identity = identify(leader.pid)
        assert identity is not None
        assert sorted(find_session(identity)) == sorted([leader.pid, member])
        os.kill(leader.pid, signal.SIGKILL)
        leader.wait()

        assert find_session(identity) == [member]
        assert find_session(ProcessId(os.getpid(), 0)) == []
        kill_all([member])


def test_damaged_notes_name_no_process() -> None:
    """A file of the home may have been cut off."""
    notes: list[object] = [None, [], {"pid": "1"}, {"pid": 1}]

    assert [parse_process(note) for note in notes] == [None] * 4


def test_a_process_that_has_gone_is_passed_over(tmp_path: Path) -> None:
    """Ending what has ended already is no error."""
    with subprocess.Popen(["true"]) as process:
        process.wait()

    kill_all([process.pid])
