"""What a run has made by the time it is judged."""

from dataclasses import dataclass
from pathlib import Path

import keras

from doodle_db.manifest import Manifest, NetworkDefinition
from training_server.agreement import ExportCheck
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan
from training_server.holdouts import Logits


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
    """

    network: keras.Model
    definition: NetworkDefinition
    parent_version: str | None
    plan: FitPlan
    result: FitResult
    logits: Logits


@dataclass(frozen=True)
class Exported:
    """A candidate's files, and whether they answer as it does."""

    folder: Path
    manifest: Manifest
    check: ExportCheck
