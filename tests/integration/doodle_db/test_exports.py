"""Exports: a file that our own readers read again, with all that was there and in its order."""

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pytest
from sqlalchemy import Engine

from doodle_cli.base_import import import_base_data
from doodle_db.base_sources import read_drawings
from doodle_db.doodles import Doodle, store_doodles
from doodle_db.engine import connect_to
from doodle_db.errors import InvalidError
from doodle_db.exports import Export, ExportFormat, open_export, open_snapshot
from doodle_db.gallery import GalleryFilter
from doodle_testing.builders import LABEL_SET, SOMEBODY
from doodle_testing.drawings import generate_doodles

NUM_DOODLES = 60
EVERYTHING = GalleryFilter()


@pytest.fixture
def drawn(engine: Engine) -> list[Doodle]:
    """In the order in which they came; the third is a picture only."""
    drawn = [
        replace(each, contributor=SOMEBODY, guess="cat") for each in generate_doodles(LABEL_SET, NUM_DOODLES, Random(3))
    ]
    drawn[2] = replace(drawn[2], strokes=None)
    for each in drawn:
        with engine.begin() as connection:
            store_doodles(connection, [each])
    return drawn


def export(engine: Engine, form: ExportFormat, wanted: GalleryFilter = EVERYTHING) -> tuple[Export, bytes]:
    with open_snapshot(engine) as connection:
        opened = open_export(connection, wanted, form, LABEL_SET)
        return opened, b"".join(opened.chunks)


def test_ndjson_is_quick_draws(engine: Engine, drawn: list[Doodle], tmp_path: Path) -> None:
    """One a line, with its strokes; what has none is left out, and counted. Read again, the bitmaps are the same."""
    opened, content = export(engine, "ndjson")

    with_strokes = [each for each in drawn if each.strokes]
    lines = [json.loads(line) for line in content.splitlines()]
    assert [line["key_id"] for line in lines] == [str(each.id) for each in with_strokes]
    assert {line["recognized"] for line in lines if line["word"] == "cat"} == {True}
    assert {line["recognized"] for line in lines if line["word"] == "dog"} == {False}
    assert (opened.num_doodles, opened.num_left_out) == (NUM_DOODLES - 1, 1)
    (tmp_path / "doodles.ndjson").write_bytes(content)
    (read,) = read_drawings(tmp_path / "doodles.ndjson", LABEL_SET)
    assert list(read.labels) == [each.label for each in with_strokes]
    assert [bitmap.tobytes() for bitmap in read.bitmaps] == [each.bitmap for each in with_strokes]


def test_tfrecords_hold_all_that_is_known(engine: Engine, drawn: list[Doodle], tmp_path: Path) -> None:
    """Also what has no strokes; with ids, so that each keeps its split."""
    opened, content = export(engine, "tfrecord")

    (tmp_path / "doodles.tfrecord").write_bytes(content)
    (read,) = read_drawings(tmp_path / "doodles.tfrecord", LABEL_SET)
    assert opened.num_doodles == NUM_DOODLES
    assert list(read.ids) == [each.id for each in drawn]
    assert list(read.strokes) == [each.strokes for each in drawn]
    assert [bitmap.tobytes() for bitmap in read.bitmaps] == [each.bitmap for each in drawn]


def test_npy_is_one_labels(engine: Engine, drawn: list[Doodle]) -> None:
    """As Quick, Draw!'s bitmaps; its size is known at once. Without a label nobody could tell what it holds."""
    opened, content = export(engine, "npy", GalleryFilter(label="cat"))

    array = np.load(io.BytesIO(content), allow_pickle=False)
    cats = [each.bitmap for each in drawn if each.label == "cat"]
    assert (array.dtype, array.shape) == (np.uint8, (len(cats), 784))
    assert [row.tobytes() for row in array] == cats
    assert opened.size_bytes == len(content)
    with pytest.raises(InvalidError) as refused:
        export(engine, "npy")
    assert refused.value.field == "label"


def test_an_export_can_be_imported(postgres: Any, engine: Engine, drawn: list[Doodle], tmp_path: Path) -> None:
    """As base data of another installation; none is lost."""
    (tmp_path / "doodles.ndjson").write_bytes(export(engine, "ndjson")[1])
    other_url = postgres.create_database("migrated")

    other = connect_to(other_url)
    imported = import_base_data(other, tmp_path / "doodles.ndjson", LABEL_SET)
    other.dispose()

    assert sum(each.num_stored for each in imported) == len({each.bitmap for each in drawn if each.strokes})
    postgres.drop_database(other_url)


def test_it_is_read_as_it_is_sent(engine: Engine, drawn: list[Doodle], monkeypatch: pytest.MonkeyPatch) -> None:
    """A few at a time; what changes meanwhile does not change it, so that the number told is right."""
    monkeypatch.setattr("doodle_db.exports.ROWS_AT_ONCE", 7)
    with open_snapshot(engine) as connection:
        opened = open_export(connection, GalleryFilter(), "ndjson", LABEL_SET)
        chunks: Iterator[bytes] = opened.chunks
        assert len(next(chunks).splitlines()) == 7
        with engine.begin() as other:
            other.exec_driver_sql("DELETE FROM doodles")

        rest = list(chunks)

    assert max(len(each.splitlines()) for each in rest) == 7
    assert 7 + sum(len(each.splitlines()) for each in rest) == opened.num_doodles


def test_the_gallerys_filters_hold(engine: Engine, drawn: list[Doodle]) -> None:
    """A label, wrong guesses, whatever was rejected."""
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE doodles SET status = 'rejected' WHERE label = 'dog'")

    assert export(engine, "tfrecord", GalleryFilter(label="fish"))[0].num_doodles == NUM_DOODLES // 6
    assert export(engine, "tfrecord", GalleryFilter(is_wrong=True))[0].num_doodles == NUM_DOODLES * 4 // 6
    assert export(engine, "tfrecord", GalleryFilter(status="rejected"))[0].num_doodles == NUM_DOODLES // 6
