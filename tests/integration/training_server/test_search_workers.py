"""A search spread over workers that are killed: each trial is finished once, and the sampler hears of each once."""

from collections import Counter
from pathlib import Path

from sqlalchemy import Engine

from doodle_testing.searches import EIGHT, enter_search, read_storage, trials_of
from doodle_testing.training_server import make_live, running_worker, wait_until
from training_server.queue import TrainingQueue
from training_server.searches.combinations import list_combinations
from training_server.searches.configuration import complete
from training_server.searches.ordering import resume_search, stop_search
from training_server.searches.upkeep import tell_untold

PAPER = "doodle_testing.paper_trials"
TWO_HERE = {"RUNS_PER_MACHINE": "2"}
"""Both workers of the test live on this machine."""

SECONDS = 60
"""How long a step of theirs may take on a machine that has much else to do."""


def count_finished(engine: Engine) -> int:
    return sum(run.state == "finished" for run in trials_of(engine))


def test_eight_trials_over_two_workers_one_of_them_killed(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """A worker dies in the middle of a trial: that trial is tried again with the same parameters, and no other is."""
    make_live(queue_engine)
    enter_search(queue_engine)
    wanted = list(list_combinations(complete(EIGHT, {}, "grid")))
    first_log, second_log = tmp_path / "first.log", tmp_path / "second.log"

    with running_worker(queue_url, first_log, module=PAPER, PAPER_HOLD="yes", **TWO_HERE) as first:
        wait_until(lambda: any(run.progress for run in trials_of(queue_engine)), "a trial of the first worker", SECONDS)
        (held,) = [run for run in trials_of(queue_engine) if run.worker == "first"]
        with running_worker(queue_url, second_log, name="second", module=PAPER, **TWO_HERE):
            wait_until(lambda: count_finished(queue_engine) >= 3, "three trials of the second worker", SECONDS)
            first.kill()
            # As the supervisor does: a worker that comes back under its name takes up what it left.
            with running_worker(queue_url, first_log, module=PAPER, **TWO_HERE):
                wait_until(lambda: count_finished(queue_engine) == 8, "eight trials", SECONDS)

    trials = trials_of(queue_engine)
    assert [run.arguments["params"] for run in trials] == wanted
    assert {run.trial: run.attempt for run in trials} == {**dict.fromkeys(range(1, 9), 1), held.trial: 2}
    assert held.arguments["params"] == trials[held.trial - 1].arguments["params"]
    # The last one may have been killed between its row's end and telling, by the end of the block.
    tell_untold(queue_engine)
    told = read_storage(queue_engine)
    assert Counter(each.run for each in told) == Counter(str(run.key) for run in trials)
    assert {each.run: each.value for each in told} == {
        str(run.key): run.metrics["validation"]["accuracy"] for run in trials
    }
    begun = (first_log.read_text() + second_log.read_text()).count('"trial_begun"')
    assert begun == 9, "eight, and the one that was killed"


def test_a_stopped_search_goes_on_where_it_was(
    queue_engine: Engine, queue: TrainingQueue, queue_url: str, tmp_path: Path
) -> None:
    """A trial that was running when somebody stopped the search is given up, and tried again when it goes on."""
    make_live(queue_engine)
    key = enter_search(queue_engine)
    until = tmp_path / "go-on"
    environment = {"PAPER_HOLD": "yes", "PAPER_UNTIL": str(until)}

    with running_worker(queue_url, tmp_path / "log", module=PAPER, **environment):
        wait_until(lambda: any(run.progress for run in trials_of(queue_engine)), "a trial", SECONDS)
        with queue_engine.begin() as connection:
            stop_search(connection, key, "ada")
        wait_until(
            lambda: all(run.state == "cancelled" for run in trials_of(queue_engine)), "the end of all trials", SECONDS
        )
        until.touch()
        with queue_engine.begin() as connection:
            assert resume_search(connection, queue, key) == 8
        wait_until(lambda: count_finished(queue_engine) == 8, "eight trials", SECONDS)

    tell_untold(queue_engine)
    states = Counter(each.state for each in read_storage(queue_engine))
    assert states == {"COMPLETE": 8, "FAIL": 8}
