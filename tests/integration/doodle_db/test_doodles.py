"""A doodle is stored once, as a whole, and never lost."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.exc import IntegrityError

from doodle_db.doodle_counts import count_by_label
from doodle_db.doodles import Doodle, correct_label, store_doodles
from doodle_db.errors import DoodleConflictError, UnknownDoodleError
from doodle_db.tables import doodles
from doodle_testing.builders import SOMEBODY, SOMEBODY_ELSE, doodle, ids_of_split

FIRST, SECOND, THIRD = ids_of_split("train", 3)


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles)).scalar_one()


def test_a_doodle_comes_back_as_it_was_sent(engine: Engine) -> None:
    """The row holds the very bitmap and strokes, and the split of its id."""
    sent = replace(doodle(FIRST), strokes=[[[0, 255], [3, 4]]], guess="dog", confidence=0.25, model_version="0" * 12)
    with engine.begin() as connection:
        store_doodles(connection, [sent])

    with engine.connect() as connection:
        row = connection.execute(select(doodles)).one()

    assert (row.id, row.label, bytes(row.bitmap), row.strokes) == (FIRST, "cat", sent.bitmap, [[[0, 255], [3, 4]]])
    assert (row.guess, row.confidence, row.model_version) == ("dog", 0.25, "0" * 12)
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
