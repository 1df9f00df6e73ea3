"""Training with lessons besides labels: an anchor, teachers, other things."""

from dataclasses import replace

import numpy as np
import pytest

from doodle_db.rejection import energy
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.stripes import PLAN, SHAPE, accuracy_of, stripes
from training_server.errors import ExamplesError
from training_server.evaluate import predict_logits, to_log_probabilities
from training_server.fit import fit
from training_server.lessons import Lessons
from training_server.losses import measure_confusion
from training_server.networks import build
from training_server.progress import SilentObserver
from training_server.targets import make_targets


def test_an_anchor_holds_what_is_known() -> None:
    """Rows the network is right on keep part of its own answer in their target; others have their label alone."""
    network = build("mlp", SHAPE, 2, {}, seed=1)
    fit(network, stripes(300), PLAN, SilentObserver())
    rows = stripes(50, seed=9)
    wrong = LabelledBitmaps(rows.bitmaps, 1 - rows.labels)
    plan = replace(PLAN, anchor=0.5, label_smoothing=0.0)
    answers = np.exp(to_log_probabilities(predict_logits(network, rows.bitmaps)))
    right = answers.argmax(axis=1) == rows.labels

    held, plain = make_targets(network, rows, plan), make_targets(network, wrong, plan)

    assert held[right] == pytest.approx(0.5 * np.eye(2)[rows.labels[right]] + 0.5 * answers[right], abs=1e-5)
    assert np.array_equal(plain[right], np.eye(2, dtype=np.float32)[wrong.labels[right]])
    assert held.sum(axis=1) == pytest.approx(np.ones(50), abs=1e-5)


def test_rows_of_replay_are_answered_as_is_held_on_to() -> None:
    """Right or wrong, and only they; rows held back and new ones do not shift the answers against them."""
    network = build("mlp", SHAPE, 2, {}, seed=1)
    old, new = stripes(300, seed=3), stripes(90, seed=4)
    wrong = np.where(old.labels[:, np.newaxis] == [0, 1], 0.1, 0.9).astype(np.float32)
    plan = replace(PLAN, anchor=1.0, epochs=5)

    fit(network, new, plan, SilentObserver(), replay=old, lessons=Lessons(held=wrong))

    answers = np.exp(to_log_probabilities(predict_logits(network, old.bitmaps)))
    assert answers[np.arange(300), old.labels].mean() < 0.6
    # Where nothing is given, what the untrained network happens to get right is held instead: labels need their half.
    unheld, none = build("mlp", SHAPE, 2, {}, seed=1), Lessons(held=np.full((300, 2), np.nan, np.float32))
    fit(unheld, new, replace(plan, anchor=0.5), SilentObserver(), replay=old, lessons=none)
    assert accuracy_of(unheld, old) > 0.95


def test_teachers_are_followed_against_labels() -> None:
    """Where the plan gives them the say, the network answers as they do, even if labels say otherwise."""
    rows = stripes(400)
    answers = np.where(rows.labels[:, np.newaxis] == [0, 1], 0.1, 0.9).astype(np.float32)
    network = build("mlp", SHAPE, 2, {})

    fit(
        network, rows, replace(PLAN, distillation=1.0, validation_share=0.0), SilentObserver(), lessons=Lessons(answers)
    )

    answered = predict_logits(network, rows.bitmaps).argmax(axis=1)
    assert (answered != rows.labels).mean() > 0.95


def test_teachers_do_not_answer_to_replay() -> None:
    """Answers belong to examples row by row; beside replay they would be shifted against them."""
    with pytest.raises(ExamplesError, match="leave out either"):
        fit(
            build("mlp", SHAPE, 2, {}),
            stripes(60),
            PLAN,
            SilentObserver(),
            replay=stripes(60, seed=1),
            lessons=Lessons(np.full((60, 2), 0.5, np.float32)),
        )


def test_other_things_are_told_from_what_is_known() -> None:
    """Drawings of other things end with a lower sum of exponentials than those of a label; unseen ones, too, mostly."""
    random = np.random.default_rng(3)
    others = (random.random((600, 28, 28)) < 0.06).astype(np.uint8) * 255
    network = build("mlp", SHAPE, 2, {})
    plan = replace(PLAN, epochs=20, background=1.0, validation_share=0.0)

    result = fit(network, stripes(400), plan, SilentObserver(), lessons=Lessons(background=others[:500]))

    known, strange = (energy(predict_logits(network, rows)) for rows in (stripes(100, seed=5).bitmaps, others[500:]))
    assert (known < 0).mean() > 0.95
    assert (strange > 0).mean() > 0.95
    assert np.abs([known, strange]).max() < 50  # a background is no pull on the labels' own answers
    assert result.epochs[-1].loss < 1
    assert result.epochs[-1].accuracy > 0.9  # counted over drawings that have a label


def test_confusion_is_that_of_one_more_logit_that_is_always_zero() -> None:
    """The energy read as log-odds: softmax over the labels and a zero for none of them."""
    logits = np.array([[2.0, -1.0], [-3.0, -2.0]], np.float32)
    with_none = np.concatenate([logits, np.zeros((2, 1), np.float32)], axis=1)
    of_none = np.exp(with_none[:, 2]) / np.exp(with_none).sum(axis=1)

    np.testing.assert_allclose(
        measure_confusion(logits, np.array([1, 0], np.float32))[0], -np.log(1 - of_none[0]), 1e-5
    )
    np.testing.assert_allclose(measure_confusion(logits, np.array([1, 0], np.float32))[1], -np.log(of_none[1]), 1e-5)
