"""The rows of a table as files of bounded size, and back: COPY's text format, which every PostgreSQL reads."""

import gzip
import hashlib
import io
from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, text

from doodle_db.backups.catalog import find_doodle_column
from doodle_db.backups.record import Part, TableCopy

PART_BYTES = 16 * 2**20
"""Rows of one part before they are compressed: what a backup or a restore holds in memory."""

COMPRESSION = 1
"""Of zlib: 136 MB/s of drawings at 1, 53 MB/s at 6 for a seventh less."""

WritePart = Callable[[str, bytes], None]


class PartWriter:
    """
    Takes the rows COPY sends, one a call, and writes them as parts.

    Attributes:
        parts: those written.
    """

    def __init__(self, table: str, write: WritePart) -> None:
        """
        Args:
            table: whose rows.
            write: stores a part under its name.
        """
        self.parts: list[Part] = []
        self._table = table
        self._store = write
        self._rows: list[bytes] = []
        self._size_bytes = 0

    def write(self, row: bytes) -> None:
        """Take a row; COPY calls this."""
        self._rows.append(bytes(row))
        self._size_bytes += len(row)
        if self._size_bytes >= PART_BYTES:
            self.finish_part()

    def finish_part(self) -> None:
        """Write what has been taken since the last part, if anything."""
        if not self._rows:
            return
        name = f"{self._table}-{len(self.parts) + 1:05}.copy.gz"
        # Without a time, so that the same rows are the same file.
        content = gzip.compress(b"".join(self._rows), COMPRESSION, mtime=0)
        self._store(name, content)
        sha256 = hashlib.sha256(content).hexdigest()
        self.parts.append(Part(name=name, num_rows=len(self._rows), size_bytes=len(content), sha256=sha256))
        self._rows, self._size_bytes = [], 0


def copy_out(connection: Connection, table: str, columns: list[str], write: WritePart) -> list[Part]:
    """
    Write a table's rows as parts, but those about a doodle that is not there: of a dropped month ids and decisions are
    left until they are cleared up, and could not be restored without it.

    Args:
        connection: what it sees is what is written.
        table: and its partitions.
        columns: in this order.
        write: stores a part under its name.
    """
    writer = PartWriter(table, write)
    rows = f"SELECT {', '.join(columns)} FROM {table}"  # noqa: S608  # names from the catalogue
    doodle = find_doodle_column(connection, table)
    if doodle is not None:
        rows += f" WHERE EXISTS (SELECT FROM doodles WHERE doodles.id = {table}.{doodle})"
    with _cursor(connection) as cursor:
        # One row a call: libpq's PQgetCopyData never gives more or less.
        cursor.copy_expert(f"COPY ({rows}) TO STDOUT", writer)
    writer.finish_part()
    return writer.parts


def copy_in(connection: Connection, copy: TableCopy, rows: bytes) -> int:
    """
    Insert the rows of one part; of those about doodles, those whose doodle is there: see copy_out, which was not always
    so strict.

    Args:
        connection: with an open transaction; what the rows are about has been inserted.
        copy: what table and columns they are of.
        rows: in COPY's text format.

    Returns:
        How many rows the database has read.
    """
    doodle = find_doodle_column(connection, copy.table)
    if doodle is None:
        return _read_into(connection, copy.table, copy.columns, rows)
    names = ", ".join(copy.columns)
    every = f"SELECT {names} FROM"
    connection.execute(text(f"CREATE TEMPORARY TABLE aside AS {every} {copy.table} WITH NO DATA"))
    num_read = _read_into(connection, "aside", copy.columns, rows)
    is_there = f"EXISTS (SELECT FROM doodle_ids WHERE doodle_ids.id = aside.{doodle})"
    # Overriding: with their own numbers, as COPY inserts them.
    insert = f"INSERT INTO {copy.table} ({names}) OVERRIDING SYSTEM VALUE {every} aside WHERE {is_there}"
    connection.execute(text(insert))
    connection.execute(text("DROP TABLE aside"))
    return num_read


def _read_into(connection: Connection, table: str, columns: list[str], rows: bytes) -> int:
    with _cursor(connection) as cursor:
        cursor.copy_expert(f"COPY {table} ({', '.join(columns)}) FROM STDIN", io.BytesIO(rows), 2**20)
        return int(cursor.rowcount)


def _cursor(connection: Connection) -> Any:
    return connection.connection.cursor()
