"""A run in words: how far it is, and what came of it."""

from typing import Any


def describe_progress(run: dict[str, Any]) -> str | None:
    """
    Say how far a run is; None if it is not being worked on.

    Args:
        run: as the API shows it.

    >>> describe_progress({"progress": {"stage": "fit", "epoch": 2, "num_epochs": 5, "step": 10, "num_steps": 40,
    ...     "loss": 0.5123, "accuracy": 0.8, "eta_seconds": 7.2}})
    'fit, epoch 2/5, step 10/40, loss 0.512, accuracy 0.800, 7 s left'
    """
    progress = run.get("progress")
    if not progress:
        return None
    parts = [
        str(progress.get("stage") or ""),
        _describe_count("epoch", progress.get("epoch"), progress.get("num_epochs")),
        _describe_count("step", progress.get("step"), progress.get("num_steps")),
        describe_number("loss", progress.get("loss")),
        describe_number("accuracy", progress.get("accuracy")),
        describe_left(progress.get("eta_seconds")),
    ]
    return ", ".join(part for part in parts if part)


def describe_verdict(run: dict[str, Any]) -> str | None:
    """
    Say what came of a run; None if it has not ended.

    >>> describe_verdict({"verdict": {"outcome": "rejected", "summary": "The candidate is not better."}})
    'rejected: The candidate is not better.'
    """
    verdict = run.get("verdict")
    if verdict:
        return f"{verdict['outcome']}: {verdict['summary']}"
    return run.get("error")


def _describe_count(name: str, count: int | None, total: int | None) -> str:
    return f"{name} {count}/{total}" if count is not None and total else ""


def describe_number(name: str, number: float | None) -> str:
    """Name a number; "" if it is not known."""
    return f"{name} {number:.3f}" if number is not None else ""


def describe_left(seconds: float | None) -> str:
    """Say how long it still takes; "" if nobody knows."""
    return f"{seconds:.0f} s left" if seconds is not None else ""
