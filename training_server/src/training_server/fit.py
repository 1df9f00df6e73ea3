"""Train a network on rows: epochs, early stopping, the best of them kept; tells how far it is and ends when asked."""

from dataclasses import dataclass, replace

import keras
import numpy as np
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from training_server.dataset import join, num_repeats_for, split_validation, take
from training_server.errors import ExamplesError
from training_server.evaluate import evaluate_logits, predict_logits
from training_server.fit_plan import FitPlan
from training_server.learner import Learner
from training_server.lessons import NO_LESSONS, Lessons
from training_server.progress import EpochResult, Observer
from training_server.weights import Weights, read_weights, write_weights


@dataclass(frozen=True)
class FitResult:
    """
    What training came to; the network holds the best epoch's weights.

    Attributes:
        epochs: one result per epoch that was run.
        best_epoch: the epoch whose weights were kept.
        validation: the rows held back; may be empty.
        training: the rows trained on, as often as in an epoch; None: not kept.
    """

    epochs: tuple[EpochResult, ...]
    best_epoch: int
    validation: LabelledBitmaps
    training: LabelledBitmaps | None = None


def fit(
    network: keras.Model,
    examples: LabelledBitmaps,
    plan: FitPlan,
    observer: Observer,
    replay: LabelledBitmaps | None = None,
    lessons: Lessons = NO_LESSONS,
) -> FitResult:
    """
    Train a network in place.

    Args:
        network: ends in logits; untrained, or holding the weights to start from.
        examples: the rows to learn; a part of them is held back for validation.
        plan: how.
        observer: is told the progress, and may end the training by raising; the network is then worthless.
        replay: old rows to keep in mind; where they are many more, examples are shown several times an epoch.
        lessons: answers to the examples, where there is no replay; answers to hold on to in replay, where there is; and
            drawings of other things.

    Raises:
        ExamplesError: no row is left to train on, or answers are given together with replay.
    """
    training, validation, judged = _hold_back(examples, replay, plan)
    if not len(training):
        raise ExamplesError("There is no row to train on; at least one is needed.")
    learner = Learner(network, training, plan, observer, _for_training(lessons, examples, replay, plan, len(training)))
    results: list[EpochResult] = []
    best: tuple[float, int, Weights] | None = None
    for epoch in range(1, plan.epochs + 1):
        loss, accuracy = learner.run_epoch(epoch)
        measured, weights = _measure(learner, judged)
        result = EpochResult(epoch, loss, accuracy, *measured)
        results.append(result)
        observer.end_epoch(result)
        # NaN, there being no such rows: the last is kept.
        if best is None or plan.keeps_last or not result.validation_loss >= best[0]:
            best = (result.validation_loss, epoch, weights)
        if plan.patience is not None and epoch - best[1] >= plan.patience:
            break
    if best is None:
        raise ExamplesError(f"{plan.epochs} epochs were asked for; at least one is needed.")
    write_weights(network, best[2])
    return FitResult(tuple(results), best[1], validation, training)


def _hold_back(
    examples: LabelledBitmaps, replay: LabelledBitmaps | None, plan: FitPlan
) -> tuple[LabelledBitmaps, LabelledBitmaps, LabelledBitmaps]:
    """
    Split both kinds of rows alike into training and validation, then repeat the new ones.

    Returns:
        Rows to train on; rows held back; and these with new ones as often as in training, to choose the epoch by:
        otherwise old rows, ten times as many, would outvote what is to be learnt (docs/decisions/0030).
    """
    training, validation = _split(examples, plan)
    if replay is None:
        return training, validation, validation
    old_training, old_validation = _split(replay, plan)
    times = num_repeats_for(len(training), len(old_training))
    judged = join(*[validation] * times, old_validation)
    return join(*[training] * times, old_training), join(validation, old_validation), judged


def _for_training(
    lessons: Lessons, examples: LabelledBitmaps, replay: LabelledBitmaps | None, plan: FitPlan, num_rows: int
) -> Lessons:
    """Give the answers to the rows that are trained on, in their order: none to those that are held back."""
    if lessons.answers is not None and replay is not None:
        raise ExamplesError("Teachers answer to examples alone; leave out either their answers or the replay.")
    lessons = lessons.take(split_validation(examples.labels, plan.validation_share, plan.seed)[0])
    if lessons.held is None or replay is None:
        return replace(lessons, held=None)
    held = lessons.held[split_validation(replay.labels, plan.validation_share, plan.seed)[0]]
    to_new = np.full((num_rows - len(held), held.shape[1]), np.nan, np.float32)
    return replace(lessons, held=np.concatenate([to_new, held]))


def _split(rows: LabelledBitmaps, plan: FitPlan) -> tuple[LabelledBitmaps, LabelledBitmaps]:
    training, validation = split_validation(rows.labels, plan.validation_share, plan.seed)
    return take(rows, training), take(rows, validation)


def _measure(
    learner: Learner, validation: LabelledBitmaps
) -> tuple[tuple[float, float], dict[str, NDArray[np.float32]]]:
    """
    Measure what would be kept if this were the last epoch, and leave the network as it was.

    Returns:
        Log-loss and accuracy on the rows held back, NaN without such rows; and the weights.
    """
    moving = read_weights(learner.network)
    learner.settle()
    kept = read_weights(learner.network)
    measured = (float("nan"), float("nan"))
    if len(validation):
        evaluation = evaluate_logits(predict_logits(learner.network, validation.bitmaps), validation.labels)
        measured = (evaluation.log_loss, evaluation.accuracy)
    write_weights(learner.network, moving)
    return measured, kept
