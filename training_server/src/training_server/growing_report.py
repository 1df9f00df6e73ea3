"""The report of a run that goes on: it grows with the run, and the database has it as far as it goes."""

from sqlalchemy import Connection, Engine

from doodle_db.run_reports import save_report
from training_server.claims import ClaimedRun
from training_server.report_format import Report, shorten


class GrowingReport:
    """
    Holds a run's report, in one thread.

    Whatever becomes of the run, what was found out stays: each stage is written when it is known.
    """

    def __init__(self, run: ClaimedRun) -> None:
        """
        Args:
            run: it belongs to; another attempt at it writes no more.
        """
        self._run = run
        self._report: Report | None = None

    @property
    def so_far(self) -> Report:
        """What is known of the run; there is nothing before it has read."""
        if self._report is None:
            raise LookupError("The run has not read anything yet.")
        return self._report

    def grow(self, report: Report) -> None:
        """Take over what is known by now, without writing it."""
        self._report = report

    def write(self, connection: Connection) -> None:
        """Write what is known, with whatever else the transaction holds."""
        document = shorten(self.so_far).model_dump(mode="json")
        save_report(connection, self._run.key, self._run.worker, self._run.attempt, document)

    def save(self, engine: Engine) -> None:
        """Write what is known, in a transaction of its own; done twice it comes to the same."""
        with engine.begin() as connection:
            self.write(connection)
