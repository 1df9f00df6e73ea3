"""
TFRecords: each a tf.train.Example with what is known of one drawing; as many files as wanted, told by their names.

    label, bitmap    bytes: the label's name, UTF-8; height x width bytes, row-major, 0 paper, 255 full ink
    height, width    integers, in pixels
    strokes          bytes, if known: JSON, as Quick, Draw!'s
    id               16 bytes, if written from a database: the drawing keeps its split
"""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from uuid import UUID

import numpy as np

from doodle_db.base_sources.drawings import ROWS_AT_ONCE, Drawings
from doodle_db.base_sources.examples import Value, decode, encode
from doodle_db.base_sources.record_files import read_records, write_records
from doodle_db.errors import InvalidError, NotFoundError
from doodle_db.ink import InkError, InkStrokes, validate_ink
from doodle_db.label_sets import LabelSet

_SHARD = re.compile(r"(?P<name>.*?)-(?P<index>\d{5})-of-(?P<number>\d{5})")

_Row = tuple[str, bytes, InkStrokes | None, UUID | None]


def is_tfrecord(name: str) -> bool:
    """
    Tell a file of TFRecords by its name.

    >>> is_tfrecord("a.tfrecord"), is_tfrecord("a.tfrecord-00000-of-00002"), is_tfrecord("a.npy")
    (True, True, False)
    """
    return name.endswith(".tfrecord") or bool(re.fullmatch(r".*\.tfrecord-\d{5}-of-\d{5}", name))


def read_tfrecord(place: Path, label_set: LabelSet) -> Iterator[Drawings]:
    """
    Read a file, or all of a folder's; see drawings.Reader.

    Args:
        place: a file, or a folder in which none of `…-00000-of-00010…` may lack.
        label_set: which labels, and the shape of a drawing.
    """
    for path in find_shards(place) if place.is_dir() else [place]:
        with path.open("rb") as file:
            number = 0
            for records in read_records(file, path.name, ROWS_AT_ONCE):
                places = [f"{path.name}, record {number + index}" for index in range(1, len(records) + 1)]
                rows = [_read_example(*each, label_set) for each in zip(records, places, strict=True)]
                yield _to_drawings([row for row in rows if row[0] in label_set.names], label_set)
                number += len(records)


def find_shards(folder: Path) -> list[Path]:
    """
    List a folder's files of TFRecords, in the order of names.

    Raises:
        NotFoundError: one of several that belong together is not there.
    """
    paths = sorted(path for path in folder.glob("*") if is_tfrecord(path.name))
    there: dict[tuple[str, int], set[int]] = {}
    for path in paths:
        if match := _SHARD.match(path.name):
            there.setdefault((match["name"], int(match["number"])), set()).add(int(match["index"]))
    for (name, number), indexes in there.items():
        lacking = set(range(number)) - indexes
        if lacking:
            raise NotFoundError(f"There is no {name}-{min(lacking):05}-of-{number:05} in {folder}; fetch all {number}.")
    return paths


def write_tfrecord(batches: Iterator[Drawings], folder: Path, rows_per_shard: int) -> int:
    """
    Write drawings in their order, so many to a file: the same drawings always make the same files.

    Args:
        batches: the drawings.
        folder: is there, and empty.
        rows_per_shard: drawings in each file but the last.

    Returns:
        How many drawings.
    """
    num_rows, shards = 0, list[Path]()
    for batch in batches:
        records = encode_drawings(batch)
        while records:
            if num_rows == len(shards) * rows_per_shard:
                shards.append(folder / f"part-{len(shards):05}")
            some = records[: len(shards) * rows_per_shard - num_rows]
            with shards[-1].open("ab") as file:
                write_records(file, some)
            num_rows += len(some)
            records = records[len(some) :]
    for index, shard in enumerate(shards):
        shard.rename(folder / f"drawings-{index:05}-of-{len(shards):05}.tfrecord")
    return num_rows


def encode_drawings(batch: Drawings) -> list[bytes]:
    """Encode drawings as tf.train.Example, one record each."""
    return [_write_example(batch, row) for row in range(len(batch))]


def _write_example(batch: Drawings, row: int) -> bytes:
    bitmap, strokes, name = batch.bitmaps[row], batch.strokes[row], batch.ids[row]
    height, width = bitmap.shape
    features: dict[str, Value] = {
        "label": batch.labels[row].encode(),
        "bitmap": bitmap.tobytes(),
        "height": height,
        "width": width,
    }
    if strokes is not None:
        features["strokes"] = json.dumps(strokes, separators=(",", ":")).encode()
    if name is not None:
        features["id"] = name.bytes
    return encode(features)


def _read_example(record: bytes, where: str, label_set: LabelSet) -> _Row:
    try:
        features = decode(record)
    except ValueError as fault:
        raise InvalidError(f"{where} is no tf.train.Example ({fault}).") from fault
    label, bitmap = _bytes_of(features, "label", where), _bytes_of(features, "bitmap", where)
    shape = (features.get("height"), features.get("width"))
    if shape != (label_set.height, label_set.width) or len(bitmap) != label_set.height * label_set.width:
        raise InvalidError(
            f"{where}: height, width and bitmap are {shape[0]!r}, {shape[1]!r} and {len(bitmap)} bytes; "
            f"{label_set.height} x {label_set.width} was expected."
        )
    return label.decode("utf-8", "replace"), bitmap, _strokes_of(features, where), _id_of(features, where)


def _bytes_of(features: Mapping[str, Value], name: str, where: str) -> bytes:
    value = features.get(name)
    if not isinstance(value, bytes):
        raise InvalidError(f"{where} has no {name}; one value of bytes was expected.")
    return value


def _strokes_of(features: Mapping[str, Value], where: str) -> InkStrokes | None:
    if "strokes" not in features:
        return None
    try:
        return validate_ink(json.loads(_bytes_of(features, "strokes", where)))
    except (ValueError, RecursionError, InkError) as fault:
        raise InvalidError(f"{where}: strokes are none ({fault}).") from fault


def _id_of(features: Mapping[str, Value], where: str) -> UUID | None:
    if "id" not in features:
        return None
    content = _bytes_of(features, "id", where)
    if len(content) != 16:
        raise InvalidError(f"{where}: id has {len(content)} bytes; 16 were expected.")
    return UUID(bytes=content)


def _to_drawings(rows: list[_Row], label_set: LabelSet) -> Drawings:
    pixels = np.frombuffer(b"".join(bitmap for _, bitmap, _, _ in rows), np.uint8)
    return Drawings(
        [label for label, *_ in rows],
        pixels.reshape(len(rows), label_set.height, label_set.width),
        [strokes for _, _, strokes, _ in rows],
        [name for *_, name in rows],
    )
