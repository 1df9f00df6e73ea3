"""A run's steps as spans: each step is passed on, and told of in its order."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from doodle_web.tracing import NoTracing
from training_server.pipeline import carry_out
from training_server.publish import Conclusion
from training_server.traced_steps import TracedSteps

PUBLISHED = Conclusion({"outcome": "published", "summary": "better", "checks": []}, {}, compared_with="live")


@dataclass
class RecordedTracing(NoTracing):
    """Notes the names of spans in the order they end."""

    names: list[str] = field(default_factory=list)

    @contextmanager
    def span(self, name: str, *, parent: str | None = None, **attributes: str | int) -> Iterator[None]:
        del parent, attributes
        yield
        self.names.append(name)


class PaperSteps:
    """Steps that hand numbers on."""

    def screen(self) -> None:
        return None

    def read(self) -> int | None:
        return 1

    def train(self, material: int) -> int:
        return material + 1

    def export(self, material: int, candidate: int) -> int:
        return material + candidate

    def find_live(self) -> str:
        return "live"

    def judge(self, material: int, candidate: int, version: int, live: str) -> Conclusion:
        assert (material, candidate, version, live) == (1, 2, 3, "live")
        return PUBLISHED

    def conclude(self, version: int | None, conclusion: Conclusion) -> None:
        assert (version, conclusion) == (3, PUBLISHED)


def test_every_step_is_a_span() -> None:
    """What a run spends its time on stands in its trace."""
    tracing = RecordedTracing()

    assert carry_out(TracedSteps(PaperSteps(), tracing)) == PUBLISHED
    assert tracing.names == ["screen", "read", "train", "export", "judge", "conclude"]
