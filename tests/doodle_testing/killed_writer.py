"""
A process that is killed while it stores a doodle: before the write, or between the commit and the acknowledgement.

    python -m doodle_testing.killed_writer <DATABASE_URL> before|after
"""

import os
import signal
import sys
from collections.abc import Sequence
from uuid import UUID

from doodle_db.doodles import Doodle
from doodle_db.engine import connect_to
from doodle_testing.builders import doodle
from model_server.doodle_writer import DoodleWriter, Written
from model_server.group_commit import GroupCommit

DOODLE = doodle(UUID(int=1))


def main(database_url: str, moment: str) -> None:
    """Store DOODLE, and be killed at that moment; prints what is acknowledged, if anything is."""
    writer = DoodleWriter(connect_to(database_url))

    def write(requests: Sequence[Sequence[Doodle]]) -> Written:
        written = writer.write(requests) if moment == "after" else []
        os.kill(os.getpid(), signal.SIGKILL)
        return written

    print(GroupCommit(write).store([DOODLE]), flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
