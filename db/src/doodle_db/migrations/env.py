"""Alembic's way in; doodle_db.migrate hands it an open connection."""

from alembic import context

from doodle_db.tables import metadata

# A migration of a large table commits between its steps; see doodle_db.migrate.
context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transaction_per_migration=True
)
with context.begin_transaction():
    context.run_migrations()
