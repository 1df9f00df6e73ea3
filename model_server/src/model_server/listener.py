"""Hearing what PostgreSQL announces: one LISTEN connection per process, for as long as the process lives."""

import logging
from collections.abc import Callable, Iterator
from typing import Any

import gevent
import psycopg2
from gevent.socket import wait_read
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from doodle_db.events import CHANNEL
from doodle_web.json_logs import log_event
from model_server.background import backoff_seconds

logger = logging.getLogger(__name__)

CHECK_SECONDS = 5.0
"""With nothing heard for so long, the connection is tried and the present read anew."""


class Listener:
    """
    Hears announcements, and makes up for those it could not hear.

    Whenever it has begun to listen, and whenever it has heard nothing for a while, it calls `catch_up`: what was
    announced to nobody is found there.
    """

    def __init__(self, engine: Engine, catch_up: Callable[[], None], hear: Callable[[str], None]) -> None:
        """
        Args:
            engine: the database; the connection is taken out of its pool for good.
            catch_up: reads how things stand now; may fail with the database's errors.
            hear: is given the text of each announcement; may fail likewise.
        """
        self._engine = engine
        self._catch_up = catch_up
        self._hear = hear

    def run(self) -> None:
        """Listen for as long as the process lives."""
        pauses = backoff_seconds()
        while True:
            try:
                for _ in self._listen():
                    pauses = backoff_seconds()
            except (SQLAlchemyError, psycopg2.Error, OSError) as lost:
                log_event(logger, logging.WARNING, "listener_lost", error=type(lost).__name__)
            gevent.sleep(next(pauses))

    def _listen(self) -> Iterator[None]:
        """Listen until the connection is lost; yields whenever it has proved good."""
        with self._engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            connection.detach()
            connection.exec_driver_sql(f"LISTEN {CHANNEL}")
            self._catch_up()
            log_event(logger, logging.INFO, "listener_connected")
            while True:
                yield
                self._wait(connection)

    def _wait(self, connection: Connection) -> None:
        driver: Any = connection.connection.dbapi_connection
        try:
            wait_read(driver.fileno(), timeout=CHECK_SECONDS)
        except TimeoutError:
            connection.exec_driver_sql("SELECT 1")
            self._catch_up()
        driver.poll()
        while driver.notifies:
            self._hear(driver.notifies.pop(0).payload)
