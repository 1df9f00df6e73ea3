"""What a house has kept: base drawings and those of users; and what a run reads of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings, join_drawings
from doodle_db.splits import Split, split_of
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
    All that came in so far, round by round, and what of it is used.

    Attributes:
        base: what was imported.
        rounds: drawings of users, in the order they came.
        used: bool, shape (num_rows,), one array a round: which are trained or judged on.
        num_shown: rounds that the live version has been shown: the watermark.
    """

    base: Base
    rounds: tuple[Drawings, ...] = ()
    used: tuple[NDArray[np.bool_], ...] = ()
    num_shown: int = 0

    def take_in(self, arrived: Drawings) -> "Kept":
        """Keep a round's drawings; all of them are used until a screening says otherwise."""
        return replace(self, rounds=(*self.rounds, arrived), used=(*self.used, np.ones(len(arrived), bool)))

    def move_watermark(self) -> "Kept":
        """Count what waited as shown: a version trained on it went live."""
        return replace(self, num_shown=len(self.rounds))

    @property
    def old(self) -> tuple[Drawings, ...]:
        """What is used of the rounds the live version has been shown."""
        return self._used_of(slice(None, self.num_shown))

    @property
    def waiting(self) -> tuple[Drawings, ...]:
        """What is used of the rounds it has not been shown."""
        return self._used_of(slice(self.num_shown, None))

    def _used_of(self, rounds: slice) -> tuple[Drawings, ...]:
        pairs = zip(self.rounds[rounds], self.used[rounds], strict=True)
        return tuple(drawings.take(np.flatnonzero(used)) for drawings, used in pairs)

    def screen(self, judge: Callable[[Drawings], NDArray[np.bool_]]) -> "Kept":
        """
        Let a screening decide, as a worker does: about the train split since the watermark, and all of the test split.

        Args:
            judge: says of drawings, in the order they came, which are used: bool, shape (num_rows,).
        """
        open_to_it = [self._is_open(number) for number in range(len(self.rounds))]
        parts = [drawings.take(np.flatnonzero(rows)) for drawings, rows in zip(self.rounds, open_to_it, strict=True)]
        verdicts = np.split(judge(join_drawings(parts)), np.cumsum([len(part) for part in parts])[:-1])
        used = []
        for before, rows, verdict in zip(self.used, open_to_it, verdicts, strict=True):
            now = before.copy()
            now[rows] = verdict
            used.append(now)
        return replace(self, used=tuple(used))

    def _is_open(self, number: int) -> NDArray[np.bool_]:
        is_new = number >= self.num_shown
        return np.array([is_new or split_of(each) == "test" for each in self.rounds[number].ids], bool)

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
        """Count the drawings of a label that are used."""
        label_alone = range(label, label + 1)
        num_train, num_test = (len(self._all_of(label_alone, split, len(self))) for split in ("train", "test"))
        return Stock(num_train, num_test)

    def __len__(self) -> int:
        """Count the drawings of users that are used."""
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
