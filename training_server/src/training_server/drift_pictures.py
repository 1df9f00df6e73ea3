"""Both samples of a check as they can be shown: shares, histograms, and drawings to look at."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from doodle_db.drift import SIDES
from doodle_db.drift_samples import Drawings

NUM_BINS = 10

NUM_SHOWN = 12
"""Drawings of each sample."""


def describe_samples(
    drawings: Drawings,
    ink: NDArray[np.float64],
    confidence: NDArray[np.float64] | None,
    likeness: NDArray[np.float64] | None,
) -> dict[str, Any]:
    """
    Describe the present and the reference side by side.

    Args:
        drawings: both, the present first.
        ink: shape (drawings,), in [0, 1].
        confidence: shape (drawings,), in [0, 1]; None: no version has looked.
        likeness: shape (drawings,), how much more a drawing is like the present: then those of each label are shown
            that most tell the samples apart; None: some that lie evenly.

    Returns:
        `labels`, `ink` and, if known, `confidence`, each with a list `now` and `before` of how many drawings fall into
        each class; `samples` with ids.
    """
    num = drawings.num_present
    counts = np.eye(len(drawings.label_names), dtype=np.int64)[drawings.labels]
    pictures: dict[str, Any] = {
        "labels": {
            "names": list(drawings.label_names),
            "now": counts[:num].sum(axis=0).tolist(),
            "before": counts[num:].sum(axis=0).tolist(),
        },
        # Nearly no drawing has ink on more than the 99th hundredth.
        "ink": _bin(ink, num, float(np.quantile(ink, 0.99)) or 1.0),
    }
    if confidence is not None:
        pictures["confidence"] = _bin(confidence, num, 1.0)
    pictures["samples"] = _choose(drawings, likeness)
    return pictures


def _bin(numbers: NDArray[np.float64], num_present: int, highest: float) -> dict[str, Any]:
    edges = np.linspace(0, highest, NUM_BINS + 1)
    now, then = (
        np.histogram(np.minimum(part, highest), edges)[0] for part in (numbers[:num_present], numbers[num_present:])
    )
    return {"edges": edges.tolist(), "now": now.tolist(), "before": then.tolist()}


def _choose(drawings: Drawings, likeness: NDArray[np.float64] | None) -> dict[str, Any]:
    num, every = drawings.num_present, len(drawings.ids)
    if likeness is None:
        now, then = (_spread(start, end) for start, end in ((0, num), (num, every)))
    else:
        now = take_in_turn(np.argsort(-likeness[:num], kind="stable"), drawings.labels)
        then = take_in_turn(num + np.argsort(likeness[num:], kind="stable"), drawings.labels)
    chosen = {side: [str(drawings.ids[row]) for row in rows] for side, rows in zip(SIDES, (now, then), strict=True)}
    return {"chosen_by": "chance" if likeness is None else "difference", **chosen}


def take_in_turn(ordered: NDArray[np.int64], labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """
    Take the first of each label, then the second of each, and so on: the most telling are often all of one.

    Args:
        ordered: rows, the most telling first.
        labels: shape (drawings,), of every row.

    Returns:
        NUM_SHOWN of them at most.

    >>> take_in_turn(np.array([3, 2, 1, 0]), np.array([1, 0, 1, 1])).tolist()
    [3, 1, 2, 0]
    """
    own = labels[ordered]
    turns = np.array([np.count_nonzero(own[:place] == label) for place, label in enumerate(own)], np.int64)
    return ordered[np.argsort(turns, kind="stable")][:NUM_SHOWN]


def _spread(start: int, end: int) -> NDArray[np.int64]:
    return np.unique(np.linspace(start, end - 1, NUM_SHOWN).astype(np.int64))
