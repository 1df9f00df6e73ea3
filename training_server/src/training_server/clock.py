"""What time it is, for everybody: the database's, so that machines whose clocks differ agree on who is silent."""

from datetime import datetime

from sqlalchemy import Connection, func, select


def read_time(connection: Connection) -> datetime:
    """Read the time at which the transaction began."""
    return connection.execute(select(func.now())).scalar_one()
