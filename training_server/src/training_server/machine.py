"""The machine a worker runs on: told apart from others of its name, and asked which of its processes live."""

import hashlib
import socket
from pathlib import Path

BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
"""New at every start of a kernel, and no two machines have the same: see random(4)."""

GONE = frozenset("ZX")
"""States of a process that has ended and was not buried yet: see proc(5)."""


def identify_machine(host: str | None = None, boot_id: Path = BOOT_ID) -> str:
    """
    Give what tells this machine, or this container, from every other, whatever they are called.

    Args:
        host: its name; asked of the system when left out. Containers of one machine share its kernel.
        boot_id: the kernel's file; where there is none, names alone must do.
    """
    kernel = boot_id.read_text(encoding="ascii").strip() if boot_id.is_file() else ""
    return hashlib.sha256(f"{kernel} {host or socket.gethostname()}".encode()).hexdigest()[:16]


def is_process_alive(process: int, folder: Path = Path("/proc")) -> bool:
    """Tell whether a process of this machine lives."""
    try:
        # The second field is the program's name in brackets, which may hold anything.
        status = (folder / str(process) / "stat").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return False
    return status.rpartition(")")[2].split()[0] not in GONE
