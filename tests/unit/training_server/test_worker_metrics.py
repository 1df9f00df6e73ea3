"""What a worker tells of its runs."""

import httpx
import pytest

from doodle_cli.postgres import free_port
from training_server.interruption import Interruption
from training_server.observer import RunObserver
from training_server.progress import Progress
from training_server.worker_metrics import WorkerMetrics, serve_metrics

REJECTED = {"outcome": "rejected", "checks": [{"name": "recent", "passed": False}, {"name": "base", "passed": True}]}


class Clock:
    """A second later at every look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 1
        return self.now


def test_a_run_is_told_of_when_it_ends() -> None:
    """Its stages, its epochs, its verdict with the checks that failed; and that the worker was busy meanwhile."""
    metrics, observer = WorkerMetrics(), RunObserver(Interruption(), Clock())
    told = metrics.registry.get_sample_value
    with metrics.watch_run(observer):
        assert told("doodle_worker_busy") == 1
        observer.enter("training")
        observer.report(Progress("training", 1, 1, 9, 9, loss=0.5, accuracy=0.5))
        observer.enter("testing")
        metrics.count_run("finished")
        metrics.count_verdict(REJECTED)

    assert told("doodle_worker_busy") == 0
    assert told("doodle_run_stage_duration_seconds_count", {"stage": "training"}) == 1
    assert told("doodle_run_epoch_duration_seconds_count") == 1
    assert told("doodle_worker_runs_total", {"end": "finished"}) == 1
    assert told("doodle_worker_verdicts_total", {"outcome": "rejected"}) == 1
    assert told("doodle_worker_failed_checks_total", {"check": "recent"}) == 1
    assert told("doodle_worker_failed_checks_total", {"check": "base"}) is None


def test_a_run_that_breaks_leaves_nobody_busy() -> None:
    """A worker that failed a run is free for the next."""
    metrics = WorkerMetrics()
    with pytest.raises(RuntimeError), metrics.watch_run(RunObserver(Interruption())):
        raise RuntimeError

    assert metrics.registry.get_sample_value("doodle_worker_busy") == 0


def test_it_answers_only_where_it_is_told_to() -> None:
    """Without an address there is no door; with one, it is closed at the end."""
    port = free_port()
    with serve_metrics(WorkerMetrics(), None), pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)

    with serve_metrics(WorkerMetrics(), ("127.0.0.1", port)):
        answer = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
    assert "doodle_worker_busy 0.0" in answer.text
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False)
