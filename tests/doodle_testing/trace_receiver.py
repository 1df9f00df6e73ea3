"""A tiny collector of traces: takes OTLP over HTTP and keeps the spans."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest


@dataclass(frozen=True)
class Span:
    """One span, as far as tests look at it."""

    service: str
    name: str
    trace: str
    key: str
    parent: str
    attributes: dict[str, str]


@dataclass
class TraceReceiver:
    """Where to send traces, and what has come."""

    url: str
    spans: list[Span] = field(default_factory=list)

    def find(self, service: str, name: str) -> list[Span]:
        """Give the spans of a name that a service has sent."""
        return [span for span in self.spans if (span.service, span.name) == (service, name)]


def read_spans(content: bytes) -> Iterator[Span]:
    """Read what an exporter sends."""
    for resource in ExportTraceServiceRequest.FromString(content).resource_spans:
        told = {each.key: each.value.string_value for each in resource.resource.attributes}
        for scope in resource.scope_spans:
            for span in scope.spans:
                attributes = {each.key: _text_of(each.value) for each in span.attributes}
                ids = (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex())
                yield Span(told["service.name"], span.name, *ids, attributes)


def _text_of(value: Any) -> str:
    return str(getattr(value, value.WhichOneof("value")))


@contextmanager
def receiving_traces() -> Iterator[TraceReceiver]:
    """Take traces on a port of our own until the block ends."""
    spans: list[Span] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.path == "/v1/traces"
            if self.headers.get("Content-Encoding") is None:
                spans.extend(read_spans(content))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield TraceReceiver(f"http://127.0.0.1:{server.server_port}", spans)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
