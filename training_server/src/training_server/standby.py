"""A worker whose machine has enough to do lets others take the runs, and looks until there is room again."""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import Engine

from doodle_db.runs import count_on_machine
from training_server.clock import read_time

LOOK_SECONDS = 1.0


class Standby:
    """
    Whether a worker stands by. Its job's thread begins it, its loop ends it.

    Without it, an idle worker would snatch a run from the queue again and again that another machine could take.
    """

    def __init__(self, engine: Engine, worker: str, runs_per_machine: int) -> None:
        """
        Args:
            engine: of the database.
            worker: its name.
            runs_per_machine: how many runs are worked on at once on its machine.
        """
        self._engine = engine
        self.worker, self.runs_per_machine = worker, runs_per_machine
        self._lock = threading.Lock()
        self._stop_fetching: Callable[[], object] | None = None
        self.is_on = False

    def begin(self) -> None:
        """Stop taking runs: the machine has enough to do."""
        with self._lock:
            self.is_on = True
            if self._stop_fetching is not None:
                self._stop_fetching()

    @contextmanager
    def while_fetching(self, stop_fetching: Callable[[], object]) -> Iterator[None]:
        """
        Let `begin` stop the taking of runs as long as the block lasts.

        Args:
            stop_fetching: may be called in any thread.
        """
        with self._lock:
            self._stop_fetching = stop_fetching
        try:
            yield
        finally:
            with self._lock:
                self._stop_fetching = None

    def has_room(self) -> bool:
        """Tell whether the machine could take another run."""
        with self._engine.connect() as connection:
            running = count_on_machine(connection, self.worker, read_time(connection))
        return running < self.runs_per_machine

    async def wait(self) -> None:
        """Wait until the machine has room, if this worker stands by."""
        while self.is_on:
            if await asyncio.to_thread(self.has_room):
                self.is_on = False
            else:
                await asyncio.sleep(LOOK_SECONDS)
