"""A doodle is stored once, as a whole, and never lost."""

import random
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.exc import IntegrityError

from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import Doodle, StoreOutcome, correct_label, store_doodles, store_each
from doodle_db.errors import DoodleConflictError, UnknownDoodleError
from doodle_db.tables import doodles
from doodle_testing.builders import SOMEBODY, SOMEBODY_ELSE, doodle, ids_of_split

FIRST, SECOND, THIRD = ids_of_split("train", 3)


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles)).scalar_one()


def test_a_doodle_comes_back_as_it_was_sent(engine: Engine) -> None:
    """The row holds the very bitmap and strokes, and the split of its id."""
    guessed: dict[str, Any] = {"guess": "dog", "confidence": 0.25, "model_version": "0" * 12, "known": False}
    sent = replace(doodle(FIRST), strokes=[[[0, 255], [3, 4]]], **guessed)
    with engine.begin() as connection:
        store_doodles(connection, [sent])

    with engine.connect() as connection:
        row = connection.execute(select(doodles)).one()

    assert (row.id, row.label, bytes(row.bitmap), row.strokes) == (FIRST, "cat", sent.bitmap, [[[0, 255], [3, 4]]])
    assert {name: row._mapping[name] for name in guessed} == guessed
    assert (row.split, row.source, row.status) == ("train", "user", "accepted")


def test_sending_again_changes_nothing(engine: Engine) -> None:
    """The client's id makes storing idempotent, also across batches that overlap and repeat themselves."""
    with engine.begin() as connection:
        first = store_doodles(connection, [doodle(FIRST), doodle(SECOND)])
    with engine.begin() as connection:
        again = store_doodles(connection, [doodle(SECOND), doodle(THIRD), doodle(THIRD)])

    assert first == ["stored", "stored"]
    assert again == ["already_stored", "stored", "already_stored"]
    assert count(engine) == 3


def test_a_doodle_told_with_less_is_the_same(engine: Engine) -> None:
    """Whether the guess was shown is no part of what tells doodles apart; what was told first stays."""
    sent = replace(doodle(FIRST), guess="dog", known=True)
    with engine.begin() as connection:
        store_doodles(connection, [sent])
        outcome = store_doodles(connection, [replace(sent, known=None)])

    assert outcome == ["already_stored"]
    with engine.connect() as connection:
        assert connection.execute(select(doodles.c.known)).scalar_one() is True


def test_the_same_drawing_from_another_network_is_the_same(engine: Engine) -> None:
    """A phone that changed networks between two tries must not be told that it lies."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(FIRST)])
    with engine.begin() as connection:
        outcome = store_doodles(connection, [doodle(FIRST, contributor=SOMEBODY_ELSE)])

    assert outcome == ["already_stored"]


@pytest.mark.parametrize(
    "other", [doodle(SECOND, "dog"), doodle(SECOND, ink=254), replace(doodle(SECOND), confidence=0.5)]
)
def test_other_content_under_the_same_id_is_refused_as_a_whole(engine: Engine, other: Doodle) -> None:
    """The error names the doodle, and nothing of the batch is stored."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(SECOND)])

    with pytest.raises(DoodleConflictError) as refused, engine.begin() as connection:
        store_doodles(connection, [doodle(FIRST), other])

    assert refused.value.field == "doodles[1].id"
    assert count(engine) == 1


def test_two_doodles_of_one_id_in_one_batch_are_refused(engine: Engine) -> None:
    """Which of the two would be the true one?"""
    with pytest.raises(DoodleConflictError), engine.begin() as connection:
        store_doodles(connection, [doodle(FIRST, "cat"), doodle(FIRST, "dog")])

    assert count(engine) == 0


def test_overlapping_batches_at_once_store_each_doodle_once(engine: Engine) -> None:
    """Sixteen senders of the same doodles in opposite orders: no deadlock, no double, no loss."""
    batch = [doodle(each) for each in ids_of_split("train", 40)]
    start = threading.Barrier(16)

    def send(number: int) -> list[str]:
        start.wait()
        with engine.begin() as connection:
            return list(store_doodles(connection, batch if number % 2 else batch[::-1]))

    with ThreadPoolExecutor(16) as senders:
        outcomes = [outcome for result in senders.map(send, range(16)) for outcome in result]

    assert outcomes.count("stored") == len(batch)
    assert count(engine) == len(batch)


