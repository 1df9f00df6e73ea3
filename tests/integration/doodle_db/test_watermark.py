"""The watermark: a doodle still in flight when a run looks is the next run's, neither lost nor taken twice."""

import numpy as np
from sqlalchemy import Engine

from doodle_db.doodles import correct_label, store_doodles
from doodle_db.training_sets import FIRST_UUID, count_new, select_holdout, select_new, select_replay
from doodle_db.watermark import read_horizon
from doodle_testing.builders import LABEL_SET, SOMEBODY, doodle, ids_of_split

TRAIN = ids_of_split("train", 6)
TEST = ids_of_split("test", 2)
EVERYTHING = 100


def look(engine: Engine, watermark: int) -> tuple[int, list[int]]:
    """Do what a run does: read the horizon, take what lies between; show each drawing by its ink."""
    with engine.connect() as connection:
        horizon = read_horizon(connection)
        new = select_new(connection, LABEL_SET, watermark, horizon)
    return horizon, sorted(int(each) for each in new.bitmaps.max(axis=(1, 2), initial=0))


def test_a_doodle_in_flight_is_not_skipped(engine: Engine) -> None:
    """The transaction that began first commits last; a counter or a timestamp would lose its doodle."""
    slow = engine.connect()
    transaction = slow.begin()
    store_doodles(slow, [doodle(TRAIN[0], ink=1)])
    with engine.begin() as quick:
        store_doodles(quick, [doodle(TRAIN[1], ink=2)])

    first_horizon, first = look(engine, 0)
    transaction.commit()
    slow.close()
    with engine.begin() as later:
        store_doodles(later, [doodle(TRAIN[2], ink=3)])
    second_horizon, second = look(engine, first_horizon)
    _, third = look(engine, second_horizon)

    assert first == []
    assert second == [1, 2, 3]
    assert third == []


def test_a_doodle_rolled_back_is_never_seen(engine: Engine) -> None:
    """What was not acknowledged is not trained on."""
    with engine.connect() as connection:
        store_doodles(connection, [doodle(TRAIN[0])])
        connection.rollback()

    assert look(engine, 0)[1] == []


def test_only_new_accepted_training_drawings_of_users_count(engine: Engine) -> None:
    """Base data and the test split never start a run."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[0]), doodle(TEST[0]), doodle(TRAIN[1], contributor=None)])

    with engine.connect() as connection:
        assert count_new(connection, 0, at_most=EVERYTHING) == 1


def test_counting_stops_where_it_is_told(engine: Engine) -> None:
    """The trigger needs to know "enough", not how many millions."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in TRAIN])

    with engine.connect() as connection:
        assert count_new(connection, 0, at_most=3) == 3


def test_a_corrected_doodle_is_new_again(engine: Engine) -> None:
    """A label that was put right is worth learning, though the drawing was looked at before."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[0], "cat", ink=7)])
    horizon, before = look(engine, 0)
    with engine.begin() as connection:
        correct_label(connection, TRAIN[0], "dog", SOMEBODY)

    _, after = look(engine, horizon)

    assert (before, after) == ([7], [7])


def test_replay_takes_every_label_alike_and_nothing_new(engine: Engine) -> None:
    """Base data and older doodles, as many of each label as there are up to the limit."""
    old = [doodle(each, label, contributor=None) for each, label in zip(TRAIN, ["cat"] * 4 + ["dog"] * 2, strict=True)]
    with engine.begin() as connection:
        store_doodles(connection, old)
    horizon, _ = look(engine, 0)
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each, "fish") for each in ids_of_split("train", 3, start=10_000)])

    with engine.connect() as connection:
        replay = select_replay(connection, LABEL_SET, horizon, 3, pivot=TRAIN[3])

    names = [LABEL_SET.names[index] for index in replay.labels]
    assert names == ["cat", "cat", "cat", "dog", "dog"]


def test_replay_can_be_asked_for_by_source(engine: Engine) -> None:
    """Base data, older doodles of users, or both."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[0], ink=1), doodle(TRAIN[1], ink=2, contributor=None)])
    horizon, _ = look(engine, 0)

    with engine.connect() as connection:
        base, older, both = (
            select_replay(connection, LABEL_SET, horizon, 3, FIRST_UUID, source) for source in ("base", "user", None)
        )

    assert (len(base), len(older), len(both)) == (1, 1, 2)
    assert (base.bitmaps.max(), older.bitmaps.max()) == (2, 1)


def test_holdouts_are_the_test_split_of_their_source(engine: Engine) -> None:
    """Neither holdout holds a drawing that any version may have trained on."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(TRAIN[0], ink=1), doodle(TEST[0], ink=2)])
        store_doodles(connection, [doodle(TRAIN[1], ink=3, contributor=None), doodle(TEST[1], ink=4, contributor=None)])

    with engine.connect() as connection:
        recent = select_holdout(connection, LABEL_SET, "user", EVERYTHING)
        base = select_holdout(connection, LABEL_SET, "base", EVERYTHING)

    assert (int(np.max(recent.bitmaps)), int(np.max(base.bitmaps))) == (2, 4)
    assert len(recent) == len(base) == 1
