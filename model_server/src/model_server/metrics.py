"""What this service counts besides its requests: doodles, how right the guesses were, and how they are stored."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from time import perf_counter
from typing import Protocol, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy import Engine

from doodle_web.metrics import LATENCY_BUCKETS, OTHER, SampledGauges, watch_pool
from model_server.event_streams import EventStreams

KEPT_VERSIONS = 4
"""Pages that have not swapped yet guess with the version before. More would let clients make up series."""

SIZE_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

Group = TypeVar("Group")
Results = TypeVar("Results")


class Guessed(Protocol):
    """A doodle as its sender described it."""

    @property
    def label(self) -> str: ...
    @property
    def guess(self) -> str | None: ...
    @property
    def model_version(self) -> str | None: ...
    @property
    def known(self) -> bool | None: ...


class Metrics:
    """
    One process's counters; any number of greenlets may use them.

    Attributes:
        registry: where they are entered.
        sampled: gauges that are read once a second.
    """

    def __init__(self) -> None:
        """Make them, at zero."""
        self.registry = CollectorRegistry()
        self.sampled = SampledGauges(self.registry)
        self._doodles = Counter(
            "doodle_doodles", "Doodles received, by what became of them.", ["outcome", "label"], registry=self.registry
        )
        self._guesses = Counter(
            "doodle_guesses",
            "Stored doodles that came with a guess, by whether it was their label, and by the version that guessed.",
            ["version", "outcome"],
            registry=self.registry,
        )
        self._answers = Counter(
            "doodle_answers",
            "Stored doodles whose page says what it answered, by the version: a guess, or that it does not know this.",
            ["version", "answer"],
            registry=self.registry,
        )
        self._write_sizes = Histogram(
            "doodle_write_size_doodles", "Doodles stored together.", buckets=SIZE_BUCKETS, registry=self.registry
        )
        self._write_seconds = Histogram(
            "doodle_write_duration_seconds",
            "Time to store those, their commit included.",
            buckets=LATENCY_BUCKETS,
            registry=self.registry,
        )
        self._versions: deque[str] = deque(maxlen=KEPT_VERSIONS)
        self._counts: dict[tuple[Counter, str, str], Callable[[], None]] = {}

    def watch(self, engine: Engine, streams: EventStreams, count_waiting: Callable[[], int]) -> None:
        """
        Watch how much of what the process has is in use.

        Args:
            engine: with its pool of connections.
            streams: the open event streams.
            count_waiting: counts the doodles that wait to be stored.
        """
        watch_pool(self.sampled, engine)
        self.sampled.add("doodle_event_streams", "Open event streams.", lambda: len(streams))
        self.sampled.add("doodle_event_streams_max", "Event streams that may be open.", lambda: streams.max_streams)
        self.sampled.add("doodle_waiting_doodles", "Doodles that wait to be stored.", count_waiting)

    def note_live(self, version: str) -> None:
        """Take note of what is live; guesses of the last few are told apart by their version."""
        if version not in self._versions:
            self._versions.append(version)

    def count_doodles(self, doodles: Iterable[Guessed], outcomes: Iterable[str]) -> None:
        """
        Count what was acknowledged.

        Args:
            doodles: as they came; labels were checked at the door.
            outcomes: what became of each.
        """
        for doodle, outcome in zip(doodles, outcomes, strict=True):
            self._count(self._doodles, outcome, doodle.label)
            if outcome == "stored" and doodle.guess is not None:
                self._count_guess(doodle, self.name_version(doodle.model_version))

    def _count_guess(self, doodle: Guessed, version: str) -> None:
        self._count(self._guesses, version, _compare(doodle))
        if doodle.known is not None:
            self._count(self._answers, version, "guess" if doodle.known else "unknown")

    def watch_writes(
        self, write: Callable[[Sequence[Sequence[Group]]], Results]
    ) -> Callable[[Sequence[Sequence[Group]]], Results]:
        """
        Count how many doodles are stored together, and how long that takes.

        Args:
            write: stores the doodles of several requests; they are committed when it returns.
        """

        def timed(requests: Sequence[Sequence[Group]]) -> Results:
            began = perf_counter()
            results = write(requests)
            self._write_seconds.observe(perf_counter() - began)
            self._write_sizes.observe(sum(map(len, requests)))
            return results

        return timed

    def name_version(self, version: str | None) -> str:
        """Give a version its name in a series: its own, if it was live lately."""
        return version if version is not None and version in self._versions else OTHER

    def _count(self, counter: Counter, first: str, second: str) -> None:
        """Count one; `labels` costs more than counting, and the combinations are few."""
        key = (counter, first, second)
        count = self._counts.get(key)
        if count is None:
            count = self._counts[key] = counter.labels(first, second).inc
        count()


def _compare(doodle: Guessed) -> str:
    return "right" if doodle.guess == doodle.label else "wrong"
