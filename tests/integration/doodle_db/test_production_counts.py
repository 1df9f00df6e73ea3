"""What is counted of guesses is what a GROUP BY gives, whoever writes, corrects, judges or deletes."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from random import Random

import pytest
from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError

from doodle_db.doodle_counts import fold_counts
from doodle_db.doodles import correct_label, store_doodles
from doodle_db.model_registry import register_version
from doodle_db.production import Production, Tally, read_production
from doodle_db.reviews import Action
from doodle_testing.builders import SOMEBODY, doodle, ids_of_split, manifest
from doodle_testing.model_server import deploy_version
from doodle_testing.production import KNOWN, LABELS, assert_exact, guessed_doodle, read, store, today
from doodle_testing.screened import add_run, decide, out, screen

STATUSES = ("accepted", "quarantined", "rejected")


@pytest.fixture
def versions(engine: Engine) -> None:
    """One version that is live."""
    make_live(engine, KNOWN, None)


def make_live(engine: Engine, version: str, live: str | None) -> None:
    with engine.begin() as connection:
        register_version(connection, manifest(version))
    deploy_version(engine, version, live)


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


def count_statuses(connection: Connection) -> dict[str, int]:
    counted = text("SELECT status, count(*) FROM doodles WHERE source = 'user' GROUP BY status")
    return {str(status): int(num) for status, num in connection.execute(counted)}


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
