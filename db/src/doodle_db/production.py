"""How guesses did on what users drew, from counts kept at every change: as quick for millions as for none."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, Row, text

from doodle_db.locks import FOLDING_LOCK

Step = Literal["hour", "day"]

LENGTHS: Mapping[Step, timedelta] = {"hour": timedelta(hours=1), "day": timedelta(days=1)}


@dataclass(frozen=True)
class Span:
    """
    A stretch of time in whole steps, in UTC.

    Attributes:
        step: what it is told by.
        begins: the first moment.
        ends: the first moment after it.
    """

    step: Step
    begins: datetime
    ends: datetime

    @property
    def num_steps(self) -> int:
        """Count its steps."""
        return (self.ends - self.begins) // LENGTHS[self.step]


@dataclass(frozen=True)
class Tally:
    """
    Doodles and their guesses, those that operators have rejected left out.

    Attributes:
        num_doodles: accepted, or in quarantine.
        num_guessed: of these, with a guess, shown or not.
        num_right: of these, with the guess that is the label.
        num_known: of those with a guess, where the page has said that it showed it.
        num_known_right: of these, with the guess that is the label.
        num_unknown: of those with a guess, where the page said "I don't know this" instead.
    """

    num_doodles: int = 0
    num_guessed: int = 0
    num_right: int = 0
    num_known: int = 0
    num_known_right: int = 0
    num_unknown: int = 0


@dataclass(frozen=True)
class Bin:
    """
    Guesses that were shown, or of which nobody says, of a tenth of the confidences.

    Attributes:
        number: 0 for confidences below 0.1, 9 for those from 0.9 to 1.
        num_doodles: how many.
        num_right: of these, with the guess that is the label.
        confidence: their mean, in [0, 1].
    """

    number: int
    num_doodles: int
    num_right: int
    confidence: float


@dataclass(frozen=True)
class Production:
    """
    How guesses did in a span of time.

    Attributes:
        total: of all of it.
        times: by the first moment of a step; steps without doodles are left out.
        versions: by the version that guessed, whatever versions else is about; '' for none that we know.
        labels: by label.
        confusion: by label and guess, how many doodles.
        statuses: by status, how many doodles; the rejected, too, which stand nowhere else.
        bins: by confidence; those without doodles are left out.
    """

    total: Tally
    times: Mapping[datetime, Tally]
    versions: Mapping[str, Tally]
    labels: Mapping[str, Tally]
    confusion: Mapping[tuple[str, str], int]
    statuses: Mapping[str, int]
    bins: tuple[Bin, ...]


def read_production(connection: Connection, span: Span, version: str | None = None) -> Production:
    """
    Add up how guesses did.

    Args:
        connection: what it sees at once is added up; for figures that agree to the last doodle, REPEATABLE READ.
        span: when.
        version: by this version only; None for all.
    """
    bounds = {"step": span.step, "begins": span.begins, "ends": span.ends, "version": version}
    sums = list(connection.execute(_SUMS, bounds))
    return Production(
        total=next((_tally(row) for row in sums if row.kind == _kind()), Tally()),
        times={row.begins: _tally(row) for row in sums if row.kind == _kind("begins")},
        versions={row.version: _tally(row) for row in connection.execute(_VERSIONS, bounds)},
        labels={row.label: _tally(row) for row in sums if row.kind == _kind("label")},
        confusion={
            (row.label, row.guess): int(row.num_guessed)
            for row in sums
            if row.kind == _kind("label", "guess") and row.num_guessed
        },
        statuses={row.status: int(row.num_everything) for row in sums if row.kind == _kind("status")},
        bins=tuple(_bin(row) for row in connection.execute(_BINS, bounds)),
    )


def forget_guesses(connection: Connection, begins: date, ends: date) -> None:
    """
    Forget what is counted about the guesses of some days, whose doodles are dropped.

    Args:
        connection: with an open transaction, in which nobody else can write doodles of these days.
        begins: the first day.
        ends: the day after the last one.

    Raises:
        OperationalError: somebody is adding up counts, for longer than the lock_timeout.
    """
    # Nobody folds meanwhile, so what is not folded yet is seen here.
    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": FOLDING_LOCK})
    bounds = {"begins": _midnight(begins), "ends": _midnight(ends)}
    for statement in _FORGET:
        connection.execute(statement, bounds)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


_TALLIED = ("num_doodles", "num_guessed", "num_right", "num_known", "num_known_right", "num_unknown")


def _tally(row: Row[Any]) -> Tally:
    return Tally(**{name: int(row._mapping[name]) for name in _TALLIED})


def _bin(row: Row[Any]) -> Bin:
    confidence = int(row.confidence_millionths) / (1_000_000 * int(row.num_doodles))
    return Bin(row.bin, int(row.num_doodles), int(row.num_right), confidence)


_GROUPED = ("begins", "label", "guess", "status")


def _kind(*names: str) -> int:
    """Give PostgreSQL's GROUPING number of the rows that are grouped by some columns: a bit for each of the others."""
    return sum(1 << place for place, name in enumerate(reversed(_GROUPED)) if name not in names)


