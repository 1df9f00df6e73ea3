"""
Starting a program that does not outlive its supervisor.

    python -m doodle_cli.tethered PARENT_PID SIGNAL DATA_FOLDER PROGRAM ARGUMENT...

becomes the program; the kernel sends it SIGNAL when the supervisor dies, however it dies. DATA_FOLDER is `-`, or the
folder of a program that must not run as root (doodle_cli.unprivileged). A wrapper, because what runs between fork and
exec in a Python process with threads is asking for trouble.

The kernel watches the *thread* that started the program: the supervisor starts all from its main thread. It forgets the
wish when a process changes its user, so root is given up first.
"""

import ctypes
import os
import signal
import sys
from pathlib import Path

from doodle_cli.unprivileged import give_up_root

_PR_SET_PDEATHSIG = 1
"""From <linux/prctl.h>."""


def die_with(parent_pid: int, death_signal: signal.Signals) -> None:
    """
    Let the kernel signal this process when its parent dies.

    Args:
        parent_pid: whom to follow; if it has died already, so does this process.
        death_signal: what to send.

    Raises:
        OSError: the kernel refuses.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_PR_SET_PDEATHSIG, int(death_signal), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "the kernel does not watch the supervisor")
    if os.getppid() != parent_pid:
        os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    if sys.argv[3] != "-":
        give_up_root(Path(sys.argv[3]))
    die_with(int(sys.argv[1]), signal.Signals(int(sys.argv[2])))
    os.execv(sys.argv[4], sys.argv[4:])
