"""The cloud without an account: Terraform, a policy linter, and an account of nobody's on loopback."""

import json
import os
import shutil
import subprocess
import sys
import time
import venv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3  # type: ignore[import-untyped]
import httpx
import pytest

from doodle_cli.postgres import free_port
from doodle_testing.missing import skip_or_fail

ROOT = Path(__file__).parents[2]
AWS = ROOT / "deploy/aws"
TESTS = ROOT / "tests/cloud"
ENVIRONMENT = ROOT / ".cloud"
LOCK = TESTS / "requirements.lock"

DOMAIN = "doodle.example.org"

PATIENCE_SECONDS = 540
"""For one command: the provider waits for load balancers and databases in turns of 10 and 30 seconds."""


@dataclass(frozen=True)
class Account:
    """
    What answers in AWS' place.

    Attributes:
        url: its address.
        zone_id: of example.org.
    """

    url: str
    zone_id: str

    def client(self, service: str) -> Any:
        """Give a client of one of AWS' services."""
        return boto3.client(
            service,
            endpoint_url=self.url,
            region_name="us-east-1",
            aws_access_key_id="nobody",
            aws_secret_access_key="nothing",
        )

    def arguments(self, size: str) -> list[str]:
        """Give what Terraform is told about an installation."""
        return [
            f"-var-file=examples/{size}.tfvars",
            f"-var=domain_name={DOMAIN}",
            f"-var=zone_id={self.zone_id}",
            "-var=image_tag=1.2.3",
            '-var=alarm_emails=["somebody@example.org"]',
            "-var=github_repository=somebody/doodles",
            "-var=is_protected=false",
        ]


def make_environment() -> None:
    """Install the linter, unless that has been done: 300 MB, in a place of its own."""
    done = ENVIRONMENT / "installed"
    if done.is_file() and done.read_text(encoding="utf-8") == LOCK.read_text(encoding="utf-8"):
        return
    venv.create(ENVIRONMENT, with_pip=False, clear=True)
    python, uv = str(ENVIRONMENT / "bin/python"), str(ROOT / ".venv/bin/uv")
    install = [uv, "pip", "sync", "--quiet", "--require-hashes", "--python", python, str(LOCK)]
    subprocess.run(install, check=True, timeout=PATIENCE_SECONDS)
    shutil.copy(LOCK, done)


def find_mirror() -> Path | None:
    """Find a folder that holds the AWS provider: TF_PLUGIN_MIRROR, or where machines usually keep such."""
    named = os.environ.get("TF_PLUGIN_MIRROR")
    usual = [Path.home() / ".terraform.d/plugins", *Path("/usr").glob("*/terraform/plugins"), *Path("/opt").glob("*")]
    folders = [Path(named)] if named else usual
    return next((each for each in folders if list(each.glob("registry.terraform.io/hashicorp/aws/*"))), None)


def provider_settings(folder: Path) -> dict[str, str]:
    """
    Tell Terraform where its provider is.

    Args:
        folder: for a file that says so.

    Returns:
        Nothing where it is to find the provider by itself: in its own configuration, or in the network.
    """
    own = os.environ.get("TF_CLI_CONFIG_FILE")
    mirror = find_mirror()
    if (own and Path(own).is_file()) or mirror is None:
        return {"TF_CLI_CONFIG_FILE": own} if own and Path(own).is_file() else {}
    file = folder / "terraform.rc"
    file.write_text(f'provider_installation {{\n  filesystem_mirror {{ path = "{mirror}" }}\n}}\n', encoding="utf-8")
    return {"TF_CLI_CONFIG_FILE": str(file)}


@dataclass(frozen=True)
class Terraform:
    """
    Terraform in a copy of deploy/aws.

    Attributes:
        folder: the copy.
        environment: what it is told; nothing of the developer's own account is among it.
    """

    folder: Path
    environment: Mapping[str, str]

    def run(self, *words: str, accept: tuple[int, ...] = (0,)) -> str:
        """Run a command of Terraform's and give what it printed."""
        command = ["terraform", *words]
        done = subprocess.run(
            command,
            cwd=self.folder,
            env=dict(self.environment),
            capture_output=True,
            text=True,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
        assert done.returncode in accept, f"{' '.join(words)}: {done.stdout[-3000:]}{done.stderr[-6000:]}"
        return done.stdout

    def read_json(self, command: str, *words: str) -> Any:
        """Run a command that prints JSON."""
        return json.loads(self.run(command, "-json", *words))


def make_terraform(folder: Path, account: str) -> Terraform:
    """
    Copy deploy/aws and let Terraform fetch its provider; the test is skipped where there is no Terraform.

    Args:
        folder: for the copy.
        account: address of whoever answers in AWS' place.
    """
    if shutil.which("terraform") is None:
        skip_or_fail("needs terraform 1.11 on the PATH", unless="CI_CLOUD")
    copy = folder / "aws"
    shutil.copytree(AWS, copy, ignore=shutil.ignore_patterns(".terraform", "*.tfstate*", "backend.tf", "*.auto.tfvars"))
    environment = {
        **{name: os.environ[name] for name in ("PATH", "HOME", "SSL_CERT_FILE") if name in os.environ},
        **provider_settings(folder),
        "TF_IN_AUTOMATION": "1",
        "TF_INPUT": "0",
        "TF_CLI_ARGS": "-no-color",
        "CHECKPOINT_DISABLE": "1",
        "AWS_ENDPOINT_URL": account,
        "AWS_ACCESS_KEY_ID": "nobody",
        "AWS_SECRET_ACCESS_KEY": "nothing",
        "AWS_EC2_METADATA_DISABLED": "true",
        # A question that is never answered must not be asked for half an hour.
        "AWS_MAX_ATTEMPTS": "3",
    }
    terraform = Terraform(copy, environment)
    try:
        terraform.run("init", "-lockfile=readonly")
    except AssertionError as failed:
        needed = "the AWS provider, from a mirror (TF_PLUGIN_MIRROR) or the network"
        skip_or_fail(f"needs {needed}: {failed}", unless="CI_CLOUD")
    return terraform


@contextmanager
def running_account(log: Path) -> Iterator[str]:
    """
    Run an account of nobody's on loopback; give its address.

    Args:
        log: where it writes to.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with log.open("wb") as file:
        command = [sys.executable, str(TESTS / "stand_in.py"), str(port)]
        # A certificate is issued after a second instead of a minute.
        environment = {"PATH": os.environ["PATH"], "MOTO_ACM_VALIDATION_WAIT": "1"}
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.STDOUT, env=environment)
    try:
        wait_for(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(timeout=30)


def wait_for(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Wait until the account answers."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            httpx.get(f"{url}/moto-api/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    pytest.fail("the account's stand-in does not start; see its log")
