"""
A process that is killed while it decides about doodles: between two statements, before the commit, or after it.

    python -m doodle_testing.killed_screener <DATABASE_URL> screen|accept <RUN> middle|before|after

It screens out every second doodle there is, or accepts all that were.
"""

import os
import signal
import sys
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, event, select

from doodle_db.engine import connect_to
from doodle_db.reviews import Decree, review
from doodle_db.screening_sets import select_unscreened
from doodle_db.screenings import ScreenedOut, Screener, apply_screening
from doodle_db.tables import screenings
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from doodle_testing.builders import LABEL_SET

NOW = datetime(2026, 1, 2, 4, tzinfo=UTC)


def screen_every_second(connection: Connection, run: UUID) -> None:
    """Put every second doodle into quarantine."""
    seen = select_unscreened(connection, LABEL_SET, BEFORE_EVERYTHING, read_horizon(connection), 100).seen
    out = [ScreenedOut(each.doodle, "quarantined", "label", "Looks like a dog.", {}, "dog") for each in seen[::2]]
    apply_screening(connection, Screener(run, 1, NOW), seen, out)


def accept_all(connection: Connection) -> None:
    """Accept everything that was screened out."""
    ids = list(connection.execute(select(screenings.c.doodle).order_by(screenings.c.doodle)).scalars())
    review(connection, ids, Decree("accept", None, "looked at it", "ada", NOW))


def main(database_url: str, action: str, run: str, moment: str) -> None:
    """Do it, and be killed at that moment."""
    engine = connect_to(database_url)
    if moment == "middle":

        @event.listens_for(engine, "before_cursor_execute")
        def die(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
            if statement.startswith("UPDATE doodles"):
                os.kill(os.getpid(), signal.SIGKILL)

    with engine.begin() as connection:
        if action == "screen":
            screen_every_second(connection, UUID(run))
        else:
            accept_all(connection)
        if moment == "before":
            os.kill(os.getpid(), signal.SIGKILL)
    os.kill(os.getpid(), signal.SIGKILL)


if __name__ == "__main__":
    main(*sys.argv[1:])
