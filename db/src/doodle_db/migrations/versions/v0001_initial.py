"""
The schema a first release has.

What each rule is for stands beside it in doodle_db.tables; a migration only says what was done, and is never changed.
"""

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table."""
    op.execute(TABLES)
    op.execute(APPEND_ONLY)


TABLES = """
    CREATE TABLE doodles (
        id UUID NOT NULL,
        label TEXT NOT NULL,
        bitmap BYTEA NOT NULL,
        height SMALLINT NOT NULL,
        width SMALLINT NOT NULL,
        strokes JSONB,
        guess TEXT,
        confidence DOUBLE PRECISION,
        model_version TEXT,
        split TEXT NOT NULL,
        source TEXT NOT NULL,
        contributor BYTEA,
        status TEXT DEFAULT 'accepted' NOT NULL,
        status_reason TEXT,
        content_hash BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        recorded_xid BIGINT DEFAULT pg_current_xact_id()::text::bigint NOT NULL,
        CONSTRAINT doodles_pkey PRIMARY KEY (id),
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
    );

    CREATE INDEX doodles_by_contributor ON doodles (contributor) WHERE contributor IS NOT NULL;

    CREATE INDEX doodles_by_label ON doodles (label, id) WHERE status = 'accepted' AND split = 'train';

    CREATE INDEX doodles_new_for_training ON doodles (recorded_xid)
        WHERE source = 'user' AND status = 'accepted' AND split = 'train';

    CREATE INDEX doodles_recent ON doodles (source, split, created_at) WHERE status = 'accepted';

    CREATE TABLE operators (
        name TEXT NOT NULL,
        token_hash BYTEA NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT operators_pkey PRIMARY KEY (name),
        CONSTRAINT operators_token_is_hashed CHECK (octet_length(token_hash) = 32),
        UNIQUE (token_hash)
    );

    CREATE TABLE runs (
        key UUID NOT NULL,
        kind TEXT NOT NULL,
        state TEXT DEFAULT 'waiting' NOT NULL,
        trigger TEXT NOT NULL,
        requested_by TEXT NOT NULL,
        reason TEXT DEFAULT '' NOT NULL,
        arguments JSONB NOT NULL,
        worker TEXT,
        attempt SMALLINT DEFAULT '0' NOT NULL,
        heartbeat_at TIMESTAMP WITH TIME ZONE,
        cancel_requested_at TIMESTAMP WITH TIME ZONE,
        progress JSONB,
        watermark_from BIGINT,
        watermark_to BIGINT,
        num_new_doodles INTEGER,
        num_replay_doodles INTEGER,
        parent_version TEXT,
        candidate_version TEXT,
        metrics JSONB,
        verdict JSONB,
        error TEXT,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE,
        finished_at TIMESTAMP WITH TIME ZONE,
        CONSTRAINT runs_pkey PRIMARY KEY (key),
        CONSTRAINT runs_kind_is_known CHECK (kind IN ('delta')),
        CONSTRAINT runs_state_is_known CHECK (state IN ('waiting', 'running', 'finished', 'failed', 'cancelled')),
        CONSTRAINT runs_trigger_is_known CHECK (trigger IN ('doodles', 'schedule', 'operator')),
        CONSTRAINT runs_end_has_a_time CHECK (
            (state IN ('finished', 'failed', 'cancelled')) = (finished_at IS NOT NULL)
        ),
        CONSTRAINT runs_running_has_a_worker CHECK (state <> 'running' OR worker IS NOT NULL),
        CONSTRAINT runs_finished_has_a_verdict CHECK (state <> 'finished' OR verdict IS NOT NULL),
        CONSTRAINT runs_failed_has_an_error CHECK (state <> 'failed' OR error IS NOT NULL)
    );

    CREATE INDEX runs_newest ON runs (created_at);

    CREATE UNIQUE INDEX runs_one_running_delta ON runs (kind) WHERE kind = 'delta' AND state = 'running';

    CREATE UNIQUE INDEX runs_one_waiting_delta ON runs (kind) WHERE kind = 'delta' AND state = 'waiting';

    CREATE TABLE models (
        version TEXT NOT NULL,
        label_set TEXT NOT NULL,
        parent_version TEXT,
        run UUID,
        manifest JSONB NOT NULL,
        watermark BIGINT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT models_pkey PRIMARY KEY (version),
        CONSTRAINT models_version_is_a_content_hash CHECK (version ~ '^[0-9a-f]{12}$'),
        CONSTRAINT models_manifest_is_its_own CHECK (manifest->>'version' = version),
        CONSTRAINT models_run_fkey FOREIGN KEY(run) REFERENCES runs (key)
    );

    CREATE TABLE operator_sessions (
        secret_hash BYTEA NOT NULL,
        kind TEXT NOT NULL,
        operator TEXT NOT NULL,
        expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT operator_sessions_pkey PRIMARY KEY (secret_hash),
        CONSTRAINT operator_sessions_kind_is_known CHECK (kind IN ('code', 'cookie')),
        CONSTRAINT operator_sessions_secret_is_hashed CHECK (octet_length(secret_hash) = 32),
        CONSTRAINT operator_sessions_operator_fkey FOREIGN KEY(operator) REFERENCES operators (name) ON DELETE CASCADE
    );

    CREATE TABLE run_metrics (
        run UUID NOT NULL,
        epoch INTEGER NOT NULL,
        loss DOUBLE PRECISION NOT NULL,
        accuracy DOUBLE PRECISION NOT NULL,
        validation_loss DOUBLE PRECISION,
        validation_accuracy DOUBLE PRECISION,
        seconds DOUBLE PRECISION NOT NULL,
        CONSTRAINT run_metrics_pkey PRIMARY KEY (run, epoch),
        CONSTRAINT run_metrics_epoch_counts_from_one CHECK (epoch >= 1),
        CONSTRAINT run_metrics_run_fkey FOREIGN KEY(run) REFERENCES runs (key) ON DELETE CASCADE
    );

    CREATE TABLE workers (
        name TEXT NOT NULL,
        host TEXT NOT NULL,
        device TEXT NOT NULL,
        num_cores INTEGER NOT NULL,
        state TEXT NOT NULL,
        run UUID,
        incarnation UUID NOT NULL,
        started_at TIMESTAMP WITH TIME ZONE NOT NULL,
        heartbeat_at TIMESTAMP WITH TIME ZONE NOT NULL,
        CONSTRAINT workers_pkey PRIMARY KEY (name),
        CONSTRAINT workers_state_is_known CHECK (state IN ('idle', 'busy', 'stopped')),
        CONSTRAINT workers_name_is_bounded CHECK (char_length(name) BETWEEN 1 AND 60),
        CONSTRAINT workers_run_fkey FOREIGN KEY(run) REFERENCES runs (key)
    );

    CREATE TABLE deployments (
        deployment BIGINT GENERATED ALWAYS AS IDENTITY,
        version TEXT NOT NULL,
        previous_deployment BIGINT,
        kind TEXT NOT NULL,
        actor TEXT NOT NULL,
        reason TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT deployments_pkey PRIMARY KEY (deployment),
        CONSTRAINT deployments_kind_is_known CHECK (kind IN ('publish', 'deploy', 'rollback')),
        CONSTRAINT deployments_reason_is_given CHECK (char_length(reason) BETWEEN 1 AND 500),
        CONSTRAINT deployments_version_fkey FOREIGN KEY(version) REFERENCES models (version),
        CONSTRAINT deployments_previous_deployment_fkey FOREIGN KEY(previous_deployment)
            REFERENCES deployments (deployment)
    );

    CREATE UNIQUE INDEX deployments_follow_each_other ON deployments (previous_deployment) NULLS NOT DISTINCT;
"""

APPEND_ONLY = """
    CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation'; END $$;
    CREATE TRIGGER deployments_append_only BEFORE UPDATE OR DELETE ON deployments
    FOR EACH ROW EXECUTE FUNCTION refuse_change();
    CREATE TRIGGER deployments_keep_all BEFORE TRUNCATE ON deployments
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"""
