"""
How far apart two samples of drawings lie, and how far chance alone would put them: the statistics of drift.

Every measure is taken of the two samples as they are, and of many others that are made of the same drawings by
shuffling who belongs to which. What shuffling gives in the mean is what a measure says of samples this small where
nothing has changed, and is taken off; how often shuffling gives as much is the p-value. Whole blocks are shuffled, not
single drawings: what one person draws in one sitting is alike, and would pass for a change.

* Counts by class: the population stability index, PSI = sum((p - q) ln(p / q)). Of two samples of n and m from one
  source it comes to about (classes - 1)(1/n + 1/m) (B. Yurdakul, Statistical Properties of Population Stability Index,
  2018): its bias, which is taken off.
* Vectors: the squared maximum mean discrepancy, MMD2, with a Gaussian kernel (A. Gretton et al., A Kernel Two-Sample
  Test, JMLR 13, 2012), unbiased, its width the median distance between two drawings.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

NUM_CLASSES = 10
"""A number is cut into deciles."""

PRIOR = 0.5
"""Added to every class's count, so that an empty one weighs much, and not infinitely (Jeffreys' prior)."""

Splits = NDArray[np.float32]
"""Shape (splits, drawings): 1 where a drawing is of the present, 0 where it is of the reference. The first is real."""


@dataclass(frozen=True)
class Distance:
    """
    How far two samples lie apart.

    Attributes:
        value: what is left when what chance gives in the mean is taken off; 0 or more.
        chance: what was taken off.
        p_value: the share of shuffled samples that lie as far apart or farther, the real ones counted; in (0, 1].
    """

    value: float
    chance: float
    p_value: float


def draw_splits(blocks: NDArray[np.int64], num_present: int, num_shuffles: int, random: np.random.Generator) -> Splits:
    """
    Give the real split of drawings into present and reference, and others by chance that keep blocks together.

    Args:
        blocks: shape (drawings,), the present ones first; drawings of one number stay together. No block has drawings
            of both samples.
        num_present: how many of them are present.
        num_shuffles: how many others.
        random: seeded.

    Returns:
        Shape (1 + num_shuffles, drawings). A shuffled present may be larger than the real one by less than a block.
    """
    names, block_of = np.unique(blocks, return_inverse=True)
    sizes = np.bincount(block_of)
    splits = np.zeros((1 + num_shuffles, len(blocks)), np.float32)
    splits[0, :num_present] = 1
    for split in splits[1:]:
        order = random.permutation(len(names))
        is_present = np.zeros(len(names), np.float32)
        is_present[order[: 1 + np.searchsorted(np.cumsum(sizes[order]), num_present)]] = 1
        split[:] = is_present[block_of]
    return splits


def compare_classes(classes: NDArray[np.int64], num_classes: int, splits: Splits) -> Distance:
    """
    Compare how often each class occurs.

    Args:
        classes: shape (drawings,), each in [0, num_classes).
        num_classes: how many there are.
        splits: as draw_splits gives them.
    """
    is_class = np.eye(num_classes, dtype=np.float32)[classes]
    present = splits @ is_class
    return _judge(measure_stability(present, is_class.sum(axis=0) - present))


def measure_stability(present: NDArray[np.floating], reference: NDArray[np.floating]) -> NDArray[np.float64]:
    """
    Measure the population stability index between counts by class.

    Args:
        present, reference: shape (..., classes), how many fall into each class.

    Returns:
        Shape (...,); 0 for equal shares, no upper bound.

    >>> round(float(measure_stability(np.array([900.0, 100.0]), np.array([500.0, 500.0]))), 2)
    0.88
    """
    p, q = _shares(present), _shares(reference)
    return np.asarray(np.sum((p - q) * np.log(p / q), axis=-1))


def _shares(counts: NDArray[np.floating]) -> NDArray[np.float64]:
    weighed = counts.astype(np.float64) + PRIOR
    shares: NDArray[np.float64] = weighed / weighed.sum(axis=-1, keepdims=True)
    return shares


def cut_into_deciles(numbers: NDArray[np.float64]) -> NDArray[np.int64]:
    """
    Give each number its decile among all of them; fewer classes than ten where many are the same.

    Both samples are cut by what they are together: so the cut is the same however they are shuffled.

    >>> cut_into_deciles(np.linspace(0, 1, 11)).tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9]
    """
    edges = np.unique(np.quantile(numbers, np.arange(1, NUM_CLASSES) / NUM_CLASSES))
    return np.searchsorted(edges, numbers, side="right")


def compare_numbers(numbers: NDArray[np.float64], splits: Splits) -> Distance:
    """
    Compare how a number is distributed.

    Args:
        numbers: shape (drawings,).
        splits: as draw_splits gives them.
    """
    return compare_classes(cut_into_deciles(numbers), NUM_CLASSES, splits)


def measure_kernel(vectors: NDArray[np.float32]) -> NDArray[np.float32]:
    """
    Measure how alike every two vectors are: exp(-d^2 / (2 s^2)), s the median distance of all pairs.

    Args:
        vectors: shape (drawings, features), at least two.

    Returns:
        Shape (drawings, drawings), each in [0, 1], 0 on the diagonal: nobody is compared with themselves.
    """
    centred = vectors - vectors.mean(axis=0)
    norms = np.sum(centred**2, axis=1)
    squares = np.maximum(norms[:, None] + norms[None, :] - 2 * (centred @ centred.T), 0)
    median = float(np.median(squares[np.triu_indices(len(vectors), 1)]))
    # Where most drawings are the same to the network, any width will do.
    kernel: NDArray[np.float32] = np.exp(squares / np.float32(-2 * (median or 1.0)))
    np.fill_diagonal(kernel, 0)
    return kernel


def compare_by_kernel(kernel: NDArray[np.float32], splits: Splits) -> Distance:
    """
    Compare where vectors lie: the squared maximum mean discrepancy.

    Args:
        kernel: as measure_kernel gives it.
        splits: as draw_splits gives them; at least two drawings of each sample.
    """
    rows = kernel.sum(axis=1, dtype=np.float64)
    within = np.sum((splits @ kernel) * splits, axis=1, dtype=np.float64)
    between = splits @ rows - within
    others = rows.sum() - within - 2 * between
    n = splits.sum(axis=1, dtype=np.float64)
    m = splits.shape[1] - n
    return _judge(within / (n * (n - 1)) + others / (m * (m - 1)) - 2 * between / (n * m))


def measure_likeness(kernel: NDArray[np.float32], num_present: int) -> NDArray[np.float64]:
    """
    Measure how much more each drawing is like the present than like the reference; below 0: the other way round.

    Source: the witness function of Gretton et al., 2012, section 2.3.

    Args:
        kernel: as measure_kernel gives it, the present first.
        num_present: how many drawings are present.
    """
    present, reference = kernel[:, :num_present], kernel[:, num_present:]
    return np.asarray(present.mean(axis=1, dtype=np.float64) - reference.mean(axis=1, dtype=np.float64))


def _judge(measured: NDArray[np.float64]) -> Distance:
    real, shuffled = float(measured[0]), measured[1:]
    chance = float(shuffled.mean())
    # Shuffled sums come in another order: what differs in the last bits only is as much.
    as_far = int(np.count_nonzero(shuffled >= real - 1e-12))
    return Distance(max(real - chance, 0.0), chance, (1 + as_far) / (1 + len(shuffled)))
