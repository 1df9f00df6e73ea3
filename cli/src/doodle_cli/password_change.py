"""The database's password: home and cluster agree on it after any kill, at the latest when the database is started."""

from pathlib import Path

from psycopg2.extensions import encrypt_password
from sqlalchemy import Engine

from doodle_cli.home import Home
from doodle_cli.postgres import SUPERUSER
from doodle_cli.secret_files import find_secret, write_secret

NAME = "postgres_password"
NEXT = f"{NAME}.next"
"""Holds the new password from before the database is told until the home has it, so that it is never lost."""


def change_password(engine: Engine, folder: Path, password: str) -> None:
    """
    Give the database another password, and only the password's verifier: no log of a server holds the password.

    Killed in the middle, the next start finds out which of the two the database takes; see settle_password.

    Args:
        engine: of the home's database, which nobody else uses.
        folder: of the home's secrets.
        password: the new one.
    """
    write_secret(folder / NEXT, password)
    with engine.begin() as connection:
        driver = connection.connection.driver_connection
        verifier = encrypt_password(password, SUPERUSER, scope=driver, algorithm="scram-sha-256")
        # ALTER ROLE takes no parameters; a verifier is base64 and signs that need no quoting.
        connection.exec_driver_sql(f"ALTER ROLE {SUPERUSER} PASSWORD '{verifier}'")
    settle_password(folder, password)


def find_next_password(home: Home) -> str | None:
    """Find the password of a change that did not come to its end; None if there was none."""
    return find_secret(home.secrets, NEXT)


def settle_password(folder: Path, password: str) -> None:
    """
    Keep the password the database takes, and no other.

    Args:
        folder: of the home's secrets.
        password: the database has taken it just now.
    """
    if password == find_secret(folder, NEXT):
        (folder / NEXT).replace(folder / NAME)
    (folder / NEXT).unlink(missing_ok=True)
