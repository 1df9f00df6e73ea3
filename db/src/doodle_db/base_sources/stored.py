"""The database as a source: accepted doodles, some at a time, with their ids."""

from collections.abc import Iterator
from typing import Literal

import numpy as np
from sqlalchemy import Connection, select

from doodle_db.base_sources.drawings import ROWS_AT_ONCE, Drawings
from doodle_db.label_sets import LabelSet
from doodle_db.tables import doodles

Whose = Literal["all", "base", "user"]


def read_stored(connection: Connection, label_set: LabelSet, whose: Whose) -> Iterator[Drawings]:
    """
    Read accepted doodles in the order of ids: of one moment, and mixed, since ids are random.

    Nothing tells whose a doodle is.

    Args:
        connection: over psycopg2, not in gevent's mode; its statement timeout must leave time to sort.
        label_set: doodles of other labels or shapes are left out.
        whose: base data, users' doodles, or both.
    """
    rule = [
        doodles.c.status == "accepted",
        doodles.c.label.in_(label_set.names),
        doodles.c.height == label_set.height,
        doodles.c.width == label_set.width,
        *([] if whose == "all" else [doodles.c.source == whose]),
    ]
    columns = (doodles.c.label, doodles.c.bitmap, doodles.c.strokes, doodles.c.id)
    streamed = connection.execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
    for rows in streamed.execute(select(*columns).where(*rule).order_by(doodles.c.id)).partitions(ROWS_AT_ONCE):
        pixels = np.frombuffer(b"".join(bytes(row.bitmap) for row in rows), np.uint8)
        yield Drawings(
            [row.label for row in rows],
            pixels.reshape(len(rows), label_set.height, label_set.width),
            [row.strokes for row in rows],
            [row.id for row in rows],
        )
