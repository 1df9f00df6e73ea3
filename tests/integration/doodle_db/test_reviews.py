"""What operators decide about what was screened out: a person has the last word."""

import threading

import pytest
from sqlalchemy import Engine, select, text

from doodle_db.doodles import correct_label
from doodle_db.errors import DoodleReviewedError, NothingToUndoError, UnknownDoodleError
from doodle_db.reviews import Decree, count_reviews, list_reviews, review
from doodle_db.tables import reviews
from doodle_testing.builders import SOME_TIME, SOMEBODY, ids_of_split
from doodle_testing.model_server import wait_until
from doodle_testing.screened import add_run, decide, horizon, num_new, num_open, out, read, screen, status_of, store


@pytest.fixture(autouse=True)
def run(engine: Engine) -> None:
    """A run whose screenings these are."""
    add_run(engine)


def test_what_an_operator_decided_no_screening_changes(engine: Engine) -> None:
    """Accepted, rejected and relabelled doodles stay so, whatever is found about them later."""
    accepted, rejected, relabelled = ids_of_split("train", 3)
    store(engine, [accepted, rejected, relabelled])
    everything = [out(each) for each in (accepted, rejected, relabelled)]
    screen(engine, *everything)
    decide(engine, "accept", accepted)
    decide(engine, "reject", rejected)
    decide(engine, "relabel", relabelled, label="dog")

    screen(engine, *everything, minutes=1)

    assert status_of(engine, accepted) == ("cat", "accepted")
    assert status_of(engine, rejected) == ("cat", "rejected")
    assert status_of(engine, relabelled) == ("dog", "accepted")
    assert read(engine).is_reviewed.tolist() == [True, True]
    assert num_open(engine) == 0


def test_a_decision_made_while_a_run_screens_stands(engine: Engine) -> None:
    """The screening read the doodle before the operator decided, and writes after it."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    seen = read(engine)
    decide(engine, "accept", only)

    screen(engine, out(only), seen=seen, minutes=1)

    assert status_of(engine, only) == ("cat", "accepted")


def test_what_is_released_after_the_watermark_has_passed_is_learnt(engine: Engine) -> None:
    """A published run has moved the watermark past the doodle; the release makes it new again."""
    accepted, other = ids_of_split("train", 2)
    store(engine, [accepted, other])
    screen(engine, out(accepted), out(other))
    watermark = horizon(engine)

    decide(engine, "accept", accepted)

    assert num_new(engine, since=watermark) == 1


def test_an_undo_goes_back_to_before_anybody_had_decided(engine: Engine) -> None:
    """Whatever was decided on the way; and every step stays in the history."""
    first, second = ids_of_split("train", 2)
    store(engine, [first, second])
    screen(engine, out(first), out(second, "duplicate"))
    decide(engine, "reject", first, second)
    decide(engine, "relabel", first, second, label="dog")

    decide(engine, "undo", first, second)

    assert status_of(engine, first) == ("cat", "quarantined")
    assert status_of(engine, second) == ("cat", "accepted")
    assert num_new(engine) == 0
    with engine.connect() as connection:
        history = connection.execute(select(reviews.c.action).where(reviews.c.doodle == first)).scalars().all()
        assert history == ["reject", "relabel", "undo"]


def test_deciding_the_same_again_changes_nothing(engine: Engine) -> None:
    """A client whose answer was lost may ask again: the history has one line, and training sees it once."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    decide(engine, "accept", only)
    watermark = horizon(engine)

    decide(engine, "accept", only)

    assert num_new(engine, since=watermark) == 0


def test_all_or_nothing(engine: Engine) -> None:
    """One id that no doodle of a user has, or has nothing to undo, and none is decided about; the field is named."""
    first, second, unknown_id = ids_of_split("train", 3)
    store(engine, [first, second])
    screen(engine, out(first), out(second))
    decide(engine, "accept", second)

    with pytest.raises(UnknownDoodleError) as unknown:
        decide(engine, "reject", first, unknown_id)
    with pytest.raises(NothingToUndoError) as undone:
        decide(engine, "undo", second, first)

    assert (unknown.value.field, undone.value.field) == ("ids[1]", "ids[1]")
    assert status_of(engine, first) == ("cat", "quarantined")
    assert status_of(engine, second) == ("cat", "accepted")


