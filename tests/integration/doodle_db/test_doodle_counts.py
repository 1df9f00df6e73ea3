"""The counts are those a GROUP BY gives, at every moment, whoever writes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from doodle_db.doodle_counts import count_by_label, fold_counts
from doodle_db.doodles import Doodle, correct_label, store_doodles
from doodle_testing.builders import SOMEBODY, doodle, ids_of_split

LABELS = ("bird", "cat", "dog")
STATUSES = ("accepted", "quarantined", "rejected")

KEPT = text("""
    SELECT month, source, label, split, status, sum(num_doodles) FROM (
        SELECT month, source, label, split, status, num_doodles FROM doodle_counts
        UNION ALL
        SELECT month, source, label, split, status, num_doodles FROM doodle_count_changes
    ) AS every_change GROUP BY 1, 2, 3, 4, 5 HAVING sum(num_doodles) <> 0 ORDER BY 1, 2, 3, 4, 5
""")

COUNTED = text("""
    SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status, count(*)
    FROM doodles GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
""")


def rows_of(connection: Connection, query: object) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(query)]  # type: ignore[call-overload]  # one of the two above


def assert_exact(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        kept, counted = rows_of(connection, KEPT), rows_of(connection, COUNTED)
    assert kept == counted


def some_doodle(chance: Random) -> Doodle:
    contributor = None if chance.random() < 0.2 else SOMEBODY
    # Few enough ids that some come twice; their label follows the id, so that a second one is the same.
    number = chance.randrange(400)
    return doodle(UUID(int=number), LABELS[number % 3], contributor=contributor)


def store_some(connection: Connection, chance: Random) -> None:
    batch = {each.id: each for each in (some_doodle(chance) for _ in range(chance.choice([1, 1, 5, 30])))}
    store_doodles(connection, list(batch.values()))


def correct_one(connection: Connection, chance: Random) -> None:
    ids = list(connection.execute(text("SELECT id FROM doodles WHERE source = 'user' ORDER BY id LIMIT 50")).scalars())
    # Another writer may delete it at any moment, which is no failure of correcting; so locked it stays, and may change.
    kept = text("SELECT id FROM doodles WHERE source = 'user' AND id = :id FOR KEY SHARE")
    chosen = connection.execute(kept, {"id": chance.choice(ids)}).scalar() if ids else None
    if chosen is not None:
        correct_label(connection, chosen, chance.choice(LABELS), SOMEBODY)


def judge_some(connection: Connection, chance: Random) -> None:
    statement = "UPDATE doodles SET status = :status WHERE id IN (SELECT id FROM doodles ORDER BY id LIMIT 7)"
    connection.execute(text(statement), {"status": chance.choice(STATUSES)})


def delete_one(connection: Connection, chance: Random) -> None:
    connection.execute(
        text("DELETE FROM doodles WHERE id = (SELECT id FROM doodles ORDER BY id OFFSET :n LIMIT 1)"),
        {"n": chance.randrange(20)},
    )


def fold(connection: Connection, _: Random) -> None:
    fold_counts(connection)


ACTIONS: tuple[Callable[[Connection, Random], None], ...] = (
    *(store_some,) * 4, correct_one, correct_one, judge_some, delete_one, fold
)  # fmt: skip


def act(engine: Engine, chance: Random) -> None:
    """Do something; undo it every fourth time."""
    with engine.connect() as connection, connection.begin() as transaction:
        chance.choice(ACTIONS)(connection, chance)
        if chance.random() < 0.25:
            transaction.rollback()


def test_counts_are_exact_after_every_change(engine: Engine) -> None:
    """Inserts, corrections, changes of status, deletions and rollbacks, in any order."""
    chance = Random(7)

    for _ in range(120):
        act(engine, chance)
        assert_exact(engine)


def test_counts_are_exact_with_many_writers(engine: Engine) -> None:
    """Eight write at once, one reads all the while; a deadlock among the corrections is undone like any rollback."""

    def write(seed: int) -> None:
        chance = Random(seed)
        for _ in range(40):
            try:
                act(engine, chance)
            except DBAPIError as lost:
                assert getattr(lost.orig, "pgcode", "") == "40P01"  # noqa: PT017  # nothing else may be lost

    with ThreadPoolExecutor(8) as writers:
        done = [writers.submit(write, seed) for seed in range(8)]
        while not all(each.done() for each in done):
            assert_exact(engine)
        for each in done:
            each.result()

    assert_exact(engine)


def test_labels_are_counted_of_users_accepted_doodles(engine: Engine) -> None:
    """Base data and what is put aside do not count; a label without any is not there."""
    first, second, third, base = ids_of_split("train", 4)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(first), doodle(second, "dog"), doodle(third), doodle(base, contributor=None)])
        connection.execute(text("UPDATE doodles SET status = 'quarantined' WHERE id = :id"), {"id": second})

    with engine.connect() as connection:
        assert count_by_label(connection) == {"cat": 2}


def test_changes_are_folded_without_any_worker(engine: Engine) -> None:
    """Reading the counts stays quick though nobody ticks: the inserts themselves fold now and then."""
    for each in ids_of_split("train", 600):
        with engine.begin() as connection:
            store_doodles(connection, [doodle(each)])

    with engine.connect() as connection:
        unfolded = connection.execute(text("SELECT count(*) FROM doodle_count_changes")).scalar_one()
        assert count_by_label(connection) == {"cat": 600}
    assert unfolded < 256


def test_a_fold_never_waits(engine: Engine) -> None:
    """While one folds and has not committed, others store and fold, and nobody waits for a lock."""
    first, second = ids_of_split("train", 2)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(first)])

    with engine.begin() as slow:
        fold_counts(slow)
        with engine.begin() as quick:
            quick.execute(text("SET LOCAL lock_timeout = '2s'"))
            store_doodles(quick, [doodle(second)])
            fold_counts(quick)

    assert_exact(engine)


def test_what_counts_by_month_never_moves(engine: Engine) -> None:
    """Which partition a doodle lies in is fixed when it is stored."""
    (only,) = ids_of_split("train", 1)
    with engine.begin() as connection:
        store_doodles(connection, [replace(doodle(only), confidence=0.5)])

    for change in ("created_at = created_at - interval '1 year'", "source = 'base'", "id = gen_random_uuid()"):
        with pytest.raises(DBAPIError, match="fixed when it is stored"), engine.begin() as connection:
            connection.execute(text(f"UPDATE doodles SET {change}"))
    with pytest.raises(DBAPIError, match="cannot follow a TRUNCATE"), engine.begin() as connection:
        connection.execute(text("TRUNCATE doodles"))


def test_months_are_those_of_utc(engine: Engine) -> None:
    """A session in another time zone counts into the same month as its neighbours."""
    (only,) = ids_of_split("train", 1)
    midnight = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)
    with engine.begin() as connection:
        connection.execute(text("SET LOCAL timezone = 'Asia/Tokyo'"))
        connection.execute(
            text("""
                INSERT INTO doodles (
                    id, label, bitmap, height, width, split, source, contributor, content_hash, created_at
                ) VALUES (:id, 'cat', '\\x00', 1, 1, 'train', 'user', :contributor, sha256('x'), :created_at)
            """),
            {"id": only, "contributor": SOMEBODY, "created_at": midnight},
        )

        assert str(rows_of(connection, KEPT)[0][0]) == "2026-11-01"
