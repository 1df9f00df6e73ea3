"""A network that tells apart more than its parent: the same weights, and a row of the last layer for each new label."""

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.embedding import embed
from training_server.weights import read_weights, write_weights

MAX_EMBEDDED = 2_000
"""Drawings of known labels a new row is set against: their mean is known to a hundredth by then."""


@dataclass(frozen=True)
class Head:
    """
    A network's last layer: logits = embeddings @ kernel + bias.

    Attributes:
        kernel: float32, shape (num_features, num_labels).
        bias: float32, shape (num_labels,).
    """

    kernel: NDArray[np.float32]
    bias: NDArray[np.float32]


def widen_head(head: Head, new: Sequence[NDArray[np.float32]], known: NDArray[np.float32]) -> Head:
    """
    Give a last layer one more output for each new label; what it answers for the labels it knows stays as it is.

    A new output looks in the direction in which the new label's drawings differ from the known ones in the mean, as
    strongly as the known outputs do in the mean. Its bias puts the point where it overtakes the others half-way between
    both kinds of drawings, so that training begins neither deaf nor deafened.

    Args:
        head: as it is.
        new: for each new label the embeddings of its drawings; float32, shape (num_rows, num_features), one at least.
        known: embeddings of drawings of the labels it knows, likewise; without any, the new ones are set against none.

    Source: of the direction, "imprinting" a class's mean embedding, Qi, Brown & Lowe 2018; the centring and the bias
        are ours (docs/decisions/0028).

    >>> plain = Head(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
    >>> wide = widen_head(plain, [np.array([[-2, -2]], np.float32)], np.array([[2, 0], [0, 2]], np.float32))
    >>> np.array([*wide.kernel, wide.bias]).round(2).astype(str).tolist()
    [['1.0', '0.0', '-0.71'], ['0.0', '1.0', '-0.71'], ['0.0', '0.0', '-0.71']]
    """
    known = known if len(known) else np.zeros((1, len(head.kernel)), np.float32)
    strength = float(np.linalg.norm(head.kernel, axis=0).mean())
    columns, biases = [], []
    for embeddings in new:
        away = embeddings.mean(axis=0) - known.mean(axis=0)
        length = float(np.linalg.norm(away))
        column = away * (strength / length) if length else np.zeros_like(away)
        leads = [float(_lead(head, rows, column).mean()) for rows in (embeddings, known)]
        columns.append(column)
        biases.append(-sum(leads) / len(leads))
    return Head(
        np.column_stack([head.kernel, *columns]).astype(np.float32),
        np.concatenate([head.bias, biases]).astype(np.float32),
    )


def _lead(head: Head, embeddings: NDArray[np.float32], column: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much a new output, without a bias, is above the highest known one: shape (num_rows,)."""
    known = (embeddings @ head.kernel + head.bias).max(axis=1)
    return np.asarray(embeddings @ column - known)


def grow(parent: keras.Model, wide: keras.Model, examples: LabelledBitmaps) -> keras.Model:
    """
    Put a network's weights into a wider one that tells apart some labels more.

    Args:
        parent: ends in a dense layer of logits, as all of training_server.networks do.
        wide: built from the same definition, for more labels; the first ones are the parent's.
        examples: drawings; among them some of every label the parent does not know.

    Returns:
        The wider one.
    """
    num_known, num_labels = parent.output_shape[-1], wide.output_shape[-1]
    known = examples.bitmaps[examples.labels < num_known]
    new = [
        embed(parent, examples.bitmaps[examples.labels == label]).embeddings for label in range(num_known, num_labels)
    ]
    (kernel, bias), weights = _head_of(parent), read_weights(parent)
    embedded = embed(parent, known[:: 1 + len(known) // MAX_EMBEDDED]).embeddings
    head = widen_head(Head(weights[kernel], weights[bias]), new, embedded)
    write_weights(wide, {**weights, kernel: head.kernel, bias: head.bias})
    return wide


def _head_of(network: keras.Model) -> tuple[str, str]:
    """Name the weights of the last layer: kernel and bias."""
    layer = network.layers[-1]
    return layer.kernel.path, layer.bias.path
