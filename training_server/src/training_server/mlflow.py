"""A run's report for MLflow, through its REST API; one that is down or slow costs seconds, and never a run."""

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from threading import Thread
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

from doodle_web.json_logs import log_event
from training_server.errors import TrackerError
from training_server.figures import list_figures, list_parameters
from training_server.pictures import encode_png, list_pictures
from training_server.report_format import Report

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 10.0
"""For all of a run: the worker that waits is the one that could train."""

STEP_SECONDS = 5.0
"""For connecting, and for each piece of an answer."""

MAX_METRICS = 1_000
MAX_PARAMETERS = 100
MAX_PARAMETER_CHARACTERS = 500
"""What `runs/log-batch` takes at once; source: MLflow's REST API, "Log Batch" (its oldest limit for a parameter)."""

PROXIED = "mlflow-artifacts:/"
"""How a run's place for files begins where the tracking server takes them itself; source: MLflow's documentation,
"Remote Experiment Tracking", on the artifact proxy. Any other place is a store's, which asks for keys of its own."""


def keep_in_mlflow(url: str, report: Report, now: datetime, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """
    Hand a run's report to MLflow, as a run of the experiment `doodle-loop/<label set>`.

    Parameters and figures first; then, where the tracking server takes files, the report as JSON and its pictures.

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
            with httpx.Client(base_url=f"{url.rstrip('/')}/api/2.0", timeout=STEP_SECONDS) as client:
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
            "/mlflow/runs/create",
            json={
                "experiment_id": _get_experiment(client, f"doodle-loop/{report.label_set}"),
                "run_name": str(report.run)[:8],
                "start_time": now_ms - took_ms,
                "tags": [{"key": "doodle.run", "value": str(report.run)}],
            },
        ),
        "run",
    )["info"]
    for batch in _list_batches(report, now_ms):
        _ask(client.post("/mlflow/runs/log-batch", json={"run_id": run["run_id"], **batch}))
    # The figures are whole by now, and so is the run, whatever becomes of its files.
    ended = {"run_id": run["run_id"], "status": "FINISHED", "end_time": now_ms}
    _ask(client.post("/mlflow/runs/update", json=ended))
    _hand_over_files(client, report, str(run.get("artifact_uri", "")))


def _hand_over_files(client: httpx.Client, report: Report, place: str) -> None:
    folder = find_folder(place)
    if folder is None:
        scheme = urlsplit(place).scheme or "file"
        log_event(
            log, logging.WARNING, "mlflow_takes_no_files", run=str(report.run), kept_by=scheme, hint=NO_FILES_HINT
        )
        return
    for name, content in list_files(report):
        _ask(client.put(f"/mlflow-artifacts/artifacts/{quote(f'{folder}/{name}')}", content=content))


NO_FILES_HINT = "figures are there, report and pictures are not; start its server with --artifacts-destination"


def find_folder(place: str) -> str | None:
    """
    Find where in the tracking server's keeping a run's files go.

    Args:
        place: the run's artifact_uri.

    Returns:
        None where the server does not take them itself.

    >>> find_folder("mlflow-artifacts:/1/abc/artifacts")
    '1/abc/artifacts'
    >>> find_folder("mlflow-artifacts://elsewhere:5000/1/abc") is find_folder("s3://bucket/1/abc") is None
    True
    """
    is_here = place.startswith(PROXIED) and not urlsplit(place).netloc
    return place.removeprefix(PROXIED) if is_here else None


def list_files(report: Report) -> Iterator[tuple[str, bytes]]:
    """List a report's files for MLflow: path, and content; the report first."""
    yield "report.json", report.model_dump_json(indent=1).encode()
    for picture in list_pictures(report):
        yield f"pictures/{_to_path(picture.name)}.png", encode_png(picture.grey)


def _to_path(name: str) -> str:
    r"""
    Write a name as every file system takes it.

    >>> _to_path("recent_mistakes/01 cat, taken for c'est")
    'recent_mistakes/01_cat_taken_for_c_est'
    """
    return re.sub(r"[^\w\-./]+", "_", name)


def _get_experiment(client: httpx.Client, name: str) -> str:
    found = client.get("/mlflow/experiments/get-by-name", params={"experiment_name": name})
    if found.status_code == httpx.codes.NOT_FOUND:
        return str(_ask(client.post("/mlflow/experiments/create", json={"name": name}), "experiment_id"))
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
