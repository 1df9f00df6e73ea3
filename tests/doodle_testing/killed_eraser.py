"""
A process that is killed while it erases: `python -m doodle_testing.killed_eraser <DATABASE_URL> <words> <survive>`.

The statement that begins with the words is not sent any more, after so many of them were.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

from doodle_db import erasure_work
from doodle_db.engine import connect_to
from doodle_testing.locks import wait_until_unlocked

DOODLES_AT_ONCE = 5


def be_killed(engine: Engine, database_url: str, words: str, survive: int) -> None:
    """Let a process erase and be killed on the way; when this ends, so have its session's locks."""
    command = [sys.executable, "-m", "doodle_testing.killed_eraser", database_url, words, str(survive)]
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1])}
    killed = subprocess.run(command, check=False, timeout=60, env=environment)
    assert killed.returncode == -signal.SIGKILL
    wait_until_unlocked(engine)


def main(database_url: str, words: str, survive: str) -> None:
    """Erase what was ordered, and be killed on the way."""
    engine = connect_to(database_url)
    num_left = int(survive)
    erasure_work.DOODLES_AT_ONCE = DOODLES_AT_ONCE

    @event.listens_for(engine, "before_cursor_execute")
    def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        nonlocal num_left
        if statement.lstrip().startswith(words):
            if num_left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            num_left -= 1

    erasure_work.work_off_erasures(engine)


if __name__ == "__main__":
    main(*sys.argv[1:])
