"""Extending a search by more trials, in one transaction: all of them or none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, Row

from doodle_db.run_orders import NO_REQUEST, Origin
from doodle_db.searches import Trial, change_search, get_search, read_trials
from training_server.errors import ConfigurationError, Fault, SearchStandingError, TrialsError
from training_server.queue import TrainingQueue
from training_server.searches.combinations import Params, count_combinations, list_combinations
from training_server.searches.configuration import complete, from_json, join_values, to_json
from training_server.searches.ordering import MAX_TRIALS, enter_trials, refuse_number


@dataclass(frozen=True)
class Extension:
    """
    What a search is extended by.

    Attributes:
        num_trials: of random and tpe: so many more.
        configuration: of a grid: more values.
    """

    num_trials: int | None = None
    configuration: Mapping[str, Any] | None = None


def extend_search(
    connection: Connection, queue: TrainingQueue, key: UUID, by: Extension, origin: Origin = NO_REQUEST
) -> int:
    """
    Add trials to a search that is going on or has finished.

    Args:
        connection: with an open transaction.
        queue: in the same database.
        key: the search.
        by: what it is extended by.
        origin: the request that asks.

    Returns:
        How many trials are new.

    Raises:
        SearchStandingError: it is stopped.
        TrialsError: that is no way to extend a search of its method, or it would have too many trials.
        ConfigurationError: properties are not as they should be, or no value is new.
    """
    search = get_search(connection, key, for_update=True)
    if search.stopped_at is not None:
        raise SearchStandingError("The search is stopped; let it go on, then extend it.")
    trials = read_trials(connection, [key])[key]
    added = _find_more(search, trials, by)
    if len(trials) + len(added.params) > MAX_TRIALS:
        raise TrialsError(
            f"The search would have {len(trials) + len(added.params)} trials; at most {MAX_TRIALS}.", field="num_trials"
        )
    first = max((each.number for each in trials), default=0) + 1
    change_search(connection, key, configuration=added.configuration)
    enter_trials(connection, queue, search, list(enumerate(added.params, start=first)), origin)
    return len(added.params)


@dataclass(frozen=True)
class _Added:
    configuration: Mapping[str, Any]
    params: Sequence[Params | None]


def _find_more(search: Row[Any], trials: Sequence[Trial], by: Extension) -> _Added:
    if search.method != "grid":
        if by.num_trials is None or by.configuration is not None:
            raise TrialsError(
                "This search has no end of its own; say by num_trials how many more, and nothing else.",
                field="num_trials",
            )
        return _Added(search.configuration, [None] * by.num_trials)
    if by.configuration is None or by.num_trials is not None:
        raise TrialsError(
            "A grid is extended by a configuration with more values, and nothing else.", field="configuration"
        )
    before = from_json(search.configuration)
    joined = join_values(before, complete(by.configuration, search.configuration, "grid"))
    if (count_combinations(joined) or 0) > MAX_TRIALS:
        raise ConfigurationError([refuse_number(joined, count_combinations(joined) or 0)])
    tried = [each.params for each in trials]
    new = [params for params in islice(list_combinations(joined), MAX_TRIALS) if params not in tried]
    if not new:
        named = next(iter(by.configuration), "NETWORK")
        raise ConfigurationError([Fault(named, "All of it has been tried, or waits to be; give a value that is new.")])
    return _Added(to_json(joined), new)
