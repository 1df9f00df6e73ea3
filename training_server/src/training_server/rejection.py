"""By what numbers a version says that a drawing looks like nothing it knows: chosen on drawings it has not learnt."""

from math import cos, pi, sin

import numpy as np
from numpy.typing import NDArray

from doodle_db.ink import draw
from doodle_db.label_sets import LabelSet
from doodle_db.manifest import HoldoutMetrics, InkRange, Rejection
from doodle_db.rejection import energy, is_unknown, measure_ink, measure_strangeness
from training_server.errors import ExamplesError

KEPT_SHARE = LabelSet.kept_share
"""Share of real drawings of known things that must not be called unknown, where a label set says nothing else."""

CUT_SHARE = 0.001
"""Share of real drawings that may lie beyond each of the four ends of an ink range (docs/decisions/0032)."""

NUM_ANGLES = 16
"""Directions of the lone lines an ink range reaches to; more change it by less than 0.01."""


def choose_rejection(
    logits: NDArray[np.float32], known: NDArray[np.uint8], ink: InkRange | None, kept_share: float = KEPT_SHARE
) -> Rejection:
    """
    Choose what a manifest says of rejection.

    Args:
        logits: float32, shape (num_rows, num_labels), the network's about the known drawings.
        known: uint8, shape (num_rows, height, width); 0 paper, 255 full ink; real drawings held back from training.
        ink: what ink is: the parent's, since no training changes that, or choose_ink_range's; None leaves all to the
            energy.
        kept_share: share of the known ones that must stay known, by both conditions together; in (0, 1].

    Raises:
        ExamplesError: there is no row to choose by.
    """
    strangeness = measure_strangeness(ink, logits, known)
    return Rejection(score="energy", threshold=_keep(strangeness, kept_share), ink=ink)


def choose_ink_range(drawings: NDArray[np.uint8]) -> InkRange:
    """
    Choose what is ink: as nearly all drawings are, and as our pen's thinnest ones, lone lines.

    Args:
        drawings: uint8, shape (num_drawings, height, width), not empty; 0 paper, 255 full ink.
    """
    measured, lines = measure_ink(drawings), measure_ink(draw_lone_lines(*drawings.shape[1:]))
    min_edges, max_edges = _spread(measured.edges, lines.edges)
    min_grey, max_grey = _spread(measured.grey, lines.grey)
    return InkRange(min_edges=min_edges, max_edges=max_edges, min_grey=min_grey, max_grey=max_grey)


def _spread(of_drawings: NDArray[np.float64], of_lines: NDArray[np.float64]) -> tuple[float, float]:
    low = float(np.quantile(of_drawings, CUT_SHARE, method="lower"))
    high = float(np.quantile(of_drawings, 1 - CUT_SHARE, method="higher"))
    return min(low, float(of_lines.min())), max(high, float(of_lines.max()))


def draw_lone_lines(height: int, width: int) -> NDArray[np.uint8]:
    """
    Draw one straight line in each of several directions.

    Returns:
        uint8, shape (NUM_ANGLES, height, width); 0 paper, 255 full ink.
    """
    angles = [pi * index / NUM_ANGLES for index in range(NUM_ANGLES)]
    return np.stack([draw([[(0, 0), (100 * cos(angle), 100 * sin(angle))]], height, width)[1] for angle in angles])


def note_kept(
    metrics: HoldoutMetrics, rejection: Rejection, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8]
) -> HoldoutMetrics:
    """
    Add to a holdout's metrics what share of it stays known.

    Args:
        metrics: of the holdout.
        rejection: what the manifest says of it.
        logits: float32, shape (num_rows, num_labels), the network's about the holdout's drawings, at least one.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
    """
    return metrics.model_copy(update={"kept": measure_kept(rejection, logits, bitmaps)})


def measure_kept(rejection: Rejection, logits: NDArray[np.float32], bitmaps: NDArray[np.uint8]) -> float:
    """
    Measure what share of drawings stays known.

    Args:
        rejection: what the version's manifest says of it.
        logits: float32, shape (num_rows, num_labels), the version's about these drawings, at least one.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.

    Returns:
        In [0, 1].
    """
    return 1 - float(is_unknown(rejection, logits, bitmaps).mean())


def choose_threshold(logits: NDArray[np.float32], kept_share: float = KEPT_SHARE) -> float:
    """
    Choose the energy above which a drawing is called unknown, where nothing else decides.

    Args:
        logits: float32, shape (num_rows, num_labels), of real drawings held back from training.
        kept_share: share of them that must stay known, in (0, 1].

    Raises:
        ExamplesError: there is no row to choose by.

    >>> round(choose_threshold(np.log(np.array([[1, 1], [2, 2], [4, 4], [8, 8]], np.float32)), kept_share=0.75), 4)
    -1.3863
    """
    return _keep(energy(logits), kept_share)


def _keep(strangeness: NDArray[np.float64], kept_share: float) -> float:
    """Give the least threshold that keeps the share, or, where that is infinite, all that is not."""
    if not len(strangeness):
        raise ExamplesError("There is no held-back drawing to choose the rejection threshold by; give at least one.")
    finite = strangeness[np.isfinite(strangeness)]
    wanted = float(np.quantile(strangeness, kept_share, method="inverted_cdf"))
    return min(wanted, float(finite.max(initial=-np.finfo(np.float32).max)))
