"""What the shipped version says of what it has never learnt: that it does not know."""

from collections.abc import Mapping
from pathlib import Path

import keras
import numpy as np
import pytest

from benchmarks.rejection import group, main, score
from benchmarks.rejection_after_deltas import CHANGES, train
from doodle_db.rejection import is_unknown
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import ShippedVersion
from doodle_testing.strange_sets import read_strange_sets
from doodle_testing.strangeness import Answers, ask, measure_area

SHARE = 0.2
"""Of every kind of picture: enough for two digits."""


@pytest.fixture(scope="module")
def known(network: keras.Model, holdout: LabelledBitmaps) -> Answers:
    """What it says of drawings of its labels that it has never seen."""
    return ask(network, holdout.bitmaps)


@pytest.fixture(scope="module")
def strange(shipped: ShippedVersion, network: keras.Model, data_dir: Path) -> Mapping[str, Answers]:
    """What it says of everything else, by group."""
    groups = group(read_strange_sets(data_dir, shipped.label_set, SHARE))
    return {name: ask(network, bitmaps) for name, bitmaps in groups.items()}


@pytest.mark.needs_data
def test_known_things_are_seldom_called_unknown(shipped: ShippedVersion, known: Answers) -> None:
    """The threshold was chosen to keep 95 % of drawings held back then; of these others it keeps about as many."""
    unknown = is_unknown(shipped.manifest.rejection, known.logits, known.bitmaps)

    assert 0.93 <= 1 - unknown.mean() <= 0.97


@pytest.mark.needs_data
@pytest.mark.parametrize(
    ("name", "min_area"),
    [
        ("photos", 0.99),
        ("photos with a margin", 0.98),
        ("noise", 0.99),
        ("noise with a margin", 0.99),
        ("scribbles", 0.97),
        ("digits", 0.97),
        ("digits by our pen", 0.97),
        ("drawings of other things", 0.96),
        ("drawings of things never seen", 0.945),
    ],
)
def test_what_is_strange_is_told_from_what_is_known(
    shipped: ShippedVersion, known: Answers, strange: Mapping[str, Answers], name: str, min_area: float
) -> None:
    """How often a strange picture is stranger to it than a known one (AUROC)."""
    rejection = shipped.manifest.rejection

    area = measure_area(score(rejection, known), score(rejection, strange[name]))

    assert area >= min_area


@pytest.mark.needs_data
def test_photos_and_noise_are_called_unknown(shipped: ShippedVersion, strange: Mapping[str, Answers]) -> None:
    """Not only in theory: at the manifest's threshold hardly one gets by."""
    for name in ("photos", "noise", "noise with a margin"):
        answers = strange[name]
        assert is_unknown(shipped.manifest.rejection, answers.logits, answers.bitmaps).mean() >= 0.99, name


def test_what_no_pen_draws_is_unknown_without_any_data(shipped: ShippedVersion) -> None:
    """Blank paper, full ink and a chessboard, whatever the network says of them."""
    height, width = shipped.manifest.input.height, shipped.manifest.input.width
    board = 255 * (np.indices((height, width)).sum(axis=0) % 2)
    pictures = np.stack([np.zeros((height, width)), np.full((height, width), 255), board]).astype(np.uint8)
    sure = np.full((3, len(shipped.manifest.labels)), 30, np.float32)

    assert is_unknown(shipped.manifest.rejection, sure, pictures).all()


@pytest.mark.needs_data
def test_a_delta_does_not_lose_it(
    shipped: ShippedVersion,
    known: Answers,
    strange: Mapping[str, Answers],
    splits: tuple[LabelledBitmaps, LabelledBitmaps],
) -> None:
    """After drawings made in a new way it still tells strange from known; its new threshold keeps at least as many."""
    network, names = shipped.build(), ("digits", "drawings of other things", "drawings of things never seen")

    after = train(shipped, network, splits[0], CHANGES["a quarter turned"], 0)

    rejection, again = after.manifest.rejection, ask(network, known.bitmaps)
    assert 1 - is_unknown(rejection, again.logits, again.bitmaps).mean() >= 0.93
    for name in names:
        before = measure_area(score(rejection, known), score(rejection, strange[name]))
        now = measure_area(score(rejection, again), score(rejection, ask(network, strange[name].bitmaps)))
        assert now >= before - 0.03, name


@pytest.mark.needs_data
def test_the_benchmark_runs(
    data_dir: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The table in docs/accuracy.md can be made again."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))

    status = main(["--quick", "--kinds"])

    printed = capsys.readouterr().out
    assert status == 0
    assert "| drawings of things never seen |" in printed
    assert "| noise, blots |" in printed
