"""After a store: is it time to train? Asked of the database, in the background, at most once a second."""

import logging

import gevent
import httpx
from gevent.event import Event
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.training_counts import count_for_training
from doodle_db.trigger import Decision, decide_training
from doodle_web.json_logs import bind_fields, find_field, log_event
from doodle_web.request_id import HEADER as REQUEST_ID
from doodle_web.tracing import NO_TRACING, TRACEPARENT, Tracing

logger = logging.getLogger(__name__)

PAUSE_SECONDS = 1.0
"""However many doodles come in, a process asks once in that time."""

HTTP_TIMEOUT = httpx.Timeout(3.0, connect=1.0)


class TrainingTrigger:
    """
    Tells training_server when enough doodles wait.

    Nothing depends on it: the worker's tick asks the same question of the same rows. So a failure is logged, once
    until it works again, and forgotten. Any number of processes may ask: one run waits at most.
    """

    def __init__(
        self,
        engine: Engine,
        url: str | None,
        min_doodles: int,
        client: httpx.Client | None = None,
        tracing: Tracing = NO_TRACING,
    ) -> None:
        """
        Args:
            engine: the database.
            url: of training_server; None: nobody is told.
            min_doodles: how many make a run.
            client: how to reach training_server; tests bring their own.
            tracing: traces the call.
        """
        self._engine = engine
        self._url = url
        self._min_doodles = min_doodles
        self._client = client or httpx.Client(timeout=HTTP_TIMEOUT, trust_env=False)
        self._tracing = tracing
        self._wanted = Event()
        self._request_id: str | None = None
        self._traceparent: str | None = None
        self._is_failing = False

    def wake(self) -> None:
        """Say that the present request has stored doodles; returns at once."""
        self._request_id = find_field("request_id")
        self._traceparent = self._tracing.find_parent()
        self._wanted.set()

    def run(self) -> None:
        """Ask whenever woken, for as long as the process lives."""
        while True:
            self._wanted.wait()
            self._wanted.clear()
            # Of several requests that woke it, the last one gives its name to the call.
            with bind_fields(request_id=self._request_id):
                self.ask()
            gevent.sleep(PAUSE_SECONDS)

    def ask(self) -> None:
        """Look at the counts, and tell training_server if it is time; never fails."""
        try:
            if self.decide() == "queue":
                self._tell()
        except (SQLAlchemyError, httpx.HTTPError) as failure:
            self._report(failure)
        else:
            self._is_failing = False

    def decide(self) -> Decision:
        """Decide on what the database counts now."""
        with self._engine.connect() as connection:
            counts = count_for_training(connection, at_most=self._min_doodles)
        return decide_training(counts, self._min_doodles)

    def _tell(self) -> None:
        if self._url is None:
            return
        with self._tracing.span("ask for training", parent=self._traceparent):
            told = {REQUEST_ID: find_field("request_id"), TRACEPARENT: self._tracing.find_parent()}
            headers = {name: value for name, value in told.items() if value is not None}
            self._client.post(f"{self._url}/internal/trigger", headers=headers).raise_for_status()
        log_event(logger, logging.INFO, "training_asked_for")

    def _report(self, failure: Exception) -> None:
        if not self._is_failing:
            log_event(logger, logging.WARNING, "trigger_failed", error=type(failure).__name__)
        self._is_failing = True
