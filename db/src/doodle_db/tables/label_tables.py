"""Labels that operators have added to a label set."""

from sqlalchemy import CheckConstraint, Column, DateTime, Index, Integer, Table, Text, func

from doodle_db.tables.schema import metadata

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
