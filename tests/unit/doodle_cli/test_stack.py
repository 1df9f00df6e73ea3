"""What each process is told: enough, and no secret where others can read it."""

import ast
import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from doodle_cli.children import ChildSpec, tethered_command
from doodle_cli.config import SERVICE_SETTINGS, read_settings
from doodle_cli.home import Home
from doodle_cli.project import Project
from doodle_cli.secret_files import Secrets
from doodle_cli.stack import (
    STOP_ORDER,
    Stack,
    base_import,
    migration,
    model_server_child,
    nginx_child,
    postgres_child,
    training_server_child,
    worker_child,
)

ROOT = Path(__file__).parents[3]
SECRETS = Secrets("the-password", "the-contributor-key", "the-operator-token")

PORTS = ("postgres", "model_server", "training_server", "nginx")

# The API's own way to enter an operator, for containers; `doodle up` enters the home's token itself.
NOT_FOR_UP = {"COUNT_RUNS_SECONDS", "OPERATOR_TOKEN", "PULSE_FILE", "WORKER_UNTIL_IDLE"}
"""The last: an installation's own worker waits for the next run; one that ends when idle is `doodle worker`'s."""


@pytest.fixture
def stack(tmp_path: Path) -> Stack:
    settings = read_settings({"PATH": "/bin", "DELTA_MIN_DOODLES": "7", "AWS_SECRET_ACCESS_KEY": "the-key"})
    ports = dict(zip(PORTS, range(1001, 1005), strict=True))
    return Stack(Home(tmp_path / "home"), Project(ROOT), settings, SECRETS, ports, "127.0.0.1", 3030)


CHILDREN: list[Callable[[Stack], ChildSpec]] = [
    postgres_child,
    migration,
    lambda stack: base_import(stack, Path("/data")),
    model_server_child,
    training_server_child,
    worker_child,
    nginx_child,
]


@pytest.mark.parametrize("make", CHILDREN)
def test_no_secret_stands_on_a_command_line(stack: Stack, make: Callable[[Stack], ChildSpec]) -> None:
    """Everybody on the machine may read the arguments of a process."""
    command = " ".join(tethered_command(make(stack), parent_pid=1))

    assert [secret for secret in vars(SECRETS).values() if secret in command] == []


@pytest.mark.parametrize("make", [migration, model_server_child, worker_child])
@pytest.mark.parametrize("url", [None, "s3://doodles/models"])
def test_versions_lie_in_the_home_unless_told_otherwise(
    tmp_path: Path, url: str | None, make: Callable[[Stack], ChildSpec]
) -> None:
    """Whoever reads or writes versions is told the same place."""
    settings = read_settings({"ARTIFACT_URL": url} if url else {})
    stack = Stack(Home(tmp_path), Project(ROOT), settings, SECRETS, dict.fromkeys(PORTS, 1), "127.0.0.1", 3030)

    assert make(stack).environment["ARTIFACT_URL"] == (url or str(tmp_path / "artifacts"))


def test_the_page_names_everybody_who_has_the_buckets_keys(stack: Stack) -> None:
    """Who asks the artifact store is told as whom, and no other process is."""
    page = " ".join((ROOT / "docs" / "operations.md").read_text(encoding="utf-8").split())
    (named,) = re.findall(r"Those that ask the artifact store \(([^)]*)\) also inherit `AWS_\*`", page)

    told = [spec.name for spec in (make(stack) for make in CHILDREN) if "AWS_SECRET_ACCESS_KEY" in spec.environment]

    assert told == re.findall(r"`(\w+)`", named)


@pytest.mark.parametrize("make", CHILDREN)
def test_a_child_knows_only_what_is_its_own(stack: Stack, make: Callable[[Stack], ChildSpec]) -> None:
    """The contributor key is model_server's alone, the operator's token nobody's; nginx and PostgreSQL know nothing."""
    spec = make(stack)
    told = "\n".join(spec.environment.values())

    assert ("the-contributor-key" in told) == (spec.name == "model_server")
    assert "the-operator-token" not in told
    assert ("the-password" in told) == (spec.name not in {"nginx", "postgres"})
    assert ("the-key" in told) == (spec.name in {"model_server", "training_server", "worker", "migrate"})


def test_who_is_asked_last_stops_first() -> None:
    """nginx, then the worker, which gives its run back, then the services, then what all of them write to."""
    assert STOP_ORDER == (("nginx",), ("worker",), ("model_server", "training_server"), ("postgres",))


def test_all_of_it_stops_within_15_seconds(stack: Stack) -> None:
    """Even if everybody needs all the time they are given."""
    specs = [make(stack) for make in CHILDREN]
    grace = {spec.name: spec.grace_seconds for spec in specs}

    assert sum(max(grace[name] for name in group) for group in STOP_ORDER) <= 15


def test_an_orphaned_database_shuts_down_in_order(stack: Stack) -> None:
    """When the supervisor is killed, PostgreSQL gets its fast shutdown, not a kill."""
    assert postgres_child(stack).orphan_signal == signal.SIGINT


@pytest.mark.parametrize("service", ["model_server", "training_server"])
def test_every_setting_of_a_service_can_be_given(stack: Stack, service: str) -> None:
    """What a service's config.py reads, `up` either decides or passes on."""
    told = {name for make in CHILDREN for name in make(stack).environment} | set(SERVICE_SETTINGS)

    assert settings_read_by(service) - told - NOT_FOR_UP == set()


def settings_read_by(service: str) -> set[str]:
    """Find the names a service's config.py asks its reader for."""
    tree = ast.parse((ROOT / service / "src" / service / "config.py").read_text())
    strings = [node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    found = {text for text in strings if text.isupper() and text.replace("_", "").isalpha()}
    assert "DATABASE_URL" in found
    return found
