"""
What Prometheus is told of a service, and the route where it asks.

Labels are bounded: a route is told by its template, never by the address that was asked for, and everything that is no
route of ours is one value. What is measured at every request costs microseconds; docs/decisions/0020 has the figures.
"""

import time
from collections.abc import Callable, Iterable
from time import perf_counter

from flask import Blueprint, Flask, Request, Response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Engine, QueuePool

LATENCY_BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)
"""Seconds. The bounds we promise ourselves anything about (50 ms, 1 s) are among them."""

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})
UNMATCHED = "unmatched"
OTHER = "other"
BEGAN = "doodle.began"

SAMPLE_SECONDS = 1.0


def register_request_metrics(app: Flask, registry: CollectorRegistry) -> None:
    """
    Count and time every request, by method, route and status; of an event stream, until it is open.

    Register it before anything else that looks at requests, so that its time is counted, too.
    """
    seconds = Histogram(
        "doodle_http_request_duration_seconds",
        "Time from a request's arrival at the service to its answer.",
        ["method", "route", "status"],
        buckets=LATENCY_BUCKETS,
        registry=registry,
    )
    # `labels` checks and converts what it is given at every call; the combinations are few.
    observers: dict[tuple[str, str, int], Callable[[float], None]] = {}

    def begin() -> None:
        request.environ[BEGAN] = perf_counter()

    def observe(response: Response) -> Response:
        # `request` looks up which one that is at every use.
        asked: Request = request._get_current_object()  # type: ignore[attr-defined]  # untyped upstream
        key = (asked.method, asked.url_rule.rule if asked.url_rule else UNMATCHED, response.status_code)
        observer = observers.get(key)
        if observer is None:
            method, route, status = key
            observer = seconds.labels(method if method in METHODS else OTHER, route, str(status)).observe
            if method in METHODS:
                observers[key] = observer
        observer(perf_counter() - asked.environ[BEGAN])
        return response

    app.before_request(begin)
    app.after_request(observe)


class SampledGauges:
    """
    Gauges that are read from what they measure, once a second and at every scrape, so that using it costs nothing.

    Of several processes, Prometheus is told the sum over those that live.
    """

    def __init__(self, registry: CollectorRegistry) -> None:
        """
        Args:
            registry: where they are entered.
        """
        self._registry = registry
        self._readers: list[tuple[Gauge, Callable[[], float]]] = []

    def add(self, name: str, words: str, read: Callable[[], float]) -> None:
        """
        Add a gauge.

        Args:
            name: by Prometheus's conventions.
            words: what it tells.
            read: gives its present value; cheap.
        """
        self._readers.append((Gauge(name, words, registry=self._registry, multiprocess_mode="livesum"), read))

    def sample(self) -> None:
        """Read all of them."""
        for gauge, read in self._readers:
            gauge.set(read())

    def run(self) -> None:
        """Read them for as long as the process lives."""
        while True:
            self.sample()
            time.sleep(SAMPLE_SECONDS)


def watch_pool(sampled: SampledGauges, engine: Engine) -> None:
    """Sample how many connections to the database are in use, and how many there may be."""
    pool = engine.pool
    if isinstance(pool, QueuePool):
        sampled.add("doodle_database_connections_in_use", "Connections of the pools that are in use.", pool.checkedout)
        sampled.add("doodle_database_connections_max", "Connections the pools may have.", pool.size)


def metrics_blueprint(registry: CollectorRegistry, sampled: SampledGauges, *collectors: Collector) -> Blueprint:
    """
    Make the route that Prometheus asks; nginx lets nobody else reach it.

    Args:
        registry: of the app.
        sampled: read anew before the answer.
        collectors: what is found out only when asked.
    """

    def show_metrics() -> Response:
        sampled.sample()
        return Response(expose(registry, collectors), content_type=CONTENT_TYPE_LATEST)

    blueprint = Blueprint("metrics", __name__)
    blueprint.add_url_rule("/metrics", view_func=show_metrics)
    return blueprint


def expose(registry: CollectorRegistry, collectors: Iterable[Collector] = ()) -> bytes:
    """
    Write metrics in Prometheus's text format: those of all processes of the service.

    Args:
        registry: of this process; where processes share a folder (metrics_folder), that is read instead.
        collectors: what is found out only now.
    """
    told = CollectorRegistry()
    if values.ValueClass._multiprocess:
        MultiProcessCollector(told)  # type: ignore[no-untyped-call]  # untyped upstream
    else:
        told.register(registry)
    for collector in collectors:
        told.register(collector)
    return generate_latest(told)
