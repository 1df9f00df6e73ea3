"""Whether drawings are still what they were: what the workers have found."""

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Identity, Integer, Table, Text
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.tables.doodle_tables import doodles
from doodle_db.tables.schema import VERSION_RULE, metadata

LEVEL_RULE = "IN ('steady', 'watch', 'alert')"

drift_checks = Table(
    "drift_checks",
    metadata,
    # In the order in which they were made; the state after each goes on from the one before.
    Column("drift_check", BigInteger, Identity(always=True), primary_key=True),
    Column("state", Text, nullable=False),
    # What this check says by itself; the state follows when two in a row agree.
    Column("finding", Text, nullable=False),
    # The version that looked at the drawings; empty where there was none that could.
    Column("version", Text),
    Column("num_present", Integer, nullable=False),
    Column("num_reference", Integer, nullable=False),
    Column("present_from", DateTime(timezone=True), nullable=False),
    Column("present_to", DateTime(timezone=True), nullable=False),
    Column("reference_from", DateTime(timezone=True), nullable=False),
    Column("reference_to", DateTime(timezone=True), nullable=False),
    Column("measures", JSONB, nullable=False),
    # Both samples as shares and histograms, and ids of drawings to look at: ids only, so an erased one is gone.
    Column("pictures", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    CheckConstraint(f"state {LEVEL_RULE}", name="state_is_known"),
    CheckConstraint(f"finding {LEVEL_RULE}", name="finding_is_known"),
    CheckConstraint(f"version {VERSION_RULE}", name="version_is_a_version"),
    CheckConstraint("num_present >= 2 AND num_reference >= 2", name="samples_can_be_compared"),
    CheckConstraint("reference_to <= present_from", name="reference_comes_first"),
    CheckConstraint("jsonb_typeof(measures) = 'array'", name="measures_are_a_list"),
    CheckConstraint("jsonb_typeof(pictures) = 'object'", name="pictures_are_an_object"),
)
# It names doodles: a restore has them first.
drift_checks.add_is_dependent_on(doodles)
