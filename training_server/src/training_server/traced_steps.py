"""A run's steps, each of them a span of the run's trace."""

from typing import Generic

from doodle_web.tracing import Tracing
from training_server.pipeline import Candidate, Material, Steps, Version
from training_server.publish import Conclusion


class TracedSteps(Generic[Material, Candidate, Version]):
    """Passes every step on and traces it; see pipeline.Steps."""

    def __init__(self, steps: Steps[Material, Candidate, Version], tracing: Tracing) -> None:
        """
        Args:
            steps: do the work.
            tracing: of the worker.
        """
        self._steps, self._tracing = steps, tracing

    def screen(self) -> None:
        """See pipeline.Steps."""
        with self._tracing.span("screen"):
            self._steps.screen()

    def read(self) -> Material | None:
        """See pipeline.Steps."""
        with self._tracing.span("read"):
            return self._steps.read()

    def train(self, material: Material) -> Candidate:
        """See pipeline.Steps."""
        with self._tracing.span("train"):
            return self._steps.train(material)

    def export(self, material: Material, candidate: Candidate) -> Version:
        """See pipeline.Steps."""
        with self._tracing.span("export"):
            return self._steps.export(material, candidate)

    def find_live(self) -> str:
        """See pipeline.Steps."""
        return self._steps.find_live()

    def judge(self, material: Material, candidate: Candidate, version: Version, live: str) -> Conclusion:
        """See pipeline.Steps."""
        with self._tracing.span("judge"):
            return self._steps.judge(material, candidate, version, live)

    def conclude(self, version: Version | None, conclusion: Conclusion) -> None:
        """See pipeline.Steps."""
        with self._tracing.span("conclude"):
            self._steps.conclude(version, conclusion)
