"""A network that has learnt to tell one thing more: what it knew stays, and the new output is neither deaf nor loud."""

from dataclasses import replace

import numpy as np
import pytest

from doodle_db.training_sets import LabelledBitmaps
from training_server.evaluate import predict_logits
from training_server.fit_plan import DELTA_PLAN
from training_server.growth import (
    MAX_LOST,
    MAX_TAKEN,
    Head,
    find_loudness,
    grow,
    plan_growth,
    set_loudness,
    widen_head,
)
from training_server.networks import NETWORKS, build
from training_server.weights import read_weights

SHAPE = (28, 28, 1)
NUM_KNOWN = 3


def draw(num_rows: int, label: int, band: slice, seed: int) -> LabelledBitmaps:
    """Noise in a band of rows: drawings of one label look alike."""
    bitmaps = np.zeros((num_rows, 28, 28), np.uint8)
    bitmaps[:, band] = np.random.default_rng(seed).integers(60, 255, (num_rows, 28, 28), np.uint8)[:, band]
    return LabelledBitmaps(bitmaps, np.full(num_rows, label))


def put_together(*parts: LabelledBitmaps) -> LabelledBitmaps:
    return LabelledBitmaps(
        np.concatenate([part.bitmaps for part in parts]), np.concatenate([part.labels for part in parts])
    )


@pytest.mark.parametrize("name", sorted(NETWORKS))
def test_any_network_grows(name: str) -> None:
    """The old labels' logits stay to the bit; most drawings of the new label lead to it, few of the others do."""
    parent, wide = (build(name, SHAPE, num_labels, {}, seed=4) for num_labels in (NUM_KNOWN, NUM_KNOWN + 1))
    known = put_together(*(draw(40, label, slice(4, 12), seed=label) for label in range(NUM_KNOWN)))
    new = draw(40, NUM_KNOWN, slice(16, 24), seed=9)

    grown = grow(parent, wide, put_together(known, new))

    before, after = (predict_logits(network, known.bitmaps) for network in (parent, grown))
    np.testing.assert_allclose(after[:, :NUM_KNOWN], before, rtol=1e-5, atol=1e-5)
    assert (predict_logits(grown, new.bitmaps).argmax(axis=1) == NUM_KNOWN).mean() > 0.8
    assert (after.argmax(axis=1) == NUM_KNOWN).mean() < 0.2


def test_the_rest_of_the_network_is_the_parents() -> None:
    """Only the last layer has other weights, and there the parent's columns stand first, untouched."""
    parent, wide = build("mlp", SHAPE, 2, {}, seed=1), build("mlp", SHAPE, 4, {}, seed=2)
    known, new = draw(5, 0, slice(0, 9), 1), (draw(5, 2, slice(9, 18), 2), draw(5, 3, slice(18, 27), 3))

    grow(parent, wide, put_together(known, *new))

    old, grown = read_weights(parent), read_weights(wide)
    for name, array in old.items():
        kept = grown[name][..., :2] if name.startswith("logits") else grown[name]
        np.testing.assert_array_equal(kept, array, err_msg=name)
    assert grown["logits/kernel"].shape[1] == 4


def test_the_new_output_takes_hardly_any_known_drawing() -> None:
    """One in a hundred, as strongly as the others speak, and yet most of its own where they differ."""
    random = np.random.default_rng(3)
    head = Head(random.normal(size=(8, 5)).astype(np.float32), random.normal(size=5).astype(np.float32))
    new, known = (random.normal(mean, 1, (1_000, 8)).astype(np.float32) for mean in (4.0, -0.5))

    wide = widen_head(head, [new], known)

    taken = [float(((rows @ wide.kernel + wide.bias).argmax(axis=1) == 5).mean()) for rows in (new, known)]
    assert taken[1] == pytest.approx(MAX_TAKEN, abs=0.002)
    assert taken[0] > 10 * MAX_TAKEN
    strengths = np.linalg.norm(wide.kernel, axis=0)
    assert strengths[5] == pytest.approx(strengths[:5].mean(), rel=1e-4)


def test_new_drawings_that_look_like_the_known_ones_make_a_quiet_output() -> None:
    """Nothing to tell them by: a row of zeros, and numbers all the same."""
    head, rows = Head(np.ones((4, 2), np.float32), np.zeros(2, np.float32)), np.ones((3, 4), np.float32)

    wide = widen_head(head, [rows], rows)

    assert wide.kernel[:, 2].tolist() == [0.0] * 4
    assert np.isfinite(wide.bias).all()


