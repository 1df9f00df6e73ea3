"""What a recipe came to on held-out drawings, kept in a file as soon as it is known: a table takes a while to make."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training_server.evaluate import evaluate_logits, to_metrics


@dataclass(frozen=True)
class Measured:
    """
    A recipe with one seed.

    Attributes:
        accuracy: share of held-out drawings whose first guess is right, in [0, 1].
        log_loss: mean of -log(probability of the label), natural logarithm.
        recalls: by label.
        num_parameters, num_multiply_adds: what it costs; None where that is no measure.
        seconds: of the training.
    """

    accuracy: float
    log_loss: float
    recalls: Mapping[str, float]
    num_parameters: int | None = None
    num_multiply_adds: int | None = None
    seconds: float = 0.0


def measure_probabilities(
    probabilities: NDArray[np.float64], labels: NDArray[np.int64], names: Sequence[str]
) -> Measured:
    """
    Measure answers that are not a network's.

    Args:
        probabilities: float64, shape (num_rows, num_labels); each row sums to 1; a 0 counts as one in a million.
        labels: int64, shape (num_rows,).
        names: of the labels.
    """
    return measure_logits(np.log(np.maximum(probabilities, 1e-6)).astype(np.float32), labels, names)


def measure_logits(logits: NDArray[np.float32], labels: NDArray[np.int64], names: Sequence[str]) -> Measured:
    """Measure a network's answers: float32 (num_rows, num_labels), int64 (num_rows,)."""
    metrics = to_metrics(evaluate_logits(logits, labels), names)
    return Measured(metrics.accuracy, metrics.log_loss, metrics.recalls)


def recall_or_measure(path: Path, made_with: Mapping[str, Any], measure: Callable[[], Measured]) -> Measured:
    """
    Give what a file tells, or measure and write the file.

    Args:
        path: of the file; written aside and then renamed, so that it is whole or not there.
        made_with: all that the figures depend on; where the file names something else, it is measured anew.
        measure: takes its time.
    """
    told = json.loads(json.dumps(made_with))
    if path.is_file():
        kept = json.loads(path.read_text(encoding="utf-8"))
        if kept["made_with"] == told:
            return Measured(**kept["measured"])
    measured = measure()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_suffix(".part")
    aside.write_text(json.dumps({"made_with": told, "measured": asdict(measured)}, indent=1), encoding="utf-8")
    aside.rename(path)
    return measured
