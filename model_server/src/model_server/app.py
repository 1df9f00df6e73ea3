"""The one place where the parts of model_server are joined."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from threading import BoundedSemaphore

from flask import Flask
from sqlalchemy import Engine
from werkzeug.middleware.proxy_fix import ProxyFix

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_db.operators import set_operator
from doodle_web.context import WebContext, attach_context, read_clock
from doodle_web.error_pages import register_error_pages
from doodle_web.health import health_blueprint
from doodle_web.metrics import metrics_blueprint, register_request_metrics
from doodle_web.request_id import register_request_id
from doodle_web.tracing import make_tracing
from model_server.announcements import Announcer
from model_server.background import keep_running, run_until_done
from model_server.config import Settings
from model_server.deployments import deployments
from model_server.doodle_writer import DoodleWriter
from model_server.doodles import doodles
from model_server.drift import drift
from model_server.eraser import Eraser
from model_server.erasures import erasures
from model_server.event_streams import EventStreams
from model_server.events import events
from model_server.exports import MAX_AT_ONCE, exports
from model_server.forgetting import forgetting
from model_server.gallery import gallery
from model_server.green_postgres import STATEMENT_TIMEOUT_MS
from model_server.group_commit import GroupCommit
from model_server.label_list import LabelList
from model_server.labels import labels
from model_server.listener import Listener
from model_server.live_model import LiveModel
from model_server.metrics import Metrics
from model_server.model_files import model_files_blueprint
from model_server.models import models
from model_server.parts import Parts, attach_parts
from model_server.pins import pins
from model_server.prediction.lane import Lane
from model_server.prediction.metrics import PredictionMetrics, watch_predictions
from model_server.prediction.predictor import Predictor
from model_server.prediction.routes import predictions
from model_server.prediction.version_shelf import VersionShelf
from model_server.production import production
from model_server.reviews import reviews
from model_server.sessions import sessions
from model_server.shadow import shadow
from model_server.stats import stats
from model_server.training_trigger import TrainingTrigger
from model_server.version_files import VersionFiles

API = "/api/v1"
OPERATOR = "operator"

UNDER_API = (
    doodles,
    forgetting,
    gallery,
    labels,
    models,
    deployments,
    pins,
    production,
    drift,
    shadow,
    stats,
    sessions,
    events,
    reviews,
    exports,
    erasures,
    predictions,
)
"""All that answers under API, whoever may ask."""

MAX_BODY_BYTES = 2 * 1024 * 1024
"""A hundred doodles of the usual 2 to 6 kB fit several times; nginx's client_max_body_size is the same."""

POOL_SIZE = 10
"""Connections per process: a request holds one for a few milliseconds, and PostgreSQL's default is 100 in all."""


def create_app(settings: Settings, engine: Engine | None = None, clock: Callable[[], datetime] = read_clock) -> Flask:
    """
    Make the service; nothing is connected or started yet.

    Args:
        settings: the service's.
        engine: the database; made from the settings when left out.
        clock: tells the time.
    """
    engine = engine or connect_engine(settings.database_url)
    app = Flask("model_server", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    attach_context(app, WebContext(engine, clock))
    files = _make_version_files(settings, engine)
    parts = _make_parts(settings, engine, files)
    attach_parts(app, parts)
    register_request_metrics(app, parts.metrics.registry)
    parts.tracing.register(app)
    register_request_id(app)
    register_error_pages(app)
    app.register_blueprint(health_blueprint())
    app.register_blueprint(metrics_blueprint(parts.metrics.registry, parts.metrics.sampled))
    app.register_blueprint(model_files_blueprint(files))
    for blueprint in UNDER_API:
        app.register_blueprint(blueprint, url_prefix=API)
    hops = settings.trusted_proxy_hops
    # The host is never taken from a header: the check where a cookie comes from depends on it.
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=hops, x_proto=hops, x_host=0)  # type: ignore[method-assign]
    return app


def connect_engine(database_url: str) -> Engine:
    """Make the service's engine; nothing is connected yet."""
    return connect_to(
        database_url,
        pool_size=POOL_SIZE,
        application_name="model_server",
        statement_timeout_ms=STATEMENT_TIMEOUT_MS,
    )


def _make_parts(settings: Settings, engine: Engine, files: VersionFiles) -> Parts:
    tracing = make_tracing("model_server", settings.otlp_endpoint)
    trigger = TrainingTrigger(engine, settings.training_server_url, settings.delta_min_doodles, tracing=tracing)
    metrics, streams = Metrics(), EventStreams(settings.max_streams)
    group_commit = GroupCommit(metrics.watch_writes(DoodleWriter(engine).write))
    metrics.watch(engine, streams, lambda: group_commit.num_waiting)
    label_list = LabelList(engine, settings.label_set)
    slots = BoundedSemaphore(MAX_AT_ONCE)
    return Parts(
        settings,
        metrics,
        tracing,
        LiveModel(),
        streams,
        trigger,
        group_commit,
        label_list,
        Eraser(engine),
        slots,
        _make_predictor(engine, files, metrics),
    )


def _make_predictor(engine: Engine, files: VersionFiles, metrics: Metrics) -> Predictor:
    counted = PredictionMetrics(metrics.registry, metrics.name_version)
    shelf, pictures, drawings = VersionShelf(engine, files, counted.count_load), Lane(), Lane()
    watch_predictions(metrics.sampled, shelf, (pictures, drawings))
    return Predictor(shelf, counted, pictures, drawings)


def _make_version_files(settings: Settings, engine: Engine) -> VersionFiles:
    store = ArtifactStore(settings.artifact_url) if settings.artifact_url else None
    return VersionFiles(engine, store)


def start_background(parts: Parts, engine: Engine) -> None:
    """Start what runs beside the requests of a process; the database need not be there yet."""

    def note_live(version: str) -> None:
        parts.metrics.note_live(version)
        parts.predictor.shelf.follow(version)

    announcer = Announcer(engine, parts.streams, parts.labels, note_live)
    run_until_done(partial(enter_operator, engine, parts.settings))
    keep_running(Listener(engine, announcer.catch_up, announcer.hear).run)
    keep_running(announcer.run)
    keep_running(parts.trigger.run)
    keep_running(parts.predictor.shelf.run)
    keep_running(parts.eraser.run)
    keep_running(parts.metrics.sampled.run)


def enter_operator(engine: Engine, settings: Settings) -> None:
    """Enter the operator whose token stands in the settings, if one does; doing so again changes nothing."""
    if settings.operator_token is not None:
        with engine.begin() as connection:
            set_operator(connection, OPERATOR, settings.operator_token)
