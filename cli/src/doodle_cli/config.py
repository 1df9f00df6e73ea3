"""The command's settings: what it reads from the environment, once, at its start."""

import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from doodle_cli.errors import SettingsError

_SYSTEM_NAMES = frozenset({"HOME", "LANG", "LANGUAGE", "LOGNAME", "PATH", "TERM", "TMPDIR", "TZ", "USER"})
_LIBRARY_NAMES = frozenset({"LD_LIBRARY_PATH", "SSL_CERT_DIR", "SSL_CERT_FILE", "XLA_FLAGS"})
_SYSTEM_PREFIXES = ("LC_", "CUDA_", "NVIDIA_", "OMP_", "OPENBLAS_", "TF_")

_STORE_PREFIX = "AWS_"

SERVICE_SETTINGS = (
    "ARTIFACT_URL",
    "DELTA_MIN_DOODLES",
    "DRIFT_SECONDS",
    "LABEL_SET",
    "LOG_LEVEL",
    "MAX_STREAMS",
    "METRICS_BIND",
    "MLFLOW_TRACKING_URI",
    "MODEL_SERVER_PROCESSES",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "RUNS_PER_MACHINE",
    "SCHEDULE_HOURS",
    "TENSORBOARD_DIR",
    "TRAINING_SERVER_PROCESSES",
    "WORKER_NAME",
)
"""What a user of `doodle up` may set for the services; everything else they need, `up` decides."""


ERROR_LOG_LEVELS = ("debug", "info", "notice", "warn", "error", "crit", "alert", "emerg")
"""nginx's own; below `alert` it writes clients' addresses."""

PUBLIC_BASE_DATA = "https://storage.googleapis.com/quickdraw_dataset/full/numpy_bitmap"
"""Google's public storage bucket of "The Quick, Draw! Dataset" (googlecreativelab/quickdraw-dataset)."""

