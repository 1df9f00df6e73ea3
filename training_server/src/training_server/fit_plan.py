"""How a network is to be trained: plain values, known to requests and worker alike; no TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from doodle_db.label_sets import LabelSet


@dataclass(frozen=True)
class Augmentation:
    """
    How far a drawing may be changed while training, each drawing anew in every epoch.

    Attributes:
        rotation_radians: to either side.
        stretch: natural logarithm of the largest factor, for each axis on its own.
        shear: largest shift of a pixel per pixel of height.
        shift_px: to any side.
        fade: share of the ink that may be lacking, in [0, 1): all of a drawing is paler by the same factor.
        mirror: whether half the drawings are flipped left to right; wrong for digits and letters.
    """

    rotation_radians: float = 0.2
    stretch: float = 0.15
    shear: float = 0.15
    shift_px: float = 1.5
    fade: float = 0.0
    mirror: bool = True


@dataclass(frozen=True)
class FitPlan:
    """
    All that training depends on besides network and rows.

    Attributes:
        epochs: at most; early stopping may end before.
        batch_size: rows a step.
        learning_rate: the highest; it falls to a hundredth of it along a cosine.
        seed: of first weights, order, augmentation and the validation part.
        weight_decay: AdamW's.
        label_smoothing: share of the target spread over all labels.
        balance: how far rare labels are weighed up, in [0, 1]: 0 every row counts the same, 1 every label.
        background: weight, at least 0, of telling known drawings from those of other things.
        distillation: share, in [0, 1], of teachers' answers in what is aimed at, labels being the rest; counts where
            there are teachers.
        anchor: share, in [0, 1], of the starting network's own answer in the target of rows it is right on, and of the
            founder's in that of base drawings (training_server.anchor).
        start_share: share, in [0, 1], of the weights training started from in those that are kept.
        average_decay: of the moving average of weights that is kept in the end; None keeps the last weights.
        keeps_last: whether the last epoch's weights are kept, not those with the lowest validation loss: where a long
            schedule settles, the lowest of many losses on few rows is a lucky one.
        patience: epochs without a better validation loss before training ends; None never ends early.
        validation_share: part of the rows held back from the gradient.
        frozen_statistics: True leaves batch normalisation's statistics and dropout as in use (see docs/decisions/0005).
        augmentation: None shows each drawing as it is.
    """

    epochs: int
    batch_size: int
    learning_rate: float
    seed: int = 0
    weight_decay: float = 1e-4
    label_smoothing: float = 0.05
    balance: float = 1.0
    background: float = 0.0
    distillation: float = 0.0
    anchor: float = 0.0
    start_share: float = 0.0
    average_decay: float | None = None
    keeps_last: bool = False
    patience: int | None = None
    validation_share: float = 0.1
    frozen_statistics: bool = False
    augmentation: Augmentation | None = Augmentation()


PRETRAIN_PLAN = FitPlan(epochs=40, batch_size=64, learning_rate=5e-3, average_decay=0.998, validation_share=0.05)
"""From nothing, on tens of thousands of base drawings: minutes on one core."""

FOUNDATION_PLAN = FitPlan(
    epochs=20, batch_size=128, learning_rate=5e-3, average_decay=0.998, validation_share=0.03, balance=0.0
)
"""From nothing, on all categories there are, labels or not: what a taught network begins from."""

TAUGHT_PLAN = FitPlan(
    epochs=80,
    batch_size=64,
    learning_rate=4e-3,
    balance=0.5,
    background=0.07,
    distillation=0.9,
    average_decay=0.998,
    keeps_last=True,
    validation_share=0.05,
    augmentation=Augmentation(rotation_radians=0.14, stretch=0.1, shear=0.1, shift_px=1.0, fade=0.3),
)
"""From that foundation, with teachers and background: ten minutes on one core. Chosen in docs/decisions/0034."""

TEACHER_PLAN = FitPlan(
    epochs=12,
    batch_size=128,
    learning_rate=3e-3,
    weight_decay=5e-4,
    average_decay=0.998,
    validation_share=0.03,
    balance=0.0,
    seed=1,
)
"""A large network on all categories there are: half an hour on two cores."""

DELTA_PLAN = FitPlan(
    epochs=3,
    batch_size=64,
    learning_rate=2e-3,
    anchor=0.9,
    start_share=0.15,
    patience=2,
    frozen_statistics=True,
    augmentation=None,
)
"""From the live version's weights, on some thousand rows: seconds. Chosen in docs/decisions/0005."""


SCRATCH_PLAN = FitPlan(epochs=10, batch_size=64, learning_rate=2e-3, average_decay=0.998)
"""From nothing, on what an order says; every network there is learns with it (docs/decisions/0038)."""


def pretrain_plan_for(label_set: LabelSet, plan: FitPlan = PRETRAIN_PLAN) -> FitPlan:
    """
    Fit a plan for base drawings to their label set: mirrored only where that leaves them what they are.

    >>> from doodle_db.label_sets import load_label_set
    >>> pretrain_plan_for(load_label_set("digits")).augmentation.mirror
    False
    """
    augmentation = plan.augmentation and replace(plan.augmentation, mirror=label_set.mirror)
    return replace(plan, augmentation=augmentation)


def adjust_plan(plan: FitPlan, arguments: Mapping[str, int | float | bool], *, mirror: bool = True) -> FitPlan:
    """
    Change a plan by a request's checked arguments.

    Args:
        plan: what holds for everything not named.
        arguments: any of epochs, batch_size, learning_rate, seed, weight_decay, label_smoothing, augment.
        mirror: whether drawings that are augmented may be flipped.

    >>> adjust_plan(DELTA_PLAN, {"epochs": 2}).epochs
    2
    >>> adjust_plan(DELTA_PLAN, {"augment": True}, mirror=False).augmentation.mirror
    False
    """
    plain = {name: value for name, value in arguments.items() if name != "augment"}
    adjusted = replace(plan, **plain)  # type: ignore[arg-type]
    augmentation = plan.augmentation
    if "augment" in arguments:
        augmentation = (augmentation or Augmentation()) if arguments["augment"] else None
    return replace(adjusted, augmentation=augmentation and replace(augmentation, mirror=augmentation.mirror and mirror))
