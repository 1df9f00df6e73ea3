"""The supervisor with real processes: they come back, they stop in order, and none outlives it."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from doodle_cli.children import ChildSpec
from doodle_cli.errors import StartError
from doodle_cli.home import Home, read_json
from doodle_cli.log_files import MAX_BYTES
from doodle_cli.processes import ProcessId, find_session, identify, is_running, parse_process
from doodle_cli.supervisor import Supervisor, end_leftovers

SLEEPER = "import time; print('up', flush=True); time.sleep(60)"
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('up', flush=True); time.sleep(60)"
CRASHER = "import sys; print('the reason', file=sys.stderr); sys.exit(3)"
WITH_CHILD = "import subprocess, time; subprocess.Popen(['sleep', '60']); print('up', flush=True); time.sleep(60)"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    made = Home(tmp_path / "home")
    made.prepare()
    return made


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def supervisor(home: Home, said: list[str]) -> Iterator[Supervisor]:
    made = Supervisor(home, said.append)
    yield made
    made.stop([["a", "b", "c"]])


def make_spec(home: Home, name: str, script: str, grace_seconds: float = 5) -> ChildSpec:
    command = (sys.executable, "-c", script)
    return ChildSpec(name, command, {"PATH": os.environ["PATH"]}, home.folder, grace_seconds=grace_seconds)


def await_(condition: Callable[[], object], supervisor: Supervisor | None = None) -> None:
    """Look again and again until something has come about."""
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        if supervisor:
            supervisor.look_after()
        time.sleep(0.02)


def is_up(home: Home, name: str) -> bool:
    return home.log_of(name).is_file() and "up" in home.log_of(name).read_text()


def count_deaths(said: list[str]) -> int:
    return sum(line.startswith("a died (exit code 3)") for line in said)


def processes_of(home: Home) -> list[ProcessId]:
    """Read which processes the supervisor has noted."""
    return [process for process in map(parse_process, read_json(home.processes)) if process]


def test_a_killed_child_comes_back(home: Home, supervisor: Supervisor, said: list[str]) -> None:
    """Its death is said with its reason and its last words; its successor is another process."""
    supervisor.start(make_spec(home, "a", SLEEPER))
    await_(lambda: is_up(home, "a"))
    (first,) = processes_of(home)

    os.kill(first.pid, signal.SIGKILL)
    await_(lambda: home.log_of("a").read_text().count("up") == 2, supervisor)

    (second,) = processes_of(home)
    assert second != first
    assert is_running(second)
    assert said[0].startswith("a died (killed by SIGKILL). The last lines of")
    assert said[1:] == ["    up", "a is started again in 0.25 s."]
    assert "a died (killed by SIGKILL)" in home.log_of("up").read_text()


def test_a_crash_loop_is_said_clearly(home: Home, said: list[str]) -> None:
    """The fifth death within a minute is called what it is; the clock is a fake one."""
    clock = [0.0]
    supervisor = Supervisor(home, said.append, clock=lambda: clock[0])
    supervisor.start(make_spec(home, "a", CRASHER))
    for _ in range(5):
        deaths = count_deaths(said)
        await_(partial(lambda deaths: count_deaths(said) > deaths, deaths), supervisor)
        clock[0] += 5

    assert said.count("    the reason") == 5
    assert "a keeps dying: 5 times within a minute. Its log says why." in said
    supervisor.stop([["a"]])


def test_a_child_that_never_starts_ends_the_start(home: Home, supervisor: Supervisor) -> None:
    """While the stack starts, three deaths are enough to give up."""
    supervisor.start(make_spec(home, "a", CRASHER))

    def given_up() -> bool:
        try:
            supervisor.refuse_crash_loop()
        except StartError as refused:
            return "a does not start" in str(refused)
        return False

    await_(given_up, supervisor)


def test_what_a_dead_child_left_running_is_ended(home: Home, supervisor: Supervisor) -> None:
    """A service's successor finds its port free, whatever its predecessor's own children still held."""
    supervisor.start(make_spec(home, "a", WITH_CHILD))
    await_(lambda: is_up(home, "a"))
    (leader,) = processes_of(home)
    (member,) = [pid for pid in find_session(leader) if pid != leader.pid]

    os.kill(leader.pid, signal.SIGKILL)
    await_(lambda: leader not in processes_of(home), supervisor)

    assert identify(member) is None


def test_who_was_asked_to_end_rests(home: Home, supervisor: Supervisor, said: list[str]) -> None:
    """An operator has ended it from the page: it is not a death, and it is not started again."""
    supervisor.start(replace(make_spec(home, "a", CRASHER), rest_status=3))

    await_(lambda: said, supervisor)
    for _ in range(20):
        supervisor.look_after()

    assert said == ["a has ended, as it was asked to. The next `doodle up` starts it again."]
    assert processes_of(home) == []


def test_a_start_that_fails_is_tried_again(home: Home, supervisor: Supervisor, said: list[str], tmp_path: Path) -> None:
    """A machine that has no process to give for a moment costs that one child a moment, and the others nothing."""
    folder = tmp_path / "work"
    folder.mkdir()
    supervisor.start(replace(make_spec(home, "a", SLEEPER), folder=folder))
    await_(lambda: is_up(home, "a"))
    (first,) = processes_of(home)

    folder.rmdir()
    os.kill(first.pid, signal.SIGKILL)
    await_(lambda: any(line.startswith("a could not be started") for line in said), supervisor)
    folder.mkdir()
    await_(lambda: home.log_of("a").read_text().count("up") == 2, supervisor)

    (second,) = processes_of(home)
    assert is_running(second)
    assert said[-1].startswith("a could not be started ([Errno 2]")
    assert said[-1].endswith("It is tried again in 0.5 s.")


def test_a_full_disk_ends_nobody(home: Home, supervisor: Supervisor, said: list[str]) -> None:
    """A death is said on the screen, and that it cannot be written down is said once, until it can be again."""
    home.log_of("up").symlink_to("/dev/full")
    home.processes.with_name("processes.json.new").symlink_to("/dev/full")

    supervisor.start(make_spec(home, "a", CRASHER))
    await_(lambda: count_deaths(said) == 2, supervisor)

    full = "goes on: [Errno 28] No space left on device"
    assert [line for line in said if "Errno" in line] == [
        f"! processes.json cannot be written; everything {full}",
        f"! up.log cannot be written; everything {full}",
    ]
    home.log_of("up").unlink()
    await_(lambda: count_deaths(said) == 3, supervisor)
    assert "a died (exit code 3)" in home.log_of("up").read_text()


def test_a_full_disk_keeps_no_other_log_from_being_kept_small(
    home: Home, supervisor: Supervisor, said: list[str]
) -> None:
    """A log that cannot move aside stays as it is, and is looked at again."""
    for name in ("a", "b"):
        supervisor.start(make_spec(home, name, SLEEPER))
        await_(partial(is_up, home, name))
        os.truncate(home.log_of(name), MAX_BYTES + 1)
    Path(f"{home.log_of('a')}.1").symlink_to("/dev/full")

    supervisor.rotate_logs()

    assert [home.log_of(name).stat().st_size for name in ("a", "b")] == [MAX_BYTES + 1, 0]
    (line,) = said
    assert line.startswith("! a.log cannot be moved aside; everything goes on: [Errno 28]")
    supervisor.rotate_logs()
    assert home.log_of("a").stat().st_size == 0


def test_a_screen_that_takes_nothing_ends_nobody(home: Home) -> None:
    """The output of `doodle up` may be a file on the disk that is full."""

    def say(_line: str) -> None:
        Path("/dev/full").write_text("line")

    supervisor = Supervisor(home, say)
    supervisor.start(make_spec(home, "a", CRASHER))
    await_(lambda: home.log_of("a").read_text().count("the reason") == 2, supervisor)
    supervisor.stop([["a"]])

    assert "a died (exit code 3)" in home.log_of("up").read_text()


def test_groups_stop_one_after_another(home: Home, said: list[str]) -> None:
    """Who depends on somebody is gone before that one is asked."""
    supervisor = Supervisor(home, said.append)
    script = f"""
