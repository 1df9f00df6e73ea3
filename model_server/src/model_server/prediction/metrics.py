"""What is counted of predictions."""

from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram

from doodle_web.metrics import LATENCY_BUCKETS, SampledGauges
from model_server.prediction.lane import Lane
from model_server.prediction.version_shelf import VersionShelf

MIXED = "mixed"


class PredictionMetrics:
    """One process's counters of predictions; any number of greenlets may use them."""

    def __init__(self, registry: CollectorRegistry, name_version: Callable[[str], str]) -> None:
        """
        Args:
            registry: where they are entered.
            name_version: gives a version its name in a series; there must be few of them.
        """
        self._name_version = name_version
        self._predictions = Counter(
            "doodle_predictions",
            "Drawings predicted on the server, by how they were sent, by the version, and by what was answered.",
            ["version", "kind", "answer"],
            registry=registry,
        )
        self._seconds = Histogram(
            "doodle_prediction_duration_seconds",
            "Time to read, draw and predict what one request brought, without the wait for its turn.",
            ["kind"],
            buckets=LATENCY_BUCKETS,
            registry=registry,
        )
        self._busy = Counter(
            "doodle_predictions_refused",
            "Requests that were told to come again, as too many waited.",
            registry=registry,
        )
        self._loads = Counter(
            "doodle_version_loads",
            "Attempts to make a version ready for predictions, by what came of them.",
            ["outcome"],
            registry=registry,
        )

    def count(self, version: str, kinds: Iterable[str], known: Iterable[bool], seconds: float) -> None:
        """
        Count one request's predictions.

        Args:
            version: that answered.
            kinds: how each drawing was sent.
            known: of each answer, whether the drawing looks like something the version knows.
            seconds: what all of it took.
        """
        name, sent = self._name_version(version), list(kinds)
        for kind, is_known in zip(sent, known, strict=True):
            self._predictions.labels(name, kind, "guess" if is_known else "unknown").inc()
        self._seconds.labels(sent[0] if len(set(sent)) == 1 else MIXED).observe(seconds)

    def count_refused(self) -> None:
        """Count a request that was told to come again."""
        self._busy.inc()

    def count_load(self, outcome: str) -> None:
        """Count an attempt to make a version ready."""
        self._loads.labels(outcome).inc()


def watch_predictions(sampled: SampledGauges, shelf: VersionShelf, lanes: Iterable[Lane]) -> None:
    """Sample how many requests are in the lanes, and whether another version is asked than the live one."""
    watched = tuple(lanes)
    sampled.add(
        "doodle_predictions_in_line",
        "Requests for predictions that are being answered or wait for their turn.",
        lambda: sum(lane.num_inside for lane in watched),
    )
    sampled.add(
        "doodle_predictors_behind",
        "Processes that predict with another version than the live one, or with none.",
        lambda: float(shelf.is_behind),
    )
