"""Bring an installation up to date: schema, queue, first version. One shot: `python -m training_server.migrate`."""

import logging
import sys

from sqlalchemy.exc import SQLAlchemyError

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.errors import DoodleError
from doodle_db.migrate import migrate
from doodle_web.json_logs import configure_logs, log_event
from training_server.config import Settings, from_environment
from training_server.queue_schema import migrate_queue
from training_server.searches.storage import migrate_storage
from training_server.seed import seed

log = logging.getLogger(__name__)


def bring_up_to_date(settings: Settings) -> None:
    """
    Migrate, make the queue, deploy the first version; safe to run at every start, any number of times at once.

    Raises:
        DoodleError: a setting, the artifact store or the shipped version cannot be used.
        SQLAlchemyError: the database cannot be reached or refuses a migration.
    """
    engine = connect_to(settings.database_url, application_name="migrate")
    try:
        migrate(engine)
        migrate_queue(engine)
        migrate_storage(engine)
        seed(engine, ArtifactStore(settings.artifact_url), settings.base_models, settings.label_set)
    finally:
        engine.dispose()


def main() -> int:
    """Run the command; give its exit status."""
    try:
        settings = from_environment()
        configure_logs(settings.log_level)
        bring_up_to_date(settings)
    except (DoodleError, SQLAlchemyError) as refused:
        print(f"The installation could not be brought up to date. {refused}", file=sys.stderr)
        return 1
    log_event(log, logging.INFO, "up_to_date")
    return 0


if __name__ == "__main__":
    sys.exit(main())
