"""What a worker tells Prometheus about its own runs, on an address of its own, if it is given one."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, start_http_server

from training_server.observer import RunObserver

STAGE_BUCKETS = (0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600)
"""Seconds: a delta of 200 doodles takes seconds on two cores, one of 100,000 an hour."""


class WorkerMetrics:
    """
    One worker's counters.

    Attributes:
        registry: where they are entered.
    """

    def __init__(self) -> None:
        """Make them, at zero."""
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._busy = Gauge("doodle_worker_busy", "Whether the worker works on a run.", registry=self.registry)
        self._runs = Counter(
            "doodle_worker_runs",
            "Runs the worker let go of, by how: finished, failed, or why it was interrupted.",
            ["end"],
            registry=self.registry,
        )
        # A series that appears with its first event has no increase to be seen.
        for end in ("finished", "failed", "cancelled", "stopping", "lost"):
            self._runs.labels(end)
        self._verdicts = Counter(
            "doodle_worker_verdicts", "Verdicts of the gate, by outcome.", ["outcome"], registry=self.registry
        )
        self._failed_checks = Counter(
            "doodle_worker_failed_checks", "Checks of the gate that failed.", ["check"], registry=self.registry
        )
        self._stages = Histogram(
            "doodle_run_stage_duration_seconds",
            "How long the stages of runs took.",
            ["stage"],
            buckets=STAGE_BUCKETS,
            registry=self.registry,
        )
        self._epochs = Histogram(
            "doodle_run_epoch_duration_seconds",
            "How long epochs took.",
            buckets=STAGE_BUCKETS,
            registry=self.registry,
        )

    @contextmanager
    def watch_run(self, observer: RunObserver) -> Iterator[None]:
        """Tell that the worker is busy while the block lasts, and then what took how long."""
        self._busy.set(1)
        try:
            yield
        finally:
            self._busy.set(0)
            for stage, seconds in observer.read_stage_seconds().items():
                self._stages.labels(stage).observe(seconds)
            for seconds in observer.read_epoch_seconds():
                self._epochs.observe(seconds)

    def count_run(self, end: str) -> None:
        """Count a run the worker let go of."""
        self._runs.labels(end).inc()

    def count_verdict(self, verdict: Mapping[str, Any]) -> None:
        """Count a verdict and the checks that failed."""
        self._verdicts.labels(verdict["outcome"]).inc()
        for check in verdict["checks"]:
            if not check["passed"]:
                self._failed_checks.labels(check["name"]).inc()


@contextmanager
def serve_metrics(metrics: WorkerMetrics, bind: tuple[str, int] | None) -> Iterator[None]:
    """
    Answer Prometheus while the block lasts, in a thread.

    Args:
        metrics: of the worker.
        bind: host and port; None: nobody asks.
    """
    if bind is None:
        yield
        return
    host, port = bind
    server, thread = start_http_server(port, host, metrics.registry)
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
