"""
Where gunicorn finds the service: `model_server.wsgi:app`, in a process that gevent has already changed.

The name `app` is made when it is asked for, so that importing this module does nothing.
"""

from flask import Flask

from doodle_web.context import WebContext
from model_server.app import create_app, start_background
from model_server.config import from_environment
from model_server.green_postgres import patch_psycopg2
from model_server.parts import parts_of


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
    patch_psycopg2()
    app = create_app(from_environment())
    context: WebContext = app.extensions["doodle_web"]
    start_background(parts_of(app), context.engine)
    return app
