"""
The labels that operators add to a label set: rows, because a running installation learns them without a new release.

A new table that nobody knows yet: code that does not know it goes on with the label set's file.
"""

from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make the table."""
    # It refers to no other table, so nothing is waited for; if that ever changed, this would fail rather than hold up.
    op.execute("SET LOCAL lock_timeout = '1s'")
    op.execute(BUILD)


BUILD = """
    CREATE TABLE labels (
        label_set TEXT NOT NULL,
        name TEXT NOT NULL,
        position INTEGER NOT NULL,
        prompt TEXT NOT NULL,
        emoji TEXT NOT NULL,
        actor TEXT NOT NULL,
        created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
        CONSTRAINT labels_pkey PRIMARY KEY (label_set, name),
        CONSTRAINT labels_name_is_well_formed CHECK (name ~ '^[a-z0-9][a-z0-9 _-]{0,39}$'),
        CONSTRAINT labels_position_counts_from_one CHECK (position >= 1),
        CONSTRAINT labels_prompt_is_bounded CHECK (char_length(prompt) BETWEEN 1 AND 60),
        CONSTRAINT labels_emoji_is_bounded CHECK (char_length(emoji) BETWEEN 1 AND 16)
    );
    CREATE UNIQUE INDEX labels_have_an_order ON labels (label_set, position);
"""
