"""The parts of the service that its routes share; create_app puts them in place."""

from dataclasses import dataclass

from flask import Flask, current_app
from sqlalchemy import Engine

from doodle_web.tracing import Tracing
from training_server.config import Settings
from training_server.metrics import Metrics
from training_server.queue import TrainingQueue

_KEY = "training_server"


@dataclass(frozen=True)
class Parts:
    """
    What the routes need.

    Attributes:
        settings: the service's.
        engine: the database.
        queue: in it.
        metrics: what it counts.
        tracing: of what it does.
    """

    settings: Settings
    engine: Engine
    queue: TrainingQueue
    metrics: Metrics
    tracing: Tracing


def attach_parts(app: Flask, parts: Parts) -> None:
    """Give an app its parts."""
    app.extensions[_KEY] = parts


def parts_of(app: Flask) -> Parts:
    """Give an app's parts."""
    parts: Parts = app.extensions[_KEY]
    return parts


def current_parts() -> Parts:
    """Give the parts of the app that answers the present request."""
    return parts_of(current_app)
