"""The runs' reports: one document a run, which grows with it; whatever becomes of the run, its report stays."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB, insert

from doodle_db.errors import UnknownReportError
from doodle_db.runs import get_run
from doodle_db.tables import run_reports, runs


def save_report(connection: Connection, run: UUID, worker: str, attempt: int, report: Mapping[str, Any]) -> bool:
    """
    Write what is known of a run so far, in place of what was known before.

    Args:
        connection: with an open transaction.
        run: the run.
        worker, attempt: whose report it is; one that has lost the run must not write over its successor's.
        report: as training_server.run_report makes it; JSON's types only.

    Returns:
        Whether it was written: False if the run is somebody else's by now, or has ended.
    """
    document = literal(dict(report), JSONB)
    held = select(runs.c.key, document).where(
        runs.c.key == run, runs.c.state == "running", runs.c.worker == worker, runs.c.attempt == attempt
    )
    statement = insert(run_reports).from_select(["run", "report"], held)
    changed = {"report": statement.excluded.report, "written_at": func.now()}
    written = connection.execute(statement.on_conflict_do_update(index_elements=["run"], set_=changed))
    return bool(written.rowcount)


def get_report(connection: Connection, run: UUID) -> dict[str, Any]:
    """
    Get a run's report.

    Raises:
        UnknownRunError: there is no such run.
        UnknownReportError: it has none: it has not begun yet, or ran before there were reports.
    """
    found = connection.execute(select(run_reports.c.report).where(run_reports.c.run == run)).scalar()
    if found is None:
        get_run(connection, run)
        raise UnknownReportError(field="key")
    return dict(found)
