"""A label the shipped version has never heard of is learnt on real drawings, and the others keep what they know."""

from pathlib import Path

import pytest

from benchmarks import new_label
from benchmarks.new_label import make_lessons, measure
from doodle_db.training_sets import LabelledBitmaps
from doodle_testing.shipped_version import ShippedVersion


@pytest.mark.needs_data
def test_a_new_label_costs_the_others_no_more_than_the_gate_allows(
    shipped: ShippedVersion, splits: tuple[LabelledBitmaps, LabelledBitmaps], data_dir: Path
) -> None:
    """Trees, which look like no animal, from 60 drawings: most are found, and base drawings lose less than a point."""
    (lesson,) = make_lessons(data_dir, shipped.label_set, "tree", (60,))

    trial = measure(shipped, splits, lesson)

    assert trial.found > 0.6
    assert trial.base_after > trial.base_before - 0.01
    assert trial.outcome == "published"


@pytest.mark.needs_data
def test_the_table_of_new_labels_can_be_made(
    capsys: pytest.CaptureFixture[str], data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The script that makes it still runs."""
    monkeypatch.setenv("DOODLE_DATA_DIR", str(data_dir))

    assert new_label.main(["--quick"]) == 0

    assert "| mouse | 60 |" in capsys.readouterr().out
