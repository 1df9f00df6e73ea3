"""The parts of the service that its routes share; create_app puts them in place."""

from dataclasses import dataclass
from threading import BoundedSemaphore

from flask import Flask, current_app

from doodle_web.tracing import Tracing
from model_server.config import Settings
from model_server.eraser import Eraser
from model_server.event_streams import EventStreams
from model_server.group_commit import GroupCommit
from model_server.label_list import LabelList
from model_server.live_model import LiveModel
from model_server.metrics import Metrics
from model_server.prediction.predictor import Predictor
from model_server.training_trigger import TrainingTrigger

_KEY = "model_server"


@dataclass(frozen=True)
class Parts:
    """
    What the routes need besides the database and the clock.

    Attributes:
        settings: the service's.
        metrics: what it counts.
        tracing: of what it does.
        live_model: what is live, with its manifest.
        streams: the open event streams of this process.
        trigger: asks for training after a store.
        group_commit: stores doodles.
        labels: which there are.
        eraser: works off what erasures order.
        export_slots: one for each export that may be read at a time.
        predictor: answers what a drawing shows.
    """

    settings: Settings
    metrics: Metrics
    tracing: Tracing
    live_model: LiveModel
    streams: EventStreams
    trigger: TrainingTrigger
    group_commit: GroupCommit
    labels: LabelList
    eraser: Eraser
    export_slots: BoundedSemaphore
    predictor: Predictor


def attach_parts(app: Flask, parts: Parts) -> None:
    """Give an app its parts."""
    app.extensions[_KEY] = parts


def parts_of(app: Flask) -> Parts:
    """Give the parts of an app."""
    parts: Parts = app.extensions[_KEY]
    return parts


def current_parts() -> Parts:
    """Give the parts of the app that answers the present request."""
    return parts_of(current_app)
