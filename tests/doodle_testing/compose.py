"""The whole product in containers, as a user starts it from a fresh clone: for the tests of docker-compose.yml."""

import json
import os
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from doodle_cli.postgres import free_port
from doodle_testing.stack import wait_until

ROOT = Path(__file__).parents[2]
SERVICES = ("nginx", "model_server", "training_server", "worker", "db")
ONE_SHOTS = ("prepare", "migrate", "welcome")
POSTGRES = "postgres:17"
HEALTHY_SECONDS = 90


def why_no_engine() -> str | None:
    """Say why containers cannot be run here; None: they can."""
    for command in (["docker", "compose", "version"], ["docker", "info"]):
        try:
            done = subprocess.run(command, capture_output=True, text=True, check=False)
        except FileNotFoundError:
            return "there is no `docker` on the PATH"
        if done.returncode != 0:
            return f"`{' '.join(command)}` fails: {done.stderr.strip()[-200:]}"
    return None


def docker(*arguments: str) -> str:
    """Run a docker command; give what it printed."""
    done = subprocess.run(["docker", *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"docker {' '.join(arguments)}: {done.stderr[-3000:]}"
    return done.stdout


@dataclass(frozen=True)
class ComposeStack:
    """
    A project of docker compose.

    Attributes:
        project: its name, and the tag of its images.
        port: where nginx answers on this machine.
    """

    project: str
    port: int

    @property
    def url(self) -> str:
        """The address a browser opens."""
        return f"http://localhost:{self.port}"

    @property
    def client(self) -> httpx.Client:
        """A client of the public, through nginx."""
        return httpx.Client(base_url=self.url, timeout=20)

    @property
    def operator(self) -> httpx.Client:
        """A client with the operator's token."""
        token = self.read_secret("model_server", "operator_token")
        return httpx.Client(base_url=self.url, timeout=20, headers={"Authorization": f"Bearer {token}"})

    def read_secret(self, service: str, name: str) -> str:
        """Read a secret where its service does."""
        return self.execute(service, "cat", f"/run/doodle/{service}/{name}").strip()

    def compose(self, *arguments: str) -> str:
        """Run a command of docker compose on this project; a developer's .env and environment stay outside."""
        passed = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH") or "DOCKER" in name}
        done = subprocess.run(
            ["docker", "compose", "--env-file", os.devnull, "--project-name", self.project, *arguments],
            cwd=ROOT,
            env={**passed, "PORT": str(self.port), "DOODLE_TAG": self.project},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"docker compose {' '.join(arguments)}: {done.stderr[-5000:]}"
        return done.stdout

    def execute(self, service: str, *command: str) -> str:
        """Run a command in a service's container."""
        return self.compose("exec", "-T", service, *command)

    def containers(self, service: str) -> list[dict[str, Any]]:
        """Give what the engine knows of a service's containers, those that have ended too."""
        ids = self.compose("ps", "--all", "--quiet", service).split()
        return list(json.loads(docker("inspect", *ids))) if ids else []

    def image(self, service: str) -> str:
        """Give the name of a service's image."""
        return str(self.containers(service)[0]["Config"]["Image"])

    def await_health(self, service: str) -> None:
        """Wait until all containers of a service say that they are healthy."""
        wait_until(lambda: all(_is_healthy(each) for each in self.containers(service)), HEALTHY_SECONDS)


def _is_healthy(container: dict[str, Any]) -> bool:
    return bool(container["State"].get("Health", {}).get("Status") == "healthy")


@contextmanager
def running_compose(project: str) -> Iterator[ComposeStack]:
    """
    Build the images and run everything until the block ends; nothing of it stays but the build's cache.

    Args:
        project: a name nobody else uses.
    """
    stack = ComposeStack(project, free_port())
    try:
        stack.compose("build")
        stack.compose("up", "--detach", "--wait")
        yield stack
    finally:
        print(stack.compose("ps", "--all"), stack.compose("logs", "--no-color", "--tail", "40"), sep="\n")
        images = set(stack.compose("config", "--images").split()) - {POSTGRES}
        stack.compose("down", "--volumes", "--remove-orphans", "--timeout", "10")
        docker("image", "rm", *sorted(images))


@dataclass
class Load:
    """
    Reads the same address again and again from its beginning to its end, as impatient pages would.

    Attributes:
        url: the address.
        answers: how often each status came; the error's name where there was none.
    """

    url: str
    answers: dict[str, int] = field(default_factory=dict)
    _enough: threading.Event = field(default_factory=threading.Event)

    def __enter__(self) -> "Load":
        self._thread = threading.Thread(target=self._run)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._enough.set()
        self._thread.join()

    def _run(self) -> None:
        with httpx.Client(timeout=20) as client:
            while not self._enough.wait(0.01):
                answer = self._ask(client)
                self.answers[answer] = self.answers.get(answer, 0) + 1

    def _ask(self, client: httpx.Client) -> str:
        try:
            return str(client.get(self.url).status_code)
        except httpx.HTTPError as failed:
            return type(failed).__name__
