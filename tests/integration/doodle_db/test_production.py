"""What is counted of guesses is what a GROUP BY gives, whoever writes; and nobody reads a doodle for it."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, event, text
from sqlalchemy.exc import DBAPIError

from doodle_db.doodle_counts import fold_counts
from doodle_db.doodles import Doodle, correct_label, store_doodles
from doodle_db.model_registry import register_version
from doodle_db.partitions import drop_month, list_months
from doodle_db.production import Production, Span, Tally, read_production
from doodle_db.reviews import Action
from doodle_testing.builders import SOMEBODY, doodle, ids_of_split, manifest
from doodle_testing.model_server import deploy_version
from doodle_testing.produced import VERSIONS, deploy_versions, produce
from doodle_testing.screened import add_run, decide, out, screen

KNOWN, STRANGE = "0" * 12, "f" * 12
LABELS = ("bird", "cat", "dog")
STATUSES = ("accepted", "quarantined", "rejected")

STEPS = "CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)"

VERSION = """coalesce((
    SELECT version FROM deployments
    WHERE version = model_version AND deployments.created_at <= doodles.created_at LIMIT 1
), '')"""

KEPT_AND_COUNTED = (
    (
        "SELECT * FROM production_guesses WHERE num_doodles <> 0 ORDER BY 1, 2, 3, 4, 5, 6",
        f"""SELECT step, date_trunc(step, created_at, 'UTC'), {VERSION}, label, coalesce(guess, ''), status,
                count(*), count(*) FILTER (WHERE known), count(*) FILTER (WHERE NOT known)
            FROM doodles {STEPS} WHERE source = 'user'
            GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY 1, 2, 3, 4, 5, 6""",
    ),
    (
        "SELECT * FROM production_confidences WHERE num_doodles <> 0 ORDER BY 1, 2, 3, 4, 5",
        f"""SELECT step, date_trunc(step, created_at, 'UTC'), {VERSION}, status,
                CASE WHEN confidence = 1 THEN 9 ELSE floor(10 * confidence)::int END,
                count(*), count(*) FILTER (WHERE guess = label), sum(round(1000000 * confidence)::int)
            FROM doodles {STEPS} WHERE source = 'user' AND guess IS NOT NULL AND known IS DISTINCT FROM false
                AND confidence IS NOT NULL
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5""",
    ),
)


def assert_exact(engine: Engine) -> None:
    """Fold, compare, and leave everything as it was."""
    with engine.connect() as connection:
        fold_counts(connection)
        for kept, counted in KEPT_AND_COUNTED:
            expected = [tuple(row) for row in connection.execute(text(counted))]
            assert [tuple(row) for row in connection.execute(text(kept))] == expected
        connection.rollback()


@pytest.fixture
def versions(engine: Engine) -> None:
    """One version that is live."""
    make_live(engine, KNOWN, None)


def make_live(engine: Engine, version: str, live: str | None) -> None:
    with engine.begin() as connection:
        register_version(connection, manifest(version))
    deploy_version(engine, version, live)


def guessed_doodle(number: int) -> Doodle:
    """Make a doodle whose guess, confidence and all follow its number: a second one of that number is the same."""
    chance = Random(number)
    plain = doodle(UUID(int=number), LABELS[number % 3], contributor=None if chance.random() < 0.1 else SOMEBODY)
    if chance.random() < 0.2:
        return plain
    return replace(
        plain,
        guess=chance.choice(LABELS),
        confidence=chance.choice([None, 0.0, 0.1, 0.1234567, 0.5, 0.95, 1.0]),
        model_version=chance.choice([None, KNOWN, STRANGE]),
        known=chance.choice([None, True, False]),
    )


def store_some(connection: Connection, chance: Random) -> None:
    numbers = {chance.randrange(400) for _ in range(chance.choice([1, 1, 5, 30]))}
    store_doodles(connection, [guessed_doodle(number) for number in sorted(numbers)])


def correct_one(connection: Connection, chance: Random) -> None:
    theirs = text("SELECT id FROM doodles WHERE contributor = :who ORDER BY id LIMIT 50 FOR KEY SHARE SKIP LOCKED")
    if ids := connection.execute(theirs, {"who": SOMEBODY}).scalars().all():
        correct_label(connection, chance.choice(ids), chance.choice(LABELS), SOMEBODY)


def judge_some(connection: Connection, chance: Random) -> None:
    statement = "UPDATE doodles SET status = :status WHERE id IN (SELECT id FROM doodles ORDER BY id LIMIT 7)"
    connection.execute(text(statement), {"status": chance.choice(STATUSES)})


def delete_one(connection: Connection, chance: Random) -> None:
    chosen = "DELETE FROM doodles WHERE id = (SELECT id FROM doodles ORDER BY id OFFSET :n LIMIT 1)"
    connection.execute(text(chosen), {"n": chance.randrange(20)})


ACTIONS: tuple[Callable[[Connection, Random], None], ...] = (
    *(store_some,) * 4, correct_one, correct_one, judge_some, delete_one, lambda connection, _: fold_counts(connection)
)  # fmt: skip


def act(engine: Engine, chance: Random) -> None:
    """Do something; undo it every fourth time."""
    with engine.connect() as connection, connection.begin() as transaction:
        chance.choice(ACTIONS)(connection, chance)
        if chance.random() < 0.25:
            transaction.rollback()


@pytest.mark.usefixtures("versions")
def test_counts_are_exact_after_every_change(engine: Engine) -> None:
    """Inserts alone and in batches, corrections, changes of status, deletions and rollbacks, in any order."""
    chance = Random(11)

    for _ in range(60):
        act(engine, chance)
        assert_exact(engine)


@pytest.mark.usefixtures("versions")
def test_counts_are_exact_with_many_writers(engine: Engine) -> None:
    """Four write at once; what is read meanwhile agrees with the doodles of the same moment."""

    def write(seed: int) -> None:
        chance = Random(seed)
        for _ in range(12):
            try:
                act(engine, chance)
            except DBAPIError as lost:
                assert getattr(lost.orig, "pgcode", "") == "40P01"  # noqa: PT017  # a deadlock is undone like a rollback

    with ThreadPoolExecutor(4) as writers:
        done = [writers.submit(write, seed) for seed in range(4)]
        while not all(each.done() for each in done):
            with engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
                assert read_production(connection, today()).statuses == count_statuses(connection)
        for each in done:
            each.result()

    assert_exact(engine)


def today(step: Any = "day") -> Span:
    now = datetime.now(UTC)
    return Span(step, now.replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1), now + timedelta(1))


def count_statuses(connection: Connection) -> dict[str, int]:
    counted = text("SELECT status, count(*) FROM doodles WHERE source = 'user' GROUP BY status")
    return {str(status): int(num) for status, num in connection.execute(counted)}


def read(engine: Engine, span: Span | None = None, version: str | None = None) -> Production:
    with engine.connect() as connection:
        return read_production(connection, span or today(), version)


def store(engine: Engine, *sent: Doodle) -> None:
    with engine.begin() as connection:
        store_doodles(connection, sent)


@pytest.mark.usefixtures("versions")
def test_a_correction_by_who_drew_it_changes_who_was_right(engine: Engine) -> None:
    """The label as it is now is the truth a guess is held against."""
    (only,) = ids_of_split("train", 1)
    store(engine, replace(doodle(only, "cat"), guess="dog", confidence=0.75, model_version=KNOWN, known=True))
    wrong = read(engine)
    with engine.begin() as connection:
        correct_label(connection, only, "dog", SOMEBODY)

    right = read(engine)

    assert wrong.total == Tally(1, 1, 0, 1, 0, 0)
    assert right.total == Tally(1, 1, 1, 1, 1, 0)
    assert (wrong.confusion, right.confusion) == ({("cat", "dog"): 1}, {("dog", "dog"): 1})
    assert [(each.number, each.num_doodles, each.num_right) for each in right.bins] == [(7, 1, 1)]


@pytest.mark.usefixtures("versions")
def test_reviews_count_as_they_stand(engine: Engine) -> None:
    """In quarantine a doodle counts, rejected it does not; relabelled it counts so, and undone as before."""
    (only,) = ids_of_split("train", 1)
    store(engine, replace(doodle(only, "cat"), guess="dog", confidence=0.5, model_version=KNOWN, known=False))
    add_run(engine)
    screen(engine, out(only))
    seen = [tell(read(engine))]

    decrees: tuple[tuple[Action, str | None], ...]
    decrees = (("reject", None), ("relabel", "dog"), ("undo", None), ("accept", None))
    for action, label in decrees:
        decide(engine, action, only, label=label)
        seen.append(tell(read(engine)))

    assert seen == [
        ({"quarantined": 1}, 1, 0),
        ({"rejected": 1}, 0, 0),
        ({"accepted": 1}, 1, 1),
        ({"quarantined": 1}, 1, 0),
        ({"accepted": 1}, 1, 0),
    ]
    assert_exact(engine)


def tell(found: Production) -> tuple[dict[str, int], int, int]:
    return dict(found.statuses), found.total.num_unknown, found.total.num_right


@pytest.mark.usefixtures("versions")
def test_an_erased_doodle_is_counted_no_more(engine: Engine) -> None:
    """What is deleted leaves nothing behind, by whichever statement."""
    sent = [guessed_doodle(number) for number in range(50)]
    store(engine, *sent)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM doodles WHERE contributor = :who"), {"who": SOMEBODY})

    found = read(engine)

    assert (found.total, found.statuses, found.bins, found.versions) == (Tally(), {}, (), {})
    assert_exact(engine)


def test_base_data_does_not_count(engine: Engine) -> None:
    """Nobody guessed at what was imported."""
    store(engine, *(doodle(each, contributor=None) for each in ids_of_split("train", 20)))

    assert read(engine).statuses == {}
    assert_exact(engine)


@pytest.mark.usefixtures("versions")
def test_versions_that_nobody_knows_are_counted_together(engine: Engine) -> None:
    """A client may say anything; the counts stay few, and a version that is made later changes none of them."""
    ids = ids_of_split("train", 31)
    made_up = [f"{number:012x}" for number in range(1, 31)]
    for each, version in zip(ids, [*made_up, KNOWN], strict=True):
        store(engine, replace(doodle(each), guess="cat", confidence=0.9, model_version=version))
    make_live(engine, made_up[0], KNOWN)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM doodles WHERE model_version = :version"), {"version": made_up[0]})

    found = read(engine).versions

    assert {version: tally.num_doodles for version, tally in found.items()} == {"": 29, KNOWN: 1}
    assert_exact(engine)


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
