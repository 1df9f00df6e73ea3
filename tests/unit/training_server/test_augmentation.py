"""Drawings changed a little, on the graph."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf
from numpy.typing import NDArray

from training_server.augmentation import augment
from training_server.fit_plan import Augmentation

NOTHING = Augmentation(rotation_radians=0, stretch=0, shear=0, shift_px=0, mirror=False)
SEED = (1, 2)


def corner_drawing(num_rows: int = 1) -> NDArray[np.float32]:
    """A stroke in the left upper quarter."""
    drawing = np.zeros((num_rows, 28, 28, 1), np.float32)
    drawing[:, 8:10, 4:12] = 1.0
    return drawing


def test_no_augmentation_changes_nothing() -> None:
    """With all amounts at zero the drawing comes out as it went in."""
    drawings = corner_drawing(3)

    assert augment(drawings, NOTHING, SEED).numpy() == pytest.approx(drawings, abs=1e-5)


def test_the_same_seed_gives_the_same_drawings() -> None:
    """Training can be repeated."""
    drawings = corner_drawing(8)

    first, again, other = (augment(drawings, Augmentation(), seed).numpy() for seed in (SEED, SEED, (1, 3)))

    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_each_drawing_is_changed_by_its_own_amounts() -> None:
    """A batch of one drawing many times becomes many drawings."""
    changed = augment(corner_drawing(8), Augmentation(), SEED).numpy()

    assert len({drawing.tobytes() for drawing in changed}) == 8


def test_mirroring_flips_about_the_middle() -> None:
    """Half the drawings are exact mirror images, the others are as they were."""
    drawings = corner_drawing(64)

    mirrored = augment(drawings, Augmentation(0, 0, 0, 0, mirror=True), SEED).numpy()

    flipped = [np.allclose(drawing, drawings[0, :, ::-1], atol=1e-5) for drawing in mirrored]
    kept = [np.allclose(drawing, drawings[0], atol=1e-5) for drawing in mirrored]
    assert all(one != other for one, other in zip(flipped, kept, strict=True))
    assert 16 <= sum(flipped) <= 48


def test_fading_takes_the_same_share_of_all_ink_of_a_drawing() -> None:
    """Each drawing is paler by its own factor, within what was asked for; paper stays paper."""
    drawings = corner_drawing(64)

    faded = augment(drawings, replace(NOTHING, fade=0.4), SEED).numpy()

    strengths = faded.max(axis=(1, 2, 3))
    np.testing.assert_allclose(faded, drawings * strengths[:, None, None, None], atol=1e-5)
    assert strengths.min() >= 0.6 - 1e-5
    assert strengths.min() < 0.65
    assert 0.95 < strengths.max() <= 1 + 1e-5


def test_without_mirroring_nothing_changes_sides() -> None:
    """Digits must not be mirrored: a stroke on the left stays on the left."""
    changed = augment(corner_drawing(64), Augmentation(mirror=False), SEED).numpy()

    left, right = changed[:, :, :14].sum(axis=(1, 2, 3)), changed[:, :, 14:].sum(axis=(1, 2, 3))
    assert (left > right).all()


def test_ink_stays_ink_and_paper_stays_paper() -> None:
    """Values stay in [0, 1], what comes in from outside is paper, and the drawing does not vanish."""
    changed = augment(corner_drawing(64), Augmentation(), SEED).numpy()

    assert changed.min() >= 0.0
    assert changed.max() <= 1.0 + 1e-5
    assert changed.sum(axis=(1, 2, 3)).min() > 0.5 * corner_drawing().sum()


def test_a_shift_is_no_larger_than_asked() -> None:
    """The centre of the ink moves by at most the given number of pixels."""
    changed = augment(corner_drawing(64), Augmentation(0, 0, 0, 1.5, mirror=False), SEED).numpy()[..., 0]

    rows = np.arange(28, dtype=np.float32)
    centres = (changed.sum(axis=2) * rows).sum(axis=1) / changed.sum(axis=(1, 2))
    assert np.abs(centres - 8.5).max() <= 1.5 + 1e-3
    assert np.abs(centres - 8.5).max() > 1.0


def test_it_runs_inside_a_graph_with_any_batch() -> None:
    """The last batch of an epoch may be smaller; the graph is not traced again for it."""
    traced = tf.function(lambda images: augment(images, Augmentation(), SEED)).get_concrete_function(
        tf.TensorSpec([None, 28, 28, 1], tf.float32)
    )

    assert traced(tf.constant(corner_drawing(5))).shape == (5, 28, 28, 1)
