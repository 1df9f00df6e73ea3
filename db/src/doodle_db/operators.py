"""Who may steer: operators with a token for programs, and with one-time codes that become a browser's cookie."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert

from doodle_db.tables import operator_sessions, operators

CODE_LIFETIME = timedelta(minutes=15)
COOKIE_LIFETIME = timedelta(days=30)


def hash_secret(secret: str) -> bytes:
    """
    Give what is stored of a secret.

    Our secrets are 256 random bits, so a fast hash keeps them as safe as a slow one would.

    Returns:
        32 bytes, SHA-256.
    """
    return hashlib.sha256(secret.encode()).digest()


def set_operator(connection: Connection, name: str, token: str) -> None:
    """Enter an operator, or give a known one a new token; the old one and its cookies end."""
    row = {"name": name, "token_hash": hash_secret(token)}
    known = connection.execute(select(operators).where(operators.c.name == name)).first()
    if known is not None and bytes(known.token_hash) == row["token_hash"]:
        return
    connection.execute(delete(operator_sessions).where(operator_sessions.c.operator == name))
    connection.execute(insert(operators).values(row).on_conflict_do_update(index_elements=["name"], set_=row))


def find_operator_by_token(connection: Connection, token: str) -> str | None:
    """Find whose token this is."""
    statement = select(operators.c.name).where(operators.c.token_hash == hash_secret(token))
    return connection.execute(statement).scalar()


def find_operator_by_cookie(connection: Connection, cookie: str, now: datetime) -> str | None:
    """Find whose browser this is, unless its time is over."""
    statement = select(operator_sessions.c.operator).where(
        operator_sessions.c.secret_hash == hash_secret(cookie),
        operator_sessions.c.kind == "cookie",
        operator_sessions.c.expires_at > now,
    )
    return connection.execute(statement).scalar()


def issue_code(connection: Connection, operator: str, code: str, now: datetime) -> None:
    """Store a one-time code for signing in; forgets those that were never used in time."""
    connection.execute(delete(operator_sessions).where(operator_sessions.c.expires_at <= now))
    _store(connection, code, "code", operator, now + CODE_LIFETIME)


def redeem_code(connection: Connection, code: str, cookie: str, now: datetime) -> str | None:
    """
    Turn a one-time code into a cookie.

    Args:
        connection: with an open transaction.
        code: what was typed or stood in the sign-in link.
        cookie: the new secret the browser will hold.
        now: the time.

    Returns:
        The operator, or None if the code is unknown, used or too old.
    """
    statement = delete(operator_sessions).where(
        operator_sessions.c.secret_hash == hash_secret(code),
        operator_sessions.c.kind == "code",
        operator_sessions.c.expires_at > now,
    )
    operator = connection.execute(statement.returning(operator_sessions.c.operator)).scalar()
    if operator is not None:
        _store(connection, cookie, "cookie", operator, now + COOKIE_LIFETIME)
    return operator


def end_session(connection: Connection, cookie: str) -> None:
    """Forget a browser's cookie."""
    connection.execute(delete(operator_sessions).where(operator_sessions.c.secret_hash == hash_secret(cookie)))


def _store(connection: Connection, secret: str, kind: str, operator: str, expires_at: datetime) -> None:
    row = {"secret_hash": hash_secret(secret), "kind": kind, "operator": operator, "expires_at": expires_at}
    connection.execute(insert(operator_sessions).values(row))
