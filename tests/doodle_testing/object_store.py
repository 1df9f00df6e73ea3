"""S3 on loopback, by moto: for tests of what speaks to it. Nothing leaves this machine, and no account is asked."""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from uuid import uuid4

import httpx

from doodle_cli.postgres import free_port

SECRET = "only-for-tests-and-never-in-a-message"
REGION = "us-east-1"
SOMEBODY = {"Authorization": f"AWS4-HMAC-SHA256 Credential=anybody/20260102/{REGION}/s3/aws4_request"}
"""moto asks that somebody asks, and does not look at who."""


@dataclass(frozen=True)
class ObjectStore:
    """
    A running moto.

    Attributes:
        url: its address.
    """

    url: str

    @property
    def environment(self) -> dict[str, str]:
        """What a process must be told to use it."""
        return aws_environment(self.url)

    def make_bucket(self) -> str:
        """Make an empty bucket and give its name."""
        name = f"doodles-{uuid4().hex}"
        httpx.put(f"{self.url}/{name}", headers=SOMEBODY, trust_env=False).raise_for_status()
        return name

    def get(self, bucket: str, key: str) -> httpx.Response:
        """Read an object without any of our own code."""
        return httpx.get(f"{self.url}/{bucket}/{key}", headers=SOMEBODY, trust_env=False).raise_for_status()

    def write(self, bucket: str, key: str, content: bytes) -> None:
        """Write an object without any of our own code."""
        address = f"{self.url}/{bucket}/{key}"
        httpx.put(address, content=content, headers=SOMEBODY, trust_env=False).raise_for_status()


def aws_environment(endpoint: str) -> dict[str, str]:
    """Give the variables that lead to a store of our own."""
    return {
        "AWS_ENDPOINT_URL_S3": endpoint,
        "AWS_ACCESS_KEY_ID": "only-for-tests",
        "AWS_SECRET_ACCESS_KEY": SECRET,
        "AWS_REGION": REGION,
    }


@contextmanager
def running_object_store() -> Iterator[ObjectStore]:
    """Run moto until the block ends."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait_for(url, process)
        yield ObjectStore(url)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 60
    while True:
        assert process.poll() is None, "moto ended at once"
        assert time.monotonic() < deadline, "moto does not answer"
        try:
            httpx.get(f"{url}/moto-api/", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
