"""Containers are saved and put back as docs/backups.md says."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from doodle_cli.postgres import free_port
from doodle_testing.compose import POSTGRES, ROOT, ComposeStack, docker
from doodle_testing.installation import live_version

IMAGES = ("nginx", "model_server", "training_server")

pytestmark = pytest.mark.timeout(900)


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for backups; what lies in it is root's, who alone can remove it."""
    yield tmp_path
    docker("run", "--rm", "--volume", f"{tmp_path}:/of_test", "--entrypoint", "rm", POSTGRES, "-rf", "/of_test/backups")


@pytest.fixture
def other(stack: ComposeStack) -> Iterator[ComposeStack]:
    """Another project with the same images, and nothing in it."""
    made = ComposeStack(f"{stack.project}-again", free_port())
    for image in IMAGES:
        docker("tag", f"doodle-loop/{image}:{stack.project}", f"doodle-loop/{image}:{made.project}")
    yield made
    made.compose("--profile", "keep", "down", "--volumes", "--remove-orphans", "--timeout", "10")
    docker("image", "rm", *(f"doodle-loop/{image}:{made.project}" for image in IMAGES))


def keep(stack: ComposeStack, folder: Path, *arguments: str, contributor_key: str = "") -> str:
    """Run `docker compose run --rm keep` with its settings in the environment; give what it printed."""
    passed = {name: value for name, value in os.environ.items() if name in ("HOME", "PATH") or "DOCKER" in name}
    named = {"BACKUPS": str(folder / "backups"), "CONTRIBUTOR_KEY": contributor_key}
    command = [
        "docker",
        "compose",
        "--env-file",
        os.devnull,
        "--project-name",
        stack.project,
        "run",
        "--rm",
        "-T",
        "keep",
    ]
    done = subprocess.run(
        [*command, *arguments],
        cwd=ROOT,
        env={**passed, **named, "PORT": str(stack.port), "DOODLE_TAG": stack.project},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def num_base(stack: ComposeStack) -> str:
    """Count the base drawings, and say what the last deployment was."""
    question = "SELECT (SELECT count(*) FROM doodles), (SELECT max(deployment) FROM deployments)"
    return stack.execute("db", "psql", "--username=doodle", "--no-align", "--tuples-only", f"--command={question}")


def test_a_stack_comes_back_in_another(stack: ComposeStack, other: ComposeStack, folder: Path) -> None:
    """Saved while it runs; put back before the first start, with the key of the first; the same version is served."""
    key = stack.read_secret("model_server", "contributor_key")

    saved = keep(stack, folder, "backup", "/backups", "--verify")
    in_use = keep(stack, folder, "restore", "/backups")
    another_key = keep(other, folder, "restore", "/backups")
    restored = keep(other, folder, "restore", "/backups", contributor_key=key)
    other.compose("up", "--detach", "--wait", "--no-build")

    assert "and read back" in saved, saved
    assert "is not empty" in in_use, in_use
    assert "CONTRIBUTOR_KEY is another one" in another_key, another_key
    assert "restored in" in restored, restored
    assert num_base(other) == num_base(stack)
    version = live_version(stack)
    assert live_version(other) == version
    with stack.client as before, other.client as after:
        file = f"/models/{version}/weights.bin"
        assert after.get(file).content == before.get(file).content != b""
