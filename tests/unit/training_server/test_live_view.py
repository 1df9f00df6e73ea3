"""What a screening hands to its rules is what the live version makes of drawings, and of nothing it does not know."""

from datetime import UTC, datetime
from uuid import UUID

import keras
import numpy as np
import pytest

from doodle_db.manifest import InkRange, Rejection
from doodle_db.screening_sets import ScreenedDoodles
from doodle_db.screenings import LookedAt
from doodle_db.training_sets import LabelledBitmaps
from training_server import live_view
from training_server.fit import fit
from training_server.fit_plan import FitPlan
from training_server.live_view import LiveView, screen_by
from training_server.networks import build
from training_server.progress import SilentObserver
from training_server.screening import ScreeningPolicy

SIZE, NAMES = 12, ("above", "below")
POLICY = ScreeningPolicy(num_neighbours=10, min_known=20)
KEEPS_ALL = Rejection(score="energy", threshold=1e9)


def draw(num_rows: int, seed: int) -> LabelledBitmaps:
    """Two labels anybody can tell apart, specks above or below; no two drawings are alike."""
    labels = np.arange(num_rows) % 2
    bitmaps = (255 * np.random.default_rng(seed).integers(0, 2, (num_rows, SIZE, SIZE))).astype(np.uint8)
    bitmaps[labels == 0, SIZE // 2 :] = 0
    bitmaps[labels == 1, : SIZE // 2] = 0
    return LabelledBitmaps(bitmaps, labels.astype(np.int64))


def as_new(rows: LabelledBitmaps) -> ScreenedDoodles:
    """Give drawings as a run reads them, each by somebody else."""
    num_rows, day = len(rows), datetime(2026, 1, 1, tzinfo=UTC)
    nobody = np.zeros(num_rows, bool)
    seen = tuple(LookedAt(UUID(int=number), day, number) for number in range(num_rows))
    return ScreenedDoodles(seen, rows.bitmaps, rows.labels, np.arange(num_rows), nobody, nobody)


@pytest.fixture(scope="module")
def network() -> keras.Model:
    """Knows the two."""
    made = build("mlp", (SIZE, SIZE, 1), 2, {"first_units": 16, "second_units": 8}, 1)
    plan = FitPlan(epochs=4, batch_size=16, learning_rate=1e-2, augmentation=None)
    fit(made, draw(200, 1), plan, SilentObserver())
    return made


def test_what_looks_like_another_label_is_not_used(network: keras.Model) -> None:
    """The third says that below is above."""
    rows = draw(20, 2)
    labels = rows.labels.copy()
    labels[3] = 0

    screening = screen_by(
        LiveView(network, NAMES, KEEPS_ALL), as_new(LabelledBitmaps(rows.bitmaps, labels)), draw(100, 3), NAMES, POLICY
    )

    assert {row: decision.reason for row, decision in screening.decisions.items()} == {3: "label"}


def test_a_label_that_is_not_known_yet_is_not_judged(network: keras.Model) -> None:
    """Whatever it looks like to a version that has never seen one."""
    rows = draw(20, 2)
    labels = np.where(np.arange(20) < 5, 2, rows.labels)
    live = LiveView(network, NAMES, KEEPS_ALL)

    screening = screen_by(live, as_new(LabelledBitmaps(rows.bitmaps, labels)), draw(100, 3), (*NAMES, "aside"), POLICY)

    assert not screening.decisions


def test_many_are_screened_in_parts(network: keras.Model, monkeypatch: pytest.MonkeyPatch) -> None:
    """Memory is bounded, and each decision stays with its doodle."""
    monkeypatch.setattr(live_view, "MAX_AT_ONCE", 8)
    rows = draw(20, 2)
    labels = rows.labels.copy()
    labels[[3, 18]] = 1 - labels[[3, 18]]

    screening = screen_by(
        LiveView(network, NAMES, KEEPS_ALL), as_new(LabelledBitmaps(rows.bitmaps, labels)), draw(100, 3), NAMES, POLICY
    )

    assert (set(screening.decisions), screening.num_doodles) == ({3, 18}, 20)


def test_the_manifest_says_what_is_no_ink(network: keras.Model) -> None:
    """Not the energy alone: what no pen draws is strange however sure the network is."""
    rows = draw(21, 2)
    bitmaps, labels = rows.bitmaps.copy(), rows.labels.copy()
    bitmaps[4], labels[4] = 128, 0
    ink = InkRange(min_edges=0.0, max_edges=10.0, min_grey=0.0, max_grey=0.5)
    rejection = Rejection(score="energy", threshold=1e9, ink=ink)
    policy = ScreeningPolicy(num_neighbours=10, min_known=20, max_stranger_share=1.0, max_label_share=-1.0)

    screening = screen_by(
        LiveView(network, NAMES, rejection), as_new(LabelledBitmaps(bitmaps, labels)), draw(100, 3), NAMES, policy
    )

    assert {row: decision.reason for row, decision in screening.decisions.items()} == {4: "unknown"}
