"""How a process reaches PostgreSQL."""

from collections.abc import Mapping

from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.exc import ArgumentError

from doodle_db.errors import SettingsError

STATEMENT_TIMEOUT_MS = 30_000
"""No statement of ours takes seconds; one that does must not hold a connection for ever."""

SILENCE: Mapping[str, int] = {
    "connect_timeout": 5,
    "tcp_user_timeout": 20_000,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
}
"""
What libpq is told, by every driver: how long a server may be silent (s; tcp_user_timeout ms). Unix sockets ignore it.

A failover or a forgetful NAT drops packets without a word, and Linux goes on sending for a quarter of an hour. The
limit is below the 30 s after which a silent worker counts as lost, and leaves a server time whose disk stalls in a long
COPY: it then takes nothing from us, which counts as silence, too.
"""


def connect_to(
    database_url: str,
    *,
    pool_size: int = 5,
    application_name: str = "doodle",
    statement_timeout_ms: int = STATEMENT_TIMEOUT_MS,
) -> Engine:
    """
    Make the engine for a database; nothing is connected yet.

    Args:
        database_url: postgresql://user:password@host:port/name
        pool_size: connections kept open at most.
        application_name: how the process is called in pg_stat_activity.
        statement_timeout_ms: the server ends a statement that takes longer.

    Raises:
        SettingsError: this is no address of a PostgreSQL database. The message never shows it: it holds a password.
    """
    try:
        url = make_url(database_url)
    except ArgumentError:
        raise SettingsError("DATABASE_URL is no address; expected postgresql://user:password@host:port/name.") from None
    if url.get_backend_name() != "postgresql":
        raise SettingsError(
            "DATABASE_URL is not a PostgreSQL address; expected postgresql://user:password@host:port/name."
        )
    return create_engine(
        url.set(drivername="postgresql+psycopg2"),
        pool_size=pool_size,
        max_overflow=0,
        pool_pre_ping=True,
        # An error's words end in logs, and a statement's parameters are drawings and contributors.
        hide_parameters=True,
        connect_args={
            **SILENCE,
            "application_name": application_name,
            "options": f"-c statement_timeout={statement_timeout_ms} -c timezone=UTC",
        },
    )
