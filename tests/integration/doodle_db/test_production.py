"""A stretch of time is told as the sum of its steps and of what is still there; and nobody reads a doodle for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event, text

from doodle_db.doodle_counts import fold_counts
from doodle_db.partitions import drop_month, list_months
from doodle_db.production import Span
from doodle_testing.produced import VERSIONS, deploy_versions, produce
from doodle_testing.production import assert_exact, guessed_doodle, read, store


@pytest.fixture
def produced(engine: Engine) -> Span:
    """Some thousand doodles of 40 days that end yesterday."""
    ends = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    span = Span("day", ends - timedelta(days=40), ends)
    with engine.begin() as connection:
        deploy_versions(connection, span.begins, span.ends)
        produce(connection, 4_000, span.begins, span.ends)
    return span


def test_hours_and_days_say_the_same(engine: Engine, produced: Span) -> None:
    """A stretch of time is the sum of its steps, by whichever step it is told."""
    by_day, by_hour = read(engine, produced), read(engine, replace(produced, step="hour"))

    assert (by_day.total, by_day.confusion, by_day.bins) == (by_hour.total, by_hour.confusion, by_hour.bins)
    assert len(by_day.times) == 40
    for found in (by_day, by_hour):
        for tallies in (found.times, found.versions, found.labels):
            assert sum(each.num_right for each in tallies.values()) == found.total.num_right
    assert sum(by_day.statuses.values()) == 4_000
    assert by_day.total.num_doodles == 4_000 - by_day.statuses["rejected"]
    assert_exact(engine)


def test_a_version_and_a_stretch_are_told_alone(engine: Engine, produced: Span) -> None:
    """The versions stand beside each other whichever one is asked for."""
    first = read(engine, produced, VERSIONS[0])
    half = read(engine, replace(produced, ends=produced.begins + timedelta(days=10)))

    assert first.total == first.versions[VERSIONS[0]]
    assert set(first.versions) == {"", *VERSIONS}
    assert set(half.versions) == {"", VERSIONS[0]}
    assert half.total.num_doodles < first.total.num_doodles + 100


def test_a_dropped_month_is_counted_no_more(engine: Engine, produced: Span) -> None:
    """What is counted is what is there; what was not folded yet is forgotten with the rest."""
    with engine.connect() as connection:
        month = next(each for each in list_months(connection))
    store(engine, *(guessed_doodle(number) for number in range(30)))
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '2s'"))
        drop_month(connection, month)

    assert_exact(engine)


@contextmanager
def listening(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """Give every statement that is sent meanwhile, with what it is asked for."""
    sent: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        sent.append((statement, parameters))

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield sent
    finally:
        event.remove(engine, "before_cursor_execute", note)


def test_no_doodle_is_read_for_it(engine: Engine, produced: Span) -> None:
    """However many there are: PostgreSQL's own plans touch the counts, by their index, and nothing else."""
    with engine.begin() as connection:
        fold_counts(connection)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE production_guesses, production_confidences"))
    with listening(engine) as sent:
        read(engine, replace(produced, begins=produced.ends - timedelta(days=2)))

    with engine.connect() as connection:
        plans = [
            "\n".join(connection.exec_driver_sql(f"EXPLAIN {statement}", parameters).scalars())
            for statement, parameters in sent
        ]

    assert len(plans) == 3
    read_from = {name for plan in plans for name in re.findall(r"(?:Scan|using \w+) on (\w+)", plan)}
    assert read_from - {"cells", "counted"} <= {
        "production_guesses", "production_guesses_pkey",
        "production_confidences", "production_confidences_pkey", "doodle_count_changes",
    }  # fmt: skip
    assert all("_pkey" in plan for plan in plans)
