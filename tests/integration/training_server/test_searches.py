"""Searches in the database: ordered whole, asked and told once, stopped and extended, and true over HTTP."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, ClassVar
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from sqlalchemy import Engine, text

from doodle_db.operators import set_operator
from doodle_db.runs import cancel_run
from doodle_db.searches import find_untold, list_searches
from doodle_testing.contract import watch_answers
from doodle_testing.paper_trials import score, train
from doodle_testing.searches import (
    EIGHT,
    SEARCH,
    TINY,
    enter_search,
    make_room,
    make_searchable,
    read_storage,
    trials_of,
    watch,
    work_on,
)
from doodle_testing.training_server import ROOT, make_live, read_run
from doodle_web.tracing import NO_TRACING
from training_server.app import create_app
from training_server.clock import read_time
from training_server.config import from_environment
from training_server.operations import OPERATIONS
from training_server.searches.configuration import Method
from training_server.searches.storage import migrate_storage, opened_storage
from training_server.searches.studies import SearchStudy, plan_of
from training_server.searches.trial import carry_out_trial
from training_server.searches.upkeep import tell_untold

TOKEN = "only-for-tests-only-for-tests-only-for-tests"
ANY = {**TINY, "LEARNING_RATE": {"min": 1e-4, "max": 1e-2, "log": True}, "FIRST_UNITS": [8, 16]}
ISSUE = {"EPOCHS": 1, "BATCH_SIZE": 10, "LEARNING_RATE": [0.001, 0.002], "KERNEL_SIZE": [3], "NUM_FILTERS": [20]}


@pytest.fixture
def engine(queue_engine: Engine) -> Engine:
    """A database in which something is live."""
    make_live(queue_engine)
    return queue_engine


class Operator:
    """Who asks over HTTP."""

    _headers: ClassVar = {"Authorization": f"Bearer {TOKEN}"}

    def __init__(self, client: FlaskClient) -> None:
        self._client = client

    def get(self, path: str) -> Any:
        return self._client.get(f"/api/v1/search{path}", headers=self._headers).json

    def post(self, path: str, body: Any) -> Any:
        return self._client.post(f"/api/v1/search{path}", json=body, headers=self._headers)


@pytest.fixture
def operator(engine: Engine, queue_url: str) -> Operator:
    with engine.begin() as connection:
        set_operator(connection, "ada", TOKEN)
    settings = from_environment({"DATABASE_URL": queue_url, "ARTIFACT_URL": "/nowhere"})
    return Operator(watch_answers(create_app(settings, engine), OPERATIONS).test_client())


def try_on_paper(engine: Engine, key: UUID) -> Any:
    """Carry out a trial whose training is of paper."""
    carry_out_trial(engine, watch(engine, key), train, NO_TRACING)
    return read_run(engine, key)


def be_killed(queue_url: str, moment: str) -> None:
    """Let a process be killed in the middle of something."""
    command = [sys.executable, "-m", "doodle_testing.killed_searcher", queue_url, moment]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")}, check=False, timeout=60)
    assert done.returncode == -9


def count_jobs(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT count(*) FROM procrastinate_jobs")).scalar_one())


def test_an_order_that_is_killed_leaves_nothing(engine: Engine, queue_url: str) -> None:
    """A search has all its trials, each with its job, or there is no search."""
    be_killed(queue_url, "order")

    with engine.connect() as connection:
        assert list_searches(connection) == []
    assert (trials_of(engine), count_jobs(engine)) == ([], 0)
    enter_search(engine)
    assert (len(trials_of(engine)), count_jobs(engine)) == (8, 8)


def test_a_trial_killed_when_it_was_asked_for_tries_the_same(engine: Engine, queue_url: str) -> None:
    """What the sampler has answered once stands, whether or not anybody could write it down."""
    enter_search(engine, ANY, "tpe", 2)
    key = trials_of(engine)[0].key
    be_killed(queue_url, "ask")
    with opened_storage(engine) as storage, engine.connect() as connection:
        answered = storage.get_trial(1).params
        assert connection.execute(text("SELECT arguments->'params' FROM runs WHERE trial = 1")).scalar() is None

    run = try_on_paper(engine, key)

    assert (run.attempt, run.state) == (2, "finished")
    assert {name: run.arguments["params"][name] for name in answered} == answered
    assert [(each.run, each.state) for each in read_storage(engine)] == [(str(key), "COMPLETE")]


def test_an_end_the_sampler_did_not_hear_of_is_told_once(engine: Engine, queue_url: str) -> None:
    """The run has ended for good; the next tick tells, and no other tells again."""
    enter_search(engine)
    run = trials_of(engine)[0]
    be_killed(queue_url, "tell")
    assert read_run(engine, run.key).state == "finished"
    assert [each.state for each in read_storage(engine)] == ["RUNNING"]

    told = [tell_untold(engine) for _ in range(2)]

    assert told == [[SEARCH], []]
    assert [(each.state, each.value) for each in read_storage(engine)] == [("COMPLETE", score(run.arguments["params"]))]


def test_trials_that_fail_or_are_cancelled_are_told_as_such(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sampler that waited for them would never learn from the others."""
    key = enter_search(engine)
    first, second, *_ = trials_of(engine)
    with engine.begin() as connection:
        cancel_run(connection, second.key, read_time(connection))
        connection.execute(
            text("UPDATE runs SET state = 'failed', error = 'x', finished_at = now() WHERE key = :key"),
            {"key": first.key},
        )

    with engine.connect() as connection:
        assert find_untold(connection) == [key]
    tell_untold(engine)

    assert [(each.run, each.state) for each in read_storage(engine)] == [
        (str(first.key), "FAIL"),
        (str(second.key), "FAIL"),
    ]


