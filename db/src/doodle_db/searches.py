"""The searches: what is to be tried. Each trial is a run, and what became of it stands in the run's row."""

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, Row, Select, case, func, select, text, update
from sqlalchemy.dialects.postgresql import distinct_on, insert

from doodle_db.errors import UnknownSearchError
from doodle_db.events import announce
from doodle_db.tables import runs, searches

SearchState = Literal["running", "stopping", "stopped", "finished"]

TRIAL_STATES = ("waiting", "running", "finished", "pruned", "failed", "cancelled")
"""Those of a run, and `pruned`: finished early, because others were better by then."""

ENDED = ("finished", "failed", "cancelled")


@dataclass(frozen=True)
class SearchOrder:
    """
    What a search is to be.

    Attributes:
        method: `grid`, `random` or `tpe`.
        configuration: every property, as training_server.searches.configuration writes it.
        requested_by: who asks.
        name: for those who look at it; may be empty.
        pruning: whether a trial ends early when others were better by then.
        priority: of its trials: -10 to 10, the higher, the sooner.
        reason: why, in words.
    """

    method: str
    configuration: Mapping[str, Any]
    requested_by: str
    name: str = ""
    pruning: bool = False
    priority: int = 0
    reason: str = ""


def add_search(connection: Connection, key: UUID, order: SearchOrder) -> None:
    """Enter a search; its trials follow in the same transaction."""
    row = {"key": key, **order.__dict__, "configuration": dict(order.configuration)}
    connection.execute(insert(searches).values(row))
    announce_search(connection, key)


def get_search(connection: Connection, key: UUID, *, for_update: bool = False) -> Row[Any]:
    """
    Get a search's row.

    Args:
        connection: any; with an open transaction for an update.
        key: the search's.
        for_update: nobody else may stop, resume or extend it until the end of the transaction.

    Raises:
        UnknownSearchError: there is none.
    """
    statement = select(searches).where(searches.c.key == key)
    row = connection.execute(statement.with_for_update() if for_update else statement).first()
    if row is None:
        raise UnknownSearchError(field="key")
    return row


def list_searches(connection: Connection, *, at_most: int = 50) -> list[Row[Any]]:
    """List searches, newest first."""
    return list(connection.execute(select(searches).order_by(searches.c.created_at.desc()).limit(at_most)))


def find_last_configuration(connection: Connection) -> dict[str, Any] | None:
    """Find what the newest search was configured with; None if there was none."""
    newest = select(searches.c.configuration).order_by(searches.c.created_at.desc()).limit(1)
    found: dict[str, Any] | None = connection.execute(newest).scalar()
    return found


def list_trials(connection: Connection, key: UUID) -> list[Row[Any]]:
    """List a search's trials in their order: of each the run that counts, which is the newest."""
    return list(connection.execute(_standing([key])))


@dataclass(frozen=True)
class Trial:
    """
    How a trial stands, without all that was measured.

    Attributes:
        number: counted from 1.
        run: the key of the run that counts.
        state: one of TRIAL_STATES.
        params: what it tries; None: its sampler has not been asked yet.
        accuracy: on the rows held back; None unless it has finished.
        started_at, finished_at: of the run.
    """

    number: int
    run: UUID
    state: str
    params: Mapping[str, Any] | None
    accuracy: float | None
    started_at: datetime | None
    finished_at: datetime | None


def read_trials(connection: Connection, keys: Collection[UUID]) -> dict[UUID, list[Trial]]:
    """Read how the trials of searches stand, each search's in their order."""
    each = _standing(keys).subquery()
    is_pruned = (each.c.state == "finished") & each.c.metrics.has_key("pruned")
    columns = (
        each.c.search,
        each.c.trial,
        each.c.key,
        case((is_pruned, "pruned"), else_=each.c.state).label("state"),
        each.c.arguments["params"].label("params"),
        each.c.metrics["validation"]["accuracy"].label("accuracy"),
        each.c.started_at,
        each.c.finished_at,
    )
    found: dict[UUID, list[Trial]] = {key: [] for key in keys}
    for search, *facts in connection.execute(select(*columns).order_by(each.c.search, each.c.trial)):
        trial = Trial(*facts)
        found[search].append(trial if trial.state == "finished" else replace(trial, accuracy=None))
    return found


