"""Ordering a search, stopping it, letting it go on, and extending it: each is one transaction, all of it or nothing."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Row, func, select

from doodle_db.errors import RunEndedError
from doodle_db.model_registry import find_live
from doodle_db.run_orders import NO_REQUEST, Origin, RunOrder
from doodle_db.runs import cancel_run
from doodle_db.searches import (
    SearchOrder,
    Trial,
    add_search,
    change_search,
    find_last_configuration,
    get_search,
    read_trials,
    search_state,
)
from doodle_db.tables import runs
from training_server.clock import read_time
from training_server.errors import ConfigurationError, Fault, NothingToTrainOnError, SearchStandingError, TrialsError
from training_server.order import MAX_REASON_CHARACTERS
from training_server.queue import TrainingQueue
from training_server.searches.combinations import Params, count_combinations, list_combinations, to_order
from training_server.searches.configuration import (
    Configuration,
    Method,
    Range,
    complete,
    to_json,
)
from training_server.trigger import queue_run

MAX_TRIALS = 500
"""Of one search: each is a row and a job, and the queue is read as a whole every few seconds."""

MAX_WAITING = 2_000
"""Trials of all searches: every worker reads the whole queue every few seconds."""

DEFAULT_TRIALS = 20
"""Of a search that has no end of its own."""


@dataclass(frozen=True)
class SearchPlan:
    """
    What a search would be.

    Attributes:
        method: `grid`, `random` or `tpe`.
        configuration: complete.
        num_trials: it has in all.
        params: of each trial of a grid; None: the sampler decides when a worker takes one.
    """

    method: Method
    configuration: Configuration
    num_trials: int
    params: tuple[Params, ...] | None


def plan_search(
    given: Mapping[str, Any], previous: Mapping[str, Any], method: Method, num_trials: int | None
) -> SearchPlan:
    """
    Work out what a search would be. Pure.

    Args:
        given: what was said of the configuration.
        previous: what the rest is taken from.
        method: how trials are chosen.
        num_trials: how many; None: a grid has its combinations, any other DEFAULT_TRIALS.

    Raises:
        ConfigurationError: properties are not as they should be; or too many combinations.
        TrialsError: a number of trials was given for a grid.
    """
    configuration = complete(given, previous, method)
    if method != "grid":
        return SearchPlan(method, configuration, num_trials or DEFAULT_TRIALS, None)
    if num_trials is not None:
        words = "A grid tries every combination; leave num_trials out, or search with random or tpe."
        raise TrialsError(words, field="num_trials")
    number = count_combinations(configuration) or 0
    if number > MAX_TRIALS:
        raise ConfigurationError([refuse_number(configuration, number)])
    params = tuple(list_combinations(configuration))
    return SearchPlan(method, configuration, len(params), params)


def refuse_number(configuration: Configuration, number: int) -> Fault:
    """Name the property with the most values: leaving some of them out helps most."""
    lengths = {name: len(choice) for name, choice in configuration.items() if not isinstance(choice, Range)}
    words = f"{number} combinations are more than {MAX_TRIALS}; leave values out, or search with random or tpe."
    return Fault(max(lengths, key=lambda name: lengths[name]), words)


def order_search(
    connection: Connection, queue: TrainingQueue, key: UUID, order: SearchOrder, plan: SearchPlan, origin: Origin
) -> None:
    """
    Enter a search with all its trials and their jobs.

    Args:
        connection: with an open transaction.
        queue: in the same database.
        key: for the search; its trials' keys are made from it.
        order: who wants it, and why.
        plan: what it is.
        origin: the request that asks.
    """
    add_search(connection, key, order)
    trials = plan.params or (None,) * plan.num_trials
    enter_trials(connection, queue, get_search(connection, key), list(enumerate(trials, start=1)), origin)


def stop_search(connection: Connection, key: UUID, actor: str) -> None:
    """
    End a search for now: trials that wait are taken back, those that are running stop at their next step.

    Args:
        connection: with an open transaction.
        key: the search.
        actor: who wants it.

    Raises:
        SearchStandingError: it is not going on.
    """
    search = get_search(connection, key, for_update=True)
    _require(connection, search, "running", "Only a search that is going on can be stopped")
    now = read_time(connection)
    change_search(connection, key, stopped_at=now, stopped_by=actor)
    going = select(runs.c.key).where(runs.c.search == key, runs.c.state.in_(["waiting", "running"]))
    for run in connection.execute(going.order_by(runs.c.trial)).scalars():
        # Its worker may have ended it since we looked: that is as well.
        with suppress(RunEndedError):
            cancel_run(connection, run, now)


def resume_search(connection: Connection, queue: TrainingQueue, key: UUID, origin: Origin = NO_REQUEST) -> int:
    """
    Let a search go on: trials that were taken back or stopped are ordered anew, with the same parameters.

    Args:
        connection: with an open transaction.
        queue: in the same database.
        key: the search.
        origin: the request that asks.

    Returns:
        How many trials wait again.

    Raises:
        SearchStandingError: it is not stopped, or trials have not heeded that yet.
    """
    search = get_search(connection, key, for_update=True)
    _require(connection, search, "stopped", "Only a search that is stopped can go on")
    change_search(connection, key, stopped_at=None, stopped_by=None)
    given_up = [each for each in read_trials(connection, [key])[key] if each.state == "cancelled"]
    enter_trials(connection, queue, search, [(each.number, each.params) for each in given_up], origin)
    return len(given_up)


def read_previous(connection: Connection) -> dict[str, Any]:
    """Read the configuration that was used last; the defaults if there was none."""
    return find_last_configuration(connection) or to_json(complete({}, {}, "grid"))


def enter_trials(
    connection: Connection,
    queue: TrainingQueue,
    search: Row[Any],
    trials: Sequence[tuple[int, Mapping[str, Any] | None]],
    origin: Origin,
) -> None:
    """
    Enter trials by number and parameters, each with its job.

    Raises:
        SearchStandingError: too many trials wait already.
        NothingToTrainOnError: nothing is live; a worker would have nothing to tell which labels there are by.
    """
    if find_live(connection) is None:
        raise NothingToTrainOnError("Nothing is live; deploy a base version first.")
    waiting = select(func.count()).where(runs.c.kind == "trial", runs.c.state == "waiting")
    if connection.execute(waiting).scalar_one() + len(trials) > MAX_WAITING:
        raise SearchStandingError(f"More than {MAX_WAITING} trials would wait; stop a search, or wait.")
    attempts = _count_orders(connection, search.key)
    for number, params in trials:
        order = {} if params is None else to_order(params)
        ordered = RunOrder(
            "operator",
            search.requested_by,
            f"trial {number} of search {search.name or search.key}",
            {**{name: value for name, value in order.items() if name not in {"dataset", "network"}}, "params": params},
            kind="trial",
            dataset=order.get("dataset", "all"),
            network=order.get("network"),
            priority=search.priority,
            origin=origin,
            search=search.key,
            trial=number,
        )
        key = uuid5(search.key, f"trial {number}, order {attempts.get(number, 0) + 1}")
        queue_run(connection, queue, key, ordered)


def _count_orders(connection: Connection, key: UUID) -> dict[int, int]:
    """Count by trial how often it was ordered."""
    counted = select(runs.c.trial, func.count()).where(runs.c.search == key).group_by(runs.c.trial)
    return {row[0]: row[1] for row in connection.execute(counted)}


def _require(connection: Connection, search: Row[Any], wanted: str, words: str) -> None:
    state = search_state(search, read_trials(connection, [search.key])[search.key])
    if state != wanted:
        raise SearchStandingError(f"{words}; this one is {state}.", field="key")


def order_candidate(search: Row[Any], trial: Trial, actor: str, reason: str, origin: Origin) -> RunOrder:
    """
    Write the order for a candidate with a trial's parameters.

    Raises:
        SearchStandingError: the trial has no parameters yet.
    """
    if trial.params is None:
        raise SearchStandingError("The trial has not begun; nobody knows yet what it will try.", field="trial")
    order = to_order(trial.params)
    said = f": {reason}" if reason else ""
    words = f"trial {trial.number} of search {search.name or search.key}{said}"
    return replace(
        RunOrder("operator", actor, words[:MAX_REASON_CHARACTERS], kind="scratch", origin=origin),
        dataset=order.pop("dataset"),
        network=order.pop("network"),
        arguments=order,
    )
