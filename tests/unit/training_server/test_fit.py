"""Training: it learns, repeats, tells, stops, and does not wreck what was there."""

from dataclasses import dataclass, field, replace

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.bitmap import to_model_input
from doodle_db.label_sets import load_label_set
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.stripes import PLAN, SHAPE, accuracy_of, stripes
from training_server.batch_statistics import set_statistics
from training_server.dataset import take
from training_server.errors import ExamplesError
from training_server.evaluate import evaluate_logits, predict_logits
from training_server.fit import fit
from training_server.fit_plan import DELTA_PLAN, adjust_plan, pretrain_plan_for
from training_server.learner import Learner, scale
from training_server.networks import build
from training_server.progress import Pace, Progress, SilentObserver
from training_server.weights import Weights, read_weights, write_weights


@dataclass
class Listener(SilentObserver):
    """Keeps every report; raises at a step if told to."""

    stop_at: int | None = None
    reports: list[Progress] = field(default_factory=list)
    num_checks: int = 0

    def report(self, progress: Progress) -> None:
        """Keep the report."""
        self.reports.append(progress)

    def check_stop(self) -> None:
        """Raise at the step that was asked for."""
        self.num_checks += 1
        if self.stop_at is not None and self.num_checks > self.stop_at:
            raise StoppedForTestError


class StoppedForTestError(Exception):
    """The test asked to stop."""


@pytest.mark.parametrize("name", ["mlp", "doodlenet"])
def test_it_learns_what_can_be_learnt(name: str) -> None:
    """A network that knew nothing tells lines across from lines down after a few epochs."""
    network = build(name, SHAPE, 2, {})

    result = fit(network, stripes(400), PLAN, SilentObserver())

    assert accuracy_of(network, stripes(200, seed=1)) > 0.95
    assert result.epochs[-1].loss < result.epochs[0].loss
    assert len(result.validation) == pytest.approx(40, abs=2)


def test_the_same_seed_trains_the_same_weights() -> None:
    """Order, augmentation and first weights all come from the seed."""
    plan = replace(DELTA_PLAN, epochs=1, frozen_statistics=False)

    def train(seed: int) -> Weights:
        network = build("mlp", SHAPE, 2, {"dropout": 0.3}, seed)
        fit(network, stripes(100), replace(plan, seed=seed), SilentObserver())
        return read_weights(network)

    first, again, other = train(3), train(3), train(4)

    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not all(np.array_equal(first[name], other[name]) for name in first)


def test_every_epochs_end_is_reported() -> None:
    """An operator sees every epoch, how far it is, and that nothing is left at the end."""
    listener = Listener()

    fit(build("mlp", SHAPE, 2, {}), stripes(320), PLAN, listener)

    ends = [progress for progress in listener.reports if progress.step == progress.epoch * progress.num_steps / 3]
    assert [progress.epoch for progress in ends] == [1, 2, 3]
    last = listener.reports[-1]
    assert (last.stage, last.step, last.eta_seconds) == ("training", last.num_steps, 0.0)
    assert last.loss is not None
    assert last.accuracy is not None
    assert 0 <= last.accuracy <= 1
    assert len(listener.reports) <= last.num_steps + PLAN.epochs


def test_the_curve_has_a_point_a_step_with_the_schedules_rate() -> None:
    """Up to a thousand points; each says what the optimizer did, reckoned without asking it."""
    listener, network = Listener(), build("mlp", SHAPE, 2, {})

    learner = Learner(network, stripes(320), PLAN, listener)
    for epoch in (1, 2, 3):
        learner.run_epoch(epoch)

    points = [progress.point for progress in listener.reports if progress.point is not None]
    by_step = {point.step: point for point in points}
    assert sorted(by_step) == list(range(1, learner.pace.num_steps + 1))
    assert by_step[learner.pace.num_steps].epoch == 3
    schedule = learner.optimizer._learning_rate  # the schedule itself; Keras gives only its value at this step
    for step in (1, 2, 15, 30):
        assert by_step[step].learning_rate == pytest.approx(float(schedule(step - 1)), rel=1e-5)