def count_states(trials: Collection[Trial]) -> dict[str, int]:
    """Count trials by their state; every state is named."""
    counted = Counter(trial.state for trial in trials)
    return {state: counted[state] for state in TRIAL_STATES}


def trial_state(run: Row[Any]) -> str:
    """Tell the state of a trial by its run."""
    is_pruned = run.state == "finished" and "pruned" in (run.metrics or {})
    return "pruned" if is_pruned else str(run.state)


def search_state(search: Row[Any], trials: Collection[Trial]) -> SearchState:
    """
    Tell how a search stands; it is not written down anywhere, so that nothing can contradict it.

    Args:
        search: its row.
        trials: all of them.
    """
    is_going = any(trial.state in {"waiting", "running"} for trial in trials)
    if search.stopped_at is not None:
        return "stopping" if is_going else "stopped"
    return "running" if is_going else "finished"


def change_search(connection: Connection, key: UUID, **facts: Any) -> None:
    """Write something about a search, and announce it."""
    connection.execute(update(searches).where(searches.c.key == key).values(facts))
    announce_search(connection, key)


def announce_search(connection: Connection, key: UUID) -> None:
    """Tell whoever listens that something about a search has changed."""
    announce(connection, "search", {"key": str(key)})


def lock_search(connection: Connection, key: UUID) -> None:
    """
    Wait until nobody else asks or tells this search's sampler, until the end of the transaction.

    No row is locked: whoever stops the search need not wait for the sampler.
    """
    connection.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))"), {"key": f"search {key}"})


def list_ended(connection: Connection, key: UUID) -> list[Row[Any]]:
    """List all of a search's runs that have ended, those that were ordered anew included, in their order."""
    ended = select(runs).where(runs.c.search == key, runs.c.state.in_(ENDED))
    return list(connection.execute(ended.order_by(runs.c.trial, runs.c.created_at)))


def find_untold(connection: Connection, *, at_most: int = 10) -> list[UUID]:
    """Find searches whose sampler has not been told of all runs that have ended: a worker was killed in between."""
    num_ended = select(func.count()).where(runs.c.search == searches.c.key, runs.c.state.in_(ENDED)).scalar_subquery()
    untold = select(searches.c.key).where(searches.c.num_told < num_ended).order_by(searches.c.created_at)
    return list(connection.execute(untold.limit(at_most)).scalars())


def note_told(connection: Connection, key: UUID, num_told: int) -> None:
    """Write how many ended runs the sampler has been told of."""
    connection.execute(update(searches).where(searches.c.key == key).values(num_told=num_told))


def list_measured(connection: Connection, network: str, *, since: datetime, at_most: int = 20) -> list[Row[Any]]:
    """
    List the newest runs that trained a network from its first weights to the end, to judge others' time by.

    Args:
        connection: any.
        network: its name.
        since: older ones are left out: they were of other code, on another machine.
        at_most: that many.
    """
    rule = (
        (runs.c.kind.in_(["scratch", "trial"]))
        & (runs.c.network == network)
        & (runs.c.state == "finished")
        & (runs.c.finished_at > since)
    )
    return list(connection.execute(select(runs).where(rule).order_by(runs.c.finished_at.desc()).limit(at_most)))


def _standing(keys: Collection[UUID]) -> Select[Any]:
    """Select of each trial the run that counts: a run that was cancelled gives way to the one that was ordered anew."""
    return (
        select(runs)
        .ext(distinct_on(runs.c.search, runs.c.trial))
        .where(runs.c.search.in_(list(keys)))
        .order_by(runs.c.search, runs.c.trial, runs.c.state == "cancelled", runs.c.created_at.desc())
    )
