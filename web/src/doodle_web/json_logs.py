"""
Logs as JSON lines: an event's name and its fields, never a sentence to be taken apart again.

Fields bound with `bind_fields` stand in every line of the request or run they were bound for. No secret and no client's
address belongs into a field; nothing here puts one there by itself.
"""

import json
import logging
import logging.config
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from datetime import UTC, datetime
from typing import Any

_BOUND: ContextVar[dict[str, Any] | None] = ContextVar("doodle_log_fields", default=None)

QUIET_LOGGERS = ("alembic", "httpx", "httpcore")
"""Libraries that tell at INFO what they do at every turn; only their warnings are wanted."""


class JsonFormatter(logging.Formatter):
    """Writes a record as one line of JSON: time, level, logger, event, the fields, the traceback if there is one."""

    def format(self, record: logging.LogRecord) -> str:
        """Give the record as a line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": record.getMessage(),
            **(_BOUND.get() or {}),
            **getattr(record, "fields", {}),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def logging_config(level: str) -> dict[str, Any]:
    """
    Describe our logging for logging.config.dictConfig.

    Args:
        level: debug, info, warning or error, in any case.
    """
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"json": {"()": JsonFormatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": level.upper(), "handlers": ["stderr"]},
        "loggers": {name: {"level": "WARNING"} for name in QUIET_LOGGERS},
    }


def configure_logs(level: str) -> None:
    """Let every logger of the process write JSON lines to stderr."""
    logging.config.dictConfig(logging_config(level))


def log_event(logger: logging.Logger, level: int, event: str, **fields: Any) -> None:
    """
    Log what happened.

    Args:
        logger: the module's.
        level: logging.INFO, ...
        event: its name, past tense: `doodles_stored`.
        fields: what it happened to; anything JSON or with a readable str().
    """
    logger.log(level, event, extra={"fields": fields})


def find_field(name: str) -> Any:
    """Give a field that is bound now; None if none of that name is."""
    return (_BOUND.get() or {}).get(name)


def push_fields(**fields: Any) -> Token[dict[str, Any] | None]:
    """Put fields into every line from now on, until the token is given to `pop_fields`."""
    return _BOUND.set({**(_BOUND.get() or {}), **fields})


def pop_fields(token: Token[dict[str, Any] | None]) -> None:
    """Forget the fields that were pushed when the token was given."""
    _BOUND.reset(token)


@contextmanager
def bind_fields(**fields: Any) -> Iterator[None]:
    """
    Put fields into every line logged inside the `with` block, in this thread or greenlet.

    >>> with bind_fields(run="6f0c"):
    ...     log_event(logging.getLogger("doctest"), logging.DEBUG, "epoch_ended", epoch=1)
    """
    token = push_fields(**fields)
    try:
        yield
    finally:
        pop_fields(token)