def test_a_conflict_of_one_request_is_nobody_elses(engine: Engine) -> None:
    """Requests that share a transaction are stored as if each came by itself."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(SECOND, "dog")])

    with engine.begin() as connection:
        results = store_each(connection, [[doodle(FIRST)], [doodle(THIRD), doodle(SECOND, "cat")], [doodle(FIRST)]])

    assert [results[0], results[2]] == [["stored"], ["already_stored"]]
    assert isinstance(results[1], DoodleConflictError)
    assert results[1].field == "doodles[1].id"
    assert count(engine) == 2


def test_requests_together_end_like_requests_one_by_one(engine: Engine) -> None:
    """Whatever they hold, conflicts and repetitions among them included: outcomes and rows are the same."""
    chance = random.Random(11)
    num_refused = 0
    for start in range(0, 60_000, 1_000):
        ids = ids_of_split("train", 4, start=start)
        requests = [
            [doodle(chance.choice(ids), chance.choice(["cat", "cat", "dog"])) for _ in range(chance.randint(0, 3))]
            for _ in range(chance.randint(1, 4))
        ]
        with engine.connect() as connection:
            together = store_each(connection, requests), _rows(connection)
            connection.rollback()
            one_by_one = [_store_or_give_error(connection, batch) for batch in requests], _rows(connection)
            connection.rollback()
        num_refused += _as_words(together[0]).count("refused")

        assert (_as_words(together[0]), together[1]) == (_as_words(one_by_one[0]), one_by_one[1])

    assert num_refused > 10


def _store_or_give_error(connection: Connection, batch: list[Doodle]) -> list[StoreOutcome] | DoodleConflictError:
    with connection.begin_nested() as savepoint:
        try:
            return store_doodles(connection, batch)
        except DoodleConflictError as conflict:
            savepoint.rollback()
            return conflict


def _as_words(results: Sequence[list[StoreOutcome] | DoodleConflictError]) -> list[object]:
    return ["refused" if isinstance(each, DoodleConflictError) else each for each in results]


def _rows(connection: Connection) -> list[tuple[object, ...]]:
    return [tuple(row) for row in connection.execute(select(doodles.c.id, doodles.c.label).order_by(doodles.c.id))]


def test_requests_together_lock_nobody_up(engine: Engine) -> None:
    """Groups of the same doodles in other orders, some in conflict: each waits for the other, none for ever."""
    ids = ids_of_split("train", 12)

    def send(number: int) -> None:
        chance = random.Random(number)
        for _ in range(5):
            requests = [[doodle(chance.choice(ids), chance.choice(["cat", "dog"]))] for _ in range(8)]
            with engine.begin() as connection:
                store_each(connection, requests)

    with ThreadPoolExecutor(8) as senders:
        list(senders.map(send, range(8)))

    assert count(engine) == len(ids)


def test_more_doodles_than_one_statement_takes(engine: Engine) -> None:
    """An import of any size goes through the same function."""
    batch = [doodle(each) for each in ids_of_split("train", 2_345)]

    with engine.begin() as connection:
        outcomes = store_doodles(connection, batch)

    assert outcomes == ["stored"] * 2_345


@pytest.mark.parametrize(
    ("column", "value"),
    [("height", 27), ("label", ""), ("confidence", 1.5), ("model_version", "latest"), ("contributor", None)],
)
def test_the_database_refuses_what_code_let_through(engine: Engine, column: str, value: object) -> None:
    """A rule about rows is a constraint: a slip in code changes nothing that is stored."""
    broken = replace(doodle(FIRST), **{column: value})  # type: ignore[arg-type]  # broken on purpose

    with pytest.raises(IntegrityError), engine.begin() as connection:
        store_doodles(connection, [broken])


def test_only_its_contributor_corrects_a_label(engine: Engine) -> None:
    """Nobody renames somebody else's drawing, and nobody learns whether it exists."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(FIRST)])

    with engine.begin() as connection:
        correct_label(connection, FIRST, "dog", SOMEBODY)
    with pytest.raises(UnknownDoodleError), engine.begin() as connection:
        correct_label(connection, FIRST, "fish", SOMEBODY_ELSE)
    with pytest.raises(UnknownDoodleError), engine.begin() as connection:
        correct_label(connection, SECOND, "fish", SOMEBODY)

    with engine.connect() as connection:
        assert count_by_label(connection) == {"dog": 1}


def test_a_sent_again_doodle_keeps_its_corrected_label(engine: Engine) -> None:
    """A retry that arrives after the correction is still the same doodle."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(FIRST)])
        correct_label(connection, FIRST, "dog", SOMEBODY)

    with engine.begin() as connection:
        outcome = store_doodles(connection, [doodle(FIRST)])

    assert outcome == ["already_stored"]
    with engine.connect() as connection:
        assert count_by_label(connection) == {"dog": 1}
