"""Which jobs are dead: those nobody works on; a worker that lost its connection trains on."""

from uuid import UUID

import pytest
from procrastinate.jobs import Job

from training_server.recovery import RunsAtRest, find_dead_jobs

RUN = UUID(int=1)
NOBODY = RunsAtRest(lost=frozenset(), left=frozenset(), beating=frozenset())
LOST = RunsAtRest(lost=frozenset({RUN}), left=frozenset(), beating=frozenset())
LEFT = RunsAtRest(lost=frozenset(), left=frozenset({RUN}), beating=frozenset())
BEATING = RunsAtRest(lost=frozenset(), left=frozenset(), beating=frozenset({RUN}))


def job(status: str) -> Job:
    return Job(id=7, status=status, queue="training", lock="delta", queueing_lock=str(RUN), task_name="train")


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
