"""Bitmaps in .npy: read some rows at a time, refused before a row is read where the file is not what it says."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from doodle_db.base_sources import npy, read_drawings
from doodle_db.base_sources.npy import label_of, read_npy
from doodle_db.errors import InvalidError, NotFoundError
from doodle_db.label_sets import Label, LabelSet
from doodle_testing.builders import LABEL_SET

CLOCKS = LabelSet(
    name="clocks",
    labels=(Label("alarm_clock", "an alarm clock", "⏰"), Label("clock", "a clock", "🕐")),
    height=28,
    width=28,
    channels=1,
    base_data="clocks",
)


def rows(num: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (num, 784), dtype=np.uint8)


def test_rows_come_some_at_a_time_and_unchanged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large a file is, no more of it is in memory; together it is the file, bit for bit."""
    monkeypatch.setattr(npy, "ROWS_AT_ONCE", 4)
    np.save(tmp_path / "cat.npy", rows(10))

    batches = list(read_npy(tmp_path / "cat.npy", LABEL_SET))

    assert [len(batch) for batch in batches] == [4, 4, 2]
    assert set().union(*(batch.labels for batch in batches)) == {"cat"}
    np.testing.assert_array_equal(np.concatenate([each.bitmaps for each in batches]).reshape(10, 784), rows(10))


@pytest.mark.parametrize("name", ["alarm_clock", "full_numpy_bitmap_alarm clock", "full_numpy_bitmap_alarm_clock"])
def test_the_public_data_sets_names_are_known(tmp_path: Path, name: str) -> None:
    """Files may stay as they were downloaded."""
    np.save(tmp_path / f"{name}.npy", rows(2))
    np.save(tmp_path / "clock.npy", rows(3, 1))

    read = list(read_drawings(tmp_path, CLOCKS))

    assert [(batch.labels[0], len(batch)) for batch in read] == [("alarm_clock", 2), ("clock", 3)]
    assert label_of(tmp_path / f"{name}.npy", CLOCKS) == "alarm_clock"


def test_one_labels_file_is_enough(tmp_path: Path) -> None:
    """A file that is named by itself brings its label, and no other is missed."""
    np.save(tmp_path / "clock.npy", rows(3))

    assert [batch.labels[0] for batch in read_drawings(tmp_path / "clock.npy", CLOCKS)] == ["clock"]


def test_a_file_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    """The size is compared before a row is used."""
    np.save(tmp_path / "cat.npy", rows(3))
    content = (tmp_path / "cat.npy").read_bytes()
    (tmp_path / "cat.npy").write_bytes(content[:-1])

    with pytest.raises(InvalidError, match=r"cat\.npy has 2479 bytes; uint8 \(3, 784\) makes 2480"):
        list(read_npy(tmp_path / "cat.npy", LABEL_SET))


def test_fortrans_order_is_refused(tmp_path: Path) -> None:
    """Its rows do not lie one after the other."""
    np.save(tmp_path / "cat.npy", np.asfortranarray(rows(3)))

    with pytest.raises(InvalidError, match=r"cat\.npy lies in Fortran's order"):
        list(read_npy(tmp_path / "cat.npy", LABEL_SET))


@pytest.mark.filterwarnings("ignore:Reading `.npy`")
def test_a_damaged_header_is_refused_in_words(tmp_path: Path) -> None:
    """Whatever stands in the first bytes, the answer is drawings of the right shape or one line that names the file."""
    np.save(tmp_path / "cat.npy", rows(2))
    sound = (tmp_path / "cat.npy").read_bytes()
    random = Random(1)
    for _ in range(300):
        damaged = bytearray(sound)
        for _ in range(random.randint(1, 4)):
            damaged[random.randrange(128)] = random.randrange(256)
        (tmp_path / "cat.npy").write_bytes(damaged)
        try:
            batches = list(read_npy(tmp_path / "cat.npy", LABEL_SET))
        except InvalidError as refused:
            assert "cat.npy" in str(refused)  # noqa: PT017  # either way out is right
        else:
            assert sum(len(batch) for batch in batches) == 2


def test_several_formats_in_a_folder_are_not_guessed_at(tmp_path: Path) -> None:
    """Which one is meant is the user's to say."""
    np.save(tmp_path / "cat.npy", rows(2))
    (tmp_path / "drawings.ndjson").write_text("")

    with pytest.raises(InvalidError, match="holds npy and ndjson; name the file"):
        list(read_drawings(tmp_path, LABEL_SET))


def test_a_file_of_no_format_is_refused(tmp_path: Path) -> None:
    """The message names what would have been one."""
    (tmp_path / "cat.jpg").write_bytes(b"...")

    with pytest.raises(InvalidError, match=r"cat\.jpg is no \.npz"):
        list(read_drawings(tmp_path / "cat.jpg", LABEL_SET))
    with pytest.raises(NotFoundError, match=r"no bird\.npy"):
        list(read_drawings(tmp_path, LABEL_SET))