def test_a_contributor_cannot_change_what_an_operator_decided(engine: Engine) -> None:
    """Accepted as a dog and then called a cat: that would be the way around every screening."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    screen(engine, out(only))
    decide(engine, "relabel", only, label="dog")

    with engine.begin() as connection:
        with pytest.raises(DoodleReviewedError):
            correct_label(connection, only, "cat", SOMEBODY)
        correct_label(connection, only, "dog", SOMEBODY)

    assert status_of(engine, only) == ("dog", "accepted")


def test_pages_by_state_reason_and_label(engine: Engine) -> None:
    """Newest first, each doodle on one page, and only what was asked for."""
    cats, dogs = ids_of_split("train", 5), ids_of_split("train", 2, start=1_000)
    store(engine, cats)
    store(engine, dogs, "dog")
    screen(engine, *map(out, cats[:4]), out(cats[4], "share"), out(dogs[0], "unknown"), out(dogs[1]))
    decide(engine, "reject", cats[0])

    with engine.connect() as connection:
        first, following = list_reviews(connection, "open", num=3)
        second, end = list_reviews(connection, "open", num=3, after=following)
        labels = list_reviews(connection, "open", num=9, reason="label", label="dog")[0]
        unused = list_reviews(connection, "unused", num=9)[0]
        reviewed = list_reviews(connection, "reviewed", num=9)[0]
        counts = count_reviews(connection, "open")

    assert {row.id for row in first} | {row.id for row in second} == {*cats[1:4], *dogs}
    times = [row.created_at for row in [*first, *second]]
    assert times == sorted(times, reverse=True)
    assert end is None
    assert [row.id for row in labels] == [dogs[1]]
    assert [row.id for row in unused] == [cats[4]]
    assert [(row.id, row.action, row.operator) for row in reviewed] == [(cats[0], "reject", "ada")]
    assert counts == {"label": 4, "unknown": 1}


def test_any_doodle_can_be_decided_about(engine: Engine) -> None:
    """Nothing need be said against it; undone, it is as if nobody had looked."""
    picked, other = ids_of_split("train", 2)
    store(engine, [picked, other])

    decide(engine, "relabel", picked, label="dog")

    assert status_of(engine, picked) == ("dog", "accepted")
    assert num_open(engine) == 0
    with engine.connect() as connection:
        (listed,) = list_reviews(connection, "reviewed", num=9)[0]
        assert (listed.id, listed.reason, listed.action) == (picked, "operator", "relabel")
    decide(engine, "undo", picked)
    assert status_of(engine, picked) == ("cat", "accepted")
    with engine.connect() as connection:
        assert list_reviews(connection, "reviewed", num=9)[0] == []
        history = connection.execute(select(reviews.c.action).where(reviews.c.doodle == picked)).scalars().all()
        assert history == ["relabel", "undo"]


def test_what_an_operator_picked_no_screening_changes(engine: Engine) -> None:
    """Neither one that comes later, nor one that had read the doodle before."""
    accepted, rejected = ids_of_split("train", 2)
    store(engine, [accepted, rejected])
    seen = read(engine)
    decide(engine, "accept", accepted)
    decide(engine, "reject", rejected)

    screen(engine, out(accepted), out(rejected), seen=seen)
    screen(engine, out(accepted), minutes=1)

    assert status_of(engine, accepted) == ("cat", "accepted")
    assert status_of(engine, rejected) == ("cat", "rejected")
    assert read(engine).is_reviewed.tolist() == [True]


def test_a_contributor_cannot_change_what_an_operator_picked(engine: Engine) -> None:
    """Until the decision is undone."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    decide(engine, "accept", only)

    with engine.begin() as connection, pytest.raises(DoodleReviewedError):
        correct_label(connection, only, "dog", SOMEBODY)
    decide(engine, "undo", only)
    with engine.begin() as connection:
        correct_label(connection, only, "dog", SOMEBODY)

    assert status_of(engine, only) == ("dog", "accepted")


def test_accepting_what_is_accepted_is_nothing_new(engine: Engine) -> None:
    """It was learnt, or will be; what is relabelled or let back in is new."""
    looked_at, relabelled, let_in = ids_of_split("train", 3)
    store(engine, [looked_at, relabelled, let_in])
    decide(engine, "reject", let_in)
    watermark = horizon(engine)

    decide(engine, "accept", looked_at)
    decide(engine, "relabel", relabelled, label="dog")
    decide(engine, "undo", let_in)

    assert num_new(engine, since=watermark) == 2


def test_a_correction_waits_for_an_operator_who_is_deciding(engine: Engine) -> None:
    """Whoever picks a doodle has it to themselves until the decision stands, and the correction comes too late."""
    (only,) = ids_of_split("train", 1)
    store(engine, [only])
    refused: list[DoodleReviewedError] = []

    def correct() -> None:
        with engine.begin() as connection:
            try:
                correct_label(connection, only, "dog", SOMEBODY)
            except DoodleReviewedError as error:
                refused.append(error)

    correction = threading.Thread(target=correct)
    with engine.begin() as connection:
        review(connection, [only], Decree("accept", None, "looked at it", "ada", SOME_TIME))
        correction.start()
        wait_until(lambda: is_waiting(engine))
    correction.join(timeout=20)

    assert len(refused) == 1
    assert status_of(engine, only) == ("cat", "accepted")


def is_waiting(engine: Engine) -> bool:
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
    with engine.connect() as connection:
        return bool(connection.execute(text(waiting)).scalar_one())
