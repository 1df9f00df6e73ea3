"""What a network makes of drawings before it names them: the features of its last layer but one."""

from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from training_server.evaluate import ROWS_PER_BATCH


@dataclass(frozen=True)
class Embedded:
    """
    What a network answers, and what it answers by.

    Attributes:
        embeddings: float32, shape (num_rows, num_features); what goes into the layer that gives the logits.
        logits: float32, shape (num_rows, num_labels).
    """

    embeddings: NDArray[np.float32]
    logits: NDArray[np.float32]


def embed(network: keras.Model, bitmaps: NDArray[np.uint8]) -> Embedded:
    """
    Run a network over bitmaps and keep what goes into its last layer.

    Args:
        network: ends in a dense layer of logits; any of training_server.networks.
        bitmaps: uint8, shape (num_rows, height, width); 0 paper, 255 full ink.
    """
    both = keras.Model(network.inputs[0], [network.layers[-1].input, network.outputs[0]])
    widths = [output.shape[-1] for output in both.outputs]
    parts = [
        [answer.numpy() for answer in both(to_model_input(bitmaps[start : start + ROWS_PER_BATCH]), training=False)]
        for start in range(0, len(bitmaps), ROWS_PER_BATCH)
    ]
    columns = zip(*parts, strict=True) if parts else [(), ()]
    empty = (np.empty((0, width), np.float32) for width in widths)
    return Embedded(*(np.concatenate([none, *column]) for none, column in zip(empty, columns, strict=True)))
