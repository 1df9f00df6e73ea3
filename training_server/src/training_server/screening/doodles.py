"""What a screening looks at: new doodles, and drawings whose labels are trusted; as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training_server.errors import ExamplesError


@dataclass(frozen=True)
class NewDoodles:
    """
    Users' doodles to decide about, in the order in which they came.

    Attributes:
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
        labels: int64, shape (num_rows,); index into the label set's names.
        contributors: int64, shape (num_rows,); the same number for the same contributor, any numbers.
        is_test: bool, shape (num_rows,); True for the test split.
        embeddings: float32, shape (num_rows, num_features); from a network that was trained on none of these rows.
        energies: float64, shape (num_rows,); that network's rejection score, higher is stranger, infinite for no ink.
        is_reviewed: bool, shape (num_rows,); True for what an operator has accepted: trusted, and not decided about.

    Raises:
        ExamplesError: the arrays are not of one length.
    """

    bitmaps: NDArray[np.uint8]
    labels: NDArray[np.int64]
    contributors: NDArray[np.int64]
    is_test: NDArray[np.bool_]
    embeddings: NDArray[np.float32]
    energies: NDArray[np.float64]
    is_reviewed: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Refuse arrays that do not belong together."""
        lengths = {name: len(array) for name, array in vars(self).items()}
        if len(set(lengths.values())) != 1:
            raise ExamplesError(f"The arrays of new doodles have the lengths {lengths}; one row a doodle was expected.")

    def __len__(self) -> int:
        """Count the doodles."""
        return len(self.labels)


@dataclass(frozen=True)
class KnownDoodles:
    """
    Drawings whose labels are trusted: base data, or, where a label has little of it, what earlier versions learnt.

    Attributes:
        labels: int64, shape (num_rows,); index into label_names.
        embeddings: float32, shape (num_rows, num_features); from the same network as the new doodles'.
        label_names: of the label set, in order.
        max_energy: above it a drawing looks like nothing known; the live manifest's rejection threshold.
    """

    labels: NDArray[np.int64]
    embeddings: NDArray[np.float32]
    label_names: tuple[str, ...]
    max_energy: float
