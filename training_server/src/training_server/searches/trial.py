"""The story of a trial: ask what to try, train, conclude, tell. It makes no candidate, and nothing is judged."""

import logging
from collections.abc import Callable, Mapping
from math import isnan
from typing import Any, TypeVar
from uuid import UUID

from optuna.storages import BaseStorage
from optuna.trial import Trial
from sqlalchemy import Engine

from doodle_db.runs import end_run, record_plan
from doodle_db.searches import get_search, lock_search
from doodle_web.json_logs import log_event
from doodle_web.tracing import Tracing
from training_server.claims import ClaimedRun, hold
from training_server.clock import read_time
from training_server.heartbeat import WatchedRun
from training_server.outages import outlive_outages
from training_server.progress import EpochResult, Observer, Progress
from training_server.searches.combinations import Params, to_order
from training_server.searches.storage import opened_storage
from training_server.searches.studies import SearchStudy, StudyPlan, plan_of
from training_server.searches.telling import tell_of

log = logging.getLogger(__name__)

Metrics = Mapping[str, Any]
"""As the run's row keeps them: train, validation, test."""

Train = Callable[[WatchedRun, Params, Observer], Metrics]
"""Trains and measures what is to be tried; the observer may end it by raising."""

Done = TypeVar("Done")


class TrialPruned(Exception):  # noqa: N818  # not an error: the search wanted it
    """Others were better by then."""

    def __init__(self, result: EpochResult) -> None:
        """
        Args:
            result: of the last epoch.
        """
        super().__init__()
        self.result = result


def carry_out_trial(engine: Engine, watched: WatchedRun, train: Train, tracing: Tracing) -> None:
    """
    Carry out a trial from its claim to its end.

    Args:
        engine: of the database.
        watched: the trial's run.
        train: does the training.
        tracing: of the worker.

    Raises:
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    with opened_storage(engine) as storage:
        steps = TrialSteps(engine, watched, storage)
        with tracing.span("ask"):
            params = steps.ask()
        with tracing.span("train"):
            metrics = steps.train(params, train)
        with tracing.span("conclude"):
            steps.conclude(metrics)


class TrialSteps:
    """The steps of one trial, in one thread."""

    def __init__(self, engine: Engine, watched: WatchedRun, storage: BaseStorage) -> None:
        """
        Args:
            engine: of the database.
            watched: the run.
            storage: Optuna's.
        """
        assert watched.run.search is not None  # noqa: S101  # a rule of the table
        self._engine, self._watched, self._storage = engine, watched, storage
        self._search: UUID = watched.run.search

    def ask(self) -> Params:
        """Ask the sampler what to try, and write it down: another attempt tries the same."""
        self._watched.observer.enter("asking")
        run = self._watched.run
        # Of its own transaction: it writes the search's row, and who stops a search takes that row before its runs'.
        self._outlive(lambda: tell_of(self._engine, self._storage, self._search))
        params = self._outlive(lambda: ask(self._engine, self._storage, run))
        log_event(log, logging.INFO, "trial_begun", search=self._search, trial=run.trial, **params)
        return params

    def train(self, params: Params, train: Train) -> Metrics:
        """Train and measure; of a trial that is ended early, say how far it came."""
        plan = self._outlive(self._read_plan)
        observer: Observer = self._watched.observer
        if plan.pruning:
            observer = PruningObserver(self._watched, SearchStudy(self._storage, plan))
        try:
            return train(self._watched, params, observer)
        except TrialPruned as pruned:
            return metrics_of_pruned(pruned.result)

    def conclude(self, metrics: Metrics) -> None:
        """End the run, then tell the sampler; killed in between, the next trial or tick tells."""
        observer, engine = self._watched.observer, self._engine
        observer.enter("concluding")
        self._outlive(lambda: self._watched.flush(engine))
        told = {**metrics, "seconds": observer.read_stage_seconds()}
        self._outlive(lambda: self._end(told))
        self._outlive(lambda: tell_of(engine, self._storage, self._search))

    def _read_plan(self) -> StudyPlan:
        with self._engine.connect() as connection:
            return plan_of(get_search(connection, self._search))

    def _end(self, metrics: Metrics) -> None:
        with self._engine.begin() as connection:
            hold(connection, self._watched.run)
            end_run(connection, self._watched.run.key, "finished", now=read_time(connection), metrics=dict(metrics))

    def _outlive(self, transaction: Callable[[], Done]) -> Done:
        return outlive_outages(transaction, self._watched.interruption)


def ask(engine: Engine, storage: BaseStorage, run: ClaimedRun) -> Params:
    """
    Decide what a run tries, and write it down as its order.

    Args:
        engine: of the database.
        storage: Optuna's.
        run: as it was claimed.

    Raises:
        RunInterrupted: the run is not this worker's any more, or nobody wants it.
    """
    assert run.search is not None and run.trial is not None  # noqa: S101, PT018  # a rule of the table
    with engine.begin() as connection:
        lock_search(connection, run.search)
        hold(connection, run)
        study = SearchStudy(storage, plan_of(get_search(connection, run.search)), run.trial)
        params = study.ask(run.key, run.arguments.get("params"))
        order = to_order(params)
        facts = {"dataset": order.pop("dataset"), "network": order.pop("network")}
        record_plan(connection, run.key, **facts, arguments={**order, "params": params})
    return params


def metrics_of_pruned(result: EpochResult) -> Metrics:
    """Write how far a trial came that was ended early."""
    return {
        "train": None,
        "validation": {"accuracy": result.validation_accuracy, "log_loss": result.validation_loss},
        "test": None,
        "pruned": {"epoch": result.epoch},
    }


class PruningObserver:
    """Passes everything on to the run's observer, and ends the training when others were better by then."""

    def __init__(self, watched: WatchedRun, study: SearchStudy) -> None:
        """
        Args:
            watched: the run; its trial has been asked for.
            study: decides.
        """
        self._watched, self._study = watched, study
        self._trial: Trial = study.take(watched.run.key)

    def report(self, progress: Progress) -> None:
        """Pass it on."""
        self._watched.observer.report(progress)

    def check_stop(self) -> None:
        """Ask the run's observer."""
        self._watched.observer.check_stop()

    def end_epoch(self, result: EpochResult) -> None:
        """
        Pass it on, and ask whether to go on; nothing is asked without rows to judge by.

        Raises:
            TrialPruned: others were better by then.
        """
        self._watched.observer.end_epoch(result)
        accuracy = result.validation_accuracy
        if isnan(accuracy):
            return
        is_over = outlive_outages(
            lambda: self._study.report(self._trial, result.epoch, accuracy), self._watched.interruption
        )
        if is_over:
            raise TrialPruned(result)
