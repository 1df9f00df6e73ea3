"""What a drill is played on: a version to begin from, base drawings, and drawings it has not been trained on."""

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.drills.kept import Base
from benchmarks.drills.origin import Origin
from doodle_db.label_sets import LabelSet
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import ShippedVersion
from training_server.base_material import read_splits
from training_server.dataset import take
from training_server.fit import fit
from training_server.fit_plan import FitPlan
from training_server.progress import SilentObserver

OWN_PLAN = FitPlan(epochs=24, batch_size=64, learning_rate=5e-3, average_decay=0.998, validation_share=0.05)
"""From nothing, for the drill's own versions: half of what a shipped one gets (docs/decisions/0004)."""

UNSEEN_SHARE = 3
"""One in so many held-out base drawings is kept from the gate, to see what it does not see."""


@dataclass(frozen=True)
class Ground:
    """
    What a drill is played on.

    Attributes:
        origin: the version that is live before the first round.
        base: what was imported; its holdout is the gate's.
        unseen: held-out base drawings that nothing looks at but the drill.
        fresh: drawings users will send that are trained on, in random order.
        fresh_test: drawings users will send that are tested on, in random order.
    """

    origin: Origin
    base: Base
    unseen: LabelledBitmaps
    fresh: LabelledBitmaps
    fresh_test: LabelledBitmaps


def shipped_ground(shipped: ShippedVersion, data_dir: Path, seed: int) -> Ground:
    """
    Begin from the shipped version, whose training rows are the whole train split.

    So what users send is drawn from rows it knows, and is new only once it has been changed (drills.shifts); the part
    that is tested on is of the test split, which it does not know in any form.
    """
    random = np.random.default_rng(seed)
    training, test = read_splits(data_dir / shipped.label_set.base_data, shipped.label_set)
    fresh, fresh_test = shuffle(training, random), shuffle(test, random)
    unseen, holdout = _part(shuffle(test, random), len(test) // UNSEEN_SHARE)
    return Ground(Origin.of_shipped(shipped), Base(training, holdout), unseen, fresh, fresh_test)


def own_ground(
    shipped: ShippedVersion, data_dir: Path, seed: int, *, choosing: bool, plan: FitPlan = OWN_PLAN
) -> Ground:
    """
    Begin from a version the drill trains itself, on half of the train split; users send the other half.

    So what they send has never been seen, changed or not, and no part overlaps another.

    Args:
        shipped: says the label set and the network.
        data_dir: the folder of real drawings.
        seed: of the parts and of the training.
        choosing: take the base holdout from the train split, too, so that something may be chosen by the figures.
        plan: of the training.
    """
    random = np.random.default_rng(seed)
    training, holdout = read_splits(data_dir / shipped.label_set.base_data, shipped.label_set)
    rest = shuffle(training, random)
    if choosing:
        holdout, rest = _part(rest, len(holdout) * 2 // 3)
    unseen, rest = _part(rest, len(rest) // 13)
    fresh_test, rest = _part(rest, len(rest) // 12)
    fresh, own = _part(rest, len(rest) // 2)
    origin = train_origin(Origin.of_shipped(shipped), own, replace(plan, seed=seed))
    return Ground(origin, Base(own, holdout), unseen, fresh, fresh_test)


def train_origin(like: Origin, training: LabelledBitmaps, plan: FitPlan) -> Origin:
    """Train a version of the same network from nothing."""
    network = like.build_untrained(len(like.label_names), plan.seed)
    fit(network, training, plan, SilentObserver())
    return like.with_weights_of(network)


def shuffle(rows: LabelledBitmaps, random: np.random.Generator) -> LabelledBitmaps:
    """Put rows in random order."""
    return take(rows, random.permutation(len(rows)))


def shuffle_both(parts: tuple[LabelledBitmaps, LabelledBitmaps], seed: int) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """Put the rows of both splits in random order."""
    random = np.random.default_rng(seed)
    return shuffle(parts[0], random), shuffle(parts[1], random)


def read_category(
    data_dir: Path, label_set: LabelSet, name: str, label: int
) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """
    Read the drawings of another category as if they were of a label.

    Args:
        data_dir: the folder of real drawings.
        label_set: says folder and shape.
        name: of the category.
        label: index of the label they are sent as.

    Returns:
        Those of the train split, and those of the test split, by the rule that holds for base data.
    """
    alone = replace(label_set, labels=(replace(label_set.labels[0], name=name),))
    training, test = read_splits(data_dir / label_set.base_data, alone)
    return _call(training, label), _call(test, label)


def _call(rows: LabelledBitmaps, label: int) -> LabelledBitmaps:
    return LabelledBitmaps(rows.bitmaps, np.full(len(rows), label, np.int64))


def _part(rows: LabelledBitmaps, num_first: int) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    """Cut off the first rows."""
    return take(rows, np.arange(num_first)), take(rows, np.arange(num_first, len(rows)))
