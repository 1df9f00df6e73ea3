"""Drawings by binary COPY: the same pixels in the same order as a SELECT, and nothing of another shape."""

import numpy as np
import pytest
from sqlalchemy import Engine, Select, SmallInteger, Text, cast, column, func, select, values

from doodle_db.binary_rows import read_drawings

FIRST, SECOND = bytes(range(6)), bytes(range(6, 12))


def rows_of(*rows: tuple[int, bytes]) -> "Select[tuple[int, bytes]]":
    """Give a statement with these rows."""
    hexadecimal = [(label, bitmap.hex()) for label, bitmap in rows]
    given = values(column("label", SmallInteger), column("bitmap", Text), name="given").data(hexadecimal)
    return select(cast(given.c.label, SmallInteger), func.decode(given.c.bitmap, "hex"))


def test_rows_and_pixels_keep_their_order(engine: Engine) -> None:
    """Row-major in, row-major out."""
    with engine.connect() as connection:
        bitmaps, labels = read_drawings(connection, rows_of((3, FIRST), (0, SECOND)), 2, 3)

    assert bitmaps.tolist() == [[[0, 1, 2], [3, 4, 5]], [[6, 7, 8], [9, 10, 11]]]
    assert labels.tolist() == [3, 0]
    assert not bitmaps.flags.writeable


def test_a_row_of_another_shape_is_refused(engine: Engine) -> None:
    """Bytes of another shape never shift the drawings behind them, however they add up."""
    with engine.connect() as connection, pytest.raises(ValueError, match=r"2 x 3|element size"):
        read_drawings(connection, rows_of((1, FIRST + b"\0"), (1, SECOND[:-1])), 2, 3)


def test_no_rows_are_an_empty_batch(engine: Engine) -> None:
    """A run without replay is no special case."""
    with engine.connect() as connection:
        bitmaps, labels = read_drawings(connection, rows_of((1, FIRST)).limit(0), 2, 3)

    assert (bitmaps.shape, labels.shape) == ((0, 2, 3), (0,))
    assert bitmaps.dtype == np.uint8