import signal, sys, time
def end(*_):
    open({str(home.folder / "order")!r}, "a").write(sys.argv[1] + " ")
    sys.exit()
signal.signal(signal.SIGTERM, end)
print("up", flush=True)
time.sleep(60)
"""
    for name in ("a", "b", "c"):
        spec = make_spec(home, name, script)
        supervisor.start(ChildSpec(name, (*spec.command, name), spec.environment, spec.folder))
    for name in ("a", "b", "c"):
        await_(partial(is_up, home, name))

    supervisor.stop([["b"], ["missing"], ["c"], ["a"]])

    assert (home.folder / "order").read_text() == "b c a "
    assert (said, processes_of(home)) == ([], [])


def test_who_does_not_stop_is_killed(home: Home, said: list[str]) -> None:
    """Nobody keeps the others waiting longer than its grace."""
    supervisor = Supervisor(home, said.append)
    supervisor.start(make_spec(home, "a", STUBBORN, grace_seconds=0.3))
    await_(lambda: is_up(home, "a"))
    (process,) = processes_of(home)

    supervisor.stop([["a"]])

    assert not is_running(process)
    assert said == ["a did not stop within 0 s; killed."]


def test_a_step_that_fails_says_why(home: Home, supervisor: Supervisor) -> None:
    """What is run to its end shows its last words."""
    with pytest.raises(StartError, match=r"(?s)a failed \(exit code 3\).*the reason"):
        supervisor.run(make_spec(home, "a", CRASHER), lambda: time.sleep(0.02))


def test_a_step_ends_with_the_wish_to_stop(home: Home, supervisor: Supervisor) -> None:
    """Nobody waits for an import after Ctrl-C."""

    def pause() -> None:
        await_(lambda: is_up(home, "a"))
        raise InterruptedError

    with pytest.raises(InterruptedError):
        supervisor.run(make_spec(home, "a", "import os; print(os.getpid()); " + SLEEPER), pause)

    assert identify(int(home.log_of("a").read_text().split()[0])) is None


SUPERVISE = """
import sys, time
from pathlib import Path
from doodle_cli.children import ChildSpec
from doodle_cli.home import Home
from doodle_cli.supervisor import Supervisor
home = Home(Path(sys.argv[1]))
supervisor = Supervisor(home, print)
for name, script in zip(sys.argv[2::2], sys.argv[3::2]):
    supervisor.start(ChildSpec(name, (sys.executable, "-c", script), {"PATH": "/usr/bin:/bin"}, home.folder))
