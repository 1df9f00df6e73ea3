"""The stack: which processes there are, how each is run, and what each is told."""

import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from doodle_cli.children import ChildSpec
from doodle_cli.config import Settings
from doodle_cli.database import DATABASE
from doodle_cli.home import Home
from doodle_cli.nginx import NginxAddresses, nginx_command
from doodle_cli.postgres import PostgresCluster
from doodle_cli.programs import find_nginx, find_node
from doodle_cli.project import Project
from doodle_cli.secret_files import Secrets

STOP_ORDER = (("nginx",), ("worker",), ("model_server", "training_server"), ("postgres",))
"""First nobody can ask any more, then the run is given back, then the services, and what they write to comes last."""

WORKER_REST_STATUS = 3
"""With this a worker ends that an operator has asked to end: ASKED_STATUS in training_server.farewell."""

RELOAD = signal.SIGHUP
"""Makes nginx read its configuration and its certificate again, without dropping a request."""


@dataclass(frozen=True)
class Stack:
    """
    All that the processes of one home are told.

    Attributes:
        home: where they write.
        project: what they run.
        settings: the user's.
        secrets: the home's.
        ports: by name, on 127.0.0.1.
        host, port: for the world; with TLS, its port is another, and this one leads there.
    """

    home: Home
    project: Project
    settings: Settings
    secrets: Secrets
    ports: dict[str, int]
    host: str
    port: int

    @property
    def cluster(self) -> PostgresCluster:
        """PostgreSQL's cluster."""
        return PostgresCluster(self.home.postgres, self.ports["postgres"], self.secrets.postgres_password)

    @property
    def nginx_addresses(self) -> NginxAddresses:
        """What nginx must know."""
        tls = self.settings.front.tls
        return NginxAddresses(
            f"{self.host}:{self.port}",
            f"127.0.0.1:{self.ports['model_server']}",
            f"127.0.0.1:{self.ports['training_server']}",
            self.project.pages,
            self.home.artifacts,
            tls_listen=f"{self.host}:{tls.port}" if tls else "",
            inner_listen=f"127.0.0.1:{self.ports['nginx']}",
        )

    def identify_certificate(self) -> tuple[tuple[int, int], ...]:
        """Tell one certificate and its key from those that take their place; a file that is just away says nothing."""
        tls = self.settings.front.tls
        files = [file for file in (tls.certificate, tls.key) if file.is_file()] if tls else []
        return tuple((status.st_ino, status.st_mtime_ns) for status in map(Path.stat, files))

    @property
    def inner_url(self) -> str:
        """Where nginx answers this machine's commands: without TLS, whose certificate knows other names."""
        return self.url_of("nginx") if self.settings.front.tls else f"http://localhost:{self.port}"

    def url_of(self, name: str) -> str:
        """Give the inner address of a service."""
        return f"http://127.0.0.1:{self.ports[name]}"

    def environment(self) -> dict[str, str]:
        """Give what every part of the Python stack is told."""
        return {
            **self.settings.system,
            "ARTIFACT_URL": str(self.home.artifacts),
            **self.settings.services,
            "PYTHONUNBUFFERED": "1",
            "DATABASE_URL": self.cluster.url(DATABASE),
            "LABEL_SET": self.settings.label_set,
        }


def postgres_child(stack: Stack) -> ChildSpec:
    """PostgreSQL; SIGINT is its fast shutdown: sessions end, everything is written."""
    return ChildSpec(
        "postgres",
        tuple(stack.cluster.server()),
        dict(stack.settings.system),
        stack.home.folder,
        stop_signal=signal.SIGINT,
        grace_seconds=5,
        orphan_signal=signal.SIGINT,
        data_folder=stack.home.postgres,
    )


def migration(stack: Stack) -> ChildSpec:
    """Bring database and queue to the schema of this code, and enter the shipped version into an empty registry."""
    environment = {
        **stack.settings.store,
        **stack.environment(),
        "BASE_MODELS": str(stack.project.base_models),
    }
    return _python_child(stack, "migrate", environment, "training_server.migrate")


def base_import(stack: Stack, folder: Path) -> ChildSpec:
    """Import base data."""
    return _python_child(stack, "import", stack.environment(), "doodle_cli", "import", str(folder))


def model_server_child(stack: Stack) -> ChildSpec:
    """What the public talks to."""
    environment = {
        **stack.settings.store,
        **stack.environment(),
        "CONTRIBUTOR_KEY": stack.secrets.contributor_key,
        "TRAINING_SERVER_URL": stack.url_of("training_server"),
        "TRUSTED_PROXY_HOPS": "1",
    }
    return _gunicorn_child(stack, "model_server", environment)


def training_server_child(stack: Stack) -> ChildSpec:
    """Runs, workers, and what is done with versions' files, over HTTP."""
    environment = {**stack.settings.store, **stack.environment(), "TRUSTED_PROXY_HOPS": "1"}
    return _gunicorn_child(stack, "training_server", environment)


def worker_child(stack: Stack) -> ChildSpec:
    """The one that trains; SIGTERM lets it give its run back."""
    environment = {
        "WORKER_NAME": "worker-1",
        **stack.settings.store,
        **stack.environment(),
        "NODE": str(find_node()),
        "TFJS_RUNNER": str(stack.project.tfjs_runner),
        "TMPDIR": str(stack.home.scratch),
    }
    worker = _python_child(stack, "worker", environment, "training_server.worker")
    return replace(worker, rest_status=WORKER_REST_STATUS)


def nginx_child(stack: Stack) -> ChildSpec:
    """The proxy; SIGQUIT lets it finish what it is sending, for a second."""
    return ChildSpec(
        "nginx",
        nginx_command(find_nginx(), stack.home.nginx),
        {},
        stack.home.folder,
        stop_signal=signal.SIGQUIT,
        grace_seconds=2,
    )


def _gunicorn_child(stack: Stack, name: str, environment: dict[str, str]) -> ChildSpec:
    # The processes keep their metrics among the temporary files.
    told = {**environment, "BIND": f"127.0.0.1:{stack.ports[name]}", "TMPDIR": str(stack.home.scratch)}
    command = (sys.executable, "-m", "gunicorn", "-c", f"python:{name}.gunicorn_conf", f"{name}.wsgi:app")
    # SIGQUIT is gunicorn's quick shutdown: without a supervisor nobody would wait for a slow one.
    return ChildSpec(name, command, told, stack.home.folder, grace_seconds=3, orphan_signal=signal.SIGQUIT)


def _python_child(stack: Stack, name: str, environment: dict[str, str], module: str, *arguments: str) -> ChildSpec:
    command = (sys.executable, "-m", module, *arguments)
    return ChildSpec(name, command, environment, stack.home.folder)
