"""Searches: what is to be tried. Their trials are runs, and say so in columns of their own (run_tables)."""

from sqlalchemy import Boolean, CheckConstraint, Column, DateTime, Index, Integer, SmallInteger, Table, Text, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.tables.schema import metadata, optional_time

searches = Table(
    "searches",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("name", Text, nullable=False, server_default=""),
    Column("method", Text, nullable=False),
    # Every property, as it was asked for or kept from before.
    Column("configuration", JSONB, nullable=False),
    Column("pruning", Boolean, nullable=False),
    Column("priority", SmallInteger, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Somebody does not want it to go on; empty again once it was resumed.
    optional_time("stopped_at"),
    Column("stopped_by", Text),
    # How many runs that have ended the sampler has been told of.
    Column("num_told", Integer, nullable=False, server_default="0"),
    CheckConstraint("char_length(name) <= 100", name="name_is_bounded"),
    CheckConstraint("method IN ('grid', 'random', 'tpe')", name="method_is_known"),
    CheckConstraint("jsonb_typeof(configuration) = 'object'", name="configuration_is_an_object"),
    CheckConstraint("priority BETWEEN -10 AND 10", name="priority_is_bounded"),
    CheckConstraint("char_length(reason) <= 500", name="reason_is_bounded"),
    CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stopped_by_somebody"),
    Index("searches_newest", "created_at"),
)
