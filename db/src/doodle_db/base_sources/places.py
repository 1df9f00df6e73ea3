"""Where base data lies: the format of a file or folder, told by names, and its drawings."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Literal

from doodle_db.base_sources.drawings import Drawings, Reader
from doodle_db.base_sources.ndjson import read_ndjson
from doodle_db.base_sources.npy import find_file, label_of, read_npy
from doodle_db.base_sources.npz import read_npz
from doodle_db.base_sources.tfrecord import is_tfrecord, read_tfrecord
from doodle_db.errors import InvalidError, NotFoundError
from doodle_db.label_sets import LabelSet

Format = Literal["npy", "npz", "ndjson", "tfrecord"]

_READERS: dict[Format, Reader] = {"npy": read_npy, "npz": read_npz, "ndjson": read_ndjson, "tfrecord": read_tfrecord}


def read_drawings(place: Path, label_set: LabelSet, *, recognized_only: bool = False) -> Iterator[Drawings]:
    """
    Read the drawings of a label set from wherever they lie; see drawings.Reader.

    Args:
        place: a file, or a folder whose files of the one format in it are read in the order of names.
        label_set: which labels, and the shape of a drawing.
        recognized_only: leave out what Quick, Draw!'s own network did not recognise; for ndjson.

    Raises:
        NotFoundError: nothing is there that could be read.
        InvalidError: a file is not what it should be, or the folder holds several formats.
    """
    form = find_format(place, label_set)
    if recognized_only and form != "ndjson":
        raise InvalidError(f"Only ndjson tells which drawings were recognized, and {place} is {form}.")
    reader: Reader = partial(read_ndjson, recognized_only=True) if recognized_only else _READERS[form]
    # A file of these is one of several that belong together, and their readers know which.
    is_read_whole = place.is_file() or form in {"npy", "tfrecord"}
    for path in [place] if is_read_whole else sorted(place.glob(f"*.{form}")):
        yield from reader(path, label_set)


def find_format(place: Path, label_set: LabelSet) -> Format:
    """
    Tell what a file or folder holds.

    Raises:
        NotFoundError: there is nothing, or nothing of ours.
        InvalidError: the folder holds several formats.
    """
    names = [place.name] if place.is_file() else [path.name for path in place.glob("*")]
    found = [form for form in _READERS if any(_is_of(name, form, label_set) for name in names)]
    if len(found) > 1:
        raise InvalidError(f"{place} holds {' and '.join(found)}; name the file, or a folder of one format.")
    if not found and place.is_file():
        raise InvalidError(
            f"{place.name} is no .npz, .ndjson, .tfrecord or <label>.npy of a label in {label_set.name}."
        )
    if not found:
        find_file(place, label_set.names[0])
        raise NotFoundError(f"There is no base data in {place}.")
    return found[0]


def _is_of(name: str, form: Format, label_set: LabelSet) -> bool:
    if form == "tfrecord":
        return is_tfrecord(name)
    is_ending = name.endswith(f".{form}")
    return is_ending and (form != "npy" or label_of(Path(name), label_set) is not None)
