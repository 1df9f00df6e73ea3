"""
Exports: users' doodles as one file, in the order in which they came: a later export begins as an earlier one did.

Read some at a time: what is held in memory does not grow with what there is. Nothing tells whose a doodle is.
"""

import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from typing import Any, Literal

import numpy as np
from sqlalchemy import ColumnElement, Connection, Engine, func, select, text

from doodle_db.base_sources.drawings import Drawings
from doodle_db.base_sources.ndjson import format_line
from doodle_db.base_sources.record_files import write_records
from doodle_db.base_sources.tfrecord import encode_drawings
from doodle_db.errors import InvalidError
from doodle_db.gallery import GalleryFilter, fits
from doodle_db.label_sets import LabelSet
from doodle_db.partitions import list_months
from doodle_db.tables import doodles

ExportFormat = Literal["ndjson", "npy", "tfrecord"]

ROWS_AT_ONCE = 500
"""Doodles in memory at a time: half a megabyte, and with long strokes some."""

MAX_IDLE = "60s"
"""Whoever does not take what was asked for is cut off: an open snapshot keeps dead rows from being cleared."""


@dataclass(frozen=True)
class Export:
    """
    What is to be sent.

    Attributes:
        num_doodles: in it.
        num_left_out: that would fit, but are known as bitmaps only, where strokes are written.
        chunks: the file; each is of ROWS_AT_ONCE doodles.
        size_bytes: of the file, where that is known.
    """

    num_doodles: int
    num_left_out: int
    chunks: Iterator[bytes]
    size_bytes: int | None = None


@contextmanager
def open_snapshot(engine: Engine) -> Iterator[Connection]:
    """Read as of one moment, for as long as it takes: nothing is locked, and nobody waits."""
    with engine.connect() as fresh:
        connection = fresh.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
        connection.execute(text(f"SET LOCAL idle_in_transaction_session_timeout = '{MAX_IDLE}'"))
        yield connection


def open_export(connection: Connection, wanted: GalleryFilter, form: ExportFormat, label_set: LabelSet) -> Export:
    """
    Count what is to be sent, and prepare to read it.

    Args:
        connection: of open_snapshot; it must stay open until the chunks are read.
        wanted: which doodles.
        form: ndjson as Quick, Draw!'s simplified drawings; npy as its bitmaps, of one label; tfrecord with all that is
            known.
        label_set: gives the bitmaps' shape; doodles of another one are left out.

    Raises:
        InvalidError: npy is asked for without a label, which the file could not tell.
    """
    if form == "npy" and wanted.label is None:
        raise InvalidError("npy holds bitmaps of one label; name it, or take ndjson or tfrecord.", field="label")
    rules = [*fits(wanted), doodles.c.height == label_set.height, doodles.c.width == label_set.width]
    times = _list_times(connection)
    num_all = _count(connection, rules, times)
    if form == "ndjson":
        rules = [*rules, doodles.c.strokes.is_not(None)]
        num = _count(connection, rules, times)
        return Export(num, num_all - num, _write_ndjson(_read(connection, rules, times)))
    batches = (_to_drawings(rows, label_set) for rows in _read(connection, rules, times))
    if form == "tfrecord":
        return Export(num_all, 0, map(_to_records, batches))
    num_pixels = label_set.height * label_set.width
    head = _npy_head(num_all, num_pixels)
    return Export(num_all, 0, _write_npy(head, batches), len(head) + num_all * num_pixels)


_Times = list[tuple[datetime | None, datetime | None]]


def _list_times(connection: Connection) -> _Times:
    """Cut all time into months, so that each statement reads one partition and ends in a few seconds."""
    months = [_begin(month) for month in list_months(connection)]
    return list(pairwise([None, *months, None]))


def _begin(month: date) -> datetime:
    return datetime(month.year, month.month, 1, tzinfo=UTC)


def _within(since: datetime | None, until: datetime | None) -> list[ColumnElement[bool]]:
    first = [] if since is None else [doodles.c.created_at >= since]
    return first if until is None else [*first, doodles.c.created_at < until]


def _count(connection: Connection, rules: list[ColumnElement[bool]], times: _Times) -> int:
    statements = (select(func.count()).select_from(doodles).where(*rules, *_within(*time)) for time in times)
    return sum(int(connection.execute(each).scalar_one()) for each in statements)


_READ = (
    doodles.c.id,
    doodles.c.label,
    doodles.c.bitmap,
    doodles.c.strokes,
    doodles.c.guess,
    doodles.c.created_at,
)


def _read(connection: Connection, rules: list[ColumnElement[bool]], times: _Times) -> Iterator[Sequence[Any]]:
    streamed = connection.execution_options(stream_results=True, max_row_buffer=ROWS_AT_ONCE)
    for time in times:
        in_order = select(*_READ).where(*rules, *_within(*time)).order_by(doodles.c.created_at, doodles.c.id)
        yield from streamed.execute(in_order).partitions(ROWS_AT_ONCE)


def _write_ndjson(batches: Iterator[Sequence[Any]]) -> Iterator[bytes]:
    """Name things as Quick, Draw! does; what it calls recognized is that its network's guess was the word."""
    for rows in batches:
        lines = (
            format_line(
                row.label,
                row.strokes,
                timestamp=row.created_at.isoformat(),
                recognized=row.guess == row.label,
                key_id=str(row.id),
            )
            for row in rows
        )
        yield "".join(lines).encode()


def _to_drawings(rows: Sequence[Any], label_set: LabelSet) -> Drawings:
    pixels = np.frombuffer(b"".join(bytes(row.bitmap) for row in rows), np.uint8)
    return Drawings(
        [row.label for row in rows],
        pixels.reshape(len(rows), label_set.height, label_set.width),
        [row.strokes for row in rows],
        [row.id for row in rows],
    )


def _to_records(batch: Drawings) -> bytes:
    file = io.BytesIO()
    write_records(file, encode_drawings(batch))
    return file.getvalue()


def _npy_head(num_rows: int, num_pixels: int) -> bytes:
    file = io.BytesIO()
    head = {"descr": "|u1", "fortran_order": False, "shape": (num_rows, num_pixels)}
    np.lib.format.write_array_header_1_0(file, head)
    return file.getvalue()


def _write_npy(head: bytes, batches: Iterator[Drawings]) -> Iterator[bytes]:
    yield head
    for batch in batches:
        yield batch.bitmaps.tobytes()
