"""What the shipped version can do, on real drawings it has never seen, and on some of our own."""

from pathlib import Path
from random import Random

import keras
import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.drawings import generate_doodles
from doodle_testing.shipped_version import ShippedVersion
from training_server.augmentation import augment
from training_server.evaluate import Evaluation, evaluate_logits, predict_logits
from training_server.fit_plan import Augmentation

MIN_ACCURACY = 0.84
MIN_RECALL = 0.70


@pytest.fixture(scope="module")
def evaluation(network: keras.Model, holdout: LabelledBitmaps) -> Evaluation:
    """The shipped version measured on all held-out drawings."""
    return evaluate_logits(predict_logits(network, holdout.bitmaps), holdout.labels)


def guesses(network: keras.Model, bitmaps: NDArray[np.uint8]) -> NDArray[np.int64]:
    """First guesses, as label indexes."""
    return np.asarray(predict_logits(network, bitmaps).argmax(axis=1))


@pytest.mark.needs_data
def test_it_is_right_often_enough(evaluation: Evaluation) -> None:
    """The minimum function: a drawing of one of six animals is recognised in more than five of six cases."""
    assert evaluation.accuracy >= MIN_ACCURACY


@pytest.mark.needs_data
def test_no_label_is_neglected(shipped: ShippedVersion, evaluation: Evaluation) -> None:
    """No animal pays for the others (the system we started from found 48 % of dogs)."""
    assert evaluation.recalls.min() >= MIN_RECALL


@pytest.mark.needs_data
def test_the_manifest_tells_the_truth(shipped: ShippedVersion, evaluation: Evaluation) -> None:
    """The figures shown to people are those measured here, by the same split."""
    stated = shipped.manifest.metrics["base"]

    assert stated.num_doodles == evaluation.num_doodles
    assert stated.accuracy == pytest.approx(evaluation.accuracy, abs=5e-4)
    assert stated.log_loss == pytest.approx(evaluation.log_loss, abs=1e-4)


@pytest.mark.needs_data
def test_a_mirrored_drawing_is_the_same_animal(network: keras.Model, holdout: LabelledBitmaps) -> None:
    """Nobody draws worse by looking to the left: accuracy is the same, and nine guesses of ten are."""
    mirrored = np.ascontiguousarray(holdout.bitmaps[:, :, ::-1])

    before, after = guesses(network, holdout.bitmaps), guesses(network, mirrored)

    assert (before == after).mean() >= 0.90
    assert abs((before == holdout.labels).mean() - (after == holdout.labels).mean()) <= 0.015


@pytest.mark.needs_data
@pytest.mark.parametrize(
    ("change", "min_same"),
    [
        pytest.param(Augmentation(0, 0, 0, 1.0, mirror=False), 0.90, id="moved by up to one pixel"),
        pytest.param(Augmentation(0.15, 0, 0, 0, mirror=False), 0.88, id="turned by up to 9 degrees"),
        pytest.param(Augmentation(0, 0.1, 0, 0, mirror=False), 0.90, id="stretched by up to 10 percent"),
    ],
)
def test_a_slightly_changed_drawing_is_the_same_animal(
    network: keras.Model, holdout: LabelledBitmaps, change: Augmentation, min_same: float
) -> None:
    """What does not change the drawing for us does not change the guess."""
    images = augment(holdout.bitmaps[..., np.newaxis].astype(np.float32), change, (1, 2)).numpy()
    changed = np.clip(np.round(images[..., 0]), 0, 255).astype(np.uint8)

    same = guesses(network, holdout.bitmaps) == guesses(network, changed)

    assert same.mean() >= min_same


def test_drawings_of_our_own_are_recognised(shipped: ShippedVersion, network: keras.Model) -> None:
    """Also without any data at hand: most drawings our generator makes are taken for what they are."""
    doodles = generate_doodles(shipped.label_set, 240, Random(3))
    shape = (shipped.manifest.input.height, shipped.manifest.input.width)
    bitmaps = np.stack([np.frombuffer(doodle.bitmap, np.uint8).reshape(shape) for doodle in doodles])
    labels = np.array([shipped.label_set.names.index(doodle.label) for doodle in doodles])

    assert (guesses(network, bitmaps) == labels).mean() >= 0.6


def test_an_empty_paper_gives_an_answer_like_any_other(shipped: ShippedVersion, network: keras.Model) -> None:
    """Degenerate drawings have finite logits: blank paper, full ink, one pixel."""
    shape = (shipped.manifest.input.height, shipped.manifest.input.width)
    blank, full, dot = np.zeros(shape, np.uint8), np.full(shape, 255, np.uint8), np.zeros(shape, np.uint8)
    dot[14, 14] = 255

    assert np.isfinite(predict_logits(network, np.stack([blank, full, dot]))).all()


def test_the_page_on_accuracy_is_about_the_shipped_version(shipped: ShippedVersion) -> None:
    """docs/accuracy.md names the version that is shipped, and its accuracy as the manifest states it."""
    page = (Path(__file__).parents[2] / "docs/accuracy.md").read_text(encoding="utf-8")

    assert f"models/animals/{shipped.manifest.version}" in page
    assert f"{shipped.manifest.metrics['base'].accuracy:.1%}".replace("%", " %") in page
