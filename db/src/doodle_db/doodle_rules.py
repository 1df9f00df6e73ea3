"""
What the database itself keeps about doodles, as SQL: one id once, counts that are always right, a partition a month.

doodle_db.tables runs this where it makes a new schema; the migrations hold their own copy, and a test compares the two.
See docs/decisions/0017-partitions-and-rollups.md, and for what is kept about guesses 0040-production.md.
"""

from doodle_db.locks import FOLDING_LOCK

PARTITIONS = """
    -- Base data stands apart: no month of users' doodles that is dropped takes any of it along.
    CREATE TABLE doodles_base PARTITION OF doodles FOR VALUES IN ('base');
    CREATE TABLE doodles_user PARTITION OF doodles FOR VALUES IN ('user') PARTITION BY RANGE (created_at);
    -- A doodle whose month has no partition is stored all the same.
    CREATE TABLE doodles_user_default PARTITION OF doodles_user DEFAULT;
"""

FOLD_GUESSES = """
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
"""

FOLD_CONFIDENCES = """
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
"""

_CHANGES = """
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
            %s
        ) AS counted
        GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
        HAVING sum(one) <> 0 OR sum(one * round(1000000 * confidence)::int) <> 0;
"""

_COUNTED = """
            SELECT created_at, source, label, split, status, model_version, guess, known, confidence, %d AS one
            FROM %s
"""


def _count(*sides: tuple[int, str]) -> str:
    """Write the statement that logs what rows of transition tables add to the counts, or take from them."""
    return _CHANGES.strip() % "\n            UNION ALL\n            ".join((_COUNTED % each).strip() for each in sides)


_STORED = _count((1, "stored"))
_CHANGED = _count((-1, "old_doodles"), (1, "new_doodles"))
_DELETED = _count((-1, "old_doodles"))

FUNCTIONS = f"""
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
        {_STORED}
        GET DIAGNOSTICS num_changes = ROW_COUNT;
        -- Every 256th change, whoever makes it, folds what has come together: so few are ever to be read.
        IF num_changes > 0 AND lastval() % 256 < num_changes THEN
            PERFORM fold_doodle_counts();
        END IF;
        RETURN NULL;
    END $$;

    CREATE FUNCTION count_doodles_changed() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        {_CHANGED}
        RETURN NULL;
    END $$;

    CREATE FUNCTION count_doodles_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        DELETE FROM doodle_ids USING old_doodles WHERE doodle_ids.id = old_doodles.id;
        {_DELETED}
        RETURN NULL;
    END $$;

    CREATE FUNCTION fold_doodle_counts() RETURNS void LANGUAGE plpgsql AS $$
    BEGIN
        -- One folds, the others go on: nobody ever waits for a count. The number is the lock's name, no more.
        IF NOT pg_try_advisory_xact_lock({FOLDING_LOCK}) THEN
            RETURN;
        END IF;
        WITH folded AS MATERIALIZED (
            DELETE FROM doodle_count_changes RETURNING *
        ), guessed AS (
            {FOLD_GUESSES.strip()}
        ), sure AS (
            {FOLD_CONFIDENCES.strip()}
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
"""  # noqa: S608  # our own names

TRIGGERS = """
    CREATE TRIGGER doodles_have_one_id BEFORE INSERT ON doodles
    FOR EACH ROW EXECUTE FUNCTION claim_doodle_id();
    -- A row that moved to another partition would be inserted there, and left out because its id is known.
    CREATE TRIGGER doodles_stay_where_they_are BEFORE UPDATE ON doodles FOR EACH ROW
    WHEN (OLD.id <> NEW.id OR OLD.source <> NEW.source OR OLD.created_at <> NEW.created_at)
    EXECUTE FUNCTION refuse_for_doodles('id, source and created_at of a doodle are fixed when it is stored');
    CREATE TRIGGER doodles_stored AFTER INSERT ON doodles REFERENCING NEW TABLE AS stored
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_stored();
    CREATE TRIGGER doodles_changed AFTER UPDATE ON doodles
    REFERENCING OLD TABLE AS old_doodles NEW TABLE AS new_doodles
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_changed();
    CREATE TRIGGER doodles_deleted AFTER DELETE ON doodles REFERENCING OLD TABLE AS old_doodles
    FOR EACH STATEMENT EXECUTE FUNCTION count_doodles_deleted();
    CREATE TRIGGER doodles_keep_all BEFORE TRUNCATE ON doodles
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_for_doodles('ids and counts cannot follow a TRUNCATE; use DELETE');
"""
