"""The one place where the parts of training_server's API are joined."""

from flask import Flask
from sqlalchemy import Engine

from doodle_db.artifacts import ArtifactStore
from doodle_db.engine import connect_to
from doodle_web.context import WebContext, attach_context
from doodle_web.error_pages import register_error_pages
from doodle_web.health import health_blueprint
from doodle_web.metrics import metrics_blueprint, register_request_metrics
from doodle_web.request_id import register_request_id
from doodle_web.tracing import make_tracing
from training_server.config import NUM_THREADS, Settings
from training_server.metrics import Metrics
from training_server.parts import Parts, attach_parts
from training_server.queue import TrainingQueue
from training_server.run_history import run_history
from training_server.runs import internal, runs
from training_server.searches.routes import searches
from training_server.standing_metrics import StandingCollector
from training_server.version_comparer import VersionComparer
from training_server.versions import versions_blueprint
from training_server.workers import workers

API = "/api/v1"

MAX_BODY_BYTES = 64 * 1024
"""An order is a few hundred bytes."""


def create_app(settings: Settings, engine: Engine | None = None) -> Flask:
    """
    Make the service; nothing is connected yet.

    Args:
        settings: the service's.
        engine: the database; made from the settings when left out.
    """
    engine = engine or connect_to(settings.database_url, pool_size=NUM_THREADS, application_name="training_server")
    app = Flask("training_server", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MAX_BODY_BYTES
    attach_context(app, WebContext(engine))
    metrics = Metrics(engine)
    tracing = make_tracing("training_server", settings.otlp_endpoint)
    attach_parts(app, Parts(settings, engine, TrainingQueue(engine), metrics, tracing))
    register_request_metrics(app, metrics.registry)
    tracing.register(app)
    register_request_id(app)
    register_error_pages(app)
    app.register_blueprint(health_blueprint())
    standing = StandingCollector(engine, settings.delta_min_doodles)
    app.register_blueprint(metrics_blueprint(metrics.registry, metrics.sampled, standing))
    app.register_blueprint(internal)
    store = ArtifactStore(settings.artifact_url)
    versions = versions_blueprint(store, VersionComparer(engine, store, settings.label_set))
    for blueprint in (runs, run_history, workers, versions, searches):
        app.register_blueprint(blueprint, url_prefix=API)
    return app
