"""The installation a command saves or fills: its database, versions and contributor key, whether it runs or not."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from doodle_cli.config import Settings
from doodle_cli.database import DATABASE, find_database_url
from doodle_cli.database_start import start_database
from doodle_cli.errors import CliError
from doodle_cli.home import Home, read_json
from doodle_cli.home_lock import find_running_up, hold_home
from doodle_cli.ports import keep_ports
from doodle_cli.project import find_project
from doodle_cli.screen import Screen
from doodle_cli.secret_files import find_secret, make_secrets
from doodle_cli.stack import Stack
from doodle_cli.supervisor import POLL_SECONDS, Supervisor, end_leftovers


@dataclass(frozen=True)
class Installation:
    """
    Where everything is.

    Attributes:
        database_url: of its database, which answers.
        artifact_url: of its versions.
    """

    database_url: str
    artifact_url: str


def find_contributor_key(settings: Settings, home: Home) -> str | None:
    """Find the key that contributors are hashed with; None if this machine does not know it."""
    return settings.contributor_key or (None if settings.database_url else find_secret(home.secrets, "contributor_key"))


@contextmanager
def open_installation(
    settings: Settings, home: Home, screen: Screen, *, is_new: bool = False
) -> Iterator[Installation]:
    """
    Give the installation the environment names, or the home's; the database of a home that is not running is started.

    Args:
        settings: DATABASE_URL and ARTIFACT_URL go before the home.
        home: of `doodle up`.
        screen: shows what is started.
        is_new: a home that has none gets a database.

    Raises:
        CliError: it is not known where the versions are, or there is no database.
    """
    artifacts = settings.services.get("ARTIFACT_URL")
    if settings.database_url:
        if not artifacts:
            raise CliError("DATABASE_URL is set, and ARTIFACT_URL is not; set it to where the versions lie.")
        yield Installation(settings.database_url, artifacts)
    elif find_running_up(home):
        yield Installation(find_database_url(home, read_json(home.ports)), artifacts or str(home.artifacts))
    elif not is_new and not (home.postgres / "PG_VERSION").is_file():
        raise CliError(f"There is no database in {home.folder}; name another --home, or set DATABASE_URL.")
    else:
        home.prepare()
        with hold_home(home, "no address: a backup or a restore"), _running_postgres(settings, home, screen) as url:
            yield Installation(url, artifacts or str(home.artifacts))


@contextmanager
def _running_postgres(settings: Settings, home: Home, screen: Screen) -> Iterator[str]:
    """Run the home's database, and nothing else, until the block ends."""
    end_leftovers(home.processes)
    stack = Stack(home, find_project(), settings, make_secrets(home.secrets), keep_ports(home.ports), "127.0.0.1", 0)
    supervisor = Supervisor(home, screen.say)
    try:
        with screen.step("PostgreSQL"):
            if not stack.cluster.exists():
                stack.cluster.create()
            stack = start_database(stack, supervisor, lambda: _pause(supervisor, screen))
        yield stack.cluster.url(DATABASE)
    finally:
        supervisor.stop((("postgres",),))


def _pause(supervisor: Supervisor, screen: Screen) -> None:
    screen.tick()
    supervisor.look_after()
    supervisor.refuse_crash_loop()
    time.sleep(POLL_SECONDS)
