"""How many doodles there are, and how far it is to the next run."""

from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_db.doodles import store_doodles
from doodle_db.runs import cancel_run, queue_delta_run
from doodle_testing.builders import LABEL_SET, SOME_TIME, doodle, ids_of_split


def test_an_empty_database_counts_to_zero(client: FlaskClient) -> None:
    """Every label stands there from the first day on."""
    answer = client.get("/api/v1/stats")

    assert answer.json == {
        "num_doodles": 0,
        "labels": dict.fromkeys(LABEL_SET.names, 0),
        "num_waiting": 0,
        "delta_min_doodles": 200,
    }


def test_users_doodles_are_counted_and_those_for_training_wait(client: FlaskClient, engine: Engine) -> None:
    """Base data is nobody's doodle; the holdout waits for no run; what a run has looked at waits no more."""
    train, test, base = ids_of_split("train", 2), ids_of_split("test", 1), ids_of_split("train", 1, start=10_000)
    with engine.begin() as connection:
        mine = [doodle(train[0]), doodle(train[1], "dog"), doodle(test[0])]
        store_doodles(connection, [*mine, doodle(base[0], contributor=None)])
    before = client.get("/api/v1/stats").json
    with engine.begin() as connection:
        queue_delta_run(connection, train[0], trigger="operator", requested_by="ada")
        cancel_run(connection, train[0], SOME_TIME)
    after = client.get("/api/v1/stats").json

    assert before is not None
    assert after is not None
    assert (before["num_doodles"], before["labels"]["cat"], before["labels"]["dog"]) == (3, 2, 1)
    assert (before["num_waiting"], after["num_waiting"]) == (2, 0)
