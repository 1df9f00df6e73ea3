"""Alembic's way in; doodle_db.migrate hands it an open connection."""

from alembic import context

from doodle_db.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
