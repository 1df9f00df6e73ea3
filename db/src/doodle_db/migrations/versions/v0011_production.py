"""
How the live model does: whether a doodle's guess was shown, and counts of guesses by hour and by day; online.

The new functions count what is written from one moment on, which nobody writes in; what was there at that moment is
counted afterwards, while everybody goes on. Killed at any point it begins again, from a moment of its own.
See docs/decisions/0040-production.md.
"""

from functools import partial

from alembic import op
from sqlalchemy import Connection, Engine, text

from doodle_db.migrations.patience import LOCK_TIMEOUT_MS, when_free

revision = "0011"
down_revision = "0010"

PAUSE_SECONDS = 0.5
"""Between two tries to have a lock."""


def upgrade() -> None:
    """Make the tables, count from now on, count what was there, add both up."""
    engine = op.get_bind().engine
    with engine.connect().execution_options(isolation_level="REPEATABLE READ") as reader:
        when_free(partial(_begin, engine, reader), PAUSE_SECONDS)
        reader.execute(text("SET LOCAL statement_timeout = 0"))
        reader.execute(text(COUNT))
        reader.commit()
    when_free(partial(_add_up, engine), PAUSE_SECONDS)


def _begin(engine: Engine, reader: Connection) -> None:
    """Let the new functions count from here on, and the reader see what was there before."""
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}"))
        connection.execute(text(LOCKS))
        connection.execute(text(BUILD))
        reader.rollback()
        # Its snapshot, taken while nobody can write: all that came before, nothing that comes after.
        reader.execute(text("SELECT pg_current_snapshot()"))


def _add_up(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_TIMEOUT_MS}; SET LOCAL statement_timeout = 0"))
        connection.execute(text(ADD_UP))


# First the doodles, then the right to fold: in the order of whoever stores.
LOCKS = """
    LOCK TABLE doodles IN ACCESS EXCLUSIVE MODE;
    SELECT pg_advisory_xact_lock(218108702);
    LOCK TABLE doodle_count_changes IN ACCESS EXCLUSIVE MODE;
"""

