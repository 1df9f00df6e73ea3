"""Our TFRecords are TensorFlow's: it reads what we write, we read what it writes, and the bytes are the same."""

import json
from pathlib import Path
from uuid import UUID

import numpy as np
import tensorflow as tf

from doodle_db.base_sources import Drawings, read_drawings
from doodle_db.base_sources.examples import decode, encode
from doodle_db.base_sources.writing import write_dataset
from doodle_testing.builders import LABEL_SET

STROKES = [[[0, 255], [0, 128]]]
NAME = UUID(int=300)


def drawings() -> Drawings:
    bitmaps = np.random.default_rng(0).integers(0, 256, (300, 28, 28), np.uint8)
    return Drawings(["cat", "dog", "fish"] * 100, bitmaps, [STROKES, None, None] * 100, [NAME, None, None] * 100)


def test_tensorflow_reads_what_we_write(tmp_path: Path) -> None:
    """With its own reader, which compares the checksums, and its own parser."""
    write_dataset(iter([drawings()]), tmp_path / "out", "tfrecord", LABEL_SET, 70)
    paths = sorted(map(str, (tmp_path / "out").iterdir()))
    wanted = {
        "label": tf.io.FixedLenFeature([], tf.string),
        "bitmap": tf.io.FixedLenFeature([], tf.string),
        "height": tf.io.FixedLenFeature([], tf.int64),
        "strokes": tf.io.FixedLenFeature([], tf.string, ""),
        "id": tf.io.FixedLenFeature([], tf.string, ""),
    }

    rows = [tf.io.parse_single_example(record, wanted) for record in tf.data.TFRecordDataset(paths)]

    assert len(paths) == 5
    assert [row["label"].numpy().decode() for row in rows] == drawings().labels
    pixels = np.stack([tf.io.decode_raw(row["bitmap"], tf.uint8).numpy() for row in rows])
    np.testing.assert_array_equal(pixels.reshape(-1, 28, 28), drawings().bitmaps)
    assert {int(row["height"]) for row in rows} == {28}
    assert json.loads(rows[0]["strokes"].numpy()) == STROKES
    assert rows[0]["id"].numpy() == NAME.bytes
    assert rows[1]["id"].numpy() == b""


def test_we_read_what_tensorflow_writes(tmp_path: Path) -> None:
    """Features of ours, beside others that we pass over."""
    expected = drawings()
    path = tmp_path / "theirs.tfrecord-00000-of-00001"
    with tf.io.TFRecordWriter(str(path)) as writer:
        for label, bitmap in zip(expected.labels, expected.bitmaps, strict=True):
            writer.write(to_example(label, bitmap.tobytes()).SerializeToString())

    (found,) = read_drawings(tmp_path, LABEL_SET)

    assert found.labels == expected.labels
    np.testing.assert_array_equal(found.bitmaps, expected.bitmaps)


def test_an_example_is_the_same_bytes() -> None:
    """Ours are protocol buffers' deterministic ones, for small numbers and large ones."""
    for number in (0, 1, 127, 128, 300, 2**31, 2**63 - 1):
        features = {"label": bytes_feature("cat"), "height": integer_feature(number)}
        theirs = tf.train.Example(features=tf.train.Features(feature=features))
        ours = encode({"label": b"cat", "height": number})

        assert ours == theirs.SerializeToString(deterministic=True)
        assert decode(ours) == {"label": b"cat", "height": number}


def to_example(label: str, bitmap: bytes) -> tf.train.Example:
    numbers = tf.train.Feature(float_list=tf.train.FloatList(value=[0.5, 1.5]))
    several = tf.train.Feature(int64_list=tf.train.Int64List(value=[1, 300]))
    features = {
        "label": bytes_feature(label),
        "bitmap": tf.train.Feature(bytes_list=tf.train.BytesList(value=[bitmap])),
        "height": integer_feature(28),
        "width": integer_feature(28),
        "numbers": numbers,
        "several": several,
        "none": tf.train.Feature(),
    }
    return tf.train.Example(features=tf.train.Features(feature=features))


def bytes_feature(text: str) -> tf.train.Feature:
    return tf.train.Feature(bytes_list=tf.train.BytesList(value=[text.encode()]))


def integer_feature(number: int) -> tf.train.Feature:
    return tf.train.Feature(int64_list=tf.train.Int64List(value=[number]))
