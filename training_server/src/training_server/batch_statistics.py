"""Batch normalisation's means and variances: taken from drawings as they are in use."""

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input

ROWS_FOR_STATISTICS = 4096
"""Rows the statistics are taken from: a mean over them is exact to about 2 %."""


def set_statistics(network: keras.Model, bitmaps: NDArray[np.uint8]) -> None:
    """
    Take batch normalisation's means and variances anew, from drawings as they are and the weights as they are.

    While training they drift behind the weights and see augmented drawings, which are softer: six animals lose
    two points of accuracy by that (docs/decisions/0004).

    Args:
        network: with or without batch normalisation.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink; some of them are drawn.
    """
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    momenta = [norm.momentum for norm in norms]
    drawn = np.random.default_rng(0).permutation(len(bitmaps))[:ROWS_FOR_STATISTICS]
    for num_seen, rows in enumerate(np.array_split(drawn, max(1, len(drawn) // 512)) if norms else []):
        for norm in norms:
            norm.momentum = num_seen / (num_seen + 1)
        network(to_model_input(bitmaps[rows]), training=True)
    for norm, momentum in zip(norms, momenta, strict=True):
        norm.momentum = momentum