BUILD = """
    ALTER TABLE doodles ADD COLUMN IF NOT EXISTS known BOOLEAN;

    ALTER TABLE doodle_count_changes
        ADD COLUMN IF NOT EXISTS hour TIMESTAMP WITH TIME ZONE,
        ADD COLUMN IF NOT EXISTS version TEXT,
        ADD COLUMN IF NOT EXISTS guess TEXT,
        ADD COLUMN IF NOT EXISTS known BOOLEAN,
        ADD COLUMN IF NOT EXISTS bin SMALLINT,
        ADD COLUMN IF NOT EXISTS confidence_millionths BIGINT;
    -- What a migration that was killed has let count is among what is counted now.
    UPDATE doodle_count_changes SET hour = NULL WHERE hour IS NOT NULL;
    DROP TABLE IF EXISTS production_guesses, production_confidences, doodles_counted;

    CREATE TABLE production_guesses (
        step TEXT NOT NULL,
        begins TIMESTAMP WITH TIME ZONE NOT NULL,
        version TEXT NOT NULL,
        label TEXT NOT NULL,
        guess TEXT NOT NULL,
        status TEXT NOT NULL,
        num_doodles BIGINT NOT NULL,
        num_known BIGINT NOT NULL,
        num_unknown BIGINT NOT NULL,
        CONSTRAINT production_guesses_pkey PRIMARY KEY (step, begins, version, label, guess, status),
        CONSTRAINT production_guesses_step_is_known CHECK (step IN ('hour', 'day'))
    );

    CREATE TABLE production_confidences (
        step TEXT NOT NULL,
        begins TIMESTAMP WITH TIME ZONE NOT NULL,
        version TEXT NOT NULL,
        status TEXT NOT NULL,
        bin SMALLINT NOT NULL,
        num_doodles BIGINT NOT NULL,
        num_right BIGINT NOT NULL,
        confidence_millionths BIGINT NOT NULL,
        CONSTRAINT production_confidences_pkey PRIMARY KEY (step, begins, version, status, bin),
        CONSTRAINT production_confidences_step_is_known CHECK (step IN ('hour', 'day')),
        CONSTRAINT production_confidences_bin_is_a_tenth CHECK (bin BETWEEN 0 AND 9)
    );

    CREATE INDEX IF NOT EXISTS deployments_by_version ON deployments (version, created_at);

    CREATE TABLE doodles_counted (LIKE doodle_count_changes);
    ALTER TABLE doodles_counted ALTER change DROP NOT NULL, ALTER month DROP NOT NULL, ALTER split DROP NOT NULL;

    CREATE OR REPLACE FUNCTION count_doodles_stored() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        num_changes bigint;
    BEGIN
        INSERT INTO doodle_count_changes (
            month, source, label, split, status, hour, version, guess, known, bin, num_doodles, confidence_millionths
        )
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status,
            CASE WHEN source = 'user' THEN date_trunc('hour', created_at, 'UTC') END,
            -- Only what had been live by then: clients may say anything, and cannot make counts without end.
            (SELECT deployments.version FROM deployments
             WHERE deployments.version = model_version AND deployments.created_at <= counted.created_at LIMIT 1),
            guess, known, CASE WHEN confidence >= 0.9 THEN 9 ELSE floor(10 * confidence) END,
            sum(one), sum(one * round(1000000 * confidence)::int)
        FROM (
            SELECT created_at, source, label, split, status, model_version, guess, known, confidence, 1 AS one
            FROM stored
        ) AS counted
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(one) <> 0 OR sum(one * round(1000000 * confidence)::int) <> 0;
        GET DIAGNOSTICS num_changes = ROW_COUNT;
        -- Every 256th change, whoever makes it, folds what has come together: so few are ever to be read.
        IF num_changes > 0 AND lastval() % 256 < num_changes THEN
            PERFORM fold_doodle_counts();
        END IF;
        RETURN NULL;
    END $$;

    CREATE OR REPLACE FUNCTION count_doodles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        INSERT INTO doodle_count_changes (
            month, source, label, split, status, hour, version, guess, known, bin, num_doodles, confidence_millionths
        )
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status,
            CASE WHEN source = 'user' THEN date_trunc('hour', created_at, 'UTC') END,
            -- Only what had been live by then: clients may say anything, and cannot make counts without end.
            (SELECT deployments.version FROM deployments
             WHERE deployments.version = model_version AND deployments.created_at <= counted.created_at LIMIT 1),
            guess, known, CASE WHEN confidence >= 0.9 THEN 9 ELSE floor(10 * confidence) END,
            sum(one), sum(one * round(1000000 * confidence)::int)
        FROM (
            SELECT created_at, source, label, split, status, model_version, guess, known, confidence, -1 AS one
            FROM old_doodles
            UNION ALL
            SELECT created_at, source, label, split, status, model_version, guess, known, confidence, 1 AS one
            FROM new_doodles
        ) AS counted
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(one) <> 0 OR sum(one * round(1000000 * confidence)::int) <> 0;
        RETURN NULL;
    END $$;

    CREATE OR REPLACE FUNCTION count_doodles_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM doodle_ids USING old_doodles WHERE doodle_ids.id = old_doodles.id;
        INSERT INTO doodle_count_changes (
            month, source, label, split, status, hour, version, guess, known, bin, num_doodles, confidence_millionths
        )
        SELECT date_trunc('month', created_at AT TIME ZONE 'UTC')::date, source, label, split, status,
            CASE WHEN source = 'user' THEN date_trunc('hour', created_at, 'UTC') END,
            -- Only what had been live by then: clients may say anything, and cannot make counts without end.
            (SELECT deployments.version FROM deployments
             WHERE deployments.version = model_version AND deployments.created_at <= counted.created_at LIMIT 1),
            guess, known, CASE WHEN confidence >= 0.9 THEN 9 ELSE floor(10 * confidence) END,
            sum(one), sum(one * round(1000000 * confidence)::int)
        FROM (
            SELECT created_at, source, label, split, status, model_version, guess, known, confidence, -1 AS one
            FROM old_doodles
        ) AS counted
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(one) <> 0 OR sum(one * round(1000000 * confidence)::int) <> 0;
        RETURN NULL;
    END $$;

    CREATE OR REPLACE FUNCTION fold_doodle_counts() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        -- One folds, the others go on: nobody ever waits for a count. The number is the lock's name, no more.
        IF NOT pg_try_advisory_xact_lock(218108702) THEN
            RETURN;
        END IF;
        WITH folded AS MATERIALIZED (
            DELETE FROM doodle_count_changes RETURNING *
        ), guessed AS (
            INSERT INTO production_guesses AS counts (
                step, begins, version, label, guess, status, num_doodles, num_known, num_unknown
            )
            SELECT step, date_trunc(step, hour, 'UTC'), coalesce(version, ''), label, coalesce(guess, ''), status,
                sum(num_doodles), coalesce(sum(num_doodles) FILTER (WHERE known), 0),
                coalesce(sum(num_doodles) FILTER (WHERE NOT known), 0)
            FROM folded CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)
            WHERE hour IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
            ON CONFLICT (step, begins, version, label, guess, status) DO UPDATE SET
                num_doodles = counts.num_doodles + excluded.num_doodles,
                num_known = counts.num_known + excluded.num_known,
                num_unknown = counts.num_unknown + excluded.num_unknown
        ), sure AS (
            INSERT INTO production_confidences AS counts (
                step, begins, version, status, bin, num_doodles, num_right, confidence_millionths
            )
            SELECT step, date_trunc(step, hour, 'UTC'), coalesce(version, ''), status, bin,
                sum(num_doodles), coalesce(sum(num_doodles) FILTER (WHERE guess = label), 0), sum(confidence_millionths)
            FROM folded CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)
            -- What the page did not show as a guess, it was not sure of.
            WHERE hour IS NOT NULL AND guess IS NOT NULL AND bin IS NOT NULL AND known IS DISTINCT FROM false
            GROUP BY 1, 2, 3, 4, 5
            ON CONFLICT (step, begins, version, status, bin) DO UPDATE SET
                num_doodles = counts.num_doodles + excluded.num_doodles,
                num_right = counts.num_right + excluded.num_right,
                confidence_millionths = counts.confidence_millionths + excluded.confidence_millionths
        )
        INSERT INTO doodle_counts AS counts (month, source, label, split, status, num_doodles)
        SELECT month, source, label, split, status, sum(num_doodles) FROM folded GROUP BY 1, 2, 3, 4, 5
        ON CONFLICT (month, source, label, split, status)
        DO UPDATE SET num_doodles = counts.num_doodles + excluded.num_doodles;
        DELETE FROM doodle_counts WHERE num_doodles = 0;
    END $$;
"""

