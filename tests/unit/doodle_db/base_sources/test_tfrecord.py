"""TFRecords that are not what they should be: refused with file and record, whatever the bytes."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import numpy as np
import pytest

from doodle_db.base_sources import read_drawings
from doodle_db.base_sources.drawings import plain_drawings
from doodle_db.base_sources.examples import Value, decode, encode
from doodle_db.base_sources.record_files import write_records
from doodle_db.base_sources.writing import write_dataset
from doodle_db.errors import InvalidError, NotFoundError
from doodle_testing.builders import LABEL_SET

SOUND: Mapping[str, Value] = {"label": b"cat", "bitmap": bytes(783) + b"\xff", "height": 28, "width": 28}


def write(path: Path, *examples: bytes) -> Path:
    with path.open("wb") as file:
        write_records(file, examples)
    return path


def test_drawings_of_other_labels_are_left_out(tmp_path: Path) -> None:
    """As in every format."""
    path = write(tmp_path / "a.tfrecord", encode(SOUND), encode({**SOUND, "label": b"zebra"}), encode(SOUND))

    assert [list(batch.labels) for batch in read_drawings(path, LABEL_SET)] == [["cat", "cat"]]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"height": 27}, "height, width and bitmap are 27, 28 and 784 bytes; 28 x 28"),
        ({"bitmap": bytes(783)}, "are 28, 28 and 783 bytes"),
        ({"bitmap": 3}, "has no bitmap"),
        ({"label": 3}, "has no label"),
        ({"strokes": b"[[[0],[256]]]"}, r"strokes are none \(strokes\[0\] ys\[0\] is 256"),
        ({"strokes": b"["}, "strokes are none"),
        ({"id": b"short"}, "id has 5 bytes; 16"),
    ],
)
def test_a_record_that_is_no_drawing_is_named(tmp_path: Path, changes: Mapping[str, Value], words: str) -> None:
    """File, record and feature."""
    path = write(tmp_path / "a.tfrecord", encode(SOUND), encode({**SOUND, **changes}))

    with pytest.raises(InvalidError, match=rf"a\.tfrecord, record 2.*{words}"):
        list(read_drawings(path, LABEL_SET))


def test_every_changed_byte_is_noticed(tmp_path: Path) -> None:
    """Lengths and contents have checksums; so has a file that was cut off anywhere but between two records."""
    path = write(tmp_path / "a.tfrecord", encode(SOUND), encode(SOUND))
    sound = path.read_bytes()
    random = Random(1)
    for place in [*range(16), *random.sample(range(len(sound)), 60)]:
        path.write_bytes(sound[:place] + bytes([sound[place] ^ 1 << random.randrange(8)]) + sound[place + 1 :])
        with pytest.raises(InvalidError, match=r"a\.tfrecord, record [12]"):
            list(read_drawings(path, LABEL_SET))
    for size in random.sample(range(1, len(sound) // 2), 20):
        path.write_bytes(sound[:size])
        with pytest.raises(InvalidError, match=r"record 1"):
            list(read_drawings(path, LABEL_SET))


def test_whatever_an_example_holds_it_is_read_or_refused(tmp_path: Path) -> None:
    """Right checksums prove nothing about what is in between."""
    random = Random(2)
    sound = encode({**SOUND, "bitmap": b"\x01\x02"})
    for _ in range(2_000):
        damaged = bytearray(sound)
        for _ in range(random.randint(1, 3)):
            damaged[random.randrange(len(damaged))] = random.randrange(256)
        try:
            features = decode(bytes(damaged))
        except ValueError:
            continue
        assert all(isinstance(value, bytes | int) for value in features.values())


def test_a_shard_that_lacks_is_named(tmp_path: Path) -> None:
    """A part of a data set must not pass for the whole."""
    drawings = plain_drawings(["cat"] * 5, np.ones((5, 28, 28), np.uint8))
    write_dataset(iter([drawings]), tmp_path / "out", "tfrecord", LABEL_SET, 2)
    (tmp_path / "out" / "drawings-00001-of-00003.tfrecord").unlink()

    with pytest.raises(NotFoundError, match=r"There is no drawings-00001-of-00003 in .*fetch all 3"):
        list(read_drawings(tmp_path / "out", LABEL_SET))


def test_a_packed_file_is_refused_in_words(tmp_path: Path) -> None:
    """gzip's first bytes are no length."""
    (tmp_path / "a.tfrecord").write_bytes(b"\x1f\x8b\x08\x00" + bytes(30))

    with pytest.raises(InvalidError, match="record 1 has no sound length; is this a TFRecord file, and not packed"):
        list(read_drawings(tmp_path / "a.tfrecord", LABEL_SET))