@pytest.mark.parametrize(("num_steps", "num_points"), [(1, 1), (999, 999), (1_000, 1_000), (1_001, 501), (5_500, 917)])
def test_a_long_training_has_no_more_points(num_steps: int, num_points: int) -> None:
    """Evenly spaced, and the last step among them."""
    pace = Pace(num_steps, clock=lambda: 0.0)
    due = []
    for _ in range(num_steps):
        pace.count_step()
        due.append(pace.is_point_due())

    assert sum(due) == num_points
    assert due[-1]


def test_it_stops_within_a_step() -> None:
    """What the observer raises ends the training at the very next step and reaches the caller."""
    listener = Listener(stop_at=2)

    with pytest.raises(StoppedForTestError):
        fit(build("mlp", SHAPE, 2, {}), stripes(320), PLAN, listener)

    assert listener.num_checks == 3


def test_it_ends_early_and_keeps_the_best_epoch() -> None:
    """Without a better validation loss for `patience` epochs training ends, with the best epoch's weights."""
    network = build("mlp", SHAPE, 2, {})
    fit(network, stripes(300), PLAN, SilentObserver())
    hopeless = replace(PLAN, epochs=10, learning_rate=1.0, patience=2, weight_decay=0.0)

    result = fit(network, stripes(300), hopeless, SilentObserver())

    losses = [epoch.validation_loss for epoch in result.epochs]
    assert len(result.epochs) == result.best_epoch + 2 < 10
    assert min(losses) == losses[result.best_epoch - 1]
    kept = evaluate_logits(predict_logits(network, result.validation.bitmaps), result.validation.labels)
    assert kept.log_loss == pytest.approx(min(losses))


def test_a_delta_leaves_the_statistics_alone() -> None:
    """A few hundred drawings do not move batch normalisation's means and variances; all else may learn."""
    network = build("doodlenet", SHAPE, 2, {})
    fit(network, stripes(300), replace(PLAN, epochs=1), SilentObserver())
    before = read_weights(network)

    fit(network, stripes(100, seed=2), replace(DELTA_PLAN, epochs=1), SilentObserver())

    after = read_weights(network)
    moved = {name for name in before if not np.array_equal(before[name], after[name])}
    assert moved == {name for name in before if "/moving_" not in name}


def test_averaged_weights_lie_between_first_and_last() -> None:
    """With averaging the weights kept are not the last ones."""
    plain, averaged = build("mlp", SHAPE, 2, {}, seed=1), build("mlp", SHAPE, 2, {}, seed=1)
    fit(plain, stripes(300), PLAN, SilentObserver())
    fit(averaged, stripes(300), replace(PLAN, average_decay=0.9), SilentObserver())

    assert not np.array_equal(read_weights(plain)["logits/kernel"], read_weights(averaged)["logits/kernel"])
    assert accuracy_of(averaged, stripes(200, seed=1)) > 0.95


def test_statistics_are_those_of_the_drawings() -> None:
    """After set_statistics, normalisation's mean is the mean of what its layer gets."""
    network = build("doodlenet", SHAPE, 2, {})
    drawings = stripes(600).bitmaps

    set_statistics(network, drawings)

    weights = read_weights(network)
    stem = keras.Model(network.input, network.get_layer("stem").output)
    mean = stem(to_model_input(drawings)).numpy().mean(axis=(0, 1, 2))
    assert weights["stem_norm/moving_mean"] == pytest.approx(mean, abs=1e-4)
    assert {layer.momentum for layer in network.layers if hasattr(layer, "moving_mean")} == {0.99}


def test_rows_without_validation_still_train() -> None:
    """A handful of rows is too few to hold any back; the last epoch is kept."""
    result = fit(build("mlp", SHAPE, 2, {}), stripes(6), PLAN, SilentObserver())

    assert len(result.validation) == 0
    assert result.best_epoch == 3
    assert np.isnan(result.epochs[0].validation_loss)


def test_nothing_cannot_be_trained_on() -> None:
    """No row is an error that says so."""
    with pytest.raises(ExamplesError, match="no row to train on"):
        fit(build("mlp", SHAPE, 2, {}), stripes(0), PLAN, SilentObserver())


