"""Steps of training: the graph of one step, an epoch of them, and what is kept in the end."""

from dataclasses import dataclass
from math import cos, pi
from typing import Any

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from doodle_db.run_progress import Point
from doodle_db.training_sets import LabelledBitmaps
from training_server.augmentation import augment
from training_server.batch_statistics import set_statistics
from training_server.batches import BACKGROUND_SHARE, Batch, Batches
from training_server.dataset import balance
from training_server.fit_plan import FitPlan
from training_server.lessons import NO_LESSONS, Lessons
from training_server.losses import measure_confusion, miss_teachers, soften
from training_server.progress import Observer, Pace, Progress
from training_server.targets import make_targets
from training_server.weights import blend, read_weights, write_weights

STAGE = "training"

FIRST_RATE_SHARE = 0.05
LAST_RATE_SHARE = 0.01
"""The learning rate begins and ends at these shares of its highest: the last steps only settle."""


@dataclass
class Stretch:
    """Adds up the steps since the last point of a training's curve."""

    loss_sum: float = 0.0
    num_right: int = 0
    num_seen: int = 0

    def add(self, loss: float, num_right: int, num_rows: int) -> None:
        """
        Add a step.

        Args:
            loss: its mean.
            num_right: rows right.
            num_rows: rows shown.
        """
        self.loss_sum += loss * num_rows
        self.num_right += num_right
        self.num_seen += num_rows

    def end(self) -> tuple[float, float]:
        """Give mean loss and share of rows right, and begin anew; there is at least one step."""
        means = self.loss_sum / self.num_seen, self.num_right / self.num_seen
        self.loss_sum, self.num_right, self.num_seen = 0.0, 0, 0
        return means


