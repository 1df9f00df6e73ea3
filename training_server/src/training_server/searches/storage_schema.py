"""Where Optuna's tables are; what a worker asks before it begins, without loading Optuna."""

from sqlalchemy import Connection, text

SCHEMA = "optuna"


def is_storage_there(connection: Connection) -> bool:
    """Tell whether Optuna's tables have been made."""
    return bool(connection.execute(text(f"SELECT to_regclass('{SCHEMA}.studies') IS NOT NULL")).scalar_one())