COUNT = """
    INSERT INTO doodles_counted (
        source, label, status, hour, version, guess, known, bin, num_doodles, confidence_millionths
    )
    SELECT 'user', label, status, date_trunc('hour', created_at, 'UTC'),
        (SELECT deployments.version FROM deployments
         WHERE deployments.version = model_version AND deployments.created_at <= counted.created_at LIMIT 1),
        guess, known, CASE WHEN confidence >= 0.9 THEN 9 ELSE floor(10 * confidence) END,
        count(*), sum(round(1000000 * confidence)::int)
    FROM doodles AS counted WHERE source = 'user'
    GROUP BY 2, 3, 4, 5, 6, 7, 8
"""

ADD_UP = """
    SELECT pg_advisory_xact_lock(218108702);
    WITH folded AS (SELECT * FROM doodles_counted)
    INSERT INTO production_guesses AS counts (
        step, begins, version, label, guess, status, num_doodles, num_known, num_unknown
    )
    SELECT step, date_trunc(step, hour, 'UTC'), coalesce(version, ''), label, coalesce(guess, ''), status,
        sum(num_doodles), coalesce(sum(num_doodles) FILTER (WHERE known), 0),
        coalesce(sum(num_doodles) FILTER (WHERE NOT known), 0)
    FROM folded CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)
    WHERE hour IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6
    ON CONFLICT (step, begins, version, label, guess, status) DO UPDATE SET
        num_doodles = counts.num_doodles + excluded.num_doodles,
        num_known = counts.num_known + excluded.num_known,
        num_unknown = counts.num_unknown + excluded.num_unknown;
    WITH folded AS (SELECT * FROM doodles_counted)
    INSERT INTO production_confidences AS counts (
        step, begins, version, status, bin, num_doodles, num_right, confidence_millionths
    )
    SELECT step, date_trunc(step, hour, 'UTC'), coalesce(version, ''), status, bin,
        sum(num_doodles), coalesce(sum(num_doodles) FILTER (WHERE guess = label), 0), sum(confidence_millionths)
    FROM folded CROSS JOIN (VALUES ('hour'), ('day')) AS steps (step)
    -- What the page did not show as a guess, it was not sure of.
    WHERE hour IS NOT NULL AND guess IS NOT NULL AND bin IS NOT NULL AND known IS DISTINCT FROM false
    GROUP BY 1, 2, 3, 4, 5
    ON CONFLICT (step, begins, version, status, bin) DO UPDATE SET
        num_doodles = counts.num_doodles + excluded.num_doodles,
        num_right = counts.num_right + excluded.num_right,
        confidence_millionths = counts.confidence_millionths + excluded.confidence_millionths;
    DROP TABLE doodles_counted;
"""
