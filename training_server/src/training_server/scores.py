"""Precision, recall and F1 of each label, and their averages: all from the confusion matrix."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LabelScores:
    """
    How well one label is told from the others; None where nothing was there to measure by.

    Attributes:
        num_doodles: drawings of the label.
        num_guessed: drawings that were guessed to be of it.
        precision: share of those guessed that are of it, in [0, 1]; None if it was never guessed.
        recall: share of its drawings that are found, in [0, 1]; None if there is no drawing of it.
        f1: harmonic mean of both, in [0, 1]; None if there is neither a drawing nor a guess.
    """

    num_doodles: int
    num_guessed: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class AverageScores:
    """Means over the labels that have drawings, each in [0, 1]; None if no label has one."""

    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class Scores:
    """
    What a confusion matrix says.

    Attributes:
        labels: in the order of the matrix.
        macro: each label counts the same.
        weighted: each label counts as often as it has drawings.
    """

    labels: tuple[LabelScores, ...]
    macro: AverageScores
    weighted: AverageScores


def score_labels(confusion: NDArray[np.int64]) -> Scores:
    """
    Read the scores off a confusion matrix.

    A label that has drawings and is never guessed has no precision; in the averages it counts as 0, as it does in
    scikit-learn. Labels without drawings count in no average.

    Args:
        confusion: int64, shape (num_labels, num_labels); row = label, column = guess.

    >>> score_labels(np.array([[3, 1], [0, 4]])).labels[1]
    LabelScores(num_doodles=4, num_guessed=5, precision=0.8, recall=1.0, f1=0.8888888888888888)
    """
    totals, guessed = confusion.sum(axis=1).tolist(), confusion.sum(axis=0).tolist()
    labels = tuple(map(_score, np.diagonal(confusion).tolist(), totals, guessed))
    return Scores(labels, macro=_average(labels, [1] * len(labels)), weighted=_average(labels, totals))


def _score(found: int, total: int, guessed: int) -> LabelScores:
    return LabelScores(
        num_doodles=total,
        num_guessed=guessed,
        precision=found / guessed if guessed else None,
        recall=found / total if total else None,
        f1=2 * found / (total + guessed) if total + guessed else None,
    )


def _average(labels: Sequence[LabelScores], weights: Sequence[int]) -> AverageScores:
    measured = [(label, weight) for label, weight in zip(labels, weights, strict=True) if label.num_doodles]
    if not measured:
        return AverageScores(None, None, None)
    total = sum(weight for _, weight in measured)
    return AverageScores(
        precision=sum((label.precision or 0.0) * weight for label, weight in measured) / total,
        recall=sum((label.recall or 0.0) * weight for label, weight in measured) / total,
        f1=sum((label.f1 or 0.0) * weight for label, weight in measured) / total,
    )
