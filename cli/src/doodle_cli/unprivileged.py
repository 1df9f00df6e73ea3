"""
Running PostgreSQL for root: it refuses to run as root, so its processes must look like somebody else.

    python -m doodle_cli.unprivileged DATA_FOLDER PROGRAM ARGUMENT...

becomes the program. For an ordinary user that is all. For root a user namespace helps, without a system user, without
changing the owner of any folder and wherever the project lies: inside it the process is `nobody`, outside it is still
root, so that it reaches its own folders. Where the kernel does not allow one (some containers), the process becomes
`nobody` for real and is given its data folder.
"""

import ctypes
import os
import pwd
import sys
from pathlib import Path

NOBODY = "nobody"
_CLONE_NEWUSER = 0x10000000
"""From <linux/sched.h>."""


def give_up_root(data_folder: Path) -> None:
    """
    Make this process look like an ordinary user; does nothing if it is one.

    Args:
        data_folder: handed over to `nobody` where there are no user namespaces.
    """
    if os.geteuid() != 0:
        return
    try:
        _enter_namespace()
    except OSError:
        _become_nobody(data_folder)


def _enter_namespace() -> None:
    """
    Enter a user namespace in which root's number is called `nobody`'s.

    Raises:
        OSError: user namespaces are not allowed here.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    user, group = os.geteuid(), os.getegid()
    if libc.unshare(_CLONE_NEWUSER) != 0:
        raise OSError(ctypes.get_errno(), "user namespaces are not allowed here")
    nobody = pwd.getpwnam(NOBODY)
    Path("/proc/self/setgroups").write_text("deny", encoding="ascii")
    Path("/proc/self/gid_map").write_text(f"{nobody.pw_gid} {group} 1", encoding="ascii")
    Path("/proc/self/uid_map").write_text(f"{nobody.pw_uid} {user} 1", encoding="ascii")


def _become_nobody(data_folder: Path) -> None:
    nobody = pwd.getpwnam(NOBODY)
    for path in [data_folder, *data_folder.rglob("*")]:
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    # Through, not into: what else lies beside the data keeps its own rights.
    data_folder.parent.chmod(data_folder.parent.stat().st_mode | 0o011)
    os.setgroups([])
    os.setgid(nobody.pw_gid)
    os.setuid(nobody.pw_uid)


if __name__ == "__main__":
    give_up_root(Path(sys.argv[1]))
    os.execv(sys.argv[2], sys.argv[2:])
