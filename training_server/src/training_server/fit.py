"""Train a network on rows: steps, epochs, early stopping; tells how far it is and ends when asked."""

from dataclasses import dataclass, replace
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.training_sets import LabelledBitmaps
from training_server.augmentation import augment
from training_server.dataset import balance, split_validation, take
from training_server.errors import ExamplesError
from training_server.evaluate import evaluate_logits, predict_logits, to_log_probabilities
from training_server.fit_plan import FitPlan
from training_server.progress import Observer, Pace, Progress
from training_server.weights import Weights, read_weights, write_weights

STAGE = "training"

LAST_RATE_SHARE = 0.01
"""The learning rate ends at this share of its highest: the last steps only settle."""

ROWS_FOR_STATISTICS = 4096
"""Rows that batch normalisation's statistics are taken from: a mean over them is exact to about 2 %."""


@dataclass(frozen=True)
class EpochResult:
    """
    What an epoch came to.

    Attributes:
        epoch: 1 is the first.
        loss, accuracy: over the training rows as they were shown, while the weights moved.
        validation_loss, validation_accuracy: of the weights kept at its end; NaN without validation rows.
    """

    epoch: int
    loss: float
    accuracy: float
    validation_loss: float
    validation_accuracy: float


@dataclass(frozen=True)
class FitResult:
    """
    What training came to; the network holds the best epoch's weights.

    Attributes:
        epochs: one result per epoch that was run.
        best_epoch: the epoch whose weights were kept.
        validation: the rows held back; may be empty.
    """

    epochs: tuple[EpochResult, ...]
    best_epoch: int
    validation: LabelledBitmaps


def fit(network: keras.Model, examples: LabelledBitmaps, plan: FitPlan, observer: Observer) -> FitResult:
    """
    Train a network in place.

    Args:
        network: ends in logits; untrained, or holding the weights to start from.
        examples: all rows; a part of them is held back for validation.
        plan: how.
        observer: is told the progress, and may end the training by raising; the network is then worthless.

    Raises:
        ExamplesError: no row is left to train on.
    """
    rows, validation_rows = split_validation(examples.labels, plan.validation_share, plan.seed)
    training, validation = take(examples, rows), take(examples, validation_rows)
    if not len(training):
        raise ExamplesError("There is no row to train on; at least one is needed.")
    learner = _Learner(network, training, plan, observer)
    results: list[EpochResult] = []
    best: tuple[float, int, Weights] | None = None
    for epoch in range(1, plan.epochs + 1):
        result, weights = _measure(learner, learner.run_epoch(epoch), validation)
        results.append(result)
        if best is None or not result.validation_loss >= best[0]:  # NaN, there being no such rows: the last is kept
            best = (result.validation_loss, epoch, weights)
        if plan.patience is not None and epoch - best[1] >= plan.patience:
            break
    if best is None:
        raise ExamplesError(f"{plan.epochs} epochs were asked for; at least one is needed.")
    write_weights(network, best[2])
    return FitResult(tuple(results), best[1], validation)


class _Learner:
    """A network in training. Owns the optimizer, the averages and the pace; for one thread, once."""

    def __init__(self, network: keras.Model, training: LabelledBitmaps, plan: FitPlan, observer: Observer) -> None:
        self.network = network
        self.training = training
        self.plan = plan
        self.observer = observer
        self.batches = _make_batches(training, make_targets(network, training, plan), plan)
        self.pace = Pace(num_steps=plan.epochs * len(self.batches))
        self.optimizer = _make_optimizer(network, plan, self.pace.num_steps)
        self.averages = [tf.Variable(variable) for variable in network.trainable_variables]
        self.take_step = tf.function(self._take_step, autograph=False, reduce_retracing=True)

    def run_epoch(self, epoch: int) -> EpochResult:
        """Show every training row once."""
        loss_sum, num_right, num_seen = 0.0, 0, 0
        for bitmaps, targets, weights in self.batches:
            self.observer.check_stop()
            loss, right = self.take_step(bitmaps, targets, weights, tf.constant(self.pace.step, tf.int32))
            self.pace.count_step()
            num_seen += int(targets.shape[0])
            loss_sum += float(loss) * int(targets.shape[0])
            num_right += int(right)
            if self.pace.is_report_due():
                self.report(epoch - 1, loss_sum / num_seen, num_right / num_seen)
        self.report(epoch, loss_sum / num_seen, num_right / num_seen)
        return EpochResult(epoch, loss_sum / num_seen, num_right / num_seen, float("nan"), float("nan"))

    def report(self, epoch: int, loss: float, accuracy: float) -> None:
        """Tell the observer how far the training is."""
        pace = self.pace
        self.observer.report(
            Progress(STAGE, epoch, self.plan.epochs, pace.step, pace.num_steps, loss, accuracy, pace.eta_seconds())
        )

    def settle(self) -> None:
        """Put in the averaged weights, if the plan wants them, and statistics that fit drawings as they are."""
        if self.plan.average_decay is not None:
            for variable, average in zip(self.network.trainable_variables, self.averages, strict=True):
                variable.assign(average)
        if not self.plan.frozen_statistics:
            set_statistics(self.network, self.training.bitmaps)

    def _take_step(self, bitmaps: Any, targets: Any, weights: Any, step: Any) -> tuple[Any, Any]:
        """Graph of one step: uint8 (batch, height, width), float32 (batch, labels), (batch,) -> loss, rows right."""
        images = scale(bitmaps)
        if self.plan.augmentation is not None:
            images = augment(images, self.plan.augmentation, tf.stack([self.plan.seed, step]))
        with tf.GradientTape() as tape:
            logits = self.network(images, training=not self.plan.frozen_statistics)
            loss = tf.reduce_mean(weights * tf.nn.softmax_cross_entropy_with_logits(targets, logits))
        variables = self.network.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        self._average(tf.cast(step, tf.float32))
        return loss, tf.reduce_sum(tf.cast(tf.argmax(logits, 1) == tf.argmax(targets, 1), tf.int32))

    def _average(self, step: Any) -> None:
        """Move the averages towards the weights; faster in the first steps, whose weights are not worth keeping."""
        if self.plan.average_decay is None:
            return
        decay = tf.minimum(self.plan.average_decay, (1.0 + step) / (10.0 + step))
        for variable, average in zip(self.network.trainable_variables, self.averages, strict=True):
            average.assign_sub((1.0 - decay) * (average - variable.value))


