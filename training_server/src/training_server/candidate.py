"""What a run has made by the time it is judged."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import keras
import numpy as np

from doodle_db.manifest import Manifest, NetworkDefinition, Rejection
from training_server.agreement import ExportCheck
from training_server.dataset import join
from training_server.errors import DivergedError
from training_server.evaluate import predict_logits
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.holdouts import Logits
from training_server.material import Material
from training_server.rejection import KEPT_SHARE, choose_ink_range, choose_rejection
from training_server.weights import read_weights


@dataclass(frozen=True)
class Candidate:
    """
    A trained network and what it answers.

    Attributes:
        network: ends in logits.
        definition: what it was built from.
        parent_version: whose weights it began from; None if from none.
        plan: how it was trained.
        result: what training came to.
        logits: on the holdouts.
        metrics: "train", "validation" and "test", as runs keep them (training_server.split_metrics).
    """

    network: keras.Model
    definition: NetworkDefinition
    parent_version: str | None
    plan: FitPlan
    result: FitResult
    logits: Logits
    metrics: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Exported:
    """A candidate's files, and whether they answer as it does."""

    folder: Path
    manifest: Manifest
    check: ExportCheck


def renew_rejection(
    parent: Rejection, network: keras.Model, result: FitResult, material: Material, kept_share: float = KEPT_SHARE
) -> Rejection:
    """
    Choose what a candidate's manifest says of rejection, by the drawings its training held back.

    Args:
        parent: what the live version's manifest says.
        network: the candidate's, trained.
        result: of its training.
        material: it was trained on.
        kept_share: of the label set.
    """
    known = result.validation if len(result.validation) else material.new
    # What ink is, the parent knows, unless it is older than that: what is drawn now must not change it.
    ink = parent.ink or choose_ink_range(join(material.new, material.replay).bitmaps)
    return choose_rejection(predict_logits(network, known.bitmaps), known.bitmaps, ink, kept_share)


def require_finite(network: keras.Model, plan: FitPlan) -> None:
    """
    Make sure that a network's weights are numbers.

    Raises:
        DivergedError: it does not.
    """
    if not all(np.isfinite(array).all() for array in read_weights(network).values()):
        raise DivergedError(f"The training diverged at a learning rate of {plan.learning_rate}; ask for a lower one.")
