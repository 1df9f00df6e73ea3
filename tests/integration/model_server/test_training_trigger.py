"""The trigger asks the database, whoever stored the doodles."""

import httpx
import pytest
from sqlalchemy import Engine

from doodle_db.doodles import store_doodles
from doodle_db.runs import queue_delta_run
from doodle_testing.builders import doodle, ids_of_split
from model_server.training_trigger import TrainingTrigger


@pytest.fixture
def asked() -> list[str]:
    """What training_server was asked for."""
    return []


@pytest.fixture
def trigger(engine: Engine, asked: list[str]) -> TrainingTrigger:
    """A trigger that wants three doodles."""

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json={})

    client = httpx.Client(transport=httpx.MockTransport(answer))
    return TrainingTrigger(engine, "http://training", 3, client)


def test_it_is_time_when_enough_doodles_wait(engine: Engine, trigger: TrainingTrigger, asked: list[str]) -> None:
    """Two are not enough, three are; once a run waits nobody is told again."""
    ids = ids_of_split("train", 3)
    for doodle_id in ids:
        with engine.begin() as connection:
            store_doodles(connection, [doodle(doodle_id)])
        trigger.ask()
    with engine.begin() as connection:
        queue_delta_run(connection, ids[0], trigger="doodles", requested_by="test")
    trigger.ask()

    assert asked == ["/internal/trigger"]
