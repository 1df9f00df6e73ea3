"""What a run tells while it trains: how far it is, its epochs, the points of its curve."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from math import isfinite
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert

from doodle_db.events import announce
from doodle_db.tables import run_metrics, run_points, runs

MAX_POINTS = 1_000
"""Of a run's curve: more than a page is wide."""


@dataclass(frozen=True)
class Point:
    """
    A point of a training's curve.

    Attributes:
        step: made so far.
        epoch: epochs that had ended by then.
        loss, accuracy: means over the steps since the point before, accuracy in [0, 1].
        learning_rate: of the step.
    """

    step: int
    epoch: int
    loss: float | None
    accuracy: float | None
    learning_rate: float | None


def record_progress(connection: Connection, key: UUID, progress: Mapping[str, Any]) -> None:
    """Write how far a run is, and announce it; a run that has ended stays as it is."""
    statement = update(runs).where(runs.c.key == key, runs.c.state == "running").values(progress=dict(progress))
    if connection.execute(statement).rowcount:
        announce(connection, "run", {"key": str(key)})


def record_epoch(connection: Connection, key: UUID, epoch: int, numbers: Mapping[str, float | None]) -> None:
    """Write an epoch's metrics; writing it again, after a restart, replaces it."""
    row = {"run": key, "epoch": epoch, **numbers}
    statement = insert(run_metrics).values(row)
    connection.execute(statement.on_conflict_do_update(index_elements=["run", "epoch"], set_=dict(numbers)))


def record_points(connection: Connection, key: UUID, points: Sequence[Point]) -> None:
    """Write points of a run's curve; one that stands there already stays."""
    if points:
        rows = [{"run": key, **make_finite(asdict(point))} for point in points]
        connection.execute(insert(run_points).values(rows).on_conflict_do_nothing())


def read_points(connection: Connection, key: UUID, after: int = 0) -> list[Point]:
    """Read a run's points behind a step, in their order; MAX_POINTS and a last one at most."""
    rows = select(run_points).where(run_points.c.run == key, run_points.c.step > after).order_by(run_points.c.step)
    return [
        Point(row.step, row.epoch, row.loss, row.accuracy, row.learning_rate)
        for row in connection.execute(rows.limit(MAX_POINTS + 1))
    ]


def read_epochs(connection: Connection, key: UUID) -> list[dict[str, Any]]:
    """Read what a run's epochs came to, in their order, MAX_POINTS at most; null is what was no finite number."""
    columns = [column for column in run_metrics.c if column.name != "run"]
    rows = select(*columns).where(run_metrics.c.run == key).order_by(run_metrics.c.epoch).limit(MAX_POINTS)
    return [make_finite(dict(row._mapping)) for row in connection.execute(rows)]


def make_finite(numbers: Mapping[str, Any]) -> dict[str, Any]:
    """
    Put null for what is no finite number; JSON has no word for it.

    >>> make_finite({"loss": float("nan"), "step": 3})
    {'loss': None, 'step': 3}
    """
    return {
        name: None if isinstance(value, float) and not isfinite(value) else value for name, value in numbers.items()
    }
