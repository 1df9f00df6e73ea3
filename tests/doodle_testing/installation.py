"""What a test asks of an installation over HTTP, however that is run."""

from typing import Any, Protocol

import httpx

from doodle_db.doodles import Doodle
from doodle_testing.wire import as_batches


class Installation(Protocol):
    """Something that answers: `doodle up`, or containers."""

    @property
    def client(self) -> httpx.Client:
        """A client of the public, through nginx."""

    @property
    def operator(self) -> httpx.Client:
        """A client with the operator's token."""


def post_all(installation: Installation, doodles: list[Doodle]) -> None:
    """Send doodles in batches; all are acknowledged."""
    with installation.client as client:
        for body in as_batches(doodles):
            answer = client.post("/api/v1/doodles", json=body)
            assert answer.status_code == 201, answer.text


def latest_run(installation: Installation) -> dict[str, Any]:
    """Give the newest run as the API shows it; empty if there is none."""
    with installation.operator as client:
        runs = client.get("/api/v1/train").json()["runs"]
    return dict(runs[0]) if runs else {}


def live_version(installation: Installation) -> str:
    """Give the version that is live."""
    with installation.client as client:
        return str(client.get("/api/v1/models/live").json()["version"])
