"""The command's settings: what it reads from the environment, once, at its start."""

import os
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
    "LABEL_SET",
    "LOG_LEVEL",
    "MAX_STREAMS",
    "MODEL_SERVER_PROCESSES",
    "SCHEDULE_HOURS",
    "TRAINING_SERVER_PROCESSES",
    "WORKER_NAME",
)
"""What a user of `doodle up` may set for the services; everything else they need, `up` decides."""


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
        writes_per_second: DOODLE_WRITES_PER_SECOND, what nginx lets one client write.
        writes_burst: DOODLE_WRITES_BURST, how many writes may come at once.
        services: settings of the services that the user has set.
        store: who asks the artifact store, and where it is: AWS_*. For those only who ask it.
        system: what every child may know of the system it runs on.
    """

    home: Path
    url: str | None
    public_url: str | None
    token: str | None
    database_url: str | None
    data_dir: Path | None
    label_set: str
    writes_per_second: int
    writes_burst: int
    services: Mapping[str, str]
    store: Mapping[str, str]
    system: Mapping[str, str]


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
        writes_per_second=_read_count(environment, "DOODLE_WRITES_PER_SECOND", 50),
        writes_burst=_read_count(environment, "DOODLE_WRITES_BURST", 100),
        services={name: environment[name] for name in SERVICE_SETTINGS if environment.get(name)},
        store={name: value for name, value in environment.items() if name.startswith(_STORE_PREFIX)},
        system={name: value for name, value in environment.items() if _is_of_the_system(name)},
    )


def _read_count(environment: Mapping[str, str], name: str, default: int) -> int:
    given = environment.get(name) or str(default)
    if not given.isascii() or not given.isdigit() or not 1 <= int(given) <= 1_000_000:
        raise SettingsError(f"{name}={given} is no count; a whole number from 1 to 1000000 was expected.")
    return int(given)


def _is_of_the_system(name: str) -> bool:
    return name in _SYSTEM_NAMES | _LIBRARY_NAMES or name.startswith(_SYSTEM_PREFIXES)
