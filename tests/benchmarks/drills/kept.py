"""What a house has kept: base drawings and accepted ones of users; and what a run reads of it."""

from dataclasses import dataclass, replace

import numpy as np

from benchmarks.drills.drawings import Drawings, join_drawings
from doodle_db.splits import Split
from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join, num_replay_for, take
from training_server.label_plan import Stock
from training_server.material import NUM_GROWN, NUM_GROWN_RECENT, NUM_RECENT, Material, Select, draw_both


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

    def read_material(self, num_known: int, num_labels: int, random: np.random.Generator) -> Material:
        """
        Read what a run reads (training_server.material).

        Args:
            num_known: labels the live version tells apart: the first ones.
            num_labels: labels the candidate is to tell apart; drawings of those behind are left alone.
            random: of the draw of replay.
        """
        known, grown = range(num_known), range(num_known, num_labels)
        new = join(_of(known, self._select("train", self.waiting)), self._all_of(grown, "train", NUM_GROWN))
        recent, unseen = self._all_of(known, "test", NUM_RECENT), self._all_of(grown, "test", NUM_GROWN_RECENT)
        num_wanted = num_replay_for(len(new)) if len(new) else 0
        base, older = draw_both(
            _selector(_of(known, self.base.training), random),
            _selector(_of(known, self._select("train", self.old)), random),
            num_wanted,
            num_known,
        )
        return Material(new, join(base, older), join(recent, unseen), self.base.holdout, num_base_replay=len(base))

    def count(self, label: int) -> Stock:
        """Count the accepted drawings of a label."""
        label_alone = range(label, label + 1)
        num_train, num_test = (len(self._all_of(label_alone, split, len(self))) for split in ("train", "test"))
        return Stock(num_train, num_test)

    def __len__(self) -> int:
        """Count the drawings of users."""
        return sum(map(len, (*self.old, *self.waiting)))

    def _all_of(self, labels: range, split: Split, at_most: int) -> LabelledBitmaps:
        """Give the newest first, whether the live version has been shown them or not."""
        rows = _of(labels, self._select(split, (*self.old, *self.waiting)))
        return take(rows, np.arange(len(rows))[::-1][:at_most])

    def _select(self, split: Split, parts: tuple[Drawings, ...]) -> LabelledBitmaps:
        if not parts:
            empty = self.base.training.bitmaps[:0]
            return LabelledBitmaps(empty, np.empty(0, np.int64))
        return join_drawings(parts).of_split(split)


def _selector(pool: LabelledBitmaps, random: np.random.Generator) -> Select:
    """Give what reads at most so many rows of each label, always the first of one random order."""
    order = random.permutation(len(pool))
    rows_of = [order[pool.labels[order] == label] for label in np.unique(pool.labels)]
    return lambda at_most: take(pool, np.concatenate([order[:0], *(rows[:at_most] for rows in rows_of)]))


def _of(labels: range, rows: LabelledBitmaps) -> LabelledBitmaps:
    return take(rows, np.flatnonzero(np.isin(rows.labels, labels)))
