"""training_server's API for tests, as an operator asks it."""

from typing import Any

from flask.testing import FlaskClient

TOKEN = "only-for-tests-only-for-tests-only-for-tests"
OPERATOR = {"Authorization": f"Bearer {TOKEN}"}


def read(client: FlaskClient, path: str) -> Any:
    """Read a route's JSON."""
    return client.get(f"/api/v1/{path}", headers=OPERATOR).json


def order_run_for(client: FlaskClient, worker: object) -> Any:
    """Order a run for a worker, or for what is no worker."""
    return client.post("/api/v1/train", json={"worker": worker}, headers=OPERATOR)


def ask(client: FlaskClient, name: str, wish: str) -> Any:
    """Ask a worker to `drain` or to `stop`."""
    return client.post(f"/api/v1/workers/{name}/{wish}", json={}, headers=OPERATOR)


def list_workers(client: FlaskClient) -> dict[str, Any]:
    """Read the list of workers, by name."""
    return {worker["name"]: worker for worker in read(client, "workers")["workers"]}
