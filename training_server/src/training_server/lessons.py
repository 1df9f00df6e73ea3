"""What a network can be taught besides its rows' labels: what teachers say of them, and what is none of its labels."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Lessons:
    """
    What training has beyond rows with labels.

    Attributes:
        answers: float32, shape (num_rows, num_labels), each row a distribution: what teachers answer to each row that
            is trained on; None: there are no teachers.
        background: uint8, shape (num_drawings, height, width); 0 paper, 255 full ink: drawings of other things, to be
            told from what is known; None: there are none.
        held: float32, shape (num_old_rows, num_labels), each row a distribution or NaN: how rows of replay are to be
            answered, right or wrong, as far as the plan's anchor goes; None: by their labels.
    """

    answers: NDArray[np.float32] | None = None
    background: NDArray[np.uint8] | None = None
    held: NDArray[np.float32] | None = None

    def take(self, rows: NDArray[np.int64]) -> "Lessons":
        """Give the lessons for these rows; the background belongs to all."""
        return self if self.answers is None else replace(self, answers=self.answers[rows])


NO_LESSONS = Lessons()
