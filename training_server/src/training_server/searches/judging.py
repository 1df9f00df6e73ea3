"""What an estimate needs from the database: how many drawings, which runs were measured, who is there to work."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from doodle_db.doodle_counts import count_to_train
from doodle_db.label_sets import LabelSet
from doodle_db.searches import list_measured
from doodle_db.workers import count_machines
from training_server.clock import read_time
from training_server.fit_plan import SCRATCH_PLAN
from training_server.searches.combinations import Params, pick_middle, to_order
from training_server.searches.estimate import Cost, Estimate, Measured, estimate
from training_server.searches.network_sizes import measure_network
from training_server.searches.ordering import SearchPlan

MEASURED_DAYS = 30

MAX_ROWS = 100_000
"""What a training reads at most: training_server.scratch.MAX_DOODLES, which a request does not load TensorFlow for."""

STAGES_OF_CANDIDATES = ("screening", "exporting", "checking", "judging", "publishing")
"""A run from scratch goes through them, and a trial does not."""


def judge_plan(connection: Connection, label_set: LabelSet, plan: SearchPlan) -> Estimate:
    """
    Judge how long a search would take.

    Args:
        connection: any.
        label_set: what is told apart.
        plan: of the search.
    """
    if plan.params is not None:
        return judge(connection, label_set, plan.params)
    middles = pick_middle(plan.configuration)
    return judge(connection, label_set, [middles[number % len(middles)] for number in range(plan.num_trials)])


def judge(connection: Connection, label_set: LabelSet, trials: Iterable[Params]) -> Estimate:
    """Judge how long some trainings take; see estimate.estimate."""
    rows = _count_rows(connection)
    costs = [_cost_of(to_order(params), label_set, rows) for params in trials]
    now = read_time(connection)
    measured = [
        found
        for network in dict.fromkeys(each.network for each in costs)
        for run in list_measured(connection, network, since=now - timedelta(days=MEASURED_DAYS))
        if (found := _read_measured(run, label_set)) is not None
    ]
    return estimate(costs, measured, count_machines(connection, now))


def _count_rows(connection: Connection) -> dict[str, int]:
    """Count the drawings a training may read, by data set."""
    counts = count_to_train(connection)
    users, base = counts["user"], counts["base"]
    return {"users": users, "base": base, "new": users, "all": users + base}


def _cost_of(order: dict[str, Any], label_set: LabelSet, rows: dict[str, int]) -> Cost:
    num_rows = min(rows[order["dataset"]], order.get("max_doodles") or MAX_ROWS, MAX_ROWS)
    return _make_cost(order, order["network"], order["dataset"], label_set, num_rows)


def _make_cost(order: dict[str, Any], network: str, dataset: str, label_set: LabelSet, num_rows: int) -> Cost:
    shape = (label_set.height, label_set.width, label_set.channels)
    size = measure_network(network, shape, len(label_set.names), order.get("network_args", {}))
    return Cost(network, dataset, size, num_rows, order.get("train_args", {}).get("epochs", SCRATCH_PLAN.epochs))


def _read_measured(run: Row[Any], label_set: LabelSet) -> Measured | None:
    """Read a run that was measured; None if it was ended early, or says too little."""
    num_rows = (run.num_new_doodles or 0) + (run.num_replay_doodles or 0)
    metrics = run.metrics or {}
    if not num_rows or "pruned" in metrics or run.started_at is None:
        return None
    stages = metrics.get("seconds") or {}
    left_out = sum(stages.get(stage, 0.0) for stage in STAGES_OF_CANDIDATES)
    seconds = (run.finished_at - run.started_at).total_seconds() - left_out
    return Measured(_make_cost(run.arguments, run.network, run.dataset, label_set, num_rows), max(seconds, 0.1))