def test_every_trial_has_random_numbers_of_its_own(engine: Engine) -> None:
    """A sampler is made anew for each, on whichever worker; all proposing the same would be one trial many times."""
    methods: tuple[Method, ...] = ("random", "tpe")
    for number, method in enumerate(methods):
        enter_search(engine, ANY, method, 3, key=UUID(int=number))
        params = [try_on_paper(engine, run.key).arguments["params"] for run in trials_of(engine, UUID(int=number))]

        assert len({each["LEARNING_RATE"] for each in params}) == 3
        assert all(1e-4 <= each["LEARNING_RATE"] <= 1e-2 and each["FIRST_UNITS"] in {8, 16} for each in params)


def test_a_sampler_whose_tables_are_lost_is_told_all_again(engine: Engine) -> None:
    """Optuna's tables are in no backup: what the trials came to is, and is enough to go on."""
    enter_search(engine, ANY, "tpe", 3)
    first, second, _ = trials_of(engine)
    try_on_paper(engine, first.key)
    before = read_storage(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP SCHEMA optuna CASCADE"))
    migrate_storage(engine)

    try_on_paper(engine, second.key)

    after = read_storage(engine)
    assert after[:1] == before
    assert [each.state for each in after] == ["COMPLETE", "COMPLETE"]


def test_a_trial_worse_than_the_others_is_ended_early(engine: Engine) -> None:
    """Not in its first epoch, not before four have ended; and an attempt that repeats epochs is not asked again."""
    enter_search(engine, pruning=True)
    runs = trials_of(engine)
    with engine.connect() as connection:
        plan = plan_of(list_searches(connection)[0])
    with opened_storage(engine) as storage:
        study = SearchStudy(storage, plan)

        def run_epochs(index: int, *accuracies: float) -> list[bool]:
            study.ask(runs[index].key, runs[index].arguments["params"])
            trial = study.take(runs[index].key)
            return [study.report(trial, epoch, each) for epoch, each in enumerate(accuracies, start=1)]

        for index in range(4):
            assert run_epochs(index, 0.5, 0.6, 0.7) == [False] * 3
            study._study.tell(index, 0.7)

        assert run_epochs(4, 0.1, 0.1) == [False, True]
        assert run_epochs(4, 0.1, 0.1) == [False, False]
        assert run_epochs(5, 0.1, 0.9) == [False, False]


def test_a_trial_is_a_real_training(queue_engine: Engine, tmp_path: Path) -> None:
    """It reads what it was told to, is measured on all three parts, and leaves neither version nor verdict."""
    make_searchable(queue_engine)
    enter_search(queue_engine, {**EIGHT, "MAX_DOODLES": 120})

    run = work_on(make_room(queue_engine, tmp_path), trials_of(queue_engine)[0].key)

    assert (run.state, run.verdict, run.candidate_version, run.network, run.dataset) == (
        "finished", None, None, "mlp", "base",
    )  # fmt: skip
    assert {name for name, part in run.metrics.items() if part} == {"train", "validation", "test", "seconds"}
    assert (run.num_new_doodles, run.num_replay_doodles) == (0, 120)
    assert run.arguments["network_args"] == {"first_units": 8, "second_units": 8, "dropout": 0.0}


def test_the_form_of_the_issue_is_a_search(operator: Operator, engine: Engine) -> None:
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


def test_faults_are_told_by_name_and_nothing_is_ordered(operator: Operator, engine: Engine) -> None:
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


def test_a_plan_changes_nothing(operator: Operator, engine: Engine) -> None:
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
    assert (operator.get("")["searches"], count_jobs(engine)) == ([], 0)


def test_results_say_what_was_best_and_what_mattered(operator: Operator, engine: Engine) -> None:
    """The best by validation, the importances, and the time that is left by what was measured."""
    key = enter_search(engine)
    for run in trials_of(engine)[:7]:
        try_on_paper(engine, run.key)

    search = operator.get(f"/{key}")

    assert search["best"]["trial"] == 5
    assert (search["best"]["accuracy"], search["best"]["params"]["LEARNING_RATE"]) == (0.5408, 0.004)
    assert max(search["importances"], key=search["importances"].get) == "LEARNING_RATE"
    assert search["estimated_seconds"] > 0
    try_on_paper(engine, trials_of(engine)[7].key)
    search = operator.get(f"/{key}")
    assert (search["state"], search["estimated_seconds"]) == ("finished", None)


def test_a_search_is_stopped_and_goes_on(operator: Operator, engine: Engine) -> None:
    """Nothing waits any more; then what is left waits under its numbers, with its parameters."""
    key = enter_search(engine, ANY, "random", 3)
    done = try_on_paper(engine, trials_of(engine)[0].key)

    assert operator.post(f"/{key}/stop", {}).status_code == 202
    assert (operator.get(f"/{key}")["state"], operator.get(f"/{key}")["stopped_by"]) == ("stopped", "ada")
    assert operator.post(f"/{key}/stop", {}).status_code == 409
    assert operator.post(f"/{key}/extend", {"num_trials": 1}).status_code == 409
    assert operator.post(f"/{key}/resume", {}).json["num_trials"] == 2
    assert operator.post(f"/{key}/resume", {}).status_code == 409

    trials = trials_of(engine, key)
    assert [(run.trial, run.state) for run in trials] == [(1, "finished"), (2, "waiting"), (3, "waiting")]
    assert trials[0].key == done.key
    assert operator.get(f"/{key}")["state"] == "running"


def test_a_search_is_extended(operator: Operator, engine: Engine) -> None:
    """A grid by values, any other by a number; what has been tried is not tried again."""
    grid, other = enter_search(engine), enter_search(engine, ANY, "random", 2, key=UUID(int=1))
    try_on_paper(engine, trials_of(engine)[0].key)

    assert operator.post(f"/{grid}/extend", {"configuration": {"LEARNING_RATE": 0.008}}).json["num_trials"] == 4
    assert (
        operator.post(f"/{grid}/extend", {"configuration": {"SEED": 1}}).json["errors"][0]["field"]
        == "configuration.SEED"
    )
    assert operator.post(f"/{grid}/extend", {"num_trials": 1}).json["errors"][0]["field"] == "configuration"
    assert operator.post(f"/{other}/extend", {"num_trials": 3}).json["num_trials"] == 3
    assert operator.post(f"/{other}/extend", {"num_trials": 499}).json["errors"][0]["field"] == "num_trials"

    assert operator.get(f"/{grid}")["configuration"]["LEARNING_RATE"] == [0.001, 0.004, 0.008]
    assert [run.trial for run in trials_of(engine, other)] == [1, 2, 3, 4, 5]
    assert try_on_paper(engine, trials_of(engine)[8].key).arguments["params"]["LEARNING_RATE"] == 0.008


def test_the_best_trial_becomes_a_candidate(operator: Operator, engine: Engine) -> None:
    """A run from scratch with its parameters waits; without a finished trial there is nothing to order."""
    key = enter_search(engine)
    assert operator.post(f"/{key}/candidate", {}).status_code == 409
    assert operator.post(f"/{key}/candidate", {"trial": 9}).status_code == 409
    trial = try_on_paper(engine, trials_of(engine)[5].key)

    ordered = operator.post(f"/{key}/candidate", {"reason": "the best"}).json

    run = read_run(engine, UUID(ordered["key"]))
    assert (ordered["trial"], run.kind, run.state, run.search) == (6, "scratch", "waiting", None)
    assert (run.network, run.dataset) == (trial.network, trial.dataset)
    assert run.arguments == {name: trial.arguments[name] for name in ("network_args", "train_args")}
    assert run.reason == f"trial 6 of search {key}: the best"
