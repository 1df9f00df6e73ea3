"""
Where gunicorn finds the service: `training_server.wsgi:app`.

The name `app` is made when it is asked for, so that importing this module does nothing.
"""

import threading

from flask import Flask

from training_server.app import create_app
from training_server.config import from_environment
from training_server.parts import parts_of
from training_server.run_counts import start_counting


def __getattr__(name: str) -> Flask:
    """Give the service under the name gunicorn asks for."""
    if name != "app":
        raise AttributeError(name)
    return make_app()


def make_app() -> Flask:
    """
    Make the service from the environment, and start what runs beside its requests.

    Raises:
        SettingsError: variables are missing or wrong.
    """
    app = create_app(from_environment())
    parts = parts_of(app)
    start_counting(parts.engine, parts.queue, parts.settings)
    threading.Thread(target=parts.metrics.sampled.run, name="metrics", daemon=True).start()
    return app
