"""Everything model_server can be told from outside, read once."""

import os
from collections.abc import Mapping
from dataclasses import dataclass

from doodle_db.errors import UnknownLabelSetError
from doodle_db.label_sets import LabelSet, load_label_set
from doodle_web.settings import SettingsReader
from doodle_web.tracing import read_endpoint

LOG_LEVELS = ("debug", "info", "warning", "error")
MIN_TOKEN_CHARACTERS = 32
DEFAULT_BIND = "127.0.0.1:8001"


@dataclass(frozen=True)
class Settings:
    """
    What the service needs to know.

    Attributes:
        database_url: postgresql://… It holds a password.
        label_set: the labels that may be sent, and the shape of a drawing.
        contributor_key: turns client addresses into contributors; whoever has it can try addresses out.
        training_server_url: where to say that doodles wait; None: nobody is told, the worker's tick finds them.
        delta_min_doodles: how many make a run.
        trusted_proxy_hops: how many proxies of ours stand in front, each appending to X-Forwarded-For.
        operator_token: entered for the operator `operator` at start; None: operators are made by the `doodle` command.
        max_streams: open event streams per process.
        artifact_url: where versions lie; None: nginx reads them from a folder, and nobody asks here.
        otlp_endpoint: where traces go; None: there are none.
    """

    database_url: str
    label_set: LabelSet
    contributor_key: bytes
    training_server_url: str | None
    delta_min_doodles: int
    trusted_proxy_hops: int
    operator_token: str | None
    max_streams: int
    artifact_url: str | None = None
    otlp_endpoint: str | None = None


@dataclass(frozen=True)
class ServingSettings:
    """
    What gunicorn needs to know.

    Attributes:
        bind: host:port, or unix:path.
        num_processes: how many processes answer.
        log_level: one of LOG_LEVELS.
        max_streams: as in Settings.
    """

    bind: str
    num_processes: int
    log_level: str
    max_streams: int


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """
    Read the service's settings.

    Raises:
        SettingsError: variables are missing or wrong; the message lists all of them.
    """
    reader = SettingsReader(environ)
    label_set = _read_label_set(reader)
    settings = Settings(
        database_url=_read_url(reader, "DATABASE_URL", "postgresql", "postgresql://user:password@host:port/name"),
        label_set=label_set,
        contributor_key=reader.hex_key("CONTRIBUTOR_KEY", at_least_bytes=16),
        training_server_url=_read_training_server_url(reader),
        delta_min_doodles=reader.number("DELTA_MIN_DOODLES", default=200, at_least=1, at_most=1_000_000_000),
        trusted_proxy_hops=reader.number("TRUSTED_PROXY_HOPS", default=1, at_least=0, at_most=10),
        operator_token=_read_operator_token(reader),
        max_streams=_read_max_streams(reader),
        artifact_url=reader.optional_text("ARTIFACT_URL"),
        otlp_endpoint=read_endpoint(reader, "OTEL_EXPORTER_OTLP_ENDPOINT"),
    )
    _read_serving(reader)
    reader.finish()
    return settings


def serving_from_environment(environ: Mapping[str, str] = os.environ) -> ServingSettings:
    """
    Read gunicorn's settings; each has a default.

    A wrong one gives its default here: `from_environment` reads them too and refuses them, together with all others.
    """
    return _read_serving(SettingsReader(environ))


def _read_serving(reader: SettingsReader) -> ServingSettings:
    return ServingSettings(
        bind=reader.text("BIND", "host:port or unix:path", default=DEFAULT_BIND),
        num_processes=reader.number("MODEL_SERVER_PROCESSES", default=2, at_least=1, at_most=256),
        log_level=reader.choice("LOG_LEVEL", LOG_LEVELS, default="info"),
        max_streams=_read_max_streams(reader),
    )


def _read_max_streams(reader: SettingsReader) -> int:
    return reader.number("MAX_STREAMS", default=1_000, at_least=1, at_most=100_000)


def _read_label_set(reader: SettingsReader) -> LabelSet:
    try:
        return load_label_set(reader.text("LABEL_SET", "a label set's name", default="animals"))
    except UnknownLabelSetError as unknown:
        reader.refuse("LABEL_SET", f"is wrong; {str(unknown).rstrip('.')}")
        return load_label_set("animals")


def _read_url(reader: SettingsReader, name: str, scheme: str, expected: str) -> str:
    url = reader.text(name, expected)
    if url and not url.startswith((f"{scheme}://", f"{scheme}+", f"{scheme}s://")):
        reader.refuse(name, f"is wrong; expected {expected}")
    return url


def _read_training_server_url(reader: SettingsReader) -> str | None:
    if reader.optional_text("TRAINING_SERVER_URL") is None:
        return None
    return _read_url(reader, "TRAINING_SERVER_URL", "http", "http://host:port").rstrip("/")


def _read_operator_token(reader: SettingsReader) -> str | None:
    token = reader.optional_text("OPERATOR_TOKEN")
    if token is not None and len(token) < MIN_TOKEN_CHARACTERS:
        reader.refuse("OPERATOR_TOKEN", f"is too short; expected at least {MIN_TOKEN_CHARACTERS} random characters")
    return token
