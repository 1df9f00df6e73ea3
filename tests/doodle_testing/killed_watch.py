"""
A worker that is killed while it looks for drift: with the lock and all it has read, or between row and commit.

    python -m doodle_testing.killed_watch <DATABASE_URL> <ARTIFACT FOLDER> looking|writing
"""

import os
import signal
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import event

from doodle_db.engine import connect_to
from doodle_testing.drifting import watch_of

LAST_WORDS = {"looking": "INSERT INTO drift_checks", "writing": "SELECT pg_notify"}


def main(database_url: str, folder: str, moment: str) -> None:
    """Look, and be killed at that moment."""
    engine = connect_to(database_url)

    @event.listens_for(engine, "before_cursor_execute")
    def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith(LAST_WORDS[moment]):
            os.kill(os.getpid(), signal.SIGKILL)

    watch_of(engine, Path(folder)).turn()


if __name__ == "__main__":
    main(*sys.argv[1:])
