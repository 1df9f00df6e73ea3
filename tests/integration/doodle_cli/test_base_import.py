"""Importing base data: every drawing once, however often and however far it got."""

from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import Engine, func, select

from doodle_cli import base_import
from doodle_cli.base_import import import_base_data
from doodle_db.errors import NotFoundError
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_db.tables import doodles

LABEL_SET = load_label_set("animals")
NUM_DRAWINGS = 7


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of base data: random drawings, the first of each label twice."""
    random = np.random.default_rng(1)
    for label in LABEL_SET.names:
        rows = random.integers(0, 256, (NUM_DRAWINGS, LABEL_SET.height * LABEL_SET.width), np.uint8)
        np.save(tmp_path / f"{label}.npy", np.vstack([rows, rows[:1]]))
    return tmp_path


def count_stored(engine: Engine) -> int:
    rule = (doodles.c.source == "base") & (doodles.c.status == "accepted")
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(doodles).where(rule)).scalar_one()


def run_import(engine: Engine, folder: Path, label_set: LabelSet = LABEL_SET) -> list[tuple[int, int]]:
    return [(each.num_drawings, each.num_stored) for each in import_base_data(engine, folder, label_set)]


def test_every_drawing_is_stored_once(engine: Engine, folder: Path) -> None:
    """A second import finds everything there."""
    first = run_import(engine, folder)
    second = run_import(engine, folder)

    assert first == [(NUM_DRAWINGS, NUM_DRAWINGS)] * 6
    assert second == [(NUM_DRAWINGS, 0)] * 6
    assert count_stored(engine) == 6 * NUM_DRAWINGS


def test_an_import_that_was_cut_off_is_completed(engine: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was stored before the missing file stays, and the next import goes on from there."""
    monkeypatch.setattr(base_import, "BATCH_SIZE", 3)
    (folder / "dog.npy").rename(folder / "away")
    with pytest.raises(NotFoundError, match=r"no dog\.npy"):
        run_import(engine, folder)
    assert count_stored(engine) == 2 * NUM_DRAWINGS
    (folder / "away").rename(folder / "dog.npy")

    assert run_import(engine, folder) == [(NUM_DRAWINGS, 0)] * 2 + [(NUM_DRAWINGS, NUM_DRAWINGS)] * 4
