"""What is logged while a run is worked on stands in the run's own log, too."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from doodle_db.run_log import LogLine
from doodle_web.json_logs import find_field

OURS = ("training_server", "doodle_db", "doodle_web")
"""Loggers whose events have fields we chose: no secret and no drawing is among them."""


class RunLogHandler(logging.Handler):
    """Hands on what our own loggers tell while a run is bound to the thread; others' words are for its process."""

    def __init__(self, run: UUID, add_line: Callable[[LogLine], None]) -> None:
        """
        Args:
            run: its key, as it is bound by doodle_web.json_logs.bind_fields.
            add_line: takes a line, in any thread, at once.
        """
        super().__init__(logging.INFO)
        self._run, self._add_line = run, add_line

    def emit(self, record: logging.LogRecord) -> None:
        """Hand on a record of the run; of an exception its name and words, not the traceback."""
        if find_field("run") != self._run or record.name.partition(".")[0] not in OURS:
            return
        fields: dict[str, Any] = dict(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            fields["error"] = f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        at = datetime.fromtimestamp(record.created, UTC)
        self._add_line(LogLine(at, record.levelname.lower(), record.getMessage(), fields))


@contextmanager
def keep_log(run: UUID, add_line: Callable[[LogLine], None]) -> Iterator[None]:
    """Keep what is logged of a run as long as the block lasts; see RunLogHandler."""
    handler, root = RunLogHandler(run, add_line), logging.getLogger()
    root.addHandler(handler)
    try:
        yield
    finally:
        root.removeHandler(handler)
