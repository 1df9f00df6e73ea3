"""A worker's screening in a house in memory: the product's own rules, by the live network."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.kept import Kept
from benchmarks.drills.poisons import Screened
from doodle_db.rejection import energy
from doodle_db.splits import split_of
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import take
from training_server.embedding import embed
from training_server.screening import KnownDoodles, NewDoodles, screen
from training_server.screening_step import NUM_TRUSTED_PER_LABEL

KEPT_SHARE = 0.95
"""Of trusted drawings, that are not called unknown (training_server.rejection.KEPT_SHARE)."""


def choose_trusted(rows: LabelledBitmaps, num_labels: int) -> LabelledBitmaps:
    """Give as many of each label as a worker reads; they are in random order already, or in that of the data set."""
    first = [np.flatnonzero(rows.labels == label)[:NUM_TRUSTED_PER_LABEL] for label in range(num_labels)]
    return take(rows, np.concatenate(first))


@dataclass(frozen=True)
class WorkersScreen:
    """
    Says what is accepted (drills.rules.Screen), and counts it.

    Attributes:
        label_names: of the house.
        counted: so far.
    """

    label_names: tuple[str, ...]
    counted: Screened

    def __call__(self, live: keras.Model, kept: Kept, arrived: Drawings) -> NDArray[np.bool_]:
        """Decide about a round; base drawings are what is trusted."""
        rows = choose_trusted(kept.base.training, len(self.label_names))
        trusted, new = embed(live, rows.bitmaps), embed(live, arrived.bitmaps)
        max_energy = float(np.quantile(energy(trusted.logits), KEPT_SHARE))
        known = KnownDoodles(rows.labels, trusted.embeddings, self.label_names, max_energy)
        screening = screen(
            NewDoodles(
                bitmaps=arrived.bitmaps,
                labels=arrived.labels,
                contributors=arrived.contributors,
                is_test=np.array([split_of(each) == "test" for each in arrived.ids]),
                embeddings=new.embeddings,
                energies=energy(new.logits).astype(np.float64),
                is_reviewed=np.zeros(len(arrived), bool),
            ),
            known,
        )
        self.counted.count(arrived, screening.is_used)
        return screening.is_used
