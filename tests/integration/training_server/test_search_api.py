"""Searches over HTTP: faults are told by name, a plan changes nothing, and what is answered is true to the rows."""

from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine

from doodle_testing.searches import ANY, enter_search, trials_of, try_on_paper
from doodle_testing.training_api import OPERATOR
from doodle_testing.training_server import jobs, read_run

ISSUE = {"EPOCHS": 1, "BATCH_SIZE": 10, "LEARNING_RATE": [0.001, 0.002], "KERNEL_SIZE": [3], "NUM_FILTERS": [20]}


class Operator:
    """Who asks over HTTP."""

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/search{path}", headers=OPERATOR).json

    def post(self, path: str, body: Any) -> Any:
        return self._client.post(f"/api/v1/search{path}", json=body, headers=OPERATOR)


@pytest.fixture
def operator(client: FlaskClient) -> Operator:
    return Operator(client)


def test_the_form_of_the_issue_is_a_search(operator: Operator, live_engine: Engine) -> None:
    """A bare configuration is a grid; what it leaves out has defaults, and is kept for the next one."""
    answer = operator.post("", ISSUE)

    assert (answer.status_code, answer.json["num_trials"]) == (202, 2)
    assert answer.headers["Location"] == f"/api/v1/search/{answer.json['key']}"
    (search,) = operator.get("")["searches"]
    assert (search["state"], search["method"], search["requested_by"]) == ("running", "grid", "ada")
    assert search["counts"] == {"waiting": 2, "running": 0, "finished": 0, "pruned": 0, "failed": 0, "cancelled": 0}
    trials = operator.get(f"/{answer.json['key']}/trials")["trials"]
    assert [each["params"]["LEARNING_RATE"] for each in trials] == [0.001, 0.002]
    assert operator.get("/configuration")["configuration"]["NUM_FILTERS"] == 20


def test_faults_are_told_by_name_and_nothing_is_ordered(operator: Operator, live_engine: Engine) -> None:
    """Bare or not, the field is what its sender wrote."""
    wrong = {"EPOCHS": "1", "FILTERS": 3}
    bare, whole = operator.post("", wrong), operator.post("", {"configuration": wrong})

    assert (bare.status_code, [each["field"] for each in bare.json["errors"]]) == (422, ["EPOCHS", "FILTERS"])
    assert [each["field"] for each in whole.json["errors"]] == ["configuration.EPOCHS", "configuration.FILTERS"]
    many = operator.post("/plan", {"SEED": list(range(30)), "EPOCHS": list(range(1, 21))})
    assert many.json["errors"] == [
        {
            "field": "SEED",
            "detail": "600 combinations are more than 500; leave values out, or search with random or tpe.",
        }
    ]
    number = operator.post("/plan", {"configuration": {}, "num_trials": 3})
    assert number.json["errors"][0]["field"] == "num_trials"
    assert operator.get("")["searches"] == []


def test_a_plan_changes_nothing(operator: Operator, live_engine: Engine) -> None:
    """It shows the combinations and judges the time, by `previous` if that is given."""
    body = {"configuration": {"SEED": [0, 1, 2]}, "previous": {"NETWORK": "mlp", "KERNEL_SIZE": 5, "EPOCHS": 7}}

    plan = operator.post("/plan", body).json

    assert (plan["num_combinations"], len(plan["trials"])) == (3, 3)
    assert (plan["configuration"]["NETWORK"], plan["configuration"]["EPOCHS"]) == ("mlp", 7)
    assert "KERNEL_SIZE" not in plan["configuration"]
    assert plan["estimated_seconds"] > 0
    assert "Guessed from the size of mlp" in plan["estimate"]
    later = operator.post("/plan", {"configuration": {}, "method": "tpe", "num_trials": 30}).json
    assert (later["num_combinations"], later["trials"]) == (30, [])
    assert (operator.get("")["searches"], len(jobs(live_engine))) == ([], 0)


