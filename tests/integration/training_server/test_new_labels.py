"""A label that is added waits for drawings, loses none of them meanwhile, and is learnt when there are enough."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

import numpy as np
import pytest
from numpy.typing import NDArray
from sqlalchemy import Engine

from doodle_db.label_sets import Label
from doodle_db.labels import add_label, withdraw_label
from doodle_db.manifest import Manifest, manifest_labels
from doodle_db.model_registry import deploy, register_version
from doodle_db.run_orders import RunOrder
from doodle_db.runs import finish_run
from doodle_testing.builders import LABEL_SET, doodle, ids_of_split, manifest
from doodle_testing.training_server import claim_for_test, make_live, order, store
from training_server.claims import ClaimedRun
from training_server.clock import read_time
from training_server.errors import NothingToTrainOnError
from training_server.label_plan import MIN_TEST, MIN_TRAIN, LabelPlan, Stock
from training_server.material import Material, read_material
from training_server.new_labels import read_label_plan
from training_server.queue import TrainingQueue
from training_server.trigger import order_training

MOUSE = Label("mouse", "a mouse", "🐭")
BY_HAND = RunOrder("operator", "ada", "a test")
SIX, SEVEN = "1" * 12, "7" * 12


@pytest.fixture
def installation(queue_engine: Engine) -> Engine:
    """Six labels are live, base data and a few doodles of theirs are there, and a mouse has been added."""
    make_live(queue_engine)
    base = ids_of_split("train", 12, start=50_000) + ids_of_split("test", 6, start=50_000)
    for number, each in enumerate(base):
        store(queue_engine, [doodle(each, LABEL_SET.names[number % 6], contributor=None)])
    with queue_engine.begin() as connection:
        add_label(connection, LABEL_SET, MOUSE, actor="ada")
    return queue_engine


def store_mice(engine: Engine, num_train: int, num_test: int, start: int) -> None:
    ids = ids_of_split("train", num_train, start) + ids_of_split("test", num_test, start)
    store(engine, [doodle(each, "mouse") for each in ids])


def read(engine: Engine, run: ClaimedRun) -> tuple[LabelPlan, Material]:
    with engine.connect() as connection:
        labels = read_label_plan(connection, LABEL_SET, run.live_version, run.watermark_to)
        return labels, read_material(connection, labels, run, seed=0)


def count(rows: NDArray[np.int64]) -> list[int]:
    return [int(number) for number in np.bincount(rows, minlength=7)]


def finish(engine: Engine, key: UUID, outcome: str, grown: dict[str, int]) -> None:
    verdict = {"outcome": outcome, "summary": "a test", "checks": []}
    with engine.begin() as connection:
        now = read_time(connection)
        finish_run(connection, key, now=now, verdict=verdict, metrics={"grown": grown}, candidate_version=None)


def manifest_with_mouse(version: str) -> Manifest:
    labels = manifest_labels((*LABEL_SET.labels, MOUSE))
    return manifest(version).model_copy(update={"labels": labels})


def publish(engine: Engine, made: Manifest, before: str, watermark: int) -> None:
    with engine.begin() as connection:
        register_version(connection, made, watermark=watermark)
        deploy(connection, made.version, kind="publish", actor="test", reason="a test", expected_live=before)


def claim_next(engine: Engine, queue: TrainingQueue) -> ClaimedRun:
    return claim_for_test(engine, order(engine, queue))


def test_drawings_of_a_label_that_waits_are_not_lost(installation: Engine, queue: TrainingQueue) -> None:
    """Runs go past them and publish; when there are enough, all of them are read, and judged on, whenever they came."""
    store_mice(installation, MIN_TRAIN - 20, 3, start=0)
    store(installation, [doodle(each, "dog") for each in ids_of_split("train", 5, start=90_000)])
    first = claim_next(installation, queue)
    labels, material = read(installation, first)
    assert (labels.grown, labels.waiting) == ((), {"mouse": Stock(MIN_TRAIN - 20, 3)})
    assert count(material.new.labels) == [0, 0, 5, 0, 0, 0, 0]
    finish(installation, first.key, "published", {})
    publish(installation, manifest(SIX), "0" * 12, first.watermark_to)

    store_mice(installation, 20, MIN_TEST - 3, start=10_000)
    second = claim_next(installation, queue)
    labels, material = read(installation, second)

    assert (labels.grown, labels.label_set.names) == (("mouse",), (*LABEL_SET.names, "mouse"))
    assert count(material.new.labels) == [0, 0, 0, 0, 0, 0, MIN_TRAIN]
    assert count(material.recent.labels)[6] == MIN_TEST
    assert material.num_fresh == len(material.recent)
    assert count(material.replay.labels)[6] == 0
    assert count(material.base.labels) == [1, 1, 1, 1, 1, 1, 0]


def test_what_has_been_learnt_is_replayed_and_after_a_rollback_learnt_anew(
    installation: Engine, queue: TrainingQueue
) -> None:
    """The manifest of what is live decides, whichever version that is."""
    store_mice(installation, MIN_TRAIN, MIN_TEST, start=0)
    first = claim_next(installation, queue)
    finish(installation, first.key, "published", {"mouse": MIN_TRAIN})
    publish(installation, manifest_with_mouse(SEVEN), "0" * 12, first.watermark_to)
    store_mice(installation, 3, 0, start=10_000)

    second = claim_next(installation, queue)
    labels, material = read(installation, second)
    assert (labels.grown, labels.waiting) == ((), {})
    assert (count(material.new.labels)[6], count(material.replay.labels)[6]) == (3, MIN_TRAIN)
    finish(installation, second.key, "rejected", {})

    with installation.begin() as connection:
        deploy(connection, "0" * 12, kind="rollback", actor="ada", reason="a test", expected_live=SEVEN)
    labels, material = read(installation, claim_next(installation, queue))
    assert (labels.grown, count(material.new.labels)[6]) == (("mouse",), MIN_TRAIN + 3)


def test_a_label_that_was_turned_away_lets_the_others_learn(installation: Engine, queue: TrainingQueue) -> None:
    """The next run leaves it out, until there are half as many drawings more."""
    store_mice(installation, MIN_TRAIN, MIN_TEST, start=0)
    first = claim_next(installation, queue)
    assert read(installation, first)[0].grown == ("mouse",)
    finish(installation, first.key, "rejected", {"mouse": MIN_TRAIN})

    second = claim_next(installation, queue)
    assert read(installation, second)[0].grown == ()
    finish(installation, second.key, "rejected", {})
    store_mice(installation, MIN_TRAIN // 2, 0, start=10_000)

    assert read(installation, claim_next(installation, queue))[0].grown == ("mouse",)


def test_base_data_alone_teaches_a_label(installation: Engine, queue: TrainingQueue) -> None:
    """Imported drawings are no doodles that start a run, but an operator may order one; a part is held out, too."""
    ids: Sequence[UUID] = ids_of_split("train", MIN_TRAIN) + ids_of_split("test", MIN_TEST)
    with pytest.raises(NothingToTrainOnError):
        order_training(installation, queue, uuid4(), BY_HAND, LABEL_SET)
    store(installation, [replace(doodle(each, "mouse", contributor=None)) for each in ids])

    assert order_training(installation, queue, uuid4(), BY_HAND, LABEL_SET).is_new

    labels, material = read(installation, claim_next(installation, queue))
    assert (labels.grown, count(material.new.labels)[6]) == (("mouse",), MIN_TRAIN)
    assert count(material.recent.labels)[6] == MIN_TEST


def test_a_withdrawn_label_trains_nothing(installation: Engine, queue: TrainingQueue) -> None:
    """Its drawings stay where they are, and are left out."""
    store_mice(installation, MIN_TRAIN, MIN_TEST, start=0)
    with installation.begin() as connection:
        withdraw_label(connection, LABEL_SET, "mouse")

    labels, material = read(installation, claim_next(installation, queue))

    assert (labels.label_set, len(material.new)) == (LABEL_SET, 0)