_HOST = re.compile(r"(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True)
class TlsSettings:
    """
    What nginx needs for TLS.

    Attributes:
        certificate: TLS_CERTIFICATE, a file in PEM: the certificate and those between it and the root.
        key: TLS_KEY, a file in PEM.
        port: TLS_PORT.
    """

    certificate: Path
    key: Path
    port: int


@dataclass(frozen=True)
class FrontSettings:
    """
    What the environment says about nginx.

    Attributes:
        writes_per_second: DOODLE_WRITES_PER_SECOND, what it lets one client write.
        writes_burst: DOODLE_WRITES_BURST, how many writes, or predictions, may come at once.
        predictions_per_second: DOODLE_PREDICTIONS_PER_SECOND, what it lets one client have predicted.
        requests_at_once: DOODLE_REQUESTS_AT_ONCE, how many one client may have answered at a time.
        streams_at_once: DOODLE_STREAMS_AT_ONCE, how many event streams one client may have open.
        client_seconds: DOODLE_CLIENT_SECONDS, how long it waits for a client.
        error_log: DOODLE_ERROR_LOG, what it reports about requests, one of ERROR_LOG_LEVELS.
        is_offline_off: DOODLE_OFFLINE_OFF, whether browsers are to remove what they keep of the page.
        hosts: DOODLE_HOSTS, the names it goes by; none: any.
        trusted_proxies: TRUSTED_PROXIES, networks whose X-Forwarded-For it believes.
        tls: None: plain HTTP.
    """

    writes_per_second: int = 50
    writes_burst: int = 100
    predictions_per_second: int = 20
    requests_at_once: int = 100
    streams_at_once: int = 200
    client_seconds: int = 15
    error_log: str = "alert"
    is_offline_off: bool = False
    hosts: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    tls: TlsSettings | None = None


@dataclass(frozen=True)
class Settings:
    """
    What the environment says.

    Attributes:
        home: DOODLE_HOME, the folder `doodle up` keeps everything in.
        url: DOODLE_URL, the server's address; None: the one that `up` runs on this home, or the default.
        public_url: DOODLE_PUBLIC_URL, the address people open, for links; None: the server's.
        token: DOODLE_TOKEN, an operator's; None: the one in the home's secrets.
        database_url: DATABASE_URL, for commands that work on the database; None: the home's own.
        data_dir: DOODLE_DATA_DIR, a folder of base data; None: nothing is imported.
        label_set: LABEL_SET.
        tfjs_runner: TFJS_RUNNER, the program that runs exported models; None: the one built in the checkout.
        front: nginx's.
        services: settings of the services that the user has set.
        store: who asks the artifact store, and where it is: AWS_*. For those only who ask it.
        system: what every child may know of the system it runs on.
        contributor_key: CONTRIBUTOR_KEY, of the database that DATABASE_URL names; backups keep a check value of it.
        base_data_url: BASE_DATA_URL, where bitmaps named as Quick, Draw!'s are fetched from.
    """

    home: Path
    url: str | None
    public_url: str | None
    token: str | None
    database_url: str | None
    data_dir: Path | None
    label_set: str
    tfjs_runner: Path | None
    front: FrontSettings
    services: Mapping[str, str]
    store: Mapping[str, str]
    system: Mapping[str, str]
    contributor_key: str | None = None
    base_data_url: str = PUBLIC_BASE_DATA


def read_settings(environment: Mapping[str, str] = os.environ) -> Settings:
    """
    Read and check the settings.

    Args:
        environment: the process's, but for tests.

    Raises:
        SettingsError: a setting is malformed.
    """
    data_dir = environment.get("DOODLE_DATA_DIR")
    return Settings(
        home=Path(environment.get("DOODLE_HOME") or ".doodle"),
        url=environment.get("DOODLE_URL") or None,
        public_url=environment.get("DOODLE_PUBLIC_URL") or None,
        token=environment.get("DOODLE_TOKEN") or None,
        database_url=environment.get("DATABASE_URL") or None,
        data_dir=Path(data_dir) if data_dir else None,
        label_set=environment.get("LABEL_SET") or "animals",
        tfjs_runner=Path(environment["TFJS_RUNNER"]) if environment.get("TFJS_RUNNER") else None,
        front=_read_front(environment),
        services={name: environment[name] for name in SERVICE_SETTINGS if environment.get(name)},
        store={name: value for name, value in environment.items() if name.startswith(_STORE_PREFIX)},
        system={name: value for name, value in environment.items() if _is_of_the_system(name)},
        contributor_key=_read_key(environment, "CONTRIBUTOR_KEY"),
        base_data_url=_read_address(environment, "BASE_DATA_URL") or PUBLIC_BASE_DATA,
    )


def _read_front(environment: Mapping[str, str]) -> FrontSettings:
    return FrontSettings(
        writes_per_second=_read_count(environment, "DOODLE_WRITES_PER_SECOND", FrontSettings.writes_per_second),
        writes_burst=_read_count(environment, "DOODLE_WRITES_BURST", FrontSettings.writes_burst),
        predictions_per_second=_read_count(
            environment, "DOODLE_PREDICTIONS_PER_SECOND", FrontSettings.predictions_per_second
        ),
        requests_at_once=_read_count(environment, "DOODLE_REQUESTS_AT_ONCE", FrontSettings.requests_at_once, 65_535),
        streams_at_once=_read_count(environment, "DOODLE_STREAMS_AT_ONCE", FrontSettings.streams_at_once, 65_535),
        client_seconds=_read_count(environment, "DOODLE_CLIENT_SECONDS", FrontSettings.client_seconds, 3600),
        error_log=_read_error_log(environment),
        is_offline_off=_read_yes(environment, "DOODLE_OFFLINE_OFF"),
        hosts=_read_hosts(environment),
        trusted_proxies=_read_networks(environment, "TRUSTED_PROXIES"),
        tls=_read_tls(environment),
    )


def _read_count(environment: Mapping[str, str], name: str, default: int, at_most: int = 1_000_000) -> int:
    given = environment.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= at_most:
        raise SettingsError(f"{name}={given} is no count; a whole number from 1 to {at_most} was expected.")
    return int(given)


def _read_key(environment: Mapping[str, str], name: str) -> str | None:
    key = environment.get(name) or None
    try:
        bytes.fromhex(key or "")
    except ValueError:
        raise SettingsError(f"{name} is no key; hex digits were expected.") from None
    return key


def _read_address(environment: Mapping[str, str], name: str) -> str | None:
    address = environment.get(name) or None
    if address and not re.fullmatch(r"https?://[^/\s]+(/\S*)?", address):
        raise SettingsError(f"{name}={address} is no address; http://… or https://… was expected.")
    return address


def _read_error_log(environment: Mapping[str, str]) -> str:
    level = environment.get("DOODLE_ERROR_LOG") or FrontSettings.error_log
    if level not in ERROR_LOG_LEVELS:
        raise SettingsError(f"DOODLE_ERROR_LOG={level} is no level; one of {', '.join(ERROR_LOG_LEVELS)} was expected.")
    return level


def _read_yes(environment: Mapping[str, str], name: str) -> bool:
    given = environment.get(name) or ""
    if given not in ("", "yes"):
        raise SettingsError(f"{name}={given} says neither; `yes`, or nothing at all, was expected.")
    return given == "yes"


def _read_hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    names = _read_list(environment, "DOODLE_HOSTS")
    for name in names:
        # The words are nginx's own in the place where the names are written.
        if not _HOST.fullmatch(name) or name in {"default", "hostnames", "include", "volatile"}:
            raise SettingsError(
                f"DOODLE_HOSTS={name} is no name of a host; names in small letters without a port were expected, "
                "as doodles.example or *.doodles.example."
            )
    return names


def _read_networks(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    networks = _read_list(environment, name)
    for network in networks:
        try:
            ipaddress.ip_network(network)
        except ValueError as fault:
            raise SettingsError(
                f"{name}={network} is no network ({fault}); addresses or networks were expected, as 10.0.0.0/8 or ::1."
            ) from fault
    return networks


def _read_tls(environment: Mapping[str, str]) -> TlsSettings | None:
    certificate, key = environment.get("TLS_CERTIFICATE"), environment.get("TLS_KEY")
    if not certificate and not key:
        return None
    if not certificate or not key:
        raise SettingsError("TLS_CERTIFICATE and TLS_KEY belong together; set both, or neither.")
    tls = TlsSettings(
        Path(certificate).absolute(), Path(key).absolute(), _read_count(environment, "TLS_PORT", 3443, 65_535)
    )
    for path in (tls.certificate, tls.key):
        if not path.is_file():
            raise SettingsError(f"There is no file {path}, which TLS_CERTIFICATE or TLS_KEY names.")
    return tls


def _read_list(environment: Mapping[str, str], name: str) -> tuple[str, ...]:
    return tuple((environment.get(name) or "").replace(",", " ").split())


def _is_of_the_system(name: str) -> bool:
    return name in _SYSTEM_NAMES | _LIBRARY_NAMES or name.startswith(_SYSTEM_PREFIXES)
