"""How many doodles there are, without counting them: kept by the database at every change, exact at every moment."""

from sqlalchemy import Connection, func, select, text, union_all

from doodle_db.tables import doodle_count_changes, doodle_counts

_EVERY_CHANGE = union_all(
    *(
        select(table.c.source, table.c.status, table.c.label, table.c.split, table.c.num_doodles)
        for table in (doodle_counts, doodle_count_changes)
    )
).subquery()


def count_by_label(connection: Connection) -> dict[str, int]:
    """Count the accepted user doodles of every label; as quick for millions as for none."""
    num_doodles = func.sum(_EVERY_CHANGE.c.num_doodles)
    statement = (
        select(_EVERY_CHANGE.c.label, num_doodles)
        .where(_EVERY_CHANGE.c.source == "user", _EVERY_CHANGE.c.status == "accepted")
        .group_by(_EVERY_CHANGE.c.label)
        .having(num_doodles > 0)
        .order_by(_EVERY_CHANGE.c.label)
    )
    return {row[0]: int(row[1]) for row in connection.execute(statement)}


def count_to_train(connection: Connection) -> dict[str, int]:
    """Count the accepted doodles of the train split by source, `user` and `base`; as quick for millions as for none."""
    statement = (
        select(_EVERY_CHANGE.c.source, func.sum(_EVERY_CHANGE.c.num_doodles))
        .where(_EVERY_CHANGE.c.split == "train", _EVERY_CHANGE.c.status == "accepted")
        .group_by(_EVERY_CHANGE.c.source)
    )
    return {"user": 0, "base": 0, **{row[0]: int(row[1]) for row in connection.execute(statement)}}


def fold_counts(connection: Connection) -> None:
    """
    Add the latest changes to the counts, so that few have to be read; every 256th insert does it, and the tick.

    Args:
        connection: with an open transaction.
    """
    connection.execute(text("SELECT fold_doodle_counts()"))
