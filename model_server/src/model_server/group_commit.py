"""
Group commit: requests that arrive while one transaction is being committed share the next.

A commit waits for the disk, and that is what limits how many doodles a second can be acknowledged one by one. Nobody
waits for company: an idle service stores a doodle at once, a busy one stores many with one commit. See
docs/decisions/0018.
"""

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlalchemy.exc import SQLAlchemyError

from doodle_db.doodles import Doodle, StoreOutcome
from doodle_web.error_pages import is_outage
from model_server.errors import StoreBusyError

MAX_GROUP = 500
"""Doodles in one transaction, unless a single request brings more: some 50 ms, which those behind it wait for."""

MAX_WAITING = 2_000
"""Doodles that may wait in a process, 5 kB each; whoever comes then is told to come again."""

WAIT_SECONDS = 8.0
"""Longer nobody waits for those in front; nginx waits 30 s for an answer, and it is to be ours."""

Result = list[StoreOutcome] | Exception
Write = Callable[[Sequence[Sequence[Doodle]]], Sequence[Result]]


@dataclass(eq=False)
class Waiting:
    """One request's doodles, and what has become of them; None: nothing yet."""

    batch: Sequence[Doodle]
    result: Result | None = None


class GroupCommit:
    """
    Stores what requests bring, in as few transactions as may be.

    Whoever finds nobody storing stores for all who wait by then; the others wait for their turn, and mostly find that
    it has been done for them. So there is no thread of its own that could die. Any number of threads or greenlets may
    use it; each process has its own.

    * `store` returns only after the commit of the transaction that holds its doodles.
    * A request is stored as a whole or not at all, and what is wrong with it harms no other: whatever fails together
      is tried again one by one.
    * What may wait is bounded, in number and in time.
    """

    def __init__(
        self,
        write: Write,
        *,
        max_waiting: int = MAX_WAITING,
        wait_seconds: float = WAIT_SECONDS,
    ) -> None:
        """
        Args:
            write: stores the doodles of several requests, each as a whole or not at all, and returns when they are
                committed; called by one at a time.
            max_waiting: doodles that may wait.
            wait_seconds: how long a request waits for its turn.
        """
        self._write = write
        self._max_waiting, self._wait_seconds = max_waiting, wait_seconds
        self._line: deque[Waiting] = deque()
        self._num_waiting = 0
        self._mutex = threading.Lock()
        self._turn = threading.Lock()

    @property
    def num_waiting(self) -> int:
        """Doodles in line; those that are just being stored are not."""
        return self._num_waiting

    def store(self, batch: Sequence[Doodle]) -> list[StoreOutcome]:
        """
        Store doodles, all or none.

        Args:
            batch: one request's; checked at the door.

        Returns:
            What became of each, in order. They are committed.

        Raises:
            DoodleConflictError: an id is stored already with other content; nothing of this batch is stored.
            StoreBusyError: too many wait, or it took too long.
            sqlalchemy.exc.SQLAlchemyError: the database refused, or does not answer.
        """
        waiting = self._line_up(batch)
        if not self._turn.acquire(timeout=self._wait_seconds):
            self._step_out(waiting)
            raise StoreBusyError
        try:
            while waiting.result is None:
                # Requests that have come in but were not read yet get their turn first, and so into this group.
                time.sleep(0)
                self._store_group(self._next_group())
        finally:
            self._turn.release()
        if isinstance(waiting.result, Exception):
            raise waiting.result
        return waiting.result

    def _line_up(self, batch: Sequence[Doodle]) -> Waiting:
        waiting = Waiting(batch)
        with self._mutex:
            # Nobody is turned away from an empty line, however much they bring.
            if self._line and self._num_waiting + len(batch) > self._max_waiting:
                raise StoreBusyError
            self._line.append(waiting)
            self._num_waiting += len(batch)
        return waiting

    def _step_out(self, waiting: Waiting) -> None:
        """Leave the line, unless it is being stored at this moment: then sending it again finds it stored."""
        with self._mutex:
            if waiting in self._line:
                self._line.remove(waiting)
                self._num_waiting -= len(waiting.batch)

    def _next_group(self) -> list[Waiting]:
        group: list[Waiting] = []
        num_doodles = 0
        with self._mutex:
            while self._line and (not group or num_doodles + len(self._line[0].batch) <= MAX_GROUP):
                group.append(self._line.popleft())
                num_doodles += len(group[-1].batch)
            self._num_waiting -= num_doodles
        return group

    def _store_group(self, group: list[Waiting]) -> None:
        """Store a group and note what became of each; nobody is left without a result, whatever happens."""
        try:
            results = self._write([waiting.batch for waiting in group])
        except Exception as failure:  # noqa: BLE001  # raised again by each request it belongs to
            self._part(group, failure)
        else:
            for waiting, result in zip(group, results, strict=True):
                waiting.result = result
        finally:
            # Only where the process is ending in the middle of it.
            _settle(group, StoreBusyError())

    def _part(self, group: list[Waiting], failure: Exception) -> None:
        """Tell a failure to the request it belongs to, or find out which of them that is."""
        if len(group) == 1 or (isinstance(failure, SQLAlchemyError) and is_outage(failure)):
            _settle(group, failure)
        else:
            for waiting in group:
                self._store_group([waiting])


def _settle(group: list[Waiting], failure: Exception) -> None:
    for waiting in group:
        if waiting.result is None:
            waiting.result = failure
