"""What every run on a worker finds."""

from dataclasses import dataclass, field

from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.label_sets import LabelSet
from training_server.export_check import Runner
from training_server.fit_plan import DELTA_PLAN, SCRATCH_PLAN, FitPlan
from training_server.gate import GatePolicy
from training_server.screening import DEFAULT_POLICY, ScreeningPolicy


@dataclass(frozen=True)
class TrainingRoom:
    """
    What every run on this worker finds.

    Attributes:
        engine: of the database.
        store: of the versions' files.
        label_set: what is told apart, as its file has it.
        runner: runs the exported TensorFlow.js model for the check.
        policy: of the gate.
        plan: how a delta is trained, where a request does not say otherwise.
        scratch_plan: how a network is trained from first weights, likewise.
        screening: of new doodles.
    """

    engine: Engine
    store: ArtifactStore
    label_set: LabelSet
    runner: Runner
    policy: GatePolicy = field(default_factory=GatePolicy)
    plan: FitPlan = DELTA_PLAN
    scratch_plan: FitPlan = SCRATCH_PLAN
    screening: ScreeningPolicy = DEFAULT_POLICY
