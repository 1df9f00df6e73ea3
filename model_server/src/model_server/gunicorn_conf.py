"""
How gunicorn runs the service: `gunicorn -c python:model_server.gunicorn_conf model_server.wsgi:app`.

gunicorn reads this in its parent process, before gevent has changed anything. So nothing is imported here that opens
sockets or makes locks; the service itself is loaded by each worker.
"""

from doodle_web.gunicorn_hooks import ServiceHooks
from doodle_web.gunicorn_logger import JsonLogger
from model_server.config import from_environment, serving_from_environment

_serving = serving_from_environment()
_hooks = ServiceHooks("model_server", from_environment)

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
raw_env = _hooks.raw_env
loglevel = _serving.log_level
logger_class = JsonLogger
accesslog = None
# Its default is a socket in the home of whoever runs it, one for all services.
control_socket_disable = True
on_starting, child_exit, on_exit = _hooks.on_starting, _hooks.child_exit, _hooks.on_exit
