"""
Doodles by month, one id once across them, and counts that are always right; online.

The table is copied into a new one while everybody goes on: a trigger mirrors what is written meanwhile, and at the
end the two change names. Every step finds out by itself whether it is done, so that a migration that was killed goes on
when it is started again. See docs/decisions/0017-partitions-and-rollups.md.
"""

from functools import partial

from alembic import op
from sqlalchemy import Connection, text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, when_free

revision = "0002"
down_revision = "0001"

PAGES_AT_ONCE = 200
"""Pages of 8 KiB copied in one transaction: about 1,400 doodles, whose labels cannot be corrected for as long."""

PAUSE_SECONDS = 0.5
"""Between two tries to have a lock."""


def upgrade() -> None:
    """Build the new tables beside the old one, fill them, change names."""
    with op.get_context().autocommit_block():
        connection = op.get_bind()
        connection.execute(text(f"SET lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.execute(text("SET statement_timeout = 0"))
        if not _is_swapped(connection):
            _fill_next(connection)
            when_free(partial(connection.execute, text(SWAP)), PAUSE_SECONDS)
        _drop_old(connection)
        connection.execute(text("RESET lock_timeout"))
        connection.execute(text("RESET statement_timeout"))


def _fill_next(connection: Connection) -> None:
    if not _exists(connection, "doodle_ids"):
        when_free(partial(connection.execute, text(BUILD)), PAUSE_SECONDS)
    # Before anything is written: a doodle on its way into the default while its month is attached is refused.
    if not _has_mirror(connection):
        _make_months(connection)
        when_free(partial(connection.execute, text(MIRROR)), PAUSE_SECONDS)
    _copy(connection)
    _check(connection)
    # The planner knows the new tables before anybody asks them.
    when_free(partial(connection.execute, text("ANALYZE (SKIP_LOCKED) doodles_next, doodle_ids")), PAUSE_SECONDS)


def _exists(connection: Connection, table: str) -> bool:
    return bool(connection.execute(text("SELECT to_regclass(:table) IS NOT NULL"), {"table": table}).scalar_one())


def _is_swapped(connection: Connection) -> bool:
    is_partitioned = text("SELECT relkind = 'p' FROM pg_class WHERE oid = to_regclass('doodles')")
    return bool(connection.execute(is_partitioned).scalar_one())


def _has_mirror(connection: Connection) -> bool:
    mirror = text("SELECT EXISTS (SELECT FROM pg_trigger WHERE tgname = 'doodles_mirror')")
    return bool(connection.execute(mirror).scalar_one())


def _make_months(connection: Connection) -> None:
    """Make a partition for every month there are doodles of."""
    make = text("SELECT make_doodle_month(:month)")
    for month in connection.execute(text(MONTHS)).scalars().all():
        when_free(partial(connection.execute, make, {"month": month}), PAUSE_SECONDS)


def _copy(connection: Connection) -> None:
    """Copy the old table, some pages at a time; what is there already is left out."""
    num_pages = connection.execute(text("SELECT pg_relation_size('doodles') / 8192")).scalar_one()
    for page in range(0, num_pages, PAGES_AT_ONCE):
        bounds = {"first": f"({page},0)", "last": f"({page + PAGES_AT_ONCE},0)"}
        when_free(partial(connection.execute, text(COPY), bounds), PAUSE_SECONDS)


def _check(connection: Connection) -> None:
    """
    Make sure that nothing is left behind.

    Raises:
        RuntimeError: the copy lacks doodles; the old table is untouched.
    """
    missing = connection.execute(text(MISSING)).scalar_one()
    if missing:
        raise RuntimeError(f"{missing} doodles were not copied; the old table stays as it is. Run the migration again.")


def _drop_old(connection: Connection) -> None:
    when_free(partial(connection.execute, text("DROP TABLE IF EXISTS doodles_old")), PAUSE_SECONDS)
    connection.execute(text("DROP FUNCTION IF EXISTS mirror_doodle()"))


COLUMNS = (
    "id, label, bitmap, height, width, strokes, guess, confidence, model_version, split, source, contributor, "
    "status, status_reason, content_hash, created_at, recorded_xid"
)

BUILD = """
    -- These locks keep no reader or writer waiting, so they may be waited for: a vacuum in progress gives way after a
    -- second. None may begin from here on: it would hold up the steps that must not wait.
    SET LOCAL lock_timeout = '10s';
    ALTER TABLE doodles SET (autovacuum_enabled = false);

    -- The names of indexes are one for the whole schema.
    ALTER INDEX doodles_pkey RENAME TO doodles_old_pkey;
    ALTER INDEX doodles_by_contributor RENAME TO doodles_old_by_contributor;
    ALTER INDEX doodles_by_label RENAME TO doodles_old_by_label;
    ALTER INDEX doodles_new_for_training RENAME TO doodles_old_new_for_training;
    ALTER INDEX doodles_recent RENAME TO doodles_old_recent;

    CREATE TABLE doodles_next (
        id UUID CONSTRAINT doodles_id_not_null NOT NULL,
        label TEXT CONSTRAINT doodles_label_not_null NOT NULL,
        bitmap BYTEA CONSTRAINT doodles_bitmap_not_null NOT NULL,
        height SMALLINT CONSTRAINT doodles_height_not_null NOT NULL,
        width SMALLINT CONSTRAINT doodles_width_not_null NOT NULL,
        strokes JSONB,
        guess TEXT,
        confidence DOUBLE PRECISION,
        model_version TEXT,
        split TEXT CONSTRAINT doodles_split_not_null NOT NULL,
        source TEXT CONSTRAINT doodles_source_not_null NOT NULL,
        contributor BYTEA,
        status TEXT DEFAULT 'accepted' CONSTRAINT doodles_status_not_null NOT NULL,
        status_reason TEXT,
        content_hash BYTEA CONSTRAINT doodles_content_hash_not_null NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() CONSTRAINT doodles_created_at_not_null NOT NULL,
        recorded_xid BIGINT DEFAULT pg_current_xact_id()::text::bigint
            CONSTRAINT doodles_recorded_xid_not_null NOT NULL,
        CONSTRAINT doodles_pkey PRIMARY KEY (id, created_at, source),
        CONSTRAINT doodles_bitmap_has_its_shape CHECK (octet_length(bitmap) = height * width),
        CONSTRAINT doodles_shape_is_bounded CHECK (height BETWEEN 1 AND 256 AND width BETWEEN 1 AND 256),
        CONSTRAINT doodles_label_is_bounded CHECK (char_length(label) BETWEEN 1 AND 40),
        CONSTRAINT doodles_guess_is_bounded CHECK (char_length(guess) BETWEEN 1 AND 40),
        CONSTRAINT doodles_confidence_is_a_probability CHECK (confidence BETWEEN 0 AND 1),
        CONSTRAINT doodles_model_version_is_a_version CHECK (model_version ~ '^[0-9a-f]{12}$'),
        CONSTRAINT doodles_split_is_known CHECK (split IN ('train', 'test')),
        CONSTRAINT doodles_source_is_known CHECK (source IN ('user', 'base')),
        CONSTRAINT doodles_status_is_known CHECK (status IN ('accepted', 'quarantined', 'rejected')),
        CONSTRAINT doodles_content_hash_is_sha256 CHECK (octet_length(content_hash) = 32),
        CONSTRAINT doodles_user_has_a_contributor CHECK (
            source = 'base' OR (contributor IS NOT NULL AND octet_length(contributor) = 16)
        )
    ) PARTITION BY LIST (source);

    CREATE INDEX doodles_by_contributor ON doodles_next (contributor) WHERE contributor IS NOT NULL;

    CREATE INDEX doodles_by_label ON doodles_next (label, id) WHERE status = 'accepted' AND split = 'train';

    CREATE INDEX doodles_new_for_training ON doodles_next (recorded_xid)
        WHERE source = 'user' AND status = 'accepted' AND split = 'train';

    CREATE INDEX doodles_newest ON doodles_next (label, created_at, id)
        WHERE source = 'user' AND status = 'accepted';

    CREATE INDEX doodles_recent ON doodles_next (source, split, created_at) WHERE status = 'accepted';

    CREATE TABLE doodle_ids (
        id UUID NOT NULL,
        source TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT doodle_ids_pkey PRIMARY KEY (id)
    );

    CREATE TABLE doodle_counts (
        month DATE NOT NULL,
        source TEXT NOT NULL,
        label TEXT NOT NULL,
        split TEXT NOT NULL,
        status TEXT NOT NULL,
        num_doodles BIGINT NOT NULL,
        CONSTRAINT doodle_counts_pkey PRIMARY KEY (month, source, label, split, status)
    );

    CREATE TABLE doodle_count_changes (
        change BIGINT GENERATED ALWAYS AS IDENTITY,
        month DATE NOT NULL,
        source TEXT NOT NULL,
        label TEXT NOT NULL,
        split TEXT NOT NULL,
        status TEXT NOT NULL,
        num_doodles BIGINT NOT NULL,
        CONSTRAINT doodle_count_changes_pkey PRIMARY KEY (change)
    );

    -- Base data stands apart: no month of users' doodles that is dropped takes any of it along.
    CREATE TABLE doodles_base PARTITION OF doodles_next FOR VALUES IN ('base');
    CREATE TABLE doodles_user PARTITION OF doodles_next FOR VALUES IN ('user') PARTITION BY RANGE (created_at);
    -- A doodle whose month has no partition is stored all the same.
    CREATE TABLE doodles_user_default PARTITION OF doodles_user DEFAULT;

    CREATE FUNCTION claim_doodle_id() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        -- Whoever inserts, by whichever statement: the second doodle of an id is left out, as ON CONFLICT DO NOTHING
        -- does it. A partitioned table can have no unique index on the id alone.
        INSERT INTO doodle_ids (id, source, created_at) VALUES (NEW.id, NEW.source, NEW.created_at)
        ON CONFLICT DO NOTHING;
        IF FOUND THEN
            RETURN NEW;
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION refuse_for_doodles() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'restrict_violation';
    END $$;

    CREATE FUNCTION count_doodles_stored() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        num_changes bigint;
    BEGIN
        INSERT INTO doodle_count_changes (month, source, label, split, status, num_doodles)
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status, count(*)
        FROM stored GROUP BY 1, 2, 3, 4, 5;
        GET DIAGNOSTICS num_changes = ROW_COUNT;
        -- Every 256th change, whoever makes it, folds what has come together: so few are ever to be read.
        IF num_changes > 0 AND lastval() % 256 < num_changes THEN
            PERFORM fold_doodle_counts();
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION count_doodles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO doodle_count_changes (month, source, label, split, status, num_doodles)
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status, sum(one)
        FROM (
            SELECT created_at, source, label, split, status, -1 AS one FROM old_doodles
            UNION ALL
            SELECT created_at, source, label, split, status, 1 FROM new_doodles
        ) AS both_sides
        GROUP BY 1, 2, 3, 4, 5 HAVING sum(one) <> 0;
        RETURN NULL;
    END $$;

    CREATE FUNCTION count_doodles_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM doodle_ids USING old_doodles WHERE doodle_ids.id = old_doodles.id;
        INSERT INTO doodle_count_changes (month, source, label, split, status, num_doodles)
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status, -count(*)
        FROM old_doodles GROUP BY 1, 2, 3, 4, 5;
        RETURN NULL;
    END $$;

    CREATE FUNCTION fold_doodle_counts() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        -- One folds, the others go on: nobody ever waits for a count. The number is the lock's name, no more.
        IF NOT pg_try_advisory_xact_lock(218108702) THEN
            RETURN;
        END IF;
        WITH folded AS (
            DELETE FROM doodle_count_changes RETURNING month, source, label, split, status, num_doodles
        )
        INSERT INTO doodle_counts AS counts (month, source, label, split, status, num_doodles)
        SELECT month, source, label, split, status, sum(num_doodles) FROM folded GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT (month, source, label, split, status)
        DO UPDATE SET num_doodles = counts.num_doodles + excluded.num_doodles;
        DELETE FROM doodle_counts WHERE num_doodles = 0;
    END $$;

    CREATE FUNCTION make_doodle_month(month date) RETURNS boolean LANGUAGE plpgsql AS $$
    DECLARE
        partition text := 'doodles_user_' || to_char(month, 'YYYY_MM');
        begins timestamptz := date_trunc('month', month::timestamp) AT TIME ZONE 'UTC';
        ends timestamptz := (date_trunc('month', month::timestamp) + interval '1 month') AT TIME ZONE 'UTC';
    BEGIN
        IF to_regclass(partition) IS NOT NULL THEN
            RETURN false;
        END IF;
        -- Made aside and attached: making it in place would lock every insert out of the table.
        EXECUTE format('CREATE TABLE %I (LIKE doodles_user INCLUDING DEFAULTS INCLUDING CONSTRAINTS)', partition);
        IF now() >= begins AND now() < ends THEN
            -- Doodles of this month are on their way into the default, and would be refused there: they wait a moment.
            LOCK TABLE doodles_user IN SHARE ROW EXCLUSIVE MODE;
        END IF;
        IF EXISTS (SELECT FROM doodles_user_default WHERE created_at >= begins AND created_at < ends) THEN
            LOCK TABLE doodles_user_default IN ACCESS EXCLUSIVE MODE;
            -- From partition to partition: the triggers that keep ids and counts stand on the whole table.
            EXECUTE format(
                'WITH moved AS ('
                    'DELETE FROM doodles_user_default WHERE created_at >= %L AND created_at < %L RETURNING *'
                ') INSERT INTO %I SELECT * FROM moved', begins, ends, partition);
        END IF;
        EXECUTE format(
            'ALTER TABLE doodles_user ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', partition, begins, ends);
        RETURN true;
    END $$;

    CREATE TRIGGER doodles_have_one_id BEFORE INSERT ON doodles_next
    FOR EACH ROW EXECUTE FUNCTION claim_doodle_id();
    -- A row that moved to another partition would be inserted there, and left out because its id is known.
    CREATE TRIGGER doodles_stay_where_they_are BEFORE UPDATE ON doodles_next FOR EACH ROW
    WHEN (OLD.id <> NEW.id OR OLD.source <> NEW.source OR OLD.created_at <> NEW.created_at)
    EXECUTE FUNCTION refuse_for_doodles('id, source and created_at of a doodle are fixed when it is stored');
    CREATE TRIGGER doodles_stored AFTER INSERT ON doodles_next REFERENCING NEW TABLE AS stored
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_stored();
    CREATE TRIGGER doodles_changed AFTER UPDATE ON doodles_next
    REFERENCING OLD TABLE AS old_doodles NEW TABLE AS new_doodles
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_changed();
    CREATE TRIGGER doodles_deleted AFTER DELETE ON doodles_next REFERENCING OLD TABLE AS old_doodles
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_deleted();
    CREATE TRIGGER doodles_keep_all BEFORE TRUNCATE ON doodles_next
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_for_doodles('ids and counts cannot follow a TRUNCATE; use DELETE');
"""

MIRROR = f"""
    CREATE OR REPLACE FUNCTION mirror_doodle() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN
            DELETE FROM doodles_next
            WHERE id = OLD.id AND created_at = OLD.created_at AND source = OLD.source;
        END IF;
        IF TG_OP <> 'DELETE' THEN
            INSERT INTO doodles_next ({COLUMNS}) SELECT {", ".join("NEW." + name for name in COLUMNS.split(", "))};
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER doodles_mirror AFTER INSERT OR UPDATE OR DELETE ON doodles
    FOR EACH ROW EXECUTE FUNCTION mirror_doodle();
"""  # noqa: S608  # our own names

MONTHS = """
    SELECT DISTINCT date_trunc('month', created_at AT TIME ZONE 'UTC')::date
    FROM doodles WHERE source = 'user'
    UNION
    SELECT (date_trunc('month', now() AT TIME ZONE 'UTC') + ahead * interval '1 month')::date
    FROM generate_series(0, 3) AS ahead
    ORDER BY 1
"""

# The row locks keep a correction of a label waiting until the copy it has to correct, too, is there.
COPY = f"""
    INSERT INTO doodles_next ({COLUMNS})
    SELECT {COLUMNS} FROM doodles WHERE ctid >= CAST(:first AS tid) AND ctid < CAST(:last AS tid) FOR SHARE
"""  # noqa: S608  # our own names

MISSING = """
    SELECT count(*) FROM doodles
    WHERE NOT EXISTS (SELECT FROM doodle_ids WHERE doodle_ids.id = doodles.id)
"""

SWAP = """
    LOCK TABLE doodles IN ACCESS EXCLUSIVE MODE;
    DROP TRIGGER doodles_mirror ON doodles;
    ALTER TABLE doodles RENAME TO doodles_old;
    ALTER TABLE doodles_next RENAME TO doodles;
"""
