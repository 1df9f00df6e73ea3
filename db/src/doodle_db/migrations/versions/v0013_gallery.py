"""
The gallery's indexes, reviews of any doodle, and erasing a contributor; online.

The indexes are made partition by partition while everybody goes on (CREATE INDEX CONCURRENTLY, which a partitioned
table itself does not allow) and then put together. Every step finds out by itself whether it is done, so that one that
was killed goes on when it is started again. The code of the release before knows no decision about a doodle that
was not screened out, and leaves those that there are as they are.
"""

from alembic import op
from sqlalchemy import Connection, text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, execute_when_free

revision = "0013"
down_revision = "0012"

INDEXES = {
    "doodles_gallery": ("(created_at, id) WHERE source = 'user'", "created_at_id"),
    "doodles_not_accepted": (
        "(status, created_at, id) WHERE source = 'user' AND status <> 'accepted'",
        "status_created_at_id",
    ),
    "doodles_by_version": ("(model_version, created_at, id) WHERE source = 'user'", "model_version_created_at_id"),
    "doodles_by_name": (
        "((left(encode(sha256(contributor), 'hex'::text), 8)), created_at, id) WHERE source = 'user'",
        "left_created_at_id",
    ),
}
"""What each index holds, and how PostgreSQL calls its part in a partition, behind the partition's name."""


def upgrade() -> None:
    """Make the tables and the indexes, each as soon as it can be had without making anybody wait."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.execute(text("SET statement_timeout = 0"))
        if not _exists(connection, "erased_pictures"):
            execute_when_free(connection, BUILD)
        execute_when_free(connection, VALIDATE)
        for name, (holds, suffix) in INDEXES.items():
            _build_index(connection, name, holds, f"{suffix}_idx")
        # What it was for, doodles_by_name does; nothing else asks it.
        execute_when_free(connection, "DROP INDEX IF EXISTS doodles_by_contributor")
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("RESET statement_timeout"))


def _build_index(connection: Connection, name: str, holds: str, suffix: str) -> None:
    """Make an index of a partitioned table: the empty whole first, so that partitions made meanwhile have theirs."""
    for table, index in (("doodles", name), ("doodles_user", f"doodles_user_{suffix}")):
        if not _exists(connection, index):
            execute_when_free(connection, f"CREATE INDEX {index} ON ONLY {table} {holds}")
    _attach(connection, name, f"doodles_user_{suffix}")
    for partition in connection.execute(text(PARTITIONS)).scalars().all():
        parent = name if partition == "doodles_base" else f"doodles_user_{suffix}"
        if not _has_part(connection, parent, partition):
            _build_part(connection, f"{partition}_{suffix}", partition, holds)
            _attach(connection, parent, f"{partition}_{suffix}")


def _build_part(connection: Connection, index: str, partition: str, holds: str) -> None:
    if _exists(connection, index):
        # Killed while it was made, it may be half an index, which is of no use to anybody.
        execute_when_free(connection, f"DROP INDEX {index}")
    # Waits for whoever is writing, and keeps nobody waiting meanwhile.
    connection.execute(text("SET lock_timeout = 0"))
    connection.execute(text(f"CREATE INDEX CONCURRENTLY {index} ON {partition} {holds}"))
    connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))


def _attach(connection: Connection, parent: str, part: str) -> None:
    # Attached already, it stays so.
    execute_when_free(connection, f"ALTER INDEX {parent} ATTACH PARTITION {part}")


def _exists(connection: Connection, relation: str) -> bool:
    return bool(connection.execute(text("SELECT to_regclass(:name) IS NOT NULL"), {"name": relation}).scalar_one())


def _has_part(connection: Connection, parent: str, partition: str) -> bool:
    return bool(connection.execute(text(HAS_PART), {"parent": parent, "partition": partition}).scalar_one())


PARTITIONS = """
    SELECT relid::regclass::text FROM pg_partition_tree('doodles') WHERE isleaf ORDER BY 1
"""

HAS_PART = """
    SELECT EXISTS (
        SELECT FROM pg_inherits JOIN pg_index ON indexrelid = inhrelid
        WHERE inhparent = to_regclass(:parent) AND indrelid = to_regclass(:partition)
    )
"""

BUILD = """
    CREATE TABLE erasures (
        erasure BIGINT GENERATED ALWAYS AS IDENTITY,
        contributor BYTEA,
        since TIMESTAMP WITH TIME ZONE,
        operator TEXT NOT NULL,
        reason TEXT NOT NULL,
        num_doodles BIGINT DEFAULT '0' NOT NULL,
        num_pictures BIGINT DEFAULT '0' NOT NULL,
        versions JSONB DEFAULT '[]' NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        emptied_at TIMESTAMP WITH TIME ZONE,
        cleaned_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT erasures_pkey PRIMARY KEY (erasure),
        CONSTRAINT erasures_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500),
        CONSTRAINT erasures_finished_is_forgotten CHECK ((finished_at IS NULL) = (contributor IS NOT NULL)),
        CONSTRAINT erasures_since_is_theirs CHECK ((contributor IS NULL) = (since IS NULL))
    );
    CREATE UNIQUE INDEX erasures_open ON erasures (contributor) WHERE contributor IS NOT NULL;

    ALTER TABLE screenings DROP CONSTRAINT screenings_outcome_is_known;
    ALTER TABLE screenings ADD CONSTRAINT screenings_outcome_is_known
        CHECK (outcome IN ('quarantined', 'unused', 'picked')) NOT VALID;
    ALTER TABLE screenings DROP CONSTRAINT screenings_reason_is_known;
    ALTER TABLE screenings ADD CONSTRAINT screenings_reason_is_known
        CHECK (reason IN ('label', 'unknown', 'contributor', 'duplicate', 'share', 'operator')) NOT VALID;
    ALTER TABLE screenings ADD CONSTRAINT screenings_operators_pick
        CHECK ((outcome = 'picked') = (reason = 'operator')) NOT VALID;

    CREATE TABLE erased_pictures (
        erasure BIGINT NOT NULL,
        digest BYTEA NOT NULL,
        CONSTRAINT erased_pictures_pkey PRIMARY KEY (erasure, digest),
        CONSTRAINT erased_pictures_erasure_fkey FOREIGN KEY (erasure) REFERENCES erasures (erasure) ON DELETE CASCADE
    );
"""

VALIDATE = """
    ALTER TABLE screenings VALIDATE CONSTRAINT screenings_outcome_is_known;
    ALTER TABLE screenings VALIDATE CONSTRAINT screenings_reason_is_known;
    ALTER TABLE screenings VALIDATE CONSTRAINT screenings_operators_pick;
"""
