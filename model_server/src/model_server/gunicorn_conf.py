"""
How gunicorn runs the service: `gunicorn -c python:model_server.gunicorn_conf model_server.wsgi:app`.

gunicorn reads this in its parent process, before gevent has changed anything. So nothing is imported here that opens
sockets or makes locks; the service itself is loaded by each worker.
"""

import sys
from typing import Any

from doodle_db.errors import SettingsError
from doodle_web.gunicorn_logger import JsonLogger
from doodle_web.metrics_folder import MetricsFolder
from model_server.config import from_environment, serving_from_environment

_serving = serving_from_environment()
_metrics = MetricsFolder("model_server")

bind = _serving.bind
workers = _serving.num_processes
worker_class = "model_server.gunicorn_worker.StreamingWorker"
# Open streams count as connections, and must not keep requests out.
worker_connections = _serving.max_streams + 1_000
preload_app = False
timeout = 30
graceful_timeout = 10
# Longer than nginx keeps a connection that nobody uses (keepalive_timeout of its upstream).
keepalive = 75
raw_env = [_metrics.setting]
loglevel = _serving.log_level
logger_class = JsonLogger
accesslog = None
# Its default is a socket in the home of whoever runs it, one for all services.
control_socket_disable = True


def on_starting(_: Any) -> None:
    """Refuse to start with settings that cannot be used, before any worker is."""
    try:
        from_environment()
    except SettingsError as refusal:
        sys.exit(f"model_server does not start. {refusal}")
    _metrics.make()


def child_exit(_: Any, worker: Any) -> None:
    """Forget what a process that has ended was doing."""
    _metrics.forget(worker.pid)


def on_exit(_: Any) -> None:
    """Leave nothing behind."""
    _metrics.remove()
