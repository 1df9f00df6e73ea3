"""What was screened out, and what operators have decided about it."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    SmallInteger,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.tables.doodle_tables import doodles
from doodle_db.tables.schema import metadata

screenings = Table(
    "screenings",
    metadata,
    # Of each doodle that a run has screened out, the latest decision, and of each that an operator has picked in the
    # gallery, that it was. What nothing speaks against and nobody has decided about has no row.
    Column("doodle", Uuid, ForeignKey("doodle_ids.id", ondelete="CASCADE"), primary_key=True),
    # When the doodle was stored: where it lies, and its place in the list of reviews.
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("numbers", JSONB, nullable=False),
    Column("suggestion", Text),
    Column("run", Uuid, ForeignKey("runs.key", ondelete="SET NULL")),
    # The version of the rules: whoever compares decisions must know whether they were made alike.
    Column("screener", SmallInteger, nullable=False),
    Column("screened_at", DateTime(timezone=True), nullable=False),
    # The review that stands; without one the decision above does.
    Column("review", BigInteger, ForeignKey("reviews.review", ondelete="SET NULL")),
    CheckConstraint("outcome IN ('quarantined', 'unused', 'picked')", name="outcome_is_known"),
    CheckConstraint(
        "reason IN ('label', 'unknown', 'contributor', 'duplicate', 'share', 'operator')", name="reason_is_known"
    ),
    # Once nobody's decision stands any more, what was picked is as any other doodle again: it has no row.
    CheckConstraint("(outcome = 'picked') = (reason = 'operator')", name="operators_pick"),
    CheckConstraint("char_length(words) BETWEEN 1 AND 500", name="words_are_given"),
    CheckConstraint("jsonb_typeof(numbers) = 'object'", name="numbers_are_an_object"),
    CheckConstraint("char_length(suggestion) BETWEEN 1 AND 40", name="suggestion_is_bounded"),
    # A page of reviews reads no more than it shows; and what is screened again is found without reading the rest.
    Index("screenings_open", "outcome", "created_at", "doodle", postgresql_where=text("review IS NULL")),
    Index("screenings_reviewed", "created_at", "doodle", postgresql_where=text("review IS NOT NULL")),
)
# A restore inserts doodles first: their triggers fill doodle_ids.
screenings.add_is_dependent_on(doodles)

reviews = Table(
    "reviews",
    metadata,
    # Everything operators have decided about doodles, also what was undone.
    Column("review", BigInteger, Identity(always=True), primary_key=True),
    Column("doodle", Uuid, ForeignKey("doodle_ids.id", ondelete="CASCADE"), nullable=False),
    Column("action", Text, nullable=False),
    # What an undo goes back to: the doodle as it was before anybody had decided.
    Column("label_before", Text, nullable=False),
    Column("status_before", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("operator", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reviewed_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("action IN ('accept', 'reject', 'relabel', 'undo')", name="action_is_known"),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
    Index("reviews_by_doodle", "doodle"),
)
reviews.add_is_dependent_on(doodles)