def scale(bitmaps: Any) -> Any:
    """
    Do to_model_input's arithmetic in the graph (a test holds them to the same bits).

    Args:
        bitmaps: uint8 tensor (batch, height, width); 0 paper, 255 full ink.

    Returns:
        float32 tensor (batch, height, width, 1) in [0, 1].
    """
    return tf.cast(bitmaps, tf.float32)[..., tf.newaxis] / 255.0


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


def _measure(
    learner: _Learner, result: EpochResult, validation: LabelledBitmaps
) -> tuple[EpochResult, dict[str, NDArray[np.float32]]]:
    """Measure what would be kept if this were the last epoch, and leave the network as it was."""
    moving = read_weights(learner.network)
    learner.settle()
    kept = read_weights(learner.network)
    if len(validation):
        measured = evaluate_logits(predict_logits(learner.network, validation.bitmaps), validation.labels)
        result = replace(result, validation_loss=measured.log_loss, validation_accuracy=measured.accuracy)
    write_weights(learner.network, moving)
    return result, kept


def make_targets(network: keras.Model, training: LabelledBitmaps, plan: FitPlan) -> NDArray[np.float32]:
    """
    Say what the network is to answer to each row: its label, softened as the plan wants.

    With an anchor, rows the network is right on before training are also to be answered as they are answered now: what
    is known already is held without keeping every old drawing (docs/decisions/0005).

    Args:
        network: as it is before training.
        training: the rows.
        plan: its label_smoothing and anchor count here.

    Returns:
        float32, shape (num_rows, num_labels); each row sums to 1 and is highest at its label.

    Source: learning without forgetting, Li & Hoiem 2016, restricted to rows that are right.
    """
    num_labels = network.output_shape[-1]
    exact = np.eye(num_labels, dtype=np.float32)[training.labels]
    targets = (1 - plan.label_smoothing) * exact + plan.label_smoothing / num_labels
    if plan.anchor:
        answers = np.exp(to_log_probabilities(predict_logits(network, training.bitmaps)))
        right = answers.argmax(axis=1) == training.labels
        targets[right] = (1 - plan.anchor) * targets[right] + plan.anchor * answers[right]
    return np.asarray(targets, np.float32)


def _make_batches(training: LabelledBitmaps, targets: NDArray[np.float32], plan: FitPlan) -> tf.data.Dataset:
    """Shuffle anew in every epoch, the same way for the same seed."""
    arrays = (training.bitmaps, targets, balance(training.labels, targets.shape[1]))
    rows = tf.data.Dataset.from_tensor_slices(arrays).shuffle(len(training), seed=plan.seed)
    return rows.batch(plan.batch_size, drop_remainder=len(training) >= plan.batch_size).prefetch(2)


def _make_optimizer(network: keras.Model, plan: FitPlan, num_steps: int) -> keras.optimizers.Optimizer:
    warmup = min(200, num_steps // 10)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=plan.learning_rate * 0.05,
        decay_steps=max(1, num_steps - warmup),
        alpha=LAST_RATE_SHARE,
        warmup_target=plan.learning_rate,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=plan.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer
