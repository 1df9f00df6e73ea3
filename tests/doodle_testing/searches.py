"""Searches for tests: drawings to train on, a search in the database, and a worker's work done in this process."""

import random
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from sqlalchemy import Engine, Row, select

from doodle_db.artifacts import ArtifactStore
from doodle_db.run_orders import NO_REQUEST
from doodle_db.searches import SearchOrder, list_trials
from doodle_db.tables import runs
from doodle_testing.builders import LABEL_SET
from doodle_testing.drawings import generate_doodles
from doodle_testing.paper_trials import train
from doodle_testing.training_server import claim_for_test, make_live, read_run, store
from doodle_web.tracing import NO_TRACING
from training_server.heartbeat import WatchedRun
from training_server.interruption import Interruption
from training_server.observer import RunObserver
from training_server.queue import TrainingQueue
from training_server.searches.configuration import Method, to_json
from training_server.searches.ordering import order_search, plan_search
from training_server.searches.trial import carry_out_trial

if TYPE_CHECKING:
    from training_server.training_room import TrainingRoom

TINY: Mapping[str, Any] = {
    "NETWORK": "mlp",
    "DATASET": "base",
    "EPOCHS": 1,
    "BATCH_SIZE": 64,
    "FIRST_UNITS": 8,
    "SECOND_UNITS": 8,
}
"""A training that takes a moment."""

EIGHT: Mapping[str, Any] = {**TINY, "LEARNING_RATE": [0.001, 0.004], "DROPOUT": [0.0, 0.1], "SEED": [0, 1]}
"""Eight of them."""

ANY = {**TINY, "LEARNING_RATE": {"min": 1e-4, "max": 1e-2, "log": True}, "FIRST_UNITS": [8, 16]}
"""What a sampler may choose from."""

SEARCH = UUID("5ea7c400-0000-4000-8000-000000000001")


def make_searchable(engine: Engine, num_doodles: int = 240) -> None:
    """Make something live, and store base data of our own."""
    make_live(engine)
    drawn = generate_doodles(LABEL_SET, num_doodles, random.Random(1))
    store(engine, [replace(each, contributor=None, source="base") for each in drawn])


def enter_search(
    engine: Engine,
    configuration: Mapping[str, Any] = EIGHT,
    method: Method = "grid",
    num_trials: int | None = None,
    *,
    key: UUID = SEARCH,
    pruning: bool = False,
) -> UUID:
    """Order a search with all its trials."""
    plan = plan_search(configuration, {}, method, num_trials)
    order = SearchOrder(method, to_json(plan.configuration), "ada", pruning=pruning)
    with engine.begin() as connection:
        order_search(connection, TrainingQueue(engine), key, order, plan, NO_REQUEST)
    return key


def make_room(engine: Engine, folder: Path) -> "TrainingRoom":
    """Make what a trial finds on its worker; nothing is exported, so there is no runner."""
    # Not above: it loads TensorFlow, and most of what is tested here needs none.
    from training_server.export_check import Runner  # noqa: PLC0415
    from training_server.training_room import TrainingRoom  # noqa: PLC0415

    return TrainingRoom(engine, ArtifactStore(str(folder)), LABEL_SET, Runner("node", Path("/nowhere")))


def watch(engine: Engine, key: UUID, worker: str = "first") -> WatchedRun:
    """Claim a trial's run as a worker does."""
    interruption = Interruption()
    return WatchedRun(claim_for_test(engine, key, worker), interruption, RunObserver(interruption))


def work_on(room: "TrainingRoom", key: UUID, worker: str = "first") -> Row[Any]:
    """Carry out a trial as a worker does, and give its run's row."""
    from training_server.kinds import STORIES  # noqa: PLC0415

    STORIES["trial"](room, watch(room.engine, key, worker), Path("/nowhere"), NO_TRACING)
    with room.engine.connect() as connection:
        return connection.execute(select(runs).where(runs.c.key == key)).one()


def try_on_paper(engine: Engine, key: UUID) -> Row[Any]:
    """Carry out a trial whose training is of paper, and give its run's row."""
    carry_out_trial(engine, watch(engine, key), train, NO_TRACING)
    return read_run(engine, key)


def trials_of(engine: Engine, key: UUID = SEARCH) -> list[Row[Any]]:
    """Give the runs of a search's trials."""
    with engine.connect() as connection:
        return list_trials(connection, key)


def read_storage(engine: Engine) -> list[Row[Any]]:
    """Read what Optuna has been told: of each of its trials the run, the state and the value."""
    with engine.connect() as connection:
        return list(connection.exec_driver_sql(STORAGE))


STORAGE = """
    SELECT attributes.value_json::jsonb #>> '{}' AS run, trials.state, told.value
    FROM optuna.trials AS trials
    JOIN optuna.trial_user_attributes AS attributes ON attributes.trial_id = trials.trial_id AND attributes.key = 'run'
    LEFT JOIN optuna.trial_values AS told ON told.trial_id = trials.trial_id
    ORDER BY trials.number
"""
