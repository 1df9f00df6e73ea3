"""What is said of a drawing: the label, how likely it is, and whether it looks like anything the version knows."""

import base64
from typing import Any

import numpy as np
from numpy.typing import NDArray

from doodle_db.manifest import Manifest
from doodle_db.rejection import energy, is_unknown


def describe(
    manifest: Manifest, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8], top_k: int
) -> list[dict[str, Any]]:
    """
    Say what a version's logits mean, as JSON.

    Args:
        manifest: the version's.
        logits: float32, shape (num_drawings, num_labels).
        bitmaps: uint8, shape (num_drawings, height, width), what they are about; 0 paper, 255 full ink.
        top_k: how many labels to list; all of them, if the version knows fewer.

    Returns:
        One object a drawing.
    """
    probabilities = softmax(logits)
    scores, unknown = energy(logits), is_unknown(manifest.rejection, logits, bitmaps)
    rows = zip(probabilities, scores.tolist(), unknown.tolist(), bitmaps, strict=True)
    return [
        {
            **_rank(manifest.label_names, row, top_k),
            "known": not is_strange,
            "rejection_score": score,
            "threshold": manifest.rejection.threshold,
            "bitmap": base64.b64encode(bitmap.tobytes()).decode(),
        }
        for row, score, is_strange, bitmap in rows
    ]


def softmax(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """
    Turn logits into probabilities.

    Args:
        logits: float32, shape (num_drawings, num_labels); of any size.

    Returns:
        float64, the same shape; each row sums to 1.

    >>> softmax(np.array([[1000, 1000]], np.float32))
    array([[0.5, 0.5]])
    """
    shifted = np.exp(logits.astype(np.float64) - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def _rank(names: tuple[str, ...], probabilities: NDArray[np.float64], top_k: int) -> dict[str, Any]:
    # Of equal ones the first of the manifest, as the page has it.
    order = np.argsort(-probabilities, kind="stable")[:top_k]
    top = [{"label": names[index], "probability": float(probabilities[index])} for index in order]
    return {"prediction": top[0]["label"], "probability": top[0]["probability"], "top": top}
