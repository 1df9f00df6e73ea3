"""A worker's screening in a house in memory: the product's own rules, by the live version."""

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.kept import Base
from doodle_db.screening_sets import ScreenedDoodles
from doodle_db.screenings import LookedAt
from doodle_db.splits import split_of
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import take
from training_server.live_view import NUM_TRUSTED_PER_LABEL, LiveView, screen_by
from training_server.screening import DEFAULT_POLICY, ScreeningPolicy

SOME_DAY = datetime(2026, 1, 1, tzinfo=UTC)
"""A house keeps no times: the order is that in which drawings came."""


def choose_trusted(rows: LabelledBitmaps, num_labels: int) -> LabelledBitmaps:
    """Give as many of each label as a worker reads; they are in random order already, or in that of the data set."""
    first = [np.flatnonzero(rows.labels == label)[:NUM_TRUSTED_PER_LABEL] for label in range(num_labels)]
    return take(rows, np.concatenate(first))


@dataclass(frozen=True)
class WorkersScreen:
    """
    Says what is used (drills.rules.Screen).

    Attributes:
        label_names: of the house.
        policy: of a worker.
    """

    label_names: tuple[str, ...]
    policy: ScreeningPolicy = DEFAULT_POLICY

    def __call__(self, live: LiveView, base: Base, drawings: Drawings) -> NDArray[np.bool_]:
        """Decide; base drawings are what is trusted."""
        trusted = choose_trusted(base.training, len(self.label_names))
        return screen_by(live, _as_read(drawings), trusted, self.label_names, self.policy).is_used


def _as_read(drawings: Drawings) -> ScreenedDoodles:
    return ScreenedDoodles(
        seen=tuple(LookedAt(each, SOME_DAY, 0) for each in drawings.ids),
        bitmaps=drawings.bitmaps,
        labels=drawings.labels,
        contributors=drawings.contributors,
        is_test=np.array([split_of(each) == "test" for each in drawings.ids], bool),
        is_reviewed=np.zeros(len(drawings), bool),
    )
