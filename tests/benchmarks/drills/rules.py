"""How a house in memory is run: the gate, the plan, who is let in, and what training means."""

from collections.abc import Callable
from dataclasses import dataclass, field

import keras
import numpy as np
from numpy.typing import NDArray

from benchmarks.drills.drawings import Drawings
from benchmarks.drills.kept import Kept
from training_server.agreement import READ_BACK, ExportCheck
from training_server.fit import FitResult, fit
from training_server.fit_plan import DELTA_PLAN, FitPlan
from training_server.gate import GatePolicy
from training_server.lessons import Lessons
from training_server.material import Material
from training_server.progress import SilentObserver

AGREEING = ExportCheck(1, dict.fromkeys(READ_BACK, 0.0))
"""For drills that take for granted that exported files answer as the network does; tests/parity sees to that."""

Learn = Callable[[keras.Model, Material, Lessons, FitPlan], FitResult]
"""Trains a network, which holds the live weights, in place; the lessons are what the founder answers to replay."""

Screen = Callable[[keras.Model, Kept, Drawings], NDArray[np.bool_]]
"""Says what is accepted: live network, what was kept so far, what came in -> bool, shape (num_rows,)."""


def learn_delta(network: keras.Model, material: Material, held: Lessons, plan: FitPlan) -> FitResult:
    """Train as a worker does: on new drawings and replay, anchored to the founder."""
    return fit(network, material.new, plan, SilentObserver(), material.replay, held)


def fine_tune(network: keras.Model, material: Material, held: Lessons, plan: FitPlan) -> FitResult:
    """Train on nothing but the new drawings."""
    return fit(network, material.new, plan, SilentObserver())


@dataclass(frozen=True)
class Rules:
    """
    How a house is run.

    Attributes:
        exports: what the gate is told of the exported files, which a drill does not make.
        policy: of the gate; None publishes every candidate.
        plan: of training.
        learn: what is done with the drawings.
        screen: what is put aside when it comes in; None accepts all.
        seed: of replay and training.
    """

    exports: ExportCheck
    policy: GatePolicy | None = field(default_factory=GatePolicy)
    plan: FitPlan = DELTA_PLAN
    learn: Learn = learn_delta
    screen: Screen | None = None
    seed: int = 0
