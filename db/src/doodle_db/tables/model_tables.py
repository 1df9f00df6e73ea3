"""Models: the versions there are, the history of what was live, and what operators have decided about both."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Table,
    Text,
    Uuid,
    event,
    func,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import ExecutableDDLElement

from doodle_db.tables.schema import VERSION_RULE, metadata

models = Table(
    "models",
    metadata,
    Column("version", Text, primary_key=True),
    Column("label_set", Text, nullable=False),
    Column("parent_version", Text),
    Column("run", Uuid, ForeignKey("runs.key")),
    # What is read most often stands in columns of the manifest's content; the rest stays in it.
    Column("manifest", JSONB, nullable=False),
    Column("watermark", BigInteger, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint(f"version {VERSION_RULE}", name="version_is_a_content_hash"),
    CheckConstraint("manifest->>'version' = version", name="manifest_is_its_own"),
)

deployments = Table(
    "deployments",
    metadata,
    Column("deployment", BigInteger, Identity(always=True), primary_key=True),
    Column("version", Text, ForeignKey("models.version"), nullable=False),
    Column("previous_deployment", BigInteger, ForeignKey("deployments.deployment")),
    Column("kind", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("kind IN ('publish', 'deploy', 'rollback')", name="kind_is_known"),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
    # Compare-and-set: two deployments cannot follow the same one, so nobody overwrites what they have not seen.
    Index("deployments_follow_each_other", "previous_deployment", unique=True, postgresql_nulls_not_distinct=True),
    # Asked with every doodle that is stored: whether the version that guessed had been live by then.
    Index("deployments_by_version", "version", "created_at"),
)

# History is the audit: the database itself refuses to change or drop it.
_DEPLOYMENTS_APPEND_ONLY: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped upstream
    """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER deployments_append_only BEFORE UPDATE OR DELETE ON deployments
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER deployments_keep_all BEFORE TRUNCATE ON deployments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """.replace("%", "%%")
)
event.listen(deployments, "after_create", _DEPLOYMENTS_APPEND_ONLY)

pins = Table(
    "pins",
    metadata,
    Column("pin", BigInteger, Identity(always=True), primary_key=True),
    # The newest row holds: while it is true, runs make nothing live by themselves.
    Column("pinned", Boolean, nullable=False),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
)

_PINS_APPEND_ONLY: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped upstream
    """
    CREATE TRIGGER pins_append_only BEFORE UPDATE OR DELETE ON pins
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER pins_keep_all BEFORE TRUNCATE ON pins
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """
)
event.listen(metadata, "after_create", _PINS_APPEND_ONLY)

shadows = Table(
    "shadows",
    metadata,
    Column("shadow", BigInteger, Identity(always=True), primary_key=True),
    # The newest row holds: the version that open pages ask besides the live one; empty: none.
    Column("version", Text, ForeignKey("models.version")),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
)

_SHADOWS_APPEND_ONLY: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped upstream
    """
    CREATE TRIGGER shadows_append_only BEFORE UPDATE OR DELETE ON shadows
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER shadows_keep_all BEFORE TRUNCATE ON shadows
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
    """
)
event.listen(metadata, "after_create", _SHADOWS_APPEND_ONLY)

deletions = Table(
    "deletions",
    metadata,
    # The row of models stays: the history and its children name the version. Its files are gone, or about to be.
    Column("version", Text, ForeignKey("models.version"), primary_key=True),
    Column("actor", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Empty while files may still be there: whoever was to remove them was stopped.
    Column("files_removed_at", DateTime(timezone=True)),
    CheckConstraint("char_length(reason) BETWEEN 1 AND 500", name="reason_is_given"),
)
