"""What this service counts besides its requests: doodles, how right the guesses were, and what each commit held."""

from collections import deque
from collections.abc import Callable, Iterable, Sequence, Sized
from typing import Protocol, TypeVar

from prometheus_client import CollectorRegistry, Counter, Histogram
from sqlalchemy import Connection, Engine

from doodle_web.metrics import OTHER, SampledGauges, watch_pool

KEPT_VERSIONS = 4
"""Pages that have not swapped yet guess with the version before. More would let clients make up series."""

GROUP_BUCKETS = (1, 2, 5, 10, 20, 50, 100, 200, 500)

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
        self._commits = Histogram(
            "doodle_commit_size_doodles", "Doodles in one transaction.", buckets=GROUP_BUCKETS, registry=self.registry
        )
        self._versions: deque[str] = deque(maxlen=KEPT_VERSIONS)
        self._counts: dict[tuple[Counter, str, str], Callable[[], None]] = {}

    def watch(self, engine: Engine, streams: Sized) -> None:
        """
        Watch how much of what the process has is in use.

        Args:
            engine: with its pool of connections.
            streams: the open event streams.
        """
        watch_pool(self.sampled, engine)
        self.sampled.add("doodle_event_streams", "Open event streams.", lambda: len(streams))

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
                self._count(self._guesses, self._name(doodle.model_version), _compare(doodle))

    def watch_commits(
        self, store_each: Callable[[Connection, Sequence[Sequence[Group]]], Results]
    ) -> Callable[[Connection, Sequence[Sequence[Group]]], Results]:
        """
        Count how many doodles each transaction holds.

        Args:
            store_each: stores the doodles of several requests.
        """

        def counted(connection: Connection, requests: Sequence[Sequence[Group]]) -> Results:
            results = store_each(connection, requests)
            self._commits.observe(sum(map(len, requests)))
            return results

        return counted

    def _name(self, version: str | None) -> str:
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
