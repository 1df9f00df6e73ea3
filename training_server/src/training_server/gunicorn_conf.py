"""How gunicorn runs the service: `gunicorn -c python:training_server.gunicorn_conf training_server.wsgi:app`."""

from doodle_web.gunicorn_hooks import ServiceHooks
from doodle_web.gunicorn_logger import JsonLogger
from training_server.config import NUM_THREADS, from_environment, serving_from_environment

_serving = serving_from_environment()
_hooks = ServiceHooks("training_server", from_environment)

bind = _serving.bind
workers = _serving.num_processes
worker_class = "gthread"
threads = NUM_THREADS
preload_app = False
# nginx keeps connections to us open; it must be the one that closes them, after less than this.
keepalive = 10
timeout = 30
graceful_timeout = 10
raw_env = _hooks.raw_env
loglevel = _serving.log_level
logger_class = JsonLogger
accesslog = None
# Its default is a socket in the home of whoever runs it, one for all services.
control_socket_disable = True
on_starting, child_exit, on_exit = _hooks.on_starting, _hooks.child_exit, _hooks.on_exit
