"""
The tables. A rule about rows is a constraint here, with its reason beside it; code only translates its violation.

The migrations build the same schema step by step; a test compares the two.
"""

from sqlalchemy import (
    DDL,
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    SmallInteger,
    Table,
    Text,
    Uuid,
    event,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.schema import ExecutableDDLElement

from doodle_db.doodle_rules import FUNCTIONS, PARTITIONS, TRIGGERS

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_name)s_fkey",
        "ck": "%(table_name)s_%(constraint_name)s",
    }
)

CURRENT_TRANSACTION = text("pg_current_xact_id()::text::bigint")
"""The running transaction's 64-bit number: it never wraps and is handed out in the order of beginning."""

VERSION_RULE = "~ '^[0-9a-f]{12}$'"


def _time(name: str, *, nullable: bool = True) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


doodles = Table(
    "doodles",
    metadata,
    # Made by the client, so that sending a doodle twice stores it once: see doodle_ids.
    Column("id", Uuid, nullable=False),
    # The name, never an index: labels may be added later, the index is the manifest's business.
    Column("label", Text, nullable=False),
    Column("bitmap", LargeBinary, nullable=False),
    Column("height", SmallInteger, nullable=False),
    Column("width", SmallInteger, nullable=False),
    Column("strokes", JSONB),
    Column("guess", Text),
    Column("confidence", Double),
    Column("model_version", Text),
    Column("split", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("contributor", LargeBinary),
    Column("status", Text, nullable=False, server_default="accepted"),
    Column("status_reason", Text),
    # SHA-256 of what the client sent: tells a repeated doodle from another one under the same id.
    Column("content_hash", LargeBinary, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # The transaction that last changed what training sees of the row; see doodle_db.watermark.
    Column("recorded_xid", BigInteger, nullable=False, server_default=CURRENT_TRANSACTION),
    CheckConstraint("octet_length(bitmap) = height * width", name="bitmap_has_its_shape"),
    CheckConstraint("height BETWEEN 1 AND 256 AND width BETWEEN 1 AND 256", name="shape_is_bounded"),
    CheckConstraint("char_length(label) BETWEEN 1 AND 40", name="label_is_bounded"),
    CheckConstraint("char_length(guess) BETWEEN 1 AND 40", name="guess_is_bounded"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence_is_a_probability"),
    CheckConstraint(f"model_version {VERSION_RULE}", name="model_version_is_a_version"),
    CheckConstraint("split IN ('train', 'test')", name="split_is_known"),
    CheckConstraint("source IN ('user', 'base')", name="source_is_known"),
    CheckConstraint("status IN ('accepted', 'quarantined', 'rejected')", name="status_is_known"),
    CheckConstraint("octet_length(content_hash) = 32", name="content_hash_is_sha256"),
    # What a contributor weighs can only be capped if everybody's doodles carry one.
    CheckConstraint(
        "source = 'base' OR (contributor IS NOT NULL AND octet_length(contributor) = 16)", name="user_has_a_contributor"
    ),
    # A partitioned table's key holds what it is partitioned by; that the id alone is unique, doodle_ids sees to.
    PrimaryKeyConstraint("id", "created_at", "source"),
    # "What came in since the watermark" reads only the new rows, however many there are.
    Index(
        "doodles_new_for_training",
        "recorded_xid",
        postgresql_where=text("source = 'user' AND status = 'accepted' AND split = 'train'"),
    ),
    # Ids are random, so a stretch of them is a random sample: replay is drawn without reading the table.
    Index("doodles_by_label", "label", "id", postgresql_where=text("status = 'accepted' AND split = 'train'")),
    Index("doodles_recent", "source", "split", "created_at", postgresql_where=text("status = 'accepted'")),
    Index("doodles_by_contributor", "contributor", postgresql_where=text("contributor IS NOT NULL")),
    # A page of the gallery reads no more than it shows.
    Index(
        "doodles_newest", "label", "created_at", "id", postgresql_where=text("source = 'user' AND status = 'accepted'")
    ),
    postgresql_partition_by="LIST (source)",
)

doodle_ids = Table(
    "doodle_ids",
    metadata,
    # Every insert into doodles passes here: one id, one doodle, whatever partition it lies in.
    Column("id", Uuid, primary_key=True),
    # Where it lies: a look-up by id reads one partition.
    Column("source", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
)

_COUNTED = ("month", "source", "label", "split", "status")

doodle_counts = Table(
    "doodle_counts",
    metadata,
    # The first day of the month of created_at, in UTC: dropping a month is subtracting its rows.
    Column("month", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("split", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("num_doodles", BigInteger, nullable=False),
    PrimaryKeyConstraint(*_COUNTED),
)

# What is not in doodle_counts yet. Everybody appends and nobody waits, which one row a label would not allow.
doodle_count_changes = Table(
    "doodle_count_changes",
    metadata,
    Column("change", BigInteger, Identity(always=True), primary_key=True),
    Column("month", Date, nullable=False),
    Column("source", Text, nullable=False),
    Column("label", Text, nullable=False),
    Column("split", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("num_doodles", BigInteger, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("key", Uuid, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("state", Text, nullable=False, server_default="waiting"),
    Column("trigger", Text, nullable=False),
    Column("requested_by", Text, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("arguments", JSONB, nullable=False),
    Column("worker", Text),
    Column("attempt", SmallInteger, nullable=False, server_default="0"),
    _time("heartbeat_at"),
    _time("cancel_requested_at"),
    Column("progress", JSONB),
    # Rows recorded from `watermark_from` up to, not including, `watermark_to` are what this run trains on.
    Column("watermark_from", BigInteger),
    Column("watermark_to", BigInteger),
    Column("num_new_doodles", Integer),
    Column("num_replay_doodles", Integer),
    Column("parent_version", Text),
    Column("candidate_version", Text),
    Column("metrics", JSONB),
    Column("verdict", JSONB),
    # What was screened out before it trained: words, numbers of doodles by reason.
    Column("screening", JSONB),
    Column("error", Text),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    _time("started_at"),
    _time("finished_at"),
    # The request that asked for it, as nginx's line and ours have it, and its trace, where there are traces.
    Column("request_id", Text),
    Column("traceparent", Text),
    CheckConstraint("request_id ~ '^[A-Za-z0-9_-]{8,64}$'", name="request_id_is_well_formed"),
    CheckConstraint("traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'", name="traceparent_is_well_formed"),
    CheckConstraint("kind IN ('delta')", name="kind_is_known"),
    CheckConstraint("state IN ('waiting', 'running', 'finished', 'failed', 'cancelled')", name="state_is_known"),
    CheckConstraint("trigger IN ('doodles', 'schedule', 'operator')", name="trigger_is_known"),
    CheckConstraint(
        "(state IN ('finished', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="end_has_a_time"
    ),
    CheckConstraint("state <> 'running' OR worker IS NOT NULL", name="running_has_a_worker"),
    CheckConstraint("state <> 'finished' OR verdict IS NOT NULL", name="finished_has_a_verdict"),
    CheckConstraint("state <> 'failed' OR error IS NOT NULL", name="failed_has_an_error"),
    # However many processes ask at once, one delta run waits and one runs.
    Index("runs_one_waiting_delta", "kind", unique=True, postgresql_where=text("kind = 'delta' AND state = 'waiting'")),
    Index("runs_one_running_delta", "kind", unique=True, postgresql_where=text("kind = 'delta' AND state = 'running'")),
    Index("runs_newest", "created_at"),
)

run_metrics = Table(
    "run_metrics",
    metadata,
    Column("run", Uuid, ForeignKey("runs.key", ondelete="CASCADE"), primary_key=True),
    Column("epoch", Integer, primary_key=True),
    Column("loss", Double, nullable=False),
    Column("accuracy", Double, nullable=False),
    Column("validation_loss", Double),
    Column("validation_accuracy", Double),
    Column("seconds", Double, nullable=False),
    CheckConstraint("epoch >= 1", name="epoch_counts_from_one"),
)

run_reports = Table(
    "run_reports",
    metadata,
    Column("run", Uuid, ForeignKey("runs.key", ondelete="CASCADE"), primary_key=True),
    # A table of its own: a report is some hundred times a run's row, and read one at a time.
    Column("report", JSONB, nullable=False),
    Column("written_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    CheckConstraint("jsonb_typeof(report) = 'object'", name="report_is_an_object"),
)

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

_KEPT_ABOUT_DOODLES: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped upstream
    (PARTITIONS + FUNCTIONS + TRIGGERS).replace("%", "%%")
)
event.listen(metadata, "after_create", _KEPT_ABOUT_DOODLES)

labels = Table(
    "labels",
    metadata,
    # What operators have added; a label set's labels are those of its file, then these (doodle_db.labels).
    Column("label_set", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("position", Integer, nullable=False),
    Column("prompt", Text, nullable=False),
    Column("emoji", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Stands in URLs, files' names and every row of its doodles.
    CheckConstraint("name ~ '^[a-z0-9][a-z0-9 _-]{0,39}$'", name="name_is_well_formed"),
    CheckConstraint("position >= 1", name="position_counts_from_one"),
    CheckConstraint("char_length(prompt) BETWEEN 1 AND 60", name="prompt_is_bounded"),
    CheckConstraint("char_length(emoji) BETWEEN 1 AND 16", name="emoji_is_bounded"),
    # Two operators who add at once do not get the same place.
    Index("labels_have_an_order", "label_set", "position", unique=True),
)

screenings = Table(
    "screenings",
    metadata,
    # Of each doodle that a run has screened out, the latest decision. What nothing speaks against has no row.
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
    CheckConstraint("outcome IN ('quarantined', 'unused')", name="outcome_is_known"),
    CheckConstraint("reason IN ('label', 'unknown', 'contributor', 'duplicate', 'share')", name="reason_is_known"),
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
    # Everything operators have decided about screened doodles, also what was undone.
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

workers = Table(
    "workers",
    metadata,
    Column("name", Text, primary_key=True),
    Column("host", Text, nullable=False),
    Column("device", Text, nullable=False),
    Column("num_cores", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("run", Uuid, ForeignKey("runs.key")),
    # New at every start: tells a worker that was restarted from one that is still alive.
    Column("incarnation", Uuid, nullable=False),
    Column("started_at", DateTime(timezone=True), nullable=False),
    Column("heartbeat_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("state IN ('idle', 'busy', 'stopped')", name="state_is_known"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name_is_bounded"),
)

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