# What is folded already, and the few changes that are not: both of one moment, because it is one statement.
_CELLS = """
    WITH cells AS (
        SELECT begins, version, label, guess, status, num_doodles, num_known, num_unknown
        FROM production_guesses WHERE step = :step AND begins >= :begins AND begins < :ends
        UNION ALL
        SELECT date_trunc(:step, hour, 'UTC'), coalesce(version, ''), label, coalesce(guess, ''), status, num_doodles,
            CASE WHEN known THEN num_doodles ELSE 0 END, CASE WHEN known THEN 0 WHEN known IS NULL THEN 0
            ELSE num_doodles END
        FROM doodle_count_changes WHERE hour >= :begins AND hour < :ends
    ), counted AS (
        SELECT *, guess <> '' AND status <> 'rejected' AS is_guessed FROM cells
    )
"""

_SUM_UP = """
    coalesce(sum(num_doodles) FILTER (WHERE status <> 'rejected'), 0) AS num_doodles,
    coalesce(sum(num_doodles) FILTER (WHERE is_guessed), 0) AS num_guessed,
    coalesce(sum(num_doodles) FILTER (WHERE is_guessed AND guess = label), 0) AS num_right,
    coalesce(sum(num_known) FILTER (WHERE is_guessed), 0) AS num_known,
    coalesce(sum(num_known) FILTER (WHERE is_guessed AND guess = label), 0) AS num_known_right,
    coalesce(sum(num_unknown) FILTER (WHERE is_guessed), 0) AS num_unknown
"""

_SUMS = text(f"""
    {_CELLS}
    SELECT GROUPING({", ".join(_GROUPED)}) AS kind, begins, label, guess, status, sum(num_doodles) AS num_everything,
        {_SUM_UP}
    FROM counted WHERE CAST(:version AS text) IS NULL OR version = :version
    GROUP BY GROUPING SETS ((), (begins), (label), (label, guess), (status))
    HAVING sum(num_doodles) > 0
    ORDER BY kind, begins, label, guess, status
""")  # noqa: S608  # our own names

_VERSIONS = text(f"""
    {_CELLS}
    SELECT version, {_SUM_UP} FROM counted GROUP BY version HAVING sum(num_doodles) > 0 ORDER BY version
""")  # noqa: S608  # our own names

_BINS = text("""
    WITH cells AS (
        SELECT version, bin, num_doodles, num_right, confidence_millionths
        FROM production_confidences
        WHERE step = :step AND begins >= :begins AND begins < :ends AND status <> 'rejected'
        UNION ALL
        SELECT coalesce(version, ''), bin, num_doodles, CASE WHEN guess = label THEN num_doodles ELSE 0 END,
            confidence_millionths
        FROM doodle_count_changes
        WHERE hour >= :begins AND hour < :ends AND status <> 'rejected'
            AND guess IS NOT NULL AND bin IS NOT NULL AND known IS DISTINCT FROM false
    )
    SELECT bin, sum(num_doodles) AS num_doodles, sum(num_right) AS num_right,
        sum(confidence_millionths) AS confidence_millionths
    FROM cells WHERE CAST(:version AS text) IS NULL OR version = :version
    GROUP BY bin HAVING sum(num_doodles) > 0 ORDER BY bin
""")

_FORGET = (
    text("UPDATE doodle_count_changes SET hour = NULL WHERE hour >= :begins AND hour < :ends"),
    text("""
        DELETE FROM production_guesses WHERE step IN ('hour', 'day') AND begins >= :begins AND begins < :ends
    """),
    text("""
        DELETE FROM production_confidences WHERE step IN ('hour', 'day') AND begins >= :begins AND begins < :ends
    """),
)
