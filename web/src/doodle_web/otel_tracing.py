"""Traces by OpenTelemetry; imported only where somebody wants them (doodle_web.tracing)."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, Response, g, request
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import SERVICE_NAME, Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind, get_current_span
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from doodle_web.request_id import HEADER
from doodle_web.tracing import TRACEPARENT

UNMATCHED = "unmatched"

_PROPAGATOR = TraceContextTextMapPropagator()


class OtelTracing:
    """Makes spans and sends them in the background; what cannot be sent is dropped, and OpenTelemetry logs it."""

    def __init__(self, service: str, endpoint: str) -> None:
        """
        Args:
            service: its name.
            endpoint: where OTLP over HTTP is taken, without `/v1/traces`.
        """
        self._provider = TracerProvider(resource=Resource.create({SERVICE_NAME: service}), shutdown_on_exit=False)
        exporter = OTLPSpanExporter(endpoint=f"{endpoint.rstrip('/')}/v1/traces")
        self._provider.add_span_processor(BatchSpanProcessor(exporter))
        self._tracer = self._provider.get_tracer("doodle_web")

    @contextmanager
    def span(self, name: str, *, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
        """See Tracing."""
        context = _PROPAGATOR.extract({TRACEPARENT: parent}) if parent else None
        with self._tracer.start_as_current_span(name, context=context, attributes=attributes):
            yield

    def find_parent(self) -> str | None:
        """See Tracing."""
        carrier: dict[str, str] = {}
        _PROPAGATOR.inject(carrier)
        return carrier.get(TRACEPARENT)

    def register(self, app: Flask) -> None:
        """See Tracing."""
        app.before_request(self._begin)
        app.after_request(_tell)
        app.teardown_request(_end)

    def close(self) -> None:
        """See Tracing."""
        self._provider.shutdown()

    def _begin(self) -> None:
        route = request.url_rule.rule if request.url_rule else UNMATCHED
        offered = request.headers.get(TRACEPARENT)
        g.span = self._tracer.start_as_current_span(
            f"{request.method} {route}",
            context=_PROPAGATOR.extract({TRACEPARENT: offered}) if offered else None,
            kind=SpanKind.SERVER,
            attributes={"http.request.method": request.method, "http.route": route},
        )
        g.span.__enter__()


def _tell(response: Response) -> Response:
    span = get_current_span()
    span.set_attribute("http.response.status_code", response.status_code)
    if HEADER in response.headers:
        span.set_attribute("doodle.request_id", response.headers[HEADER])
    return response


def _end(_error: BaseException | None) -> None:
    span = g.pop("span", None)
    if span is not None:
        span.__exit__(None, None, None)
