"""From PostgreSQL's announcements to the streams' messages: what is live, what to draw, and how runs are doing."""

import json
import logging
from collections.abc import Callable
from uuid import UUID

import gevent
from gevent.event import Event
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.drift import LEVELS
from doodle_db.errors import UnknownRunError
from doodle_db.model_registry import find_live
from doodle_db.run_json import run_as_json
from doodle_db.runs import get_run, list_runs
from doodle_db.shadows import find_shadow
from doodle_web.json_logs import log_event
from model_server.event_messages import (
    deployment_message,
    drift_message,
    labels_message,
    pin_message,
    run_message,
    search_message,
    shadow_message,
    worker_message,
)
from model_server.event_streams import EventStreams
from model_server.label_list import LabelList, fingerprint_of

logger = logging.getLogger(__name__)

RUN_PAUSE_SECONDS = 0.2
"""A run announces every step; operators are told of its latest state, at most so often."""

NUM_RUNS_CAUGHT_UP = 3
"""After a time of deafness: the run that is going on, the one that waits, and the one that ended last."""


class Announcer:
    """
    Reads from the database what was announced, and tells the streams.

    An announcement carries keys only. Deployments are told at once; of runs the keys are noted, and one greenlet reads
    and tells them at a bounded pace, the last state of each always included.
    """

    def __init__(
        self,
        engine: Engine,
        streams: EventStreams,
        labels: LabelList,
        note_live: Callable[[str], None] = lambda _: None,
    ) -> None:
        """
        Args:
            engine: the database.
            streams: whom to tell.
            labels: the process's list, kept up to date here.
            note_live: is told, too, which version is live.
        """
        self._engine = engine
        self._streams = streams
        self._labels = labels
        self._told_labels = fingerprint_of(labels.current)
        self._note_live = note_live
        self._newest = -1
        self._told_shadow: str | None = None
        self._runs: set[UUID] = set()
        self._has_runs = Event()

    def catch_up(self) -> None:
        """Tell how things stand, because announcements may have been missed."""
        self.tell_live()
        self.tell_shadow()
        self.tell_labels()
        if self._streams.has_operators:
            with self._engine.connect() as connection:
                keys = [run.key for run in list_runs(connection, at_most=NUM_RUNS_CAUGHT_UP)]
            self._note_runs(keys)

    def hear(self, payload: str) -> None:
        """Act upon one announcement; one that is not ours is ignored: any client of the database may send it."""
        try:
            content = json.loads(payload)
            kind = content["kind"]
            keys = [UUID(content["key"])] if kind == "run" else []
            search = UUID(content["key"]) if kind == "search" else None
            worker = str(content["name"]) if kind == "worker" else None
        except (ValueError, TypeError, KeyError):
            log_event(logger, logging.WARNING, "announcement_ignored")
            return
        if kind == "deployment":
            self.tell_live()
        if kind == "shadow":
            self.tell_shadow()
        if kind == "labels":
            self.tell_labels()
        if kind == "pin":
            self._streams.tell(pin_message(content.get("pinned") is True), operators_only=True)
        if kind == "drift" and content.get("state") in LEVELS:
            self._streams.tell(drift_message(content["state"]), operators_only=True)
        if search is not None:
            self._streams.tell(search_message(search), operators_only=True)
        if worker is not None:
            self._streams.tell(worker_message(worker), operators_only=True)
        self._note_runs(keys)

    def tell_live(self) -> None:
        """Tell what is live, unless that has been told."""
        with self._engine.connect() as connection:
            live = find_live(connection)
        if live is not None and live.deployment > self._newest:
            self._newest = live.deployment
            self._note_live(live.version)
            self._streams.tell(deployment_message(live.deployment, live.version))

    def tell_shadow(self) -> None:
        """Tell which version is the shadow, unless that has been told."""
        with self._engine.connect() as connection:
            found = find_shadow(connection)
        version = found.version if found else None
        if version != self._told_shadow:
            self._told_shadow = version
            self._streams.tell(shadow_message(version))

    def tell_labels(self) -> None:
        """Read the labels anew, and tell if there are others."""
        fingerprint = fingerprint_of(self._labels.refresh())
        if fingerprint != self._told_labels:
            self._told_labels = fingerprint
            self._streams.tell(labels_message(fingerprint))

    def _note_runs(self, keys: list[UUID]) -> None:
        if keys and self._streams.has_operators:
            self._runs.update(keys)
            self._has_runs.set()

    def run(self) -> None:
        """Tell operators of runs, for as long as the process lives."""
        while True:
            self._has_runs.wait()
            self.tell_runs()
            gevent.sleep(RUN_PAUSE_SECONDS)

    def tell_runs(self) -> None:
        """Tell the latest state of every run that was announced since."""
        keys, self._runs = self._runs, set()
        self._has_runs.clear()
        for key in sorted(keys):
            try:
                with self._engine.connect() as connection:
                    run = get_run(connection, key)
            except (SQLAlchemyError, UnknownRunError) as failure:
                log_event(logger, logging.WARNING, "run_not_told", run=key, error=type(failure).__name__)
                continue
            self._streams.tell(run_message(run_as_json(run)), operators_only=True)
