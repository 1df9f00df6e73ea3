"""Runs: training jobs, what they measured and reported, and the workers that do them."""

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Double,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from doodle_db.tables.schema import metadata, optional_time

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
    optional_time("heartbeat_at"),
    optional_time("cancel_requested_at"),
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
    optional_time("started_at"),
    optional_time("finished_at"),
    # The request that asked for it, as nginx's line and ours have it, and its trace, where there are traces.
    Column("request_id", Text),
    Column("traceparent", Text),
    # The only worker that may take it, by name; empty: any.
    Column("sent_to", Text),
    # What it trains on and which network; an older release writes neither, and orders deltas alone.
    Column("dataset", Text, nullable=False, server_default="new"),
    Column("network", Text),
    # The higher, the sooner.
    Column("priority", SmallInteger, nullable=False, server_default="0"),
    Column("notes", Text, nullable=False, server_default=""),
    # The search it is a trial of, and its number there.
    Column("search", Uuid, ForeignKey("searches.key")),
    Column("trial", Integer),
    CheckConstraint("request_id ~ '^[A-Za-z0-9_-]{8,64}$'", name="request_id_is_well_formed"),
    CheckConstraint("traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'", name="traceparent_is_well_formed"),
    CheckConstraint("char_length(sent_to) BETWEEN 1 AND 60", name="sent_to_is_bounded"),
    CheckConstraint("kind IN ('delta', 'scratch', 'trial')", name="kind_is_known"),
    CheckConstraint("dataset IN ('new', 'base', 'users', 'all')", name="dataset_is_known"),
    CheckConstraint("priority BETWEEN -10 AND 10", name="priority_is_bounded"),
    CheckConstraint("char_length(notes) <= 4000", name="notes_are_bounded"),
    CheckConstraint("state IN ('waiting', 'running', 'finished', 'failed', 'cancelled')", name="state_is_known"),
    CheckConstraint("trigger IN ('doodles', 'schedule', 'operator')", name="trigger_is_known"),
    CheckConstraint(
        "(state IN ('finished', 'failed', 'cancelled')) = (finished_at IS NOT NULL)", name="end_has_a_time"
    ),
    CheckConstraint("state <> 'running' OR worker IS NOT NULL", name="running_has_a_worker"),
    # A trial is measured; nobody judges it.
    CheckConstraint("state <> 'finished' OR verdict IS NOT NULL OR kind = 'trial'", name="finished_has_a_verdict"),
    CheckConstraint("state <> 'failed' OR error IS NOT NULL", name="failed_has_an_error"),
    CheckConstraint("(search IS NULL) = (trial IS NULL)", name="trial_has_a_search"),
    CheckConstraint("trial >= 1", name="trial_counts_from_one"),
    # However many processes ask at once, one delta run waits and one runs.
    Index("runs_one_waiting_delta", "kind", unique=True, postgresql_where=text("kind = 'delta' AND state = 'waiting'")),
    Index("runs_one_running_delta", "kind", unique=True, postgresql_where=text("kind = 'delta' AND state = 'running'")),
    Index("runs_newest", "created_at"),
    # One that was given up is ordered anew under its number.
    Index("runs_one_of_each_trial", "search", "trial", unique=True, postgresql_where=text("state <> 'cancelled'")),
    Index("runs_of_search", "search", "trial", postgresql_where=text("search IS NOT NULL")),
    Index("runs_open", "state", postgresql_where=text("state IN ('waiting', 'running')")),
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

run_points = Table(
    "run_points",
    metadata,
    Column("run", Uuid, ForeignKey("runs.key", ondelete="CASCADE"), primary_key=True),
    Column("step", Integer, primary_key=True),
    # Epochs that had ended by then.
    Column("epoch", Integer, nullable=False),
    # Means since the point before; empty where one was not a finite number.
    Column("loss", Double),
    Column("accuracy", Double),
    Column("learning_rate", Double),
    CheckConstraint("step >= 1", name="step_counts_from_one"),
)

run_log = Table(
    "run_log",
    metadata,
    Column("run", Uuid, ForeignKey("runs.key", ondelete="CASCADE"), primary_key=True),
    Column("line", Integer, primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("level", Text, nullable=False),
    Column("event", Text, nullable=False),
    Column("fields", JSONB, nullable=False),
    # A log is read as a whole by a page: it must not grow with a run's length.
    CheckConstraint("line BETWEEN 1 AND 1000", name="line_is_bounded"),
    CheckConstraint("char_length(event) <= 200", name="event_is_bounded"),
    CheckConstraint("length(fields::text) <= 4000", name="fields_are_bounded"),
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
    # What it says of itself besides; a worker of an older release says nothing.
    Column("gpu", Text),
    Column("version", Text),
    # Tell an earlier life that was killed on this machine from a namesake that lives elsewhere.
    Column("machine", Text),
    Column("process", Integer),
    # What an operator has asked this life of it to do.
    Column("asked_to", Text),
    Column("asked_by", Text),
    Column("asked_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('idle', 'busy', 'stopped')", name="state_is_known"),
    CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name_is_bounded"),
    CheckConstraint("asked_to IN ('drain', 'stop')", name="asked_to_is_known"),
    CheckConstraint(
        "(asked_to IS NULL) = (asked_by IS NULL) AND (asked_to IS NULL) = (asked_at IS NULL)",
        name="asked_by_somebody",
    ),
)
