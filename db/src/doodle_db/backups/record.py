"""backup.json: what a backup holds; written last, so that a backup is there as a whole or not at all."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from doodle_db.errors import BackupError
from doodle_db.manifest import Version

RECORD_NAME = "backup.json"
NAME_FORMAT = "%Y%m%dT%H%M%SZ"
"""A backup is called after the second it was begun in, in UTC: names sort by age."""

Identifier = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,62}$")]
"""A table's or column's name, as it goes into SQL: nothing in it needs quoting."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(_Frozen):
    """Some rows of a table: a gzip file of PostgreSQL's COPY in text format; hash and size are the file's."""

    name: str = Field(pattern=r"^[a-z][a-z0-9_]{0,62}-[0-9]{5}\.copy\.gz$")
    num_rows: int = Field(ge=1)
    size_bytes: int = Field(ge=1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class TableCopy(_Frozen):
    """
    The rows of a table.

    `columns` stand in the order of the rows; the last ones are the `transaction_columns`: they hold numbers that mean
    something in one cluster only, and are rewritten for another.
    """

    table: Identifier
    columns: list[Identifier]
    transaction_columns: list[Identifier]
    parts: list[Part]

    @property
    def num_rows(self) -> int:
        """How many rows there are."""
        return sum(part.num_rows for part in self.parts)


class Partition(_Frozen):
    """A partition, and which rows it takes, as PostgreSQL writes it."""

    name: Identifier
    parent: Identifier
    bound: str = Field(pattern=r"^(DEFAULT|FOR VALUES [^;]+)$")


class Counter(_Frozen):
    """The number an identity column has given last."""

    table: Identifier
    column: Identifier
    last_value: int


class BackupRecord(_Frozen):
    """
    What a backup holds, and what a restore must know.

    Attributes:
        name: when it was begun, see NAME_FORMAT.
        created_at: the same, as a time.
        schema_revision: of the migrations; rows fit this schema.
        postgres_version: of the server, for people.
        transactions_before: every transaction number in the backup is at most this one.
        tables: in an order that foreign keys allow.
        partitions: those that hold rows, parents first.
        counters: of identity columns.
        versions: whose files lie beside, below `versions/`.
        missing_versions: registered ones whose files the artifact store had lost already.
        contributor_key_check: tells whether a key is the one that contributors were hashed with; None: not known.
    """

    format_version: Literal[1]
    name: str = Field(pattern=r"^[0-9]{8}T[0-9]{6}Z$")
    created_at: datetime
    schema_revision: str
    postgres_version: str
    transactions_before: int
    tables: list[TableCopy]
    partitions: list[Partition]
    counters: list[Counter]
    versions: list[Version]
    missing_versions: list[Version]
    contributor_key_check: str | None

    @property
    def size_bytes(self) -> int:
        """How large the copies of tables are; versions are shared between backups and not counted."""
        return sum(part.size_bytes for table in self.tables for part in table.parts)

    def num_rows_of(self, table: str) -> int:
        """How many rows of a table there are."""
        return sum(copy.num_rows for copy in self.tables if copy.table == table)


def parse_record(content: bytes) -> BackupRecord:
    """
    Read backup.json.

    Raises:
        BackupError: it is damaged, or of a newer release.
    """
    try:
        return BackupRecord.model_validate_json(content)
    except ValidationError as invalid:
        first = invalid.errors()[0]
        field = ".".join(str(part) for part in first["loc"])
        raise BackupError(f"{RECORD_NAME}: {field}: {first['msg']}", field=field) from invalid
