"""Batches of rows in a new order each epoch, cut from arrays: no pipeline between memory and the step."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

BACKGROUND_SHARE = 0.5
"""Drawings of other things shown per drawing with a label."""


@dataclass(frozen=True)
class Batch:
    """
    Rows as a step is shown them; also all there are, which batches are cut from.

    Attributes:
        bitmaps: uint8 (num_rows, height, width).
        targets: float32 (num_rows, labels); zeros for drawings of other things.
        answers: float32 (num_rows, labels), teachers', softened; zeros where there are none.
        weights: float32 (num_rows,).
    """

    bitmaps: NDArray[np.uint8]
    targets: NDArray[np.float32]
    answers: NDArray[np.float32]
    weights: NDArray[np.float32]

    def take(self, rows: NDArray[np.int64]) -> "Batch":
        """Give these rows, in this order."""
        return Batch(self.bitmaps[rows], self.targets[rows], self.answers[rows], self.weights[rows])

    def append(self, others: NDArray[np.uint8]) -> "Batch":
        """Put drawings of other things behind the rows: their target is nothing, and so is the answer to them."""
        nothing = np.zeros((len(others), self.targets.shape[1]), np.float32)
        return Batch(
            np.concatenate([self.bitmaps, others]),
            np.concatenate([self.targets, nothing]),
            np.concatenate([self.answers, nothing]),
            np.concatenate([self.weights, np.ones(len(others), np.float32)]),
        )


class Batches:
    """An epoch's batches each time it is iterated, the same ones for the same seed; for one thread."""

    def __init__(self, rows: Batch, background: NDArray[np.uint8] | None, batch_size: int, seed: int) -> None:
        """
        Args:
            rows: those with a label, at least one.
            background: uint8 (num_drawings, height, width), drawings of other things, shown behind the rows in an order
                of their own that does not begin anew with an epoch. None: there are none.
            batch_size: rows with a label in a batch; those of an epoch that fill none are left out, unless there are no
                others.
            seed: of the order.
        """
        self._rows, self._background = rows, background
        self.num_known = min(batch_size, len(rows.bitmaps))
        self._num_others = 0 if background is None else max(1, round(self.num_known * BACKGROUND_SHARE))
        self._random, random = np.random.default_rng(seed).spawn(2)
        self._others = _endless(0 if background is None else len(background), random)

    def __len__(self) -> int:
        """Batches an epoch."""
        return len(self._rows.bitmaps) // self.num_known

    def __iter__(self) -> Iterator[Batch]:
        """Give an epoch's batches."""
        order = self._random.permutation(len(self._rows.bitmaps))
        for rows in order[: len(self) * self.num_known].reshape(len(self), -1):
            known = self._rows.take(rows)
            yield known if self._background is None else known.append(self._background[self._draw_others()])

    def _draw_others(self) -> NDArray[np.int64]:
        return np.fromiter(islice(self._others, self._num_others), np.int64, self._num_others)


def _endless(num: int, random: np.random.Generator) -> Iterator[int]:
    """Give each of num numbers once, in any order, and again, in another one."""
    while num:
        yield from random.permutation(num).tolist()
