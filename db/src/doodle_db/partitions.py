"""The months of users' doodles: a partition each, made ahead and dropped as a whole; base data is in none of them."""

import logging
from datetime import UTC, date, datetime

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import OperationalError

from doodle_db.errors import UnknownMonthError
from doodle_db.locks import CLEARING_LOCK, MONTHS_LOCK
from doodle_db.production import forget_guesses

log = logging.getLogger(__name__)

MONTHS_AHEAD = 3
"""Made at every start and by every worker's tick: whoever stops both for longer finds the doodles in the default."""

LOCK_TIMEOUT_MS = 200
"""Whoever comes after a lock that is waited for waits, too: so nobody waits longer than this for ours."""

PAGES_AT_ONCE = 1_000
"""Pages of 8 KiB whose ids are forgotten in one transaction: about 7,000."""

_SHORT_LOCKS = text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}")

_MONTHS = text("""
    SELECT to_date(right(child.relname, 7), 'YYYY_MM') AS month
    FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid
    WHERE inhparent = 'doodles_user'::regclass AND child.relname ~ '^doodles_user_[0-9]{4}_[0-9]{2}$' ORDER BY month
""")

_DROPPED = text("SELECT relname FROM pg_class WHERE relname ~ '^doodles_dropped_' AND relkind = 'r' ORDER BY relname")

_WITH_DOODLES = text("""
    SELECT month FROM (
        SELECT month, source, num_doodles FROM doodle_counts
        UNION ALL
        SELECT month, source, num_doodles FROM doodle_count_changes
    ) AS every_change WHERE source = 'user' GROUP BY month HAVING sum(num_doodles) > 0
""")


def list_months(connection: Connection) -> list[date]:
    """List the first days of the months that have a partition, oldest first; the coming ones are empty."""
    return list(connection.execute(_MONTHS).scalars())


def ensure_partitions(engine: Engine, now: datetime, months_ahead: int = MONTHS_AHEAD) -> list[date]:
    """
    Make the partitions of this month and the coming ones, and those of past months whose doodles lie in the default.

    Nobody is kept waiting: where a lock cannot be had at once, that month is left for the next call, and its doodles
    are stored in the default partition until then. A month that doodles in the default still come in for is left
    until it is over, because moving them would keep inserts waiting.

    Args:
        engine: of a migrated database.
        now: the time.
        months_ahead: how many coming months.

    Returns:
        The first days of the months that were made.
    """
    this_month = _first_day(now)
    with engine.connect() as connection:
        made = set(list_months(connection))
        in_default = set(connection.execute(_WITH_DOODLES).scalars()) - made
    wanted = {_later(this_month, ahead) for ahead in range(months_ahead + 1)} - made - in_default
    wanted |= {month for month in in_default if month < this_month}
    return [month for month in sorted(wanted) if _make_month(engine, month)]


def _make_month(engine: Engine, month: date) -> bool:
    try:
        with engine.begin() as connection:
            if not connection.execute(
                text("SELECT pg_try_advisory_xact_lock(:key)"), {"key": MONTHS_LOCK}
            ).scalar_one():
                return False
            connection.execute(_SHORT_LOCKS)
            connection.execute(text("SET LOCAL statement_timeout = 0"))
            return bool(connection.execute(text("SELECT make_doodle_month(:month)"), {"month": month}).scalar_one())
    except OperationalError as busy:
        log.warning("month_not_made", extra={"month": month.isoformat(), "error": type(busy.orig).__name__})
        return False


def drop_month(connection: Connection, month: date) -> int:
    """
    Drop all users' doodles of a month, in an instant: its partition is taken out, its counts are subtracted, and those
    of its guesses are forgotten.

    What is left of it, and its ids, is cleared by clear_dropped; a doodle of it that is sent again until then is
    answered as already stored.

    Args:
        connection: with an open transaction, which should end at once: until then nobody reads or stores a doodle.
        month: its first day, as list_months gives it.

    Returns:
        How many doodles that were.

    Raises:
        UnknownMonthError: there is no partition of that month.
        OperationalError: the table is in use just now, for longer than a moment; try again.
    """
    if month not in list_months(connection):
        raise UnknownMonthError(f"There is no partition of {month:%Y-%m}; list_months gives those there are.")
    connection.execute(_SHORT_LOCKS)
    connection.execute(text(f"ALTER TABLE doodles_user DETACH PARTITION doodles_user_{month:%Y_%m}"))
    connection.execute(text(f"ALTER TABLE doodles_user_{month:%Y_%m} RENAME TO doodles_dropped_{month:%Y_%m}"))
    forget_guesses(connection, month, _later(month, 1))
    return int(connection.execute(_SUBTRACT, {"month": month}).scalar_one())


_SUBTRACT = text("""
    WITH counted AS (
        SELECT month, source, label, split, status, sum(num_doodles) AS num_doodles
        FROM (
            SELECT month, source, label, split, status, num_doodles FROM doodle_counts
            UNION ALL
            SELECT month, source, label, split, status, num_doodles FROM doodle_count_changes
        ) AS every_change
        WHERE month = :month AND source = 'user' GROUP BY 1, 2, 3, 4, 5 HAVING sum(num_doodles) <> 0
    ), subtracted AS (
        INSERT INTO doodle_count_changes (month, source, label, split, status, num_doodles)
        SELECT month, source, label, split, status, -num_doodles FROM counted
    )
    SELECT coalesce(sum(num_doodles), 0) FROM counted
""")


def clear_dropped(engine: Engine) -> int:
    """
    Forget the ids of dropped months, some at a time, and then what is left of their tables.

    Killed in the middle it goes on when it is called again; every worker's tick calls it, too.

    Args:
        engine: of a migrated database.

    Returns:
        How many ids were forgotten; 0, too, if somebody else is at it.
    """
    with engine.connect() as connection:
        if not connection.execute(text("SELECT pg_try_advisory_lock(:key)"), {"key": CLEARING_LOCK}).scalar_one():
            return 0
        try:
            return sum(_clear(connection, table) for table in connection.execute(_DROPPED).scalars().all())
        finally:
            connection.rollback()
            connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": CLEARING_LOCK})
            connection.commit()


def _clear(connection: Connection, table: str) -> int:
    forget = text(f"""
        DELETE FROM doodle_ids WHERE id IN (
            SELECT id FROM {table} WHERE ctid >= CAST(:first AS tid) AND ctid < CAST(:last AS tid)
        )
    """)  # noqa: S608  # a name from the catalogue
    num_pages = connection.execute(text(f"SELECT pg_relation_size('{table}') / 8192")).scalar_one()
    num_forgotten = 0
    for page in range(0, num_pages, PAGES_AT_ONCE):
        bounds = {"first": f"({page},0)", "last": f"({page + PAGES_AT_ONCE},0)"}
        num_forgotten += connection.execute(forget, bounds).rowcount
        connection.commit()
    connection.execute(text(f"DROP TABLE {table}"))
    connection.commit()
    return num_forgotten


def _first_day(moment: datetime) -> date:
    return moment.astimezone(UTC).date().replace(day=1)


def _later(month: date, num_months: int) -> date:
    """
    Give the first day of a month some months later.

    >>> _later(date(2026, 11, 1), 3)
    datetime.date(2027, 2, 1)
    """
    years, index = divmod(month.month - 1 + num_months, 12)
    return date(month.year + years, index + 1, 1)
