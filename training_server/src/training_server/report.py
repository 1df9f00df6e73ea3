"""What a version's own report.json says: the report of whoever made it, as far as that may be public."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doodle_db.label_sets import LabelSet
from doodle_db.manifest import Rejection
from doodle_db.training_sets import LabelledBitmaps
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.report_format import Report, leave_out_drawings
from training_server.run_report import Logits, add_answers, add_training, describe_part


@dataclass(frozen=True)
class Pretraining:
    """
    A training that no run was.

    Attributes:
        training: base drawings that were trained on.
        holdout: those held out.
        plan: how it was to be trained.
        result: what came of it.
        num_steps: of all epochs.
        seconds: of all epochs.
    """

    training: LabelledBitmaps
    holdout: LabelledBitmaps
    plan: FitPlan
    result: FitResult
    num_steps: int
    seconds: float


def describe_version(
    report: Report, held_out: Mapping[str, LabelledBitmaps], logits: Logits, rejection: Rejection
) -> Report:
    """
    Give what a version's files may tell of how it was made: every figure, and no drawing, for they are public.

    Args:
        report: so far, with the training.
        held_out: drawings it is measured on, by holdout.
        logits: what it answers to them.
        rejection: by which it calls drawings unknown.
    """
    return leave_out_drawings(add_answers(report, held_out, logits, rejection))


def describe_pretraining(
    label_set: LabelSet, done: Pretraining, logits: NDArray[np.float32], rejection: Rejection
) -> Report:
    """
    Give the report of a version that no run made.

    Args:
        label_set: the labels in the order of the logits.
        done: how it was trained.
        logits: what it answers to the holdout.
        rejection: by which it calls drawings unknown.
    """
    names = label_set.names
    parts = {"base_training": done.training, "base": done.holdout}
    begun = Report(
        run=None,
        stage="read",
        label_set=label_set.name,
        labels=list(names),
        height=label_set.height,
        width=label_set.width,
        seed=done.plan.seed,
        parts=[describe_part(name, rows, len(names)) for name, rows in parts.items()],
        samples=[],
    )
    trained = add_training(
        begun, done.plan, done.result, parent_version=None, num_steps=done.num_steps, epoch_seconds=[done.seconds]
    )
    return describe_version(trained, {"base": done.holdout}, {"base": logits}, rejection)
