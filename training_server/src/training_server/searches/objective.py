"""What a search maximises."""

from typing import Any


def accuracy_of(metrics: dict[str, Any]) -> float | None:
    """
    Find what a search maximises: the accuracy on the rows training held back.

    Not that on the test split: the gate judges by those drawings, and what was chosen by them would seem better there.
    """
    validation = metrics.get("validation")
    return None if validation is None else float(validation["accuracy"])
