"""When the schedule queues a run."""

from datetime import timedelta

import pytest

from doodle_db.trigger import TrainingCounts
from training_server.trigger import is_scheduled

DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("counts", "age", "every", "expected"),
    [
        pytest.param(TrainingCounts(1, is_waiting=False), DAY, DAY, True, id="one doodle, and it is time"),
        pytest.param(TrainingCounts(1, is_waiting=False), DAY / 2, DAY, False, id="not yet"),
        pytest.param(TrainingCounts(0, is_waiting=False), 9 * DAY, DAY, False, id="nothing new"),
        pytest.param(TrainingCounts(9, is_waiting=True), 9 * DAY, DAY, False, id="a run waits"),
        pytest.param(TrainingCounts(9, is_waiting=False), 9 * DAY, timedelta(0), False, id="no schedule"),
        pytest.param(TrainingCounts(9, is_waiting=False), None, DAY, False, id="nothing is live"),
    ],
)
def test_schedule(counts: TrainingCounts, age: timedelta | None, every: timedelta, expected: bool) -> None:
    """A run looks at least that often, if there is anything to look at."""
    assert is_scheduled(counts, age, every) is expected
