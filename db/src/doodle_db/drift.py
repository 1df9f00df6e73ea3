"""What was found when somebody looked whether drawings are still what they were; the state that follows from it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import Connection, Row, delete, insert, select, text

from doodle_db.events import announce
from doodle_db.locks import DRIFT_LOCK
from doodle_db.tables import drift_checks

Level = Literal["steady", "watch", "alert"]
LEVELS: tuple[Level, ...] = ("steady", "watch", "alert")
"""From the lowest to the highest."""

SIDES = ("now", "before")
"""What a check compares: the present sample and the reference, by the names under which its pictures have them."""

MAX_CHECKS = 2_000
"""Older ones are forgotten: two weeks of them at least, some 8 MB at most."""


@dataclass(frozen=True)
class Measure:
    """
    One measure of a check, and what it was held against.

    Attributes:
        name: `labels`, `confidence`, `ink` or `embedding`.
        value: how far the present lies from the reference; what chance gives in the mean is taken off.
        chance: what was taken off.
        p_value: how often chance alone gives as much, in (0, 1].
        max_p_value: above it, it is put down to chance.
        watch, alert: from which value on it is worth a look, and an alarm.
        finding: what follows.
    """

    name: str
    value: float
    chance: float
    p_value: float
    max_p_value: float
    watch: float
    alert: float
    finding: Level


@dataclass(frozen=True)
class DriftCheck:
    """
    What a worker found.

    Attributes:
        state: what holds from then on.
        finding: what this check says by itself: the highest of its measures.
        version: which version looked; None: there was none that could.
        num_present, num_reference: the samples' sizes.
        present_from, present_to, reference_from, reference_to: when the first and the last drawing of each was stored.
        measures: of this check.
        pictures: JSON; both samples as shares and histograms, and ids of drawings to look at.
        created_at: when.
    """

    state: Level
    finding: Level
    version: str | None
    num_present: int
    num_reference: int
    present_from: datetime
    present_to: datetime
    reference_from: datetime
    reference_to: datetime
    measures: tuple[Measure, ...]
    pictures: Mapping[str, Any]
    created_at: datetime


def write_check(connection: Connection, check: DriftCheck) -> None:
    """
    Write down what was found, forget what is too old, and tell everybody; all of it or nothing.

    Args:
        connection: with an open transaction.
        check: made while DRIFT_LOCK was held, so that its state goes on from the latest.
    """
    row = {**asdict(check), "measures": [asdict(each) for each in check.measures]}
    number = connection.execute(insert(drift_checks).values(row).returning(drift_checks.c.drift_check)).scalar_one()
    # Numbers have gaps where a transaction was rolled back; so fewer may stay, and never more.
    connection.execute(delete(drift_checks).where(drift_checks.c.drift_check <= number - MAX_CHECKS))
    announce(connection, "drift", {"state": check.state})


def list_checks(connection: Connection, *, at_most: int) -> list[DriftCheck]:
    """
    List checks, newest first.

    Args:
        connection: any.
        at_most: how many.
    """
    newest = select(drift_checks).order_by(drift_checks.c.drift_check.desc()).limit(at_most)
    return [_check(row) for row in connection.execute(newest)]


def find_state_since(connection: Connection) -> datetime | None:
    """Find when the present state began, as far as the checks go back; None before the first one."""
    since: datetime | None = connection.execute(_SINCE).scalar_one()
    return since


def try_drift_lock(connection: Connection) -> bool:
    """
    Take the lock of whoever looks; it is given back with the connection's session, however that ends.

    Args:
        connection: in AUTOCOMMIT: an open transaction would keep training from what is stored meanwhile.
    """
    return bool(connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": DRIFT_LOCK}).scalar_one())


def release_drift_lock(connection: Connection) -> None:
    """Give the lock back."""
    connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": DRIFT_LOCK})


_SINCE = text("""
    SELECT min(created_at) FROM drift_checks WHERE drift_check > coalesce((
        SELECT max(drift_check) FROM drift_checks
        WHERE state <> (SELECT state FROM drift_checks ORDER BY drift_check DESC LIMIT 1)
    ), 0)
""")


def _check(row: Row[Any]) -> DriftCheck:
    stored = {name: value for name, value in row._mapping.items() if name != "drift_check"}
    return DriftCheck(**{**stored, "measures": tuple(Measure(**each) for each in row.measures)})