def test_an_installation_without_any_other_drawing_can_grow() -> None:
    """New ones alone give numbers, too."""
    parent, wide = build("mlp", SHAPE, 2, {}), build("mlp", SHAPE, 3, {})

    grown = grow(parent, wide, draw(5, 2, slice(0, 9), 1))

    assert all(np.isfinite(array).all() for array in read_weights(grown).values())


@pytest.mark.parametrize("num_new", [1, 2])
def test_new_outputs_are_lowered_until_hardly_any_known_drawing_is_lost(num_new: int) -> None:
    """However loud training has left them; what was wrong before is no loss, and known outputs stay."""
    random = np.random.default_rng(1)
    labels = random.integers(0, 3, 2_000)
    logits = random.normal(size=(2_000, 3 + num_new)).astype(np.float32)
    logits[np.arange(2_000), labels] += 2
    logits[:, 3:] += 3
    right = logits[:, :3].argmax(axis=1) == labels

    lower = find_loudness(logits, labels, 3)

    lost = right & ((logits - lower).argmax(axis=1) >= 3)
    assert 0.5 * MAX_LOST < lost.mean() <= MAX_LOST
    assert lower[:3].tolist() == [0.0] * 3


def make_leads(own: list[float]) -> tuple[np.ndarray[tuple[int, int], np.dtype[np.float32]], list[int]]:
    """Logits in which the new output, the third, leads on its own drawings by so much, on known ones hardly ever."""
    known = [-8.0] * 994 + [-1.0, -0.8, -0.6, -0.4, -0.2, -0.1]
    logits = np.array([[0.0, -9.0, lead] for lead in (*known, *own)], np.float32)
    return logits, [0] * len(known) + [2] * len(own)


def test_a_new_output_is_raised_where_that_finds_more_than_it_costs() -> None:
    """Half of its own drawings lie just below: they are worth the few known ones that go with them."""
    logits, labels = make_leads([2.0, 2.0, -0.3, -0.3])

    lower = find_loudness(logits, np.array(labels), 2)

    assert lower[2] == pytest.approx(-0.301, abs=1e-3)


@pytest.mark.parametrize("own", [[2.0, 2.0], [2.0] * 500 + [-0.3], [2.0, -9.0], []])
def test_a_new_output_is_not_raised_for_nothing(own: list[float]) -> None:
    """What is found already, a drawing among hundreds, one that is out of reach, none at all."""
    logits, labels = make_leads(own)

    assert find_loudness(logits, np.array(labels), 2).tolist() == [0.0] * 3


def test_without_a_known_drawing_there_is_nothing_to_go_by() -> None:
    """An installation may have only drawings of the new label."""
    assert find_loudness(np.ones((4, 3), np.float32), np.full(4, 2), 2).tolist() == [0.0] * 3


def test_loudness_moves_the_new_biases_only() -> None:
    """The network answers as before, but for the new label."""
    network = build("mlp", SHAPE, 3, {}, seed=5)
    rows = put_together(draw(50, 0, slice(0, 9), 1), draw(50, 1, slice(9, 18), 2), draw(9, 2, slice(18, 27), 3))
    before = predict_logits(network, rows.bitmaps)

    set_loudness(network, 2, rows)

    after = predict_logits(network, rows.bitmaps)
    np.testing.assert_allclose(after[:, :2], before[:, :2], atol=1e-6)
    assert np.ptp(before[:, 2] - after[:, 2]) < 1e-5


def test_a_new_label_is_learnt_by_training_anew_from_the_live_weights() -> None:
    """
    Longer than a delta, each drawing changed a little, with statistics that go along; still held to the founder.

    Changed drawings do not fit statistics that are not theirs: frozen ones cost base drawings two points.
    """
    plan = plan_growth(DELTA_PLAN)

    assert plan.epochs > DELTA_PLAN.epochs
    assert plan.augmentation is not None
    assert not plan.frozen_statistics
    assert plan.anchor == DELTA_PLAN.anchor
    assert plan.patience is None


def test_an_operators_longer_plan_stays_longer() -> None:
    """Growth asks for epochs at least."""
    assert plan_growth(replace(DELTA_PLAN, epochs=30)).epochs == 30


@pytest.mark.parametrize("mirror", [True, False])
def test_drawings_are_mirrored_only_where_that_leaves_them_what_they_are(mirror: bool) -> None:
    """A new letter beside digits is not learnt from its mirror image."""
    augmentation = plan_growth(DELTA_PLAN, mirror=mirror).augmentation

    assert augmentation is not None
    assert augmentation.mirror is mirror
