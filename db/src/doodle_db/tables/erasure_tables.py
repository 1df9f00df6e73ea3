"""
Whose doodles were erased: that it was done, when and why, and of whom only until nothing of theirs is left.

Drawings that people have forgotten from their own page are worked off in the same way, under one row that goes when
nothing is left to do.
"""

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    Table,
    Text,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.tables.schema import metadata, optional_time

erasures = Table(
    "erasures",
    metadata,
    Column("erasure", BigInteger, Identity(always=True), primary_key=True),
    # Who it is about and since when they drew: needed to go on after a stop, forgotten at the end.
    Column("contributor", LargeBinary),
    optional_time("since"),
    Column("operator", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("num_doodles", BigInteger, nullable=False, server_default="0"),
    # Taken out of the runs' reports.
    Column("num_pictures", BigInteger, nullable=False, server_default="0"),
    # Versions that may have learnt from them, by name.
    Column("versions", JSONB, nullable=False, server_default="[]"),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # When the last doodle went; a run that had begun by then may still hold it.
    optional_time("emptied_at"),
    # Since when no report is known that holds a picture of theirs.
    optional_time("cleaned_at"),
    optional_time("finished_at"),
    # Single drawings, gone already, whose pictures are still looked for; nobody's in particular.
    Column("is_of_drawings", Boolean, nullable=False, server_default=text("false")),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
    # Whoever is erased is forgotten, and not before everything of theirs is.
    CheckConstraint(
        "is_of_drawings OR (finished_at IS NULL) = (contributor IS NOT NULL)",
        name="finished_is_forgotten",
    ),
    CheckConstraint("(since IS NULL) = (finished_at IS NOT NULL)", name="since_is_theirs"),
    # Who they are of was never known; and what is finished leaves no row.
    CheckConstraint("NOT is_of_drawings OR contributor IS NULL AND finished_at IS NULL", name="drawings_are_nobodys"),
    Index("erasures_open", "contributor", unique=True, postgresql_where=text("contributor IS NOT NULL")),
    Index("erasures_of_drawings", "is_of_drawings", unique=True, postgresql_where=text("is_of_drawings")),
)

erased_pictures = Table(
    "erased_pictures",
    metadata,
    # SHA-256 of bitmaps, by which their pictures are found in reports; gone when the erasure is finished.
    Column("erasure", BigInteger, ForeignKey("erasures.erasure", ondelete="CASCADE"), primary_key=True),
    Column("digest", LargeBinary, primary_key=True),
)
