"""The children: how each process is started, and what it said before it died."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from doodle_cli.log_files import read_tail, shorten_line
from doodle_cli.processes import ProcessId, find_session, identify, kill_all

LAST_LINES = 12
"""How much of a log is shown when its process died."""


@dataclass(frozen=True)
class ChildSpec:
    """
    How to run a process of the stack.

    Attributes:
        name: of the process; its log is called so, too.
        command: program and arguments; no secret among them, because every user of the machine may read them.
        environment: all of it; nothing is inherited.
        folder: it works there.
        stop_signal: asks it to stop.
        grace_seconds: it is given so long for that.
        orphan_signal: the kernel sends this when the supervisor dies.
        data_folder: of a program that must not run as root.
        rest_status: it ends with this when it was asked to, and is not started again; None: it always is.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    stop_signal: signal.Signals = signal.SIGTERM
    grace_seconds: float = 5.0
    orphan_signal: signal.Signals = signal.SIGTERM
    data_folder: Path | None = None
    rest_status: int | None = None


@dataclass
class Child:
    """
    A process of the stack through all its lives; used by one thread only.

    Attributes:
        spec: how to run it.
        log: where its output goes.
        process: the present life; None while it is not running.
        deaths: when it died, or could not be started, by the supervisor's clock.
        restart_at: when it is to be started again, by the same clock; None if not.
    """

    spec: ChildSpec
    log: Path
    process: subprocess.Popen[bytes] | None = None
    identity: ProcessId | None = None
    deaths: list[float] = field(default_factory=list)
    restart_at: float | None = None
    _log_start: int = 0

    def start(self) -> None:
        """
        Start it: in a session of its own, so that a terminal's Ctrl-C is the supervisor's to pass on.

        Raises:
            OSError: the machine has no process to give, or its log cannot be opened.
        """
        with self.log.open("ab") as output:
            self._log_start = output.tell()
            self.process = subprocess.Popen(
                tethered_command(self.spec, os.getpid()),
                env=dict(self.spec.environment),
                cwd=self.spec.folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.identity = identify(self.process.pid)
        self.restart_at = None

    def find_exit(self) -> int | None:
        """Find how the present life ended; None while it lasts, or if there is none."""
        return self.process.poll() if self.process else None

    def bury(self) -> None:
        """End what a dead process left running in its session, so that its successor finds its port free."""
        if self.identity:
            kill_all(find_session(self.identity))
        self.process = self.identity = None

    def ask_to_stop(self) -> None:
        """Send its stop signal; the others of its session are its own to stop."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(self.spec.stop_signal)

    def last_words(self) -> list[str]:
        """Give the last lines of its present life's log, fit for a screen."""
        return [shorten_line(line) for line in read_tail(self.log, LAST_LINES, self._log_start)]


def tethered_command(spec: ChildSpec, parent_pid: int) -> list[str]:
    """
    Give the command that runs a child which does not outlive its parent.

    Args:
        spec: the child.
        parent_pid: the supervisor's.
    """
    wrapper = [sys.executable, "-P", "-m", "doodle_cli.tethered"]
    tether = [str(parent_pid), str(int(spec.orphan_signal)), str(spec.data_folder or "-")]
    return [*wrapper, *tether, *spec.command]


def describe_exit(code: int) -> str:
    """
    Say how a process ended.

    Args:
        code: as subprocess gives it: negative for a signal.

    >>> describe_exit(-9)
    'killed by SIGKILL'
    >>> describe_exit(3)
    'exit code 3'
    """
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"