def test_results_say_what_was_best_and_what_mattered(operator: Operator, live_engine: Engine) -> None:
    """The best by validation, the importances, and the time that is left by what was measured."""
    key = enter_search(live_engine)
    for run in trials_of(live_engine)[:7]:
        try_on_paper(live_engine, run.key)

    search = operator.get(f"/{key}")

    assert search["best"]["trial"] == 5
    assert (search["best"]["accuracy"], search["best"]["params"]["LEARNING_RATE"]) == (0.5408, 0.004)
    assert max(search["importances"], key=search["importances"].get) == "LEARNING_RATE"
    assert search["estimated_seconds"] > 0
    try_on_paper(live_engine, trials_of(live_engine)[7].key)
    search = operator.get(f"/{key}")
    assert (search["state"], search["estimated_seconds"]) == ("finished", None)


def test_a_search_is_stopped_and_goes_on(operator: Operator, live_engine: Engine) -> None:
    """Nothing waits any more; then what is left waits under its numbers, with its parameters."""
    key = enter_search(live_engine, ANY, "random", 3)
    done = try_on_paper(live_engine, trials_of(live_engine)[0].key)

    assert operator.post(f"/{key}/stop", {}).status_code == 202
    assert (operator.get(f"/{key}")["state"], operator.get(f"/{key}")["stopped_by"]) == ("stopped", "ada")
    assert operator.post(f"/{key}/stop", {}).status_code == 409
    assert operator.post(f"/{key}/extend", {"num_trials": 1}).status_code == 409
    assert operator.post(f"/{key}/resume", {}).json["num_trials"] == 2
    assert operator.post(f"/{key}/resume", {}).status_code == 409

    trials = trials_of(live_engine, key)
    assert [(run.trial, run.state) for run in trials] == [(1, "finished"), (2, "waiting"), (3, "waiting")]
    assert trials[0].key == done.key
    assert operator.get(f"/{key}")["state"] == "running"


def test_a_search_is_extended(operator: Operator, live_engine: Engine) -> None:
    """A grid by values, any other by a number; what has been tried is not tried again."""
    grid, other = enter_search(live_engine), enter_search(live_engine, ANY, "random", 2, key=UUID(int=1))
    try_on_paper(live_engine, trials_of(live_engine)[0].key)

    assert operator.post(f"/{grid}/extend", {"configuration": {"LEARNING_RATE": 0.008}}).json["num_trials"] == 4
    assert (
        operator.post(f"/{grid}/extend", {"configuration": {"SEED": 1}}).json["errors"][0]["field"]
        == "configuration.SEED"
    )
    assert operator.post(f"/{grid}/extend", {"num_trials": 1}).json["errors"][0]["field"] == "configuration"
    assert operator.post(f"/{other}/extend", {"num_trials": 3}).json["num_trials"] == 3
    assert operator.post(f"/{other}/extend", {"num_trials": 499}).json["errors"][0]["field"] == "num_trials"

    assert operator.get(f"/{grid}")["configuration"]["LEARNING_RATE"] == [0.001, 0.004, 0.008]
    assert [run.trial for run in trials_of(live_engine, other)] == [1, 2, 3, 4, 5]
    assert try_on_paper(live_engine, trials_of(live_engine)[8].key).arguments["params"]["LEARNING_RATE"] == 0.008


def test_the_best_trial_becomes_a_candidate(operator: Operator, live_engine: Engine) -> None:
    """A run from scratch with its parameters waits; without a finished trial there is nothing to order."""
    key = enter_search(live_engine)
    assert operator.post(f"/{key}/candidate", {}).status_code == 409
    assert operator.post(f"/{key}/candidate", {"trial": 9}).status_code == 409
    trial = try_on_paper(live_engine, trials_of(live_engine)[5].key)

    ordered = operator.post(f"/{key}/candidate", {"reason": "the best"}).json

    run = read_run(live_engine, UUID(ordered["key"]))
    assert (ordered["trial"], run.kind, run.state, run.search) == (6, "scratch", "waiting", None)
    assert (run.network, run.dataset) == (trial.network, trial.dataset)
    assert run.arguments == {name: trial.arguments[name] for name in ("network_args", "train_args")}
    assert run.reason == f"trial 6 of search {key}: the best"
