"""Who shares a transaction with whom, and what one owes the other."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from doodle_db.doodles import Doodle
from doodle_db.errors import DoodleConflictError
from doodle_testing.builders import doodle
from doodle_testing.model_server import wait_until
from model_server.errors import StoreBusyError
from model_server.group_commit import MAX_GROUP, GroupCommit, Result

SECONDS = 10.0


class Ledger:
    """Stands in for the database: notes the requests of each transaction, and can be made to wait."""

    def __init__(self) -> None:
        self.committed: list[list[Sequence[Doodle]]] = []
        self.tried: list[int] = []
        self.may_store = threading.Event()
        self.may_store.set()
        self.is_storing = threading.Event()
        self.refuse: Callable[[Sequence[Doodle]], Exception | None] = lambda _: None

    def write(self, requests: Sequence[Sequence[Doodle]]) -> list[Result]:
        self.tried.append(len(requests))
        self.is_storing.set()
        assert self.may_store.wait(SECONDS)
        for batch in requests:
            failure = self.refuse(batch)
            if failure is not None:
                raise failure
        self.committed.append([*requests])
        return [["stored"] * len(batch) for batch in requests]


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


def make(ledger: Ledger, **bounds: Any) -> GroupCommit:
    return GroupCommit(ledger.write, **bounds)


class Rush:
    """Requests that come while the first one is being stored."""

    def __init__(self, ledger: Ledger, group_commit: GroupCommit, batches: Sequence[Sequence[Doodle]]) -> None:
        self._ledger, self._group_commit, self._batches = ledger, group_commit, batches
        self._pool = ThreadPoolExecutor(len(batches))

    def __enter__(self) -> "list[Future[Any]]":
        """Give the requests, the first in its transaction and the others in line."""
        self._ledger.is_storing.clear()
        self._ledger.may_store.clear()
        first, *others = self._batches
        going = [self._pool.submit(self._group_commit.store, first)]
        assert self._ledger.is_storing.wait(SECONDS)
        for index, batch in enumerate(others):
            going.append(self._pool.submit(self._group_commit.store, batch))
            wait_until(partial(self._is_in_line, sum(len(each) for each in others[: index + 1])))
        return going

    def _is_in_line(self, num_doodles: int) -> bool:
        return self._group_commit.num_waiting == num_doodles

    def __exit__(self, *_: object) -> None:
        self._ledger.may_store.set()
        self._pool.shutdown()


def singles(number: int) -> list[list[Doodle]]:
    return [[doodle(UUID(int=index))] for index in range(number)]


def test_nobody_waits_for_company(ledger: Ledger) -> None:
    """A lone request is stored at once, in a transaction of its own."""
    assert make(ledger).store(singles(1)[0]) == ["stored"]
    assert ledger.tried == [1]


def test_those_who_come_meanwhile_share_the_next_transaction(ledger: Ledger) -> None:
    """Six requests, two commits, and everybody is told of their own doodles."""
    batches = singles(6)
    with Rush(ledger, make(ledger), batches) as going:
        ledger.may_store.set()

        assert [each.result(SECONDS) for each in going] == [["stored"]] * 6
    assert [len(requests) for requests in ledger.committed] == [1, 5]
    assert [batch for requests in ledger.committed for batch in requests] == batches


def test_nothing_is_acknowledged_before_the_commit(ledger: Ledger) -> None:
    """While a transaction is open, nobody in it has an answer, and nobody behind it."""
    with Rush(ledger, make(ledger), singles(3)) as going:
        assert not any(each.done() for each in going)


def test_one_bad_request_harms_no_other(ledger: Ledger) -> None:
    """What fails together is tried one by one: only the one at fault hears of it."""
    batches = singles(5)
    ledger.refuse = lambda batch: DoodleConflictError("taken", field="id") if batch is batches[3] else None
    with Rush(ledger, make(ledger), batches) as going:
        ledger.may_store.set()

        with pytest.raises(DoodleConflictError):
            going[3].result(SECONDS)
        assert [each.result(SECONDS) for each in (*going[:3], going[4])] == [["stored"]] * 4
    assert [batch for requests in ledger.committed for batch in requests] == [*batches[:3], batches[4]]
    assert ledger.tried == [1, 4, 1, 1, 1, 1]


def test_a_refusal_that_is_known_is_told() -> None:
    """A store that finds the one at fault by itself spares the others the second try."""
    conflict = DoodleConflictError("taken", field="id")
    group_commit = GroupCommit(lambda _: [conflict])

    with pytest.raises(DoodleConflictError):
        group_commit.store(singles(1)[0])


def test_an_outage_is_everybodys_and_tried_once(ledger: Ledger) -> None:
    """A database that is away is not asked again for each of those who wait."""
    ledger.refuse = lambda _: OperationalError("INSERT", None, Exception("gone"))
    with Rush(ledger, make(ledger), singles(4)) as going:
        ledger.may_store.set()

        for each in going:
            with pytest.raises(OperationalError):
                each.result(SECONDS)
    assert ledger.tried == [1, 3]


def test_it_goes_on_after_a_failure(ledger: Ledger) -> None:
    """No thread of its own could have died, and no lock is left held."""
    group_commit = make(ledger)
    ledger.refuse = lambda _: ValueError("a fault of ours")
    with pytest.raises(ValueError, match="ours"):
        group_commit.store(singles(1)[0])
    ledger.refuse = lambda _: None

    assert group_commit.store(singles(1)[0]) == ["stored"]


def test_too_many_are_turned_away_at_once(ledger: Ledger) -> None:
    """What waits is bounded, so that a process's memory is; those in line keep their place."""
    group_commit = make(ledger, max_waiting=2)
    with Rush(ledger, group_commit, singles(3)) as going:
        with pytest.raises(StoreBusyError):
            group_commit.store([doodle(UUID(int=9))])
        ledger.may_store.set()

        assert [each.result(SECONDS) for each in going] == [["stored"]] * 3


def test_a_batch_larger_than_the_line_still_gets_its_turn(ledger: Ledger) -> None:
    """A bound below what one request may bring must not lock it out for ever."""
    batch = [doodle(UUID(int=index)) for index in range(5)]

    assert make(ledger, max_waiting=2).store(batch) == ["stored"] * 5


def test_nobody_waits_for_ever(ledger: Ledger) -> None:
    """Whoever has waited too long is told so, and is not stored behind their back."""
    group_commit = make(ledger, wait_seconds=0.05)
    with Rush(ledger, group_commit, singles(1)) as going:
        with pytest.raises(StoreBusyError):
            group_commit.store([doodle(UUID(int=9))])
        ledger.may_store.set()
        going[0].result(SECONDS)
    assert [len(requests) for requests in ledger.committed] == [1]
    assert group_commit.num_waiting == 0


def test_a_transaction_is_bounded(ledger: Ledger) -> None:
    """Batches that come together do not make those behind them wait for all of them at once."""
    batches = [[doodle(UUID(int=100 * index + each)) for each in range(100)] for index in range(8)]
    with Rush(ledger, make(ledger), batches) as going:
        ledger.may_store.set()
        for each in going:
            each.result(SECONDS)

    assert ledger.tried == [1, MAX_GROUP // 100, 2]
