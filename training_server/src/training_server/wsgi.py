"""
Where gunicorn finds the service: `training_server.wsgi:app`.

The name `app` is made when it is asked for, so that importing this module does nothing.
"""

from flask import Flask

from training_server.app import create_app
from training_server.config import from_environment


def __getattr__(name: str) -> Flask:
    """
    Give the service, made from the environment, under the name gunicorn asks for.

    Raises:
        SettingsError: variables are missing or wrong.
    """
    if name != "app":
        raise AttributeError(name)
    return create_app(from_environment())
