"""Telling a search's sampler how its trials have ended: exactly once, whoever is killed in between."""

import logging
from typing import Any
from uuid import UUID

from optuna.storages import BaseStorage
from sqlalchemy import Connection, Engine, Row

from doodle_db.searches import get_search, list_ended, lock_search, note_told
from doodle_web.json_logs import log_event
from training_server.searches.objective import accuracy_of
from training_server.searches.studies import Outcome, SearchStudy, plan_of

log = logging.getLogger(__name__)


def tell_ended(connection: Connection, storage: BaseStorage, key: UUID) -> None:
    """
    Tell a search's sampler of all runs that have ended.

    What became of a run is decided by its row, once. The sampler follows: it is told of each run it does not know the
    end of, under the search's lock, so that a run is told once however often this is called.

    Args:
        connection: with an open transaction that holds the search's lock.
        storage: Optuna's.
        key: the search.
    """
    ended = list_ended(connection, key)
    study = SearchStudy(storage, plan_of(get_search(connection, key)))
    num_new = study.tell([outcome_of(run) for run in ended])
    note_told(connection, key, len(ended))
    log_event(log, logging.INFO, "search_told", search=key, num_new=num_new)


def tell_of(engine: Engine, storage: BaseStorage, key: UUID) -> None:
    """Do that in a transaction of its own."""
    with engine.begin() as connection:
        lock_search(connection, key)
        tell_ended(connection, storage, key)


def outcome_of(run: Row[Any]) -> Outcome:
    """Read how a trial's run has ended from its row."""
    metrics = run.metrics or {}
    if run.state == "finished" and "pruned" not in metrics:
        return Outcome(run.key, run.arguments.get("params"), accuracy_of(metrics))
    return Outcome(run.key, run.arguments.get("params"), is_pruned="pruned" in metrics)
