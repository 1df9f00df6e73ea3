"""A folder of `<label>.npy`, or of Quick, Draw!'s `full_numpy_bitmap_<label>.npy`: bitmaps, a file a label."""

from collections.abc import Iterator
from pathlib import Path

from doodle_db.base_sources.array_files import open_array, read_rows, require_bitmaps
from doodle_db.base_sources.drawings import ROWS_AT_ONCE, Drawings, plain_drawings, same_label
from doodle_db.errors import NotFoundError
from doodle_db.label_sets import LabelSet

PUBLIC_PREFIX = "full_numpy_bitmap_"
"""How Google names the files of the public data set (googlecreativelab/quickdraw-dataset)."""


def read_npy(place: Path, label_set: LabelSet) -> Iterator[Drawings]:
    """
    Read bitmaps, label by label; see drawings.Reader.

    Args:
        place: a folder with a file for every label, or one label's file.
        label_set: which labels, and the shape of a drawing.
    """
    for label in label_set.names:
        if place.is_dir() or label_of(place, label_set) == label:
            yield from _read_file(find_file(place, label) if place.is_dir() else place, label, label_set)


def find_file(folder: Path, label: str) -> Path:
    """
    Find a label's file.

    Raises:
        NotFoundError: there is none under any of its names.
    """
    words = (label, label.replace("_", " "), label.replace(" ", "_"))
    names = [f"{prefix}{word}.npy" for prefix in ("", PUBLIC_PREFIX) for word in words]
    found = next((folder / name for name in names if (folder / name).is_file()), None)
    if found is None:
        raise NotFoundError(
            f"There is no {label}.npy in {folder}; base data is one <label>.npy or {PUBLIC_PREFIX}<label>.npy a label, "
            "or a .npz, .ndjson or .tfrecord file."
        )
    return found


def label_of(path: Path, label_set: LabelSet) -> str | None:
    """Tell which label's bitmaps a file holds, by its name; None: of none in the set."""
    word = same_label(path.name.removesuffix(".npy").removeprefix(PUBLIC_PREFIX))
    return next((label for label in label_set.names if same_label(label) == word), None)


def _read_file(path: Path, label: str, label_set: LabelSet) -> Iterator[Drawings]:
    with path.open("rb") as file:
        array = open_array(file, path.name, path.stat().st_size)
        require_bitmaps(array, label_set.height, label_set.width)
        for rows in read_rows(array, ROWS_AT_ONCE):
            bitmaps = rows.reshape(-1, label_set.height, label_set.width)
            yield plain_drawings((label,) * len(bitmaps), bitmaps)
