"""
When a drawing looks like nothing the model knows: it is no ink, or the network has too much energy about it.

The same conditions, to the same verdict, are in frontend/src/predict (decision 0032); the manifest holds the numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from doodle_db.manifest import InkRange, Rejection


@dataclass(frozen=True)
class InkMeasures:
    """
    What tells pen lines from photos and noise, whoever drew and whatever it shows; one number a bitmap.

    Attributes:
        edges: float64, shape (num_rows,); sum of the steps between neighbouring pixels, in rows and columns, over the
            sum of ink. High for specks, low for areas.
        grey: float64, shape (num_rows,); sum of each pixel's distance from the nearer of paper and full ink, over the
            sum of ink. High for shades, 0 for black and white.
    """

    edges: NDArray[np.float64]
    grey: NDArray[np.float64]


def measure_ink(bitmaps: NDArray[np.uint8]) -> InkMeasures:
    """
    Measure bitmaps; each number is one division of whole numbers, the same in every language.

    Args:
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink. Around them is paper.

    >>> speck = np.zeros((1, 28, 28), np.uint8)
    >>> speck[0, 10, 10] = 255
    >>> measure_ink(speck)
    InkMeasures(edges=array([4.]), grey=array([0.]))
    """
    paper = np.pad(bitmaps.astype(np.int64), ((0, 0), (1, 1), (1, 1)))
    steps = sum(np.abs(np.diff(paper, axis=axis)).sum(axis=(1, 2)) for axis in (1, 2))
    shades = np.minimum(paper, 255 - paper).sum(axis=(1, 2))
    ink = np.maximum(paper.sum(axis=(1, 2)), 1)
    return InkMeasures(edges=steps / ink, grey=shades / ink)


def is_ink(limits: InkRange, bitmaps: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """
    Tell which bitmaps could be a pen's lines; a blank one could not.

    Args:
        limits: of the manifest.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        bool, shape (num_rows,).
    """
    measured = measure_ink(bitmaps)
    edges = (measured.edges >= limits.min_edges) & (measured.edges <= limits.max_edges)
    return np.asarray(edges & (measured.grey >= limits.min_grey) & (measured.grey <= limits.max_grey))


def energy(logits: NDArray[np.float32]) -> NDArray[np.float64]:
    """
    Tell how little each drawing looks like anything known: -log(sum(exp(logits))); higher is stranger.

    Args:
        logits: float32, shape (num_rows, num_labels).

    Returns:
        float64, shape (num_rows,).

    Source: W. Liu et al., "Energy-based Out-of-distribution Detection", NeurIPS 2020 (temperature 1).
    """
    largest = logits.max(axis=1).astype(np.float64)
    return np.asarray(-(largest + np.log(np.exp(logits - largest[:, np.newaxis]).sum(axis=1))))


def measure_strangeness(
    limits: InkRange | None, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8]
) -> NDArray[np.float64]:
    """
    Give both conditions as one score: the energy, and infinity for what is no ink.

    Args:
        limits: of the manifest; None where it has none, being older.
        logits: float32, shape (num_rows, num_labels), the network's about these bitmaps.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        float64, shape (num_rows,); a drawing whose score is above the manifest's threshold is unknown.
    """
    return energy(logits) if limits is None else np.where(is_ink(limits, bitmaps), energy(logits), np.inf)


def is_unknown(rejection: Rejection, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """
    Tell which drawings look like nothing the model knows.

    Args:
        rejection: of the manifest.
        logits: float32, shape (num_rows, num_labels), the network's about these bitmaps.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        bool, shape (num_rows,).
    """
    return np.asarray(measure_strangeness(rejection.ink, logits, bitmaps) > rejection.threshold)
