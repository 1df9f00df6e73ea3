"""What a candidate, the live model and the founder of its line answer on the same drawings."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training_server.errors import ExamplesError
from training_server.evaluate import to_log_probabilities


@dataclass(frozen=True)
class PairedHoldout:
    """
    What candidate and live model answer on the same drawings, none of which either has trained on.

    Attributes:
        label_names: in the order of the logits.
        labels: int64, shape (num_rows,); index into label_names.
        candidate, live: float32 logits, shape (num_rows, num_labels).
        founder: the same of the founder, the version a person put live last (doodle_db.founder); None where that is the
            live model itself, or is not asked.
        num_fresh: rows no earlier verdict was made on; None: all of them.
        grown: labels the live model does not know; it is never right on drawings of them.

    Raises:
        ExamplesError: the arrays do not belong together.
    """

    label_names: tuple[str, ...]
    labels: NDArray[np.int64]
    candidate: NDArray[np.float32]
    live: NDArray[np.float32]
    founder: NDArray[np.float32] | None = None
    num_fresh: int | None = None
    grown: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        expected = (len(self.labels), len(self.label_names))
        founder = self.live if self.founder is None else self.founder
        if not self.candidate.shape == self.live.shape == founder.shape == expected:
            raise ExamplesError(
                f"The candidate's outputs are {self.candidate.shape}, the live model's {self.live.shape}, the "
                f"founder's {founder.shape}; {expected} were expected: a row per drawing, a column per label."
            )

    def __len__(self) -> int:
        """Count the drawings."""
        return len(self.labels)

    @property
    def candidate_right(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the candidate's first guess is the label."""
        return np.asarray(self.candidate.argmax(axis=1) == self.labels)

    @property
    def live_right(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the live model's first guess is the label."""
        return np.asarray(self.live.argmax(axis=1) == self.labels)

    @property
    def founder_right(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the founder's first guess is the label; the live model's, if it is that."""
        return self.live_right if self.founder is None else np.asarray(self.founder.argmax(axis=1) == self.labels)

    @property
    def log_loss_gains(self) -> NDArray[np.float64]:
        """
        float64, shape (num_rows,): by how much the candidate's log-loss is lower, in nats.

        0 where the live model does not know the label: what it loses there is no measure of anything, and one such row
        would outweigh all others.
        """
        rows = np.arange(len(self))
        gains = to_log_probabilities(self.candidate) - to_log_probabilities(self.live)
        return np.asarray(np.where(self.is_known, gains[rows, self.labels], 0.0))

    @property
    def is_known(self) -> NDArray[np.bool_]:
        """bool, shape (num_rows,): where the live model knows the label."""
        known = np.array([name not in self.grown for name in self.label_names], np.bool_)
        return np.asarray(known[self.labels])

    def of_known_labels(self) -> "PairedHoldout":
        """Give the rows whose label the live model knows."""
        rows = self.is_known
        founder = None if self.founder is None else self.founder[rows]
        return replace(
            self, labels=self.labels[rows], candidate=self.candidate[rows], live=self.live[rows], founder=founder
        )

    @property
    def fresh_share(self) -> float:
        """Share of the rows, in [0, 1], that no earlier verdict was made on; 1 without rows."""
        if self.num_fresh is None or not len(self):
            return 1.0
        return min(self.num_fresh, len(self)) / len(self)
