"""The parts of the service that its routes share; create_app puts them in place."""

from dataclasses import dataclass, field

from flask import Flask, current_app
from sqlalchemy import Engine

from doodle_web.tracing import Tracing
from training_server.config import Settings
from training_server.metrics import Metrics
from training_server.queue import TrainingQueue
from training_server.run_waits import RunWaits

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
        run_waits: requests that wait for runs to end.
    """

    settings: Settings
    engine: Engine
    queue: TrainingQueue
    metrics: Metrics
    tracing: Tracing
    run_waits: RunWaits = field(default_factory=RunWaits)


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
