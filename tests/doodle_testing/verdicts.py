"""Answers made up for the gate, of which so many are right."""

import numpy as np
from numpy.typing import NDArray

from training_server.agreement import ExportCheck
from training_server.gate import GatePolicy, PairedHoldout, Verdict

NAMES = ("cat", "dog", "fish")
POLICY = GatePolicy()
AGREEING = ExportCheck(64, {"weights": 0.0, "onnx": 2e-7, "tfjs": 3e-7})


def answers(labels: NDArray[np.int64], num_right: int, sureness: float = 4.0) -> NDArray[np.float32]:
    """Logits that are right on the first `num_right` rows and take the next label for the rest."""
    guesses = np.where(np.arange(len(labels)) < num_right, labels, (labels + 1) % len(NAMES))
    return (sureness * np.eye(len(NAMES))[guesses]).astype(np.float32)


def holdout(num_rows: int, candidate_right: int, live_right: int, *, sureness: float = 4.0) -> PairedHoldout:
    """Rows of all labels in turn; whoever is right on fewer is right on the first of them."""
    labels = np.arange(num_rows) % len(NAMES)
    return PairedHoldout(NAMES, labels, answers(labels, candidate_right, sureness), answers(labels, live_right))


def check_of(verdict: Verdict, name: str) -> tuple[bool, str]:
    """Find a check's result and words."""
    return next((check.passed, check.words) for check in verdict.checks if check.name == name)
