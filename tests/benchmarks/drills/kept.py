"""What a house has kept: base drawings and accepted ones of users; and what a run reads of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.drills.drawings import Drawings, join_drawings
from doodle_db.splits import Split
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join, num_replay_for, take
from training_server.material import NUM_RECENT, Material, draw_replay


@dataclass(frozen=True)
class Base:
    """
    Imported, trusted drawings.

    Attributes:
        training: of the train split.
        holdout: of the test split; no version trains on them.
    """

    training: LabelledBitmaps
    holdout: LabelledBitmaps


@dataclass(frozen=True)
class Kept:
    """
    All that was accepted so far.

    Attributes:
        base: what was imported.
        old: drawings of users that the live version has been shown, both splits, in the order they came.
        waiting: those it has not been shown.
    """

    base: Base
    old: tuple[Drawings, ...] = ()
    waiting: tuple[Drawings, ...] = ()

    def take_in(self, accepted: Drawings) -> "Kept":
        """Keep a round's accepted drawings."""
        return replace(self, waiting=(*self.waiting, accepted))

    def move_watermark(self) -> "Kept":
        """Count what waited as shown: a version trained on it went live."""
        return replace(self, old=(*self.old, *self.waiting), waiting=())

    def read_material(self, num_labels: int, random: np.random.Generator) -> Material:
        """
        Read what a run reads (training_server.material).

        Args:
            num_labels: of the label set.
            random: of the draw of replay.
        """
        new = self._select("train", self.waiting)
        recent = self._select("test", (*self.old, *self.waiting))
        newest_first = take(recent, np.arange(len(recent))[::-1][:NUM_RECENT])
        num_wanted = num_replay_for(len(new)) if len(new) else 0
        replay = draw_replay(self._replay_selector(random), num_wanted, num_labels)
        return Material(new, replay, newest_first, self.base.holdout)

    def _replay_selector(self, random: np.random.Generator) -> Callable[[int], LabelledBitmaps]:
        """Give what reads at most so many rows of each label, always the first of one random order."""
        pool = join(self.base.training, self._select("train", self.old))
        order = random.permutation(len(pool))
        rows_of = [order[pool.labels[order] == label] for label in np.unique(pool.labels)]
        return lambda at_most: take(pool, np.concatenate([rows[:at_most] for rows in rows_of]))

    def _select(self, split: Split, parts: tuple[Drawings, ...]) -> LabelledBitmaps:
        if not parts:
            empty = self.base.training.bitmaps[:0]
            return LabelledBitmaps(empty, np.empty(0, np.int64))
        return join_drawings(parts).of_split(split)
