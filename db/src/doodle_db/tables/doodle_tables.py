"""Doodles: the drawings themselves, their ids, and how many there are."""

from sqlalchemy import (
    DDL,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Double,
    Identity,
    Index,
    LargeBinary,
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
from doodle_db.tables.model_tables import deployments
from doodle_db.tables.schema import CURRENT_TRANSACTION, VERSION_RULE, metadata

CONTRIBUTOR_NAME = "\"left\"(encode(sha256(contributor), 'hex'::text), 8)"
"""What a contributor is called on a page: eight digits that lead back neither to an address nor to the stored key."""

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
    # Whether the page showed the guess, or said "I don't know this"; older pages do not say.
    Column("known", Boolean),
    # What the shadow said of it, if there was one: a part of the row, so that it goes when the doodle goes.
    Column("shadow_version", Text),
    Column("shadow_guess", Text),
    Column("shadow_confidence", Double),
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
    # An answer is whole and bounded, or there is none.
    CheckConstraint(
        "num_nonnulls(shadow_version, shadow_guess, shadow_confidence) IN (0, 3)"
        f" AND shadow_version {VERSION_RULE}"
        " AND char_length(shadow_guess) BETWEEN 1 AND 40 AND shadow_confidence BETWEEN 0 AND 1",
        name="shadow_answer_is_whole",
    ),
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
    # A page of the gallery begins anywhere in one of these: docs/decisions/0042.
    Index("doodles_gallery", "created_at", "id", postgresql_where=text("source = 'user'")),
    Index(
        "doodles_not_accepted",
        "status",
        "created_at",
        "id",
        postgresql_where=text("source = 'user' AND status <> 'accepted'"),
    ),
    Index("doodles_by_version", "model_version", "created_at", "id", postgresql_where=text("source = 'user'")),
    # By the name a page gives a contributor; see doodle_db.contributors.
    Index("doodles_by_name", text(CONTRIBUTOR_NAME), "created_at", "id", postgresql_where=text("source = 'user'")),
    # A page of the gallery reads no more than it shows.
    Index(
        "doodles_newest", "label", "created_at", "id", postgresql_where=text("source = 'user' AND status = 'accepted'")
    ),
    postgresql_partition_by="LIST (source)",
)

# A doodle is counted under the version that guessed, if that was ever live: so a restore must bring these first.
doodles.add_is_dependent_on(deployments)

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
    # For production_tables; no hour: base data, of which there is no guess to judge.
    Column("hour", DateTime(timezone=True)),
    Column("version", Text),
    Column("guess", Text),
    Column("known", Boolean),
    Column("bin", SmallInteger),
    Column("confidence_millionths", BigInteger),
)

_KEPT_ABOUT_DOODLES: ExecutableDDLElement = DDL(  # type: ignore[no-untyped-call]  # untyped upstream
    (PARTITIONS + FUNCTIONS + TRIGGERS).replace("%", "%%")
)
event.listen(metadata, "after_create", _KEPT_ABOUT_DOODLES)
