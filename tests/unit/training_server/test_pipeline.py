"""The story of a run, told with steps of paper: in order, once, and against what is live at the verdict."""

import pytest

from doodle_db.errors import LiveModelChangedError
from training_server.interruption import Reason, RunInterrupted
from training_server.pipeline import MAX_VERDICTS, carry_out
from training_server.publish import Conclusion


class PaperSteps:
    """Steps that write down what is done, and do what the test says."""

    def __init__(
        self,
        *,
        new: str | None = "doodles",
        outcome: str = "published",
        lives: tuple[str, ...] = ("old",),
        interrupted_at: str = "",
        reason: Reason = "cancelled",
    ) -> None:
        """
        Args:
            new: what there is to train on.
            outcome: of every verdict.
            lives: what is live at each look; it changes under each verdict but the last.
            interrupted_at: the step at which somebody stops the run.
            reason: why.
        """
        self.new = new
        self.outcome = outcome
        self.lives = list(lives)
        self.interrupted_at = interrupted_at
        self.reason = reason
        self.done: list[str] = []

    def _do(self, step: str) -> None:
        if step == self.interrupted_at:
            raise RunInterrupted(self.reason)
        self.done.append(step)

    def screen(self) -> None:
        self._do("screen")

    def read(self) -> str | None:
        self._do("read")
        return self.new

    def train(self, material: str) -> str:
        self._do(f"train on {material}")
        return "candidate"

    def export(self, material: str, candidate: str) -> str:
        self._do(f"export {candidate} with {material}")
        return "files"

    def find_live(self) -> str:
        return self.lives[0]

    def judge(self, material: str, candidate: str, version: str, live: str) -> Conclusion:
        self._do(f"judge {candidate} and {version} on {material} against {live}")
        return Conclusion({"outcome": self.outcome, "summary": "a test", "checks": []}, {}, live)

    def conclude(self, version: str | None, conclusion: Conclusion) -> None:
        if len(self.lives) > 1:
            self.lives.pop(0)
            raise LiveModelChangedError
        self._do(f"conclude {version}: {conclusion.verdict['outcome']}")


@pytest.mark.parametrize("outcome", ["published", "rejected"])
def test_a_run_goes_through_every_step_once(outcome: str) -> None:
    """Screen, read, train, export, judge, conclude: files are there before the verdict, whatever it is."""
    steps = PaperSteps(outcome=outcome)

    conclusion = carry_out(steps)

    assert steps.done == [
        "screen",
        "read",
        "train on doodles",
        "export candidate with doodles",
        "judge candidate and files on doodles against old",
        f"conclude files: {outcome}",
    ]
    assert conclusion.verdict["outcome"] == outcome


def test_the_verdict_is_against_what_is_live_now() -> None:
    """If another version went live under the verdict, the candidate is judged again, against that one."""
    steps = PaperSteps(lives=("old", "newer"))

    conclusion = carry_out(steps)

    assert steps.done[4:] == [
        "judge candidate and files on doodles against old",
        "judge candidate and files on doodles against newer",
        "conclude files: published",
    ]
    assert conclusion.compared_with == "newer"


def test_a_live_model_that_never_rests_ends_the_run() -> None:
    """A run does not chase the live model for ever."""
    steps = PaperSteps(lives=tuple(f"version {number}" for number in range(MAX_VERDICTS + 1)))

    with pytest.raises(LiveModelChangedError):
        carry_out(steps)

    assert not any(step.startswith("conclude") for step in steps.done)


def test_nothing_new_is_a_verdict_in_words() -> None:
    """A run that finds nothing to train on ends with a reason, and publishes nothing."""
    steps = PaperSteps(new=None)

    conclusion = carry_out(steps)

    assert steps.done == ["screen", "read", "conclude None: rejected"]
    assert "Nothing to train on" in conclusion.verdict["summary"]


@pytest.mark.parametrize(
    "step",
    [
        "screen",
        "read",
        "train on doodles",
        "export candidate with doodles",
        "judge candidate and files on doodles against old",
    ],
)
@pytest.mark.parametrize("reason", ["cancelled", "stopping", "lost"])
def test_an_interrupted_run_concludes_nothing(step: str, reason: Reason) -> None:
    """Whoever stops a run, at whatever step: nothing final is written."""
    steps = PaperSteps(interrupted_at=step, reason=reason)

    with pytest.raises(RunInterrupted) as interrupted:
        carry_out(steps)

    assert interrupted.value.reason == reason
    assert not any(done.startswith("conclude") for done in steps.done)
