"""What every worker's tick does for searches; Optuna is loaded only when there is something to tell."""

from uuid import UUID

from sqlalchemy import Engine

from doodle_db.searches import find_untold


def tell_untold(engine: Engine) -> list[UUID]:
    """
    Tell what a worker that was killed, or a run that was cancelled or given up, has left untold; asked by every tick.

    Returns:
        The searches something was told of.
    """
    with engine.connect() as connection:
        untold = find_untold(connection)
    if untold:
        _tell(engine, untold)
    return untold


def _tell(engine: Engine, untold: list[UUID]) -> None:
    # Not above: the import takes half a second, and most workers' ticks never need it.
    from training_server.searches.storage import opened_storage  # noqa: PLC0415
    from training_server.searches.telling import tell_of  # noqa: PLC0415

    with opened_storage(engine) as storage:
        for key in untold:
            tell_of(engine, storage, key)
