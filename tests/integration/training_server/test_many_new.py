"""More new doodles than a run reads: the newest are screened and trained on, and only these."""

from uuid import UUID

import pytest
from sqlalchemy import Engine

from doodle_db import new_doodles
from doodle_db.tables import doodles
from doodle_testing.builders import LABEL_SET, SOMEBODY, doodle, ids_of_split
from doodle_testing.training_server import claim_for_test, make_live, order, store
from training_server.claims import ClaimedRun
from training_server.label_plan import keep_labels
from training_server.material import read_material
from training_server.queue import TrainingQueue
from training_server.screening_step import read_suspects

MAX_NEW = 5
OLD, NEW = ids_of_split("train", 3), ids_of_split("train", MAX_NEW, start=10_000)
OLD_INK, NEW_INK = 11, 22


@pytest.fixture
def claimed(queue_engine: Engine, queue: TrainingQueue, monkeypatch: pytest.MonkeyPatch) -> ClaimedRun:
    """A run that finds more new doodles than it reads."""
    monkeypatch.setattr(new_doodles, "MAX_NEW", MAX_NEW)
    make_live(queue_engine)
    send(queue_engine, OLD, OLD_INK)
    send(queue_engine, NEW, NEW_INK)
    return claim_for_test(queue_engine, order(queue_engine, queue))


def send(engine: Engine, ids: list[UUID], ink: int) -> None:
    store(engine, [doodle(each, ink=ink, contributor=SOMEBODY) for each in ids])


def test_a_run_screens_and_reads_the_newest(queue_engine: Engine, claimed: ClaimedRun) -> None:
    """However long nothing was published, a run is no longer than its bound."""
    with queue_engine.connect() as connection:
        suspects = read_suspects(connection, LABEL_SET, claimed)
        material = read_material(connection, keep_labels(LABEL_SET), claimed, seed=0)

    assert {each.doodle for each in suspects.new.seen} == set(NEW)
    assert material.new.bitmaps.max(axis=(1, 2)).tolist() == [NEW_INK] * MAX_NEW


def test_what_the_screening_puts_aside_makes_no_room_for_older_ones(queue_engine: Engine, claimed: ClaimedRun) -> None:
    """No run trains on what it has not screened."""
    with queue_engine.begin() as connection:
        connection.execute(doodles.update().where(doodles.c.id == NEW[0]).values(status="quarantined"))
        material = read_material(connection, keep_labels(LABEL_SET), claimed, seed=0)

    assert material.new.bitmaps.max(axis=(1, 2)).tolist() == [NEW_INK] * (MAX_NEW - 1)


def test_no_more_than_a_run_reads_are_all_new(queue_engine: Engine, queue: TrainingQueue) -> None:
    """Where there are fewer, nothing is too old."""
    make_live(queue_engine)
    send(queue_engine, NEW, NEW_INK)

    assert claim_for_test(queue_engine, order(queue_engine, queue)).last_too_old is None