time.sleep(60)
"""


def run_supervisor(home: Home, **scripts: str) -> subprocess.Popen[bytes]:
    """Run a supervisor in a process of its own until its children are up."""
    named = [part for pair in scripts.items() for part in pair]
    process = subprocess.Popen([sys.executable, "-c", SUPERVISE, str(home.folder), *named])
    for name in scripts:
        await_(partial(is_up, home, name))
    return process


def test_no_child_outlives_a_killed_supervisor(home: Home) -> None:
    """The kernel tells them, so that even kill -9 leaves nothing behind."""
    with run_supervisor(home, a=SLEEPER, b=SLEEPER) as process:
        children = processes_of(home)
        process.kill()

    assert len(children) == 2
    await_(lambda: not any(map(is_running, children)))


def test_the_next_one_ends_what_is_left(home: Home) -> None:
    """A child that does not listen to the kernel's signal is killed by the next `up`, and nothing else is."""
    with run_supervisor(home, a=STUBBORN) as process, subprocess.Popen(["sleep", "60"]) as bystander:
        (stubborn,) = processes_of(home)
        process.kill()
        process.wait()
        assert is_running(stubborn)

        end_leftovers(home.processes, attempts=2)

        await_(lambda: not is_running(stubborn))
        assert bystander.poll() is None
        bystander.kill()
