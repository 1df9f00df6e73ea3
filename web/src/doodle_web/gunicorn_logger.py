"""gunicorn's own messages in the same JSON lines as ours. Only gunicorn imports this: it comes with the services."""

import logging
from typing import Any

from gunicorn.glogging import Logger

from doodle_web.json_logs import configure_logs


class JsonLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """For gunicorn's `logger_class`. Writes no access log: nginx does, and each of its lines has the request's id."""

    def setup(self, cfg: Any) -> None:
        """Take over gunicorn's loggers, at the level of its `loglevel`."""
        super().setup(cfg)
        configure_logs(cfg.loglevel)
        for logger in (self.error_log, self.access_log):
            logger.handlers.clear()
            logger.setLevel(logging.NOTSET)
            logger.propagate = True

    def access(self, *_: Any) -> None:
        """Write nothing."""
