"""A network that tells apart more than its parent: the same weights, and a row of the last layer for each new label."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.embedding import embed
from training_server.evaluate import predict_logits
from training_server.fit_plan import Augmentation, FitPlan
from training_server.weights import read_weights, write_weights

MAX_EMBEDDED = 2_000
"""Drawings of known labels a new row is set against: their mean is known to a hundredth by then."""

MAX_TAKEN = 0.01
"""Share of the known drawings that a new output may take for its own before training."""

MAX_LOST = 0.005
"""
Share of the known drawings, right until then, that new outputs may take for their own after training.

Half of the gate's margin on base drawings, 0.01: of those nobody has trained on they take somewhat more, and what else
changes while a label is learnt has to fit in, too (docs/decisions/0035).
"""

MIN_UNSEEN = 400
"""Rows held back from which MAX_LOST, one of them, can be told at all."""

STEP = 1e-3
"""Logits: by so much a drawing that is just found is ahead."""

GROWTH_EPOCHS = 12
"""
A new row of the last layer begins with a direction, and no more, and what tells the new label's drawings from the known
ones may be in no feature yet: three epochs are too few for the one, eight for the other (docs/decisions/0035).
"""

GROWTH_RATE = 2.0
"""Of a delta's learning rate: features that were made for other labels have a way to go."""

GROWTH_DECAY = 0.995
"""Of the moving average of weights that is kept: over two hundred steps, of more than a thousand."""

GROWTH_AUGMENTATION = Augmentation()
"""
As in training from nothing: a few hundred drawings, shown as they are twelve times over, would be learnt by heart.
"""


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
    strongly as the known outputs do in the mean. Its bias lets it overtake the others on MAX_TAKEN of the known ones:
    training holds what the known drawings are answered at its start, and so must not begin with a loud newcomer.

    Args:
        head: as it is.
        new: for each new label the embeddings of its drawings; float32, shape (num_rows, num_features), one at least.
        known: embeddings of drawings of the labels it knows, likewise; without any, the new ones are set against none.

    Source: of the direction, "imprinting" a class's mean embedding, Qi, Brown & Lowe 2018; the centring and the bias
        were chosen in docs/decisions/0028.

    >>> plain = Head(np.eye(2, dtype=np.float32), np.zeros(2, np.float32))
    >>> wide = widen_head(plain, [np.array([[-2, -2]], np.float32)], np.array([[2, 0], [0, 2]], np.float32))
    >>> np.array([*wide.kernel, wide.bias]).round(2).astype(str).tolist()
    [['1.0', '0.0', '-0.71'], ['0.0', '1.0', '-0.71'], ['0.0', '0.0', '3.41']]
    """
    known = known if len(known) else np.zeros((1, len(head.kernel)), np.float32)
    strength = float(np.linalg.norm(head.kernel, axis=0).mean())
    columns, biases = [], []
    for embeddings in new:
        away = embeddings.mean(axis=0) - known.mean(axis=0)
        length = float(np.linalg.norm(away))
        column = away * (strength / length) if length else np.zeros_like(away)
        columns.append(column)
        biases.append(-float(np.quantile(_lead(head, known, column), 1 - MAX_TAKEN)))
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


def plan_growth(plan: FitPlan, *, mirror: bool = True) -> FitPlan:
    """
    Give the plan for a run that learns a new label: training anew from the live weights, still held to the founder.

    A delta's caution, features and statistics that hardly move, is what keeps a new label from being learnt: what tells
    it from the others has to become a feature first (docs/decisions/0035).

    Args:
        plan: a delta's.
        mirror: whether a drawing flipped left to right is still of its label; a label set's word.

    >>> from training_server.fit_plan import DELTA_PLAN
    >>> plan_growth(DELTA_PLAN).epochs
    12
    """
    return replace(
        plan,
        epochs=max(plan.epochs, GROWTH_EPOCHS),
        learning_rate=plan.learning_rate * GROWTH_RATE,
        start_share=0.0,
        average_decay=GROWTH_DECAY,
        keeps_last=True,
        patience=None,
        frozen_statistics=False,
        augmentation=replace(GROWTH_AUGMENTATION, mirror=mirror),
    )


def set_loudness(network: keras.Model, num_known: int, rows: LabelledBitmaps) -> None:
    """
    Set the biases of new outputs so that they find much and take little.

    Weights that make few drawings count make an output too loud, answers that hold on to what was known make it too
    quiet; neither says how loud it should be among as many drawings of other labels as there really are.

    Args:
        network: trained; its outputs from num_known on are new.
        num_known: labels its parent knew.
        rows: drawings of both kinds; better ones that were not trained on.
    """
    lower = find_loudness(predict_logits(network, rows.bitmaps), rows.labels, num_known)
    (_, bias), weights = _head_of(network), read_weights(network)
    write_weights(network, {**weights, bias: weights[bias] - lower})


def choose_unseen(validation: LabelledBitmaps, replay: LabelledBitmaps) -> LabelledBitmaps:
    """Choose what to quieten by: rows that training held back, or, where it held back few, what it was shown."""
    return validation if len(validation) >= MIN_UNSEEN else replay


def find_loudness(logits: NDArray[np.float32], labels: NDArray[np.int64], num_known: int) -> NDArray[np.float32]:
    """
    Say by how much to lower each output; a negative number raises it.

    A new output is lowered until new ones together take no more than MAX_LOST of the known drawings that were right. If
    it takes less it may be raised as far as that, where it finds so much more of its own that the mean recall of all
    labels rises.

    Args:
        logits: float32, shape (num_rows, num_labels).
        labels: int64, shape (num_rows,).
        num_known: outputs that are not new.

    Returns:
        float32, shape (num_labels,); 0 for known outputs.
    """
    num_labels = logits.shape[1]
    lower = np.zeros(num_labels, np.float32)
    highest = logits[:, :num_known].max(axis=1)
    known = labels < num_known
    right = known & (logits[:, :num_known].argmax(axis=1) == labels)
    max_lost = MAX_LOST / max(1, num_labels - num_known)
    for index in range(num_known, num_labels):
        lead = logits[:, index] - highest
        taken = np.concatenate([lead[right], np.full(int(known.sum() - right.sum()), -np.inf)])
        lower[index] = _choose_shift(taken, lead[labels == index], num_known, max_lost)
    return lower


def _choose_shift(known: NDArray[np.float32], own: NDArray[np.float32], num_known: int, max_lost: float) -> float:
    """
    Choose by how much to lower one output.

    Args:
        known: its lead over the others on known drawings, where it matters; -inf elsewhere.
        own: the same on its own drawings.
        num_known: known labels: a loss on known drawings weighs as many recalls.
        max_lost: share of known drawings it may take.
    """
    if not len(known):
        return 0.0
    # A little more than the first drawing it may not take is ahead, so that no rounding gives it that one.
    least = float(np.sort(known)[::-1][min(len(known) - 1, int(len(known) * max_lost))]) + STEP
    start = max(0.0, least)
    # Just below each of its own drawings that it does not find yet; the smallest change wins among equals.
    raised = sorted((float(lead) - STEP for lead in own if least <= lead - STEP < start), reverse=True)
    return max(
        [start, *raised],
        key=lambda shift: float((own > shift).mean() - num_known * (known > shift).mean()) if len(own) else 0.0,
    )


def _head_of(network: keras.Model) -> tuple[str, str]:
    """Name the weights of the last layer: kernel and bias."""
    layer = network.layers[-1]
    return layer.kernel.path, layer.bias.path
