"""A search, its plan and its trials as the API shows them. Pure: rows in, JSON out."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row

from doodle_db.searches import Trial, count_states, search_state, trial_state
from training_server.searches.configuration import to_json
from training_server.searches.estimate import Estimate
from training_server.searches.objective import accuracy_of
from training_server.searches.ordering import SearchPlan
from training_server.searches.properties import PROPERTIES, networks_taking
from training_server.searches.weighing import weigh_properties

NUM_SHOWN = 200
"""Trials of a plan that are shown; more are counted."""


def properties_as_json() -> list[dict[str, Any]]:
    """Show what may be varied, and for which networks."""
    return [
        {
            "name": each.name,
            "kind": each.kind,
            "low": each.low,
            "high": each.high,
            "words": list(each.words),
            "networks": list(networks_taking(each.name)),
        }
        for each in PROPERTIES.values()
    ]


def plan_as_json(plan: SearchPlan, judged: Estimate) -> dict[str, Any]:
    """Show what a search would be, and how long it would take."""
    return {
        "configuration": to_json(plan.configuration),
        "method": plan.method,
        "num_combinations": plan.num_trials,
        "trials": list((plan.params or ())[:NUM_SHOWN]),
        "estimated_seconds": judged.seconds,
        "estimate": judged.words,
    }


def search_as_json(search: Row[Any], trials: Sequence[Trial], now: datetime) -> dict[str, Any]:
    """
    Show a search, without what is worked out for one alone.

    Args:
        search: its row.
        trials: all of them.
        now: the time.
    """
    state = search_state(search, trials)
    ends = [each.finished_at for each in trials if each.finished_at is not None]
    has_ended = state in {"finished", "stopped"}
    finished_at = max(ends) if has_ended and ends else None
    return {
        "key": str(search.key),
        "name": search.name,
        "state": state,
        "method": search.method,
        "configuration": search.configuration,
        "pruning": search.pruning,
        "priority": search.priority,
        "requested_by": search.requested_by,
        "reason": search.reason,
        "num_trials": len(trials),
        "counts": count_states(trials),
        "best": find_best(trials),
        "elapsed_seconds": _measure_elapsed(trials, finished_at or now),
        "created_at": search.created_at.isoformat(),
        "finished_at": finished_at.isoformat() if finished_at else None,
        "stopped_by": search.stopped_by,
    }


def _measure_elapsed(trials: Sequence[Trial], until: datetime) -> float:
    """Tell how long it has been since the first trial began."""
    starts = [each.started_at for each in trials if each.started_at is not None]
    return round(max(0.0, (until - min(starts)).total_seconds()), 1) if starts else 0.0


def trial_as_json(run: Row[Any], now: datetime) -> dict[str, Any]:
    """Show a trial by its run."""
    until = run.finished_at or now
    params = run.arguments.get("params")
    has_begun = run.started_at is not None and run.state != "waiting"
    return {
        "trial": run.trial,
        "state": trial_state(run),
        "params": params,
        "metrics": _metrics_as_json(run),
        "worker": run.worker,
        "attempt": run.attempt,
        "seconds": round((until - run.started_at).total_seconds(), 1) if has_begun else None,
        "run": str(run.key),
        "error": run.error,
    }


def _metrics_as_json(run: Row[Any]) -> dict[str, Any] | None:
    metrics = run.metrics or {}
    if run.state != "finished" or not metrics.get("validation"):
        return None
    test = metrics.get("test") or {}
    return {
        "accuracy": accuracy_of(metrics),
        "loss": metrics["validation"].get("log_loss"),
        "test_accuracy": test.get("accuracy"),
        "test_loss": test.get("log_loss"),
        "pruned_after": (metrics.get("pruned") or {}).get("epoch"),
    }


def find_best(trials: Sequence[Trial]) -> dict[str, Any] | None:
    """Find the best trial; of several alike the first. None if none has finished."""
    scored = [(each.accuracy, -each.number, each) for each in trials if each.accuracy is not None]
    if not scored:
        return None
    best = max(scored)[2]
    return {"trial": best.number, "params": best.params, "accuracy": best.accuracy}


def weigh(trials: Sequence[Trial]) -> dict[str, float] | None:
    """Weigh the properties of a search by its trials; see weighing.weigh_properties."""
    return weigh_properties([(dict(each.params or {}), each.accuracy) for each in trials if each.accuracy is not None])


def list_left(trials: Sequence[Trial]) -> list[Trial]:
    """List the trials that have not ended."""
    return [each for each in trials if each.state in {"waiting", "running"}]
