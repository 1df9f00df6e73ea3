"""A run's figures for MLflow, through its REST API; one that is down or slow costs seconds, and never a run."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import httpx

from training_server.errors import TrackerError
from training_server.figures import list_figures, list_parameters
from training_server.report_format import Report

PATIENCE_SECONDS = 5.0
"""For all of a run: the worker that waits is the one that could train."""

STEP_SECONDS = 2.0
"""For connecting, and for each piece of an answer."""

MAX_METRICS = 1_000
MAX_PARAMETERS = 100
MAX_PARAMETER_CHARACTERS = 500
"""What `runs/log-batch` takes at once; source: MLflow's REST API, "Log Batch" (its oldest limit for a parameter)."""


def keep_in_mlflow(url: str, report: Report, now: datetime, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """
    Hand a run's parameters and figures to MLflow, as a run of the experiment `doodle-loop/<label set>`.

    Args:
        url: the tracking server's, http or https; may hold a user and a password.
        report: of a run that has ended.
        now: the time.
        patience_seconds: after that it is given up; what has arrived by then stays.

    Raises:
        TrackerError: MLflow could not be reached, refused, or was too slow.
    """
    troubles: list[TrackerError] = []

    def hand_over() -> None:
        try:
            with httpx.Client(base_url=f"{url.rstrip('/')}/api/2.0/mlflow", timeout=STEP_SECONDS) as client:
                _hand_over(client, report, round(now.timestamp() * 1000))
        except (httpx.HTTPError, httpx.InvalidURL) as failed:
            troubles.append(TrackerError(f"MLflow at {_name(url)} could not be reached: {type(failed).__name__}."))
        except TrackerError as refused:
            troubles.append(refused)

    # A time limit of httpx is for each piece of an answer: who sends one byte a second would never be given up.
    courier = Thread(target=hand_over, name="mlflow", daemon=True)
    courier.start()
    courier.join(patience_seconds)
    if courier.is_alive():
        raise TrackerError(f"MLflow at {_name(url)} did not take the run within {patience_seconds:g} s.")
    if troubles:
        raise troubles[0]


def _name(url: str) -> str:
    """Name a server without its user and password."""
    return urlsplit(url).hostname or "an address without a host"


def _hand_over(client: httpx.Client, report: Report, now_ms: int) -> None:
    took_ms = round(sum(report.stage_seconds.values()) * 1000)
    run = _ask(
        client.post(
            "/runs/create",
            json={
                "experiment_id": _get_experiment(client, f"doodle-loop/{report.label_set}"),
                "run_name": str(report.run)[:8],
                "start_time": now_ms - took_ms,
                "tags": [{"key": "doodle.run", "value": str(report.run)}],
            },
        ),
        "run",
    )["info"]["run_id"]
    for batch in _list_batches(report, now_ms):
        _ask(client.post("/runs/log-batch", json={"run_id": run, **batch}))
    _ask(client.post("/runs/update", json={"run_id": run, "status": "FINISHED", "end_time": now_ms}))


def _get_experiment(client: httpx.Client, name: str) -> str:
    found = client.get("/experiments/get-by-name", params={"experiment_name": name})
    if found.status_code == httpx.codes.NOT_FOUND:
        return str(_ask(client.post("/experiments/create", json={"name": name}), "experiment_id"))
    return str(_ask(found, "experiment")["experiment_id"])


def _ask(answer: httpx.Response, field: str | None = None) -> Any:
    """
    Give a field of MLflow's answer.

    Raises:
        TrackerError: MLflow refused, or something else answered.
    """
    if not answer.is_success:
        raise TrackerError(f"MLflow refused {answer.request.url.path}: {answer.status_code} {answer.text[:200]}")
    if field is None:
        return None
    try:
        return answer.json()[field]
    except (ValueError, KeyError, TypeError) as foreign:
        raise TrackerError(f"What answers {answer.request.url.path} is no MLflow: no {field!r} in it.") from foreign


def _list_batches(report: Report, now_ms: int) -> Iterator[dict[str, Any]]:
    metrics = [
        {"key": _to_key(figure.name), "value": figure.value, "step": figure.step, "timestamp": now_ms}
        for figure in list_figures(report)
    ]
    parameters = [
        {"key": _to_key(name), "value": value[:MAX_PARAMETER_CHARACTERS]}
        for name, value in list_parameters(report).items()
    ]
    yield from ({"params": part} for part in _cut(parameters, MAX_PARAMETERS))
    yield from ({"metrics": part} for part in _cut(metrics, MAX_METRICS))


def _cut(items: Sequence[Mapping[str, Any]], size: int) -> Iterator[list[Mapping[str, Any]]]:
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part


def _to_key(name: str) -> str:
    """
    Write a name as MLflow allows it.

    >>> _to_key("recall_c'est")
    'recall_c_est'
    """
    return re.sub(r"[^\w\-. :/]", "_", name)
