"""
What counting costs a request: the time of everything POST /doodles does for Prometheus, in a process that shares its
metrics with others, as under gunicorn. `make bench-metrics-cost`.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from uuid import UUID

sys.path.insert(0, str(Path(__file__).parents[1]))

from doodle_testing.machine import describe_machine

NUM_REQUESTS = 2_000
NUM_ROUNDS = 20
SHARED = "PROMETHEUS_MULTIPROC_DIR"


def main() -> None:
    """Measure in a process that shares its metrics, and print microseconds a request."""
    if SHARED not in os.environ:
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, __file__], env={**os.environ, SHARED: folder}, check=True)
        return
    print(describe_machine(datetime.now(UTC).date()))
    for name, action in list_parts().items():
        print(f"{name:36} {measure(action):6.2f} µs a request")


def measure(action: Callable[[], object]) -> float:
    """Give the microseconds of one call: the best of a few rounds, because others only make it slower."""
    return min(time_round(action) for _ in range(NUM_ROUNDS)) / NUM_REQUESTS * 1e6


def time_round(action: Callable[[], object]) -> float:
    """Give the seconds of a round."""
    began = perf_counter()
    for _ in range(NUM_REQUESTS):
        action()
    return perf_counter() - began


def list_parts() -> dict[str, Callable[[], object]]:
    """Give what a request does, each with everything it needs at hand."""
    # Not above: prometheus_client decides at its import whether it shares.
    from flask import Flask, Response  # noqa: PLC0415
    from prometheus_client import CollectorRegistry  # noqa: PLC0415

    from doodle_testing.builders import doodle  # noqa: PLC0415
    from doodle_web.metrics import register_request_metrics  # noqa: PLC0415
    from doodle_web.tracing import NO_TRACING  # noqa: PLC0415
    from model_server.metrics import Metrics  # noqa: PLC0415

    app = Flask("bench", static_folder=None)
    app.add_url_rule("/api/v1/doodles", view_func=Response)
    register_request_metrics(app, CollectorRegistry())
    (begin,), (observe,) = app.before_request_funcs[None], app.after_request_funcs[None]
    metrics, response, doodles = Metrics(), Response(), [doodle(UUID(int=1))]
    write = metrics.watch_writes(lambda requests: requests)
    context = app.test_request_context("/api/v1/doodles")
    context.push()

    def time_request() -> None:
        begin()
        observe(response)

    def trace() -> None:
        with NO_TRACING.span("store doodles"):
            NO_TRACING.find_parent()

    return {
        "time of the request": time_request,
        "doodle, by outcome and label": lambda: metrics.count_doodles(doodles, ["stored"]),
        "size and time of a write": lambda: write([doodles]),
        "a trace nobody wants": trace,
    }


if __name__ == "__main__":
    main()
