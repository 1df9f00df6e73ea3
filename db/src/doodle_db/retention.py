"""Which months of users' doodles may go: a decision with its reasons, and the facts it is made on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Connection, Row, select, text

from doodle_db.errors import InvalidError
from doodle_db.model_registry import find_live, list_deployments
from doodle_db.partitions import list_months
from doodle_db.tables import models, runs
from doodle_db.training_counts import read_live_watermark
from doodle_db.watermark import BEFORE_EVERYTHING


@dataclass(frozen=True)
class MonthFacts:
    """
    What a month's doodles are needed for.

    Attributes:
        month: its first day.
        num_doodles: all of them.
        num_learnt: by version, how many its run took as new.
        num_judged: by version, how many of the holdout its gate decided on.
        num_waiting: how many no version has learnt from yet.
        num_next_holdout: how many the next run's gate will decide on.
    """

    month: date
    num_doodles: int
    num_learnt: Mapping[str, int] = field(default_factory=dict)
    num_judged: Mapping[str, int] = field(default_factory=dict)
    num_waiting: int = 0
    num_next_holdout: int = 0


@dataclass(frozen=True)
class MonthDecision:
    """
    Whether a month goes, and why.

    Attributes:
        month: its first day.
        num_doodles: that go or stay with it.
        goes: whether it is to be dropped.
        reason: in words.
    """

    month: date
    num_doodles: int
    goes: bool
    reason: str


def decide_retention(months: Sequence[MonthFacts], *, before: date) -> list[MonthDecision]:
    """
    Decide which months go: those before a month that nobody needs any more.

    Needed is what explains the live version and the one a rollback leads to (the doodles their runs learnt from, the
    holdout their gates decided on), what no version has learnt from yet, and what the next gate will decide on.

    Args:
        months: those there are.
        before: the first day of the oldest month to keep in any case.

    >>> [each.reason for each in decide_retention([MonthFacts(date(2025, 1, 1), 7)], before=date(2026, 1, 1))]
    ['older than 2026-01, and needed by nothing']
    """
    return [_decide(facts, before) for facts in months]


def _decide(facts: MonthFacts, before: date) -> MonthDecision:
    if facts.month >= before:
        return MonthDecision(facts.month, facts.num_doodles, goes=False, reason=f"not older than {before:%Y-%m}")
    needs = _list_needs(facts)
    reason = f"older than {before:%Y-%m}, and needed by nothing" if not needs else "needed: " + ", ".join(needs)
    return MonthDecision(facts.month, facts.num_doodles, goes=not needs, reason=reason)


def _list_needs(facts: MonthFacts) -> list[str]:
    learnt = [f"{number} that {version} learnt from" for version, number in facts.num_learnt.items() if number]
    judged = [f"{number} that {version} was judged on" for version, number in facts.num_judged.items() if number]
    waiting = [f"{facts.num_waiting} that wait for a run"] if facts.num_waiting else []
    coming = [f"{facts.num_next_holdout} that the next run is judged on"] if facts.num_next_holdout else []
    return learnt + judged + waiting + coming


def first_kept_month(now: datetime, num_months: int) -> date:
    """
    Give the oldest of the newest months, this one included.

    Args:
        now: the time.
        num_months: how many to keep.

    Raises:
        InvalidError: this month cannot be dropped.

    >>> first_kept_month(datetime(2026, 2, 14, tzinfo=UTC), 3)
    datetime.date(2025, 12, 1)
    """
    if num_months < 1:
        raise InvalidError("This month's doodles cannot be dropped; keep 1 month or more.")
    today = now.astimezone(UTC)
    years, index = divmod(today.year * 12 + today.month - num_months, 12)
    return date(years, index + 1, 1)


def read_months(connection: Connection, *, holdout_size: int) -> list[MonthFacts]:
    """
    Read what each month is needed for; reads the whole table once for each question.

    Args:
        connection: any; it may take minutes for millions of doodles.
        holdout_size: how many of the newest held-out doodles a gate decides on.
    """
    connection.execute(text("SET LOCAL statement_timeout = 0"))
    explained = _list_explained(connection)
    learnt = {each.version: _count_learnt(connection, each) for each in explained}
    judged = {each.version: _count_newest(connection, holdout_size, each.started_at) for each in explained}
    waiting = _count(connection, _LEARNT, first=read_live_watermark(connection), last=None)
    coming = _count_newest(connection, holdout_size, None)
    sizes = _count(connection, _ALL)
    return [
        MonthFacts(
            month,
            sizes.get(month, 0),
            {version: counts.get(month, 0) for version, counts in learnt.items()},
            {version: counts.get(month, 0) for version, counts in judged.items()},
            waiting.get(month, 0),
            coming.get(month, 0),
        )
        for month in list_months(connection)
    ]


def _list_explained(connection: Connection) -> list[Row[Any]]:
    """List the versions that must stay explicable, with their runs: the live one and that a rollback leads to."""
    live = find_live(connection)
    if live is None:
        return []
    arrivals = [each for each in list_deployments(connection) if each.kind != "rollback"]
    before = next((each.previous_version for each in arrivals if each.version == live.version), None)
    wanted = select(models.c.version, runs.c.watermark_from, runs.c.watermark_to, runs.c.started_at)
    named = models.c.version.in_([version for version in (live.version, before) if version])
    # A version made elsewhere has no run, and learnt from no doodle of ours.
    return list(connection.execute(wanted.join(runs, runs.c.key == models.c.run).where(named)))


def _count_learnt(connection: Connection, version: Row[Any]) -> Mapping[date, int]:
    first = version.watermark_from or BEFORE_EVERYTHING
    return _count(connection, _LEARNT, first=first, last=version.watermark_to)


def _count_newest(connection: Connection, at_most: int, until: datetime | None) -> Mapping[date, int]:
    return _count(connection, _NEWEST, at_most=at_most, until=until)


def _count(connection: Connection, statement: str, **parameters: object) -> Mapping[date, int]:
    return {row[0]: row[1] for row in connection.execute(text(statement), parameters)}


_MONTH = "date_trunc('month', created_at AT TIME ZONE 'UTC')::date"

_ALL = f"SELECT {_MONTH}, count(*) FROM doodles WHERE source = 'user' GROUP BY 1"  # noqa: S608  # our own words

_LEARNT = f"""
    SELECT {_MONTH}, count(*) FROM doodles
    WHERE source = 'user' AND status = 'accepted' AND split = 'train' AND recorded_xid >= :first
        AND (CAST(:last AS bigint) IS NULL OR recorded_xid < :last)
    GROUP BY 1
"""  # noqa: S608  # our own words

_NEWEST = f"""
    SELECT {_MONTH}, count(*) FROM (
        SELECT created_at FROM doodles
        WHERE source = 'user' AND split = 'test' AND status = 'accepted'
            AND (CAST(:until AS timestamptz) IS NULL OR created_at <= :until)
        ORDER BY created_at DESC, id LIMIT :at_most
    ) AS newest
    GROUP BY 1
"""  # noqa: S608  # our own words