def test_the_graph_scales_as_the_codec_does() -> None:
    """Training sees the very same float32 values as everybody else: bit for bit, for all 256 greys."""
    greys: NDArray[np.uint8] = np.arange(256, dtype=np.uint8).reshape(1, 16, 16)

    assert np.array_equal(scale(greys).numpy(), to_model_input(greys))


def test_a_request_changes_only_what_it_names() -> None:
    """The plan's other values stay."""
    assert adjust_plan(DELTA_PLAN, {"epochs": 7, "seed": 3}) == replace(DELTA_PLAN, epochs=7, seed=3)


def test_written_weights_do_not_disturb_a_trained_network() -> None:
    """Measuring after each epoch leaves the moving weights as they were: training goes on from them."""
    network = build("mlp", SHAPE, 2, {}, seed=1)
    fit(network, stripes(200), PLAN, SilentObserver())
    weights = read_weights(network)
    write_weights(network, weights)

    assert accuracy_of(network, stripes(200, seed=1)) == pytest.approx(1.0, abs=0.06)


def test_replay_keeps_what_new_rows_do_not_show() -> None:
    """New rows of one label alone would drown the other; with replay both stay known."""
    network = build("mlp", SHAPE, 2, {}, seed=1)
    fit(network, stripes(400), PLAN, SilentObserver())
    rows = stripes(400, seed=2)
    across = take(rows, np.flatnonzero(rows.labels == 1)[:40])
    plan = replace(DELTA_PLAN, learning_rate=3e-3, anchor=0.0, start_share=0.0)

    result = fit(network, across, plan, SilentObserver(), replay=stripes(400, seed=3))

    assert accuracy_of(network, stripes(200, seed=4)) > 0.95
    assert len(result.validation) == pytest.approx(44, abs=2)


def test_new_rows_are_repeated_but_not_those_held_back() -> None:
    """Twenty new rows beside six hundred are shown six times an epoch, without the two that are held back."""
    listener = Listener()
    new = LabelledBitmaps(stripes(20, seed=5).bitmaps, np.repeat([0, 1], 10))
    old = LabelledBitmaps(stripes(600, seed=6).bitmaps, np.repeat([0, 1], 300))

    result = fit(build("mlp", SHAPE, 2, {}), new, replace(DELTA_PLAN, epochs=1, batch_size=1), listener, replay=old)

    assert len(result.validation) == 2 + 60
    assert listener.reports[-1].num_steps == 6 * 18 + 540


def test_a_share_of_the_start_is_kept() -> None:
    """With a start share of one, training changes nothing that is kept; with a half, half."""
    network = build("mlp", SHAPE, 2, {}, seed=1)
    before = read_weights(network)

    fit(network, stripes(100), replace(PLAN, start_share=1.0), SilentObserver())

    after = read_weights(network)
    assert all(after[name] == pytest.approx(before[name], abs=1e-6) for name in before)


def test_only_what_stays_itself_is_mirrored() -> None:
    """Animals may look either way; a digit in a mirror is another one."""
    for name, mirror in (("animals", True), ("digits", False)):
        augmentation = pretrain_plan_for(load_label_set(name)).augmentation

        assert augmentation is not None
        assert augmentation.mirror is mirror


def test_the_last_epoch_is_kept_where_the_plan_says_so() -> None:
    """Whatever the losses on rows held back were; otherwise the lowest decides."""
    rows = stripes(60)
    noisy = LabelledBitmaps(rows.bitmaps, np.random.default_rng(1).permutation(rows.labels))
    plan = replace(PLAN, epochs=6, learning_rate=2e-2, validation_share=0.3)

    kept = [
        fit(build("mlp", SHAPE, 2, {}), noisy, replace(plan, keeps_last=last), SilentObserver())
        for last in (False, True)
    ]

    lowest = min(kept[0].epochs, key=lambda epoch: epoch.validation_loss).epoch
    assert [result.best_epoch for result in kept] == [lowest, 6]
    assert lowest < 6  # nonsense was learnt by heart: the test would show nothing otherwise
