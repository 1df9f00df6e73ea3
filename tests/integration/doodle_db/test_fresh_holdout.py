"""Which held-out drawings a verdict was made on before: what chance wins may be spent on."""

from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine

from doodle_db.doodles import correct_label, store_doodles
from doodle_db.founder import get_founder
from doodle_db.model_registry import deploy, register_version, roll_back
from doodle_db.runs import claim_run, finish_run, queue_delta_run, record_plan
from doodle_db.training_counts import read_last_verdict
from doodle_db.training_sets import count_fresh
from doodle_db.watermark import BEFORE_EVERYTHING, read_horizon
from doodle_testing.builders import LABEL_SET, SOMEBODY, doodle, ids_of_split, manifest
from training_server.clock import read_time

TEST = ids_of_split("test", 6)
A, B, C = "a" * 12, "b" * 12, "c" * 12
MANY = 100


def send(engine: Engine, *ids: UUID) -> None:
    """Store users' drawings."""
    with engine.begin() as connection:
        store_doodles(connection, [doodle(each) for each in ids])


def judge(engine: Engine, candidate: str | None) -> None:
    """Let a run read what there is, and end with a verdict on its candidate, or with nothing to judge."""
    with engine.begin() as connection:
        key = queue_delta_run(connection, uuid4(), trigger="doodles", requested_by="a test").key
        now = read_time(connection)
        claim_run(connection, key, worker="first", now=now)
        record_plan(connection, key, watermark_to=read_horizon(connection))
        finish_run(connection, key, now=now, verdict={}, metrics={}, candidate_version=candidate)


def fresh(engine: Engine, at_most: int = MANY) -> int:
    """Count what no verdict was made on."""
    with engine.connect() as connection:
        return count_fresh(connection, LABEL_SET, "user", at_most, read_last_verdict(connection))


@pytest.fixture
def judged(engine: Engine) -> Engine:
    """Two drawings that a candidate was judged on."""
    with engine.begin() as connection:
        register_version(connection, manifest(A))
    send(engine, *TEST[:2])
    judge(engine, A)
    return engine


def test_before_the_first_verdict_every_drawing_is_fresh(engine: Engine) -> None:
    """A new installation has spent nothing."""
    send(engine, *TEST[:3])

    with engine.connect() as connection:
        assert read_last_verdict(connection) == BEFORE_EVERYTHING
    assert fresh(engine) == 3


def test_only_what_came_in_since_the_last_verdict_is_fresh(judged: Engine) -> None:
    """A verdict uses up all drawings there are; later ones are fresh."""
    assert fresh(judged) == 0

    send(judged, *TEST[2:5])

    assert fresh(judged) == 3


def test_of_more_than_the_gate_reads_none_counts(judged: Engine) -> None:
    """Only the newest are held out, so only they can be fresh."""
    send(judged, *TEST[2:5])

    assert fresh(judged, at_most=2) == 2


def test_base_and_training_drawings_are_not_counted(judged: Engine) -> None:
    """A verdict on recent drawings is made on users' drawings of the test split."""
    (training,) = ids_of_split("train", 1)
    with judged.begin() as connection:
        store_doodles(connection, [doodle(TEST[2], contributor=None), doodle(training)])

    assert fresh(judged) == 0


def test_a_run_that_judged_nothing_uses_up_nothing(judged: Engine) -> None:
    """A run that ended with nothing to train on has looked at no holdout."""
    send(judged, TEST[2])
    judge(judged, None)

    assert fresh(judged) == 1


def test_a_corrected_drawing_is_fresh_again(judged: Engine) -> None:
    """Under its new label no verdict was made on it."""
    with judged.begin() as connection:
        correct_label(connection, TEST[0], "dog", SOMEBODY)

    assert fresh(judged) == 1


def test_the_founder_is_found_in_the_history(engine: Engine) -> None:
    """Runs publish, a person rolls back and deploys: the founder is what a person answers for."""
    with engine.begin() as connection:
        for version in (A, B, C):
            register_version(connection, manifest(version))
        told = {"actor": "somebody", "reason": "a test"}
        founders = []
        deploy(connection, A, kind="publish", expected_live=None, **told)
        deploy(connection, B, kind="publish", expected_live=A, **told)
        founders.append(get_founder(connection))
        deploy(connection, C, kind="deploy", expected_live=B, **told)
        founders.append(get_founder(connection))
        roll_back(connection, **told)
        founders.append(get_founder(connection))

    assert founders == [A, C, A]
