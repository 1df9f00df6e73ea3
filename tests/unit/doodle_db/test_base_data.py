"""Base data keeps its ids, and so its split, whoever reads it and in whatever order."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.base_data import base_id, read_base_data
from doodle_db.errors import InvalidError, NotFoundError
from doodle_testing.builders import LABEL_SET


def write_base_data(folder: Path, num_rows: int = 3) -> None:
    num_pixels = LABEL_SET.height * LABEL_SET.width
    for index, name in enumerate(LABEL_SET.names):
        rows = np.random.default_rng(index).integers(0, 256, (num_rows, num_pixels), dtype=np.uint8)
        np.save(folder / f"{name}.npy", rows)


def test_every_label_is_read_in_its_shape(tmp_path: Path) -> None:
    """Rows become bitmaps of the label set's height and width."""
    write_base_data(tmp_path)

    drawings = list(read_base_data(tmp_path, LABEL_SET))

    assert [each.label for each in drawings] == list(LABEL_SET.names)
    assert {each.bitmaps.shape for each in drawings} == {(3, LABEL_SET.height, LABEL_SET.width)}


def test_an_id_depends_on_the_drawing_alone(tmp_path: Path) -> None:
    """A file in another order gives the same drawings the same ids: the holdout stays held out."""
    write_base_data(tmp_path)
    before = {
        name: bitmap.tobytes()
        for each in read_base_data(tmp_path, LABEL_SET)
        for name, bitmap in zip(each.ids, each.bitmaps, strict=True)
    }
    for name in LABEL_SET.names:
        rows = np.load(tmp_path / f"{name}.npy")
        np.save(tmp_path / f"{name}.npy", rows[::-1])

    after = {
        name: bitmap.tobytes()
        for each in read_base_data(tmp_path, LABEL_SET)
        for name, bitmap in zip(each.ids, each.bitmaps, strict=True)
    }

    assert after == before


def test_blank_and_repeated_rows_are_left_out(tmp_path: Path) -> None:
    """A drawing counts once, an empty page not at all."""
    write_base_data(tmp_path)
    rows = np.load(tmp_path / "cat.npy")
    np.save(tmp_path / "cat.npy", np.concatenate([rows, rows[:1], np.zeros_like(rows[:1])]))

    cats = next(each for each in read_base_data(tmp_path, LABEL_SET) if each.label == "cat")

    assert len(cats.ids) == 3
    assert cats.ids[0] == base_id("cat", rows[0].tobytes())


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """The message says which file was expected."""
    with pytest.raises(NotFoundError, match=r"bird\.npy"):
        list(read_base_data(tmp_path, LABEL_SET))


@pytest.mark.parametrize(
    "rows", [np.zeros((2, 783), np.uint8), np.zeros((2, 784), np.float32), np.zeros(784, np.uint8)]
)
def test_a_file_of_another_form_is_refused(tmp_path: Path, rows: NDArray[Any]) -> None:
    """Form is checked before a single drawing is used."""
    write_base_data(tmp_path)
    np.save(tmp_path / "bird.npy", rows)

    with pytest.raises(InvalidError, match=r"bird\.npy is"):
        list(read_base_data(tmp_path, LABEL_SET))


def test_a_pickle_in_disguise_is_not_executed(tmp_path: Path) -> None:
    """Nothing is ever executed from a data file."""
    write_base_data(tmp_path)
    np.save(tmp_path / "bird.npy", np.array([{"code": 1}], dtype=object), allow_pickle=True)

    with pytest.raises(InvalidError, match=r"bird\.npy holds Python objects"):
        list(read_base_data(tmp_path, LABEL_SET))
