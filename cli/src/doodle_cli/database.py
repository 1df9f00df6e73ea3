"""The home's database: waiting for its server, making it, and the operator who may steer."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from doodle_cli.errors import CliError, StartError
from doodle_cli.home import Home
from doodle_cli.ports import INNER
from doodle_cli.postgres import PostgresCluster
from doodle_cli.processes import identify
from doodle_cli.secret_files import find_secret
from doodle_db.engine import connect_to
from doodle_db.operators import issue_code, set_operator

DATABASE = "doodle"
OPERATOR = "operator"
"""The name under which the home's own token acts."""


def clear_stale_pid_file(cluster: Path) -> None:
    """
    Remove the pid file of a server that was killed, if another program has its number by now.

    PostgreSQL sees by itself that nobody has the number; that somebody else has it, it cannot tell from a server that
    still runs, and would refuse to start for ever. A server works in its data folder, so that tells.

    Args:
        cluster: its folder; the home must be held, so that no server is being started there.
    """
    file = cluster / "postmaster.pid"
    try:
        pid = int(file.read_text(encoding="utf-8").partition("\n")[0])
    except (FileNotFoundError, ValueError):
        return
    if identify(pid) is not None and not _works_in(pid, cluster):
        file.unlink()


def _works_in(pid: int, folder: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == folder.resolve()
    except (FileNotFoundError, PermissionError):
        # Ended meanwhile, or somebody else's: not our server either way.
        return False


def await_server(
    cluster: PostgresCluster, attempts: int, pause: Callable[[], None], next_password: str | None = None
) -> PostgresCluster:
    """
    Wait until a server takes connections.

    Args:
        cluster: whose.
        attempts: how often to try.
        pause: waits between two tries; may raise to end the waiting.
        next_password: of a change that was killed in the middle; None: there was none.

    Returns:
        The cluster, with that of the passwords which the server takes.

    Raises:
        StartError: it never did; the message holds why.
    """
    candidates = [cluster, *([replace(cluster, password=next_password)] if next_password else [])]
    for attempt in range(attempts):
        refusals = []
        for candidate in candidates:
            refused = _find_refusal(candidate)
            if refused is None:
                return candidate
            refusals.append(refused)
        if attempt < attempts - 1:
            pause()
    raise StartError(f"PostgreSQL does not answer: {refusals[0].orig}") from refusals[0]


def _find_refusal(cluster: PostgresCluster) -> OperationalError | None:
    """Try to connect; tell what was wrong, if anything."""
    engine = connect_to(cluster.url("postgres"), application_name="doodle-up")
    try:
        engine.connect().close()
    except OperationalError as refused:
        return refused
    finally:
        engine.dispose()
    return None


def make_database(cluster: PostgresCluster) -> None:
    """Make the database if it is not there."""
    engine = connect_to(cluster.url("postgres"), application_name="doodle-up")
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        found = connection.execute(text("SELECT 1 FROM pg_database WHERE datname = :name"), {"name": DATABASE})
        if found.first() is None:
            connection.execute(text(f"CREATE DATABASE {DATABASE}"))
    engine.dispose()


def enter_operator(engine: Engine, token: str) -> None:
    """Let the home's token act as the operator."""
    with engine.begin() as connection:
        set_operator(connection, OPERATOR, token)


def make_sign_in_link(engine: Engine, url: str, now: datetime) -> str:
    """
    Make a link that signs a browser in, once.

    Args:
        engine: the database; the operator is entered there.
        url: the server's address.
        now: the time.
    """
    code = secrets.token_urlsafe(32)
    with engine.begin() as connection:
        issue_code(connection, OPERATOR, code, now)
    return sign_in_link(url, code)


def sign_in_link(url: str, code: str) -> str:
    """
    Give the link that holds a code where no server and no log sees it.

    >>> sign_in_link("https://doodle.example.org/", "abc")
    'https://doodle.example.org/console.html#sign-in=abc'
    """
    return f"{url.rstrip('/')}/console.html#sign-in={code}"


def find_database_url(home: Home, ports: object) -> str:
    """
    Give the address of a home's database.

    Args:
        home: the home.
        ports: what its ports file holds.

    Raises:
        CliError: there has never been an `up` on this home.
    """
    password = find_secret(home.secrets, "postgres_password")
    port = ports.get(INNER[0]) if isinstance(ports, dict) else None
    if password is None or not isinstance(port, int):
        raise CliError(f"There is no database in {home.folder}; start one with `make up`, or set DATABASE_URL.")
    return PostgresCluster(home.postgres, port, password).url(DATABASE)
