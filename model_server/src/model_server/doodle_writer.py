"""Writing the doodles of several requests into the database, with as few round trips as each kind needs."""

from collections.abc import Sequence

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from doodle_db.doodles import Doodle, StoreOutcome, store_each
from doodle_db.errors import DoodleConflictError

Written = Sequence[list[StoreOutcome] | DoodleConflictError]


class DoodleWriter:
    """
    Writes for one caller at a time; when it returns, everything it tells is committed.

    Single doodles, the usual case, need no transaction around them: a doodle is a row, and a statement commits by
    itself. So they cost one round trip, over a connection that is kept. Where a request brings several, which must be
    stored all or none, there is a transaction.
    """

    def __init__(self, engine: Engine) -> None:
        """
        Args:
            engine: the database; one connection is taken out of its pool and kept.
        """
        self._engine = engine
        self._kept: Connection | None = None

    def write(self, requests: Sequence[Sequence[Doodle]]) -> Written:
        """
        Store the doodles of several requests, each as a whole or not at all.

        Args:
            requests: one batch each; checked at the door.

        Returns:
            For each request what became of its doodles, or that it conflicts with what is stored.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database refused, or does not answer.
        """
        if any(len(batch) > 1 for batch in requests):
            with self._engine.begin() as connection:
                return store_each(connection, requests)
        try:
            return self._write_singles(requests)
        except DBAPIError as lost:
            if not lost.connection_invalidated:
                raise
            # The connection had been cut, by a restart of the database perhaps. Writing the same again is harmless.
            return self._write_singles(requests)

    def _write_singles(self, requests: Sequence[Sequence[Doodle]]) -> Written:
        kept = self._kept or self._connect()
        # Until it is known to have ended well, nobody knows what state the connection is in.
        self._kept = None
        try:
            written = store_each(kept, requests)
            # Nothing is sent: the statement has committed by itself, this ends SQLAlchemy's bookkeeping.
            kept.commit()
        except BaseException:
            kept.close()
            raise
        self._kept = kept
        return written

    def _connect(self) -> Connection:
        """Take a connection out of the pool, for good."""
        connection = self._engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        connection.detach()
        return connection

    def close(self) -> None:
        """Close the kept connection; the next write takes another."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None
