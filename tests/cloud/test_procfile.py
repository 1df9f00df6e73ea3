"""The Procfile, as a platform runs it: release, then web on the port it is given, and a worker; versions on S3."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import psutil
import pytest

from doodle_cli.postgres import free_port
from doodle_testing.builders import doodle
from doodle_testing.object_store import ObjectStore, running_object_store
from doodle_testing.wire import as_json

ROOT = Path(__file__).parents[2]
TOKEN = "only-for-tests-only-for-tests-only-for-tests"


@pytest.fixture(scope="module")
def versions() -> Iterator[ObjectStore]:
    """S3 on loopback: a platform's disk is gone with its process, so versions cannot lie there."""
    with running_object_store() as store:
        yield store


@pytest.fixture
def environment(empty_database_url: str, versions: ObjectStore) -> dict[str, str]:
    """What a platform and its user set; the database's address with the scheme such platforms give."""
    ports = {name: str(free_port()) for name in ("PORT", "MODEL_SERVER_PORT", "TRAINING_SERVER_PORT")}
    return {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": empty_database_url.replace("postgresql://", "postgres://"),
        "ARTIFACT_URL": f"s3://{versions.make_bucket()}",
        **versions.environment,
        "CONTRIBUTOR_KEY": "0" * 64,
        "OPERATOR_TOKEN": TOKEN,
        "MODEL_SERVER_PROCESSES": "1",
        **ports,
    }


@pytest.fixture
def open_environment(environment: dict[str, str]) -> dict[str, str]:
    """The same as deploy/aws says it: an address without its password, which stands beside it."""
    address = urlsplit(environment["DATABASE_URL"])
    public = f"postgresql://{address.username}@{address.hostname}:{address.port}{address.path}?sslmode=prefer"
    return {**environment, "DATABASE_URL": public, "PGPASSWORD": str(address.password)}


def lines() -> dict[str, str]:
    """Read the Procfile."""
    return dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text().splitlines())


@contextmanager
def running(name: str, environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run one of its processes as a platform does: a shell in the project's folder; SIGTERM to all of it at the end."""
    with log.open("wb") as file:
        process = subprocess.Popen(
            ["sh", "-c", lines()[name]],
            cwd=ROOT,
            env=environment,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(timeout=30)


def release(environment: dict[str, str]) -> None:
    """Run what goes before everything else."""
    subprocess.run(["sh", "-c", lines()["release"]], cwd=ROOT, env=environment, check=True, timeout=120)


def wait_until(condition: Callable[[], bool], what: str, log: Path, seconds: float = 120) -> None:
    """Look again and again, as long as a slow machine may need."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not come about: {log.read_text()[-3000:]}"
        time.sleep(0.2)


def is_ready(client: httpx.Client) -> bool:
    """Tell whether the site answers."""
    try:
        return client.get("/readyz").status_code == 200
    except httpx.TransportError:
        return False


@pytest.mark.parametrize("told", ["environment", "open_environment"])
def test_a_platform_runs_the_whole_loops_parts(told: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """One port: the page, its model from S3, a doodle that is stored, an operator who sees the worker."""
    environment: dict[str, str] = request.getfixturevalue(told)
    assert list(lines()) == ["release", "web", "worker"]
    release(environment)
    log = tmp_path / "web"
    url = f"http://127.0.0.1:{environment['PORT']}"
    operator = {"Authorization": f"Bearer {TOKEN}"}
    with (
        running("web", environment, log),
        running("worker", environment, tmp_path / "worker"),
        httpx.Client(base_url=url, trust_env=False) as client,
    ):
        wait_until(lambda: is_ready(client), "the site", log)
        live = client.get("/api/v1/models/live").json()
        sent = as_json(doodle(uuid4()))
        stored = client.post("/api/v1/doodles", json=sent)

        assert "<html" in client.get("/").text
        manifest = client.get(f"{live['base_url']}manifest.json")
        assert (manifest.status_code, manifest.json().get("version")) == (200, live["version"]), manifest.text
        assert (stored.status_code, stored.json()["outcome"]) == (201, "stored")
        assert client.get("/internal/trigger").status_code == 404
        wait_until(
            lambda: (
                [each["state"] for each in client.get("/api/v1/workers", headers=operator).json()["workers"]]
                == ["idle"]
            ),
            "an idle worker",
            tmp_path / "worker",
        )


def test_web_ends_as_a_whole(environment: dict[str, str], tmp_path: Path) -> None:
    """When one of its processes dies, the platform sees it, and starts all of it anew."""
    release(environment)
    log = tmp_path / "web"
    url = f"http://127.0.0.1:{environment['PORT']}"
    with running("web", environment, log) as web, httpx.Client(base_url=url, trust_env=False) as client:
        wait_until(lambda: is_ready(client), "the site", log)
        (nginx,) = [each for each in psutil.Process(web.pid).children(recursive=True) if is_nginx(each)]
        nginx.kill()

        assert web.wait(timeout=30) == 1


def is_nginx(process: psutil.Process) -> bool:
    """Tell nginx's own process from its workers, which follow it."""
    parent = process.parent()
    return process.name() == "nginx" and parent is not None and parent.name() != "nginx"
