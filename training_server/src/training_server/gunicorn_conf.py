"""How gunicorn runs the service: `gunicorn -c python:training_server.gunicorn_conf training_server.wsgi:app`."""

import sys
from typing import Any

from doodle_db.errors import SettingsError
from doodle_web.gunicorn_logger import JsonLogger
from doodle_web.metrics_folder import MetricsFolder
from training_server.config import NUM_THREADS, from_environment, serving_from_environment

_serving = serving_from_environment()
_metrics = MetricsFolder("training_server")

bind = _serving.bind
workers = _serving.num_processes
worker_class = "gthread"
threads = NUM_THREADS
preload_app = False
# nginx keeps connections to us open; it must be the one that closes them, after less than this.
keepalive = 10
timeout = 30
graceful_timeout = 10
raw_env = [_metrics.setting]
loglevel = _serving.log_level
logger_class = JsonLogger
accesslog = None
# Its default is a socket in the home of whoever runs it, one for all services.
control_socket_disable = True


def on_starting(_: Any) -> None:
    """Refuse to start with settings that cannot be used, before any process is."""
    try:
        from_environment()
    except SettingsError as refusal:
        sys.exit(f"training_server does not start. {refusal}")
    _metrics.make()


def child_exit(_: Any, worker: Any) -> None:
    """Forget what a process that has ended was doing."""
    _metrics.forget(worker.pid)


def on_exit(_: Any) -> None:
    """Leave nothing behind."""
    _metrics.remove()
