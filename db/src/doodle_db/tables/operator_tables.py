"""Operators, and how they are signed in."""

from sqlalchemy import CheckConstraint, Column, DateTime, ForeignKey, LargeBinary, Table, Text, func

from doodle_db.tables.schema import metadata

operators = Table(
    "operators",
    metadata,
    Column("name", Text, primary_key=True),
    # SHA-256 of a token of 256 random bits: nothing to guess, so no slow hash is needed.
    Column("token_hash", LargeBinary, nullable=False, unique=True),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("octet_length(token_hash) = 32", name="token_is_hashed"),
)

operator_sessions = Table(
    "operator_sessions",
    metadata,
    # A one-time code until it is used, then the hash of the cookie that took its place.
    Column("secret_hash", LargeBinary, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("operator", Text, ForeignKey("operators.name", ondelete="CASCADE"), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("kind IN ('code', 'cookie')", name="kind_is_known"),
    CheckConstraint("octet_length(secret_hash) = 32", name="secret_is_hashed"),
)
