"""Searches in the database: ordered whole, and each trial asked and told once, whatever is killed or lost."""

import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Connection, Engine, text

from doodle_db.run_progress import Point, read_points
from doodle_db.runs import cancel_run, end_run
from doodle_db.searches import find_untold, list_searches
from doodle_testing.paper_trials import score
from doodle_testing.searches import (
    ANY,
    EIGHT,
    SEARCH,
    enter_search,
    make_room,
    make_searchable,
    read_storage,
    trials_of,
    try_on_paper,
    watch,
    work_on,
)
from doodle_testing.training_server import ROOT, jobs, read_run
from training_server.claims import ClaimedRun, claim
from training_server.clock import read_time
from training_server.interruption import RunInterrupted
from training_server.progress import Progress
from training_server.searches import ordering
from training_server.searches.configuration import Method
from training_server.searches.storage import migrate_storage, opened_storage
from training_server.searches.studies import SearchStudy, plan_of
from training_server.searches.trial import TrialSteps
from training_server.searches.upkeep import tell_untold


def be_killed(queue_url: str, moment: str) -> None:
    """Let a process be killed in the middle of something."""
    command = [sys.executable, "-m", "doodle_testing.killed_searcher", queue_url, moment]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(ROOT / "tests")}, check=False, timeout=60)
    assert done.returncode == -9


def test_an_order_that_is_killed_leaves_nothing(live_engine: Engine, queue_url: str) -> None:
    """A search has all its trials, each with its job, or there is no search."""
    be_killed(queue_url, "order")

    with live_engine.connect() as connection:
        assert list_searches(connection) == []
    assert (trials_of(live_engine), len(jobs(live_engine))) == ([], 0)
    enter_search(live_engine)
    assert (len(trials_of(live_engine)), len(jobs(live_engine))) == (8, 8)


def test_a_trial_killed_when_it_was_asked_for_tries_the_same(live_engine: Engine, queue_url: str) -> None:
    """What the sampler has answered once stands, whether or not anybody could write it down."""
    enter_search(live_engine, ANY, "tpe", 2)
    key = trials_of(live_engine)[0].key
    be_killed(queue_url, "ask")
    with opened_storage(live_engine) as storage, live_engine.connect() as connection:
        answered = storage.get_trial(1).params
        assert connection.execute(text("SELECT arguments->'params' FROM runs WHERE trial = 1")).scalar() is None

    run = try_on_paper(live_engine, key)

    assert (run.attempt, run.state) == (2, "finished")
    assert {name: run.arguments["params"][name] for name in answered} == answered
    assert [(each.run, each.state) for each in read_storage(live_engine)] == [(str(key), "COMPLETE")]


def test_an_end_the_sampler_did_not_hear_of_is_told_once(live_engine: Engine, queue_url: str) -> None:
    """The run has ended for good; the next tick tells, and no other tells again."""
    enter_search(live_engine)
    run = trials_of(live_engine)[0]
    be_killed(queue_url, "tell")
    assert read_run(live_engine, run.key).state == "finished"
    assert [each.state for each in read_storage(live_engine)] == ["RUNNING"]

    told = [tell_untold(live_engine) for _ in range(2)]

    assert told == [[SEARCH], []]
    assert [(each.state, each.value) for each in read_storage(live_engine)] == [
        ("COMPLETE", score(run.arguments["params"]))
    ]


def test_trials_that_fail_or_are_cancelled_are_told_as_such(
    live_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sampler that waited for them would never learn from the others."""
    key = enter_search(live_engine)
    first, second, *_ = trials_of(live_engine)
    with live_engine.begin() as connection:
        cancel_run(connection, second.key, read_time(connection))
        connection.execute(
            text("UPDATE runs SET state = 'failed', error = 'x', finished_at = now() WHERE key = :key"),
            {"key": first.key},
        )

    with live_engine.connect() as connection:
        assert find_untold(connection) == [key]
    tell_untold(live_engine)

    assert [(each.run, each.state) for each in read_storage(live_engine)] == [
        (str(first.key), "FAIL"),
        (str(second.key), "FAIL"),
    ]


def test_a_trial_that_ends_meanwhile_keeps_no_search_going(
    live_engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the look at the trials and the word to each, one may finish by itself."""
    key = enter_search(live_engine)
    first, *others = trials_of(live_engine)

    def cancel_late(connection: Connection, run: UUID, now: datetime) -> object:
        if run == first.key:
            end_run(connection, run, "failed", now=now, error="x")
        return cancel_run(connection, run, now)

    monkeypatch.setattr(ordering, "cancel_run", cancel_late)
    with live_engine.begin() as connection:
        ordering.stop_search(connection, key, "ada")

    assert [each.state for each in trials_of(live_engine)] == ["failed"] + ["cancelled"] * len(others)


def test_what_a_trial_tells_too_late_is_forgotten(live_engine: Engine) -> None:
    """A worker that was cut off as its trial ended adds nothing to the curve of the one that took it up."""
    enter_search(live_engine)
    key = trials_of(live_engine)[0].key
    watched = watch(live_engine, key, "first")
    watched.observer.report(Progress("training", 0, 1, 1, 9, 0.5, 0.5, point=Point(1, 0, 0.5, 0.5, 0.01)))
    with live_engine.begin() as connection:
        connection.execute(text("UPDATE runs SET heartbeat_at = heartbeat_at - interval '1 minute'"))
        assert isinstance(claim(connection, key, "second"), ClaimedRun)

    with opened_storage(live_engine) as storage, pytest.raises(RunInterrupted):
        TrialSteps(live_engine, watched, storage).conclude({})

    with live_engine.connect() as connection:
        assert read_points(connection, key) == []


def test_every_trial_has_random_numbers_of_its_own(live_engine: Engine) -> None:
    """A sampler is made anew for each, on whichever worker; all proposing the same would be one trial many times."""
    methods: tuple[Method, ...] = ("random", "tpe")
    for number, method in enumerate(methods):
        enter_search(live_engine, ANY, method, 3, key=UUID(int=number))
        params = [
            try_on_paper(live_engine, run.key).arguments["params"] for run in trials_of(live_engine, UUID(int=number))
        ]

        assert len({each["LEARNING_RATE"] for each in params}) == 3
        assert all(1e-4 <= each["LEARNING_RATE"] <= 1e-2 and each["FIRST_UNITS"] in {8, 16} for each in params)


def test_a_sampler_whose_tables_are_lost_is_told_all_again(live_engine: Engine) -> None:
    """Optuna's tables are in no backup: what the trials came to is, and is enough to go on."""
    enter_search(live_engine, ANY, "tpe", 3)
    first, second, _ = trials_of(live_engine)
    try_on_paper(live_engine, first.key)
    before = read_storage(live_engine)
    with live_engine.begin() as connection:
        connection.execute(text("DROP SCHEMA optuna CASCADE"))
    migrate_storage(live_engine)

    try_on_paper(live_engine, second.key)

    after = read_storage(live_engine)
    assert after[:1] == before
    assert [each.state for each in after] == ["COMPLETE", "COMPLETE"]


def test_a_trial_worse_than_the_others_is_ended_early(live_engine: Engine) -> None:
    """Not in its first epoch, not before four have ended; and an attempt that repeats epochs is not asked again."""
    enter_search(live_engine, pruning=True)
    runs = trials_of(live_engine)
    with live_engine.connect() as connection:
        plan = plan_of(list_searches(connection)[0])
    with opened_storage(live_engine) as storage:
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
