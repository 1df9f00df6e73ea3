"""What a version's report.json keeps beyond the manifest: how training went, and what is mistaken for what."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from training_server.evaluate import Evaluation
from training_server.fit import FitResult
from training_server.fit_plan import FitPlan


def describe_evaluation(evaluation: Evaluation, label_names: Sequence[str]) -> dict[str, Any]:
    """
    Describe an evaluation as JSON.

    Returns:
        Among others "confusion": by label, by guess, the number of drawings; "commonest_share": the accuracy of always
        guessing the commonest label.
    """
    totals = evaluation.confusion.sum(axis=1)
    return {
        "num_doodles": evaluation.num_doodles,
        "accuracy": evaluation.accuracy,
        "log_loss": evaluation.log_loss,
        "commonest_share": float(totals.max() / totals.sum()),
        "confusion": {
            name: dict(zip(label_names, row.tolist(), strict=True))
            for name, row in zip(label_names, evaluation.confusion, strict=True)
        },
    }


def describe_fit(plan: FitPlan, result: FitResult) -> dict[str, Any]:
    """Describe a training as JSON: its plan and each epoch; figures that could not be measured are null."""
    return {
        "plan": asdict(plan),
        "best_epoch": result.best_epoch,
        "num_validation": len(result.validation),
        "epochs": [
            {name: None if np.isnan(value) else value for name, value in asdict(epoch).items()}
            for epoch in result.epochs
        ],
    }
