"""How a house in memory is run: the gate, the plan, who is let in, and what training means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.kept import Base
from doodle_db.training_sets import LabelledBitmaps
from training_server.agreement import READ_BACK, ExportCheck
from training_server.anchor import anchor_to
from training_server.dataset import take
from training_server.fit import FitResult, fit
from training_server.fit_plan import DELTA_PLAN, FitPlan
from training_server.gate import GatePolicy
from training_server.lessons import Lessons
from training_server.live_view import LiveView
from training_server.material import Material
from training_server.progress import SilentObserver
from training_server.rounding import round_weights

AGREEING = ExportCheck(1, dict.fromkeys(READ_BACK, 0.0))
"""For drills that take for granted that exported files answer as the network does; tests/parity sees to that."""

Learn = Callable[[keras.Model, Material, Lessons, FitPlan], FitResult]
"""Trains a network, which holds the live weights, in place; the lessons are what the founder answers to replay."""

Screen = Callable[[LiveView, Base, Drawings], NDArray[np.bool_]]
"""Says what is used: what is live, imported drawings, drawings to decide about -> bool, shape (num_rows,)."""


def learn_delta(network: keras.Model, material: Material, held: Lessons, plan: FitPlan) -> FitResult:
    """Train as a worker does: on new drawings and replay, anchored to the founder; 8 bits of each weight are kept."""
    result = fit(network, material.new, plan, SilentObserver(), material.replay, held)
    round_weights(network)
    return result


def fine_tune(network: keras.Model, material: Material, held: Lessons, plan: FitPlan) -> FitResult:
    """Train on nothing but the new drawings."""
    return fit(network, material.new, plan, SilentObserver())


def plainly(plan: FitPlan) -> FitPlan:
    """Leave out of a plan what keeps what was known: fine-tuning as one would begin; goes with `fine_tune`."""
    return replace(plan, anchor=0.0, start_share=0.0)


def learn_beside(
    founder: keras.Model,
    label_names: Sequence[str],
    network: keras.Model,
    new: LabelledBitmaps,
    replay: LabelledBitmaps,
    plan: FitPlan = DELTA_PLAN,
) -> tuple[FitResult, Material]:
    """
    Train a network in place as a worker does, where no house is needed: base drawings as replay, the founder's answers.

    Args:
        founder: of the line.
        label_names: its labels, and the network's.
        network: holds the live weights.
        new: drawings to learn.
        replay: base drawings.
        plan: of training.

    Returns:
        What training came to, and what it was shown; there are no holdouts in it.
    """
    nothing = take(replay, np.arange(0))
    material = Material(new, replay, recent=nothing, base=nothing, num_base_replay=len(replay))
    held = anchor_to(founder, label_names, label_names, material)
    return learn_delta(network, material, held, plan), material


@dataclass(frozen=True)
class Rules:
    """
    How a house is run.

    Attributes:
        exports: what the gate is told of the exported files, which a drill does not make.
        policy: of the gate; None publishes every candidate.
        plan: of training.
        learn: what is done with the drawings.
        screen: what is put aside before a run reads; None uses all.
        seed: of replay and training.
    """

    exports: ExportCheck
    policy: GatePolicy | None = field(default_factory=GatePolicy)
    plan: FitPlan = DELTA_PLAN
    learn: Learn = learn_delta
    screen: Screen | None = None
    seed: int = 0