class Learner:
    """A network in training. Owns the optimizer, the averages and the pace; for one thread, once."""

    def __init__(
        self,
        network: keras.Model,
        training: LabelledBitmaps,
        plan: FitPlan,
        observer: Observer,
        lessons: Lessons = NO_LESSONS,
    ) -> None:
        self.network = network
        self.training = training
        self.plan = plan
        self.observer = observer
        self.batches = _make_batches(training, make_targets(network, training, plan, lessons.held), plan, lessons)
        self.shown = _mix(training.bitmaps, plan, lessons)
        self.has_teachers = lessons.answers is not None
        self.pace = Pace(num_steps=plan.epochs * len(self.batches))
        self.optimizer = _make_optimizer(network, plan, self.pace.num_steps)
        self.stretch = Stretch()
        self.point: Point | None = None
        self.start = read_weights(network)
        self.averages = [tf.Variable(variable) for variable in network.trainable_variables]
        self.take_step = tf.function(self._take_step, autograph=False, reduce_retracing=True)

    def run_epoch(self, epoch: int) -> tuple[float, float]:
        """
        Show every training row once.

        Args:
            epoch: its number; 1 is the first.

        Returns:
            Mean loss and share of rows right, as they were while the weights moved.
        """
        loss_sum, num_right, num_seen = 0.0, 0, 0
        for batch in self.batches:
            self.observer.check_stop()
            step = tf.constant(self.pace.step, tf.int32)
            arrays = (batch.bitmaps, batch.targets, batch.answers, batch.weights)
            loss, right = self.take_step(*map(tf.constant, arrays), step)
            self.pace.count_step()
            told = float(loss), int(right)
            num_seen += self.batches.num_known
            loss_sum += told[0] * self.batches.num_known
            num_right += told[1]
            self.stretch.add(*told, self.batches.num_known)
            # Both are asked: the one keeps the time.
            if self.pace.is_report_due() | self._make_point():
                self.report(epoch - 1, loss_sum / num_seen, num_right / num_seen)
        self.report(epoch, loss_sum / num_seen, num_right / num_seen)
        return loss_sum / num_seen, num_right / num_seen

    def report(self, epoch: int, loss: float, accuracy: float) -> None:
        """Tell the observer how far the training is."""
        pace = self.pace
        self.observer.report(
            Progress(
                STAGE,
                epoch,
                self.plan.epochs,
                pace.step,
                pace.num_steps,
                loss,
                accuracy,
                eta_seconds=pace.eta_seconds(),
                learning_rate=self.read_rate(),
                point=self.point,
            )
        )

    def _make_point(self) -> bool:
        """Make a point of the curve of the steps since the last one, if it is time for one; tells whether it was."""
        if not self.pace.is_point_due():
            return False
        step = self.pace.step
        self.point = Point(step, step // len(self.batches), *self.stretch.end(), learning_rate=self.read_rate())
        return True

    def read_rate(self) -> float:
        """Give the learning rate of the last step."""
        return rate_at(max(0, self.pace.step - 1), self.plan.learning_rate, self.pace.num_steps)

    def settle(self) -> None:
        """
        Put in what would be kept if training ended here.

        That is, as the plan wants it: the averaged weights, blended with those training started from, and batch
        normalisation's statistics anew.
        """
        if self.plan.average_decay is not None:
            for variable, average in zip(self.network.trainable_variables, self.averages, strict=True):
                variable.assign(average)
        if self.plan.start_share:
            write_weights(self.network, blend(read_weights(self.network), self.start, self.plan.start_share))
        if not self.plan.frozen_statistics:
            set_statistics(self.network, self.shown)

    def _take_step(self, bitmaps: Any, targets: Any, answers: Any, weights: Any, step: Any) -> tuple[Any, Any]:
        """
        Graph of one step.

        Args:
            bitmaps, targets, answers, weights: as tensors; see Batch.
            step: int32 scalar, its number.

        Returns:
            Loss, and how many of the rows with a label are right.
        """
        images, known = scale(bitmaps), tf.reduce_sum(targets, axis=1)
        if self.plan.augmentation is not None:
            images = augment(images, self.plan.augmentation, tf.stack([self.plan.seed, step]))
        with tf.GradientTape() as tape:
            logits = self.network(images, training=not self.plan.frozen_statistics)
            # TensorFlow's gradient of a cross-entropy takes for granted that targets sum to 1: nothing must be masked.
            loss = tf.reduce_mean(weights * known * self._blame(logits, targets, answers))
            if self.plan.background:
                loss += self.plan.background * tf.reduce_mean(measure_confusion(logits, known))
        variables = self.network.trainable_variables
        self.optimizer.apply_gradients(zip(tape.gradient(loss, variables), variables, strict=True))
        self._average(tf.cast(step, tf.float32))
        right = tf.cast(tf.argmax(logits, 1) == tf.argmax(targets, 1), tf.float32)
        return loss, tf.round(tf.reduce_sum(known * right))

    def _blame(self, logits: Any, targets: Any, answers: Any) -> Any:
        """Give the distance from labels and, where there are teachers, from their answers; float32 (batch,)."""
        missed = tf.nn.softmax_cross_entropy_with_logits(targets, logits)
        if not self.has_teachers:
            return missed
        share = self.plan.distillation
        return (1 - share) * missed + share * miss_teachers(answers, logits)

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


def _make_batches(training: LabelledBitmaps, targets: NDArray[np.float32], plan: FitPlan, lessons: Lessons) -> Batches:
    answers = np.zeros_like(targets) if lessons.answers is None else soften(lessons.answers)
    weights = balance(training.labels, targets.shape[1], plan.balance)
    background = lessons.background if plan.background else None
    return Batches(Batch(training.bitmaps, targets, answers, weights), background, plan.batch_size, plan.seed)


def _mix(bitmaps: NDArray[np.uint8], plan: FitPlan, lessons: Lessons) -> NDArray[np.uint8]:
    """Put drawings together as batches show them: statistics of known ones alone would not fit what was trained."""
    if lessons.background is None or not plan.background:
        return bitmaps
    num_others = min(len(lessons.background), round(len(bitmaps) * BACKGROUND_SHARE))
    drawn = np.random.default_rng(plan.seed).permutation(len(lessons.background))[:num_others]
    return np.concatenate([bitmaps, lessons.background[drawn]])


def _make_optimizer(network: keras.Model, plan: FitPlan, num_steps: int) -> keras.optimizers.Optimizer:
    warmup = num_warmup_steps(num_steps)
    rate = keras.optimizers.schedules.CosineDecay(
        initial_learning_rate=plan.learning_rate * FIRST_RATE_SHARE,
        decay_steps=max(1, num_steps - warmup),
        alpha=LAST_RATE_SHARE,
        warmup_target=plan.learning_rate,
        warmup_steps=warmup,
    )
    optimizer = keras.optimizers.AdamW(rate, weight_decay=plan.weight_decay)
    optimizer.exclude_from_weight_decay(var_names=["bias", "gamma", "beta"])
    optimizer.build(network.trainable_variables)
    return optimizer


def num_warmup_steps(num_steps: int) -> int:
    """Tell in how many steps the learning rate rises."""
    return min(200, num_steps // 10)


def rate_at(step: int, highest: float, num_steps: int) -> float:
    """
    Give the learning rate of a step, as the optimizer's schedule does, without asking TensorFlow.

    Args:
        step: 0 is the first.
        highest: the plan's.
        num_steps: planned in all.

    >>> rate_at(0, 0.01, 100), rate_at(10, 0.01, 100), round(rate_at(100, 0.01, 100), 6)
    (0.0005, 0.01, 0.0001)
    """
    warmup = num_warmup_steps(num_steps)
    if step < warmup:
        return highest * (FIRST_RATE_SHARE + (1 - FIRST_RATE_SHARE) * step / warmup)
    done = min(1.0, (step - warmup) / max(1, num_steps - warmup))
    return highest * (LAST_RATE_SHARE + (1 - LAST_RATE_SHARE) * (1 + cos(pi * done)) / 2)
