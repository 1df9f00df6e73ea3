"""What this service tells Prometheus besides its requests."""

from prometheus_client import CollectorRegistry
from sqlalchemy import Engine

from doodle_web.metrics import SampledGauges, watch_pool


class Metrics:
    """
    One process's gauges.

    Attributes:
        registry: where they are entered.
        sampled: gauges that are read once a second.
    """

    def __init__(self, engine: Engine) -> None:
        """
        Args:
            engine: of the database.
        """
        self.registry = CollectorRegistry()
        self.sampled = SampledGauges(self.registry)
        watch_pool(self.sampled, engine)
