"""Doodles that a run has screened out, and what operators decide about them."""

from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Engine, select

from doodle_db.doodles import store_doodles
from doodle_db.reviews import Action, Decree, count_reviews, review
from doodle_db.screening_sets import ScreenedDoodles, select_unscreened
from doodle_db.screenings import Outcome, Reason, ScreenedOut, Screener, apply_screening
from doodle_db.tables import doodles, runs
from doodle_db.training_sets import select_new
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from doodle_testing.builders import LABEL_SET, SOME_TIME, doodle

RUN = UUID(int=77)
UNUSED = {"duplicate", "share"}


def add_run(engine: Engine) -> None:
    """Add the run whose screenings these are."""
    row = {"key": RUN, "kind": "delta", "trigger": "operator", "requested_by": "ada", "arguments": {}}
    with engine.begin() as connection:
        connection.execute(runs.insert().values(row))


def store(engine: Engine, ids: Iterable[UUID], label: str = "cat") -> None:
    """Store doodles of one label."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, label) for each in ids])


def read(engine: Engine, since: int = BEFORE_EVERYTHING) -> ScreenedDoodles:
    """Read what a run would screen."""
    with engine.begin() as connection:
        return select_unscreened(connection, LABEL_SET, since, read_horizon(connection), 100)


def out(doodle_id: UUID, reason: Reason = "label") -> ScreenedOut:
    """Say that a doodle is not used, and why."""
    outcome: Outcome = "unused" if reason in UNUSED else "quarantined"
    return ScreenedOut(doodle_id, outcome, reason, "Looks like a dog.", {"label_share": 0.1}, "dog")


def screen(engine: Engine, *screened_out: ScreenedOut, seen: ScreenedDoodles | None = None, minutes: int = 0) -> int:
    """Decide about everything there is: these are not used."""
    seen = seen or read(engine)
    with engine.begin() as connection:
        screener = Screener(RUN, 1, SOME_TIME + timedelta(minutes=minutes))
        return apply_screening(connection, screener, seen.seen, screened_out)


def decide(engine: Engine, action: Action, *ids: UUID, label: str | None = None) -> None:
    """Let an operator decide."""
    with engine.begin() as connection:
        review(connection, ids, Decree(action, label, "looked at it", "ada", SOME_TIME))


def status_of(engine: Engine, doodle_id: UUID) -> tuple[str, str]:
    """Give a doodle's label and status."""
    with engine.connect() as connection:
        row = connection.execute(select(doodles.c.label, doodles.c.status).where(doodles.c.id == doodle_id)).one()
        return row.label, row.status


def num_new(engine: Engine, since: int = BEFORE_EVERYTHING) -> int:
    """Count what is new to training."""
    with engine.connect() as connection:
        return len(select_new(connection, LABEL_SET, since, read_horizon(connection)))


def horizon(engine: Engine) -> int:
    """Give the number below which everything has ended."""
    with engine.connect() as connection:
        return read_horizon(connection)


def num_open(engine: Engine) -> int:
    """Count what waits for a review."""
    with engine.connect() as connection:
        return sum(count_reviews(connection, "open").values())
