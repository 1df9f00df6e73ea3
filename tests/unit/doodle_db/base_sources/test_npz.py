"""MNIST's archive: all of its drawings whichever part they stand in, and nothing that is not what it should be."""

import io
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from doodle_db.base_data import read_base_batches, read_base_data
from doodle_db.base_sources import npz
from doodle_db.base_sources.npz import read_npz
from doodle_db.errors import InvalidError, NotFoundError
from doodle_db.label_sets import load_label_set

DIGITS = load_label_set("digits")


def bitmaps(num: int, seed: int = 0) -> NDArray[np.uint8]:
    return np.random.default_rng(seed).integers(0, 256, (num, 28, 28), dtype=np.uint8)


def as_npy(array: NDArray[Any]) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def test_all_parts_are_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Which drawings train and which test is told by their content, not by the part of the file."""
    monkeypatch.setattr(npz, "ROWS_AT_ONCE", 4)
    train, test = bitmaps(10), bitmaps(5, 1)
    np.savez_compressed(
        tmp_path / "m.npz",
        x_train=train,
        y_train=np.arange(10),
        x_test=test,
        y_test=np.array([7, 7, 3, 0, 1], np.uint8),
    )

    batches = list(read_npz(tmp_path / "m.npz", DIGITS))

    assert [len(batch) for batch in batches] == [4, 4, 2, 4, 1]
    assert [label for batch in batches for label in batch.labels] == list("012345678977301")
    np.testing.assert_array_equal(np.concatenate([each.bitmaps for each in batches]), np.concatenate([train, test]))


def test_labels_may_be_words(tmp_path: Path) -> None:
    """Drawings of labels that are not in the set are left out."""
    np.savez(tmp_path / "m.npz", x=bitmaps(3).reshape(3, 784), y=np.array(["1", "cat", "9"]))

    (batch,) = read_npz(tmp_path / "m.npz", DIGITS)

    assert list(batch.labels) == ["1", "9"]
    np.testing.assert_array_equal(batch.bitmaps, bitmaps(3)[[0, 2]])


def test_labels_of_no_kind_of_the_set_are_said(tmp_path: Path) -> None:
    """Digits are no animals."""
    np.savez(tmp_path / "m.npz", x=bitmaps(3), y=np.arange(3))

    with pytest.raises(NotFoundError, match="no drawing of bird, cat"):
        list(read_base_batches(tmp_path / "m.npz", load_label_set("animals")))


@pytest.mark.parametrize(
    ("arrays", "words"),
    [
        ({"x": bitmaps(2)}, "holds .*'x'.*; x and y, or x_train"),
        ({"a": bitmaps(2)}, "x and y, or x_train"),
        ({"x": bitmaps(2), "y": np.arange(3)}, r"m\.npz: y is int64 \(3,\); the labels of 2 drawings"),
        ({"x": bitmaps(2), "y": np.arange(2.0)}, "as integers or as text"),
        ({"x": bitmaps(2), "y": np.array(["1", None], object)}, "holds Python objects"),
        ({"x": bitmaps(2)[:, :27], "y": np.arange(2)}, r"m\.npz: x is uint8 \(2, 27, 28\)"),
        ({"x": bitmaps(2) / 255.0, "y": np.arange(2)}, "x is float64"),
    ],
)
def test_what_is_no_mnist_is_refused(tmp_path: Path, arrays: dict[str, NDArray[Any]], words: str) -> None:
    """File and array are named."""
    np.savez(tmp_path / "m.npz", allow_pickle=True, **arrays)

    with pytest.raises(InvalidError, match=words):
        list(read_npz(tmp_path / "m.npz", DIGITS))


def test_what_is_packed_is_never_unpacked_whole(tmp_path: Path) -> None:
    """A bomb announces its size, and is refused by that; one that lies about it is no array of that size."""
    with zipfile.ZipFile(tmp_path / "m.npz", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.npy", as_npy(np.ones((1, 784), np.uint8)) + bytes(50_000_000))
        archive.writestr("y.npy", as_npy(np.arange(1)))
    assert (tmp_path / "m.npz").stat().st_size < 60_000

    with pytest.raises(InvalidError, match=r"m\.npz: x has 50000912 bytes; uint8 \(1, 784\) makes 912"):
        list(read_npz(tmp_path / "m.npz", DIGITS))


def test_a_size_beyond_all_drawings_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Before the first byte is unpacked."""
    monkeypatch.setattr(npz, "MAX_UNPACKED_BYTES", 1000)
    np.savez_compressed(tmp_path / "m.npz", x=bitmaps(2), y=np.arange(2))

    with pytest.raises(InvalidError, match="x unpacks to 1696 bytes; at most 1000"):
        list(read_npz(tmp_path / "m.npz", DIGITS))


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    """By its checksums, wherever the damage is; a cut-off one by its lacking end."""
    np.savez_compressed(tmp_path / "m.npz", x=bitmaps(20), y=np.arange(20) % 10)
    sound = (tmp_path / "m.npz").read_bytes()
    for place in range(100, len(sound) // 2, 1999):
        (tmp_path / "m.npz").write_bytes(sound[:place] + bytes([sound[place] ^ 1]) + sound[place + 1 :])
        with pytest.raises(InvalidError, match=r"m\.npz"):
            list(read_npz(tmp_path / "m.npz", DIGITS))
    (tmp_path / "m.npz").write_bytes(sound[:-30])
    with pytest.raises(InvalidError, match="no sound npz"):
        list(read_npz(tmp_path / "m.npz", DIGITS))


@pytest.mark.needs_data
def test_mnist_is_drawn_as_our_bitmaps_are(data_dir: Path) -> None:
    """White ink on black paper, upright, not lying on its side."""
    digits = {each.label: each.bitmaps for each in read_base_data(data_dir / "mnist", DIGITS)}

    assert sum(len(each) for each in digits.values()) == 70_000
    assert all(each[:, 0, 0].max() == 0 and each.max() == 255 for each in digits.values())
    ones, sevens = digits["1"].mean(axis=0), digits["7"].mean(axis=0)
    assert (ones.max(axis=1) > 50).sum() > 1.5 * (ones.max(axis=0) > 50).sum()
    assert (sevens[:14] > 60).sum() > 1.2 * (sevens[14:] > 60).sum()
