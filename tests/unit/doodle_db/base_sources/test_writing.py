"""Files of one format from files of another: bit for bit what it was, and back."""

import hashlib
import tracemalloc
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

import numpy as np
import pytest

from doodle_db.base_sources import Drawings, ndjson, npy, npz, read_drawings, tfrecord
from doodle_db.base_sources.drawings import plain_drawings
from doodle_db.base_sources.places import Format
from doodle_db.base_sources.writing import write_dataset
from doodle_db.errors import ConflictError, InvalidError, NotFoundError
from doodle_db.ink import InkStrokes, rasterise
from doodle_db.label_sets import load_label_set
from doodle_testing.builders import LABEL_SET

DIGITS = load_label_set("digits")
NUM = 25


@pytest.fixture(autouse=True)
def few_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (npy, npz, ndjson, tfrecord):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 4)


def strokes_of(row: int) -> InkStrokes:
    return [[[0, 10 * row, 255], [row, 255, 0]], [[7], [row]]]


def some_drawings(*, with_strokes: bool = True, with_ids: bool = True, num: int = NUM) -> Drawings:
    """Labels in turn; the second is blank, the third is there twice: nothing of it is a conversion's business."""
    bitmaps = np.stack([rasterise(strokes_of(row), 28, 28) for row in range(num)])
    bitmaps[1], bitmaps[3] = 0, bitmaps[2]
    return Drawings(
        [LABEL_SET.names[row % 6] for row in range(num)],
        bitmaps,
        [strokes_of(row) if with_strokes and row % 2 == 0 else None for row in range(num)],
        [UUID(int=row) if with_ids and row % 3 else None for row in range(num)],
    )


def in_batches(drawings: Drawings, size: int) -> Iterator[Drawings]:
    for start in range(0, len(drawings), size):
        part = slice(start, start + size)
        yield Drawings(drawings.labels[part], drawings.bitmaps[part], drawings.strokes[part], drawings.ids[part])


def joined(batches: Iterator[Drawings]) -> Drawings:
    parts = list(batches)
    return Drawings(
        [label for part in parts for label in part.labels],
        np.concatenate([part.bitmaps for part in parts]),
        [strokes for part in parts for strokes in part.strokes],
        [name for part in parts for name in part.ids],
    )


def hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def assert_same(found: Drawings, expected: Drawings) -> None:
    assert list(found.labels) == list(expected.labels)
    assert list(found.strokes) == list(expected.strokes)
    assert list(found.ids) == list(expected.ids)
    np.testing.assert_array_equal(found.bitmaps, expected.bitmaps)


def test_tfrecords_keep_everything(tmp_path: Path) -> None:
    """Labels, bitmaps, strokes and ids, in their order, whether known or not."""
    num_rows = write_dataset(in_batches(some_drawings(), 7), tmp_path / "out", "tfrecord", LABEL_SET)

    assert num_rows == NUM
    assert_same(joined(read_drawings(tmp_path / "out", LABEL_SET)), some_drawings())


def test_shards_do_not_depend_on_how_the_drawings_came(tmp_path: Path) -> None:
    """Same drawings, same files: whatever the batches, and on every machine."""
    for size in (1, 7, 100):
        write_dataset(in_batches(some_drawings(), size), tmp_path / str(size), "tfrecord", LABEL_SET, 10)

    names = [f"drawings-0000{index}-of-00003.tfrecord" for index in range(3)]
    assert sorted(hashes(tmp_path / "1")) == names
    assert hashes(tmp_path / "1") == hashes(tmp_path / "7") == hashes(tmp_path / "100")
    assert [len(joined(read_drawings(tmp_path / "7" / name, LABEL_SET))) for name in names] == [10, 10, 5]
    assert_same(joined(read_drawings(tmp_path / "7", LABEL_SET)), some_drawings())


def test_npy_to_tfrecords_and_back(tmp_path: Path) -> None:
    """The very files it began with."""
    (tmp_path / "npy").mkdir()
    for index, label in enumerate(LABEL_SET.names):
        rows = np.random.default_rng(index).integers(0, 256, (5 + index, 784), np.uint8)
        np.save(tmp_path / "npy" / f"{label}.npy", rows)

    write_dataset(read_drawings(tmp_path / "npy", LABEL_SET), tmp_path / "tf", "tfrecord", LABEL_SET, 8)
    write_dataset(read_drawings(tmp_path / "tf", LABEL_SET), tmp_path / "back", "npy", LABEL_SET)

    assert hashes(tmp_path / "back") == hashes(tmp_path / "npy")


