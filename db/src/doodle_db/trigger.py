"""When to train: a pure decision over counts from the database."""

from dataclasses import dataclass
from typing import Literal

Decision = Literal["queue", "already_waiting", "not_enough"]


@dataclass(frozen=True)
class TrainingCounts:
    """
    What the decision looks at.

    Attributes:
        num_new: accepted train-split user doodles recorded since the last run looked.
        is_waiting: a delta run waits already.
    """

    num_new: int
    is_waiting: bool


def decide_training(counts: TrainingCounts, min_doodles: int) -> Decision:
    """
    Decide whether a delta run should be queued.

    A run that is waiting reads its doodles when it starts, so it will take everything that came in meanwhile. A run
    that is *running* has read them already: what came in since deserves its own.

    >>> decide_training(TrainingCounts(num_new=200, is_waiting=False), min_doodles=200)
    'queue'
    >>> decide_training(TrainingCounts(num_new=900, is_waiting=True), min_doodles=200)
    'already_waiting'
    >>> decide_training(TrainingCounts(num_new=199, is_waiting=False), min_doodles=200)
    'not_enough'
    """
    if counts.is_waiting:
        return "already_waiting"
    return "queue" if counts.num_new >= min_doodles else "not_enough"
