"""Which jobs are dead: those nobody works on; a worker that lost its connection trains on."""

from uuid import UUID

import pytest
from procrastinate.jobs import Job

from training_server.queue import queue_of
from training_server.recovery import RunsAtRest, find_dead_jobs

RUN = UUID(int=1)
NOBODY = RunsAtRest(lost=frozenset(), left=frozenset(), beating=frozenset())
LOST = RunsAtRest(lost=frozenset({RUN}), left=frozenset(), beating=frozenset())
LEFT = RunsAtRest(lost=frozenset(), left=frozenset({RUN}), beating=frozenset())
BEATING = RunsAtRest(lost=frozenset(), left=frozenset(), beating=frozenset({RUN}))


def job(status: str, queue: str = "training") -> Job:
    return Job(id=7, status=status, queue=queue, lock="delta", queueing_lock=str(RUN), task_name="train")


@pytest.mark.parametrize(
    ("status", "stalled", "standing", "is_dead"),
    [
        pytest.param("doing", True, LOST, True, id="its worker was killed"),
        pytest.param("doing", True, NOBODY, True, id="its run has ended, its end could not be written"),
        pytest.param("doing", True, BEATING, False, id="its worker lost the connection and trains on"),
        pytest.param("doing", False, LOST, False, id="its worker is about to claim the run"),
        pytest.param("doing", False, LEFT, True, id="the worker of that name has started anew"),
        pytest.param("todo", True, LOST, False, id="it waits"),
    ],
)
def test_dead_jobs(status: str, stalled: bool, standing: RunsAtRest, is_dead: bool) -> None:
    """A dead job holds the lock all delta runs need; a living one must keep it."""
    dead = find_dead_jobs([job(status)], {7} if stalled else set(), standing)

    assert dead == ({7} if is_dead else set())


@pytest.mark.parametrize(
    ("queues", "is_dead"),
    [
        pytest.param({RUN: queue_of("colab-1")}, False, id="its worker is there"),
        pytest.param({}, True, id="its worker is lost, or its run has ended"),
        pytest.param({RUN: queue_of(None)}, True, id="any worker may take its run by now"),
        pytest.param({RUN: queue_of("colab-2")}, True, id="its run is another worker's by now"),
    ],
)
def test_a_job_nobody_will_fetch(queues: dict[UUID, str], is_dead: bool) -> None:
    """It waits in one worker's queue and holds up all others: it goes when that worker will not come."""
    standing = RunsAtRest(lost=frozenset({RUN}), left=frozenset(), beating=frozenset(), queues=queues)

    assert find_dead_jobs([job("todo", queue_of("colab-1"))], set(), standing) == ({7} if is_dead else set())


def test_a_workers_queue_can_be_notified() -> None:
    """PostgreSQL takes 63 bytes, Procrastinate's own words are 23 of them; the longest name must fit."""
    assert len("procrastinate_queue_v1#" + queue_of("x" * 60)) <= 63