def test_npz_to_tfrecords_and_back(tmp_path: Path) -> None:
    """The same arrays in the same order; MNIST's parts stand one after the other."""
    random = np.random.default_rng(0)
    arrays = {"x_train": random.integers(0, 256, (9, 28, 28), np.uint8), "y_train": random.integers(0, 10, 9)}
    arrays |= {"x_test": random.integers(0, 256, (6, 28, 28), np.uint8), "y_test": random.integers(0, 10, 6)}
    np.savez_compressed(tmp_path / "mnist.npz", **arrays)  # type: ignore[arg-type]

    write_dataset(read_drawings(tmp_path / "mnist.npz", DIGITS), tmp_path / "tf", "tfrecord", DIGITS, 8)
    write_dataset(read_drawings(tmp_path / "tf", DIGITS), tmp_path / "one", "npz", DIGITS)
    write_dataset(read_drawings(tmp_path / "one", DIGITS), tmp_path / "two", "npz", DIGITS)

    with np.load(tmp_path / "one" / "drawings.npz", allow_pickle=False) as back:
        np.testing.assert_array_equal(back["x"], np.concatenate([arrays["x_train"], arrays["x_test"]]))
        np.testing.assert_array_equal(back["y"], np.concatenate([arrays["y_train"], arrays["y_test"]]))
    assert hashes(tmp_path / "two") == hashes(tmp_path / "one")


def test_labels_that_are_words_stay_words_in_npz(tmp_path: Path) -> None:
    """An index would mean another label in another set."""
    write_dataset(in_batches(some_drawings(), 7), tmp_path / "out", "npz", LABEL_SET)

    found = joined(read_drawings(tmp_path / "out", LABEL_SET))

    assert_same(found, some_drawings(with_strokes=False, with_ids=False))


def test_ndjson_to_tfrecords_and_back(tmp_path: Path) -> None:
    """Strokes stay as they are, and bitmaps are theirs."""
    lines = [f'{{"word":"cat","drawing":{strokes_of(row)}}}\n'.replace(" ", "") for row in range(NUM)]
    (tmp_path / "cats.ndjson").write_text("".join(lines))

    write_dataset(read_drawings(tmp_path / "cats.ndjson", LABEL_SET), tmp_path / "tf", "tfrecord", LABEL_SET, 8)
    write_dataset(read_drawings(tmp_path / "tf", LABEL_SET), tmp_path / "back", "ndjson", LABEL_SET)

    assert (tmp_path / "back" / "drawings.ndjson").read_text() == "".join(lines)


def test_bitmaps_have_no_strokes_to_write(tmp_path: Path) -> None:
    """The message says which formats would do; nothing half-written stays."""
    with pytest.raises(InvalidError, match=r"Drawing 2 \(cat\) is known as a bitmap only"):
        write_dataset(in_batches(some_drawings(), 7), tmp_path / "out", "ndjson", LABEL_SET)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("form", ["npy", "npz", "ndjson", "tfrecord"])
def test_no_drawings_make_no_folder(tmp_path: Path, form: Format) -> None:
    """An empty data set would only be noticed by who trains on it."""
    with pytest.raises(NotFoundError, match="no drawing of bird"):
        write_dataset(iter([]), tmp_path / "out", form, LABEL_SET)

    assert list(tmp_path.iterdir()) == []


def test_what_is_there_is_never_overwritten(tmp_path: Path) -> None:
    """What a killed conversion left is."""
    (tmp_path / "out").mkdir()
    (tmp_path / ".new.new").mkdir()
    (tmp_path / ".new.new" / "part-00000").write_text("half")

    with pytest.raises(ConflictError, match="is there already"):
        write_dataset(in_batches(some_drawings(), 7), tmp_path / "out", "tfrecord", LABEL_SET)
    write_dataset(in_batches(some_drawings(), 7), tmp_path / "new", "tfrecord", LABEL_SET)

    assert sorted(path.name for path in tmp_path.iterdir()) == ["new", "out"]
    assert_same(joined(read_drawings(tmp_path / "new", LABEL_SET)), some_drawings())


@pytest.mark.parametrize("form", ["npy", "npz", "tfrecord"])
def test_memory_does_not_grow_with_the_drawings(tmp_path: Path, form: Format, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five times as many drawings are written and read in the memory of the first; so would a million be."""
    for module in (npy, npz, tfrecord):
        monkeypatch.setattr(module, "ROWS_AT_ONCE", 500)
    peaks = []
    for num_batches in (2, 10):
        batches = (plain_drawings(["cat"] * 500, np.full((500, 28, 28), 7, np.uint8)) for _ in range(num_batches))
        folder = tmp_path / f"{form}-{num_batches}"
        tracemalloc.start()
        write_dataset(batches, folder, form, LABEL_SET)
        num_read = sum(len(batch) for batch in read_drawings(folder, LABEL_SET))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert num_read == num_batches * 500

    assert peaks[1] < 1.2 * peaks[0]
