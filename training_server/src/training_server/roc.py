"""How well a score tells one label's drawings from all others: the ROC curve and the area under it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class RocCurve:
    """
    One label against the rest.

    Attributes:
        area: under the whole curve, in [0, 1]; exact, equal scores counting half.
        points: (share of the others taken for it, share of its own found), from (0, 0) to (1, 1), rising.
    """

    area: float
    points: tuple[tuple[float, float], ...]


def trace_roc(scores: NDArray[np.float64], own: NDArray[np.bool_], at_most: int = 33) -> RocCurve | None:
    """
    Trace a label's ROC curve.

    Args:
        scores: float64, shape (num_rows,); higher speaks for the label.
        own: bool, shape (num_rows,); whether a drawing is of the label.
        at_most: points to keep, 2 or more; the area is of all of them.

    Returns:
        None if there is no drawing of the label, or none of another.

    >>> trace_roc(np.array([0.9, 0.4, 0.4, 0.1]), np.array([True, True, False, False])).area
    0.875
    """
    num_own = int(own.sum())
    num_others = len(own) - num_own
    if not num_own or not num_others:
        return None
    order = np.argsort(-scores, kind="stable")
    # Drawings of equal score are taken together: only the last of them is a point of the curve.
    ends = np.flatnonzero(np.append(np.diff(scores[order]) != 0, True))
    found = np.append(0.0, np.cumsum(own[order])[ends] / num_own)
    taken = np.append(0.0, np.cumsum(~own[order])[ends] / num_others)
    area = float(np.sum(np.diff(taken) * (found[1:] + found[:-1]) / 2))
    kept = _thin(found + taken, at_most)
    return RocCurve(area, tuple(zip(taken[kept].tolist(), found[kept].tolist(), strict=True)))


def _thin(way: NDArray[np.float64], at_most: int) -> NDArray[np.int64]:
    """Choose points that lie evenly along the curve, both ends among them."""
    wanted = np.linspace(0.0, way[-1], at_most)
    return np.unique(np.searchsorted(way, wanted).clip(0, len(way) - 1))


def to_log_odds(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """
    Give log(p / (1 - p)) of each label's probability p: it orders drawings as p does, and is exact near p = 1.

    Args:
        logits: float32, shape (num_rows, num_labels), at least two labels.

    Returns:
        float64 of the same shape.
    """
    exact = logits.astype(np.float64)
    columns = [column - _log_sum_exp(np.delete(exact, index, axis=1)) for index, column in enumerate(exact.T)]
    return np.stack(columns, axis=1)


def _log_sum_exp(values: NDArray[np.float64]) -> NDArray[np.float64]:
    largest = values.max(axis=1)
    return np.asarray(largest + np.log(np.exp(values - largest[:, np.newaxis]).sum(axis=1)))
