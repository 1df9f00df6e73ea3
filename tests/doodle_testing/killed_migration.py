"""Migrates DATABASE_URL and is killed while it copies doodles: `python -m doodle_testing.killed_migration`."""

import os
import signal
from typing import Any

from sqlalchemy import event

from doodle_db.engine import connect_to
from doodle_db.migrate import migrate


def main() -> None:
    """Migrate, and be killed after the first stretch of pages."""
    engine = connect_to(os.environ["DATABASE_URL"])
    num_stretches = 0

    @event.listens_for(engine, "before_cursor_execute")
    def count_stretches(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal num_stretches
        num_stretches += "FOR SHARE" in statement
        if num_stretches == 2:
            os.kill(os.getpid(), signal.SIGKILL)

    migrate(engine)


if __name__ == "__main__":
    main()
