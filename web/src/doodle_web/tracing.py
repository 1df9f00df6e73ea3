"""
Traces: who called whom, and how long each step took; told by OpenTelemetry's protocol to whoever collects them.

Without an endpoint there are none: then nothing of OpenTelemetry is imported, and a span is an empty `with`.
"""

from contextlib import AbstractContextManager, nullcontext
from importlib.util import find_spec
from typing import Protocol

from flask import Flask

from doodle_web.settings import SettingsReader

TRACEPARENT = "traceparent"
"""The header by which a trace goes on in the service that is called (W3C Trace Context)."""


class Tracing(Protocol):
    """Makes spans. Any number of threads or greenlets may share one."""

    def span(self, name: str, *, parent: str | None = None, **attributes: str | int) -> AbstractContextManager[None]:
        """
        Trace what happens in the `with` block; an error in it is noted and passes through.

        Args:
            name: what happens; few different ones.
            parent: the `traceparent` of what caused it elsewhere; None: the surrounding span.
            attributes: what it happened to.
        """

    def find_parent(self) -> str | None:
        """Give the `traceparent` for what the present span causes elsewhere; None outside of spans."""

    def register(self, app: Flask) -> None:
        """Trace every request of an app."""

    def close(self) -> None:
        """Send what has not been sent."""


class NoTracing:
    """Traces nothing, at no cost."""

    def span(
        self,
        name: str,  # noqa: ARG002  # nobody is told
        *,
        parent: str | None = None,  # noqa: ARG002
        **attributes: str | int,  # noqa: ARG002
    ) -> AbstractContextManager[None]:
        """Do nothing."""
        return nullcontext()

    def find_parent(self) -> str | None:
        """There is no span."""
        return None

    def register(self, app: Flask) -> None:
        """Leave the app as it is."""

    def close(self) -> None:
        """Nothing is left to be sent."""


NO_TRACING = NoTracing()


def make_tracing(service: str, endpoint: str | None) -> Tracing:
    """
    Make what traces a service.

    Args:
        service: its name.
        endpoint: where OTLP over HTTP is taken, without `/v1/traces`; None: nothing is traced.
    """
    if endpoint is None:
        return NO_TRACING
    # Not above: OpenTelemetry is imported only where somebody wants traces.
    from doodle_web.otel_tracing import OtelTracing  # noqa: PLC0415

    return OtelTracing(service, endpoint)


def read_endpoint(reader: SettingsReader, name: str) -> str | None:
    """
    Read where traces go; None: nowhere.

    Args:
        reader: of the service's settings; it remembers what is wrong.
        name: of the variable.
    """
    url = reader.optional_text(name)
    if url is not None and not url.startswith(("http://", "https://")):
        reader.refuse(name, "is wrong; expected http://host:4318, where OTLP over HTTP is taken")
    if url is not None and find_spec("opentelemetry") is None:
        reader.refuse(
            name, "is set, but OpenTelemetry is not installed here; leave it out, or install doodle-web[tracing]"
        )
    return url
